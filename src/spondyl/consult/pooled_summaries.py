"""Random-effects pools of what papers say of groups: hazard ratios, medians of survival, shares."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from spondyl.cohort import leave_one_out, log_median, log_ratio, logit_share, pool_effects
from spondyl.cohort.pooling import Effect, Pooled
from spondyl.consult.groups import same_group
from spondyl.consult.pooled_flow import matches
from spondyl.consult.pooled_inputs import PoolInputs, Publication, known
from spondyl.record import Statement, UsageError
from spondyl.words.where import Where

__all__ = ["LeftOut", "Summary", "summaries"]

Kind = Literal["ratio", "median", "share"]


@dataclass(frozen=True)
class LeftOut:
    """A statement that is not pooled: whose, its words, and why."""

    cite: str
    words: str
    why: str


@dataclass(frozen=True)
class Summary:
    """One quantity over studies.

    Args:
        kind: "ratio", "median" or "share".
        of: What was measured, as asked or as the papers say it.
        effects: One per study, labelled by citation, on the scale of the pool.
        studies: Their ids.
        words: The words each rests on.
        pooled: REML with Knapp and Hartung's guarded interval; `None` for a single study.
        bare: The same without the guard.
        dersimonian: DerSimonian and Laird with the normal interval, for comparison.
        left: The pool without each study in turn.
        left_out: Statements that are not pooled.
    """

    kind: Kind
    of: str
    effects: tuple[Effect, ...]
    studies: tuple[str, ...]
    words: tuple[str, ...]
    pooled: Pooled | None
    bare: Pooled | None
    dersimonian: Pooled | None
    left: tuple[tuple[str, Pooled], ...]
    left_out: tuple[LeftOut, ...]

    def back(self, value: float) -> float:
        """A value of the pool's scale as it is printed: a ratio, months, or a share."""
        return 1 / (1 + math.exp(-value)) if self.kind == "share" else math.exp(value)


@dataclass(frozen=True)
class _Found:
    """A statement with its study."""

    publication: Publication
    cite: str
    statement: Statement
    fields: Mapping[str, Any]

    @property
    def words(self) -> str:
        """The words it rests on, or the row it stands in."""
        said = self.statement
        if said.quotes:
            return said.quotes[0].text
        shown = "–" if said.value is None else f"{said.value:g}"
        return f"{said.of or said.quantity} {shown} ({self.publication.paper.source})"


def summaries(
    inputs: PoolInputs, where: Where | None = None, ratios: Sequence[str] = (), shares: Sequence[str] = ()
) -> tuple[Summary, ...]:
    """Pool what studies report of their groups.

    Medians of survival are always looked for. Hazard ratios are pooled where two studies name the same covariate in the
    same words, or for the words asked for; shares only where they are asked for, because what they measure is told in
    words that differ from paper to paper.

    Args:
        inputs: The studies.
        where: The condition; a group must be known to fulfil it.
        ratios: Words of covariates whose hazard ratios are wanted.
        shares: Words of what is counted.
    """
    out: list[Summary] = []
    medians = list(_found(inputs, _is_median))
    if medians:
        out += _made("median", "overall survival", medians, where)
    all_ratios = list(_found(inputs, lambda s: s.quantity == "hazard_ratio"))
    for words in ratios:
        out += _made("ratio", words, [f for f in all_ratios if _says(f.statement.of, words)], where, True)
    if not ratios:
        for of, some in _alike(all_ratios).items():
            out += _made("ratio", of, some, where)
    counted = list(_found(inputs, lambda s: s.quantity in ("count", "share")))
    for words in shares:
        out += _made("share", words, [f for f in counted if _says(f.statement.of, words)], where, True)
    return tuple(out)


def _found(inputs: PoolInputs, wanted: Callable[[Statement], bool]) -> Iterator[_Found]:
    for one in inputs.publications:
        for statement, fields in one.statements:
            if (statement.value is not None or statement.quantity == "count") and wanted(statement):
                yield _Found(one, inputs.cited[one.paper.id].cite, statement, fields)


def _is_median(statement: Statement) -> bool:
    said = " ".join(re.findall(r"[a-z]+", statement.of.casefold()))
    words, bad = known()["median"]["words"], known()["median"]["not"]
    return (
        statement.quantity == "median"
        and any(re.search(rf"\b{w}\b", said) for w in words)
        and not any(re.search(rf"\b{w}", said) for w in bad)
    )


