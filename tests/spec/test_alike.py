"""The rules of likeness: every value is of the vocabulary, the page that explains them says what they say."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from spondyl.consult.patient.distance import rules, rules_from
from spondyl.consult.patient.library import CHOICES, LISTS, NUMBERS
from spondyl.present.catalog import fields
from spondyl.record import ReadError, SheetError
from spondyl.words.tsv import rows

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "alike.md"
FILE = ROOT / "src/spondyl/consult/rules/alike.toml"


def test_every_criterion_is_a_column_of_the_library() -> None:
    for criterion in rules().criteria:
        assert criterion.field in (*NUMBERS, *CHOICES, *LISTS)
        assert not criterion.negative or criterion.negative in LISTS


def test_kin_are_values_of_the_vocabulary() -> None:
    for criterion in rules().criteria:
        for kin in criterion.kin:
            known = (*fields()[criterion.field].choices, "ovary")
            assert {kin.a, kin.b} <= set(known), criterion.field
            assert kin.a != kin.b


def test_families_are_tumours_of_the_lexicon() -> None:
    known = {r["concept"] for r in rows("spondyl.extract.lexicons", "tumours.tsv", ("concept",))}
    for family in rules().tumour.families:
        assert set(family.of) <= known, set(family.of) - known
    for pair in rules().tumour.apart:
        assert {pair.a, pair.b} <= known


def test_the_page_has_every_weight() -> None:
    table = re.findall(
        r"^\| ([a-z ]+) \| ([\d.]+) \| ",
        PAGE.read_text("utf-8").split("## What is not told")[0],
        re.MULTILINE,
    )
    assert {name: float(weight) for name, weight in table} == {c.label: c.weight for c in rules().criteria}


def test_the_page_has_the_numbers() -> None:
    text, by = PAGE.read_text("utf-8"), rules()
    for number in (by.tumour.kind, by.tumour.sibling, by.tumour.family, by.tumour.organ, by.tumour.class_):
        assert f"{number:g} " in text
    assert f"`unknown = {by.unknown:g}`" in text
    assert f"`least_compared = {by.least_compared:g}`" in text
    assert f"at most {by.farthest:g} (`farthest`)" in text
    assert (
        f"at least {by.outcomes.least_cases} cases with follow-up and status, {by.outcomes.least_deaths} of them"
        in text
    )


def test_the_page_runs() -> None:
    done = doctest.testfile(str(PAGE), module_relative=False)
    assert done.attempted > 8
    assert done.failed == 0


def test_rules_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(FILE.read_text("utf-8").replace("nearest = 10", "nearest = 3"), "utf-8")
    assert rules_from(own).nearest == 3
    for old, new, said in (
        ("unknown = 0.5", "unknwon = 0.5", "unknwon"),
        ("weight = 5.0", "weight = -5.0", "weight"),
        ('sources = ["bollen2014"]', 'sources = ["bolen2014"]', "did you mean bollen2014"),
        ('field = "sex"', 'field = "age_years"', "age_years is compared twice"),
        ("within = { diagnosis = 0.2 }", "within = { diagnoses = 0.2 }", "diagnoses, which is not compared"),
    ):
        own.write_text(FILE.read_text("utf-8").replace(old, new, 1), "utf-8")
        with pytest.raises(SheetError, match=said):
            rules_from(own)
    with pytest.raises(ReadError, match="cannot be read"):
        rules_from(tmp_path / "none.toml")
