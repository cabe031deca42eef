"""The patient's page on a terminal."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from spondyl.app.printable import plain
from spondyl.present.consultation import Consultation
from spondyl.present.consultation_flow import Block, Heading, Table, Words, flow

__all__ = ["as_text"]

STYLES = {
    "urgent": "bold red", "warning": "yellow", "for": "green", "against": "yellow", "unknown": "dim",
    "missing": "dim", "quiet": "italic dim", "basis": "dim",
}  # fmt: skip


def as_text(page: Consultation, width: int = 110, colour: bool = False) -> str:
    """The page as text, with the basis at its end.

    Args:
        page: The page.
        width: Of a line.
        colour: Whether the escapes of a terminal may be used.
    """
    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False, legacy_windows=False
    )  # fmt: skip
    for block in flow(page):
        console.print(*_drawn(block), sep="\n", end="\n")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _drawn(block: Block) -> list[RenderableType]:
    match block:
        case Heading():
            rule = "=" if block.level == 1 else "-"
            title = plain(block.text)
            return ["", Text(title, style="bold"), Text(rule * min(len(title), 110), style="cyan")]
        case Words():
            mark = {"urgent": "! ", "warning": "* ", "unknown": "? ", "missing": "? "}.get(block.tone, "")
            return [Padding(_text(block, mark), (0, 0, 0, 2 * block.depth))]
        case Table():
            return ["", _table(block), *_below(block)]
    return [Text(f"[figure: {plain(block.title)}]", style="dim")]


def _text(words: Words, mark: str = "") -> Text:
    text = Text(mark + plain(words.text), style=STYLES.get(words.tone, ""))
    if words.refs:
        text.append(f" [{words.refs}]", style="not bold dim cyan")
    return text


def _table(block: Table) -> RenderableType:
    count = len(block.rows[0])
    table = RichTable(
        title=Text(plain(block.title), style="bold"), title_justify="left", box=None, pad_edge=False,
        header_style="bold", show_header=bool(block.head),
    )  # fmt: skip
    for n in range(count):
        table.add_column(
            plain(block.head[n]) if block.head else "", overflow="fold", ratio=2 if n == 0 else 1
        )
    for row in block.rows:
        table.add_row(*(_text(cell) for cell in row))
    return table


def _below(block: Table) -> list[RenderableType]:
    """What belongs to the rows of a table, row by row."""
    out: list[RenderableType] = []
    for n, lines in block.below.items():
        out.append(Padding(Text(plain(block.rows[n][0].text), style="bold"), (0, 0, 0, 2)))
        out += [Padding(_text(words), (0, 0, 0, 2 + 2 * words.depth)) for words in lines]
    return out
