"""A reviewer's decisions: applied, kept, never overwritten."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spondyl.consult.decisions import apply, load
from spondyl.record import Case, Decision, DecisionError, Paper, Reading
from unit.present.invented import claim, first, second


def decide(paper: Paper, field: str, value: Any, verdict: Any, **more: Any) -> Decision:
    return Decision(
        **{"paper": paper.id, "case": 1, "field": field, "value": value, "verdict": verdict, **more}
    )


def test_accepting_leaves_the_value_and_marks_it() -> None:
    paper, reading = first()
    yes = decide(paper, "sex", "female", "accept")
    done = apply(paper, reading, [yes])
    assert done.reading == reading
    assert done.marks == {(1, "sex", "female"): yes}


def test_a_corrected_value_replaces_the_one_read_and_keeps_it_among_the_others() -> None:
    paper, reading = first()
    done = apply(paper, reading, [decide(paper, "follow_up_months", 12, "correct", corrected=14, by="AA")])
    case = done.reading.cases[0]
    assert case.fields["follow_up_months"] == 14
    now = case.of("follow_up_months")[0]
    assert (now.method, now.derivation) == ("review", "corrected by AA from 12")
    assert now.quotes == reading.cases[0].of("follow_up_months")[0].quotes
    assert [c.value for c in case.others if c.field == "follow_up_months"] == [12]


def test_a_rejected_value_leaves_the_fields_but_not_the_record() -> None:
    paper, reading = first()
    done = apply(paper, reading, [decide(paper, "levels", "C6", "reject")])
    case = done.reading.cases[0]
    assert case.fields["levels"] == ["C5"]
    assert "C6" in [c.value for c in case.others if c.field == "levels"]
    assert [d.verdict for d in done.aside.values()] == ["reject"]


def test_corrections_do_not_run_into_each_other() -> None:
    paper, reading = first()
    both = [
        decide(paper, "levels", "C5", "correct", corrected="C6"),
        decide(paper, "levels", "C6", "correct", corrected="C7"),
    ]
    assert apply(paper, reading, both).reading.cases[0].fields["levels"] == ["C6", "C7"]


def test_a_value_that_was_not_chosen_can_be_accepted() -> None:
    paper, reading = first()
    assert [c.value for c in reading.cases[0].others] == ["C4"]
    yes = decide(paper, "levels", "C4", "accept")
    done = apply(paper, reading, [yes])
    assert done.reading.cases[0].fields["levels"] == ["C5", "C6", "C4"]
    assert done.reading.cases[0].others == ()
    assert done.marks == {(1, "levels", "C4"): yes}


def test_rejecting_what_was_not_chosen_changes_nothing_and_is_kept() -> None:
    paper, reading = first()
    no = decide(paper, "levels", "C4", "reject")
    done = apply(paper, reading, [no])
    assert done.reading == reading
    assert (done.aside, done.unmatched) == ({(1, "levels", "C4"): no}, [])


def test_a_contradiction_is_settled_by_rejecting_one_side() -> None:
    paper, reading = first()
    assert reading.cases[0].fields["age_years"] == [46, 49]
    done = apply(paper, reading, [decide(paper, "age_years", 46, "reject")])
    assert done.reading.cases[0].fields["age_years"] == 49


def test_the_later_of_two_decisions_on_one_value_holds() -> None:
    paper, reading = first()
    done = apply(
        paper, reading, [decide(paper, "sex", "female", "reject"), decide(paper, "sex", "female", "accept")]
    )
    assert done.reading.cases[0].fields["sex"] == "female"
    assert done.aside == {}


def test_a_decision_survives_other_words_for_the_same_value() -> None:
    paper, reading = first()
    no = decide(paper, "sex", "female", "reject", start=1, end=2)
    done = apply(paper, reading, [no])
    assert "sex" not in done.reading.cases[0].fields
    assert done.unmatched == []


def test_a_decision_follows_its_words_into_a_case_numbered_anew() -> None:
    paper, reading = first()
    words = reading.cases[0].of("drugs")[0].quotes[0]
    moved = Reading(cases=(Case(case=7, label="Case 7", claims=reading.cases[0].claims),))
    no = decide(paper, "drugs", "docetaxel", "reject", start=words.start, end=words.end)
    assert "drugs" not in apply(paper, moved, [no]).reading.cases[0].fields


def test_what_the_reader_now_reads_as_the_reviewer_corrected_it_counts_as_decided() -> None:
    paper, reading = first()
    right = decide(paper, "status", "dead", "correct", corrected="alive")
    done = apply(paper, reading, [right])
    assert done.reading.cases[0].fields["status"] == "alive"
    assert done.marks == {(1, "status", "alive"): right}


def test_a_value_that_is_gone_leaves_the_decision_unmatched_not_lost() -> None:
    paper, reading = first()
    gone = decide(paper, "drugs", "cisplatin", "accept")
    done = apply(paper, reading, [gone])
    assert [x.decision for x in done.unmatched] == [gone]
    assert "no longer finds" in done.unmatched[0].why
    assert done.reading == reading


def test_not_stated_is_never_overwritten_by_a_later_reading() -> None:
    paper, reading = first()
    said = decide(paper, "drugs", None, "not stated")
    done = apply(paper, reading, [said])
    case = done.reading.cases[0]
    assert "drugs" not in case.fields
    assert "docetaxel" in [c.value for c in case.others]
    assert "docetaxel" in done.disputed[0].why


def test_a_value_the_reviewer_found_needs_its_words() -> None:
    paper, reading = first()
    start = paper.text.index("ten fractions")
    found = decide(paper, "margin", None, "correct", corrected="clear", start=start, end=start + 13)
    claim_of = apply(paper, reading, [found]).reading.cases[0].of("margin")[0]
    assert (claim_of.value, claim_of.quotes[0].text) == ("clear", "ten fractions")
    nowhere = decide(paper, "margin", None, "correct", corrected="clear", start=1, end=10**9)
    assert (
        apply(paper, reading, [nowhere]).unmatched[0].why
        == "the words the reviewer marked are not in the paper"
    )


def test_statements_are_corrected_and_rejected_too() -> None:
    paper, reading = second()
    right = decide(paper, "statement:median of age", 58, "correct", corrected=57)
    no = decide(paper, "statement:count of women", 14, "reject")
    gone = decide(paper, "statement:count of men", 10, "reject")
    done = apply(paper, reading, [right, no, gone])
    by_of = {s.of: s for s in done.reading.statements}
    assert by_of["age"].value == 57
    assert "women" not in by_of
    assert [s.of for s in done.rejected] == ["women"]
    assert [x.decision for x in done.unmatched] == [gone]


def test_quotes_stand_after_any_decision() -> None:
    paper, reading = first()
    done = apply(
        paper,
        reading,
        [
            decide(paper, c.field, c.value, v, corrected="x" if v == "correct" else None)
            for c, v in zip(reading.cases[0].claims, ["accept", "correct", "reject"] * 9, strict=False)
        ],
    )
    for case in done.reading.cases:
        for one in (*case.claims, *case.others):
            assert all(paper.text[q.start : q.end] == q.text for q in one.quotes)


def test_equal_numbers_match_whatever_their_type() -> None:
    paper, _ = first()
    reading = Reading(cases=(Case(case=1, label="", claims=(claim(paper, "age_years", 46.0, "46"),)),))
    assert apply(paper, reading, [decide(paper, "age_years", 46, "accept")]).unmatched == []


ONE = {"paper": "p", "case": 1, "field": "age_years", "value": 46, "verdict": "accept"}


def saved(folder: Path, *entries: Any, **head: Any) -> Path:
    path = folder / "decisions.json"
    path.write_text(json.dumps({"spondyl": "0.1.0", "decisions": list(entries), **head}), encoding="utf-8")
    return path


def test_a_file_as_the_page_saves_it_is_read(tmp_path: Path) -> None:
    assert load(saved(tmp_path, ONE))[0].value == 46


def test_of_two_decisions_on_one_value_only_the_later_is_kept(tmp_path: Path) -> None:
    changed = ONE | {"verdict": "reject"}
    assert [d.verdict for d in load(saved(tmp_path, ONE, changed))] == ["reject"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"verdict": "maybe"}, "decision 2: verdict"),
        ({"verdict": "correct"}, "no corrected value is given"),
        ({"verdict": "correct", "corrected": "old"}, "expected a number"),
        ({"value": None}, "needs the value it is about"),
        ({"verdict": "not stated"}, "is about an empty cell"),
        ({"by the": "way"}, "decision 2: by the"),
        ({"case": None}, "decision 2: case"),
    ],
)
def test_a_decision_that_makes_no_sense_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(DecisionError, match=words):
        load(saved(tmp_path, ONE, ONE | change))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"decisions": 3}', "\x00", '{"decisions": [NaN]}', "[" * 99_999]
)
def test_a_file_of_another_kind_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DecisionError, match=r"other\.json: .*expected|other\.json: decision 1"):
        load(path)


def test_an_absent_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DecisionError, match="cannot be read"):
        load(tmp_path / "nothing.json")
