"""A pool in sentences, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from spondyl.cohort.results import CoxModel
from spondyl.consult.pooled import PooledGroup, PooledSurvival
from spondyl.consult.pooled_cases import Said
from spondyl.consult.pooled_drawn import number_of, title_of
from spondyl.consult.pooled_flow import Flow
from spondyl.consult.pooled_summaries import Summary
from spondyl.consult.pooled_work import Left, PoolWork
from spondyl.consult.study_format import interval, months, number, p_value, ratio, share

__all__ = ["flow_words", "methods", "paragraph", "sections"]

GUYOT = "Guyot 2012, doi:10.1186/1471-2288-12-9"


def paragraph(said: Iterator[Said] | tuple[Said, ...]) -> tuple[str, ...]:
    """Sentences as paragraphs, each with its basis in brackets.

    Args:
        said: The sentences.

    Example:
        >>> paragraph((Said("Nobody died.", "4 patients"),))
        ('Nobody died. [4 patients]',)
    """
    return tuple(f"{one.text} [{one.basis}]" for one in said)


def sections(work: PoolWork) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The sections of the report.

    Args:
        work: The pool.
    """
    out = [("What was pooled", paragraph(flow_words(work)))]
    if work.survival:
        out.append(("Survival", paragraph(_survival(work.survival))))
        if work.survival.by and len(work.survival.groups) > 1:
            out.append((f"By {_plain(work.survival.by)}", paragraph(_by(work.survival))))
        if work.left or work.kinds:
            out.append(("When something is left out", paragraph(_sensitivity(work))))
    if work.summaries:
        out.append(("What the papers say of groups", paragraph(_summaries(work))))
    out.append(("Methods", paragraph(methods(work))))
    return tuple(out)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _many(n: int, one: str, many: str = "") -> str:
    return f"{n} {one}" if n == 1 else f"{n} {many or one + 's'}"


def flow_words(work: PoolWork) -> Iterator[Said]:
    """What was read, kept and dropped.

    Args:
        work: The pool.
    """
    found = work.flow
    studies = len({c.study for c in found.kept})
    yield Said(
        f"{_many(found.papers, 'study', 'studies')} with {_many(found.cases, 'case')} "
        f"{'was' if found.papers == 1 else 'were'} read; {_many(len(found.kept), 'patient')} of "
        f"{_many(studies, 'study', 'studies')} {'is' if len(found.kept) == 1 else 'are'} pooled.",
        "counts of the inputs",
    )
    if found.dropped:
        parts = "; ".join(f"{why} ({n})" for why, n in found.counts.items())
        yield Said(
            f"Dropped: {parts}.", "one reason for each case, the first that applies; tables/dropped.csv"
        )
    if work.plan.where:
        yield Said(f"Kept are patients of whom this holds: {work.plan.where}", "the condition that was given")
    if found.repeated:
        yield Said(
            f"{_many(found.repeated, 'paper')} came twice and counted once.", "same DOI, PMID, checksum or id"
        )
    yield from _twins(found)
    for note in work.inputs.notes:
        yield Said(note, "the head of the table")


def _twins(found: Flow) -> Iterator[Said]:
    for twin in found.twins[:10]:
        yield Said(
            f"{twin.kept.cite}, {twin.kept.label}, and {twin.other.cite}, {twin.other.label}, may be one patient. Both "
            "are pooled; below the pool is shown without the second.",
            twin.words,
        )
    if len(found.twins) > 10:
        yield Said(f"{len(found.twins) - 10} more such pairs were found.", "tables/duplicates.csv")


def _group(group: PooledGroup, name: str) -> Said:
    median, low, high = group.median
    told = "not reached" if median != median else f"{months(median)} months"
    return Said(
        f"{name}: median survival {told} (95 % CI {interval(low, high, 1)}), {_many(group.events, 'death')} among "
        f"{_many(group.n, 'patient')}.",
        f"Kaplan-Meier over {_many(len(group.studies), 'study', 'studies')}; limits after Brookmeyer and Crowley 1982",
    )


def _survival(done: PooledSurvival) -> Iterator[Said]:
    yield _group(done.whole, "All patients")
    last = float(done.whole.curve.survival.time[-1])
    for when in (t for t in (12, 24, 60) if t <= last):
        s, low, high = done.whole.at(when)
        if s == 1:
            yield Said(f"By {when} months nobody had died.", f"{done.whole.at_risk([when])[0]} still at risk")
            continue
        yield Said(
            f"Survival at {when} months is {share(s)} (95 % CI {share(low)}–{share(high)}).",
            f"Kaplan-Meier, log-log limits, {_many(done.whole.at_risk([when])[0], 'patient')} still at risk",
        )


def _by(done: PooledSurvival) -> Iterator[Said]:
    for group in done.groups:
        yield _group(group, _plain(group.label))
    if done.within:
        w = done.within
        yield Said(
            f"Within studies: log-rank χ² {number(w.chi2, 2)} on {w.df} df, p {_equals(p_value(w.p))}.",
            f"stratified by study; {_many(w.studies, 'study', 'studies')} with {w.patients} patients and {w.events} "
            "deaths can tell, the others have one group only",
        )
        yield from _ratios(w.cox, "Within studies", "Cox, stratified by study")
    if done.across:
        chi2, df, p = done.across
        yield Said(
            f"Studies ignored: log-rank χ² {number(chi2, 2)} on {df} df, p {_equals(p_value(p))}. Whatever else "
            "differs between the studies differs between the groups, too.",
            f"{done.whole.n - done.ungrouped} patients, {len(done.studies)} studies",
        )
        few = ", few for such errors" if len(done.studies) < 20 else ""
        how = f"Cox, errors robust to {_many(len(done.studies), 'study', 'studies')}{few}"
        yield from _ratios(done.clustered, "Studies ignored", how)


