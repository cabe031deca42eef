"""Table 1: who the patients are, by group, with named tests and standardized differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from spondyl.cohort.columns import Column, Frame, as_category
from spondyl.cohort.fisher import fisher
from spondyl.cohort.terms import columns_of

__all__ = ["Comparison", "Group", "Number", "Variable", "describe", "rank_test"]

Floats = NDArray[np.float64]
SHAPIRO = 5_000


@dataclass(frozen=True)
class Number:
    """A number in one group: mean and SD, median and quartiles."""

    mean: float
    sd: float
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Group:
    """One variable in one group of patients.

    Args:
        label: The group.
        n: Patients with a value.
        missing: Patients without.
        counts: Patients per level, for categories.
        number: Mean, SD, median and quartiles, for numbers.
    """

    label: str
    n: int
    missing: int
    counts: tuple[int, ...] = ()
    number: Number | None = None


@dataclass(frozen=True)
class Comparison:
    """A test between groups, named, and the standardized difference (the largest of all pairs)."""

    test: str
    p: float
    difference: float


@dataclass(frozen=True)
class Variable:
    """One variable of Table 1; the first group is all patients."""

    name: str
    levels: tuple[str, ...]
    groups: tuple[Group, ...]
    comparison: Comparison | None


def describe(frame: Frame, terms: Sequence[str], by: str | None) -> tuple[Variable, ...]:
    """Table 1.

    Args:
        frame: The columns.
        terms: Columns; `C(grade)` for numbers that are categories.
        by: The column that makes the groups.

    Source:
        Austin PC, 2009, doi:10.1002/sim.3697 (standardized differences).

    Example:
        >>> from spondyl.cohort.columns import column
        >>> frame = Frame({"age": column("age", [50, 60, 70])}, np.ones(3))
        >>> describe(frame, ["age"], None)[0].groups[0].number.mean
        60.0
    """
    if by:
        frame, _ = frame.complete([by])
    group = as_category(frame[by]) if by else None
    return tuple(_variable(frame, term, group) for term in terms)


def _variable(frame: Frame, term: str, group: Column | None) -> Variable:
    (name,) = columns_of(term)
    column = frame[name]
    category = bool(column.levels) or term.startswith("C(")
    shown = as_category(column) if category else column
    masks = [np.ones(len(frame.count), bool)]
    labels = ["all"]
    if group:
        masks += [group.values == k for k in range(len(group.levels))]
        labels += list(group.levels)
    made = [_group(label, shown, frame.count, mask) for label, mask in zip(labels, masks, strict=True)]
    comparison = None
    if len(made) > 2:
        comparison = _categories(made[1:]) if category else _numbers(shown, frame.count, masks[1:], made[1:])
    return Variable(name, shown.levels, tuple(made), comparison)


def _group(label: str, column: Column, count: Floats, mask: NDArray[np.bool_]) -> Group:
    there = mask & ~np.isnan(column.values)
    n, missing = int(count[there].sum()), int(count[mask].sum() - count[there].sum())
    if column.levels:
        counts = tuple(int(count[mask & (column.values == k)].sum()) for k in range(len(column.levels)))
        return Group(label, n, missing, counts)
    return Group(label, n, missing, (), _number(column.values[there], count[there]) if n else None)


def _number(values: Floats, count: Floats) -> Number:
    n = float(count.sum())
    mean = float(values @ count) / n
    sd = float(np.sqrt(count @ (values - mean) ** 2 / (n - 1))) if n > 1 else float("nan")
    low, median, high = (_percentile(values, count, q) for q in (0.25, 0.5, 0.75))
    return Number(mean, sd, median, low, high)


def _percentile(values: Floats, count: Floats, q: float) -> float:
    """The quantile of counted values, interpolated as R's type 7."""
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(count[order])
    place = q * (float(ends[-1]) - 1)
    pair = [
        float(values[order[np.searchsorted(ends, p, side="right")]])
        for p in (np.floor(place), np.ceil(place))
    ]
    return pair[0] + float(place - np.floor(place)) * (pair[1] - pair[0])


def _categories(groups: Sequence[Group]) -> Comparison:
    """Fisher's exact test where an expected count is below 5, else Pearson's χ²."""
    table = np.array([g.counts for g in groups], dtype=np.float64)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    difference = _largest(_category_gap, [np.array(g.counts, float) for g in groups if g.n])
    if min(table.shape, default=0) < 2:
        return Comparison("none: one level or group only", float("nan"), difference)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    if expected.min() < 5:
        found = fisher(table.astype(np.int64))
        name = "Fisher exact" if found.method == "exact" else f"Fisher, {found.draws} random tables"
        return Comparison(name, found.p, difference)
    chi2 = float(((table - expected) ** 2 / expected).sum())
    df = (table.shape[0] - 1) * (table.shape[1] - 1)
    return Comparison("chi-squared", float(special.chdtrc(df, chi2)), difference)


