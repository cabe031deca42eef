"""What sources say for a configuration, disagreement, dated visits, the calendar."""

from __future__ import annotations

import re
from datetime import date

import pytest

from rule_records import person
from spondyl.consult.patient import follow_up, management
from spondyl.consult.rules import Results
from spondyl.record import UsageError

CORD = {
    "presentation": ["cord_compression", "motor_deficit"], "compartment": ["extradural"],
    "diagnosis": "prostate carcinoma",
}  # fmt: skip
RESECTED = {"diagnosis": "leiomyosarcoma", "tumour_grade": "high", "treatments": ["surgery"]}


def texts(given: dict[str, object], topic: str) -> list[str]:
    part = management.part(person(given))
    return [row[0].text for g in part.grids if g.name == f"management_{topic}" for row in g.rows]


def test_disagreeing_sources_stand_side_by_side() -> None:
    part = management.part(person(CORD))
    rows = next(g for g in part.grids if g.name == "management_cord").rows
    by_key = {row[0].key: row for row in rows}
    assert by_key["surgery_and_radiotherapy"][2].text == "Rades et al. 2010"
    assert by_key["surgery_no_difference"][2].text == "Patchell et al. 2005"
    assert by_key["surgery_no_difference"][2].tone == "against"


def test_a_statement_carries_level_year_words_and_sources() -> None:
    part = management.part(person(CORD))
    row = next(r for g in part.grids for r in g.rows if r[0].key == "surgery_and_radiotherapy")
    assert row[1].text == "randomised trial, 101 patients, stopped early; 2005"
    assert {"source", "rule", "given"} <= {b.kind for b in row[0].bases}
    assert "compression of the cord or cauda equina" in row[3].text


def test_what_a_trial_left_out_is_left_out() -> None:
    lymphoma = {**CORD, "diagnosis": "lymphoma"}
    assert not any("Patchell" in t for t in texts(lymphoma, "cord"))
    assert any("Patchell" in t for t in texts(CORD, "cord"))


@pytest.mark.parametrize(
    ("margin", "named"),
    [
        ("R0", "not indicated after an R0"),
        ("R1", "after a marginal resection"),
        ("R2", "recommend chemotherapy"),
    ],
)
def test_the_margin_decides_what_is_said_of_adjuvant_therapy(margin: str, named: str) -> None:
    renal = {
        "diagnosis": "leiomyosarcoma",
        "primary_site": "kidney",
        "denied": ["lung", "liver", "bone", "brain"],
    }
    found = {m: " ".join(texts({**renal, "margin": m}, "adjuvant")) for m in ("R0", "R1", "R2")}
    assert named in found[margin]
    assert all(named not in said for m, said in found.items() if m != margin)


def test_what_would_have_to_be_known_is_said() -> None:
    part = management.part(person({"diagnosis": "leiomyosarcoma"}))
    line = next(line for line in part.lines if line.key == "unknown")
    assert line.tone == "unknown"
    missing = {name for below in line.more for name in below.value["missing"]}
    assert "compartment" in missing


def test_nothing_is_said_of_an_empty_record() -> None:
    part = management.part(person({}))
    assert not part.grids
    assert not part.lines
    assert part.empty


def test_visits_are_counted_in_months_without_a_day_and_dated_with_one() -> None:
    def row(index: date | None) -> str:
        grid = next(g for g in management.part(person(RESECTED), index=index).grids if g.name == "follow_up")
        return next(r for r in grid.rows if r[0].key == "esmo_high_3")[3].text

    assert row(None) == "months 42, 48, 54, 60"
    assert row(date(2026, 1, 31)).replace("\N{NO-BREAK SPACE}", " ") == (
        "31 Jul 2029, 31 Jan 2030, 31 Jul 2030, 31 Jan 2031"
    )


def test_the_schedule_follows_the_grade() -> None:
    def found(grade: str | None) -> list[tuple[str, bool | None]]:
        one = person(RESECTED if grade else {k: v for k, v in RESECTED.items() if k != "tumour_grade"})
        one = person({**RESECTED, "tumour_grade": grade}) if grade else one
        return [(s.id, v.truth) for s, v in follow_up.schedules(one, Results(one)) if s.id.startswith("esmo")]

    assert found("high") == [("esmo_high", True)]
    assert found("low") == [("esmo_low", True)]
    assert found(None) == [("esmo_high", None), ("esmo_low", None)]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [(date(2024, 2, 29), 12, date(2025, 2, 28)), (date(2026, 12, 31), 2, date(2027, 2, 28)),
     (date(2026, 1, 1), 0, date(2026, 1, 1)), (date(2026, 8, 31), 1, date(2026, 9, 30))],
)  # fmt: skip
def test_months_end_where_they_end(day: date, months: int, expected: date) -> None:
    assert follow_up.month_after(day, months) == expected


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_calendar_is_well_formed() -> None:
    text = follow_up.calendar(person(RESECTED), date(2026, 11, 30))
    assert text == follow_up.calendar(person(RESECTED), date(2026, 11, 30))
    physical = text.split("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in physical) <= 75
    lines = unfolded(text)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 16
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == 16
    starts = [line.rpartition(":")[2] for line in lines if line.startswith("DTSTART")]
    assert starts[:2] == ["20270228", "20270530"]
    assert starts == sorted(starts)
    for line in (line for line in lines if line.startswith("DESCRIPTION:")):
        assert not re.search(r"(?<!\\)[,;]", line), "commas and semicolons are escaped"
        assert "Not advice" in line


def test_a_calendar_names_no_patient() -> None:
    other = {**RESECTED, "age_years": 58, "sex": "female", "primary_site": "uterus"}
    text = follow_up.calendar(person(other), date(2026, 11, 30))
    assert text == follow_up.calendar(person(RESECTED), date(2026, 11, 30))
    assert "leiomyosarcoma" not in text


def test_a_calendar_of_another_source() -> None:
    text = follow_up.calendar(person(RESECTED), date(2026, 11, 30), schedule="rutkowski2014")
    assert "Rutkowski" in text
    assert text.count("BEGIN:VEVENT") == 12


def test_a_calendar_that_does_not_apply_says_why() -> None:
    with pytest.raises(UsageError, match="no published follow-up applies"):
        follow_up.calendar(person({"diagnosis": "lymphoma"}), date(2026, 11, 30))
    with pytest.raises(UsageError, match="these do: esmo_high, rutkowski2014"):
        follow_up.calendar(person(RESECTED), date(2026, 11, 30), schedule="esmo_low")


def test_long_characters_are_not_cut() -> None:
    long = "ä" * 100
    pieces = list(follow_up._folded(long))
    assert "".join(p.removeprefix(" ") for p in pieces) == long
    assert all(len(p.encode()) <= 75 for p in pieces)


def test_a_primary_elsewhere_is_not_asked_for_a_lesion_of_the_spine() -> None:
    renal = {"diagnosis": "leiomyosarcoma", "primary_site": "kidney", "lesion": "primary", "margin": "R1"}
    keys = [line.key for line in management.part(person(renal)).lines]
    assert "of_spine" in keys
    for more in ({"levels": ["T9"]}, {"primary_site": "bone"}, {"lesion": "metastasis"}):
        assert "of_spine" not in [line.key for line in management.part(person({**renal, **more})).lines]


def test_what_is_denied_is_said_in_words() -> None:
    given = {
        "compartment": ["vertebral"],
        "denied": ["motor_deficit", "sensory_deficit", "sphincter_dysfunction"],
    }
    row = next(
        r for g in management.part(person(given)).grids for r in g.rows if r[0].key == "no_routine_steroids"
    )
    assert "no weakness" in row[3].text
