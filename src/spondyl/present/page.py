"""The evidence report as one HTML file that needs nothing but a browser."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from spondyl.present.catalog import Column, columns, field
from spondyl.present.cite import reference
from spondyl.present.figures import figures
from spondyl.present.files import doi_url, file_name, pmid_url
from spondyl.present.model import Evidence, Row
from spondyl.present.page_data import embedded, page_data, paper_data

__all__ = ["render"]

_SCRIPTS = ("offsets.js", "data.js", "table.js", "pane.js", "review.js", "main.js")
_KINDS = {
    "patient": ("patient", "patients"),
    "cited": ("cited case", "cited cases"),
    "group": ("group", "groups"),
}


def render(evidence: Evidence) -> str:
    """The page.

    Args:
        evidence: What it shows.

    Returns:
        HTML with its style, script, data and texts inside; the same evidence gives the same bytes.
    """
    shown = _shown(evidence)
    style, script = _style(), _script()
    return _environment().get_template("page.html").render(
        evidence=evidence,
        style=Markup(style),
        script=Markup(script),
        style_hash=Markup(_hash(style)),
        script_hash=Markup(_hash(script)),
        data=Markup(embedded(page_data(evidence, shown))),
        texts=_texts(evidence, shown),
        tally_line=_tally_line(evidence),
        yields=_yields(evidence),
        **_filters(evidence.rows),
        **_measured(evidence),
        **_figures(evidence),
    )  # fmt: skip


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("spondyl.present"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters.update(reference=reference, doi_url=doi_url, pmid_url=pmid_url, file_name=file_name)
    return environment


def _web(name: str) -> str:
    return resources.files("spondyl.present").joinpath("web", name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    return _web("page.css")


@cache
def _script() -> str:
    return '"use strict";\n' + "\n".join(_web(name) for name in _SCRIPTS)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _shown(evidence: Evidence) -> dict[str, int]:
    """The papers whose text the page carries: those that gave a row or a statement."""
    used = {r.source.paper.id for r in evidence.rows} | {s.paper.id for s, _ in evidence.statements}
    ids = [s.paper.id for s in evidence.sources if s.paper.id in used]
    return {paper_id: n for n, paper_id in enumerate(ids)}


def _texts(evidence: Evidence, shown: dict[str, int]) -> Iterable[dict[str, Any]]:
    for source in evidence.sources:
        if source.paper.id in shown:
            json = Markup(embedded(paper_data(source.paper)))
            yield {"index": shown[source.paper.id], "json": json}


def counted(n: int, kind: str) -> str:
    """A number with the name of what is counted.

    Example:
        >>> counted(1, "cited"), counted(3, "patient")
        ('1 cited case', '3 patients')
    """
    one, many = _KINDS[kind]
    return f"{n} {one if n == 1 else many}"


def _tally_line(evidence: Evidence) -> str:
    kinds = Counter(r.kind for r in evidence.rows)
    papers = len(evidence.sources)
    parts = [f"{papers} {'paper' if papers == 1 else 'papers'}"]
    return " · ".join(parts + [counted(kinds[k], k) for k in _KINDS if kinds[k]])


def _yields(evidence: Evidence) -> dict[str, str]:
    """What each paper gave, in words."""
    kinds = Counter((r.source.paper.id, r.kind) for r in evidence.rows)
    out = {}
    for source in evidence.sources:
        given = [counted(n, k) for k in _KINDS if (n := kinds[source.paper.id, k])]
        out[source.paper.id] = ", ".join(given) or "no case in the table"
    return out


def _filters(rows: tuple[Row, ...]) -> dict[str, Any]:
    kinds = Counter(r.kind for r in rows)
    return {
        "kinds": [(k, names[1].capitalize(), kinds[k]) for k, names in _KINDS.items() if kinds[k]],
        "primaries": _counts(rows, "diagnosis"),
        "regions": _counts(rows, "regions"),
    }


def _counts(rows: tuple[Row, ...], name: str) -> list[tuple[str, int]]:
    counts = Counter(str(v) for r in rows for v in dict.fromkeys(r.values(name)))
    return sorted(counts.items())


def _measured(evidence: Evidence) -> dict[str, Any]:
    accuracy = evidence.accuracy
    line = (
        f"Under each heading: precision / recall of the reading, measured on {evidence.measured_on}."
        if accuracy
        else "Precision and recall were not measured for this version."
    )
    return {
        "columns": [
            {"key": c.key, "title": c.title, "more": c.more, "measured": _lines(c, evidence)}
            for c in columns()
        ],
        "measured_line": line,
        "measured_title": f"precision / recall on {evidence.measured_on}" if accuracy else "not measured",
        "accuracy": [
            {
                "label": field(name).label,
                "precision": f"{a['precision']:.2f}",
                "recall": f"{a['recall']:.2f}",
                "n": f"{a['n']:g}" if "n" in a else "",
            }
            for name, a in accuracy.items()
        ],
    }  # fmt: skip


def _lines(column: Column, evidence: Evidence) -> list[str]:
    measured = [(n, evidence.accuracy[n]) for n in column.of_patients if n in evidence.accuracy]
    if not measured:
        return ["not measured"]
    lone = len(column.of_patients) == 1
    return [
        f"{'' if lone else field(n).label + ' '}{a['precision']:.2f} / {a['recall']:.2f}" for n, a in measured
    ]


def _figures(evidence: Evidence) -> dict[str, Any]:
    rows = [r for r in evidence.rows if r.counted]
    kinds = Counter(r.kind for r in rows)
    return {
        "figures": figures(rows),
        "counted": len(rows),
        "counted_line": " and ".join(counted(kinds[k], k) for k in ("patient", "cited") if kinds[k])
        or "none",
        "doubled": sum(1 for r in evidence.rows if r.same_as),
    }