def _category_gap(a: Floats, b: Floats) -> float:
    """The distance of two sets of shares (Yang and Dalton)."""
    one, two = a / a.sum(), b / b.sum()
    gap = (one - two)[1:]
    spread = sum((np.diag(s[1:]) - np.outer(s[1:], s[1:])) / 2 for s in (one, two))
    if not gap.any():
        return 0.0
    return float(np.sqrt(max(gap @ np.linalg.pinv(np.asarray(spread)) @ gap, 0.0)))


def _largest(gap: object, groups: Sequence[Floats]) -> float:
    pairs = [(a, b) for i, a in enumerate(groups) for b in groups[i + 1 :]]
    return max((gap(a, b) for a, b in pairs), default=float("nan"))  # type: ignore[operator]


def _numbers(
    column: Column, count: Floats, masks: Sequence[NDArray[np.bool_]], groups: Sequence[Group]
) -> Comparison:
    """Welch's t test or analysis of variance where no group contradicts normality, else rank tests."""
    moments = [np.array([g.number.mean, g.number.sd]) for g in groups if g.number and g.n > 1]
    difference = _largest(_number_gap, moments)
    there = ~np.isnan(column.values)
    sets = [(column.values[m & there], count[m & there]) for m in masks]
    sets = [s for s in sets if len(s[0])]
    if len(sets) < 2 or min(s[1].sum() for s in sets) < 2:
        return Comparison("none: a group of one", float("nan"), difference)
    if all(_normal(*s) for s in sets):
        return Comparison(*_means(sets), difference)
    return Comparison(*rank_test(sets), difference)


def _number_gap(a: Floats, b: Floats) -> float:
    spread = float(np.sqrt((a[1] ** 2 + b[1] ** 2) / 2))
    return float(abs(a[0] - b[0])) / spread if spread > 0 else float("nan")


def _normal(values: Floats, count: Floats) -> bool:
    """Whether Shapiro and Wilk's test lets values pass; large groups do by the central limit theorem."""
    if count.sum() > SHAPIRO:
        return True
    expanded = np.repeat(values, count.astype(np.int64))
    if len(expanded) < 3 or not np.ptp(expanded):
        return False
    from scipy import stats

    return bool(stats.shapiro(expanded).pvalue >= 0.05)


def _means(sets: Sequence[tuple[Floats, Floats]]) -> tuple[str, float]:
    """Welch's test of equal means: t for two groups, F for more."""
    n = np.array([w.sum() for _, w in sets])
    mean = np.array([v @ w / w.sum() for v, w in sets])
    var = np.array([w @ (v - m) ** 2 / (w.sum() - 1) for (v, w), m in zip(sets, mean, strict=True)])
    weight = n / var
    k, whole = len(sets), weight.sum()
    middle = weight @ mean / whole
    lost = ((1 - weight / whole) ** 2 / (n - 1)).sum()
    f = (weight @ (mean - middle) ** 2 / (k - 1)) / (1 + 2 * (k - 2) / (k**2 - 1) * lost)
    p = float(special.fdtrc(k - 1, (k**2 - 1) / (3 * lost), f))
    return ("t (Welch)" if k == 2 else "ANOVA (Welch)"), p


def rank_test(sets: Sequence[tuple[Floats, Floats]]) -> tuple[str, float]:
    """Wilcoxon's rank-sum test of two groups (normal approximation, continuity-corrected), or Kruskal-Wallis.

    Args:
        sets: Values and counts of each group.

    Returns:
        The name of the test and its p value.

    Example:
        >>> one = np.ones(4)
        >>> name, p = rank_test([(np.array([1.0, 2, 3, 4]), one), (np.array([5.0, 6, 7, 8]), one)])
        >>> name, round(p, 4)
        ('Wilcoxon rank-sum', 0.0304)
    """
    values, count = np.concatenate([v for v, _ in sets]), np.concatenate([w for _, w in sets])
    group = np.repeat(np.arange(len(sets)), [len(v) for v, _ in sets])
    _, at = np.unique(values, return_inverse=True)
    tied = np.bincount(at, weights=count)
    rank = (np.cumsum(tied) - tied / 2 + 0.5)[at]
    n, sizes = float(count.sum()), np.bincount(group, weights=count)
    sums = np.bincount(group, weights=count * rank)
    shrink = 1 - float((tied**3 - tied).sum()) / (n**3 - n)
    if shrink <= 0:
        return "none: all values are equal", float("nan")
    if len(sets) == 2:
        gap = abs(float(sums[0]) - float(sizes[0]) * (n + 1) / 2)
        sd = np.sqrt(float(sizes[0] * sizes[1]) * (n + 1) / 12 * shrink)
        return "Wilcoxon rank-sum", float(min(1.0, 2 * special.ndtr(-max(gap - 0.5, 0.0) / sd)))
    h = (12 / (n * (n + 1)) * float((sums**2 / sizes).sum()) - 3 * (n + 1)) / shrink
    return "Kruskal-Wallis", float(special.chdtrc(len(sets) - 1, h))
