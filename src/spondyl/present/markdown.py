"""The living topic page: case series, case reports, cited cases and references, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from spondyl.present.catalog import columns, number, printed
from spondyl.present.cells import cell_lines, who
from spondyl.present.cite import reference
from spondyl.present.files import doi_url, pmid_url
from spondyl.present.model import Evidence, Row, Source

__all__ = ["escaped", "render", "sentence"]

_SPECIAL = re.compile(r"([\\`*_\[\]|~$])")
_HE = {"female": "woman", "male": "man"}


def escaped(text: str) -> str:
    r"""Text of a paper in one line, with nothing in it that Markdown or HTML would act on.

    Example:
        >>> print(escaped("*bold* <script>\n[x](y)"))
        \*bold\* &lt;script&gt; \[x\](y)
    """
    return escape(_SPECIAL.sub(r"\\\1", " ".join(text.split())), quote=False)


def render(evidence: Evidence, marker: str = "") -> str:
    """The page.

    Args:
        evidence: What it tells.
        marker: A last line in which the page remembers what it marked as new.
    """
    parts = [
        "# Spinal and bone metastases: what the papers report",
        f"{_counts(evidence)} Each line gives what was read in the paper; a number in brackets is "
        "its reference. What a paper does not mention, or the reader did not find, is left out. This page "
        "supports a clinician's judgement and never replaces it.",
        *_new(evidence.sources),
        *_section("Case series", [_series(r) for r in evidence.rows if r.kind == "group"]),
        *_section("Case reports", [_report(r) for r in evidence.rows if r.kind == "patient"]),
        *_section("Cases cited by these papers", [_report(r) for r in evidence.rows if r.kind == "cited"]),
        *_section("References", [_reference(s) for s in evidence.sources], numbered=True),
    ]
    return "\n\n".join(parts) + "\n" + (f"\n{marker}\n" if marker else "")


def _counts(evidence: Evidence) -> str:
    papers = len(evidence.sources)
    return f"{papers} {'paper' if papers == 1 else 'papers'}."


def _new(sources: Iterable[Source]) -> list[str]:
    names = [f"{escaped(s.cite)} {_mark(s)}" for s in sources if s.new]
    return [f"**New since the last run:** {', '.join(names)}."] if names else []


def _section(title: str, lines: Sequence[str], numbered: bool = False) -> list[str]:
    if not lines:
        return []
    listed = [line if numbered else f"- {line}" for line in lines]
    return [f"## {title}", "\n".join(listed)]


def _mark(source: Source) -> str:
    return f"\\[[{source.number}](#ref-{source.number})\\]"


def _flag(source: Source) -> str:
    return "**new** " if source.new else ""


def _series(row: Row) -> str:
    told = [(c.title, cell_lines(row, c)) for c in columns() if row.cells.get(c.key) and not c.more]
    facts = ". ".join(escaped(f"{title}: {', '.join(lines)}") for title, lines in told)
    said = len(row.statements)
    more = f" {said} statements stand in the report." if said else ""
    name, about = who(row)
    lead = f"{_flag(row.source)}**{escaped(name)}** ({escaped(about)}):"
    return f"{lead} {facts}{'.' if facts else 'No details found.'}{more} {_mark(row.source)}"


def _report(row: Row) -> str:
    name, about = who(row)
    tail = f" ({escaped(about)})" if about else ""
    return f"{_flag(row.source)}**{escaped(name)}**{tail}: {sentence(row)} {_mark(row.source)}"


def sentence(row: Row) -> str:
    """What is known of a case in one line, composed from its fields, escaped."""
    lead = ", ".join(p for p in (_person(row), _tumour(row), _place(row)) if p)
    parts = [lead, _symptoms(row), _treated(row), _medicine(row), _outcome(row)]
    return ". ".join(_upper(escaped(p)) for p in parts if p) + "." if any(parts) else "no details found."


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _all(row: Row, name: str, glue: str = ", ") -> str:
    values = [printed(v) for v in row.values(name)]
    return glue.join(dict.fromkeys(values))


def _person(row: Row) -> str:
    ages = [v for v in row.values("age_years") if isinstance(v, int | float)]
    sexes = row.values("sex")
    young = bool(ages) and max(ages) < 18
    person = _HE.get(str(sexes[0]), "patient") if len(sexes) == 1 else "patient"
    if young:
        person = {"woman": "girl", "man": "boy"}.get(person, "child")
    if not ages:
        return person if sexes else ""
    age = " or ".join(number(a) for a in ages)
    return f"{person}, {age} years" + (" (the paper contradicts itself)" if len(ages) > 1 else "")


def _tumour(row: Row) -> str:
    name, site = _all(row, "diagnosis", " or "), _all(row, "primary_site", " or ")
    return (
        f"{name} (primary site: {site})"
        if name and site
        else name or (f"primary site: {site}" if site else "")
    )


def _place(row: Row) -> str:
    where = _all(row, "levels") or _all(row, "regions")
    what = _all(row, "compartment")
    said = " ".join(p for p in (f"at {where}" if where else "", f"({what})" if what else "") if p)
    others = _all(row, "other_metastases")
    return "; ".join(
        p for p in (f"lesion {said}" if said else "", f"other metastases: {others}" if others else "") if p
    )


def _symptoms(row: Row) -> str:
    present, denied = _all(row, "presentation"), _all(row, "denied")
    parts = (f"presented with {present}" if present else "", f"denied: {denied}" if denied else "")
    return "; ".join(p for p in parts if p)


def _treated(row: Row) -> str:
    treatments, procedures = _all(row, "treatments"), _all(row, "procedures")
    extent = _all(row, "resection_extent", " or ")
    said = f"treated with {treatments}" if treatments else ""
    parts = (said, f"procedures: {procedures}" if procedures else "", f"extent: {extent}" if extent else "")
    return "; ".join(p for p in parts if p)


def _medicine(row: Row) -> str:
    doses = ", ".join(number(v) for v in row.values("radiation_dose_gy"))
    drugs = _all(row, "drugs")
    return "; ".join(
        p for p in (f"radiation {doses} Gy" if doses else "", f"drugs: {drugs}" if drugs else "") if p
    )


def _outcome(row: Row) -> str:
    months = " or ".join(number(v, 1) for v in row.values("follow_up_months"))
    status, again = _all(row, "status", " or "), _all(row, "recurrence", " or ")
    when = " or ".join(number(v, 1) for v in row.values("recurrence_months"))
    back = {"yes": "recurrence", "no": "no recurrence"}.get(again, f"recurrence: {again}" if again else "")
    if again == "yes" and when:
        back += f" at {when} months"
    end = f"{status or 'followed'} at {months} months" if months else status
    return ", ".join(p for p in (back, end) if p)


def _reference(source: Source) -> str:
    paper = source.paper
    links = []
    if paper.doi:
        links.append(f"[doi:{escaped(paper.doi)}](<{doi_url(paper.doi)}>)")
    if paper.pmid:
        links.append(f"[PMID {escaped(paper.pmid)}](<{pmid_url(paper.pmid)}>)")
    text = " ".join([escaped(reference(paper)), *links])
    return f'{source.number}. <a id="ref-{source.number}"></a>{_flag(source)}{text}'
