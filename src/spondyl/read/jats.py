"""JATS (PMC .xml, .nxml) → Paper."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from spondyl.read.about import About, clean_doi
from spondyl.read.build import Builder, Span, inherited
from spondyl.read.headings import kind_of
from spondyl.read.xml import attribute, child, children, words

__all__ = ["jats"]

_TYPES = {
    "intro": "introduction", "introduction": "introduction", "background": "introduction",
    "cases": "case_report",
    "case-report": "case_report", "case": "case_report", "methods": "methods", "materials": "methods",
    "materials|methods": "methods", "subjects": "methods", "materials and methods": "methods",
    "results": "results",
    "discussion": "discussion", "conclusions": "conclusion", "conclusion": "conclusion",
    "results|discussion": "discussion", "supplementary-material": "back_matter",
    "COI-statement": "back_matter",
    "data-availability": "back_matter", "author-contributions": "back_matter",
    "funding-information": "back_matter",
    "ethics-statement": "back_matter",
}  # fmt: skip
_BLOCKS = frozenset(
    ("list", "def-list", "table-wrap", "table-wrap-group", "fig", "fig-group", "disp-quote", "boxed-text",
     "disp-formula", "supplementary-material", "array", "verse-group", "statement", "preformat", "p")
)  # fmt: skip
_NO_BLOCKS = _BLOCKS - {"p"}


def jats(root: etree._Element) -> tuple[Builder, About] | None:
    """The canonical text and metadata of the first article in a JATS file.

    Args:
        root: The root element, tags without namespaces.

    Returns:
        The text being built, and what the front matter says; `None` when there is no article.
    """
    article = root if root.tag == "article" else next(root.iter("article"), None)
    if article is None:
        return None
    said = _about(article)
    out = Builder()
    _front(out, article, said)
    _Body(out).run(article)
    return out, said


def _about(article: etree._Element) -> About:
    front = child(article, "front")
    meta = child(front, "article-meta")
    ids = {attribute(e, "pub-id-type"): words(e) for e in children(meta, "article-id")}
    heading = child(meta, "title-group")
    title = words(child(heading, "article-title"), frozenset(("fn", "xref")))
    subtitle = words(child(heading, "subtitle"), frozenset(("fn", "xref")))
    journal = words(child(front, "journal-meta", "journal-title-group", "journal-title"))
    journal = journal or words(child(front, "journal-meta", "journal-title"))
    pmid = ids.get("pmid", "")
    return About(
        title=(f"{title}: {subtitle}" if subtitle else title) or None,
        authors=tuple(_authors(meta)),
        year=_year(meta),
        journal=journal or words(child(front, "journal-meta", "journal-id")) or None,
        doi=clean_doi(ids.get("doi", "")),
        pmid=pmid if pmid.isdigit() else None,
    )


def _authors(meta: etree._Element | None) -> Iterable[str]:
    for group in children(meta, "contrib-group"):
        for person in children(group, "contrib"):
            if attribute(person, "contrib-type") not in ("author", ""):
                continue
            name = child(person, "name")
            if name is None:
                name = child(person, "name-alternatives", "name")
            if name is not None:
                parts = (words(child(name, "surname")), words(child(name, "given-names")))
                yield ", ".join(p for p in parts if p)
            elif whole := words(child(person, "collab")) or words(child(person, "string-name")):
                yield whole


def _year(meta: etree._Element | None) -> int | None:
    found: dict[str, int] = {}
    for date in children(meta, "pub-date"):
        year = words(child(date, "year"))
        if year.isdecimal() and len(year) == 4:
            found.setdefault(attribute(date, "pub-type") or attribute(date, "date-type"), int(year))
    ranks = ("ppub", "collection", "epub-ppub", "epub", "pub")
    return next((found[r] for r in ranks if r in found), next(iter(found.values()), None))


def _front(out: Builder, article: etree._Element, said: About) -> None:
    meta = child(article, "front", "article-meta")
    if said.title:
        out.section("title", said.title)
    out.section("front_matter")
    out.paragraph("; ".join(said.authors))
    for place in [
        *children(meta, "aff"),
        *(a for g in children(meta, "contrib-group") for a in children(g, "aff")),
    ]:
        out.paragraph(words(place))
    out.paragraph(" ".join(filter(None, (said.journal or "", str(said.year or "")))))
    if said.doi:
        out.paragraph(f"doi: {said.doi}")
    for group in children(meta, "kwd-group"):
        out.paragraph("Keywords: " + ", ".join(words(k) for k in children(group, "kwd")))
    for abstract in children(meta, "abstract", "trans-abstract"):
        _Body(out).abstract(abstract)


class _Body:
    """Walks sections and blocks; remembers which kind came before."""

    def __init__(self, out: Builder) -> None:
        self.out = out
        self.previous = "other"

    def run(self, article: etree._Element) -> None:
        body = child(article, "body")
        if body is not None:
            parts = children(body)
            lead = parts and parts[0].tag != "sec" and any(e.tag == "sec" for e in parts)
            self.out.section("introduction" if lead else "other")
            self.previous = self.out.kind
            self._content(body, None)
        for floats in children(article, "floats-group", "floats-wrap"):
            self._content(floats, None)
        self._back(child(article, "back"))
        for further in children(article, "sub-article", "response"):
            self.out.section(
                "back_matter", words(child(further, "front-stub", "title-group", "article-title"))
            )
            for p in further.iter("p"):
                self.out.paragraph(words(p))

    def abstract(self, abstract: etree._Element) -> None:
        title = words(child(abstract, "title")) or "Abstract"
        self.out.section("abstract", title)
        for e in children(abstract):
            if e.tag == "sec":
                self.out.section("abstract", words(child(e, "title")).rstrip(" :"))
                for p in e.iter("p"):
                    self.out.paragraph(words(p))
            elif e.tag != "title":
                self.out.paragraph(words(e))

    def _section(self, sec: etree._Element, parent: str | None) -> None:
        title = words(child(sec, "title")).rstrip(" :")
        number = words(child(sec, "label"))
        below = [words(child(s, "title")) for s in children(sec, "sec")]
        cases = any(kind_of(t) == "case_report" for t in below)
        kind = inherited(title, parent, self.previous, cases) if title else parent or self.previous
        given = _TYPES.get(attribute(sec, "sec-type"))
        if (
            given
            and kind in ("other", parent, self.previous)
            and kind_of(title) not in ("case_part", "case_report")
        ):
            kind = given
        self.previous = kind
        self.out.section(kind, title, heading=False)
        self.out.paragraph(" ".join(filter(None, (number, title))))
        self._content(sec, kind)

    def _content(self, element: etree._Element, kind: str | None) -> None:
        for e in children(element):
            if e.tag == "sec":
                before = (self.out.kind, self.out.title)
                self._section(e, kind)
                if kind is not None and e.getnext() is not None and getattr(e.getnext(), "tag", "") != "sec":
                    self.out.section(*before, heading=False)
            elif e.tag not in ("title", "label", "sec-meta"):
                self._block(e)

    def _block(self, e: etree._Element) -> None:
        tag = str(e.tag)
        if tag in ("p", "disp-quote", "statement", "verse-group"):
            self._paragraph(e)
        elif tag in ("table-wrap", "array"):
            self._table(e)
        elif tag == "fig":
            caption = words(child(e, "caption"))
            label = words(child(e, "label"))
            joined = f"{label.rstrip('.:')}. {caption}" if label and caption else label or caption
            self.out.aside("figure_caption", label, [joined])
        elif tag in ("list", "def-list"):
            for item in children(e, "list-item", "def-item"):
                self.out.paragraph("- " + words(item))
        elif tag in ("table-wrap-group", "fig-group", "boxed-text"):
            self._group(e)
        else:
            self.out.paragraph(words(e))

    def _group(self, e: etree._Element) -> None:
        title = words(child(e, "caption")) or words(child(e, "title"))
        if title:
            self.out.paragraph(title)
        for inner in children(e):
            if inner.tag == "sec":
                self.out.paragraph(words(child(inner, "title")))
                self._group(inner)
            elif inner.tag not in ("caption", "title", "label"):
                self._block(inner)

    def _paragraph(self, p: etree._Element) -> None:
        """A paragraph; tables, figures and lists inside it come after it."""
        blocks = [e for e in children(p) if e.tag in _NO_BLOCKS]
        inner = children(p, "p")
        if inner and not (p.text or "").strip():
            for e in children(p):
                self._block(e)
            return
        self.out.paragraph(words(p, _NO_BLOCKS) if blocks else words(p))
        for e in blocks:
            self._block(e)

    def _table(self, wrap: etree._Element) -> None:
        rows: list[list[Span]] = []
        for table in (
            wrap.iter("table", "tbody", "thead") if child(wrap, "table") is None else wrap.iter("table")
        ):
            for row in table.iter("tr"):
                head = getattr(row.getparent(), "tag", "") == "thead"
                rows.append([_span(cell, head) for cell in children(row, "td", "th")])
            break
        notes = [words(n) for foot in children(wrap, "table-wrap-foot") for n in children(foot)]
        self.out.table(words(child(wrap, "label")), words(child(wrap, "caption")), rows, notes)

    def _back(self, back: etree._Element | None) -> None:
        for e in children(back):
            if e.tag == "ref-list":
                self._references(e)
                continue
            title = words(child(e, "title")) or {"ack": "Acknowledgments"}.get(str(e.tag), "")
            self.out.section("back_matter", title)
            for inner in children(e):
                if inner.tag == "ref-list":
                    self._references(inner)
                elif inner.tag != "title":
                    self._back_block(inner)

    def _back_block(self, e: etree._Element) -> None:
        if e.tag == "sec" or e.tag in ("app", "fn-group"):
            for inner in children(e):
                self._back_block(inner)
        else:
            self._block(e)

    def _references(self, listed: etree._Element) -> None:
        self.out.section("references", words(child(listed, "title")) or "References")
        for ref in listed.iter("ref"):
            label = words(child(ref, "label"))
            cited = [_citation(e) for e in children(ref) if e.tag not in ("label", "note")]
            self.out.paragraph(" ".join(filter(None, (label, " ".join(cited)))))


def _span(cell: etree._Element, head: bool) -> Span:
    return Span(words(cell), _count(cell, "rowspan"), _count(cell, "colspan"), head or cell.tag == "th")


def _count(cell: etree._Element, name: str) -> int:
    raw = attribute(cell, name)
    return int(raw) if raw.isdecimal() and raw.isascii() and 0 < len(raw) < 4 else 1


def _citation(e: etree._Element) -> str:
    """A reference; one given as elements alone gets spaces between them."""
    if (e.text or "").strip() or any((c.tail or "").strip() for c in e):
        return words(e)
    parts = (" ".join(str(t).strip() for t in c.itertext() if str(t).strip()) for c in children(e))
    return " ".join(filter(None, parts))
