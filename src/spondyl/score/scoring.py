"""`spondyl.score.score`: a sheet by name, answers by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spondyl.record import Case
from spondyl.score.engine import compute
from spondyl.score.filling import fill
from spondyl.score.loading import load
from spondyl.score.model import SheetBase
from spondyl.score.result import Result

__all__ = ["score"]


def score(
    sheet: str | Any, items: Mapping[str, Any] | None = None, /, *, case: Case | None = None, **more: Any
) -> Result:
    """Score one patient, lesion, specimen, course or procedure.

    Args:
        sheet: A sheet, its id ("sins"), or the path of a TOML file of one's own.
        items: Answers by item, where their names are no Python names.
        case: A case record that answers what is not given here.
        more: Answers by item: an answer's id, or what a clinician knows (`location="C7"`, `general="KPS 70"`).

    Returns:
        The result; what is missing makes an interval or, where the sheet says so, a refusal. Nothing is imputed.

    Raises:
        UsageError: There is no such sheet, item or answer; the message names the right ones.

    Source:
        Each sheet names its own: `result.sheet.citations`.

    Example:
        >>> result = score("sins", location="C7", bone="lytic", alignment="normal", collapse="none",
        ...                posterolateral="unilateral")
        >>> result.interval, result.band, result.missing
        ('6–9', None, ('pain',))
        >>> result.find_out[0].words
        'pain decides: 6–9, stable or indeterminate / potentially unstable'
    """
    chosen = sheet if isinstance(sheet, SheetBase) else load(str(sheet))
    filled = fill(chosen, case) if case else {}  # type: ignore[arg-type]
    return compute(chosen, {**(items or {}), **more}, filled)  # type: ignore[arg-type]
