"""`spondyl score`: the sheets, one patient, a case record, or a table."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from spondyl import score as scores
from spondyl.app.scores_view import list_view, result_view, sheet_view
from spondyl.app.status import FINE, SOME_UNREAD
from spondyl.record import Case, UsageError
from spondyl.score import Result, Sheet

__all__ = ["Asked", "score"]


@dataclass(frozen=True)
class Asked:
    """What the command line asked for.

    Args:
        words: A command (list, show, new), or sheets and answers ("sins", "location=C7").
        case: A case record, as a path with `#PAPER/1`.
        table: A table to score.
        out: Where to write.
        plain: Print JSON.
    """

    words: Sequence[str]
    case: str | None = None
    table: Path | None = None
    out: Path | None = None
    plain: bool = False


def score(asked: Asked) -> int:
    """Run `spondyl score`.

    Args:
        asked: What the command line asked for.

    Returns:
        The exit status: 1 where a sheet refused to compute.

    Raises:
        UsageError: The words make no sense, or name what is not there.
    """
    match list(asked.words):
        case []:
            raise UsageError("no score was named; list them with: spondyl score list")
        case ["list"]:
            return _list(asked.plain)
        case ["show", *names]:
            return _show(names)
        case ["new", *names]:
            return _new(names, asked.out)
        case words:
            return _score(asked, words)


def _console() -> Console:
    return Console(
        file=sys.stdout, width=None if sys.stdout.isatty() else 110, highlight=False, soft_wrap=False
    )


def _list(plain: bool) -> int:
    sheets = list(scores.sheets().values())
    if plain:
        print(json.dumps([_about(s) for s in sheets], ensure_ascii=False))
    else:
        _console().print(list_view(sheets))
    return FINE


def _about(sheet: Sheet) -> dict[str, Any]:
    return {
        "id": sheet.id, "version": sheet.version, "title": sheet.title, "purpose": sheet.purpose, "kind": sheet.kind,
        "evidence": {"items": sheet.evidence.items, "bands": sheet.evidence.bands}, "status": sheet.status,
        "range": getattr(sheet, "range", None),
    }  # fmt: skip


def _show(names: Sequence[str]) -> int:
    if not names:
        raise UsageError("no score was named; show one with: spondyl score show sins")
    console = _console()
    for name in names:
        console.print(sheet_view(scores.load(name)))
    return FINE


def _new(names: Sequence[str], out: Path | None) -> int:
    if len(names) != 1:
        raise UsageError("name one new score: spondyl score new my_score")
    path = out or Path(f"{names[0]}.toml")
    if path.exists():
        raise UsageError(f"{path} is there already; choose another name")
    path.write_text(scores.template(names[0]), "utf-8")
    print(f"{path}: edit it, then try it with: spondyl score {path}")
    return FINE


def _score(asked: Asked, words: Sequence[str]) -> int:
    names = [w for w in words if "=" not in w]
    if not names:
        raise UsageError(f"no score was named before {words[0]}; list them with: spondyl score list")
    sheets = [scores.load(name) for name in names]
    given = dict(_pair(w) for w in words if "=" in w)
    case = scores.read_case(asked.case) if asked.case else None
    results = [_one(sheet, sheets, given, case) for sheet in sheets]
    _print(results, asked)
    return SOME_UNREAD if any(r.refused for r in results) else FINE


def _pair(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name.strip(), value.strip()


def _one(sheet: Sheet, sheets: Sequence[Sheet], given: Mapping[str, str], case: Case | None) -> Result:
    """One sheet's result; with several sheets, each takes the answers it knows."""
    if len(sheets) > 1:
        known = {name for s in sheets for name in scores.inputs_of(s)}
        own = scores.inputs_of(sheet)
        given = {k: v for k, v in given.items() if k in own or k not in known}
    return scores.compute(sheet, given, scores.fill(sheet, case) if case else {})


def _print(results: Sequence[Result], asked: Asked) -> None:
    if asked.plain:
        lines = [json.dumps(r.as_dict(), ensure_ascii=False) for r in results]
        text = "\n".join(lines) + "\n"
        if asked.out:
            asked.out.write_text(text, "utf-8")
        else:
            sys.stdout.write(text)
        return
    if asked.out:
        with asked.out.open("w", encoding="utf-8") as stream:
            Console(file=stream, width=110, highlight=False).print(*map(result_view, results), sep="\n")
        return
    console = _console()
    for result in results:
        console.print(result_view(result))
