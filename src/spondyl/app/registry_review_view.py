"""What a reviewer sees: the value, its words in their paragraph, what was decided before, the keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import get_args

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from spondyl.app.notices import plain
from spondyl.app.registry_keys import Action
from spondyl.present.catalog import field as known
from spondyl.present.catalog import printed
from spondyl.record import LIST_FIELDS, Claim, Value
from spondyl.registry.passages import Passage
from spondyl.registry.reviewing import Item, Plan
from spondyl.registry.rows import Logged

__all__ = ["Shown", "View", "value_words"]

STATES, SUPPORTS, VALUE, QUIET, WARNS = "bold black on yellow", "underline yellow", "bold", "dim", "bold red"
_WORDS: Mapping[Action, str] = {
    "accept": "accept", "correct": "correct", "reject": "reject", "not_stated": "not stated", "note": "note",
    "skip": "skip", "back": "back", "undo": "undo", "keys": "all keys", "quit": "quit",
}  # fmt: skip
_EXPLAINED: Mapping[Action, str] = {
    "accept": "the value is right", "correct": "type the right value; Esc leaves it",
    "reject": "the value is wrong, and no other is known", "not_stated": "the paper does not say; empties the field",
    "note": "a remark that changes nothing", "skip": "look at it later", "back": "to the one before",
    "undo": "take back what was decided last, by a further entry in the log", "keys": "this list",
    "quit": "leave; everything decided is kept, and the next session goes on here",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What the screen tells beside the item itself.

    Args:
        wanted: What the reviewer wants to look at.
        number, total, left: Which item of how many this is, and how many nobody has settled.
        said: What the last key came to.
        meaning: Key → action.
        typing: What is asked for, and the text typed so far.
        place: The registry.
    """

    wanted: Plan
    number: int
    total: int
    left: int
    said: str
    meaning: Mapping[str, Action]
    typing: tuple[str, str] | None
    place: str


def value_words(field: str, value: Value | None) -> str:
    """A value with its unit.

    Example:
        >>> value_words("follow_up_months", 12), value_words("sex", None)
        ('12 months', 'not stated')
    """
    if value is None:
        return "not stated"
    unit = known(field).unit
    return plain(printed(value)) + (f" {unit}" if unit and not isinstance(value, str) else "")


class View:
    """Draws items.

    Args:
        console: Where to.
        full: Whether every item has the whole screen; else items stand one below the other.
    """

    def __init__(self, console: Console, full: bool = False) -> None:
        self._console, self._full = console, full
        self._said = ""

    def draw(self, item: Item, shown: Shown) -> None:
        """One item."""
        if not self._full:
            if shown.typing is None:
                self._console.print(Group(*self._body(item, shown), *self._foot(shown)))
            elif shown.said and shown.said != self._said:
                self._console.print(Text(plain(shown.said)))
            self._said = shown.said
            return
        height = self._console.size.height
        foot = self._lines(Group(*self._foot(shown)))
        room = max(1, height - len(foot) - 1)
        body = self._fitting(item, shown, room)
        if len(body) > room:
            body = [*body[: room - 1], [Segment("  …")]]
        lines = [*body, *([] for _ in range(room - len(body))), *foot]
        self._console.clear()
        self._console.print(Segments([s for line in lines for s in (*line, Segment.line())]), end="")

    def _fitting(self, item: Item, shown: Shown, room: int) -> list[list[Segment]]:
        """The body, with less of the paragraph where the screen is small."""
        body = self._lines(Group(*self._body(item, shown)))
        if len(body) <= room or item.passage is None:
            return body
        words = self._lines(self._words(item.passage))
        most = (len(words) - 3 - (len(body) - room)) * (self._console.width - 5)
        cut = replace(item, passage=item.passage.within(max(40, most)))
        return self._lines(Group(*self._body(cut, shown)))

    def _lines(self, what: RenderableType) -> list[list[Segment]]:
        return self._console.render_lines(what, pad=False)

    def help(self, meaning: Mapping[str, Action]) -> None:
        """All keys with what they do."""
        table = Table(box=None, padding=(0, 2), show_header=False)
        for action in get_args(Action):
            keys = ", ".join(_key(k) for k, a in meaning.items() if a == action)
            table.add_row(Text(keys, VALUE), _WORDS[action], Text(_EXPLAINED[action], QUIET))
        table.add_row(Text("1 … 9", VALUE), "take", Text("one of the values that are listed", QUIET))
        if self._full:
            self._console.clear()
        self._console.print(Rule(" Keys ", align="left"), Padding(table, (1, 2)))
        self._console.print(Text("  any key goes back", QUIET))

    def _body(self, item: Item, shown: Shown) -> Iterator[RenderableType]:
        yield _head(shown)
        yield Rule(style=QUIET)
        yield _source(item)
        yield Text("")
        yield _value(item)
        for line in _circumstances(item, shown.wanted):
            yield Padding(line, (0, 0, 0, 4))
        yield Text("")
        yield self._words(item.passage) if item.passage else _no_words(item)

    def _words(self, passage: Passage) -> RenderableType:
        parts: list[RenderableType] = [_marked(passage, brackets=not self._full)]
        parts += [Text(f"… {words}", QUIET) for words in passage.elsewhere[:3]]
        title = "words" if passage.kept else "words alone: the paper's text is not kept"
        return Panel(Group(*parts), title=title, title_align="left", border_style=QUIET, padding=(0, 1))

    def _foot(self, shown: Shown) -> Iterator[RenderableType]:
        if shown.said:
            yield Text(f" {plain(shown.said)}", "bold")
        if shown.typing:
            what, text = shown.typing
            yield Text.assemble((f" {what}: ", VALUE), plain(text), ("▏", "blink"))
            yield Text(" Enter takes it, Esc leaves it", QUIET)
        else:
            yield _key_line(shown.meaning)


