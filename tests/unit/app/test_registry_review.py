"""A review with keys from a stream: what each key decides, what is shown, where it goes on."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from registered import claim, correct, paper, reading, woman
from spondyl.app.registry_keys import StreamKeys, actions
from spondyl.app.registry_review import Session
from spondyl.app.registry_review_view import View
from spondyl.record import Case, Claim, Decision, UsageError
from spondyl.registry import Registry, reviewing
from spondyl.registry.reviewing import Plan


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry(tmp_path / "registry.db", by="A. Keeper") as opened:
        one = paper()
        opened.add(one, reading(one))
        yield opened


def worked(
    registry: Registry, keys: str, wanted: Plan | None = None, own: Path | None = None
) -> tuple[Session, str]:
    """A session with these keys, and all that it showed."""
    shown = io.StringIO()
    view = View(Console(file=shown, width=100, no_color=True, highlight=False))
    session = Session(
        registry, wanted or Plan("A. Reviewer"), StreamKeys(io.StringIO(keys)), view, actions(own)
    )
    session.run()
    return session, shown.getvalue()


def verdicts(registry: Registry) -> list[tuple[str, str, object, object]]:
    (found,) = registry.logged().values()
    return [(d.field, d.verdict, d.value, d.corrected) for d in (one.decision for one in found)]


def test_one_key_accepts_and_goes_on_until_all_is_done(registry: Registry) -> None:
    session, shown = worked(registry, "aaaaa")
    assert (session.count, session.left) == (5, 0)
    assert verdicts(registry) == [
        ("age_years", "accept", 46, None), ("sex", "accept", "female", None),
        ("diagnosis", "accept", "leiomyosarcoma", None), ("levels", "accept", "C5", None),
        ("follow_up_months", "accept", 12, None),
    ]  # fmt: skip
    assert "A [46]-year-old woman with" in shown
    assert "1 of 5 · 5 left" in shown
    assert "5 of 5 · 1 left" in shown
    (first, *_) = next(iter(registry.logged().values()))
    assert (first.decision.by, first.decision.start) == ("A. Reviewer", 12)


def test_a_typed_value_is_read_with_the_vocabulary(registry: Registry) -> None:
    worked(registry, "c forty-nine\rssc C5 to C7\rc2 years\r")
    assert registry.case("p1/1").fields == {
        "age_years": 49, "sex": "female", "diagnosis": "leiomyosarcoma", "levels": ["C5", "C6", "C7"],
        "follow_up_months": 24,
    }  # fmt: skip


def test_what_is_no_value_is_refused_with_the_nearest_word(registry: Registry) -> None:
    _, shown = worked(registry, "sscleiomyosarkomb\r\x7f\x7f\x7fxoma\x1bq")
    assert "leiomyosarkomb: no tumour that is known; did you mean leiomyosarcoma?" in " ".join(shown.split())
    assert registry.logged() == {}


def test_enter_again_keeps_a_word_that_no_vocabulary_knows(registry: Registry) -> None:
    worked(registry, "sscsarcoma of nobody\r\rq")
    assert registry.case("p1/1").fields["diagnosis"] == "sarcoma of nobody"


def test_a_choice_cannot_be_anything(registry: Registry) -> None:
    worked(registry, "scnobody\r\r\x1bq")
    assert registry.logged() == {}


def test_reject_not_stated_and_a_note(registry: Registry) -> None:
    session, _ = worked(registry, "rosee the table\rnq")
    assert verdicts(registry) == [
        ("age_years", "reject", 46, None), ("sex", "note", "female", None), ("sex", "not stated", None, None),
    ]  # fmt: skip
    assert session.left == 3
    assert set(registry.case("p1/1").fields) == {"diagnosis", "levels", "follow_up_months"}


def test_undo_takes_back_by_a_further_entry_and_goes_back(registry: Registry) -> None:
    session, shown = worked(registry, "arucwoman\r\x1bu")
    assert registry.logged() == {}
    assert registry.check().decisions == 4
    assert registry.check().faults == ()
    assert session.left == 5
    assert "sex: female rejected" in shown
    assert registry.case("p1/1").fields["sex"] == "female"


def test_undo_of_several_values_takes_back_all_of_them(registry: Registry) -> None:
    worked(registry, "ssscC6, C7\ruq")
    assert registry.case("p1/1").fields["levels"] == ["C5"]
    assert registry.check().decisions == 4


def test_nothing_to_undo_is_told(registry: Registry) -> None:
    assert "nothing was decided here yet" in worked(registry, "uq")[1]


def test_a_session_goes_on_where_the_last_one_was_left(registry: Registry) -> None:
    two = paper("p2")
    registry.add(two, reading(two))
    worked(registry, "aaaaasaq")
    session, shown = worked(registry, "q")
    assert session.left == 4
    assert shown.index("p2/1") < shown.index("q")
    assert [p.field for p in session.places] == ["age_years", "diagnosis", "levels", "follow_up_months"]


def test_what_was_skipped_comes_again(registry: Registry) -> None:
    session, shown = worked(registry, "saaaaaq")
    assert session.left == 0
    assert "what was skipped comes again" in shown


def test_back_goes_to_the_one_before(registry: Registry) -> None:
    worked(registry, "sbrq")
    assert verdicts(registry) == [("age_years", "reject", 46, None)]


def test_another_reading_is_taken_by_its_number(registry: Registry) -> None:
    one = paper("p2")
    doubt = claim(one, "age_years", 49, "49")
    case = woman(one).model_copy(update={"others": (doubt,)})
    registry.add(one, reading(one, case))
    _, shown = worked(registry, "1q", Plan("A. Reviewer", papers=("p2",)))
    assert "1 49 years (read)" in shown
    assert registry.case("p2/1").fields["age_years"] == 49


def test_a_named_field_is_asked_about_where_it_is_empty(registry: Registry) -> None:
    session, shown = worked(registry, "arn", Plan("A. Reviewer", fields=("drugs",)))
    assert "nothing found" in shown
    assert "there is no value to accept" in shown
    assert verdicts(registry) == [("drugs", "not stated", None, None)]
    assert session.left == 0


def test_only_what_is_doubtful(registry: Registry) -> None:
    one = paper("p2")
    doubt = claim(one, "age_years", 46, "46").model_copy(update={"certainty": "doubtful"})
    registry.add(
        one, reading(one, Case(case=1, label="", claims=(claim(one, "sex", "female", "woman"), doubt)))
    )
    session, shown = worked(registry, "q", Plan("A. Reviewer", doubtful=True))
    assert [(p.field, p.value) for p in session.places] == [("age_years", 46)]
    assert "doubtful" in shown
    first, _ = worked(registry, "q", Plan("A. Reviewer", first="doubtful"))
    assert (first.places[0].field, len(first.places)) == ("age_years", 7)


def test_a_difference_comes_first_and_is_shown_as_one(registry: Registry) -> None:
    one = paper()
    registry.decide(correct(46, 47))
    registry.add(one, reading(one, woman(one, age=49)))
    session, shown = worked(registry, "q")
    assert session.places[0].why == "difference"
    assert "decided 47 years; the newer extraction reads 49 years" in shown
    worked(registry, "rq")
    assert registry.check().open_differences == 0
    assert registry.case("p1/1").fields["age_years"] == 47


def test_the_same_decision_again_settles_a_difference(registry: Registry) -> None:
    one = paper()
    same = Decision(paper="p1", case=1, field="age_years", value=46, verdict="accept", by="A. Reviewer")
    registry.decide(same)
    registry.add(one, reading(one, woman(one, age=49)))
    assert registry.check().open_differences == 1
    registry.decide(same)
    assert registry.check().open_differences == 0
    assert registry.case("p1/1").fields["age_years"] == 46


def test_a_case_somebody_else_changed_is_shown_again(registry: Registry) -> None:
    class Meddling(StreamKeys):
        def next(self) -> str | None:
            if not registry.logged():
                registry.decide(correct(46, 48))
            return super().next()

    shown = io.StringIO()
    view = View(Console(file=shown, width=100, no_color=True))
    Session(registry, Plan("B. Reviewer"), Meddling(io.StringIO("aq")), view).run()
    assert "changed meanwhile" in shown.getvalue()
    assert registry.case("p1/1").fields["age_years"] == 48


def test_a_blind_reviewer_sees_nothing_of_the_others(registry: Registry) -> None:
    worked(registry, "c49\raaaa")
    session, shown = worked(registry, "aq", Plan("B. Reviewer", blind=True))
    assert len(session.places) == 5
    assert "49 years" not in " ".join(shown.replace("│", "").split()).replace("At 49 years", "")
    assert "A. Reviewer" not in shown


def test_two_reviewers_disagree_and_a_third_settles_it(registry: Registry) -> None:
    worked(registry, "c49\raac C6\rq")
    worked(registry, "aaaaa", Plan("B. Reviewer", blind=True))
    third = Plan("C. Third", adjudicate=True)
    session, shown = worked(registry, "q", third)
    assert {(p.field, p.value) for p in session.places} == {
        ("age_years", None),
        ("levels", "C5"),
        ("levels", "C6"),
    }
    assert "two reviewers disagree" in shown
    assert "(A. Reviewer)" in shown
    number = 1 if "1 49 years" in shown else 2
    settled, _ = worked(registry, f"{number}aa", third)
    assert settled.left == 0
    assert registry.case("p1/1").fields["age_years"] == 49
    assert worked(registry, "q", third)[0].places == []
    assert registry.check().faults == ()


def test_a_value_without_words_says_where_it_is_from(registry: Registry, tmp_path: Path) -> None:
    one = paper("p2")
    told = Claim(field="sex", value="male", quotes=(), method="registry", derivation="column sex")
    registry.add(one, reading(one, Case(case=1, label="", claims=(told,))))
    assert "no words: column sex" in worked(registry, "q", Plan("A", papers=("p2",)))[1]


def test_a_paper_cannot_steer_the_terminal(registry: Registry) -> None:
    text = "Invented. A 46-year-old \x1b[2J\x07woman.\n\nElsewhere."
    one = paper("p2", text)
    case = Case(case=1, label="\x1b]0;x\x07", claims=(claim(one, "sex", "female", "woman"),))
    registry.add(one, reading(one, case))
    shown = worked(registry, "q", Plan("A", papers=("p2",)))[1]
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "Elsewhere" not in shown


def test_keys_of_ones_own(registry: Registry, tmp_path: Path) -> None:
    own = tmp_path / "keys.toml"
    own.write_text('accept = ["j", "space"]\nskip = "k"\n')
    worked(registry, "j ", own=own)
    assert [v[:2] for v in verdicts(registry)] == [("age_years", "accept"), ("sex", "accept")]
    _, shown = worked(registry, "a?xq", own=own)
    assert "a is no key here" in shown
    assert "take back what was decided last" in shown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('accept = "r"', "the key r is given to accept and to reject"),
        ('agree = "a"', "no action agree"),
        ('accept = "ab"', "is no key"),
        ("accept = 1", "expected a key"),
        ("accept = [", "no TOML"),
        ('accept = "7"', "is no key"),
    ],
)
def test_keys_that_make_no_sense_are_refused(tmp_path: Path, text: str, words: str) -> None:
    own = tmp_path / "keys.toml"
    own.write_text(text)
    with pytest.raises(UsageError, match=words):
        actions(own)


def test_a_blind_reviewer_is_not_shown_differences_with_what_others_decided(registry: Registry) -> None:
    one = paper()
    registry.decide(correct(46, 47))
    registry.add(one, reading(one, woman(one, age=49)))
    session, shown = worked(registry, "q", Plan("B. Reviewer", blind=True))
    assert [p.why for p in session.places] == ["claim"] * 5
    assert "47" not in shown


def test_a_correction_makes_nothing_doubtful(registry: Registry) -> None:
    worked(registry, "c47\rq")
    assert worked(registry, "q", Plan("B. Reviewer", doubtful=True, blind=True))[0].places == []


def test_what_somebody_else_took_back_is_told(registry: Registry) -> None:
    class Meddling(StreamKeys):
        def next(self) -> str | None:
            key = super().next()
            if key == "u":
                registry.take_back(1)
            return key

    shown = io.StringIO()
    Session(registry, Plan("A"), Meddling(io.StringIO("auq")), View(Console(file=shown, width=100))).run()
    assert "it was taken back before" in shown.getvalue()


def test_a_session_plans_no_more_than_so_many_claims(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewing, "MOST", 3)
    session, _ = worked(registry, "aaaq")
    assert (session.count, session.left) == (3, 0)
    assert [p.field for p in worked(registry, "q")[0].places] == ["levels", "follow_up_months"]
