"""`spondyl score`: the sheets, one patient, a case record, or a table."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from spondyl import score as scores
from spondyl.app.notices import Notices, plain
from spondyl.app.scores_view import list_view, result_view
from spondyl.app.sheet_view import sheet_view
from spondyl.app.status import FINE, SOME_UNREAD
from spondyl.record import Case, UsageError
from spondyl.score import Result, Sheet

__all__ = ["Asked", "score"]

SHOWN = 5
"""How many texts that were not understood are shown."""


@dataclass(frozen=True)
class Asked:
    """What the command line asked for.

    Args:
        words: A command (list, show, new), or sheets and answers ("sins", "location=C7").
        case: A case record, as a path with `#PAPER/1`.
        table: A table to score.
        out: Where to write.
        as_json: Print JSON.
    """

    words: Sequence[str]
    case: str | None = None
    table: Path | None = None
    out: Path | None = None
    as_json: bool = False


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
            return _list(asked.as_json)
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
    if asked.table:
        return _table(asked.table, sheets, given, asked)
    case = scores.read_case(asked.case) if asked.case else None
    results = [_one(sheet, sheets, given, case) for sheet in sheets]
    _print(results, asked)
    return SOME_UNREAD if any(r.refused for r in results) else FINE


def _table(table: Path, sheets: Sequence[Sheet], named: Mapping[str, str], asked: Asked) -> int:
    """Score a table; what was not understood is told at the end, and the exit status is 1."""
    if asked.case or asked.as_json:
        raise UsageError("--table takes neither --case nor --json; name the file to write with -o")
    if asked.out is None:
        raise UsageError("--table needs a file to write: -o scored.parquet or -o scored.csv")
    with _bar() as share:
        done = scores.score_table(sheets, table, asked.out, named=named, progress=share)
    notices = Notices(bar=False)
    for note in done.notes:
        notices.say(note)
    for item, texts in done.unread.items():
        notices.say(_not_understood(item, texts))
    rows = "1 row" if done.rows == 1 else f"{done.rows} rows"
    print(f"{plain(str(asked.out))}: {rows}, {', '.join(s.id for s in sheets)}")
    return SOME_UNREAD if done.unread else FINE


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[float], None]]:
    """A progress bar on standard error, where somebody watches."""
    console = Console(stderr=True)
    columns = (TextColumn("scoring the table"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda share: progress.update(task, completed=share)


def _not_understood(item: str, texts: Mapping[str, int]) -> str:
    """One line on the cells of a column that were not understood."""
    most = sorted(texts.items(), key=lambda t: (-t[1], t[0]))[:SHOWN]
    said = ", ".join(f"{text!r} ({n})" for text, n in most)
    name, _, one = item.partition(".")
    takes = next((a for a in scores.asked_of(scores.load(name)) if a.id == one), None)
    ids = f"; it takes {', '.join(o.id for o in takes.options)}" if takes else ""
    cells = sum(texts.values())
    return f"{item}: {cells} {'cell' if cells == 1 else 'cells'} not understood and taken as missing: {said}{ids}"


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
    if asked.as_json:
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
