"""A small press: PDFs with text at given places, made in memory."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

Placed = tuple[float, float, float, str]


def pdf(pages: Sequence[Iterable[Placed]], encrypt: bool = False) -> bytes:
    """A PDF whose pages hold pieces of text: (x, y, size, words), from the page's lower left corner."""
    objects: list[bytes] = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        stream = "\n".join(
            f"BT /F1 {size} Tf {x} {y} Td ({_escaped(words)}) Tj ET" for x, y, size, words in page
        ).encode("cp1252", "replace")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % len(objects)
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (
        b" ".join(b"%d 0 R" % k for k in kids),
        len(kids),
    )
    lock = b""
    if encrypt:
        objects.append(b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32))
        lock = b" /Encrypt %d 0 R /ID [<00> <00>]" % len(objects)
    return _written(objects, lock)


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _written(objects: Sequence[bytes], lock: bytes) -> bytes:
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + b"trailer << /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        lock,
        start,
    )


def column(paragraphs: Iterable[str], x: float, top: float, chars: int, size: float = 9) -> list[Placed]:
    """Paragraphs set under each other, wrapped at a number of characters."""
    out: list[Placed] = []
    y = top
    for words in paragraphs:
        for k, line in enumerate(textwrap.wrap(words, chars)):
            out.append((x + (10 if k == 0 and len(words) > chars else 0), y, size, line))
            y -= size * 1.25
        if len(words) <= chars:
            y -= size * 0.6
    return out
