# ruff: noqa: E501
"""Whatever comes in: a paper that holds together, or a ReadError."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spondyl import read
from spondyl.record import Paper, ReadError

SUFFIXES = (".txt", ".md", ".pdf", ".xml", ".nxml", ".html", ".dat")
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
PIECES = st.sampled_from(
    (
        "Introduction", "CASE REPORT", "2.1. Patient 1", "Table 1. Cases", "Table 1", "Fig. 1. MRI", "References", "Background: ",
        "Abstract", "a  b  c", "a\tb\tc", "| a | b |", "|--|--|", "A 61-year-old man had pain. He was treated.", "[1] A. B 2001;1:2.",
        "Author Year Level", "Umber et al., 2001 C4 GTR alive", "\f", "\r", "\ufeff", "\u2028", "12   Umber et al.", "—————", "1)", "",
        "doi:10.5555/x", "Case: ", "##", "**2.1. A.** b", "Keywords: x", "Results", " ", "'", "Umber", "\x1c", "\x85", "x" * 150,
    )
)  # fmt: skip
TEXTS = st.lists(
    st.tuples(PIECES, st.sampled_from(("\n", "\n\n", " ", "\r\n", "   ", "\n\n\n"))), max_size=40
).map(lambda parts: "".join(a + b for a, b in parts))
MARKUP = st.lists(
    st.sampled_from(
        (
            "<article>", "</article>", "<front>", "<article-meta>", "<body>", "</body>", "<sec>", "</sec>", "<title>", "</title>", "<p>",
            "</p>", "<table-wrap>", "<table>", "<tr>", "<td rowspan='999'>", "<td colspan='0'>", "</td>", "</tr>", "</table>", "<h1>", "</h1>",
            "<h2>Case</h2>", "<sup>1</sup>", "<html>", "<li>", "&nbsp;", "&x;", "<PubmedArticleSet>", "<PubmedArticle>", "x", "61 years",
            "<xref ref-type='bibr'>1</xref>", "<fig>", "<label>", "<caption>", "<figcaption>", "<ref-list>", "<!-- -->", "<![CDATA[a]]>",
        )
    ),
    max_size=40,
).map("".join)  # fmt: skip


def assert_sound(paper: Paper) -> None:
    paper.text.encode("utf-8")
    assert paper.sections
    assert [s.start for s in paper.sections] == [0, *(s.end for s in paper.sections[:-1])]
    assert paper.sections[-1].end == len(paper.text)
    for table in paper.tables:
        table.grid()
        assert 0 <= table.start <= table.end <= len(paper.text)
        assert 0 <= table.caption_start <= table.caption_end <= len(paper.text)
        for cell in table.cells:
            assert cell.text
            assert paper.text[cell.start : cell.end] == cell.text
            assert table.start <= cell.start < cell.end <= table.end
    for before, after in zip(paper.pages, paper.pages[1:], strict=False):
        assert before.start <= before.end == after.start


def assert_read_or_refused(data: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x{suffix}")
        path.write_bytes(data)
        try:
            for paper in read.papers([str(path)]):
                if isinstance(paper, Paper):
                    assert_sound(paper)
            read.paper(path)
        except ReadError as error:
            told = error
        else:
            return
    assert told.where == str(path)
    assert told.what
    assert told.mend


@SETTINGS
@given(st.binary(max_size=400), st.sampled_from(SUFFIXES))
def test_random_bytes(data: bytes, suffix: str) -> None:
    assert_read_or_refused(data, suffix)


@SETTINGS
@given(TEXTS, st.sampled_from((".txt", ".md")))
def test_texts_of_headings_tables_and_noise(text: str, suffix: str) -> None:
    assert_read_or_refused(text.encode(), suffix)


@settings(SETTINGS, max_examples=150)
@given(TEXTS)
def test_texts_in_memory(text: str) -> None:
    paper = read.text(text)
    assert paper.text == text
    if text:
        assert_sound(paper)


@SETTINGS
@given(st.text(max_size=300))
def test_any_words_in_memory(text: str) -> None:
    paper = read.text(text)
    assert paper.text == text


@SETTINGS
@given(MARKUP, st.sampled_from((".xml", ".html", ".dat")))
def test_markup_of_all_sorts(markup: str, suffix: str) -> None:
    assert_read_or_refused(markup.encode(), suffix)


@functools.cache
def samples() -> tuple[tuple[str, bytes], ...]:
    folder = Path(read.__file__).parents[1] / "examples" / "papers"
    return tuple((p.suffix, p.read_bytes()) for p in sorted(folder.glob("*.*")) if p.suffix in SUFFIXES)


@pytest.mark.skipif(not samples(), reason="no example papers are shipped yet")
@SETTINGS
@given(st.data())
def test_damaged_files(data: st.DataObject) -> None:
    suffix, whole = samples()[data.draw(st.integers(0, len(samples()) - 1))]
    start = data.draw(st.integers(0, len(whole)))
    size = data.draw(st.integers(0, 300))
    put = data.draw(st.binary(max_size=40))
    assert_read_or_refused(whole[:start] + put + whole[start + size :], suffix)
    assert_read_or_refused(whole[:start], suffix)


HOSTILE = (
    " ",
    "a-\n",
    "(",
    "|",
    "| ",
    "\t",
    "a\tb\n",
    "Figure 1. ",
    "METHODS ",
    "1.",
    "10.1/",
    "et al ",
    "Aa ",
    "Case 1: a\n\n",
    "[1] ",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_in_hostile_input(piece: str) -> None:
    read.text(piece * (200_000 // len(piece)))


def test_deep_trees_are_no_trouble() -> None:
    for data, suffix in (
        (b"<html>" + b"<b>" * 1900 + b"x", ".html"),
        (b"<article><body>" + b"<sec>" * 240 + b"<p>x</p>", ".xml"),
    ):
        assert_read_or_refused(data, suffix)
        closing = b"</sec>" * 240 + b"</body></article>" if suffix == ".xml" else b""
        assert_read_or_refused(data + closing, suffix)
