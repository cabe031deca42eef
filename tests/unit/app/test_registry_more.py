"""Agreement, duplicates, links, counts and undo at the command line; keys of a real terminal."""

from __future__ import annotations

import io
import os
import pty
import termios
from pathlib import Path

import pytest

from registered import accept, correct, reading
from spondyl.app.registry_keys import TerminalKeys
from spondyl.app.shell import run
from spondyl.record import Paper
from spondyl.registry import Registry

TEXT = "Invented. A 46-year-old woman with leiomyosarcoma of C5 was followed for 12 months. At 49 years she died."


def report(name: str) -> Paper:
    return Paper(id=name, source=name, text=TEXT, sha256=name, authors=("Nobody, Ann",), year=2010)


@pytest.fixture
def place(tmp_path: Path) -> str:
    name = str(tmp_path / "registry.db")
    with Registry(name, by="A. Keeper") as registry:
        registry.add_all([(one, reading(one)) for one in (report("p1"), report("p2"))])
    return name


def test_agreement_is_printed_and_written(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Registry(place) as registry:
        registry.decide(accept(46))
        registry.decide(correct(46, 49).model_copy(update={"by": "B. Other"}))
    assert run(["registry", "agreement", "-r", place]) == 0
    told = capsys.readouterr().out
    assert "A. Reviewer and B. Other" in told
    assert "1 disagreement open" in told
    out = tmp_path / "agreement.csv"
    assert run(["registry", "agreement", "-r", place, "-o", str(out)]) == 0
    assert out.read_text().splitlines()[1] == "age_years,1,0,0.000000,0.000000,,"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "name two reviewers"), (["--between", "X"], "X decided on nothing here"),
        (["--level", "95"], "a confidence level of 95"),
    ],
)  # fmt: skip
def test_agreement_of_nobody_is_told(
    place: str, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["registry", "agreement", "-r", place, *options]) == 2
    assert words in capsys.readouterr().err


def test_duplicates_are_listed_with_reasons(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["registry", "duplicates", "-r", place]) == 0
    told = capsys.readouterr().out
    assert "p1/1  and  p2/1" in told
    assert "authors shared: nobody a" in told
    assert "1 pair proposed" in told


def test_duplicates_are_decided_with_a_key(
    place: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("s"))
    assert run(["registry", "duplicates", "-r", place, "--decide", "--by", "A. Reviewer"]) == 0
    assert "same patient: decision 1" in capsys.readouterr().out
    with Registry(place) as registry:
        assert registry.case("p1/1").same_names == ("p2/1",)
        assert registry.history("p2/1")[-1].by == "A. Reviewer"


def test_a_decision_on_a_pair_is_undone_with_a_key(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Registry(place) as registry:
        registry.add(report("p3"), reading(report("p3")))
    monkeypatch.setattr("sys.stdin", io.StringIO("sunq"))
    assert run(["registry", "duplicates", "-r", place, "--decide"]) == 0
    with Registry(place) as registry:
        assert [e.same for e in registry.cases()] == [(), (), ()]
        assert registry.check().decisions == 2


def test_link_and_undo(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    pair = ["registry", "link", "p1/1", "p2/1", "-r", place]
    assert run([*pair, "--different", "--note", "other hospital"]) == 0
    assert run([*pair, "--different"]) == 0
    assert capsys.readouterr().out == "different patients: decision 1\ndifferent patients: stands already\n"
    assert run(["registry", "duplicates", "-r", place]) == 0
    assert "0 pairs proposed" in capsys.readouterr().out
    assert run(["registry", "undo", "1", "-r", place, "--note", "a slip"]) == 0
    assert run(["registry", "undo", "1", "-r", place]) == 2
    assert "it was taken back before" in capsys.readouterr().err
    assert run(pair) == 2
    assert "--same or --different" in capsys.readouterr().err
    assert run(["registry", "link", "p1/1", "p9/1", "-r", place, "--same"]) == 2
    assert run(["registry", "history", "p2/1", "-r", place]) == 0
    assert "p1/1 and p2/1: different patient (other hospital)" in capsys.readouterr().out


def test_counts_hide_what_is_small(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["registry", "counts", "sex", "-r", place, "--smallest", "1"]) == 0
    assert capsys.readouterr().out.split() == ["sex,n", "female,2", "total,2"]
    assert run(["registry", "counts", "sex", "-r", place]) == 0
    told = capsys.readouterr()
    assert told.out.split() == ["sex,n", "female,*", "total,*"]
    assert "2 counts are not told" in told.err
    assert run(["registry", "counts", "a", "b", "c", "-r", place]) == 2


def test_a_review_without_a_terminal_reads_keys_from_standard_input(
    place: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ac48\nq"))
    asked = ["registry", "review", "-r", place, "--by", "A", "--only", "field=age_years"]
    assert run(asked) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 decisions, 0 left to look at"
    with Registry(place) as registry:
        assert [e.fields["age_years"] for e in registry.cases()] == [46, 48]
    assert run([*asked[:-1], "fields"]) == 2
    assert "expected doubtful, differences" in capsys.readouterr().err


def test_keys_of_a_terminal_come_one_by_one_and_it_is_left_as_it_was() -> None:
    ours, theirs = pty.openpty()
    try:
        before = termios.tcgetattr(theirs)
        with TerminalKeys(theirs).open() as keys:
            os.write(ours, "a\x1b[Cé\x1b[5~\r\x7f".encode())
            assert [keys.next() for _ in range(6)] == ["a", "right", "é", "other", "enter", "backspace"]
            os.write(ours, b"\x1b")
            assert keys.next() == "esc"
            os.write(ours, b"\x04")
            assert keys.next() == "ctrl-d"
        assert termios.tcgetattr(theirs) == before
    finally:
        os.close(ours)
        os.close(theirs)
