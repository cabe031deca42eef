"""XML, parsed so that nothing outside the file is touched and nothing inside it can swell."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any

from lxml import etree

from spondyl.record import ReadError

__all__ = ["attribute", "child", "children", "parsed", "words"]

_SILENT = frozenset(
    (
        "tex-math",
        "annotation",
        "graphic",
        "inline-graphic",
        "media",
        "object-id",
        "processing-meta",
        "annotation-xml",
    )
)
_ROOT = re.compile(rb"<[A-Za-z_]")
_CITED = re.compile(r"[\d\s,;\u2013\u2212-]+")
_SPACED = frozenset(("break", "p", "title", "label", "td", "th", "list-item", "sec", "AbstractText"))


def parsed(data: bytes, where: str) -> etree._Element:
    """The root of an XML file, tags without namespaces.

    Args:
        data: The file.
        where: The path, for messages.

    Returns:
        The root element.

    Raises:
        ReadError: The XML is broken off or malformed, or declares entities (they can pull in other files or
            swell to any size).
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, attribute_defaults=False, dtd_validation=False,
    )  # fmt: skip
    prolog = data[: m.start()] if (m := _ROOT.search(data)) else data
    if b"<!ENTITY" in prolog:
        raise _entities(where)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "depth" in str(error):
            what = "the XML nests its elements too deep to be a paper"
            raise ReadError(
                what, where, "get the file from its publisher, or give the paper as text"
            ) from None
        line = getattr(error, "lineno", None)
        what = (
            f"the XML is malformed or broken off (line {line})"
            if line
            else "the XML is malformed or broken off"
        )
        raise ReadError(what, where, "download it again") from None
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.iterentities()), None) is not None:
        raise _entities(where)
    for element in root.iter(etree.Element):
        if isinstance(element.tag, str) and element.tag[:1] == "{":
            element.tag = etree.QName(element).localname
    return root


def _entities(where: str) -> ReadError:
    what = "the XML declares entities, which can pull in other files or swell without limit"
    return ReadError(what, where, "remove the ENTITY declarations, or get the file from its publisher")


def children(element: etree._Element | None, *names: str) -> list[etree._Element]:
    """The child elements of some names (all without a name), in order."""
    if element is None:
        return []
    return [e for e in element if isinstance(e.tag, str) and (not names or e.tag in names)]


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element down a path of names."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def attribute(element: etree._Element, name: str) -> str:
    """An attribute's text, "" where there is none."""
    return str(element.get(name) or "")


def words(element: etree._Element | None, skip: frozenset[str] = frozenset()) -> str:
    """All text of an element on one line; numbered citations in brackets, powers with "^".

    Args:
        element: The element.
        skip: Names of elements to leave out.

    Returns:
        Text without line breaks and double spaces.
    """
    if element is None:
        return ""
    out: list[str] = []
    _collect(element, out, skip)
    return " ".join("".join(out).split())


def _collect(element: etree._Element, out: list[str], skip: frozenset[str]) -> None:
    out.append(element.text or "")
    for e in element:
        tag = e.tag
        if tag is etree.Entity:
            out.append(_entity(str(e.text)))
        elif isinstance(tag, str) and tag not in skip and tag not in _SILENT:
            _element(e, tag, out, skip)
        out.append(e.tail or "")


def _element(e: etree._Element, tag: str, out: list[str], skip: frozenset[str]) -> None:
    if tag in ("sup", "xref"):
        inner = words(e, skip)
        cites = tag == "xref" and attribute(e, "ref-type") == "bibr"
        cites = cites or (tag == "sup" and any(x.get("ref-type") == "bibr" for x in e.iter("xref")))
        before = next((o for o in reversed(out) if o), "")[-1:]
        inner = inner.replace("[", "").replace("]", "") if cites else inner
        if cites and _CITED.fullmatch(inner) and before not in ("[", "(", ",", "-", "\u2013", ";"):
            inner = f"[{inner}]"
        elif tag == "sup" and before.isdigit() and inner[:1].isdigit():
            inner = "^" + inner
        out.append(inner)
        return
    if tag in _SPACED:
        out.append(" ")
    if tag == "fn":
        out.append(" (" + words(e, skip) + ") ")
        return
    _collect(e, out, skip)
    if tag in _SPACED:
        out.append(" ")


def _entity(reference: str) -> str:
    name = reference.strip("&")
    return html5.get(name, reference)
