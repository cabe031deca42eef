"""The errors of Spondyl.

SpondylError            anything Spondyl raises on purpose
├── ReadError           an input could not be read (carries what, where, how to mend it)
├── RecordError         a record breaks a rule of its own (a quote that is not in its paper)
├── LexiconError        a knowledge file that ships with Spondyl is malformed
├── DecisionError       a file of decisions cannot be applied
├── SheetError          a score sheet is malformed (carries file, key, how to mend it)
├── RegistryError       a registry cannot be opened, or refuses what it is given
│   └── StaleError      an edit of a case that somebody else has changed meanwhile
└── UsageError          a call or a command with arguments that make no sense
"""

from __future__ import annotations

__all__ = [
    "DecisionError",
    "LexiconError",
    "ReadError",
    "RecordError",
    "RegistryError",
    "SheetError",
    "SpondylError",
    "StaleError",
    "UsageError",
]


class SpondylError(Exception):
    """Anything Spondyl raises on purpose."""


class ReadError(SpondylError):
    """An input could not be read.

    Args:
        what: What was found, in plain words.
        where: The path, with page or offset where known.
        mend: What the user can do about it.

    Example:
        >>> str(ReadError("the file is empty", "a.pdf", "download it again"))
        'a.pdf: the file is empty; download it again'
    """

    def __init__(self, what: str, where: str, mend: str) -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(f"{where}: {what}; {mend}")

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str, str]]:
        return type(self), (self.what, self.where, self.mend)


class RecordError(SpondylError):
    """A record breaks one of its own rules, for example a quote that its paper does not contain."""


class LexiconError(SpondylError):
    """A knowledge file that ships with Spondyl is malformed."""


class DecisionError(SpondylError):
    """A file of decisions cannot be read or applied."""


class SheetError(SpondylError):
    """A score sheet is malformed.

    Args:
        file: The file.
        key: Where in it, as a dotted path ("items.pain.options").
        what: What was found there.
        mend: What to do about it.

    Example:
        >>> str(SheetError("my.toml", "bands", "no band holds 7", "close the gap"))
        'my.toml: bands: no band holds 7; close the gap'
    """

    def __init__(self, file: str, key: str, what: str, mend: str) -> None:
        self.file, self.key, self.what, self.mend = file, key, what, mend
        super().__init__(f"{file}: {key}: {what}; {mend}")

    def __reduce__(self) -> tuple[type[SheetError], tuple[str, str, str, str]]:
        return type(self), (self.file, self.key, self.what, self.mend)


class RegistryError(SpondylError):
    """A registry cannot be opened, or refuses what it is given."""


class StaleError(RegistryError):
    """An edit of a case that somebody else has changed meanwhile; says what stands there and what was to be set."""


class UsageError(SpondylError):
    """A call or a command was given arguments that make no sense together."""
