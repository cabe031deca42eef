"""Pooling over published cases: who is counted, what is compared, what is said."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from house import ROOT
from pooled_made import case, paper, said, write
from spondyl.cohort import Cohort
from spondyl.consult import PooledCase, pooled_survival
from spondyl.consult.pooled_flow import REASONS
from spondyl.consult.pooled_report import paper_of, write_pool
from spondyl.consult.pooled_work import PoolPlan, pool_work
from spondyl.record import ReadError, UsageError

EXAMPLE = ROOT / "examples" / "pooling"


def pooled(tmp_path: Path, lines: list[Any], **plan: Any) -> Any:
    return pool_work(PoolPlan((write(tmp_path / "evidence", lines),), **plan))


def seen(months: Any = 12, status: Any = "dead", **fields: Any) -> dict[str, Any]:
    return {"follow_up_months": months, "status": status, **fields}


def simulated(n: int, studies: int, seed: int = 1) -> list[PooledCase]:
    rng = random.Random(seed)
    return [
        PooledCase(
            f"s{k % studies}", f"Study {k % studies}", k, f"Case {k}", round(rng.expovariate(0.05), 2),
            rng.random() < 0.7, {"extent": rng.choice(["a", "b"])},
        )
        for k in range(n)
    ]  # fmt: skip


def test_every_reason_for_dropping_is_counted(tmp_path: Path) -> None:
    lines = [
        paper("Novak", 2031, [
            case(1, **seen(), sex="male"), case(2, **seen(), sex="female"), case(3, **seen()),
            case(4, "30 patients", "group", n_patients=30), case(5, sex="male", status="dead"),
            case(6, **seen([12, 18]), sex="male"), case(7, **seen(5000), sex="male"),
            case(8, follow_up_months=4, sex="male"), case(9, **seen(4, ["alive", "dead"]), sex="male"),
            case(10, levels=[], sex="male", **seen()),
        ]),
        paper("Horvat", 2032, [case(1, "Novak et al., 2031", "cited", **seen(), sex="male"),
                               case(2, "Elsewhere, 2001", "cited", **seen(7), sex="male")]),
        paper("Kralj", 2033, [case(1, "Elsewhere, 2001", "cited", **seen(7), sex="male")]),
    ]  # fmt: skip
    work = pooled(tmp_path, lines, where='sex == "male"')
    assert work.flow.counts == dict.fromkeys(REASONS, 1)
    assert list(work.flow.counts) == list(REASONS)
    assert [(c.cite, c.case) for c in work.flow.kept] == [("Novak 2031", 1), ("Horvat 2032", 2)]
    assert len(work.flow.kept) + len(work.flow.dropped) == work.flow.cases == 13


def test_the_same_paper_twice_counts_once(tmp_path: Path) -> None:
    one = paper("Novak", 2031, [case(1, **seen())], doi="10.1/A")
    again = paper("Other", 2031, [case(1, **seen())], doi="10.1/a")
    work = pooled(tmp_path, [one, again])
    assert (work.flow.repeated, len(work.flow.kept)) == (1, 1)


def test_one_patient_in_two_papers_is_proposed_and_left_out_in_the_sensitivity(tmp_path: Path) -> None:
    person = {"age_years": 61, "sex": "female", "diagnosis": "leiomyosarcoma", "levels": ["C5", "C6"]}
    lines = [paper("Novak", 2031, [case(1, **seen(9, "alive"), **person)]),
             paper("Horvat", 2033, [case(1, **seen(30), **{**person, "levels": ["C5"]})]),
             paper("Kralj", 2034, [case(1, **seen(8), **{**person, "levels": ["T1"]})])]  # fmt: skip
    work = pooled(tmp_path, lines)
    (twin,) = work.flow.twins
    assert (twin.kept.cite, twin.other.cite) == ("Horvat 2033", "Novak 2031")
    assert len(work.flow.kept) == 3
    assert {k.what: k.patients for k in work.kinds} == {"proposed duplicates": 2}


def test_curves_are_those_of_a_cohort() -> None:
    cases = simulated(60, 12)
    done = pooled_survival(cases, "extent")
    columns = {"t": [c.months for c in cases], "d": [int(c.died) for c in cases],
               "g": [c.fields["extent"] for c in cases], "s": [c.study for c in cases]}  # fmt: skip
    cohort = Cohort(columns, "t", "d")
    for group, curve in zip(done.groups, cohort.kaplan_meier("g").groups, strict=True):
        assert (group.label, group.n, group.events, group.median) == (
            curve.label,
            curve.n,
            curve.events,
            curve.median,
        )
    assert done.within is not None
    assert done.within.chi2 == pytest.approx(cohort.logrank("g", "s").test.chi2)
    assert done.across is not None
    assert done.across[0] == pytest.approx(cohort.logrank("g").test.chi2)
    assert done.whole.at_risk([0])[0] == 60
    assert sum(n for _, n in done.studies) == 60


def test_single_reports_cannot_be_compared_within_studies() -> None:
    cases = [PooledCase(f"s{k}", f"S {k}", 1, "", float(k + 1), True, {"x": "ab"[k % 2]}) for k in range(12)]
    done = pooled_survival(cases, "x")
    assert done.within is None
    assert any("difference between studies" in w.text for w in done.warnings)
    assert all(w.basis and w.text.endswith(".") for w in done.warnings)


def test_groups_that_no_study_joins_are_not_compared_within() -> None:
    rows = [("s1", "a"), ("s1", "b"), ("s2", "c"), ("s2", "d")] * 3
    cases = [PooledCase(s, s, k, "", float(k + 1), True, {"x": g}) for k, (s, g) in enumerate(rows)]
    assert pooled_survival(cases, "x").within is None


def test_lists_and_contradictions_make_groups_or_none() -> None:
    fields = [
        {"treatments": ["surgery", "radiotherapy"]},
        {"treatments": ["surgery"]},
        {"margin": ["R0", "R1"]},
        {},
    ]
    cases = [PooledCase(f"s{k}", f"S{k}", 1, "", 5.0, True, f) for k, f in enumerate(fields)]
    assert [g.label for g in pooled_survival(cases, "treatments").groups] == [
        "radiotherapy + surgery",
        "surgery",
    ]
    assert pooled_survival(cases, "treatments").ungrouped == 2
    with pytest.raises(UsageError, match="none of the 4 patients"):
        pooled_survival(cases, "margin")
    with pytest.raises(UsageError, match="no patient"):
        pooled_survival([], None)


GROUP = case(1, "40 patients", "group", n_patients=40)


def series(name: str, year: int, *statements: Any, **fields: Any) -> Any:
    return paper(name, year, [case(1, "40 patients", "group", n_patients=40, **fields)], list(statements))


def test_summaries_are_pooled_one_a_study_and_never_those_of_others(tmp_path: Path) -> None:
    own = said("median", "overall survival", 14.0, low=10.0, high=20.0, n=40, unit="months")
    years = said("median", "survival", 1.5, low=1.0, high=2.2, n=40, unit="years")
    lines = [
        series(
            "Novak", 2031, own, said("median", "survival", 6.0, group="90 patients", low=5.0, high=7.0, n=90)
        ),
        series(
            "Horvat", 2032, years, said("median", "progression-free survival", 4.0, low=3.0, high=5.0, n=40)
        ),
        series("Kralj", 2033, said("median", "survival", 11.0, n=40)),
        series("Babic", 2034, own, {**own, "value": 16.0}),
    ]
    (summary,) = pooled(tmp_path, lines).summaries
    assert [e.label for e in summary.effects] == ["Novak 2031", "Horvat 2032"]
    assert summary.back(summary.effects[1].value) == pytest.approx(18.0)
    why = {x.cite: x.why for x in summary.left_out}
    assert "paper's own" in why["Novak 2031"]
    assert "neither an interval" in why["Kralj 2033"]
    assert "several such values" in why["Babic 2034"]


def test_a_condition_holds_for_groups_too(tmp_path: Path) -> None:
    own = said("median", "overall survival", 14.0, low=10.0, high=20.0, n=40, unit="months")
    lines = [series(n, 2031 + k, own, diagnosis=d) for k, (n, d) in
             enumerate([("Novak", "melanoma"), ("Horvat", "melanoma"), ("Kralj", "chordoma")])]  # fmt: skip
    lines.append(series("Babic", 2034, own))
    (summary,) = pooled(tmp_path, lines, where='diagnosis == "melanoma"').summaries
    assert [e.label for e in summary.effects] == ["Novak 2031", "Horvat 2032"]
    assert [x.why.partition(":")[0] for x in summary.left_out] == [
        "the group does not match", "the group not known to match",
    ]  # fmt: skip


def test_hazard_ratios_are_pooled_by_their_words(tmp_path: Path) -> None:
    named = {
        "Novak": "Visceral metastases",
        "Horvat": "visceral  metastases",
        "Kralj": "in Cox, visceral metastases",
    }
    lines = [series(n, 2031, said("hazard_ratio", of, 2.0, low=1.0, high=4.0)) for n, of in named.items()]
    assert [(s.of, len(s.effects)) for s in pooled(tmp_path, lines).summaries] == [("visceral metastases", 2)]
    (asked,) = pooled(tmp_path, lines, ratios=("metastases visceral",)).summaries
    assert len(asked.effects) == 3
    assert asked.pooled is not None
    assert asked.pooled.estimate == pytest.approx(0.6931, abs=1e-4)


def example(out: Path, **plan: Any) -> Any:
    inputs = tuple(EXAMPLE / n for n in ("reports.jsonl", "patients.csv", "summaries.csv"))
    return write_pool(PoolPlan(inputs, **plan), out)


def test_the_report_is_whole_and_the_same_twice(tmp_path: Path) -> None:
    asked = {"by": "resection_extent", "shares": ("local recurrence",)}
    one, two = example(tmp_path / "a", **asked), example(tmp_path / "b", **asked)
    names = [f.relative_to(tmp_path / "a").as_posix() for f in one.files]
    assert {
        "report.html",
        "report.docx",
        "report.pdf",
        "results.json",
        "included.ris",
        "included.bib",
    } <= set(names)
    assert {"figures/survival.svg", "figures/forest.png", "tables/flow.csv", "tables/patients.csv"} <= set(
        names
    )
    assert all(a.read_bytes() == b.read_bytes() for a, b in zip(one.files, two.files, strict=True))
    page = one.files[0].read_text("utf-8")
    assert not re.search(r"""(?:src|href)=["']?https?:""", page)
    found = json.loads((tmp_path / "a" / "results.json").read_text("utf-8"))
    assert found["flow"]["kept"] == len(found["patients"]) == found["survival"]["whole"]["n"]
    assert found["flow"]["kept"] + sum(found["flow"]["dropped"].values()) == found["flow"]["cases"]
    assert found["survival"]["within_studies"]["studies"] > 5
    assert [s["kind"] for s in found["summaries"]] == ["median", "ratio", "share"]
    assert found["summaries"][0]["effects"][3]["basis"].startswith("27 events")
    rows = list(csv.DictReader((tmp_path / "a" / "tables" / "patients.csv").read_text("utf-8").splitlines()))
    assert len(rows) == found["flow"]["kept"]


