"""Bytes → text: encodings, and what is no text at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from spondyl.record import ReadError

__all__ = ["LIMIT", "decoded", "load"]

LIMIT = 100 * 1024 * 1024
"""Largest file that is read, in bytes (100 MB); a larger one is refused before it is opened."""

_MAGIC = (
    (b"%PDF-", "a PDF"), (b"PK\x03\x04", "a zip archive (a Word, Excel or EPUB file, perhaps)"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"), (b"{\\rtf", "an RTF document"), (b"\x89PNG",
    "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"), (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"), (b"\x1f\x8b", "a gzip archive"), (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"), (b"7z\xbc\xaf", "a 7z archive"), (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"), (b"SQLite format 3", "a database"), (b"%!PS", "a PostScript file"),
)  # fmt: skip
_CONTROL = bytes(c for c in range(32) if c not in b"\t\n\v\f\r\x1a\x1c\x1d\x1e\x1f") + b"\x7f"
_HIGH = bytes(range(128, 256))
_BOMS = ((b"\xff\xfe\x00\x00", "utf-32-le"), (b"\x00\x00\xfe\xff", "utf-32-be"), (b"\xff\xfe", "utf-16-le"),
         (b"\xfe\xff", "utf-16-be"))  # fmt: skip


def load(path: str | Path) -> bytes:
    """The bytes of a file.

    Args:
        path: The file.

    Returns:
        Its bytes, `LIMIT` at most.

    Raises:
        ReadError: No such file, no regular file, no permission, empty, or larger than `LIMIT`.
    """
    where = str(path)
    try:
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode):
            raise ReadError(_irregular(info.st_mode), where, "give a file")
        if info.st_size > LIMIT:
            raise _too_large(info.st_size, where)
        with open(path, "rb") as file:
            data = file.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(error, where) from None
    if len(data) > LIMIT:
        raise _too_large(len(data), where)
    if not data:
        raise ReadError("the file is empty", where, "download or export it again")
    return data


def decoded(data: bytes, where: str) -> str:
    """The text of a plain file, unchanged: a byte order mark and carriage returns stay.

    Args:
        data: The bytes.
        where: The path, for messages.

    Returns:
        The text, from UTF-8, UTF-16, UTF-32, or else Windows-1252 or Latin-1.

    Raises:
        ReadError: The bytes are no text.

    Example:
        >>> decoded(b"a lesion of the caf\\xe9", "a.txt")
        'a lesion of the café'
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, where)
    if b"\0" in data and (wide := _wide(data)):
        return _strict(data, wide, where)
    _refuse_binary(data, where)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _eight_bit(data, where)


def _eight_bit(data: bytes, where: str) -> str:
    cut = data[: 1 << 20]
    if len(cut) - len(cut.translate(None, _HIGH)) > 0.4 * len(cut):
        raise ReadError(
            "the bytes are neither text in UTF-8 nor in a Western encoding", where, "save it as UTF-8"
        )
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _strict(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"the file claims to be {encoding.upper()} but breaks off at byte {error.start}"
        raise ReadError(what, where, "save it as UTF-8") from None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: Western text has a zero in every other byte."""
    even, odd = data[0:4096:2], data[1:4096:2]
    if len(odd) < 2:
        return None
    if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def _refuse_binary(data: bytes, where: str) -> None:
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise ReadError(
                f"this is {name}, not plain text",
                where,
                "give it the suffix it should have, or export it as text",
            )
    control = len(data) - len(data.translate(None, _CONTROL))
    if b"\0" in data or control > max(4, len(data) // 200):
        raise ReadError("this is binary data, not text", where, "export it as text or PDF")


def _too_large(size: int, where: str) -> ReadError:
    what = f"the file has {size / 2**20:.0f} MB, at most {LIMIT >> 20} MB are read"
    return ReadError(what, where, "split it, or check that it is a paper")


def _irregular(mode: int) -> str:
    return "this is a directory, not a file" if stat.S_ISDIR(mode) else "this is no regular file"


def _unreadable(error: OSError | ValueError, where: str) -> ReadError:
    if isinstance(error, FileNotFoundError):
        return ReadError("there is no such file", where, "check the path")
    if isinstance(error, PermissionError):
        return ReadError("no permission to read the file", where, "allow reading it (chmod +r)")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ReadError(f"the file cannot be opened ({reason})", where, "check the path and the disk")
