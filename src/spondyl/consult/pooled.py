"""Survival over published cases: Kaplan-Meier by group, tests within studies, what must be said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spondyl.cohort import Cohort
from spondyl.cohort.cox import fit_cox
from spondyl.cohort.firth import firth_fits, fit_firth
from spondyl.cohort.logrank import Groups, logrank
from spondyl.cohort.results import WIDE, CoxModel, Curve
from spondyl.cohort.risk import Observations
from spondyl.cohort.source import open_source
from spondyl.cohort.terms import design
from spondyl.cohort.timing import after_zero
from spondyl.consult.pooled_cases import PooledCase, Said, level_of, publication_bias
from spondyl.consult.study_format import interval, months
from spondyl.record import UsageError

__all__ = ["PooledGroup", "PooledSurvival", "Within", "pooled_survival", "publication_bias"]

FEW = 20


@dataclass(frozen=True)
class PooledGroup:
    """One group of patients with its survival curve.

    Args:
        label: The group ("all patients" where no field makes groups).
        n: Patients.
        events: Deaths.
        studies: How many patients each study gives, by citation, the largest first.
        curve: Kaplan-Meier curve with 95 % limits (log-log).
    """

    label: str
    n: int
    events: int
    studies: tuple[tuple[str, int], ...]
    curve: Curve

    @property
    def median(self) -> tuple[float, float, float]:
        """Median survival in months with its 95 % limits; NaN where not reached."""
        return self.curve.median

    @property
    def points(self) -> list[tuple[float, float, float, float]]:
        """(months, S, lower, upper) at each time a patient died or was last seen."""
        s = self.curve.survival
        columns = (v.tolist() for v in (s.time, s.survival, s.low, s.high))
        return list(zip(*columns, strict=True))

    def at(self, when: float) -> tuple[float, float, float]:
        """Survival at a time in months with its limits."""
        return self.curve.survival.at(when)

    def at_risk(self, ticks: Sequence[float]) -> list[int]:
        """Patients still under observation just before each time in months."""
        return [int(self.curve.survival.left_at(t)) for t in ticks]


@dataclass(frozen=True)
class Within:
    """The comparison of groups inside studies: each study is a stratum.

    Args:
        studies: Studies in which patients of more than one group were at risk when somebody died.
        patients, events: Patients and deaths in those studies.
        chi2, df, p: The stratified log-rank test.
        cox: The stratified Cox model, or `None` where it cannot be fitted.
    """

    studies: int
    patients: int
    events: int
    chi2: float
    df: int
    p: float
    cox: CoxModel | None


@dataclass(frozen=True)
class PooledSurvival:
    """Survival of published patients.

    Args:
        by: The field that makes the groups, or `None`.
        whole: All patients together.
        groups: The groups; `whole` alone where there is no field.
        ungrouped: Patients left out of the groups because the field was not found or contradicts itself.
        studies: How many patients each study gives, by citation, the largest first.
        within: The test inside studies, or `None` where no study can contribute to one.
        across: The test that ignores studies, as (χ², df, p), or `None`.
        clustered: Cox's model that ignores strata, with errors robust to studies, or `None`.
        warnings: What must be said of these numbers, each sentence with its basis.
    """

    by: str | None
    whole: PooledGroup
    groups: tuple[PooledGroup, ...]
    ungrouped: int
    studies: tuple[tuple[str, int], ...]
    within: Within | None
    across: tuple[float, int, float] | None
    clustered: CoxModel | None
    warnings: tuple[Said, ...]


def pooled_survival(cases: Sequence[PooledCase], by: str | None = None) -> PooledSurvival:
    """Survival of published patients, over all and by a field.

    Args:
        cases: The patients; `pooled_case` makes one of a case record.
        by: The field that makes the groups, or "study".

    Returns:
        Curves with numbers at risk, medians with intervals, tests, and the sentences that belong to them.

    Raises:
        UsageError: There is no patient, or none of them has the field.

    Source:
        Kaplan EL, Meier P, 1958, doi:10.1080/01621459.1958.10501452; Brookmeyer R, Crowley J, 1982,
        doi:10.2307/2530286.

    Example:
        >>> rows = [(3, True, "subtotal"), (9, True, "subtotal"), (8, False, "gross_total"), (30, True, "gross_total")]
        >>> cases = [PooledCase(f"s{k}", f"Study {k}", 1, "Case 1", m, d, {"resection_extent": e})
        ...          for k, (m, d, e) in enumerate(rows)]
        >>> done = pooled_survival(cases, "resection_extent")
        >>> [(g.label, g.n, g.events, g.median[0]) for g in done.groups]
        [('gross_total', 2, 1, 30.0), ('subtotal', 2, 2, 6.0)]
        >>> done.whole.at_risk([0, 6, 12])
        [4, 3, 1]
        >>> done.warnings[0].text[:57]
        'Published cases are not a sample of all patients: authors'
    """
    if not cases:
        raise UsageError("no patient with a follow-up and a status is left, so there is no survival to pool")
    whole = _group("all patients", cases)
    levels = [level_of(c, by) if by else None for c in cases]
    kept = [(c, v) for c, v in zip(cases, levels, strict=True) if v is not None]
    if by and not kept:
        held = sorted({name for c in cases for name in c.fields})
        raise UsageError(
            f"none of the {len(cases)} patients has the field {by!r}; they have {', '.join(held)}"
        )
    labels = sorted({v for _, v in kept})
    groups = tuple(_group(v, [c for c, at in kept if at == v]) for v in labels) if by else (whole,)
    within, across, clustered = _compared(kept, by) if by and len(labels) > 1 else (None, None, None)
    left = len(cases) - len(kept) if by else 0
    made = PooledSurvival(by, whole, groups, left, whole.studies, within, across, clustered, ())
    return replace(made, warnings=tuple(_warnings(made, cases)))


def _counted(cases: Iterable[PooledCase]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(c.cite for c in cases).items(), key=lambda x: (-x[1], x[0])))


def _cohort(cases: Sequence[PooledCase], levels: Sequence[str] | None = None) -> Cohort:
    columns = {"months": [c.months for c in cases], "died": [int(c.died) for c in cases]}
    more = {"group": list(levels), "study": _codes(cases)} if levels else {}
    return Cohort({**columns, **more}, "months", "died")


def _codes(cases: Sequence[PooledCase]) -> list[int]:
    """Studies as numbers from 0."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(c.study, len(numbers)) for c in cases]