def _says(of: str, words: str) -> bool:
    return all(w in of.casefold() for w in words.casefold().split())


def _alike(found: Sequence[_Found]) -> dict[str, list[_Found]]:
    """Hazard ratios by their covariate, where two studies name it in the same words."""
    by: dict[str, list[_Found]] = {}
    for one in found:
        by.setdefault(" ".join(one.statement.of.casefold().split()), []).append(one)
    return {of: some for of, some in by.items() if len({f.cite for f in some}) > 1}


def _made(
    kind: Kind, of: str, found: Sequence[_Found], where: Where | None, asked: bool = False
) -> list[Summary]:
    left_out: list[LeftOut] = []
    effects: list[Effect] = []
    used: list[_Found] = []
    for study in dict.fromkeys(f.publication.paper.id for f in found):
        mine = [f for f in found if f.publication.paper.id == study]
        chosen = _chosen(mine, kind, where, left_out)
        if chosen is not None:
            used.append(chosen[0])
            effects.append(chosen[1])
    if not effects and not asked and not left_out:
        return []
    many = len(effects) > 1
    return [
        Summary(
            kind, of, tuple(effects), tuple(f.publication.paper.id for f in used), tuple(f.words for f in used),
            pool_effects(effects) if many else None,
            pool_effects(effects, spread="knapp-hartung") if many else None,
            pool_effects(effects, "DL", "normal") if many else None,
            leave_one_out(effects), tuple(left_out),
        )
    ]  # fmt: skip


def _chosen(
    mine: Sequence[_Found], kind: Kind, where: Where | None, left_out: list[LeftOut]
) -> tuple[_Found, Effect] | None:
    """The one statement of a study that is pooled; where several differ, that of the largest group, or none."""
    usable: list[tuple[_Found, Effect]] = []
    for one in mine:
        fields = _group_fields(one)
        if fields is None:
            left_out.append(LeftOut(one.cite, one.words, "its group is not known to be the paper's own"))
            continue
        if refused := matches(where, fields):
            left_out.append(LeftOut(one.cite, one.words, f"the group {refused.why}: {refused.words}"))
            continue
        try:
            usable.append((one, _effect(one, kind)))
        except UsageError as error:
            left_out.append(LeftOut(one.cite, one.words, str(error).removeprefix(f"{one.cite}: ")))
    most = max((f.statement.n or 0 for f, _ in usable), default=0)
    largest = [(f, e) for f, e in usable if (f.statement.n or 0) == most]
    if len({(round(e.value, 6), round(e.se, 6)) for _, e in largest}) > 1:
        for one, _ in largest:
            left_out.append(
                LeftOut(one.cite, one.words, "the study gives several such values; none was chosen")
            )
        return None
    return largest[0] if largest else None


def _group_fields(one: _Found) -> Mapping[str, Any] | None:
    """What is known of the group a statement is about; `None` where it is no group of the paper's own.

    A paper also quotes what others found; their numbers belong to another study.
    """
    if one.publication.table:
        return one.fields
    for case in one.publication.cases:
        if case.kind == "group" and not case.reported_by and same_group(case, one.statement.group):
            return case.fields
    return None


def _effect(one: _Found, kind: Kind) -> Effect:
    s, events = one.statement, one.fields.get("events")
    value = s.value if s.value is not None else math.nan
    if kind == "ratio":
        if s.low is None or s.high is None:
            raise UsageError("no interval is given")
        return log_ratio(one.cite, value, s.low, s.high)
    if kind == "median":
        unit = known()["median"]["units"].get(s.unit or "months")
        if unit is None:
            raise UsageError(f"its unit {s.unit} is not known")
        low, high = (v * unit if v is not None else None for v in (s.low, s.high))
        if (low is None or high is None) and events is None:
            raise UsageError("neither an interval nor the number of deaths is given")
        return log_median(one.cite, value * unit, low, high, events)
    count, whole = (s.n, s.denominator) if s.quantity == "count" else (None, s.n)
    if s.quantity == "share" and whole:
        share = value / 100 if (s.unit or "percent") == "percent" else value
        count = round(share * whole)
    if count is None or not whole:
        raise UsageError("the count or its denominator is not given")
    return logit_share(one.cite, count, whole)
