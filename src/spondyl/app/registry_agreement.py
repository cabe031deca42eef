"""`spondyl registry agreement`: how far two reviewers agree, field by field."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from spondyl.app.notices import plain
from spondyl.app.status import FINE
from spondyl.present.catalog import field
from spondyl.record import UsageError
from spondyl.registry import Registry
from spondyl.registry.agreeing import Agreement, agreement, disagreements, reviewers

__all__ = ["agree"]

_HEAD = ("field", "n", "agreed", "raw", "kappa", "low", "high")


def agree(place: str, names: Sequence[str], papers: Sequence[str], level: float, out: Path | None) -> int:
    """Print how far two reviewers agree, or write it as CSV.

    Args:
        place: The registry.
        names: The two reviewers; may be left out where there are two.
        papers: The cases of these papers alone.
        level: Of the confidence interval.
        out: A CSV file to write.

    Raises:
        UsageError: It is not clear who the two are, or they have nothing in common.
    """
    if not 0 < level < 1:
        raise UsageError(f"a confidence level of {level:g}; give a number between 0 and 1, such as 0.95")
    with Registry(place, create=False) as registry:
        logged = registry.logged(papers)
    first, second = _two(names, list(reviewers(logged)))
    found = agreement(logged, first, second, level)
    if not found:
        raise UsageError(
            f"{first} and {second} decided on nothing in common; let the second one review with --blind"
        )
    open_ = sum(len(disagreements(case, some)) for case, some in logged.items())
    if out:
        _write(found, out)
    else:
        _print(found, (first, second), level)
    how = "; settle with: spondyl registry review --adjudicate" if open_ else ""
    print(f"{open_} {'disagreement' if open_ == 1 else 'disagreements'} open{how}")
    return FINE


def _two(names: Sequence[str], known: Sequence[str]) -> tuple[str, str]:
    who = ", ".join(map(plain, known)) or "nobody"
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"{plain(unknown[0])} decided on nothing here; those who did: {who}")
    chosen = list(names) or list(known)
    if len(chosen) != 2 or chosen[0] == chosen[1]:
        raise UsageError(f"name two reviewers: --between NAME --between NAME; those who decided here: {who}")
    return chosen[0], chosen[1]


def _print(found: Sequence[Agreement], names: tuple[str, str], level: float) -> None:
    console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 100)
    title = f"{plain(names[0])} and {plain(names[1])}"
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 3, 0, 0)
    )
    table.add_column("field")
    for head in ("n", "agreed", "%", "kappa", f"{level * 100:g} % interval"):
        table.add_column(head, justify="right")
    for one in found:
        table.add_row(
            field(one.field).label,
            str(one.n),
            str(one.agreed),
            f"{100 * one.raw:.1f}",
            _kappa(one),
            _interval(one),
        )
    console.print(table)
    console.print(
        "n counts cases, in fields that are lists their elements. Cohen's kappa (1960); interval by the large-sample "
        "standard error of Fleiss, Cohen and Everitt (1969), rough where n is small. – : not defined, because both "
        "gave one rating throughout, or agree on everything.",
        style="dim",
    )


def _kappa(one: Agreement) -> str:
    return "–" if one.kappa is None else f"{one.kappa:.2f}"


def _interval(one: Agreement) -> str:
    return "–" if one.low is None or one.high is None else f"{one.low:.2f} to {one.high:.2f}"


def _write(found: Sequence[Agreement], out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEAD)
        for one in found:
            numbers = (one.raw, one.kappa, one.low, one.high)
            writer.writerow(
                [one.field, one.n, one.agreed, *("" if x is None else f"{x:.6f}" for x in numbers)]
            )