def _no_words(item: Item) -> RenderableType:
    where = item.claim.derivation if item.claim else None
    return Padding(Text(f"no words{f': {plain(where)}' if where else ''}", QUIET), (0, 4))


def _head(shown: Shown) -> Table:
    table = Table.grid(expand=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(justify="right", no_wrap=True)
    what = "adjudication" if shown.wanted.adjudicate else "blind review" if shown.wanted.blind else "review"
    left = Text.assemble((f" {what} ", "reverse"), f" {plain(shown.place)} · {plain(shown.wanted.by)}")
    table.add_row(left, Text(f"{shown.number} of {shown.total} · {shown.left} left ", QUIET))
    return table


def _source(item: Item) -> Text:
    about, authors = item.about, item.about["authors"] or []
    who = authors[0].partition(",")[0] + (" et al." if len(authors) > 1 else "") if authors else ""
    cited = ", ".join(str(part) for part in (who, about["year"]) if part)
    out = Text(no_wrap=True, overflow="ellipsis")
    out.append(f" {plain(item.entry.name)}", "cyan")
    out.append(f"  {plain(item.entry.case.label)}")
    out.append(f"\n {' · '.join(plain(t) for t in (about['title'] or '', cited) if t)}", QUIET)
    return out


def _value(item: Item) -> Text:
    name = item.place.field
    out = Text.assemble("  ", (f"{known(name).label}  ", QUIET))
    if item.place.value is None:
        return out.append("?" if item.place.why == "disagreement" else "nothing found", VALUE)
    return out.append(value_words(name, item.place.value), f"{VALUE} green")


def _circumstances(item: Item, wanted: Plan) -> Iterator[Text]:
    name, claim = item.place.field, item.claim
    if item.difference:
        decided, reads, why = item.difference
        yield Text(f"difference: {why}", WARNS)
        yield Text(f"decided {_several(name, decided)}; the newer extraction reads {_several(name, reads)}")
    if item.place.why == "disagreement":
        yield Text("two reviewers disagree; a third decision settles it", WARNS)
    if claim:
        yield _how(claim)
    if name in LIST_FIELDS and item.holds:
        yield Text(f"the field now holds {_several(name, item.holds)}", QUIET)
    for number, one in enumerate(item.candidates[:9], 1):
        yield Text.assemble(
            (f"{number} ", VALUE), f"{value_words(name, one.value)} ", (f"({plain(one.says)})", QUIET)
        )
    for logged in item.decided:
        yield _decided(logged)


def _how(claim: Claim) -> Text:
    out = Text(f"read by {plain(claim.method)}", QUIET)
    if claim.certainty == "doubtful":
        out.append(" · ", QUIET).append("doubtful", WARNS)
    elif claim.certainty == "derived":
        out.append(" · derived", QUIET)
    return out.append(f" · {plain(claim.derivation)}" if claim.derivation else "", QUIET)


def _several(name: str, values: tuple[Value, ...]) -> str:
    return ", ".join(value_words(name, v) for v in values) or "nothing"


def _decided(logged: Logged) -> Text:
    d = logged.decision
    about = "" if d.value is None else f" {value_words(d.field, d.value)}"
    now = "" if d.corrected is None else f" to {value_words(d.field, d.corrected)}"
    note = f" “{plain(d.note)}”" if d.note else ""
    return Text(f"{plain(d.by)}: {d.verdict}{about}{now}{note}  {logged.at[:10]}", "magenta")


def _marked(passage: Passage, brackets: bool) -> Text:
    """The paragraph with its words marked, by brackets where there is no colour."""
    out = Text(passage.text)
    for start, end in passage.supports:
        out.stylize(SUPPORTS, start, end)
    start, end = passage.states
    out.stylize(STATES, start, end)
    if not brackets:
        return out
    return Text.assemble(out[:start], "[", out[start:end], "]", out[end:])


def _key(key: str) -> str:
    arrows = {"left": "←", "right": "→", "up": "↑", "down": "↓", "enter": "Enter", "space": "Space"}
    return arrows.get(key, key)


def _key_line(meaning: Mapping[str, Action]) -> Text:
    """The first key of every action."""
    first: dict[Action, str] = {}
    for key, action in meaning.items():
        first.setdefault(action, key)
    out = Text(" ", no_wrap=False)
    for action in get_args(Action):
        out.append(f"{_key(first[action])}", VALUE).append(f"\N{NO-BREAK SPACE}{_WORDS[action]}  ", QUIET)
    return out
