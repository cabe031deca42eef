"""Bytes and text → Paper, by format."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from spondyl.read.about import About, about
from spondyl.read.build import Builder
from spondyl.read.decode import decoded, load
from spondyl.read.jats import jats
from spondyl.read.pdf import printed
from spondyl.read.pubmed import pubmed
from spondyl.read.sections import Printing, divided
from spondyl.read.webpage import webpage
from spondyl.read.xml import parsed
from spondyl.record import Page, Paper, ReadError

__all__ = ["SUFFIXES", "every_paper", "from_text", "paper_id"]

Format = Literal["text", "markdown", "pdf", "markup"]

SUFFIXES: dict[str, Format] = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".pdf": "pdf",
    ".xml": "markup", ".nxml": "markup", ".html": "markup", ".htm": "markup", ".xhtml": "markup",
}  # fmt: skip
"""The suffixes that are read, in lower case."""

_MOST_PAGES = 10_000
_SLUG = re.compile(r"[^a-z0-9]+")
_CHARSET = re.compile(rb"charset[ \t]*=[ \t]*[\"']?([A-Za-z0-9_-]{3,20})", re.I)


def paper_id(source: str, sha256: str) -> str:
    """A stable name from a file's name and its content.

    Example:
        >>> paper_id("in/Case Report (2).txt", "0123456789abcdef")
        'case-report-2-01234567'
    """
    slug = _SLUG.sub("-", Path(source).stem.casefold()).strip("-")[:60].strip("-") or "paper"
    return f"{slug}-{sha256[:8]}"


def from_text(
    text: str, source: str, sha256: str | None = None, form: Literal["text", "markdown"] = "text"
) -> Paper:
    """A paper from plain text."""
    digest = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    parts = divided(text)
    said = about(text, parts.sections)
    return Paper(
        id=paper_id(source, digest), source=source, format=form, text=text, sha256=digest,
        sections=parts.sections, tables=parts.tables, pages=_pages(text), **said._asdict(),
    )  # fmt: skip


def _pages(text: str) -> tuple[Page, ...]:
    """Pages of a text with form feeds between them."""
    if not 0 < text.count("\f") < _MOST_PAGES:
        return ()
    out: list[Page] = []
    start = 0
    while start < len(text):
        end = text.find("\f", start) + 1 or len(text)
        out.append(Page(number=len(out) + 1, start=start, end=end))
        start = end
    return tuple(out)


def every_paper(path: str | Path) -> Iterator[Paper]:
    """Every paper in a file: one, but for a PubMed file with several articles.

    Raises:
        ReadError: The file cannot be read.
    """
    source = str(path)
    data = load(path)
    digest = hashlib.sha256(data).hexdigest()
    form = _sniffed(data, Path(source).suffix.lower())
    if form == "pdf":
        yield _from_pdf(data, source, digest)
    elif form == "xml":
        yield from _from_xml(data, source, digest)
    elif form == "html":
        yield _from_html(data, source, digest)
    else:
        text = decoded(data, source)
        if not text.strip("\ufeff \t\r\n\f\v\0"):
            raise ReadError("the file holds no words", source, "download or export it again")
        yield from_text(text, source, digest, "markdown" if form == "markdown" else "text")


def _sniffed(data: bytes, suffix: str) -> str:
    """The format: what the suffix says; else, or for XML and HTML, what the first bytes say."""
    form = SUFFIXES.get(suffix)
    if form not in (None, "markup"):
        return form or "text"
    head = data[:2048].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")[:600].lower()
    if form is None and b"%pdf-" in head:
        return "pdf"
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or (
        b"<html" in head and b"xhtml" in head
    ):
        return "html"
    if head.startswith((b"<?xml", b"<!doctype", b"<article", b"<pubmed", b"<pmc-articleset", b"<oai")):
        return "xml"
    if form == "markup":
        return "xml" if suffix in (".xml", ".nxml") else "html"
    return "text"


def _from_pdf(data: bytes, source: str, digest: str) -> Paper:
    pages = printed(data, source)
    parts = divided(pages.text, Printing(pages.running, pages.title))
    said = about(pages.text, parts.sections)
    return Paper(
        id=paper_id(source, digest), source=source, format="pdf", text=pages.text, sha256=digest,
        sections=parts.sections, tables=parts.tables, pages=pages.pages, **said._asdict(),
    )  # fmt: skip


def _from_xml(data: bytes, source: str, digest: str) -> Iterator[Paper]:
    root = parsed(data, source)
    if root.tag == "html":
        yield _from_html(data, source, digest)
        return
    if str(root.tag).lower().startswith(("pubmed", "medline")):
        found = [*pubmed(root)]
        for number, (built, said) in enumerate(found):
            name = paper_id(source, digest) + (f"-{number + 1}" if number else "")
            yield _paper(built, said, name, source, digest, "pubmed")
    else:
        article = jats(root)
        found = [article] if article else []
        for built, said in found:
            yield _paper(built, said, paper_id(source, digest), source, digest, "jats")
    if not found:
        what = f"the XML begins with <{str(root.tag)[:40]}>, expected a JATS article or PubMed articles"
        raise ReadError(what, source, "export it as JATS, PubMed XML, HTML, PDF or text")


def _from_html(data: bytes, source: str, digest: str) -> Paper:
    built, said = webpage(_declared(data, source), source)
    if not said.authors:
        found = about(built.text, built.sections())
        said = said._replace(
            authors=found.authors, year=said.year or found.year, journal=said.journal or found.journal,
            doi=said.doi or found.doi, pmid=said.pmid or found.pmid,
        )  # fmt: skip
    return _paper(built, said, paper_id(source, digest), source, digest, "html")


def _declared(data: bytes, source: str) -> str:
    """The text of a web page in the encoding it declares, where it declares one that fits."""
    m = _CHARSET.search(data[:2048])
    if m and b"\0" not in data[:4096]:
        try:
            return data.decode(m[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decoded(data, source)


def _paper(
    built: Builder, said: About, name: str, source: str, digest: str, form: Literal["jats", "pubmed", "html"]
) -> Paper:
    if not built.text.strip():
        raise ReadError("the file holds no words", source, "download or export it again")
    return Paper(
        id=name, source=source, format=form, text=built.text, sha256=digest, sections=built.sections(),
        tables=tuple(built.tables), **said._asdict(),
    )  # fmt: skip
