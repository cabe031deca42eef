"""Rows of the evidence table: what counts, what groups gather, how a row is named."""

from __future__ import annotations

import pytest

from spondyl.consult.decisions import apply
from spondyl.consult.evidence import Read, relevant, rows, sources
from spondyl.consult.groups import same_group
from spondyl.present.catalog import columns
from spondyl.present.cells import cell_lines
from spondyl.present.model import Row
from spondyl.record import Case, Claim, Paper, Reading, Statement

PAPER = Paper(id="p", source="p.txt", text="40 patients were seen", title="A title")
WORDS = (PAPER.quote(0, 11),)


def case(kind: str = "patient", label: str = "", **fields: object) -> Case:
    claims = tuple(Claim(field=f, value=v, quotes=WORDS) for f, v in fields.items())  # type: ignore[arg-type]
    return Case(case=1, label=label, kind=kind, claims=claims)  # type: ignore[arg-type]


def table(one: Case, *said: Statement) -> Row:
    reading = Reading(cases=(one,), statements=said)
    made, _ = rows([Read(PAPER, apply(PAPER, reading, []))], sources([PAPER]), all_patients=True)
    return made[0]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (case(levels="C5"), True),
        (case(regions="lumbar"), True),
        (case(compartment="extradural"), True),
        (case(presentation="cord_compression"), True),
        (case(other_metastases="bone"), True),
        (case(presentation="pain"), False),
        (case(other_metastases="lung"), False),
        (case("group", "12 patients with vertebral metastases"), True),
        (case("group", "12 patients with a broken wrist"), False),
        (case("patient", "a man with a spinal lesion"), False),
    ],
)
def test_a_report_is_about_lesions_of_spine_and_bone(one: Case, expected: bool) -> None:
    assert relevant(one, PAPER) is expected


@pytest.mark.parametrize(
    ("label", "group", "expected"),
    [
        ("45 patients with metastases to bone", "45 patients with metastases to the bone", True),
        ("45 patients with metastases to bone", "Forty-five patients", True),
        ("45 patients with metastases to bone", "20 who had surgery", False),
        ("45 patients with metastases to bone", "literature [4]: 45 patients", False),
        ("45 patients with metastases to bone", "", False),
        (
            "24 patients with metastases (Adler et al., 2017)",
            "Adler et al.: 24 patients with metastases",
            True,
        ),
        ("24 patients with metastases (Adler et al., 2017)", "24 patients", False),
        ("24 patients with metastases (Adler et al., 2017)", "Birch et al.: 24 patients", False),
        ("Adler et al., 2013", "Adler et al.", True),
        ("Birch, 2016", "Birch, 2016", True),
    ],
)
def test_a_statement_finds_its_group(label: str, group: str, expected: bool) -> None:
    assert same_group(case("group", label), group) is expected


def test_a_group_row_shows_its_claims_and_fills_the_rest_from_statements() -> None:
    said = [
        Statement(group="Forty patients", quantity="median", of="age", value=62, quotes=WORDS),
        Statement(
            group="Forty patients", quantity="count", of="lumbar level", n=9, denominator=40, quotes=WORDS
        ),
    ]
    group = case(
        "group",
        "40 patients",
        n_patients=40,
        n_female=17,
        age_mean_years=61,
        survival_at_24_months_percent=41,
    )
    lines = {c.key: cell_lines(table(group, *said), c) for c in columns()}
    assert lines["age"] == ["mean 61"]
    assert lines["sex"] == ["40 patients", "17 women"]
    assert lines["site"] == ["lumbar level: 9 of 40"]
    assert lines["status"] == ["at 24 months 41 %"]
    assert lines["recurrence"] == ["not found"]


def test_a_field_nobody_knows_stands_in_the_last_column() -> None:
    made = table(case(tumour_size_mm=31))
    assert [i.text for i in made.cells["further"]] == ["31"]


def test_claims_of_the_same_value_are_one_item_with_all_its_words() -> None:
    paper = PAPER
    claims = tuple(
        Claim(field="levels", value="C5", quotes=(paper.quote(a, b),)) for a, b in ((0, 2), (3, 11), (0, 2))
    )
    made = table(Case(case=1, label="", claims=claims))
    assert [i.spans for i in made.cells["site"]] == [((0, 2), (3, 11))]


def test_sources_are_ordered_by_year_and_told_apart() -> None:
    papers = [
        Paper(id=i, source=i, text="", authors=("Fir F",), year=y)
        for i, y in (("c", 2031), ("b", 2031), ("a", None))
    ]
    assert [(s.number, s.cite) for s in sources(papers).values()] == [
        (1, "Fir 2031a"),
        (2, "Fir 2031b"),
        (3, "Fir, no year"),
    ]
