"""HTML → Paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spondyl.read.about import About, clean_doi, surname_first
from spondyl.read.build import Builder, Span, inherited
from spondyl.read.headings import plain_title
from spondyl.record import ReadError

__all__ = ["webpage"]

_DROPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "nav", "form", "button", "select", "input",
    "iframe", "object",
     "canvas", "video", "audio", "head", "aside", "footer", "textarea", "math")
)  # fmt: skip
_BLOCKS = frozenset(
    ("p", "div", "section", "article", "main", "header", "li", "ul", "ol", "dl", "dt", "dd", "blockquote",
    "pre",
     "figure", "address", "hr", "details", "summary", "body", "html", "center", "tr", "td", "th", "tbody",
     "thead")
)  # fmt: skip
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_REFERENCES = re.compile(r"\b(?:references?|ref-list|footnotes|citations?|bibliography|reflist)\b", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CITED = re.compile(r"[\[(]?[\d,;\s\u2013-]+[\])]{0,2}")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,12})")
_UNNESTED = frozenset(
    ("p", "li", "td", "th", "tr", "dt", "dd", "br", "img", "hr", "input", "meta", "link", "option", "col",
    "area",
     "base", "source", "wbr", "embed", "param", "tbody", "thead")
)  # fmt: skip
_DEEPEST = 2000
_LABEL = re.compile(r"(table[ ]?(?:\d{1,2}|[IVX]{1,4}))[.: ]{1,3}", re.I)
_MAIN = ("main", "article", "[role=main]", "#content", "#main-content", ".article-body")


def webpage(markup: str, where: str) -> tuple[Builder, About]:
    """The canonical text and metadata of a web page.

    Args:
        markup: The page.
        where: The path, for messages.

    Returns:
        The text being built (main content alone: no scripts, styles, navigation, forms), and what its meta
        tags and headings say.

    Raises:
        ReadError: Elements are nested in each other by the thousand.
    """
    if _depth(markup) > _DEEPEST:
        raise ReadError(
            "the page nests its elements too deep", where, "save it again from a browser, or as text"
        )
    tree = LexborHTMLParser(markup)
    said = _about(tree)
    main = next((n for n in map(tree.css_first, _MAIN) if n is not None and len(n.text()) > 200), None)
    root = main or tree.body or tree.root
    walk = _Walk(said)
    if root is not None:
        walk.run(root)
    out, title = walk.finish()
    return out, said if said.title else said._replace(title=title)


def _depth(markup: str) -> int:
    """How deep elements are nested at most, roughly."""
    depth = deepest = 0
    for m in _TAG.finditer(markup):
        if m[2].lower() in _UNNESTED:
            continue
        depth = max(0, depth - 1) if m[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _about(tree: LexborHTMLParser) -> About:
    found: dict[str, list[str]] = {}
    for node in tree.css("meta"):
        name = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
        value = " ".join((node.attributes.get("content") or "").split())
        if value:
            found.setdefault(name, []).append(value)

    def first(*names: str) -> str:
        return next((found[n][0] for n in names if n in found), "")

    authors = found.get("citation_author") or found.get("dc.creator") or []
    if len(authors) == 1 and ";" in authors[0]:
        authors = [a.strip() for a in authors[0].split(";")]
    year = _YEAR.search(
        first(
            "citation_publication_date", "citation_date", "citation_year", "citation_online_date", "dc.date"
        )
    )
    pmid = first("citation_pmid")
    return About(
        title=first("citation_title", "dc.title") or None,
        authors=tuple(surname_first(a) for a in authors if a),
        year=int(year[0]) if year else None,
        journal=first("citation_journal_title") or None,
        doi=clean_doi(first("citation_doi", "dc.identifier")),
        pmid=pmid if pmid.isdigit() else None,
    )


class _Walk:
    """One pass over the page without recursion, however deep it is nested."""

    def __init__(self, said: About) -> None:
        self.out = Builder()
        self.said = said
        self.line: list[str] = []
        self.kinds: list[tuple[int, str]] = []
        self.previous = "other"
        self.title: str | None = None
        self.headed = False
        self.opening: list[str] = []

    def run(self, root: LexborNode) -> None:
        for node, leaving in _nodes(root):
            tag = node.tag or ""
            if tag == "-text":
                self.line.append(node.text(deep=False) or node.text_content or "")
            elif leaving:
                self._leave(tag)
            else:
                self._enter(node, tag)
        self._flush()

    def finish(self) -> tuple[Builder, str | None]:
        self._open_prose()
        return self.out, self.title

    def _enter(self, node: LexborNode, tag: str) -> None:
        if tag in _HEADINGS:
            self._flush()
            self._heading(_HEADINGS[tag], _words(node))
        elif tag == "table":
            self._flush()
            self._table(node)
        elif tag == "figcaption":
            self._flush()
            self._open_prose()
            words = _words(node)
            self.out.aside("figure_caption", " ".join(words.split()[:2]).rstrip(".:"), [words])
        elif tag == "br":
            self.line.append("\n")
        elif tag == "sup":
            self._raised(node)
        elif tag in _BLOCKS:
            self._flush()
            if tag == "li":
                self.line.append("- ")
            self._listed_references(node)

    def _leave(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._flush()

    def _raised(self, node: LexborNode) -> None:
        words = _words(node)
        before = "".join(self.line[-2:])[-1:]
        if _CITED.fullmatch(words) and node.css_first("a") is not None and before not in "[(":
            words = "[" + words.strip("[]() ") + "]"
        elif before.isdigit() and words[:1].isdigit():
            words = "^" + words
        self.line.append(words)

    def _listed_references(self, node: LexborNode) -> None:
        """A block marked as the list of references, where no heading says so."""
        marks = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if (
            self.out.kind == "references"
            or not _REFERENCES.search(marks)
            or node.tag not in ("ol", "ul", "div", "section", "dl")
        ):
            return
        if len(node.css("li, p, div.fn, dd")) > 2 and node.css_first("h1, h2") is None:
            self._open_prose()
            self.headed = True
            self.out.section("references", "")

    def _flush(self) -> None:
        lines = (" ".join(part.split()) for part in "".join(self.line).split("\n"))
        self.line = []
        words = "\n".join(part for part in lines if part and part != "-")
        if not words or words == "-":
            return
        if self.headed:
            self.out.paragraph(words)
        else:
            self.opening.append(words)

    def _open_prose(self) -> None:
        """What stands before the first heading: prose is text, short lines are front matter."""
        if not self.opening:
            return
        for words in self.opening:
            kind = "other" if len(words) > 200 or not self.headed else "front_matter"
            if self.out.kind != kind or not self.out.size:
                self.out.section(kind)
            self.out.paragraph(words)
        self.opening = []

    def _heading(self, level: int, words: str) -> None:
        if not words:
            return
        first = not self.headed
        self.headed = True
        is_title = self.title is None and (level == 1 or words == self.said.title)
        if is_title and first:
            self.opening, before = [], self.opening
            self.title = words
            if before:
                self.out.section("front_matter")
                for part in before:
                    self.out.paragraph(part)
            self.out.section("title", words)
            self.out.section("front_matter")
            self.headed = False
            return
        self._open_prose()
        while self.kinds and self.kinds[-1][0] >= level:
            self.kinds.pop()
        parent = self.kinds[-1][1] if self.kinds else None
        kind = inherited(plain_title(words), parent, self.previous)
        self.kinds.append((level, kind))
        self.previous = kind
        self.out.section(kind, words)

    def _table(self, table: LexborNode) -> None:
        self._open_prose()
        rows = []
        for row in table.css("tr"):
            head = row.parent is not None and row.parent.tag == "thead"
            rows.append([_span(c, head) for c in row.iter() if c.tag in ("td", "th")])
        caption = table.css_first("caption")
        words = _words(caption) if caption is not None else ""
        if len(rows) < 2 or max(map(len, rows)) < 2:
            for part in [words, *(" ".join(s.words for s in row) for row in rows)]:
                self.out.paragraph(part)
            return
        label = _LABEL.match(words)
        self.out.table(label[1] if label else "", words[label.end() :] if label else words, rows)


def _nodes(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """The nodes below `root`, entering and leaving; headings, tables and what is dropped are not entered."""
    closed = _DROPPED | _HEADINGS.keys() | {"table", "figcaption", "sup"}
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            yield node, True
            continue
        following = node.next if node is not root else None
        if following is not None:
            stack.append((following, False))
        tag = node.tag or ""
        if tag in _DROPPED or tag in ("-comment", "!doctype", "-doctype", "_comment"):
            continue
        yield node, False
        if tag in closed or tag == "-text":
            continue
        stack.append((node, True))
        if node.child is not None:
            stack.append((node.child, False))


def _words(node: LexborNode) -> str:
    for dropped in node.css("script, style, noscript, template"):
        dropped.decompose()
    return (
        " ".join(node.text(separator=" ").split())
        if node.css_first("br, p, div, li")
        else " ".join(node.text().split())
    )


def _span(cell: LexborNode, head: bool) -> Span:
    def count(name: str) -> int:
        raw = cell.attributes.get(name) or ""
        return int(raw) if raw.isdecimal() and raw.isascii() and 0 < len(raw) < 4 else 1

    return Span(_words(cell), max(1, count("rowspan")), max(1, count("colspan")), head or cell.tag == "th")
