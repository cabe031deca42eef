"""What was taken back, and cases of the same patient."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from registered import accept, correct, paper, reading, woman
from spondyl.record import DecisionError
from spondyl.registry import Registry
from spondyl.registry import database as schema
from spondyl.registry.log import standing


def three(registry: Registry) -> list[int]:
    papers = [paper(name) for name in ("p1", "p2", "p3")]
    registry.add_all([(one, reading(one)) for one in papers])
    return [entry.id for entry in registry.cases()]


def test_a_decision_taken_back_leaves_the_case_as_before_and_stays_in_the_log(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    before = registry.case("p1/1")
    registry.decide(correct(46, 49))
    after = registry.take_back(1, "a slip")
    assert (after.case, after.revision) == (before.case, 3)
    checked = registry.check()
    assert (checked.decisions, checked.faults) == (2, ())
    assert [e.words for e in registry.history("p1/1")][1:] == [
        "1: age_years: correct 46 to 49", "2: age_years: decision 1 taken back (a slip)",
    ]  # fmt: skip
    assert registry.history("p1/1")[-1].by == "A. Keeper"
    assert registry.decide(correct(46, 49)).fields["age_years"] == 49


def test_the_decision_before_holds_again(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(46, 47))
    registry.decide(correct(46, 48))
    assert registry.take_back(2).fields["age_years"] == 47


def test_a_difference_is_open_again(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(46, 47))
    registry.add(one, reading(one, woman(one, age=49)))
    registry.decide(accept(49))
    assert registry.check().open_differences == 0
    registry.take_back(2)
    assert registry.check().open_differences == 1


@pytest.mark.parametrize(
    ("number", "words"), [(7, "there is none"), (2, "it takes another one back"), (1, "before")]
)
def test_what_cannot_be_taken_back_is_told(registry: Registry, number: int, words: str) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(46, 47))
    registry.take_back(1)
    with pytest.raises(DecisionError, match=words):
        registry.take_back(number)


def test_linked_cases_name_each_other_and_stay_apart(registry: Registry) -> None:
    a, b, c = three(registry)
    assert registry.link(a, b, same=True, note="the same figure") == 1
    assert registry.link("p3/1", "p2/1", same=True) == 2
    assert [(e.same, e.same_names) for e in registry.cases()] == [
        ((b, c), ("p2/1", "p3/1")), ((a, c), ("p1/1", "p3/1")), ((a, b), ("p1/1", "p2/1")),
    ]  # fmt: skip
    assert registry.link(b, a, same=True) is None
    assert next(line["cases"][0]["same_patient"] for line in registry.lines()) == ["p2/1", "p3/1"]
    for name in ("p1/1", "p2/1"):
        (event,) = [e for e in registry.history(name) if e.words.startswith("1: ")]
        assert event.words == "1: p1/1 and p2/1: same patient (the same figure)"
    registry.take_back(1)
    assert registry.case(a).same == ()
    assert registry.case(b).same == (c,)
    assert registry.check().faults == ()
    assert registry.case(a).revision == 1


def test_links_that_contradict_each_other_are_refused(registry: Registry) -> None:
    a, b, c = three(registry)
    registry.link(a, b, same=True)
    registry.link(b, c, same=True)
    with pytest.raises(DecisionError, match=f"one patient through case {b}"):
        registry.link(a, c, same=False)
    registry.link(b, c, same=False)
    with pytest.raises(DecisionError, match=f"cases {b} and {c} were called different patients"):
        registry.link(a, c, same=True)
    with pytest.raises(DecisionError, match="its own patient"):
        registry.link(a, a, same=True)


def test_nothing_stands_of_an_empty_log() -> None:
    assert standing([]) == []


def test_a_registry_of_an_older_schema_is_brought_up_to_date(
    place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    steps = schema._steps()
    with monkeypatch.context() as older:
        older.setattr(schema, "VERSION", 2)
        older.setattr(schema, "_steps", lambda: {n: files for n, files in steps.items() if n <= 2})
        database = schema.Database(place)
        with database.reading() as connection:
            assert "scores" not in sa.inspect(connection).get_table_names()
        database.close()
    with Registry(place) as registry:
        one = paper()
        registry.add(one, reading(one))
        assert registry.check().faults == ()
