"""The patient's page as one HTML file that needs nothing else, and no script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from spondyl.present.consultation import Basis, Consultation, Line, every_line
from spondyl.present.survival import Picture

__all__ = ["KINDS", "numbered", "render", "runs"]

KINDS = {
    "words": "record", "given": "given", "rule": "rule", "source": "source", "score": "score", "case": "case",
    "statement": "statement", "computed": "computed",
}  # fmt: skip
"""What each kind of basis is called."""


def render(page: Consultation) -> str:
    """The page; the same consultation gives the same bytes.

    Args:
        page: What it shows.
    """
    bases = numbered(page)
    place = {b: n for n, b in enumerate(bases, 1)}
    return _environment().get_template("consultation.html").render(
        page=page,
        bases=bases,
        kinds=KINDS,
        numbers=_numbers(place),
        safe=_safe,
        drawing=_drawing,
        style=Markup(_style()),
        style_hash=Markup(_hash(_style())),
    )  # fmt: skip


def numbered(page: Consultation) -> tuple[Basis, ...]:
    """Everything a page rests on, each once, in the order of the page; what is first has number 1.

    Args:
        page: The page.
    """
    return tuple(dict.fromkeys(b for _, line in every_line(page) for b in line.bases))


def _numbers(place: dict[Basis, int]) -> Callable[..., list[tuple[int, int]]]:
    """The runs of numbers of a line's bases, without those that cells before it in the row have named."""

    def numbers(line: Line, but: Sequence[Line] = ()) -> list[tuple[int, int]]:
        return runs({place[b] for b in line.bases} - {place[b] for cell in but for b in cell.bases})

    return numbers


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as runs, each by its first and last.

    Example:
        >>> runs({3, 4, 5, 9})
        [(3, 5), (9, 9)]
    """
    out: list[tuple[int, int]] = []
    for n in sorted(numbers):
        out = [*out[:-1], (out[-1][0], n)] if out and out[-1][1] == n - 1 else [*out, (n, n)]
    return out


_FILE = re.compile(r"/?(?:[\w%.~-]+/)*[\w%.~-]+(?:#[\w.:=%~-]*)?")


def _safe(url: str) -> bool:
    """Whether an address may be a link: of the web, or of a file beside the page; never a script."""
    relative = not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\", url)
    return bool(url) and (relative or url.startswith(("https://", "http://")))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("spondyl.present"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


@cache
def _style() -> str:
    return resources.files("spondyl.present").joinpath("web", "consultation.css").read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _drawing(picture: Picture) -> Any:
    """A drawing of ours as an image: what is in it cannot reach the page."""
    data = base64.b64encode(picture.svg).decode()
    return Markup('<img alt="{}" src="data:image/svg+xml;base64,{}">').format(picture.title, data)
