"""Office files are zip archives; here they get the same bytes whenever they are written."""

from __future__ import annotations

import io
import re
import zipfile

__all__ = ["EPOCH", "clean", "steady"]

EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def steady(archive: bytes) -> bytes:
    """The archive with fixed times in its entries and in its properties.

    Args:
        archive: A .docx or .xlsx file.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z\2", data)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            new.writestr(entry, data)
    return out.getvalue()


def clean(text: str) -> str:
    r"""Text without the characters that XML cannot hold.

    Example:
        >>> clean("C5\x00 and\tC6")
        'C5 and\tC6'
    """
    return _FORBIDDEN.sub("", text)
