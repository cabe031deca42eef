from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from registered import TEXT, accept, claim, correct, paper, reading, silent, woman
from spondyl.record import Case, DecisionError, RegistryError, StaleError, UsageError
from spondyl.registry import Registry
from spondyl.registry.database import VERSION

TRIGGER_ON_SERVER = ("ALTER TABLE decisions DISABLE TRIGGER ALL", "ALTER TABLE decisions ENABLE TRIGGER ALL")
TRIGGER_IN_FILE = (
    "DROP TRIGGER decisions_stay",
    "CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions BEGIN SELECT 1; END",
)


def test_a_case_comes_back_as_it_was_added(registry: Registry) -> None:
    one = paper()
    assert registry.add(one, reading(one)).new == 1
    (entry,) = registry.cases()
    assert entry.case == woman(one)
    assert (entry.name, entry.revision) == ("p1/1", 1)


def test_the_same_reading_again_changes_nothing(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    again = registry.add(one, reading(one))
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    assert registry.case("p1/1").revision == 1


def test_cases_are_found_by_what_they_hold(registry: Registry) -> None:
    one, two = paper(), paper("p2")
    other = Case(case=1, label="", kind="cited", claims=(claim(two, "diagnosis", "melanoma", "C5"),))
    registry.add_all([(one, reading(one)), (two, reading(two, other))])
    names = [
        [e.name for e in found] for found in (
            registry.cases(diagnosis="leiomyosarcoma", levels="C5"), registry.cases(age_years=(40, 50)),
            registry.cases(age_years=46.0), registry.cases(diagnosis=["melanoma", "chordoma"]),
            registry.cases(age_years=None), registry.cases(kind="cited"), registry.cases(levels="C6"),
            registry.cases(status="dead"),
        )
    ]  # fmt: skip
    assert names == [["p1/1"], ["p1/1"], ["p1/1"], ["p2/1"], ["p2/1"], ["p2/1"], [], []]


def test_a_range_of_words_is_refused(registry: Registry) -> None:
    with pytest.raises(UsageError, match="is no range"):
        registry.cases(sex=("female", "male"))


def test_a_decision_is_the_value(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    entry = registry.decide(correct(46, 49))
    assert entry.fields["age_years"] == 49
    (given,) = entry.case.of("age_years")
    assert (given.method, given.derivation) == ("review", "corrected by A. Reviewer from 46")
    assert given.quotes[0].text == "46"
    assert registry.cases(age_years=46) == []
    assert entry.revision == 2


def test_what_was_not_chosen_can_be_accepted_and_a_value_called_not_stated(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(accept("dead", "status"))
    entry = registry.decide(silent("follow_up_months"))
    assert entry.fields["status"] == "dead"
    assert "follow_up_months" not in entry.fields


def test_a_list_keeps_its_other_elements(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(None, "C6", "levels"))
    assert registry.case("p1/1").fields["levels"] == ["C5", "C6"]
    assert registry.decide(correct("C5", "C4", "levels")).fields["levels"] == ["C6", "C4"]


def test_a_newer_extraction_raises_a_difference_and_overwrites_nothing(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(46, 47))
    changed = woman(one, age=49)
    done = registry.add(one, reading(one, changed))
    assert (done.changed, done.differences) == (1, 1)
    assert registry.case("p1/1").fields["age_years"] == 47
    assert registry.check().open_differences == 1
    assert "the reader now finds another value (decided 47, reads 49)" in registry.history("p1/1")[-1].words
    assert registry.add(one, reading(one, changed)).differences == 0
    assert registry.decide(accept(49)).fields["age_years"] == 49
    assert registry.check().open_differences == 0


def test_what_was_confirmed_as_not_stated_stays_so(registry: Registry) -> None:
    one = paper()
    less = woman(one).model_copy(update={"claims": woman(one).claims[:4]})
    registry.add(one, reading(one, less))
    registry.decide(silent("follow_up_months"))
    assert registry.add(one, reading(one)).differences == 1
    assert "follow_up_months" not in registry.case("p1/1").fields


def test_without_a_decision_the_newer_reading_holds(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    assert registry.add(one, reading(one, woman(one, age=49))).differences == 0
    entry = registry.case("p1/1")
    assert entry.fields["age_years"] == 49
    assert 46 in [c.value for c in entry.case.others]


def test_decisions_follow_a_case_that_is_numbered_anew(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(46, 49))
    first = Case(case=1, label="new", claims=(claim(one, "diagnosis", "chordoma", "months"),))
    registry.add(one, reading(one, first, woman(one, 2)))
    assert registry.case("p1/1").fields == {"diagnosis": "chordoma"}
    assert registry.case("p1/2").fields["age_years"] == 49


def test_a_case_no_longer_read_goes_unless_somebody_decided_on_it(registry: Registry) -> None:
    one = paper()
    second = Case(case=2, label="", claims=(claim(one, "diagnosis", "chordoma", "months"),))
    third = Case(case=3, label="", claims=(claim(one, "diagnosis", "melanoma", "years"),))
    registry.add(one, reading(one, woman(one), second, third))
    registry.decide(accept("chordoma", "diagnosis").model_copy(update={"case": 2}))
    done = registry.add(one, reading(one))
    assert (done.gone, done.differences) == (2, 1)
    assert {e.name: e.fields["diagnosis"] for e in registry.cases()} == {
        "p1/1": "leiomyosarcoma", "p1/2": "chordoma",
    }  # fmt: skip
    assert registry.check().faults == ()


def test_the_same_decision_twice_is_one(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(46, 49))
    assert registry.decide(correct(46, 49)).revision == 2
    assert registry.check().decisions == 1


def test_a_stale_edit_is_refused_with_both_values(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(46, 49), revision=1)
    with pytest.raises(StaleError, match=r"at revision 2.*now is 49, you would set correct 48"):
        registry.decide(correct(46, 48), revision=1)
    assert registry.case("p1/1").fields["age_years"] == 49


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"paper": "p9"}, "no such paper"),
        ({"case": 7}, "the paper has no case 7; it has 1"),
        ({"value": 12}, "holds no value 12"),
        ({"corrected": None}, 'add "corrected"'),
        ({"verdict": "accept", "value": None}, "needs the value"),
        ({"verdict": "not stated"}, "about an empty cell"),
        ({"field": "statement:n"}, "about a group"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(
    registry: Registry, wrong: dict[str, object], words: str
) -> None:
    one = paper()
    registry.add(one, reading(one))
    with pytest.raises(DecisionError, match=words):
        registry.decide(correct(46, 49).model_copy(update=wrong))
    assert registry.check().decisions == 0


def test_history_tells_who_and_when(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(46, 49, note="see the table"))
    added, decided = registry.history("p1/1")
    assert (added.what, added.by) == ("added", "A. Keeper")
    assert (decided.by, decided.words) == ("A. Reviewer", "1: age_years: correct 46 to 49 (see the table)")
    assert added.at <= decided.at
    with pytest.raises(RegistryError, match="0 such cases"):
        registry.history("p1/9")


def test_the_log_can_only_be_added_to(registry: Registry, place: str) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(46, 49))
    for statement in ("UPDATE decisions SET note = 'x'", "DELETE FROM decisions"):
        with (
            pytest.raises(RegistryError, match="only ever added"),
            registry._database.writing() as connection,
        ):
            connection.execute(sa.text(statement))
    assert registry.check().faults == ()


def test_a_check_sees_a_log_that_was_changed_behind_its_back(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(correct(46, 49))
    server = registry._database.engine.dialect.name == "postgresql"
    off, on = TRIGGER_ON_SERVER if server else TRIGGER_IN_FILE
    with registry._database.writing() as connection:
        connection.execute(sa.text(off))
        connection.execute(sa.text("UPDATE decisions SET decided_by = 'Somebody'"))
        connection.execute(sa.text("UPDATE claims SET standing = 'chosen' WHERE value = '46'"))
        connection.execute(sa.text("UPDATE papers SET text = 'x' || text"))
    assert registry.check().faults[0].startswith("the trigger decisions_stay is gone")
    with registry._database.writing() as connection:
        connection.execute(sa.text(on))
    faults = registry.check().faults
    assert "decision 1 was changed after it was taken" in faults
    assert any("the words of sex do not stand in the paper" in f for f in faults)
    assert any("does not follow from its claims and decisions" in f for f in faults)


def test_a_registry_stays_where_it_is(place: str) -> None:
    one = paper()
    with Registry(place) as first:
        first.add(one, reading(one))
    with Registry(place, create=False) as second:
        assert second.case("p1/1").case == woman(one)
        assert second.papers()["p1"]["title"] == "Invented"


def test_what_is_no_registry_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "other.db"
    text = tmp_path / "paper.txt"
    text.write_text(TEXT * 20)
    with pytest.raises(RegistryError, match="cannot be opened as a registry"):
        Registry(text)
    with pytest.raises(RegistryError, match="there is no such registry"):
        Registry(tmp_path / "none.db", create=False)
    with pytest.raises(RegistryError, match="there is no folder"):
        Registry(tmp_path / "none" / "a.db")
    with pytest.raises(RegistryError, match="no known kind of database") as told:
        Registry("mysql://me:secret@host/db")
    assert "secret" not in str(told.value)
    engine = sa.create_engine(f"sqlite:///{place}")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE other (x INTEGER)"))
    engine.dispose()
    with pytest.raises(RegistryError, match="a database, but no registry"):
        Registry(place)


def test_a_newer_schema_is_refused(place: str) -> None:
    with Registry(place) as registry, registry._database.writing() as connection:
        connection.execute(sa.text(f"INSERT INTO migrations VALUES ({VERSION + 1}, 'later')"))
    with pytest.raises(RegistryError, match="written by a newer Spondyl"):
        Registry(place)


def test_a_failure_within_adding_leaves_nothing(registry: Registry) -> None:
    one, two = paper(), paper("p2")
    twice = woman(two).model_copy(update={"label": None})
    with pytest.raises(RegistryError, match="nothing was changed"):
        registry.add_all([(one, reading(one)), (two, reading(two, twice))])
    assert registry.cases() == []
    assert registry.papers() == {}


def test_a_pseudonym_of_fifteen_digits_is_a_number(registry: Registry) -> None:
    one = paper()
    long = woman(one, number=2**49 - 1)
    registry.add(one, reading(one, long))
    assert registry.case(f"p1/{2**49 - 1}").case.case == 2**49 - 1
