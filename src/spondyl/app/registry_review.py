"""`spondyl registry review`: claim by claim, a key each; every decision is kept at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rich.console import Console

from spondyl.app.registry_keys import Action, Keys, StreamKeys, TerminalKeys, actions, typed
from spondyl.app.registry_review_view import Shown, View, value_words
from spondyl.app.status import FINE
from spondyl.consult.vocabulary import parsed
from spondyl.record import LIST_FIELDS, Decision, DecisionError, StaleError, UsageError, Value
from spondyl.registry import Registry
from spondyl.registry.reviewing import Item, Place, Plan

__all__ = ["Session", "planned", "review"]

Verdict = Literal["accept", "correct", "reject", "not stated", "note"]


@dataclass(frozen=True)
class _Done:
    """What one key, or one typed line, came to: entries of the log, and the places they settled."""

    at: int
    numbers: tuple[int, ...]
    settled: frozenset[Place]


@dataclass
class Session:
    """A reviewer at work.

    Args:
        registry: The registry.
        wanted: What the reviewer wants to look at.
        keys: Where keys come from.
        view: What draws.
        meaning: Key → action.
    """

    registry: Registry
    wanted: Plan
    keys: Keys
    view: View
    meaning: Mapping[str, Action] = field(default_factory=actions)
    at: int = 0
    said: str = ""
    done: list[_Done] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def run(self) -> int:
        """Look at one thing after the other, until all is done or the reviewer leaves.

        Returns:
            How many decisions were taken, less those taken back.
        """
        self.places = self.registry.plan(self.wanted)
        while (place := self._next()) is not None:
            item = self.registry.item(place, self.wanted)
            self._draw(item)
            key = self.keys.next()
            if key is None or key == "ctrl-d" or self.meaning.get(key) == "quit":
                break
            self.said = ""
            self._act(key, item)
        return self.count

    @property
    def count(self) -> int:
        """Decisions taken and not taken back."""
        return sum(len(one.numbers) for one in self.done)

    @property
    def left(self) -> int:
        """Places nobody has settled."""
        settled = self._settled
        return sum(place not in settled for place in self.places)

    @property
    def _settled(self) -> set[Place]:
        return {place for one in self.done for place in one.settled}

    def _next(self) -> Place | None:
        """The place to look at: this one, or the next that is not settled; at the end those that were skipped."""
        settled = self._settled
        rest = [n for n, place in enumerate(self.places) if place not in settled]
        ahead = [n for n in rest if n >= self.at]
        if rest and not ahead:
            self.said = f"{self.said}; " * bool(self.said) + "what was skipped comes again"
        self.at = (ahead or rest or [len(self.places)])[0]
        return self.places[self.at] if rest else None

    def _draw(self, item: Item, typing: tuple[str, str] | None = None) -> None:
        shown = Shown(
            self.wanted,
            self.at + 1,
            len(self.places),
            self.left,
            self.said,
            self.meaning,
            typing,
            self.registry.name,
        )
        self.view.draw(item, shown)

    def _act(self, key: str, item: Item) -> None:
        if key.isdecimal() and len(key) == 1:
            self._take(int(key), item)
            return
        action = self.meaning.get(key)
        if action is None:
            self.said = f"{key} is no key here; ? lists them"
            return
        work: dict[Action, Callable[[Item], None]] = {
            "accept": self._accept, "correct": self._correct, "reject": self._reject, "not_stated": self._silent,
            "note": self._note, "skip": self._skip, "back": self._back, "undo": self._undo, "keys": self._help,
        }  # fmt: skip
        work[action](item)

    def _accept(self, item: Item) -> None:
        if item.place.value is None:
            many = " or a number of the list" if item.candidates else ""
            self.said = f"there is no value to accept; type one{many}, or say that it is not stated"
        else:
            self._decide(item, [("accept", item.place.value, None)])

    def _reject(self, item: Item) -> None:
        if item.place.value is None:
            self.said = "there is no value to reject; say that it is not stated"
        else:
            self._decide(item, [("reject", item.place.value, None)])

    def _silent(self, item: Item) -> None:
        self._decide(item, [("not stated", None, None)])

    def _take(self, number: int, item: Item) -> None:
        """One of the values that are listed."""
        if not 1 <= number <= len(item.candidates):
            self.said = f"there is no value {number}"
            return
        chosen = item.candidates[number - 1]
        if chosen.value is None:
            self._silent(item)
        elif chosen.held:
            self._decide(item, [("accept", chosen.value, None)])
        else:
            self._decide(item, [("correct", item.place.value, chosen.value)])

    def _correct(self, item: Item) -> None:
        text, as_typed = "", ""
        while (line := self._line(item, "value", text)) is not None:
            try:
                values = parsed(item.place.field, line, as_typed=line == as_typed)
                break
            except UsageError as error:
                text, self.said = line, str(error)
                as_typed = line
                if "no " in self.said and "known" in self.said:
                    self.said += "  (Enter again keeps it as typed)" if self._free(item) else ""
        else:
            self.said = "nothing was changed"
            return
        self.said = ""
        self._decide(item, _corrections(item.place, values))

    def _free(self, item: Item) -> bool:
        """Whether a field may hold words that no vocabulary knows."""
        try:
            parsed(item.place.field, "a word of no vocabulary", as_typed=True)
        except UsageError:
            return item.place.field == "ihc"
        return True

    def _note(self, item: Item) -> None:
        line = self._line(item, "note", "")
        if line:
            self._decide(item, [("note", item.place.value, None)], line)

    def _line(self, item: Item, what: str, begun: str) -> str | None:
        """A line that is typed; `None` where the reviewer left it."""
        for text, ended in typed(self.keys, begun):
            if ended:
                return text.strip() if ended == "enter" else None
            self._draw(item, (what, text))
        return None

    def _skip(self, item: Item) -> None:
        self.at += 1

    def _back(self, item: Item) -> None:
        settled = self._settled
        before = [n for n in range(self.at) if self.places[n] not in settled]
        self.at = before[-1] if before else self.at
        self.said = "" if before else "this is the first; undo goes back to what was decided"

    def _undo(self, item: Item) -> None:
        if not self.done:
            self.said = "nothing was decided here yet; spondyl registry undo takes back earlier decisions"
            return
        last = self.done.pop()
        self.at, self.said = last.at, "taken back"
        try:
            for number in reversed(last.numbers):
                self.registry.take_back(number)
        except DecisionError as error:
            self.said = str(error)

    def _help(self, item: Item) -> None:
        self.view.help(self.meaning)
        self.keys.next()

    def _decide(
        self, item: Item, verdicts: Sequence[tuple[Verdict, Value | None, Value | None]], note: str = ""
    ) -> None:
        """Enter decisions; a case somebody else changed meanwhile is shown again."""
        numbers: list[int] = []
        revision = item.entry.revision
        try:
            for verdict, value, corrected in verdicts:
                decision = self._decision(item, verdict, value, corrected, note)
                revision = self.registry.decide(decision, revision).revision
                numbers.append(self.registry.last(item.entry))
        except (StaleError, DecisionError) as error:
            self.said = str(error)
        if numbers:
            noted = verdicts[0][0] == "note"
            settled = frozenset() if noted else self._settles(item.place, verdicts)
            self.done.append(_Done(self.at, tuple(dict.fromkeys(numbers)), settled))
            self.said = self.said or _told(item, verdicts)

    def _decision(
        self, item: Item, verdict: Verdict, value: Value | None, corrected: Value | None, note: str
    ) -> Decision:
        quote = item.claim.quotes[0] if item.claim and item.claim.quotes else None
        words = {"start": quote.start, "end": quote.end} if quote and value == item.place.value else {}
        return Decision(
            paper=item.entry.paper, case=item.entry.case.case, field=item.place.field, value=value,
            verdict=verdict, corrected=corrected, by=self.wanted.by, note=note, **words,
        )  # fmt: skip

    def _settles(
        self, place: Place, verdicts: Sequence[tuple[Verdict, Value | None, Value | None]]
    ) -> frozenset[Place]:
        whole = place.field not in LIST_FIELDS or verdicts[0][0] == "not stated"
        named = {v for _, value, corrected in verdicts for v in (value, corrected)}
        return frozenset(
            p for p in self.places
            if (p.case, p.field) == (place.case, place.field) and (whole or p.value in named or p == place)
        )  # fmt: skip


def _corrections(place: Place, values: Sequence[Value]) -> list[tuple[Verdict, Value | None, Value | None]]:
    """Typed values as decisions: the one read is kept if it is among them, else the first takes its place."""
    if place.value in values:
        first: tuple[Verdict, Value | None, Value | None] = ("accept", place.value, None)
        rest = [v for v in values if v != place.value]
    else:
        first, rest = ("correct", place.value, values[0]), list(values[1:])
    return [first, *(("correct", None, value) for value in rest)]


def _told(item: Item, verdicts: Sequence[tuple[Verdict, Value | None, Value | None]]) -> str:
    """The last decision in a line."""
    parts = []
    for verdict, value, corrected in verdicts:
        old, new = (value_words(item.place.field, v) for v in (value, corrected))
        words = {
            "accept": f"{old} accepted",
            "reject": f"{old} rejected",
            "not stated": "not stated",
            "note": "noted",
        }
        parts.append(
            words.get(verdict) or (f"{old} corrected to {new}" if value is not None else f"{new} added")
        )
    return f"{item.place.field}: {', '.join(parts)}"


def planned(
    by: str,
    only: Sequence[str],
    first: Literal["differences", "doubtful", "order"],
    blind: bool,
    adjudicate: bool,
) -> Plan:
    """What the command line asks to look at.

    Raises:
        UsageError: A filter makes no sense.

    Example:
        >>> planned("A. Reviewer", ["field=levels", "doubtful"], "order", False, False).fields
        ('levels',)
    """
    chosen: dict[str, list[str]] = {"field": [], "paper": [], "doubtful": [], "differences": []}
    for word in only:
        kind, _, name = word.partition("=")
        if kind not in chosen or bool(name) != (kind in ("field", "paper")):
            raise UsageError(f"--only {word}: expected doubtful, differences, field=FIELD or paper=ID")
        chosen[kind].append(name)
    return Plan(
        by, tuple(chosen["field"]), tuple(chosen["paper"]), bool(chosen["doubtful"]), first, blind, adjudicate,
        bool(chosen["differences"]),
    )  # fmt: skip


def review(place: str, wanted: Plan, keys_file: Path | None = None) -> int:
    """Review a registry, in a terminal or with keys from standard input.

    Args:
        place: The registry.
        wanted: What to look at, by whom.
        keys_file: Keys of the reviewer's own.
    """
    meaning = actions(keys_file)
    with Registry(place, wanted.by, create=False) as registry:
        chosen = Plan(**{**wanted.__dict__, "by": registry.by})
        if sys.stdin.isatty() and sys.stdout.isatty():
            session = _in_terminal(registry, chosen, meaning)
        else:
            console = Console(highlight=False, soft_wrap=False, width=100, no_color=True)
            session = Session(registry, chosen, StreamKeys(sys.stdin), View(console), meaning)
            session.run()
    print(
        f"{session.count} {'decision' if session.count == 1 else 'decisions'}, {session.left} left to look at"
    )
    return FINE


def _in_terminal(registry: Registry, wanted: Plan, meaning: Mapping[str, Action]) -> Session:
    console = Console(highlight=False)
    with TerminalKeys(sys.stdin.fileno()).open() as keys, console.screen(hide_cursor=True):
        session = Session(registry, wanted, keys, View(console, full=True), meaning)
        try:
            session.run()
        except KeyboardInterrupt:
            session.said = ""
    return session
