"""What happened to patients like this one: pooled survival, recurrence, and what cohorts report; always with spread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from spondyl.cohort.incidence import causes_table, incidence
from spondyl.consult import pooled_survival
from spondyl.consult.patient.alike import COURSE, case_basis, told
from spondyl.consult.patient.cohort_figures import Figure, figures
from spondyl.consult.patient.columns import Floats, Numbers
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.nearest import Neighbours, neighbours
from spondyl.consult.patient.outcome_sets import Chosen, Tried, choice_of, chosen
from spondyl.consult.patient.person import Person
from spondyl.consult.patient.wilson import counted
from spondyl.consult.pooled import PooledGroup, PooledSurvival, publication_bias
from spondyl.consult.pooled_cases import Said
from spondyl.consult.rules.literature import source
from spondyl.consult.study_drawn import ticks_of
from spondyl.consult.study_format import interval, months, within
from spondyl.present.catalog import number
from spondyl.present.consultation import Basis, Grid, Line, Part
from spondyl.present.survival import Picture, Strand, Strands
from spondyl.present.survival_figure import draw_curves
from spondyl.record import Case

__all__ = ["outcomes"]

TITLE = "What happened to patients like this one"
FACTORS = 8


def outcomes(person: Person, library: Library, found: Neighbours | None = None) -> Part:
    """The part of the page with the outcome of like cases and of cohorts that were read.

    Args:
        person: The patient.
        library: The cases.
        found: The library measured around this patient, where that was done already.

    Returns:
        Whose outcome it is; survival with the number at risk; recurrence; figures of cohorts; a curve. Where there
        are too few cases for a curve, the cases.
    """
    found = found or neighbours(person, library)
    chose = chosen(found)
    lines: list[Line] = []
    grids: list[Grid] = []
    pictures: list[Picture] = []
    if chose.best is not None:
        lines += _definition(found, chose)
        if chose.enough:
            survival = pooled_survival(chose.best.pooled)
            lines += [_median(survival), *_said(survival.warnings)]
            grids.append(_rates(found, survival.whole))
            pictures.append(_curve(survival.whole))
        else:
            lines += _said([publication_bias(len(chose.best.rows), _papers(found, chose.best))])
            grids.append(_few(found, chose.best))
        lines += _recurrence(library, chose.best)
    read = list(figures(person, library, found.by))
    grids += _cohorts(found, read)
    if not lines and not grids:
        return Part("outcomes", TITLE, empty=_nothing(found))
    return Part(
        "outcomes", TITLE, tuple(lines), tuple(grids), tuple(pictures),
        lead="Read the spread, not the number: these are other patients, chosen for publication.",
    )  # fmt: skip


def _nothing(found: Neighbours) -> str:
    if "diagnosis" not in [c.field for c in found.measured.criteria]:
        return "The tumour of this patient is not known, and no case is near enough to tell an outcome of."
    return "No case of this tumour with a lesion of spine or bone, and no cohort with it, was read."


def _definition(found: Neighbours, chose: Chosen) -> Iterator[Line]:
    best = chose.best
    assert best is not None
    papers = _papers(found, best)
    unknown = ", ".join(f"{n} {why}" for why, n in sorted(best.unknown.items(), key=lambda x: (-x[1], x[0])))
    basis = Basis("rule", f"{best.set.id}: {best.set.words}", "alike.toml, outcomes.sets")
    text = (
        f"The outcome is told of {_cases(len(best.rows))} with {best.set.words}, of {papers} "
        f"{'paper' if papers == 1 else 'papers'}; {len(best.pooled)} have a follow-up and a status"
        f"{f' (the others: {unknown})' if unknown else ''}, and {best.deaths} of these died."
    )
    if best.set.within == {}:
        text = text.replace(" with the near cases", ", the near cases")
    counts = {
        "set": best.set.id,
        "cases": len(best.rows),
        "followed": len(best.pooled),
        "deaths": best.deaths,
    }
    more = tuple(_looked_at(t) for t in chose.narrower)
    yield Line(text, (basis, _counting()), more=more, key="set", value=counts)
    if chose.passed:
        names = "; ".join(s.words for s in chose.passed)
        yield Line(
            f"Not asked, for it is not known of this patient: {names}.", (basis,), "missing", key="passed"
        )
    if best.same:
        yield Line(
            f"Left out: {_cases(best.same)} that may be this patient in another report.",
            found.by.basis()[:1], key="same",
        )  # fmt: skip
    if not chose.enough:
        least = found.by.outcomes
        rule = Basis("rule", least.why, "alike.toml, outcomes")
        yield Line(
            f"Too few for a survival curve: that takes {least.least_cases} cases with follow-up and status and "
            f"{least.least_deaths} deaths among them. The cases are listed instead.", (rule,), "warning", key="few",
        )  # fmt: skip


def _papers(found: Neighbours, one: Tried) -> int:
    return len({int(found.library.paper[r]) for r in one.rows})


def _cases(n: int) -> str:
    return "1 case" if n == 1 else f"{n} cases"


def _counting() -> Basis:
    return Basis("computed", "counts of the cases that were read")


def _looked_at(tried: Tried) -> Line:
    return Line(
        f"too few before: {tried.set.words}: {_cases(len(tried.rows))}, {len(tried.pooled)} followed, "
        f"{tried.deaths} died", (Basis("rule", tried.set.words, "alike.toml, outcomes.sets"), _counting()),
    )  # fmt: skip


def _median(survival: PooledSurvival) -> Line:
    whole = survival.whole
    middle, low, high = whole.median
    said = f"{months(middle)} months" if np.isfinite(middle) else "not reached"
    limits = f" (95% CI {interval(low, high, 1)})" if np.isfinite(low) or np.isfinite(high) else ""
    at = {"median_months": _plain(middle), "low": _plain(low), "high": _plain(high)}
    return Line(
        f"Median survival {said}{limits}; {whole.n} patients, {whole.events} deaths, of {len(whole.studies)} "
        f"{'study' if len(whole.studies) == 1 else 'studies'}.",
        (Basis("computed", "Kaplan–Meier over the cases; limits log-log, of the median after Brookmeyer and Crowley",
               "doi:10.1080/01621459.1958.10501452, doi:10.2307/2530286"),), key="median", value=at,
    )  # fmt: skip


def _plain(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None


def _said(sentences: Sequence[Said]) -> Iterator[Line]:
    """What must be said of pooled cases; the first sentence is that of publication bias."""
    for number_, said in enumerate(sentences):
        bases = [Basis("computed", said.basis)]
        if number_ == 0:
            bases.append(source("nissen2014").basis)
        yield Line(said.text, tuple(bases), "warning", key="publication-bias" if number_ == 0 else "")


def _rates(found: Neighbours, group: PooledGroup) -> Grid:
    last = float(group.curve.survival.time[-1])
    rows = [_rate(group, t) for t in found.by.outcomes.at_months if t <= last]
    return Grid(
        "survival", "Survival of these cases", ("Months", "Alive (95% CI)", "At risk", "Died until then"),
        tuple(rows),
        (Line(f"The longest follow-up is {number(last, 1)} months; beyond it nothing is known.", (_counting(),)),),
    )  # fmt: skip


def _rate(group: PooledGroup, when: float) -> tuple[Line, ...]:
    share, low, high = group.at(when)
    life = group.curve.survival.life
    left, died = group.at_risk([when])[0], int(life.events[life.time <= when].sum())
    km = (Basis("computed", "Kaplan–Meier, log-log limits"),)
    value = {"survival": _plain(share), "low": _plain(low), "high": _plain(high)}
    limits = "" if np.isfinite(low) else " (no interval: nobody or everybody died)"
    return (
        Line(number(when), km, value=when),
        Line(within(share, low, high) + limits, km, value=value),
        Line(f"{left}", km, value=left),
        Line(f"{died}", km, value=died),
    )


def _curve(group: PooledGroup) -> Picture:
    survival = group.curve.survival
    life = survival.life
    ticks = ticks_of(float(life.time[-1]) or 1.0)
    steps = np.append(np.flatnonzero(life.events > 0), len(life.time) - 1)
    upto = [int(np.searchsorted(life.time, t, side="right")) for t in ticks]
    events, censored = (np.concatenate([[0.0], np.cumsum(v)]) for v in (life.events, life.censored))
    low, high = (_carried(v[steps]) for v in (survival.low, survival.high))
    strand = Strand(
        "like cases", survival.time[steps].tolist(), survival.survival[steps].tolist(), low, high,
        life.time[life.censored > 0].tolist(), group.at_risk(ticks),
        [int(events[u]) for u in upto], [int(censored[u]) for u in upto],
    )  # fmt: skip
    title = f"Survival of {group.n} published or registered cases like this one ({group.events} deaths)"
    drawn = Strands(title, "Months from each report's own start", "Survival", ticks, [strand], "")
    return draw_curves("survival_alike", drawn)


def _carried(limits: Floats) -> list[float]:
    """Limits for the drawing: where the last patient dies there is none, and the band ends as it was before."""
    out = [float(v) for v in limits]
    if len(out) > 1 and np.isnan(out[-1]):
        out[-1] = out[-2]
    return out


def _few(found: Neighbours, best: Tried) -> Grid:
    library, most = found.library, found.by.outcomes.listed
    order = sorted(best.rows, key=lambda r: (_rank(found, r), library.key(r)))
    rows = [_one(library, row) for row in order[:most]]
    cut = Line(f"The {most} nearest of {len(order)} are listed.", (_counting(),))
    return Grid("cases", "The cases", ("Case", "Course"), tuple(rows), (cut,) if len(order) > most else ())


def _rank(found: Neighbours, row: int) -> float:
    rank = float(found.measured.rank[row])
    return rank if np.isfinite(rank) else 1.0


def _one(library: Library, row: int) -> tuple[Line, ...]:
    case: Case = library.case(row)
    about = library.about(row)
    words, bases = told((library, row, case), COURSE)
    named = Basis("case", about.reference, f"{about.paper.id}, case {case.case}", about.url)
    held = [case_basis(library, row, c) for name in ("diagnosis", "levels") for c in case.of(name)]
    what = ", ".join(str(c.value) for name in ("diagnosis", "levels") for c in case.of(name))
    silent = (Basis("computed", "not found in the words of this case"),)
    return (
        Line(f"{library.name(row)}{f': {what}' if what else ''}", (named, *dict.fromkeys(held)),
             key=f"{about.paper.id}/{case.case}"),
        Line(words or "not found", bases or silent, "" if words else "missing"),
    )  # fmt: skip


def _recurrence(library: Library, best: Tried) -> Iterator[Line]:
    """Local recurrence or progression: counts, and the incidence with death as what prevents it."""
    held = [(row, choice_of(library, "recurrence", row)) for row in best.rows]
    known = [(row, value) for row, value in held if value in ("yes", "no")]
    if not known:
        yield Line(
            "Recurrence or progression after treatment: told of none of these cases.", (_counting(),), "missing",
            key="recurrence",
        )  # fmt: skip
        return
    some = sum(value == "yes" for _, value in known)
    yield Line(
        f"Recurrence or progression after treatment: {counted(some, len(known))} of those of whom it is told; not "
        f"told of {len(held) - len(known)}. The share is of all whatever their follow-up, so that later ones are "
        "missing in it.",
        (Basis("computed", "counts with Wilson's interval (Wilson 1927, doi:10.1080/01621459.1927.10502953)"),),
        key="recurrence", value={"yes": some, "known": len(known), "cases": len(held)},
    )  # fmt: skip
    yield from _competing(library, [row for row, _ in known])
    if best.deaths:
        died = [row for row, _ in known if choice_of(library, "status", row) == "dead"]
        without = sum(choice_of(library, "recurrence", row) == "no" for row in died)
        if died:
            yield Line(
                f"Of those who died, {counted(without, len(died))} died without recurrence: death competes with it.",
                (_counting(),), key="died-without", value={"without": without, "died": len(died)},
            )  # fmt: skip


def _competing(library: Library, rows: Sequence[int]) -> Iterator[Line]:
    """Cumulative incidence of recurrence at a year, where times are known of enough cases."""
    ends = [end for row in rows if (end := _first(library, row)) is not None]
    recurred = sum(cause == 1 for _, cause in ends)
    if len(ends) < 5 or recurred < 3:
        yield Line(
            f"Incidence over time, with death as a competing event, is not computed: times are known of "
            f"{_cases(len(ends))}, {recurred} with recurrence.", (_counting(),), "missing", key="incidence",
        )  # fmt: skip
        return
    time, cause = np.array([t for t, _ in ends]), np.array([c for _, c in ends], np.int64)
    table = causes_table(time, cause, np.ones(len(ends)), 2)
    parts = []
    for when in (12.0, 24.0):
        share, low, high = incidence(table, 1).at(when)
        if np.isfinite(share) and np.isfinite(low):
            parts.append(f"{share:.0%} (95% CI {low:.0%}–{high:.0%}) at {number(when)} months")
    if parts:
        yield Line(
            f"Cumulative incidence of recurrence, death as a competing event: {', '.join(parts)}; {len(ends)} cases "
            f"with times, {recurred} with recurrence.",
            (Basis("computed", "Aalen–Johansen estimate over these cases"),), key="incidence",
        )  # fmt: skip


def _first(library: Library, row: int) -> tuple[float, int] | None:
    """When a case first recurred or died, or was last seen; 1 for recurrence, 2 for death, 0 for neither."""
    seen, came = library.columns["follow_up_months"], library.columns["recurrence_months"]
    assert isinstance(seen, Numbers)
    assert isinstance(came, Numbers)
    if choice_of(library, "recurrence", row) == "yes":
        when = float(came.low[row])
        return None if np.isnan(when) or when != came.high[row] else (when, 1)
    last, status = float(seen.low[row]), choice_of(library, "status", row)
    if np.isnan(last) or last != seen.high[row] or status not in ("alive", "dead"):
        return None
    return last, 2 if status == "dead" else 0


def _cohorts(found: Neighbours, read: Sequence[Figure]) -> Iterator[Grid]:
    """Figures of cohorts with this tumour, then of those that name no tumours apart."""
    most = found.by.outcomes.figures
    same = [f for f in read if f.same_tumour]
    other = [f for f in read if not f.same_tumour]
    for name, title, some, few in (
        ("cohorts", "What cohorts with this tumour report", same, most),
        (
            "cohorts_mixed",
            "What cohorts of spinal or bone metastases report, tumours not told apart",
            other,
            most // 2,
        ),
    ):
        outcome = [f for f in some if f.statements[0].quantity != "hazard_ratio"]
        factors = [f for f in some if f.statements[0].quantity == "hazard_ratio"]
        if outcome:
            yield _figures(name, title, outcome, few)
        if factors:
            yield _figures(f"{name}_factors", f"{title}: factors", sorted(factors, key=_width), FACTORS)


def _width(figure: Figure) -> float:
    """How wide the interval of a ratio is; the narrow ones say most."""
    s = figure.statements[0]
    return s.high / s.low if s.high and s.low else float("inf")


def _figures(name: str, title: str, some: Sequence[Figure], most: int) -> Grid:
    rows = []
    for figure in islice(some, most):
        line = figure.line()
        whom = figure.statements[0].group or "the whole cohort"
        rows.append((Line(figure.about.cite, line.bases), Line(whom, line.bases), line))
    notes = [Line(f"{most} of {len(some)} figures are shown.", (_counting(),))] if len(some) > most else []
    return Grid(name, title, ("Source", "Of whom", "Figure"), tuple(rows), tuple(notes))
