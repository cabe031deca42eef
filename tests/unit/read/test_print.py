# ruff: noqa: E501
"""PDFs made in memory → text in reading order. All texts are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from spondyl import read
from spondyl.record import Paper
from unit.read.press import Placed, column, pdf

HEAD = "Quarrier et al. Invented Spine 2031"
LEFT = [
    "Introduction", "Lesions of the fifth thoracic vertebra are seldom seen, and few of those who see them ever see a second one in life.",
    "Case report", "A 61-year-old man came to us with back pain that had lasted for about three months and was worst at night or when he lay down.",
    "Magnetic resonance imaging showed a lesion of the vertebral body of T5 with an epidural mass on the left side of it.",
]  # fmt: skip
RIGHT = [
    "The tumour was removed through a posterior approach and the spine was fixed from T3 to T7 with screws and rods.",
    "Discussion", "Others have seen the same and came to similar ends, although their patients were older than ours by some years.",
    "References", "[1] Umber T. A series. Inv J 2001;1:2-3.",
]  # fmt: skip


def first_page() -> list[Placed]:
    return [
        (60, 810, 8, HEAD), (530, 810, 8, "17"),
        (60, 760, 18, "A lonely metastasis of the fifth"), (60, 738, 18, "thoracic vertebra in a man"),
        (60, 715, 10, "Ilse Quarrier, Tomas Devry"),
        *column(LEFT, 60, 680, 48), *column(RIGHT, 310, 680, 48),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    second = [
        (60, 810, 8, HEAD), (530, 810, 8, "18"), *column(["Table 1. Invented cases."], 60, 760, 60),
        *((x, 740 - 14 * row, 9, cell) for row, cells in enumerate(ROWS) for x, cell in zip((60, 180, 240, 330), cells, strict=True) if cell),
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("print") / "a.pdf"
    path.write_bytes(pdf([first_page(), second]))
    return read.paper(path)


ROWS = [
    ("Author", "Year", "Age", "Level"), ("Umber", "2001", "58", "T4"), ("Wystan", "2004", "", "T6"), ("Abernathy", "2009", "61", "L2"),
]  # fmt: skip


def section(paper: Paper, title: str) -> str:
    return "".join(paper.text[s.start : s.end] for s in paper.sections if s.title == title)


def test_columns_are_read_one_after_the_other(paper: Paper) -> None:
    at = [
        paper.text.index(words)
        for words in ("few of those", "61-year-old", "epidural mass", "The tumour was", "Others have")
    ]
    assert at == sorted(at)
    assert LEFT[1] in paper.text
    assert "The tumour was removed through a posterior approach" in section(paper, "Case report")


def test_sections_title_and_authors_of_a_print(paper: Paper) -> None:
    kinds = [s.kind for s in paper.sections]
    assert kinds[:5] == ["title", "front_matter", "introduction", "case_report", "discussion"]
    assert paper.title == "A lonely metastasis of the fifth thoracic vertebra in a man"
    assert paper.authors == ("Quarrier, Ilse", "Devry, Tomas")


def test_running_heads_are_kept_apart(paper: Paper) -> None:
    heads = "".join(paper.text[s.start : s.end] for s in paper.sections if s.kind == "running_head")
    assert heads.count(HEAD) == 2
    assert paper.text.count(HEAD) == 2


def test_pages(paper: Paper) -> None:
    assert [p.number for p in paper.pages] == [1, 2]
    assert paper.pages[0].start == 0
    assert paper.pages[-1].end == len(paper.text)
    assert paper.page_of(paper.text.index("61-year-old")) == 1
    assert paper.page_of(paper.text.index("Abernathy")) == 2


def test_table_by_position(paper: Paper) -> None:
    table = next(t for t in paper.tables if t.cells)
    assert table.caption == "Invented cases."
    assert [[c.text if c else "" for c in row] for row in table.grid()] == [list(r) for r in ROWS]


def test_words_cut_at_line_ends_are_joined(tmp_path: Path) -> None:
    lines = [
        "The biopsy of the verte-",
        "bra showed a metasta-",
        "sis, and the right-",
        "sided pain, a right-sided one, went away.",
    ]
    (tmp_path / "a.pdf").write_bytes(pdf([[(60, 700 - 12 * k, 9, words) for k, words in enumerate(lines)]]))
    text = " ".join(read.paper(tmp_path / "a.pdf").text.split())
    assert (
        text
        == "The biopsy of the vertebra showed a metastasis, and the right-sided pain, a right-sided one, went away."
    )


def test_words_far_off_the_page_do_no_harm(tmp_path: Path) -> None:
    far = [
        (1e9, 700, 9, "far right"),
        (-1e9, -1e9, 9, "far left"),
        (60, 1e30, 9, "above"),
        (60, 500, 1e7, "vast"),
    ]
    rows = [(x, 300 - 12 * k, 9, f"cell{k}") for k in range(4) for x in (-3000, 100, 3000)]
    (tmp_path / "a.pdf").write_bytes(pdf([[*far, *rows, (60, 600, 9, "A man of 61 had pain.")]]))
    text = read.paper(tmp_path / "a.pdf").text
    assert "A man of 61 had pain." in text
    assert "cell3" in text
