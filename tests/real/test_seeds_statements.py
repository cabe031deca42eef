"""What the five seed documents say of groups, and the cases of others that they list."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from spondyl import extract, read
from spondyl.record import Case, Paper, Reading, Statement

SEEDS = Path(__file__).parents[2] / "../shared/seeds"
pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seed documents (../shared/seeds) are not here"
)


@cache
def seed(number: str) -> tuple[Paper, Reading]:
    paper = read.paper(str(next(SEEDS.glob(f"{number}*.txt"))))
    return paper, extract.reading(paper)


def cases(number: str, kind: str) -> list[Case]:
    return [c for c in seed(number)[1].cases if c.kind == kind]


def said(number: str) -> tuple[Statement, ...]:
    return seed(number)[1].statements


def test_the_cited_cases_of_000() -> None:
    found = cases("000", "cited")
    assert [c.label for c in found] == [
        "Sun et al., 2022",
        "Zhang et al., 2022",
        "Zhang et al., 2022",
        "Zhang et al., 2022",
        "Sun et al., 2014",
    ]
    assert [c.fields["levels"] for c in found] == [["C3", "C4", "C5"], ["C2", "C3"], ["C4"], ["C2"], ["C6"]]
    assert [c.fields.get("follow_up_months") for c in found] == [1, 6, 38, None, 13]
    assert [c.fields.get("resection_extent") for c in found] == [
        "gross_total",
        "subtotal",
        "gross_total",
        "gross_total",
        "gross_total",
    ]
    assert [c.fields.get("recurrence") for c in found] == [None, "no", "no", None, "no"]
    assert ["radiotherapy" in c.fields["treatments"] for c in found] == [True, False, False, True, True]
    assert {c.fields["diagnosis"] for c in found} == {"leiomyosarcoma"}


@pytest.mark.parametrize(("number", "groups"), [("000", 0), ("001", 2), ("002", 2), ("003", 0), ("004", 0)])
def test_groups(number: str, groups: int) -> None:
    assert len(cases(number, "group")) == groups


def test_the_two_series_of_001() -> None:
    first, second = cases("001", "group")
    assert first.label == "24 patients with cervical spine metastases (Vazifehdan et al., 2017)"
    assert second.label.endswith("(Stangenberg et al., 2017)")
    wanted = {
        "n_patients": 24,
        "n_male": 14,
        "n_female": 10,
        "age_mean_years": 71,
        "follow_up_mean_months": 14,
        "median_survival_months": 14.8,
        "n_dead": 21,
        "n_alive": 3,
    }
    assert {k: first.fields.get(k) for k in wanted} == wanted
    wanted = {"n_patients": 14, "n_male": 8, "n_female": 6, "age_mean_years": 64.7}
    assert {k: second.fields.get(k) for k in wanted} == wanted


def test_the_cohort_of_002_and_the_patients_it_comes_from() -> None:
    sizes = {c.fields["n_patients"]: c for c in cases("002", "group")}
    assert set(sizes) == {45, 396}
    wanted = {
        "n_female": 31,
        "n_male": 14,
        "age_mean_years": 56.2,
        "n_dead": 32,
        "n_alive": 12,
        "diagnosis": "leiomyosarcoma",
    }
    assert {k: sizes[45].fields.get(k) for k in wanted} == wanted
    assert sizes[45].fields["median_survival_months"] in (69.7, [69.7, 60])
    assert sizes[396].fields["n_female"] == 273


# quantity, n, denominator, printed or bounds, a word of `of`
FOUND_IN_002 = [
    ("n", 396, None, None, ""),
    ("n", 45, None, None, ""),
    ("count", 45, 396, "11", "bone metastases"),
    ("count", 20, 45, "44", "surgical"),
    ("count", 18, 45, "40", "uterine"),
    ("count", 29, 31, "94", "palliative"),
    ("count", 11, 14, "79", "uptake"),
    ("count", 273, 396, "69", "female"),
    ("count", 123, 396, "31", "male"),
    ("count", 31, 45, "69", "female"),
    ("count", 125, 396, "32", "etroperitoneal"),
    ("count", 20, 396, "5.0", "Asian"),
    ("count", 33, 45, "73.3", "Caucasian"),
    ("count", 10, 45, "20", "Mixed"),
    ("count", 20, 45, "45", "Surgical management"),
    ("count", 12, 20, "60", "rophylactic"),
    ("count", 41, 45, "91", "chemotherapy"),
    ("count", 94, 396, None, "lost to follow-up"),
    ("count", 32, 45, None, "died"),
    ("share", None, 396, "66", "Caucasian"),
    ("mean", 45, None, "56.2", "age"),
    ("sd", 45, None, "1.8", "age"),
    ("median", 45, None, "32.7", "bone metastases"),
    ("median", 45, None, "28.4", "after diagnosis of bone metastases"),
    ("quartiles", None, None, (36.4, 198.5), "survival"),
    ("quartiles", 45, None, (37.2, 100.0), "survival"),
    ("survival_rate", 396, None, "72", "survival"),
    ("survival_rate", 45, None, "18", "survival"),
    ("p_value", None, None, "0.17", "survival"),
    ("hazard_ratio", None, None, "0.35", "Bone"),
    ("hazard_ratio", None, None, "125", "Lung"),
]


@pytest.mark.parametrize("wanted", FOUND_IN_002, ids=lambda w: f"{w[0]}-{w[1]}-{w[3]}")
def test_statements_of_002(wanted: tuple[str, int | None, int | None, object, str]) -> None:
    quantity, n, denominator, printed, of = wanted
    found = [
        s
        for s in said("002")
        if s.quantity == quantity
        and s.n == n
        and s.denominator == denominator
        and of in s.of
        and printed in (s.printed, (s.low, s.high))
    ]
    assert found


def test_the_rates_of_002_come_with_their_times() -> None:
    rates = {(s.n, s.months): s.printed for s in said("002") if s.quantity == "survival_rate"}
    wanted = {
        (396, 24): "72",
        (396, 60): "39",
        (396, 120): "16",
        (45, 24): "82",
        (45, 60): "51",
        (45, 120): "18",
    }
    assert {k: rates[k] for k in wanted} == wanted


def test_the_ratios_of_002_carry_interval_and_p_as_printed() -> None:
    rows = {(s.of.split(": ")[-1], s.printed): s for s in said("002") if s.quantity == "hazard_ratio" and s.p}
    dermal, lung = rows["Dermal", "0.21"], rows["Lung", "125"]
    assert (dermal.printed_low, dermal.printed_high, dermal.p) == ("0.06", "0.66", "0.008")
    assert (lung.printed_low, lung.printed_high, lung.p) == ("5.3", "2998", "0.003")
    assert len(rows) >= 24


def test_what_other_studies_found_is_not_taken_for_the_papers_own() -> None:
    """Numbers of 002 that belong to studies it discusses, by what is printed."""
    others = {"95.1": "Gootee", "59.8": "Gootee", "14.7": "Hindiskere", "42.1": "Steensma", "3.1": "Steensma"}
    for printed, name in others.items():
        found = [s for s in said("002") if s.printed == printed]
        assert found
        assert all(s.group.startswith(name) for s in found), printed
    own = [s for s in said("002") if s.printed in ("60", "21.3", "51", "69.7")]
    assert own
    assert not any("et al" in s.group for s in own)


def follows(s: Statement) -> bool:
    """Whether a share is its count over its denominator, rounded or cut off."""
    printed, places = float(s.printed or 0), len((s.printed or "").partition(".")[2])
    return abs(100 * (s.n or 0) / (s.denominator or 1) - printed) < 10.0**-places


def test_the_shares_of_002_follow_from_their_counts() -> None:
    """A wrong denominator would show here; two shares of the paper itself do not follow from their counts."""
    shares = [s for s in said("002") if s.quantity == "count" and s.printed and s.denominator]
    wrong = {(s.n, s.denominator, s.printed) for s in shares if not follows(s)}
    assert len(shares) > 60
    assert wrong <= {(10, 45, "20"), (2, 396, "1.0")}


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_quotes_stand(number: str) -> None:
    paper, reading = seed(number)
    quotes = [q for s in reading.statements for q in s.quotes]
    quotes += [q for c in reading.cases if c.kind != "patient" for claim in c.claims for q in claim.quotes]
    assert quotes or number == "004"
    assert all(paper.text[q.start : q.end] == q.text for q in quotes)


def test_the_story_of_one_patient_makes_no_own_statement() -> None:
    for number in ("000", "004"):
        own = [s for s in said(number) if s.quantity in ("n", "count") and s.group and "et al" not in s.group]
        assert all("[" in s.group or s.group.startswith("literature") for s in own)
