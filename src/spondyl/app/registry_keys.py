"""Single keys: from a terminal, or from a stream where there is none; what they mean is a table that can be changed."""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import IO, Literal, Protocol, get_args

from spondyl.app.notices import plain
from spondyl.record import UsageError

__all__ = ["Action", "Keys", "StreamKeys", "TerminalKeys", "actions", "named", "typed"]

Action = Literal["accept", "correct", "reject", "not_stated", "note", "skip", "back", "undo", "keys", "quit"]
_NAMES = {"\n": "enter", "\r": "enter", " ": "space", "\t": "tab", "\x7f": "backspace", "\b": "backspace",
          "\x1b": "esc", "\x04": "ctrl-d", "\x15": "ctrl-u"}  # fmt: skip
_ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left"}
_NAMED = frozenset({*_NAMES.values(), *_ARROWS.values()})


class Keys(Protocol):
    """Where keys come from."""

    def next(self) -> str | None:
        """The next key: a character, or a name such as "enter"; `None` at the end."""


class StreamKeys:
    """Keys from a stream of text, for scripts and tests.

    Args:
        stream: The stream.

    Example:
        >>> import io
        >>> keys = StreamKeys(io.StringIO("a\\n"))
        >>> keys.next(), keys.next(), keys.next()
        ('a', 'enter', None)
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def next(self) -> str | None:
        """The next key; `None` at the end of the stream."""
        read = self._stream.read(1)
        return named(read) if read else None


class TerminalKeys:
    """Keys as they are pressed, without waiting for Enter.

    Args:
        file: The terminal's file number.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @contextlib.contextmanager
    def open(self) -> Iterator[TerminalKeys]:
        """The terminal gives key by key within, and is as it was before afterwards."""
        import termios
        import tty

        before = termios.tcgetattr(self._file)
        try:
            tty.setcbreak(self._file)
            yield self
        finally:
            termios.tcsetattr(self._file, termios.TCSADRAIN, before)

    def next(self) -> str | None:
        """The next key; `None` where the terminal is gone."""
        letter = ""
        while not letter:
            byte = os.read(self._file, 1)
            if not byte:
                return None
            letter = self._decoder.decode(byte)
        return self._escaped() if letter == "\x1b" else named(letter)

    def _escaped(self) -> str:
        """What follows an escape at once belongs to it: an arrow, or a key that is not used."""
        sequence = ""
        while select.select([self._file], [], [], 0.03)[0]:
            sequence += os.read(self._file, 1).decode("ascii", "replace")
            if sequence[-1].isalpha() or sequence[-1] == "~":
                break
        return _ARROWS.get(sequence[-1:], "other") if sequence else "esc"


def named(letter: str) -> str:
    """A key by its character.

    Example:
        >>> named("a"), named("\\r"), named("\\x01")
        ('a', 'enter', 'other')
    """
    return _NAMES.get(letter) or (letter if letter.isprintable() else "other")


def actions(path: Path | None = None) -> dict[str, Action]:
    """Key → what it does.

    Args:
        path: A TOML file with keys of one's own; actions that it does not name keep theirs.

    Raises:
        UsageError: The file cannot be read, names what is no action or no key, or gives a key twice.

    Example:
        >>> actions()["a"], actions()["enter"]
        ('accept', 'accept')
    """
    table = tomllib.loads(resources.files("spondyl.app").joinpath("registry_keys.toml").read_text("utf-8"))
    own = _own(path) if path else {}
    out: dict[str, Action] = {}
    for action in get_args(Action):
        for key in _listed(own.get(action, table[action]), f"{path}: {action}"):
            if key in out:
                raise UsageError(f"{path}: the key {key} is given to {out[key]} and to {action}; change one")
            out[key] = action
    return out


def _own(path: Path) -> Mapping[str, object]:
    try:
        own = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); name a TOML file with keys") from None
    except ValueError as error:
        raise UsageError(f'{path}: no TOML ({error}); write lines such as accept = "j"') from None
    if unknown := [name for name in own if name not in get_args(Action)]:
        raise UsageError(f"{path}: no action {plain(unknown[0])}; they are {', '.join(get_args(Action))}")
    return own


def _listed(keys: object, where: str) -> list[str]:
    out = [keys] if isinstance(keys, str) else keys
    if not isinstance(out, list) or not out or not all(isinstance(key, str) for key in out):
        raise UsageError(f"{where}: expected a key, or a list of keys")
    for key in out:
        if key.isdigit() or (key not in _NAMED and (len(key) != 1 or not key.isprintable() or key == " ")):
            names = ", ".join(sorted(_NAMED))
            raise UsageError(f"{where}: {plain(key)!r} is no key; give a character, or one of {names}")
    return out


def typed(keys: Keys, text: str = "") -> Iterator[tuple[str, str]]:
    """A line as it is typed: after every key the text so far, and at last "enter", or "esc" where it was left.

    Args:
        keys: Where keys come from.
        text: What stands in the line at first.

    Example:
        >>> import io
        >>> list(typed(StreamKeys(io.StringIO("49\\x7f8\\n"))))[-1]
        ('48', 'enter')
    """
    yield text, ""
    while True:
        key = keys.next()
        if key in (None, "esc", "ctrl-d"):
            yield text, "esc"
            return
        if key == "enter":
            yield text, "enter"
            return
        assert key is not None
        if key == "backspace":
            text = text[:-1]
        elif key == "ctrl-u":
            text = ""
        elif key == "space" or len(key) == 1:
            text += " " if key == "space" else key
        yield text, ""
