"""Libraries of cases: from reports, registries and papers; what is repeated, malformed or absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spondyl.consult import report
from spondyl.consult.lines import dumps
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.nearest import neighbours
from spondyl.consult.patient.opening import from_registry
from spondyl.consult.patient.origins import _without_claims
from spondyl.record import Case, Claim, Decision, Paper, ReadError, Reading
from spondyl.registry import Registry
from spondyl.registry.lines import read

TEXTS = {
    "a.txt": "A 61-year-old man had a metastasis of T5 from lung cancer. He was alive 12 months after surgery.",
    "b.txt": "A 47-year-old woman had a metastasis of L2 from breast cancer.",
}


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """The report of two invented papers."""
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, "utf-8")
    report([tmp_path / name for name in TEXTS], tmp_path / "evidence", jobs=1)
    return tmp_path / "evidence"


def ages(library: Library) -> list[float]:
    return sorted(library.columns["age_years"].low.tolist())  # type: ignore[union-attr]


def test_a_report_a_file_of_lines_papers_and_a_registry_hold_the_same_cases(evidence: Path) -> None:
    place = evidence.parent / "registry.db"
    with Registry(place, by="A. Reviewer") as kept:
        kept.add_all(read(evidence / "cases.jsonl"))
    ways: list[Any] = [
        evidence, evidence / "cases.jsonl", place, [evidence.parent / name for name in TEXTS],
    ]  # fmt: skip
    for way in ways:
        library = Library.load(way)
        assert ages(library) == [47, 61], way
        row = library.columns["age_years"].low.tolist().index(61)  # type: ignore[union-attr]
        assert library.case(row).of("age_years")[0].quotes[0].text == "61-year-old"


def test_a_registry_tells_what_was_decided_and_a_patient_once(evidence: Path) -> None:
    place = evidence.parent / "registry.db"
    with Registry(place, by="A. Reviewer") as kept:
        kept.add_all(read(evidence / "cases.jsonl"))
        first, second = kept.cases()
        kept.decide(
            Decision(paper=first.paper, case=1, field="age_years", value=61, verdict="correct", corrected=62)
        )
        kept.link(first, second, same=True)
    library = Library.load(place)
    assert ages(library) == [47, 62]
    assert sorted(library.again.tolist()) == [False, True]


def test_a_patient_of_a_registry_is_not_his_own_neighbour(tmp_path: Path) -> None:
    place = tmp_path / "registry.db"
    fields = {"diagnosis": "melanoma", "levels": "T4", "sex": "male"}
    with Registry(place, by="A. Reviewer") as kept:
        cases = tuple(
            Case(
                case=n, label="", claims=tuple(Claim(field=f, value=v, quotes=()) for f, v in fields.items())
            )
            for n in (1, 2, 3)
        )
        kept.add(Paper(id="table", source="table.csv", text=""), Reading(cases=cases))
        first, second, third = kept.cases()
        kept.link(first, third, same=True)
    for number, others in ((first, [second.id]), (second, [first.id]), (third, [second.id])):
        person = from_registry(str(place), str(number.id))
        found = neighbours(person, Library.load(place))
        assert [int(found.library.entry[n.row]) for n in found.first(5)] == others


def test_links_open_the_page_at_the_words(evidence: Path) -> None:
    library = Library.load(evidence, beside=evidence.parent / "pages")
    age = library.case(0).of("age_years")[0].quotes[0]
    name = f"{age.paper}.txt"
    address = library.about(0).origin.link(age.paper, age)
    assert address == f"../evidence/index.html#words={name}:{age.start}-{age.end}"
    (evidence / "index.html").unlink()
    assert library.about(0).origin.link(age.paper, age) == f"../evidence/papers/{name}"
    assert Library.load(evidence.parent / "a.txt").about(0).origin.link("a") == ""


def test_the_same_paper_twice_is_one(evidence: Path) -> None:
    library = Library.load([evidence, evidence / "cases.jsonl"])
    assert len(library) == 2
    assert library.repeated == 2


def test_claims_are_skipped_only_where_that_is_exact(evidence: Path) -> None:
    for raw in (evidence / "cases.jsonl").read_bytes().splitlines(keepends=True):
        whole, short = json.loads(raw), json.loads(_without_claims(raw))
        assert [c["fields"] for c in short["cases"]] == [c["fields"] for c in whole["cases"]]
        assert short["paper"] == whole["paper"]
        assert short["statements"] == whole["statements"]
    hostile = {
        "paper": {"id": "p"},
        "cases": [
            {
                "case": n, "label": '}, {"case": , "claims": [', "kind": "patient", "reported_by": None,
                "fields": {"sex": '], "statements": ['}, "claims": [{"text": '}, {"case": '}], "others": [],
            }
            for n in (1, 2)
        ],
        "statements": [{"group": '], "statements": ['}],
    }  # fmt: skip
    short = json.loads(_without_claims(dumps(hostile).encode()))
    assert [c["fields"] for c in short["cases"]] == [c["fields"] for c in hostile["cases"]]  # type: ignore[index]
    assert short["statements"] == hostile["statements"]
    assert _without_claims(b'{"paper":{"id":"p"},"cases":[]}') == b""


def test_lines_written_another_way_are_read(tmp_path: Path) -> None:
    data = {"cases": [{"case": 1, "label": "", "kind": "patient", "fields": {"age_years": 5}, "claims": []}]}
    file = tmp_path / "own.jsonl"
    file.write_text(json.dumps({**data, "paper": {"id": "p", "source": "p"}}, separators=(",", ":")), "utf-8")
    assert ages(Library.load(file)) == [5]


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"paper": {}}',
        '{"paper": {"id": "p"}, "cases": [{}]}',
        '{"paper": {"id": "p", "year": "x"}, "cases": []}',
    ],
)
def test_a_malformed_line_is_named(line: str, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(line + "\n", "utf-8")
    with pytest.raises(ReadError, match=r"cases\.jsonl"):
        Library.load(file)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file or folder"):
        Library.load(tmp_path / "none")
    (tmp_path / "empty.jsonl").write_text("\n", "utf-8")
    assert len(Library.load(tmp_path / "empty.jsonl")) == 0
