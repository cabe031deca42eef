"""Bytes and text → Paper, by format."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from spondyl.read.about import about
from spondyl.read.decode import decoded, load
from spondyl.read.sections import divided
from spondyl.record import Page, Paper, ReadError

__all__ = ["SUFFIXES", "every_paper", "from_text", "paper_id"]

Format = Literal["text", "markdown", "pdf", "markup"]

SUFFIXES: dict[str, Format] = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".pdf": "pdf",
    ".xml": "markup", ".nxml": "markup", ".html": "markup", ".htm": "markup", ".xhtml": "markup",
}  # fmt: skip
"""The suffixes that are read, in lower case."""

_SLUG = re.compile(r"[^a-z0-9]+")


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
        id=paper_id(source, digest), source=source, format=form, text=text, sha256=digest, sections=parts.sections,
        tables=parts.tables, pages=_pages(text), **said._asdict(),
    )  # fmt: skip


def _pages(text: str) -> tuple[Page, ...]:
    """Pages of a text with form feeds between them."""
    if "\f" not in text:
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
    form = SUFFIXES.get(Path(source).suffix.lower(), "text")
    text = decoded(data, source)
    if not text.strip("\ufeff \t\r\n\f\v\0"):
        raise ReadError("the file holds no words", source, "download or export it again")
    yield from_text(text, source, digest, "markdown" if form == "markdown" else "text")