def _ratios(model: CoxModel | None, what: str, how: str) -> Iterator[Said]:
    if model is None:
        return
    reference = next((r.level.label for r in model.rows if r.level.index is None), "")
    for row in model.rows:
        if row.level.index is None:
            continue
        named = f"{_plain(row.level.label)} against {_plain(reference)}"
        basis = f"{how}{', penalised after Firth' if model.firth else ''}; {model.fit.events} deaths"
        if row.estimable and row.se > 0:
            yield Said(
                f"{what}, the hazard ratio of {named} is {ratio(row.ratio)} (95 % CI {interval(row.low, row.high)}, p "
                f"{_equals(p_value(row.p))}).",
                basis,
            )
        else:
            yield Said(f"{what}, the hazard ratio of {named} cannot be estimated: too few deaths.", basis)


def _equals(p: str) -> str:
    return f"{p[0]} {p[1:]}" if p[0] in "<>" else f"= {p}"


def _sensitivity(work: PoolWork) -> Iterator[Said]:
    if work.left:
        reached = [x.whole.median[0] for x in work.left if x.whole.median[0] == x.whole.median[0]]
        basis = f"{_many(len(work.left), 'study', 'studies')} left out one at a time"
        if work.unlisted:
            basis += f", the largest; {work.unlisted} smaller ones were not"
        missed = len(work.left) - len(reached)
        told = (
            f"lies between {months(min(reached))} and {months(max(reached))} months"
            if reached
            else "is not reached"
        )
        more = (
            f"; it is not reached without {_many(missed, 'of them', 'of them')}" if missed and reached else ""
        )
        yield Said(f"Without one study the median of all patients {told}{more}.", basis)
        tested = [x.p for x in work.left if x.p is not None]
        if tested:
            yield Said(
                f"The p of the log-rank test that ignores studies then lies between {p_value(min(tested))} and "
                f"{p_value(max(tested))}.",
                basis,
            )
    for one in work.kinds:
        yield _without(one)


def _without(one: Left) -> Said:
    median, low, high = one.whole.median
    told = "not reached" if median != median else f"{months(median)} months"
    return Said(
        f"Without {one.what} the median is {told} (95 % CI {interval(low, high, 1)}).",
        f"{_many(one.patients, 'patient')}, {_many(one.events, 'death')}",
    )


def _summaries(work: PoolWork) -> Iterator[Said]:
    for summary in work.summaries:
        yield from _summary(summary)


def _summary(summary: Summary) -> Iterator[Said]:
    done, title = summary.pooled, title_of(summary)
    left = f"; {_many(len(summary.left_out), 'statement')} left out, see tables" if summary.left_out else ""
    if done is None:
        basis = "; ".join(f"{e.label}: {e.basis}" for e in summary.effects) or "no statement can be pooled"
        many = _many(len(summary.effects), "study", "studies")
        yield Said(f"{title}: {many} can be used, nothing is pooled.", basis + left)
        return
    low, high = done.prediction
    at, lower, upper, new, newer = (
        number_of(summary, v) for v in (done.estimate, done.low, done.high, low, high)
    )
    yield Said(
        f"{title}: {at} (95 % CI {lower}–{upper}) over {done.k} studies; a new study is expected between {new} and "
        f"{newer}.",
        f"random effects, REML, Knapp-Hartung with the guard; {', '.join(e.label for e in summary.effects)}{left}",
    )
    yield Said(
        f"Between the studies: τ² {done.tau2:.3f} (95 % limits {done.tau2_low:.3f}–{done.tau2_high:.3f}), I² "
        f"{done.i2:.0f} %, Q {done.q:.1f}, p {_equals(p_value(done.q_p))}.",
        f"REML, Q-profile; {done.k} studies",
    )
    if summary.left:
        ends = [number_of(summary, f(x.estimate for _, x in summary.left)) for f in (min, max)]
        yield Said(
            f"Without one study the pool lies between {ends[0]} and {ends[1]}.", "each study left out in turn"
        )
    if summary.kind == "ratio":
        yield Said(
            "Every hazard ratio is taken as printed; check that all compare the same groups in the same direction and "
            "adjust for the same things.",
            "papers name covariates in their own words",
        )


def methods(work: PoolWork) -> Iterator[Said]:
    """How it was computed, with the sources.

    Args:
        work: The pool.
    """
    if work.survival:
        yield Said(
            "Survival was estimated with the Kaplan-Meier method over all patients, with log-log limits.",
            "Kaplan and Meier 1958, doi:10.1080/01621459.1958.10501452",
        )
        yield Said(
            "Groups were compared with the log-rank test and Cox's model, stratified by study, and once more ignoring "
            "studies with errors robust to them.",
            "Cox 1972, doi:10.1111/j.2517-6161.1972.tb00899.x",
        )
    if any(c.basis == "curve" for c in work.flow.kept):
        yield Said("Patients of printed curves were reconstructed.", GUYOT)
    if any(s.pooled for s in work.summaries):
        yield Said(
            "Summaries were pooled on the log scale (shares on the logit scale) with random effects by restricted "
            "maximum likelihood.",
            "Viechtbauer 2005, doi:10.3102/10769986030003261",
        )
        yield Said(
            "Intervals are those of Knapp and Hartung; where their factor is below 1 it counts as 1, so that agreement "
            "by chance makes no interval narrow. results.json holds the unguarded ones and those of DerSimonian "
            "and Laird.",
            "Knapp and Hartung 2003, doi:10.1002/sim.1482; Röver 2015, doi:10.1186/s12874-015-0091-1",
        )
        yield Said(
            "A median without an interval has the error 1 / (ln 2 · √deaths).",
            "variance of a sample median for exponential times",
        )
