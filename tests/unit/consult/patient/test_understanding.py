"""Reading the patient, values that cannot be, answers that follow, scores that fit, what is asked first."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

import consulted
from spondyl import read, score
from spondyl.consult.patient.asking import wanted
from spondyl.consult.patient.correcting import confirmed, parsed, saved
from spondyl.consult.patient.fitting import fitting
from spondyl.consult.patient.inferring import inferred
from spondyl.consult.patient.opening import from_file, from_registry, from_text
from spondyl.consult.patient.page import consultation
from spondyl.consult.patient.person import Person
from spondyl.consult.patient.sane import clashes, why_not
from spondyl.consult.rules import Results, load
from spondyl.record import Reading, UsageError
from spondyl.registry import Registry


def results(person: Person) -> Results:
    return Results(inferred(person))


# Opening -----------------------------------------------------------------------------------------------------------


def test_a_case_file_gives_values_with_and_without_words(tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    file.write_text(
        'age_years = 61\nlevels = ["C5"]\n[sins]\nalignment = "normal"\n[words]\n'
        'age_years = [{ value = 61, text = "61-year-old", start = 2, end = 13 }]\n'
    )
    person = from_file(str(file))
    assert person.bases("age_years")[0].kind == "words"
    assert person.bases("levels")[0].kind == "given"
    assert person.values("sins.alignment") == ("normal",)
    file.write_text(file.read_text().replace("age_years = 61\n", "age_years = 62\n"))
    assert from_file(str(file)).bases("age_years")[0].kind == "given"


def test_a_line_of_cases_gives_the_case_named(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    quote = {"start": 2, "end": 13, "text": "61-year-old"}
    claim = {"field": "age_years", "value": 61, "quote": quote, "more": []}
    cases = [{"case": 1, "claims": [claim]}, {"case": 2, "fields": {"age_years": 40}}]
    file.write_text(json.dumps({"paper": {"id": "p1", "source": "p1.txt"}, "cases": cases}))
    assert from_file(f"{file}#p1/1").bases("age_years")[0].text == "61-year-old"
    assert from_file(f"{file}#p1/2").values("age_years") == (40,)
    with pytest.raises(UsageError, match="several cases"):
        from_file(str(file))


def test_a_registry_gives_a_case_after_decisions(tmp_path: Path) -> None:
    paper = read.text("A 61-year-old woman had a metastasis of C5 from a leiomyosarcoma.", "invented.txt")
    from spondyl import extract

    place = tmp_path / "registry.db"
    with Registry(place, by="A. Reviewer") as registry:
        registry.add(paper, Reading(cases=extract.cases(paper)))
        number = registry.cases()[0].id
    person = from_registry(str(place), str(number))
    assert person.values("age_years") == (61,)
    assert person.bases("age_years")[0].kind == "words"
    assert person.origin == f"registry.db, case {number}"


def test_a_text_of_several_patients_asks_which() -> None:
    two = read.text(
        "Case 1. A 61-year-old woman had a metastasis of C5. Case 2. A 40-year-old man had one of T9.", "x"
    )
    with pytest.raises(UsageError, match="name one: --case 1"):
        from_text(two)
    assert from_text(two, 2).values("age_years") == (40,)
    with pytest.raises(UsageError, match="has no patient 3"):
        from_text(two, 3)


@pytest.mark.parametrize("text", ["", "The weather was fine.", "Radiotherapy is discussed. " * 400])
def test_a_text_without_a_patient_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no single patient"):
        from_text(read.text(text, "invented.txt"))


def test_a_note_in_shorthand_is_read() -> None:
    person = from_text(read.text("63F, renal cell carcinoma, T9 metastasis, ESCC 2, legs 4/5.", "note.txt"))
    held = person.case.fields
    assert (held["age_years"], held["sex"], held["escc"], held["levels"]) == (63, "female", "2", ["T9"])
    assert not person.confirmed


def test_what_reading_refuses_in_a_text_is_said() -> None:
    person = consulted.told(
        "A 630-year-old man had back pain. MRI showed a metastasis of T15. KPS 130 was noted."
    )
    assert set(person.absurd) == {"age_years", "levels", "performance_status"}


def test_findings_about_the_patient_stay_and_others_do_not() -> None:
    person = consulted.told(
        "A 61-year-old woman had pain for 2 months and a metastasis of C5. She is alive at 6 months. "
        "Of 48 patients in the literature, 12 (30%) had a metastasis of the spine."
    )
    assert not person.findings


# Values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "fine"),
    [
        ("age_years", 122, True), ("age_years", 123, False), ("age_years", -1, False), ("age_years", True, False),
        ("age_years", float("nan"), False), ("levels", "C8", True), ("levels", "C9", False), ("levels", "L6", False),
        ("performance_status", "KPS 100", True), ("performance_status", "KPS 75", False),
        ("performance_status", "ECOG 5", True), ("performance_status", "ECOG 6", False),
        ("radiation_dose_gy", 30, True), ("radiation_dose_gy", 3000, False), ("motor_grade", "4+/5", True),
        ("motor_grade", "6/5", False), ("sex", "male", True), ("sex", "mal", False), ("escc", "1c", True),
        ("escc", "1d", False), ("other_metastases", "none", True), ("other_metastases", "nose", False),
        ("calcium_mmol_l", 3.2, True), ("calcium_mmol_l", 12.8, False), ("hospital_ward", "7b", True),
        ("age_year", 63, False), ("sins.pain", "mechanical", True), ("sins.pain", "awful", False),
        ("sins.pains", "none", False), ("sinus.pain", "none", False),
    ],
)  # fmt: skip
def test_what_a_value_can_be(field: str, value: object, fine: bool) -> None:
    assert bool(why_not(field, value)) is not fine  # type: ignore[arg-type]


def test_what_cannot_both_be_true() -> None:
    def said(**values: object) -> list[str]:
        return [s for s, _ in clashes({k: v if isinstance(v, tuple) else (v,) for k, v in values.items()})]

    assert said(sex=("male", "female")) == ["Sex is given as male and female."]
    assert said(sex="female", primary_site="prostate")
    assert not said(sex="male", primary_site="prostate")
    assert said(recurrence="no", recurrence_months=6)
    assert said(recurrence_months=24, follow_up_months=12) == [
        "The recurrence came after the last follow-up."
    ]
    assert not said(recurrence_months=6, follow_up_months=12)
    assert said(frankel="E", presentation="motor_deficit")
    assert not said(levels=("C5", "C6"))


# Correcting --------------------------------------------------------------------------------------------------------


def test_a_reader_corrects_drops_and_adds() -> None:
    person = consulted.told()
    age = next(person.claims("age_years"))
    escc = next(person.claims("escc"))
    done = confirmed(person, [(age, parsed("age_years", "59")), (escc, None), (None, parsed("frankel", "C"))])
    assert (done.values("age_years"), done.values("escc"), done.values("frankel")) == ((59,), (), ("C",))
    assert done.bases("age_years")[0].place == "given by a reader"
    assert done.confirmed
    assert consultation(done).parts[0].lines == ()


@pytest.mark.parametrize(
    ("field", "typed"), [("age_years", "630"), ("levels", ""), ("sex", "x"), ("agee_years", "3")]
)
def test_what_a_reader_types_is_held_against_what_can_be(field: str, typed: str) -> None:
    with pytest.raises(UsageError):
        parsed(field, typed)


def test_a_saved_record_comes_back_as_it_was(tmp_path: Path) -> None:
    person = consulted.told()
    file = tmp_path / "case.toml"
    file.write_text(saved(person), "utf-8")
    back = from_file(str(file))
    assert dict(back.case.fields) == dict(person.case.fields)
    assert [c.quotes for c in back.case.claims] == [c.quotes for c in person.case.claims]
    keys = [[line.key for line in consultation(p).part("flags").lines] for p in (back, person)]  # type: ignore[union-attr]
    assert keys[0] == keys[1]


def test_a_saved_record_is_toml_whatever_it_holds() -> None:
    person = consulted.person(**consulted.ODD, sins__pain="mechanical", ward='a"b\\c\n]\x7f')
    held = tomllib.loads(saved(person))
    assert held["ward"] == 'a"b\\c\n]\x7f'
    assert held["sins"] == {"pain": "mechanical"}
    assert held["sex"] == ["female", "male"]


SARCOMA = {"diagnosis": "leiomyosarcoma"}

# Scores ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected", "fields"),
    [
        ("tokuhashi_2005.palsy", "incomplete", {"presentation": "motor_deficit", "motor_grade": "4/5"}),
        ("tokuhashi_2005.palsy", "complete|incomplete", {"presentation": "motor_deficit", "motor_grade": "0/5"}),
        ("tokuhashi_2005.palsy", "complete|incomplete", {"presentation": ["paraplegia"], "motor_grade": "4/5"}),
        ("tokuhashi_2005.palsy", "none", {"denied": ["motor_deficit", "sensory_deficit"]}),
        ("tokuhashi_2005.palsy", None, {"denied": ["motor_deficit"]}),
        ("tokuhashi_2005.palsy", None, {"frankel": "B", "presentation": "motor_deficit"}),
        ("tokuhashi_2005.organs", "none", {"other_metastases": "none"}),
        ("tokuhashi_2005.organs", None, {"levels": "C5"}),
        ("ajcc8_sts_retroperitoneum.M", "M1", {**SARCOMA, "levels": "C5", "primary_site": "retroperitoneum"}),
        ("ajcc8_sts_retroperitoneum.M", None, {**SARCOMA, "levels": "C5", "primary_site": "bone"}),
        ("ajcc8_sts_retroperitoneum.M", None, {**SARCOMA, "primary_site": "retroperitoneum"}),
    ],
)  # fmt: skip
def test_what_follows_for_scores(answer: str, expected: str | None, fields: dict[str, object]) -> None:
    held = inferred(consulted.person(**fields)).values(answer)
    assert held == ((expected,) if expected else ())


def test_what_is_given_stands_before_what_follows() -> None:
    person = inferred(
        consulted.person(presentation="motor_deficit", motor_grade="4/5", tokuhashi_2005__palsy="none")
    )
    assert person.values("tokuhashi_2005.palsy") == ("none",)


def test_every_sheet_says_whom_it_fits() -> None:
    person = consulted.person()
    assert set(fitting(person, Results(person))) == set(score.names())


BONE = {
    "levels": "T9",
    "compartment": "vertebral",
    "diagnosis": "renal cell carcinoma",
    "primary_site": "kidney",
    "age_years": 60,
}
CORD = {
    "levels": "C5",
    "compartment": "intramedullary",
    "diagnosis": "breast carcinoma",
    "primary_site": "breast",
    "age_years": 60,
}


@pytest.mark.parametrize(
    ("sheet", "fields", "truth"),
    [
        ("tokuhashi_2005", BONE, True), ("tokuhashi_2005", CORD, False), ("sins", BONE, True), ("sins", CORD, False),
        ("escc_bilsky", CORD, False), ("mccormick", CORD, True), ("mccormick", BONE, False),
        ("tokuhashi_2005", {**BONE, "diagnosis": "tuberculosis", "primary_site": "unknown"}, False),
        ("tokuhashi_2005", {"levels": "T9", "diagnosis": "renal cell carcinoma"}, None),
        ("sins", {**BONE, "age_years": 9}, False), ("bollen_2014", BONE, True),
        ("bollen_2014", {**BONE, "diagnosis": "leiomyosarcoma"}, False), ("mstfi", BONE, None),
        ("mstfi", {**BONE, "treatments": "surgery"}, True), ("rades_elderly", BONE, False),
        ("fnclcc", {**BONE, "diagnosis": "leiomyosarcoma"}, False),
        ("fnclcc", {"diagnosis": "leiomyosarcoma", "primary_site": "kidney", "age_years": 60}, True),
        ("tokuhashi_2005", {}, False),
    ],
)  # fmt: skip
def test_which_scores_fit(sheet: str, fields: dict[str, object], truth: bool | None) -> None:
    person = consulted.person(**fields)
    assert fitting(person, Results(person))[sheet].verdict.truth is truth


def test_why_tokuhashi_does_not_fit_in_the_cord_is_said() -> None:
    part = consultation(consulted.person(**CORD)).part("scores")
    lines = [*part.lines, *(n for g in part.grids for n in g.notes)]  # type: ignore[union-attr]
    told = {m.key: m.text for line in lines for m in line.more}
    assert "not for those within the dura" in told["unfit-tokuhashi_2005"]
    assert "Tokuhashi score, revised (2005)" in told["unfit-tokuhashi_2005"]


# What is asked first -----------------------------------------------------------------------------------------------


def test_what_settles_a_score_or_a_flag_is_asked_before_what_does_not() -> None:
    page = consultation(consulted.person(**BONE, sins__pain="mechanical", sins__bone="lytic",
                                         sins__alignment="normal", sins__posterolateral="none"))  # fmt: skip
    grid = next(g for g in page.parts[0].grids if g.name == "missing")
    asked = [row[0].value["key"] for row in grid.rows]
    assert "collapse" in asked
    weights = [row[0].value["weight"] for row in grid.rows]
    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0


def test_nothing_that_is_known_is_asked() -> None:
    person = inferred(consulted.person(**BONE, calcium_mmol_l=2.4, escc="1a"))
    held = Results(person)
    page = consultation(person)
    keys = {w.key for w in wanted(fitting(person, held), held, page.parts[1:])}
    assert not keys & {"calcium_mmol_l", "escc", "diagnosis", "levels"}


# Flags -------------------------------------------------------------------------------------------------------------

FLAGS = [(rule.id, n) for rule in load("flags").rules for n in range(len(rule.worked))]


@pytest.mark.parametrize(("name", "n"), FLAGS)
def test_the_worked_cases_of_flags_come_out(name: str, n: int) -> None:
    rule = load("flags").rule(name)
    worked = rule.worked[n]
    person = consulted.person(**{k.replace(".", "__"): v for k, v in worked.given.items()})
    truth = rule.judge(person, results(person)).truth
    assert ("unknown" if truth is None else truth) == worked.expect


def test_every_flag_is_worked_both_ways() -> None:
    for rule in load("flags").rules:
        assert {True, False} <= {w.expect for w in rule.worked if w.expect != "unknown"}, rule.id


# What follows ------------------------------------------------------------------------------------------------------


def test_levels_name_the_region_and_no_weakness_denies_palsy() -> None:
    person = inferred(consulted.person(levels=["C7", "T1"], denied=["motor_deficit"], escc="1b"))
    assert person.values("regions") == ("cervical", "thoracic")
    assert {"paraplegia", "tetraplegia", "cord_compression"} <= set(person.values("denied"))
    assert person.values("deficit_course") == ()


def test_what_the_record_says_stands_before_what_follows() -> None:
    said = {
        "levels": "C7",
        "regions": "thoracic",
        "escc": "1b",
        "presentation": ["cord_compression", "tetraplegia"],
    }
    person = inferred(consulted.person(**said, denied=["motor_deficit"]))
    assert person.values("regions") == ("thoracic",)
    assert person.values("denied") == ("motor_deficit",)


def test_no_deficit_has_no_course() -> None:
    none = ["motor_deficit", "sensory_deficit", "sphincter_dysfunction"]
    assert inferred(consulted.person(levels="C7", denied=none)).values("deficit_course") == ("none",)
    walks = inferred(consulted.person(levels="C7", denied=none, presentation="gait_disturbance"))
    assert walks.values("deficit_course") == ()


def test_answers_in_a_table_too_deep_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    file.write_text('age_years = 61\n[answers.sins]\nalignment = "normal"\n')
    with pytest.raises(UsageError, match=r"write \[sins\]"):
        from_file(str(file))


@pytest.mark.parametrize("given", [{"motor_grade": "4/5"}, {"frankel": "D"}, {"asia": "C"}])
def test_a_graded_weakness_is_a_weakness(given: dict[str, str]) -> None:
    assert "motor_deficit" in inferred(consulted.person(levels="T8", presentation="pain", **given)).values(
        "presentation"
    )
    denied = inferred(consulted.person(levels="T8", denied="motor_deficit", **given))
    assert denied.values("presentation") == ()


def test_full_strength_is_no_weakness() -> None:
    assert (
        inferred(consulted.person(levels="T8", motor_grade="5/5", frankel="E")).values("presentation") == ()
    )
