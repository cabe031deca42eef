"""What was read from a text, shown back on the terminal: accepted, corrected, dropped, added to."""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spondyl.app.printable import plain
from spondyl.consult.patient.correcting import Change, confirmed, listed, parsed
from spondyl.consult.patient.person import Person
from spondyl.present.catalog import field, shown
from spondyl.record import Claim, UsageError

__all__ = ["confirm"]

HELP = (
    "Enter accepts what is listed. 3=54 corrects value 3, -3 drops it, escc=2 or sins.alignment=normal adds a value, "
    "q leaves without a page."
)
WORDS = 60


def confirm(person: Person, ask: Callable[[str], str], console: Console) -> Person | None:
    """Show what was understood and let a reader go through it.

    Args:
        person: The patient as read.
        ask: Asks for a line, as `input` does.
        console: Where to show it.

    Returns:
        The patient with the reader's changes; `None` where the reader left.
    """
    before = listed(person)
    changes: dict[int, Change] = {}
    added: list[Change] = []
    console.print(_table(before, changes))
    for said in person.absurd.values():
        console.print(Text(f"left aside: {plain(said)}", style="yellow"))
    console.print(Text(HELP, style="dim"))
    while True:
        try:
            typed = ask("> ").strip()
        except EOFError:
            return None
        if typed in ("q", "quit"):
            return None
        if not typed:
            return confirmed(person, [*changes.values(), *added])
        try:
            console.print(_taken(typed, before, changes, added), style="green")
        except UsageError as error:
            console.print(Text(plain(str(error)), style="red"))


def _table(claims: tuple[Claim, ...], changes: dict[int, Change]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, side in (("", "right"), ("", "left"), ("as understood", "left"), ("words", "left")):
        table.add_column(name, justify=side, overflow="fold")  # type: ignore[arg-type]
    for n, claim in enumerate(claims, 1):
        words = " ".join(claim.quotes[0].text.split()) if claim.quotes else ""
        cut = words[: WORDS - 1] + "…" if len(words) > WORDS else words
        value = shown(claim.field, claim.value)
        table.add_row(
            Text(str(n), style="cyan"), Text(plain(field(claim.field).label)), Text(plain(value), style="bold"),
            Text(plain(f"“{cut}”" if cut else ""), style="dim"),
        )  # fmt: skip
    return table


def _taken(typed: str, before: tuple[Claim, ...], changes: dict[int, Change], added: list[Change]) -> str:
    """One line of the reader; says what was done.

    Raises:
        UsageError: It is not understood, or not a value of the field.
    """
    if dropped := re.fullmatch(r"-\s*(\d+)", typed):
        claim = _nth(before, int(dropped[1]))
        changes[int(dropped[1])] = (claim, None)
        return f"dropped: {field(claim.field).label} {plain(str(claim.value))}"
    name, equals, value = typed.partition("=")
    name = name.strip()
    if not equals:
        raise UsageError(f"{plain(typed)} is not understood. {HELP}")
    if name.isdecimal():
        claim = _nth(before, int(name))
        changes[int(name)] = (claim, parsed(claim.field, value))
        return f"{field(claim.field).label}: {plain(value.strip())} in place of {plain(str(claim.value))}"
    added.append((None, parsed(name, value)))
    return f"added: {plain(name)} {plain(value.strip())}"


def _nth(claims: tuple[Claim, ...], number: int) -> Claim:
    if not 1 <= number <= len(claims):
        raise UsageError(f"there is no value {number}; they are 1 to {len(claims)}")
    return claims[number - 1]
