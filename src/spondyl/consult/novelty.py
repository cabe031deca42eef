"""What is new in a folder that holds a report already.

The rule: a paper is new when it was not in the folder's last report. The marks stand until further papers
join: a run over the same papers keeps them, and so writes the same bytes. In an empty folder nothing is new.
The papers of the last report are read from its cases.jsonl; which of them were marked, from the last line of
its page.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from spondyl.record import Paper

__all__ = ["marker", "new_papers", "previous"]

_MARKER = re.compile(r"^<!-- new since the last run:((?: [0-9a-f]{16})*) -->$", re.MULTILINE)


def previous(out: Path) -> list[dict[str, Any]] | None:
    """The papers of the report a folder holds, as plain data; `None` where it holds none."""
    try:
        lines = (out / "cases.jsonl").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return [paper for text in lines if (paper := _paper(text))]


def _paper(text: str) -> dict[str, Any] | None:
    try:
        data = json.loads(text)
    except ValueError:
        return None
    paper = data.get("paper") if isinstance(data, dict) else None
    return paper if isinstance(paper, dict) else None


def new_papers(out: Path, papers: Sequence[Paper]) -> set[str]:
    """The ids of the papers to be marked as new in a folder.

    Args:
        out: The folder, as the last run left it.
        papers: The papers of this run.
    """
    before = previous(out)
    if before is None:
        return set()
    known = {_key(p.get("doi"), p.get("sha256"), p.get("id")) for p in before}
    now = {_key(p.doi, p.sha256, p.id): p.id for p in papers}
    joined = now.keys() - known
    return {now[key] for key in (joined or now.keys() & _marked(out))}


def _marked(out: Path) -> set[str]:
    try:
        found = _MARKER.search((out / "page.md").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return set()
    return set(found[1].split()) if found else set()


def marker(new: Iterable[Paper]) -> str:
    """The line by which page.md remembers what it marked, or nothing.

    Example:
        >>> marker([Paper(id="a", source="a.txt", text="", doi="10.1000/A")])
        '<!-- new since the last run: 3723ab1de5d5ebc1 -->'
    """
    keys = sorted(_key(p.doi, p.sha256, p.id) for p in new)
    return f"<!-- new since the last run: {' '.join(keys)} -->" if keys else ""


def _key(doi: Any, sha256: Any, name: Any) -> str:
    """What a paper is known by: its DOI, else its bytes, else its id."""
    text = f"doi:{str(doi).casefold()}" if doi else f"sha256:{sha256}" if sha256 else f"id:{name}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
