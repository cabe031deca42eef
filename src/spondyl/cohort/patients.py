"""A cohort: a table of patients with their follow-up, and the analyses it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from spondyl.cohort.columns import as_category
from spondyl.cohort.concordance import MOST, concordance
from spondyl.cohort.cox import CoxFit, fit_cox
from spondyl.cohort.firth import firth_fits, fit_firth
from spondyl.cohort.fisher import fisher
from spondyl.cohort.follow import Followed, Outcome, follow
from spondyl.cohort.incidence import causes_table, gray, incidence
from spondyl.cohort.lifetable import Interval, kaplan_meier, life_table, quantile
from spondyl.cohort.likelihood import Ties
from spondyl.cohort.logrank import Groups, LogRank, logrank
from spondyl.cohort.packed import dense
from spondyl.cohort.packing import covariates
from spondyl.cohort.residuals import cluster_robust, zph
from spondyl.cohort.results import WIDE, Association, Competing, CoxModel, Curve, KaplanMeier, Subhazard
from spondyl.cohort.risk import Observations
from spondyl.cohort.source import open_source
from spondyl.cohort.subhazard import fit_finegray
from spondyl.cohort.tableone import Variable, describe
from spondyl.cohort.terms import columns_of, design, expanded
from spondyl.cohort.timing import from_landmark, split_rows
from spondyl.record import UsageError

__all__ = ["Cohort"]


class Cohort:
    """Patients with their follow-up.

    Args:
        source: A path, glob, mapping of columns or data frame.
        time: The column of times, or `from..to` for two columns of dates (months).
        event: The column of the event: 0/1, no/yes, a date, or `column=value`.
        start: The column of times at which observation begins.
        competing: A competing event, written as `event` is.
        refs: Reference levels by column.
        occurs: By column the time at which it came true (time-dependent covariates).

    Example:
        >>> c = Cohort({"months": [1, 2, 3, 4, 5, 6], "died": [1, 1, 0, 1, 0, 1],
        ...             "fracture": ["yes", "yes", "no", "yes", "no", "no"]}, "months", "died")
        >>> [g.median[0] for g in c.kaplan_meier("fracture").groups]
        [6.0, 2.0]
        >>> c.cox(["fracture"]).fit.names
        ('fracture=yes',)
    """

    def __init__(
        self,
        source: Any,
        time: str,
        event: str,
        start: str | None = None,
        competing: str | None = None,
        refs: Mapping[str, str] | None = None,
        occurs: Mapping[str, str] | None = None,
    ) -> None:
        self.source = open_source(source)
        self.outcome = Outcome(time, event, start, competing)
        self.refs, self.occurs = dict(refs or {}), dict(occurs or {})

    def followed(self, names: Sequence[str] = (), whole: Sequence[str] = ()) -> Followed:
        """The patients with some columns."""
        return follow(self.source, self.outcome, list(names), whole)

    def kaplan_meier(
        self,
        by: str | None = None,
        interval: Interval = "log-log",
        level: float = 0.95,
        landmark: float = 0.0,
    ) -> KaplanMeier:
        """Kaplan-Meier curves, by group, with the log-rank test.

        Args:
            by: The column that makes the groups.
            interval: The kind of interval.
            level: Its level.
            landmark: Only those still observed at this time, counted from it.

        Where `occurs` names the time at which `by` came true, a patient counts as "no" up to then and as "yes"
        from then on; with a landmark, as what had come true by then.

        Raises:
            UsageError: The column is unknown or has too many levels.

        Source:
            Simon R, Makuch RW, 1984, doi:10.1002/sim.4780030106; Mantel N, Byar DP, 1974,
            doi:10.1080/01621459.1974.10482921.
        """
        data, dropped = self._grouped([by] if by else [], landmark)
        levels = as_category(data.frame[by]).levels if by else ("all patients",)
        code = as_category(data.frame[by]).values if by else np.zeros(len(data.time))
        groups = []
        for k, label in enumerate(levels):
            inside = data.take(code == k)
            if len(inside.time):
                groups.append(_curve(label, inside, interval, level))
        test = _tested(data, code) if by and len(groups) > 1 else None
        return KaplanMeier(by, tuple(groups), test, dropped)

    def logrank(self, by: str, strata: str | None = None, trend: bool = False) -> LogRank:
        """The log-rank test between groups.

        Args:
            by: The column that makes the groups.
            strata: The column within whose levels groups are compared.
            trend: Test for trend over the groups in their order.
        """
        data, _ = self._grouped([by, *([strata] if strata else [])])
        group, stratum = as_category(data.frame[by]), None
        stratum = as_category(data.frame[strata]).values if strata else np.zeros(len(data.time))
        scores = np.arange(len(group.levels), dtype=np.float64) if trend else None
        event = (data.event == 1).astype(np.float64)
        codes = group.values.astype(np.int64)
        rows = Groups(data.time, event, data.count, codes, stratum.astype(np.int64), data.start)
        return logrank(rows, scores=scores)

    def _grouped(self, names: Sequence[str], landmark: float = 0.0) -> tuple[Followed, int]:
        occurs = {n: self.occurs[n] for n in names if n in self.occurs}
        data, missing = self._whole(names, list(occurs.values()), [])
        if landmark:
            return from_landmark(data, landmark, occurs), missing
        return (split_rows(data, occurs) if occurs else data), missing

    def cox(
        self,
        terms: Sequence[str],
        ties: Ties = "efron",
        strata: str | None = None,
        cluster: str | None = None,
        diagnostics: bool = True,
    ) -> CoxModel:
        """A Cox model.

        Args:
            terms: `age`, `C(grade)`, `sex:grade`, `sex*grade`.
            ties: How tied events are handled.
            strata: The column whose levels have baseline hazards of their own.
            cluster: The column within whose levels rows are alike.
            diagnostics: Also test proportional hazards and compute the concordance.

        Raises:
            UsageError: A term cannot be read or estimated.
        """
        wanted = expanded(terms)
        if not wanted:
            raise UsageError("no terms for the model; name columns: --cox age,sex")
        names = list(dict.fromkeys(c for t in wanted for c in columns_of(t)))
        moments = [self.occurs[n] for n in names if n in self.occurs]
        others = [n for n in (strata, cluster) if n]
        data, dropped = self._whole([*names, *others], moments, [cluster] if cluster else [])
        if moments:
            data = split_rows(data, {n: self.occurs[n] for n in names if n in self.occurs})
        event = (data.event == 1).astype(np.float64)
        rowwise = bool(cluster) or ties == "exact" or data.start is not None
        made = covariates(data.frame, wanted, self.refs, event, rowwise)
        _enough(wanted, len(made.names), int((event * data.count).sum()))
        codes = as_category(data.frame[strata]).values if strata else np.zeros(len(data.time))
        rows = Observations(data.time, event, made.x, data.count, codes.astype(np.int64), data.start)
        fit = fit_cox(rows, made.names, ties, made.assign, made.terms)
        if cluster:
            fit = cluster_robust(fit, data.frame[cluster].values.astype(np.int64))
        alone = _separating(fit)
        firth = fit_firth(fit) if alone and firth_fits(fit) else None
        return CoxModel(
            made.terms, fit, made.levels, dropped, tuple(zph(fit)) if diagnostics and not firth else (),
            concordance(fit) if diagnostics else None, firth, _notes(fit, alone, firth is not None),
        )  # fmt: skip

    def _whole(
        self, names: Sequence[str], moments: Sequence[str], whole: Sequence[str]
    ) -> tuple[Followed, int]:
        """Rows complete in `names`; moments may be missing (it never came true)."""
        data = self.followed([*names, *moments], whole)
        fine = np.ones(len(data.time), bool)
        for name in names:
            fine &= ~np.isnan(data.frame[name].values)
        gone = int(data.count[~fine].sum())
        return (data.take(fine) if gone else data), data.dropped + gone

    def univariable(
        self,
        terms: Sequence[str],
        ties: Ties = "efron",
        strata: str | None = None,
        cluster: str | None = None,
    ) -> tuple[CoxModel, ...]:
        """One model per term, with the strata and clusters of `cox`."""
        return tuple(self.cox([t], ties, strata, cluster) for t in expanded(terms) if ":" not in t)

    def table_one(self, columns: Sequence[str], by: str | None = None) -> tuple[Variable, ...]:
        """Table 1: who the patients are.

        Args:
            columns: The columns, `C(grade)` for numbers that are categories.
            by: The column that makes the groups to compare.
        """
        names = [c for t in columns for c in columns_of(t)]
        frame = self.source.frame(list(dict.fromkeys([*names, *([by] if by else [])])))
        return describe(frame, list(columns), by)

    def fisher(self, row: str, column: str) -> Association:
        """Fisher's exact test of two categories."""
        frame, _ = self.source.frame([row, column]).complete([row, column])
        one, two = as_category(frame[row]), as_category(frame[column])
        counts = np.zeros((len(one.levels), len(two.levels)))
        np.add.at(counts, (one.values.astype(int), two.values.astype(int)), frame.count)
        whole = counts.astype(np.int64)
        return Association(
            row, column, one.levels, two.levels, tuple(tuple(int(v) for v in r) for r in whole), fisher(whole)
        )

    def incidence(self, by: str | None = None) -> Competing:
        """Cumulative incidence of the event against the competing one.

        Args:
            by: The column that makes the groups.

        Raises:
            UsageError: No competing event was named.
        """
        self._competing()
        data, dropped = self._grouped([by] if by else [])
        group = as_category(data.frame[by]) if by else None
        code = group.values.astype(np.int64) if group else np.zeros(len(data.time), np.int64)
        cause, groups, tables = data.event.astype(np.int64), [], []
        for k, label in enumerate(group.levels if group else ("all patients",)):
            inside = code == k
            table = causes_table(data.time[inside], cause[inside], data.count[inside], 2)
            n = int(data.count[inside].sum())
            tables.append(table)
            groups.append((label, n, incidence(table, 1), incidence(table, 2)))
        test = gray(data.time, cause, data.count, code) if len(groups) > 1 else None
        told = (test.chi2, test.df, test.p) if test else None
        return Competing(by, tuple(groups), tuple(tables), told, dropped)

    def fine_gray(self, terms: Sequence[str]) -> Subhazard:
        """Fine and Gray's model of the subdistribution hazard."""
        self._competing()
        wanted = expanded(terms)
        names = list(dict.fromkeys(c for t in wanted for c in columns_of(t)))
        data, dropped = self._whole(names, [], [])
        made = design(data.frame, wanted, self.refs, (data.event == 1).astype(np.float64))
        fit = fit_finegray(data.time, data.event.astype(np.int64), dense(made.x), data.count, made.names)
        return Subhazard(made.terms, fit, made.levels, dropped)

    def _competing(self) -> None:
        if not self.outcome.competing:
            raise UsageError("no competing event was named; say which one it is: --competing status=died")
        if self.outcome.start:
            raise UsageError(
                f"cumulative incidence from a later entry ({self.outcome.start}) is not computed; leave start or "
                "competing out"
            )