def test_every_sentence_of_the_report_says_what_it_rests_on(tmp_path: Path) -> None:
    inputs = tuple(EXAMPLE / n for n in ("reports.jsonl", "patients.csv", "summaries.csv"))
    report = paper_of(pool_work(PoolPlan(inputs, by="resection_extent", where='levels != "C5"')))
    sentences = [*report.warnings, *(p for _, paragraphs in report.sections for p in paragraphs)]
    assert len(sentences) > 15
    without = [s for s in sentences if not re.search(r"\[[^\]]{3,}\]$", s)]
    assert not without
    assert "not a sample of all patients" in report.warnings[0]


def test_references_are_of_the_included_alone(tmp_path: Path) -> None:
    lines = [
        paper("Novak", 2031, [case(1, **seen())], title="Tumours & <b>{bones}</b>"),
        paper("Horvat", 2032, [case(1)]),
    ]
    out = tmp_path / "out"
    write_pool(PoolPlan((write(tmp_path / "e", lines),)), out)
    ris, bib = ((out / f"included.{kind}").read_text("utf-8") for kind in ("ris", "bib"))
    assert ris.count("TY  - ") == 1
    assert "@article{novak2031," in bib
    assert r"Tumours \& <b>\{bones\}</b>" in bib
    assert "Horvat" not in ris + bib


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    evil = '<script>alert(1)</script>$\\frac{$=cmd|" ]]>\x07'
    lines = [paper("No<b>vak", 2031, [case(k, evil, **seen(k), resection_extent=f"{evil}{k % 2}") for k in range(1, 5)],
                   title=evil)]  # fmt: skip
    done = write_pool(PoolPlan((write(tmp_path / "e", lines),), by="resection_extent"), tmp_path / "out")
    page = done.files[0].read_text("utf-8")
    assert "<script" not in page
    assert "<b>" not in page
    table = (tmp_path / "out" / "tables" / "patients.csv").read_text("utf-8")
    assert "\n=cmd" not in table


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("months,died\n12,maybe\n", "died is 'maybe'"),
        ("months,died\n-3,1\n", "months is '-3'"),
        ("a,b\n1,2\n", "its columns are a, b"),
        ("months,died\n", "empty"),
        ("", "empty"),
    ],
)
def test_a_bad_table_is_a_problem_and_the_rest_is_done(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "bad.csv").write_text(text, "utf-8")
    evidence = write(tmp_path / "e", [paper("Novak", 2031, [case(1, **seen())])])
    work = pool_work(PoolPlan((evidence, tmp_path / "bad.csv")))
    assert len(work.flow.kept) == 1
    assert words in str(work.inputs.problems[0])


