"""What happened to patients like this one: pooled survival, recurrence, and what cohorts report; always with spread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from spondyl.consult.patient.alike import COURSE, case_basis, told
from spondyl.consult.patient.cohort_figures import Figure, figures
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.nearest import Neighbours, neighbours
from spondyl.consult.patient.outcome_sets import Chosen, Tried, choice_of, chosen, first_end, said_lines
from spondyl.consult.patient.person import Person
from spondyl.consult.patient.wilson import counted
from spondyl.consult.pooled_cases import publication_bias
from spondyl.present.consultation import Basis, Grid, Line, Part
from spondyl.present.survival import Picture
from spondyl.record import Case

__all__ = ["outcomes"]

TITLE = "What happened to patients like this one"
FACTORS = 8
LEAST_ENDS, LEAST_RECURRED = 5, 3


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
            # Estimating and drawing take longer to load than the rest of the page takes to be made.
            from spondyl.consult.patient import outcome_curve

            more, rates, curve = outcome_curve.survival(found, chose.best)
            lines += more
            grids.append(rates)
            pictures.append(curve)
        else:
            lines += said_lines([publication_bias(len(chose.best.rows), _papers(found, chose.best))])
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
    yield from _over_time([end for row, _ in known if (end := first_end(library, row)) is not None])
    if best.deaths:
        died = [row for row, _ in known if choice_of(library, "status", row) == "dead"]
        without = sum(choice_of(library, "recurrence", row) == "no" for row in died)
        if died:
            yield Line(
                f"Of those who died, {counted(without, len(died))} died without recurrence: death competes with it.",
                (_counting(),), key="died-without", value={"without": without, "died": len(died)},
            )  # fmt: skip


def _over_time(ends: list[tuple[float, int]]) -> Iterator[Line]:
    """Incidence of recurrence where times are known of enough cases."""
    recurred = sum(cause == 1 for _, cause in ends)
    if len(ends) < LEAST_ENDS or recurred < LEAST_RECURRED:
        yield Line(
            f"Incidence over time, with death as a competing event, is not computed: times are known of {len(ends)} "
            f"of these cases, {recurred} with recurrence.", (_counting(),), "missing", key="incidence",
        )  # fmt: skip
        return
    from spondyl.consult.patient import outcome_curve

    yield from outcome_curve.competing(ends)


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
