"""Assembles a study: a plan in, a folder with its report out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spondyl import __version__
from spondyl.consult.folder import fill, usable
from spondyl.consult.study_drawn import curves_of, forest_of, incidence_of
from spondyl.consult.study_json import as_dict
from spondyl.consult.study_plan import Plan
from spondyl.consult.study_tables import tables
from spondyl.consult.study_words import methods, results
from spondyl.consult.study_work import Study, work
from spondyl.present.survival import Paper, Picture
from spondyl.present.survival_figure import draw_curves, draw_forest
from spondyl.present.survival_page import as_csv, as_html, as_text
from spondyl.present.survival_pdf import as_pdf
from spondyl.present.survival_word import as_word

__all__ = ["Written", "paper_of", "write_study"]


@dataclass(frozen=True)
class Written:
    """A study that was written.

    Args:
        study: Its results.
        files: The files, the page first.
    """

    study: Study
    files: tuple[Path, ...]


def write_study(plan: Plan, out: Path) -> Written:
    """Run a plan and write its report.

    Args:
        plan: The plan.
        out: The folder; made if absent.

    Returns:
        The results and the files.

    Raises:
        UsageError: The plan and the table do not go together, or `out` is a file.
        ReadError: The table cannot be read.
    """
    usable(out)
    study = work(plan)
    return Written(study, fill(out, dict(_files(study, paper_of(study)))))


def paper_of(study: Study) -> Paper:
    """The report of a study.

    Args:
        study: Its results.
    """
    sections = (("Statistical methods", methods(study)), ("Results", results(study)))
    return Paper(
        study.plan.title, study.plan.note, study.warnings, sections, tables(study), tuple(_pictures(study)),
        __version__,
    )  # fmt: skip


def _pictures(study: Study) -> Iterator[Picture]:
    for k in study.curves:
        name = "survival" if k.by is None else f"survival_{_plain(k.by)}"
        yield draw_curves(name, curves_of(study, k))
    for c in study.competing:
        name = "incidence" if c.by is None else f"incidence_{_plain(c.by)}"
        yield draw_curves(name, incidence_of(study, c))
    for number, models in enumerate(study.models, 1):
        yield draw_forest("forest" if number == 1 else f"forest_{number}", forest_of(study, models))


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:60]


def _files(study: Study, paper: Paper) -> Iterator[tuple[str, bytes]]:
    yield "report.html", as_html(paper).encode("utf-8")
    yield "report.docx", as_word(paper)
    yield "report.pdf", as_pdf(paper)
    yield "report.txt", as_text(paper).encode("utf-8")
    yield "results.json", (json.dumps(as_dict(study), ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    for grid in paper.tables:
        yield f"tables/{_plain(grid.name)}.csv", as_csv(grid).encode("utf-8")
    for picture in paper.pictures:
        yield f"figures/{picture.name}.svg", picture.svg
        yield f"figures/{picture.name}.png", picture.png