def _curve(label: str, data: Followed, interval: Interval, level: float) -> Curve:
    event = (data.event == 1).astype(np.float64)
    life = life_table(data.time, event, data.count, data.start)
    reverse = kaplan_meier(life_table(data.time, 1 - event, data.count, data.start), interval, level)
    return Curve(
        label, int(data.count.sum()), int((event * data.count).sum()), kaplan_meier(life, interval, level),
        quantile(reverse),
    )  # fmt: skip


def _tested(data: Followed, code: Any) -> LogRank | None:
    event = (data.event == 1).astype(np.float64)
    if not event.any():
        return None
    groups, zero = np.unique(code, return_inverse=True)[1].astype(np.int64), np.zeros(len(code), np.int64)
    return logrank(Groups(data.time, event, data.count, groups, zero, data.start))


def _enough(terms: Sequence[str], coefficients: int, events: int) -> None:
    if 0 < events < coefficients:
        raise UsageError(
            f"{', '.join(terms)}: {coefficients} coefficients cannot be estimated from {events} events; join "
            "levels or leave terms out"
        )


def _separating(fit: CoxFit) -> tuple[str, ...]:
    """Coefficients that run away, or whose limits are so far apart that they nearly do."""
    low, high = fit.interval()
    wide = [name for name, a, b in zip(fit.names, low, high, strict=True) if not b < WIDE * a]
    return tuple(dict.fromkeys([*fit.monotone, *wide]))


def _notes(fit: CoxFit, alone: Sequence[str], penalised: bool) -> tuple[str, ...]:
    """What a reader must know of a fit."""
    notes = []
    if alone:
        shown = (
            "shown is Firth's penalised fit with profile-likelihood intervals"
            if penalised
            else "use efron ties for Firth's penalised fit"
            if fit.ties == "exact"
            else "there are too many rows for Firth's penalised fit, so leave it out or join its levels"
        )
        notes.append(f"{', '.join(alone)} separates the events, or almost: {shown}.")
    if fit.events < 10 * len(fit.names):
        notes.append(
            f"{fit.events} events for {len(fit.names)} coefficient{'s' * (len(fit.names) > 1)} are fewer than ten "
            "each; the estimates are unstable."
        )
    if fit.rows.start is not None and len(fit.rows.time) > MOST:
        notes.append(f"The concordance is left out: with late entry it takes too long beyond {MOST} rows.")
    return tuple(notes)
