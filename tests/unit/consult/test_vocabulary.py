"""Typed values become those that the extraction writes, or are refused with the nearest word."""

from __future__ import annotations

import re

import pytest

from spondyl.consult.vocabulary import parsed, terms
from spondyl.extract import knowledge
from spondyl.present.catalog import fields
from spondyl.record import UsageError, Value
from spondyl.registry.vocabulary import refusal, rule


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        ("age_years", " sixty-three ", (63,)), ("age_years", "9 weeks", (0.17,)), ("age_years", "90+", ("90+",)),
        ("follow_up_months", "1.5 years", (18,)), ("follow_up_months", "two and a half years", (30,)),
        ("recurrence_months", "7", (7,)), ("levels", "C5, T1-T3 and D7", ("C5", "T1", "T2", "T3", "T7")),
        ("levels", "seventh thoracic vertebra", ("T7",)), ("sex", "Female", ("female",)),
        ("treatments", "radiation; chemo", ("radiotherapy", "chemotherapy")),
        ("resection_extent", "en bloc", ("en_bloc",)),
        ("drugs", "Zometa", ("zoledronic acid",)), ("ihc", "Desmin positive, S100-", ("desmin+", "s100-")),
        ("motor_grade", "3/5", ("3/5",)), ("performance_status", "KPS 70", ("KPS 70",)),
        ("presentation", "pain, paraplegia", ("pain", "paraplegia")), ("radiation_dose_gy", "30 Gy, 20", (30, 20)),
        ("diagnosis", "Breast cancer", ("breast carcinoma",)), ("ward", "7 B", ("7 B",)),
        ("regions", "Thoracic", ("thoracic",)),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_the_value(field: str, text: str, values: tuple[Value, ...]) -> None:
    found = parsed(field, text)
    assert found == values
    assert [refusal(field, value) for value in found] == [None] * len(found)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("levels", "C5, C9", "C9: no level; they are C1 to C8"), ("age_years", "630", "expected 0 to 125"),
        ("age_years", "old", "expected a number of years"), ("sex", "femal", "did you mean female"),
        ("sex", "x", "expected one of female, male"), ("treatments", "radiotherpy", "did you mean radiotherapy"),
        ("diagnosis", "leiomyosarkoma", "did you mean leiomyosarcoma"), ("diagnosis", "qqq", "no tumour that is known"),
        ("ihc", "desmin", "a marker with"), ("ihc", "qqq+", "no marker that is known"),
        ("motor_grade", "7/5", "expected"),
        ("levels", " ", "nothing was typed"), ("drugs", "pembrolizumap", "did you mean pembrolizumab"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(field: str, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        parsed(field, text)


def test_a_word_of_ones_own_where_the_field_is_open() -> None:
    assert parsed("diagnosis", "sarcoma  of nobody", as_typed=True) == ("sarcoma of nobody",)
    with pytest.raises(UsageError):
        parsed("treatments", "prayer", as_typed=True)


def test_every_word_that_extraction_writes_is_a_value() -> None:
    """The lexicons' concepts stay within the vocabularies that corrections, imports and de-identified files hold."""
    kinds = {
        "treatments": "treatment",
        "procedures": "procedure",
        "presentation": "presentation",
        "compartment": "compartment",
    }
    for name, kind in kinds.items():
        concepts = {
            c for e in knowledge._entries() if e.kind == kind for c in re.split(r"[+|]", e.concept) if c
        }
        assert concepts
        assert [c for c in sorted(concepts) if refusal(name, c)] == []
    assert {"leiomyosarcoma", "melanoma"} <= terms()["diagnosis"]


def test_choices_are_those_of_the_page() -> None:
    for name, field in fields().items():
        if field.kind == "choice" and not field.group:
            held = rule(name)
            assert sorted(field.choices) == sorted(held.get("choices") or held["words"]), name
