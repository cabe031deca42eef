"""The folder of a report: what is written, and that it is the same each time."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from spondyl.consult import gathering
from spondyl.consult.gathering import Gathered
from spondyl.consult.lines import line
from spondyl.consult.reporting import compose, report
from spondyl.record import Case, Claim, Decision, DecisionError, Paper, Reading, UsageError
from unit.present.invented import first, gathered, second, third, write


def prints(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def loaded(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_everything_is_written(tmp_path: Path) -> None:
    done = write(tmp_path / "e")
    names = {str(f.relative_to(tmp_path / "e")) for f in done.files}
    assert names == {
        "index.html", "cases.jsonl", "cases.csv", "table.docx", "table.xlsx", "references.ris", "page.md",
        "problems.json", "papers/adler-1a2b3c4d.txt", "papers/pine-5e6f7a8b.txt", "papers/wrist-00000001.txt",
    }  # fmt: skip
    assert names == set(prints(tmp_path / "e"))
    assert (done.papers, done.cases, done.left_out) == (3, {"patient": 2, "cited": 1, "group": 1}, 1)


def test_same_input_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "a")
    write(tmp_path / "b")
    assert prints(tmp_path / "a") == prints(tmp_path / "b")


def test_running_again_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    before = prints(tmp_path)
    write(tmp_path)
    assert prints(tmp_path) == before


def test_new_papers_are_marked_until_further_ones_join(tmp_path: Path) -> None:
    def run(*papers: tuple[Paper, Reading]) -> str:
        compose(Gathered(papers=list(papers)), tmp_path)
        return (tmp_path / "page.md").read_text(encoding="utf-8")

    assert "new" not in run(first())
    joined = run(first(), second())
    assert "**New since the last run:** Pine et al. 2020 \\[[1](#ref-1)\\]." in joined
    assert "**new** **Pine et al. 2020**" in joined
    assert '"new":true' in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert run(first(), second()) == joined
    third_run = run(first(), second(), third())
    assert "**New since the last run:** A wrist, no year" in third_run
    assert "**new** **Pine" not in third_run


def test_texts_are_written_as_they_are(tmp_path: Path) -> None:
    text = "\ufeffA man\r\nof 61 years\rhad C5\x0c pain 😀."
    compose(Gathered(papers=[(Paper(id="p", source="p", text=text), Reading())]), tmp_path)
    assert (tmp_path / "papers/p.txt").read_bytes().decode("utf-8") == text


def test_texts_of_papers_that_are_gone_do_not_stay(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "papers/mine.txt").write_text("not of the report")
    compose(Gathered(papers=[first()]), tmp_path)
    assert sorted(p.name for p in (tmp_path / "papers").iterdir()) == ["adler-1a2b3c4d.txt", "mine.txt"]


def test_a_hostile_id_stays_inside_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "deep/er"
    compose(Gathered(papers=[(Paper(id="../../../x", source="x", text="words"), Reading())]), out)
    assert [p.parent.name for p in tmp_path.rglob("*.txt")] == ["papers"]


def test_a_patient_without_a_lesion_of_spine_or_bone_is_counted_and_shown_on_request(tmp_path: Path) -> None:
    assert write(tmp_path / "a").left_out == 1
    assert "1 case without a lesion of spine or bone left out" in (tmp_path / "a/index.html").read_text(
        "utf-8"
    )
    everybody = write(tmp_path / "b", all_patients=True)
    assert (everybody.left_out, everybody.cases["patient"]) == (0, 3)
    assert len((tmp_path / "a/cases.jsonl").read_text("utf-8").splitlines()) == 3


def test_decisions_are_applied_and_carried(tmp_path: Path) -> None:
    paper = first()[0].id
    decided = [
        Decision(paper=paper, case=1, field="follow_up_months", value=12, verdict="correct", corrected=14),
        Decision(paper=paper, case=1, field="drugs", value="docetaxel", verdict="reject"),
        Decision(paper=paper, case=1, field="drugs", value="cisplatin", verdict="accept"),
        Decision(paper="another-paper", case=1, field="sex", value="male", verdict="accept"),
        Decision(paper=paper, case=1, field="primary_site", verdict="not stated"),
    ]
    done = write(tmp_path, decided=decided)
    assert (done.decided, done.unmatched) == (3, 2)
    case = json.loads((tmp_path / "cases.jsonl").read_text("utf-8").splitlines()[0])["cases"][0]
    assert case["fields"]["follow_up_months"] == 14
    assert "drugs" not in case["fields"]
    assert {"docetaxel", 12} <= {c["value"] for c in case["others"]}
    loose = loaded(tmp_path, "problems.json")["unmatched_decisions"]
    assert {x["decision"]["value"] for x in loose} == {"cisplatin", "male"}
    html = (tmp_path / "index.html").read_text("utf-8")
    kept = json.loads(html.split('id="data">')[1].split("</script>")[0])["kept"]
    assert {d["value"] for d in kept} == {"cisplatin", "male", None}
    assert "docetaxel" not in (tmp_path / "cases.csv").read_text("utf-8")


def test_a_malformed_file_of_decisions_leaves_the_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text("{}")
    with pytest.raises(DecisionError):
        report([tmp_path], tmp_path / "out", decisions=tmp_path / "d.json")
    assert not (tmp_path / "out").exists()


def test_somebody_elses_page_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>My site</title>")
    with pytest.raises(UsageError, match="name another folder"):
        report([], tmp_path)
    with pytest.raises(UsageError, match="is a file"):
        report([], tmp_path / "index.html")


def test_the_report_is_no_input_of_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A 61-year-old man had a metastasis of T5.")
    (tmp_path / "a.docx").write_text("another kind of file")
    report(tmp_path, tmp_path / "evidence")
    before = prints(tmp_path / "evidence")
    again = report(tmp_path, tmp_path / "evidence")
    assert again.papers == 1
    assert again.skipped["in the folder of the report"] > 0
    assert prints(tmp_path / "evidence/papers") == {
        k.removeprefix("papers/"): v for k, v in before.items() if k.startswith("papers/")
    }


def test_a_fault_in_one_paper_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(f"A 61-year-old man of {name} had a metastasis of T5. " * 3)
    whole = gathering.extract.reading

    def faulty(paper: Paper) -> Reading:
        if paper.id.startswith("a-"):
            raise ZeroDivisionError("an invented fault")
        return whole(paper)

    monkeypatch.setattr(gathering.extract, "reading", faulty)
    done = report([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "out")
    assert done.papers == 1
    assert [(p.where, "an invented fault" in p.what) for p in done.problems] == [
        (str(tmp_path / "a.txt"), True)
    ]


def test_a_folder_that_cannot_be_written_into_is_told_before_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError, match="cannot be written into"):
        report(tmp_path, tmp_path / "out", progress=lambda *_: pytest.fail("read before"))


def test_progress_ends_at_all(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(
            f"A {ord(name)}-year-old man of paper {name} had a broken {name} bone."
        )
    seen: list[tuple[int, int]] = []
    report(tmp_path, tmp_path / "out", progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_problems_and_duplicates_are_told(tmp_path: Path) -> None:
    words = (
        "A 61-year-old man had a painful metastasis of T5 from a carcinoma of the kidney, an invented one."
    )
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(words)
    (tmp_path / "c.txt").write_bytes(b"")
    done = report(tmp_path, tmp_path / "out")
    told = loaded(tmp_path / "out", "problems.json")
    assert (done.papers, done.duplicates, len(done.problems)) == (1, 1, 1)
    assert told["duplicates"][0]["duplicate_of"].startswith("a-")
    assert told["problems"][0]["where"].endswith("c.txt")
    assert {"what", "where", "mend"} == set(told["problems"][0])


def test_a_line_has_the_shape_of_extract() -> None:
    paper, reading = first()
    made = line(paper, reading)
    assert list(made) == ["paper", "cases", "statements"]
    case = made["cases"][0]
    for name, value in case["fields"].items():
        for one in value if isinstance(value, list) else [value]:
            assert any(c["field"] == name and c["value"] == one for c in case["claims"])
    quote = case["claims"][0]["quote"]
    assert paper.text[quote["start"] : quote["end"]] == quote["text"] == "46-year-old"


def test_group_rows_hold_statements_and_never_a_patient(tmp_path: Path) -> None:
    compose(Gathered(papers=[second()]), tmp_path)
    html = (tmp_path / "index.html").read_text("utf-8")
    rows = json.loads(html.split('id="data">')[1].split("</script>")[0])["rows"]
    group = next(r for r in rows if r["k"] == "group")
    assert group["v"] == {"age": [{"n": 1}], "sex": [{"n": 2}], "status": [{"n": 3}]}


def test_the_own_paper_of_a_cited_case_is_recognised(tmp_path: Path) -> None:
    compose(gathered(), tmp_path)
    html = (tmp_path / "index.html").read_text("utf-8")
    rows = json.loads(html.split('id="data">')[1].split("</script>")[0])["rows"]
    assert [r.get("same") for r in rows if r["k"] == "cited"] == ["Pine et al. 2020"]
    assert "Figures count 2 cases: 2 patients." in html


def test_several_processes_write_the_same_report(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(
            f"A 6{ord(name) % 10}-year-old man of {name} had a lesion of T5."
        )
    (tmp_path / "d.txt").write_bytes(b"")
    report(tmp_path, tmp_path / "one")
    report([tmp_path / f"{n}.txt" for n in "abcd"], tmp_path / "two", jobs=2)
    assert prints(tmp_path / "one") | {"problems.json": ""} == prints(tmp_path / "two") | {
        "problems.json": ""
    }


def test_a_name_that_is_no_text_does_no_harm(tmp_path: Path) -> None:
    paper = Paper(id="p", source="caf\udce9\x00\x1b[31m.txt", text="C5 \x00 \ud800", title="\udce9 <b>")
    claims = tuple(Claim(field="levels", value="C5", quotes=(paper.quote(0, n),)) for n in (2, 6))
    reading = Reading(cases=(Case(case=1, label="\udce9\x00", claims=claims),))
    compose(Gathered(papers=[(paper, reading)]), tmp_path)
    for path in tmp_path.rglob("*.*"):
        if path.suffix not in (".docx", ".xlsx"):
            path.read_text(encoding="utf-8")