def _group(label: str, cases: Sequence[PooledCase]) -> PooledGroup:
    curve = _cohort(cases).kaplan_meier().groups[0]
    return PooledGroup(label, curve.n, curve.events, _counted(cases), curve)


def _compared(
    kept: Sequence[tuple[PooledCase, str]], by: str
) -> tuple[Within | None, tuple[float, int, float] | None, CoxModel | None]:
    """Tests inside studies and across them."""
    cohort = _cohort([c for c, _ in kept], [v for _, v in kept])
    if not any(c.died for c, _ in kept):
        return None, None, None
    test = cohort.logrank("group").test
    clustered = None if by == "study" else _fitted(cohort, "study")
    return (None if by == "study" else _within(kept)), (test.chi2, test.df, test.p), clustered


def _within(kept: Sequence[tuple[PooledCase, str]]) -> Within | None:
    telling = _telling(kept)
    inside = [(c, v) for c, v in kept if c.study in telling]
    if not inside or not _connected(inside):
        return None
    cases, levels = [c for c, _ in inside], [v for _, v in inside]
    time = np.array([c.months for c in cases])
    event, one = np.array([float(c.died) for c in cases]), np.ones(len(cases))
    codes, study = (
        np.unique(levels, return_inverse=True)[1].astype(np.int64),
        np.array(_codes(cases), np.int64),
    )
    test = logrank(Groups(time, event, one, codes, study)).test
    rows = Observations(time, event, np.empty((len(cases), 0)), one, study)
    return Within(
        len(telling), len(inside), int(event.sum()), test.chi2, test.df, test.p, _stratified(rows, levels)
    )


def _stratified(rows: Observations, levels: Sequence[str]) -> CoxModel | None:
    """Cox's model with a baseline hazard for each study, however many there are."""
    frame = open_source({"group": list(levels)}).frame(["group"])
    try:
        made = design(frame, ["C(group)"], {}, rows.event)
        fit = fit_cox(replace(rows, x=made.x), made.names, assign=made.assign, terms=made.terms)
    except (UsageError, np.linalg.LinAlgError):
        return None
    low, high = fit.interval()
    alone = bool(fit.monotone) or not bool((high < WIDE * low).all())
    return CoxModel(
        made.terms, fit, made.levels, 0, (), None, fit_firth(fit) if alone and firth_fits(fit) else None, ()
    )


def _telling(kept: Sequence[tuple[PooledCase, str]]) -> set[str]:
    """Studies in which patients of two groups were at risk when somebody died."""
    by_study: dict[str, list[tuple[PooledCase, str]]] = {}
    for case, level in kept:
        by_study.setdefault(case.study, []).append((case, level))
    out = set()
    for study, mine in by_study.items():
        last: dict[str, float] = {}
        for case, level in mine:
            last[level] = max(case.months, last.get(level, 0.0))
        both = (
            sorted(last.values())[-2:][0] if len(last) > 1 else -1.0
        )  # until then two groups are under observation
        if any(c.died and c.months <= both for c, _ in mine):
            out.add(study)
    return out


