"""Writes the report of a pool: a page, Word, PDF, JSON, tables, figures, references."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spondyl import __version__
from spondyl.consult.folder import fill, usable
from spondyl.consult.pooled import publication_bias
from spondyl.consult.pooled_drawn import pictures
from spondyl.consult.pooled_json import as_dict
from spondyl.consult.pooled_tables import files, shown
from spondyl.consult.pooled_words import paragraph, sections
from spondyl.consult.pooled_work import PoolPlan, PoolWork, pool_work
from spondyl.present import bibtex, ris
from spondyl.present.survival import Paper
from spondyl.present.survival_page import as_csv, as_html
from spondyl.present.survival_pdf import as_pdf
from spondyl.present.survival_word import as_word

__all__ = ["PoolWritten", "paper_of", "write_pool"]


@dataclass(frozen=True)
class PoolWritten:
    """A pool that was written.

    Args:
        work: Its results.
        files: The files, the page first.
    """

    work: PoolWork
    files: tuple[Path, ...]


def write_pool(plan: PoolPlan, out: Path) -> PoolWritten:
    """Run a pool and write its report into a folder.

    Args:
        plan: The plan.
        out: The folder; made if absent.

    Raises:
        ReadError: There is no such input.
        UsageError: The condition cannot be read, a field is unknown, nothing is left to pool, or `out` is a file.
    """
    usable(out)
    work = pool_work(plan)
    return PoolWritten(work, fill(out, dict(_files(work))))


def paper_of(work: PoolWork) -> Paper:
    """The report of a pool.

    Args:
        work: The pool.
    """
    warnings = (
        work.survival.warnings if work.survival else (publication_bias(0, len(work.inputs.publications)),)
    )
    asked = [f"by {work.plan.by.replace('_', ' ')}"] if work.plan.by else []
    asked += [f"where {work.plan.where}"] if work.plan.where else []
    return Paper(
        "Survival over published cases", "; ".join(asked).capitalize() if asked else "", paragraph(warnings),
        sections(work), shown(work), tuple(pictures(work)), __version__,
    )  # fmt: skip


def _files(work: PoolWork) -> Iterator[tuple[str, bytes]]:
    paper = paper_of(work)
    yield "report.html", as_html(paper).encode("utf-8", "replace")
    yield "report.docx", as_word(paper)
    yield "report.pdf", as_pdf(paper)
    text = json.dumps(as_dict(work), ensure_ascii=False, indent=1, allow_nan=False)
    yield "results.json", (text + "\n").encode("utf-8", "replace")
    for grid in files(work):
        yield f"tables/{grid.name}.csv", as_csv(grid).encode("utf-8", "replace")
    for picture in paper.pictures:
        yield f"figures/{picture.name}.svg", picture.svg
        yield f"figures/{picture.name}.png", picture.png
    used = {c.study for c in work.flow.kept} | {s for x in work.summaries for s in x.studies}
    included = [s for s in work.inputs.cited.values() if s.paper.id in used]
    yield "included.ris", ris.render(included).encode("utf-8", "replace")
    yield "included.bib", bibtex.render(included).encode("utf-8", "replace")
