"""`spondyl registry duplicates` and `link`: one patient in two reports, proposed, decided, never merged."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from spondyl.app.notices import plain
from spondyl.app.registry_keys import Keys, StreamKeys, TerminalKeys
from spondyl.app.status import FINE
from spondyl.record import DecisionError, UsageError
from spondyl.registry import Registry
from spondyl.registry.duplicates import Proposal, Proposals
from spondyl.registry.weighing import own_settings

__all__ = ["duplicates", "link"]

_KEYS = "s same patient   d different patients   n next   u undo   q quit"


def duplicates(place: str, by: str, most: int, weights: Path | None, decide: bool) -> int:
    """Print pairs of cases that may tell of one patient, or decide on them one by one.

    Args:
        place: The registry.
        by: Who decides.
        most: So many pairs at most.
        weights: Numbers of one's own.
        decide: Whether to decide, a key for each pair.
    """
    own = own_settings(weights) if weights else None
    with Registry(place, by, create=False) as registry:
        found = registry.duplicates(most, own)
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
        if not decide:
            for pair in found.pairs:
                console.print(_drawn(pair))
        elif sys.stdin.isatty() and sys.stdout.isatty():
            with TerminalKeys(sys.stdin.fileno()).open() as keys:
                _decided(registry, found.pairs, keys, console)
        else:
            _decided(registry, found.pairs, StreamKeys(sys.stdin), console)
    print(_summary(found, decide))
    return FINE


def _summary(found: Proposals, decide: bool) -> str:
    pairs = "1 pair" if found.found == 1 else f"{found.found} pairs"
    shown = f", the first {len(found.pairs)} of them shown" if found.found > len(found.pairs) else ""
    how = (
        "" if decide or not found.pairs else "; decide on them with --decide, or with: spondyl registry link"
    )
    return (
        f"{pairs} proposed{shown}: {found.least:.1f} bits or more; {found.cases} cases, compared in "
        f"{found.compared} pairs{how}"
    )


def _drawn(pair: Proposal) -> Text:
    first, second = ((plain(name), "cyan") for name in pair.names)
    out = Text.assemble(first, "  and  ", second, f"   {pair.bits:.1f} bits\n")
    for reason in pair.reasons:
        out.append(f"  {reason.bits:+5.1f}  ", "green" if reason.bits > 0 else "red").append(
            f"{plain(reason.words)}\n"
        )
    return out


def _decided(registry: Registry, pairs: Sequence[Proposal], keys: Keys, console: Console) -> None:
    """A key for each pair."""
    at, done = 0, list[tuple[int, int]]()
    while at < len(pairs):
        console.print(_drawn(pairs[at]), Text(_KEYS, "dim"), sep="")
        key = keys.next()
        if key in (None, "q", "ctrl-d"):
            return
        if key in ("s", "d"):
            if number := _linked(registry, pairs[at], key == "s", console):
                done.append((at, number))
            at += 1
        elif key == "n":
            at += 1
        elif key == "u" and done:
            at, number = done.pop()
            registry.take_back(number)
            console.print("taken back", style="bold")


def _linked(registry: Registry, pair: Proposal, same: bool, console: Console) -> int | None:
    try:
        number = registry.link(pair.first, pair.second, same)
    except DecisionError as error:
        console.print(plain(str(error)), style="bold", markup=False)
        return None
    console.print(f"{'same patient' if same else 'different patients'}: decision {number}", style="bold")
    return number


def link(place: str, by: str, cases: tuple[str, str], verdict: tuple[bool, bool], note: str) -> int:
    """Decide that two cases are, or are not, of the same patient.

    Args:
        place: The registry.
        by: Who decides.
        cases: The cases.
        verdict: Whether `--same` and whether `--different` was given.
        note: Why.

    Raises:
        UsageError: Neither was given, or both.
    """
    same, different = verdict
    if same == different:
        raise UsageError("say which it is: --same or --different")
    with Registry(place, by, create=False) as registry:
        number = registry.link(*cases, same, note)
    words = "same patient" if same else "different patients"
    print(plain(f"{words}: decision {number}" if number else f"{words}: stands already"))
    return FINE
