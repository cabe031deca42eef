"""Whatever the vocabulary allows goes through every format and comes back, or is counted as not held."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchanged import TEXT, back, cases, entry, source, written
from spondyl.record import LIST_FIELDS, Case, Claim, Value
from spondyl.registry.exchange.csvtext import cells
from spondyl.registry.exchange.formats import FORMATS
from spondyl.registry.exchange.spoken import elements, levels
from spondyl.registry.vocabulary import fields, refusal, rule

PAPER = source()
FREE = (
    "diagnosis",
    "drugs",
    "ihc",
    "primary_site",
    "complications",
    "pain_type",
    "collapse",
    "disease_status",
)
KNOWN = [f for f in fields() if f in elements()]
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\0"), max_size=12
)


def _value(name: str) -> st.SearchStrategy[Value]:
    held = rule(name)
    if held.get("choices"):
        return st.sampled_from(list(held["choices"]))
    if name == "levels":
        return st.sampled_from(levels())
    if held.get("kind") == "number":
        low, high = held["low"], held["high"]
        return st.one_of(
            st.integers(low, high), st.floats(low, high), st.sampled_from(held.get("also", [low]))
        )
    if "pattern" in held:
        return st.from_regex(held["pattern"], fullmatch=True)
    return WORDS


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    name = draw(st.sampled_from([*KNOWN, *FREE, "ward"]))
    value = draw(_value(name))
    start = draw(st.integers(0, len(TEXT) - 1))
    end = draw(st.integers(start + 1, len(TEXT)))
    quotes = (PAPER.quote(start, end),) * draw(st.integers(0, 2))
    method = draw(st.sampled_from(["rules", "table", "registry", "llm:invented", "review"]))
    why = draw(st.none() | WORDS)
    certainty = draw(st.sampled_from(["stated", "derived", "doubtful"]))
    return Claim.model_validate(
        {
            "field": name,
            "value": value,
            "quotes": quotes,
            "method": method,
            "certainty": certainty,
            "derivation": why,
        }
    )


@st.composite
def whole(draw: st.DrawFn) -> Case:
    some = tuple(dict.fromkeys(draw(st.lists(claims(), max_size=12))))
    kind = draw(st.sampled_from(["patient", "cited"]))
    by = draw(st.none() | WORDS.filter(bool))
    return Case(case=draw(st.integers(1, 99)), label=draw(WORDS), kind=kind, claims=some, reported_by=by)


@pytest.mark.parametrize("form", sorted(FORMATS))
@settings(max_examples=60, deadline=None)
@given(one=whole())
def test_a_case_comes_back_or_is_counted(form: str, one: Case) -> None:
    assert not [c for c in one.claims if refusal(c.field, c.value)]
    done = FORMATS[form]([entry(one)], {}, False)
    with tempfile.TemporaryDirectory() as folder:
        bundle = back(form, written(form, Path(folder), [entry(one)]))
    (found,) = cases(bundle)
    assert (bundle.refused, found.others) == ((), ())
    lost = [c for c in one.claims if c not in found.claims]
    assert Counter(c.field for c in lost) == done.fields
    assert found.claims == tuple(c for c in one.claims if c not in lost)
    assert (found.case, found.label, found.kind, found.reported_by) == (
        one.case, one.label, one.kind, one.reported_by,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(table=st.lists(st.lists(WORDS, min_size=2, max_size=3), min_size=1, max_size=4))
def test_a_cell_stands_where_it_is_said_to(table: list[list[str]]) -> None:
    text = "".join(",".join('"' + c.replace('"', '""') + '"' for c in row) + "\r\n" for row in table)
    found = list(cells(text))
    assert [[c.text for c in row] for row in found] == table
    assert all(text[c.start : c.end].replace('""', '"') == c.text for row in found for c in row)


def test_the_fields_of_the_vocabulary_are_drawn() -> None:
    assert LIST_FIELDS & set(KNOWN)
    assert {"age_years", "levels", "sex", "status", "treatments"} <= set(KNOWN)