def test_tables_of_patients_join_the_pool_in_their_units(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "years,event,study,treatments\n2,1,Novak et al. 2031,surgery;radiotherapy\n", "utf-8"
    )
    (tmp_path / "b.csv").write_text("days,status,study\n30.4375,alive,Novak et al. 2031\n", "utf-8")
    work = pool_work(PoolPlan((tmp_path / "a.csv", tmp_path / "b.csv")))
    assert [(c.cite, round(c.months, 6), c.died) for c in work.flow.kept] == [
        ("Novak 2031", 24.0, True), ("Novak 2031", 1.0, False),
    ]  # fmt: skip
    assert work.flow.kept[0].fields["treatments"] == ["surgery", "radiotherapy"]
    assert work.flow.papers == 1


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    evidence = write(tmp_path / "e", [paper("Novak", 2031, [case(1, status="dead")])])
    with pytest.raises(UsageError, match=r"no patient of 1 is left to pool \(1 no follow-up\)"):
        pool_work(PoolPlan((evidence,)))
    with pytest.raises(UsageError, match="did you mean resection_extent"):
        pool_work(PoolPlan((evidence,), by="resection_extend"))
    with pytest.raises(UsageError, match="did you mean diagnosis"):
        pool_work(PoolPlan((evidence,), where='diagnosys == "a"'))
    with pytest.raises(ReadError):
        pool_work(PoolPlan((tmp_path / "nowhere",)))
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UsageError, match="is a file"):
        write_pool(PoolPlan((evidence,)), tmp_path / "file")


def test_too_many_groups_are_refused(tmp_path: Path) -> None:
    cases = [case(k, **seen(k), drugs=[f"drug{k}"]) for k in range(1, 20)]
    with pytest.raises(UsageError, match="too many for groups"):
        pooled(tmp_path, [paper("Novak", 2031, cases)], by="drugs")


def test_groups_named_by_numbers_are_groups() -> None:
    cases = [
        PooledCase(f"s{k % 3}", f"S{k % 3}", k, "", k + 1.0, k % 3 > 0, {"grade": 1 + k % 2})
        for k in range(24)
    ]
    done = pooled_survival(cases, "grade")
    assert [g.label for g in done.groups] == ["1", "2"]
    assert done.within is not None
    for model in (done.within.cox, done.clustered):
        assert model is not None
        assert [(r.level.label, r.level.index is None) for r in model.rows] == [("1", True), ("2", False)]


def test_hundreds_of_studies_are_strata() -> None:
    cases = simulated(1200, 400)
    done = pooled_survival(cases, "extent")
    assert done.within is not None
    assert done.within.studies > 200
    assert done.within.cox is not None
