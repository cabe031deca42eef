"""Every lexicon is a sorted table with a header, and every row says where it comes from."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from house import SRC

LEXICONS = sorted(SRC.rglob("*.tsv"))
COLUMNS = {"term", "concept", "language", "source", "note"}


@pytest.fixture(params=LEXICONS, ids=lambda p: p.name)
def lexicon(request: pytest.FixtureRequest) -> list[list[str]]:
    path: Path = request.param
    return [line.split("\t") for line in path.read_text("utf-8").split("\n")]


def test_there_are_lexicons() -> None:
    assert LEXICONS


def test_the_header_names_the_columns(lexicon: list[list[str]]) -> None:
    head = lexicon[0]
    assert set(head) >= COLUMNS, f"missing {COLUMNS - set(head)}"
    assert len(set(head)) == len(head)


def test_it_ends_with_a_line_end_and_has_no_ragged_row(lexicon: list[list[str]]) -> None:
    assert lexicon[-1] == [""]
    ragged = [n for n, row in enumerate(lexicon[:-1], 1) if len(row) != len(lexicon[0])]
    assert not ragged, f"lines {ragged} have another number of cells than the header"


def test_no_row_stands_twice(lexicon: list[list[str]]) -> None:
    rows = [tuple(row) for row in lexicon[1:-1]]
    assert len(rows) == len(set(rows))


def test_it_is_sorted(lexicon: list[list[str]]) -> None:
    """By term, or by concept and then term; with or without regard to capitals."""
    term, concept = lexicon[0].index("term"), lexicon[0].index("concept")
    by_term = [row[term] for row in lexicon[1:-1]]
    by_concept = [f"{row[concept]}\t{row[term]}" for row in lexicon[1:-1]]
    orders = [by_term, [t.casefold() for t in by_term], by_concept, [t.casefold() for t in by_concept]]
    wrong = [next((f"{b!r} after {a!r}" for a, b in pairwise(keys) if b < a), "") for keys in orders]
    assert not all(wrong), wrong[0]


def test_every_row_has_a_source(lexicon: list[list[str]]) -> None:
    column = lexicon[0].index("source")
    bare = [n for n, row in enumerate(lexicon[1:-1], 2) if not row[column].strip()]
    assert not bare, f"lines {bare} have no source"