def _connected(inside: Sequence[tuple[PooledCase, str]]) -> bool:
    """Whether all groups can be compared with one another through studies."""
    by_study: dict[str, set[str]] = {}
    for case, level in inside:
        by_study.setdefault(case.study, set()).add(level)
    sets = list(by_study.values())
    reached = set(sets[0])
    for _ in sets:
        for one in sets:
            if one & reached:
                reached |= one
    return reached == set().union(*sets)


def _fitted(cohort: Cohort, cluster: str) -> CoxModel | None:
    try:
        return cohort.cox(["C(group)"], cluster=cluster)
    except (UsageError, np.linalg.LinAlgError):
        return None


def _one(n: int, one: str, many: str = "") -> str:
    return one if n == 1 else many or f"{one}s"


def _warnings(done: PooledSurvival, cases: Sequence[PooledCase]) -> Iterator[Said]:
    yield publication_bias(done.whole.n, len(done.studies))
    yield Said(
        "Time runs from each report's own starting point (treatment, presentation or diagnosis) to death or the last "
        "follow-up told; the starting points differ between reports.",
        "the definition of follow_up_months in the case record",
    )
    yield from _small(done)
    yield from _mixture(done, cases)
    if done.by and done.by != "study":
        yield from _grouping(done)


def _small(done: PooledSurvival) -> Iterator[Said]:
    """What few patients or few deaths mean, the groups of a kind together."""
    groups = done.groups if done.by else ()
    nobody = [g for g in groups if not g.events]
    open_ = [g for g in groups if g.events and np.isnan(g.median[0])]
    if not done.whole.events:
        yield Said("Nobody died: the curve says nothing about how long they live.", _counts(done.whole))
    elif np.isnan(done.whole.median[0]):
        yield Said("Median survival of all patients is not reached.", _counts(done.whole))
    if nobody and done.whole.events:
        yield Said(
            f"Nobody died in {_named(nobody)}: the curves say nothing of how long they live.", _each(nobody)
        )
    if open_:
        yield Said(f"Median survival is not reached in {_named(open_)}.", _each(open_))
    for group in (done.whole, *groups):
        median, low, high = group.median
        if group.n < FEW and not np.isnan(median):
            where = "" if group is done.whole else f" in {_named([group])}"
            yield Said(
                f"The median{where}, {months(median)} months, rests on few patients; its 95 % limits are "
                f"{interval(low, high, 1)} months.",
                f"{_counts(group)}; limits after Brookmeyer and Crowley 1982",
            )


def _counts(group: PooledGroup) -> str:
    return f"{group.n} {_one(group.n, 'patient')}, {group.events} {_one(group.events, 'death')}"


def _each(groups: Sequence[PooledGroup]) -> str:
    return "; ".join(f"{_plain(g.label)}: {_counts(g)}" for g in groups)


def _named(groups: Sequence[PooledGroup]) -> str:
    return f"the {_one(len(groups), 'group')} {', '.join(_plain(g.label) for g in groups)}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _mixture(done: PooledSurvival, cases: Sequence[PooledCase]) -> Iterator[Said]:
    name, most = done.studies[0]
    if len(done.studies) > 1 and 2 * most > done.whole.n:
        yield Said(
            f"{name} gives {most} of the {done.whole.n} patients; the curve is mostly that study.",
            "counts by study",
        )
    if len(done.studies) > 1:
        yield Said(
            "The intervals take patients as independent; patients of one study are alike, so the intervals should be "
            "wider.",
            f"{len(done.studies)} studies, {done.whole.n} patients",
        )
    if cited := sum(c.basis == "cited" for c in cases):
        yield Said(
            f"{cited} of the {done.whole.n} patients {'is' if cited == 1 else 'are'} known only from the words of "
            "another paper.",
            "cases of the kind “cited”",
        )
    if drawn := sum(c.basis == "curve" for c in cases):
        yield Said(
            f"{drawn} of the {done.whole.n} patients are reconstructed from printed curves; their times of censoring "
            "are assumed, not known.",
            "reconstruction after Guyot 2012, doi:10.1186/1471-2288-12-9",
        )


def _grouping(done: PooledSurvival) -> Iterator[Said]:
    by = _plain(done.by or "")
    if after_zero(done.by or ""):
        yield Said(
            f"{by[:1].upper()}{by[1:]} may come true after time zero; whoever lives longer has more time for it "
            "(guaranteed-time bias).",
            "the list of such columns in spondyl.cohort, after_zero.tsv",
        )
    if done.ungrouped:
        yield Said(
            f"{done.ungrouped} {_one(done.ungrouped, 'patient')} without a plain value of {by} "
            f"{'is' if done.ungrouped == 1 else 'are'} in the whole curve and in no group.",
            f"{by} was not found, or contradicts itself, in the case record",
        )
    if len(done.groups) > 1 and done.within is None:
        yield Said(
            f"No study has patients of more than one group of {by} under observation when somebody died, so any "
            "difference between the groups is a difference between studies, too.",
            "numbers at risk by study and group at each death",
        )
