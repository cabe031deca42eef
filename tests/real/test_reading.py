"""Real papers in many formats are read whole, and by their parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from spondyl import read
from spondyl.record import Paper, ReadError

SHARED = Path(__file__).parents[2] / ".." / "shared"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder of real papers is not beside the repository"
)


def seed(number: str) -> Paper:
    return read.paper(next((SHARED / "seeds").glob(f"{number}_*.txt")))


def kinds(paper: Paper) -> set[str]:
    return {s.kind for s in paper.sections}


def words(paper: Paper, kind: str) -> str:
    return "".join(paper.text[s.start : s.end] for s in paper.sections if s.kind == kind)


def assert_sound(paper: Paper) -> None:
    assert [s.start for s in paper.sections] == [0, *(s.end for s in paper.sections[:-1])]
    assert paper.sections[-1].end == len(paper.text)
    assert all(paper.text[c.start : c.end] == c.text for t in paper.tables for c in t.cells)


def test_case_report_with_a_table_that_lost_its_columns() -> None:
    paper = seed("000")
    assert (paper.year, len(paper.authors)) == (2024, 10)
    assert (paper.doi or "").count("_") == 2
    table = next(t for t in paper.tables if t.cells)
    assert table.label == "Table 1"
    assert len(table.grid()) == 7
    assert len([c for c in table.cells if c.column == 0]) == 5
    assert {
        "abstract",
        "introduction",
        "case_report",
        "discussion",
        "conclusion",
        "table",
        "figure_caption",
    } <= kinds(paper)


def test_wiki_page_whose_references_have_no_heading() -> None:
    paper = seed("001")
    assert (paper.doi, paper.pmid) == (None, None)
    assert words(paper, "references").count("PMID") == 8
    assert words(paper, "case_report").count("-year-old") == 2


def test_cohort_with_five_tables_set_into_its_prose() -> None:
    paper = seed("002")
    assert [t.label for t in paper.tables] == [f"TABLE {n}" for n in range(1, 6)]
    assert [len(t.grid()) for t in paper.tables] == [27, 18, 18, 18, 15]
    assert "extrapulmonary metastases in patients" in words(paper, "introduction")
    assert paper.doi is None


def test_review_and_case_without_a_title() -> None:
    assert "case_report" not in kinds(seed("003"))
    paper = seed("004")
    assert paper.title is None
    assert "A 46-year-old woman" in words(paper, "abstract")
    assert "A 49-year-old female patient" in words(paper, "case_report")


@pytest.mark.parametrize("folder", ["dev", "more"])
def test_case_texts_are_one_stretch(folder: str) -> None:
    for path in sorted((SHARED / "gold" / folder / "texts").glob("*.txt")):
        paper = read.paper(path)
        assert_sound(paper)
        assert len(paper.sections) == 1
        assert (paper.title, paper.doi, paper.tables) == (None, None, ())


def test_papers_in_markup() -> None:
    found = [p for p in read.papers(read.find(SHARED / "papers" / "jats").files) if isinstance(p, Paper)]
    assert len(found) == 8
    for paper in found:
        assert_sound(paper)
        assert all((paper.title, paper.authors, paper.year, paper.doi, paper.pmid))
        assert {"title", "abstract", "methods", "results", "discussion", "references"} <= kinds(paper)
        assert all(t.cells for t in paper.tables)


def test_broken_off_markup() -> None:
    with pytest.raises(ReadError, match="broken off"):
        read.paper(next((SHARED / "papers" / "jats").rglob("pubmed-*.xml")))


def test_prints() -> None:
    found = [*read.papers(read.find(SHARED / "papers" / "casereportbench").files)]
    prints = [p for p in found if isinstance(p, Paper) and p.format == "pdf"]
    assert len(prints) == 3
    for paper in prints:
        assert_sound(paper)
        assert len(paper.pages) > 5


def test_no_two_of_the_papers_are_the_same() -> None:
    seen = read.Duplicates()
    files = read.find([SHARED / "seeds", SHARED / "gold"]).files
    papers = [p for p in read.papers(files) if isinstance(p, Paper) and p.format == "text"]
    assert {p.id: of for p in papers if (of := seen.seen(p))} == {}
