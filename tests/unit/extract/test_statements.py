"""Statements about groups: counts, measures, rates, ratios (all sentences are invented)."""

from __future__ import annotations

import pytest

from spondyl.extract.series import statements
from spondyl.record import Cell, Paper, Section, Statement, Table


def paper(text: str, *kinds: str) -> Paper:
    """A paper whose paragraphs are sections of the kinds given, or one section without a name."""
    sections, start = [], 0
    for kind, part in zip(kinds, text.split("\n\n"), strict=False):
        sections.append(Section(kind=kind, title="", start=start, end=start + len(part)))
        start += len(part) + 2
    return Paper(id="p", source="p.txt", text=text, sections=tuple(sections))


def read(text: str, *kinds: str) -> tuple[Statement, ...]:
    found = statements(paper(text, *kinds))
    for s in found:
        for q in s.quotes:
            assert text[q.start : q.end] == q.text
    return found


COHORT = "We reviewed 40 patients with sacral chordoma. "


@pytest.mark.parametrize(
    ("sentence", "n", "denominator", "printed", "of"),
    [
        ("Twelve (30%) needed an operation.", 12, 40, "30", "needed an operation"),
        ("Seven of the 12 patients (58%) had pain.", 7, 12, "58", "had pain"),
        ("Pain was present in 22 patients (55%).", 22, 40, "55", "Pain was present in"),
        ("The tumors were low (N = 10, 25%).", 10, 40, "25", "low"),
        ("Leakage was seen at 9 of 60 levels (15.0%).", 9, 60, "15.0", "Leakage was seen at"),
        ("Thirty-six patients were alive.", 36, 40, None, "were alive"),
        ("Five patients had urinary retention.", 5, 40, None, "had urinary retention"),
        ("Fever occurred in 3/40 (7.5%).", 3, 40, "7.5", "Fever occurred in"),
    ],
)
def test_counts(sentence: str, n: int, denominator: int, printed: str | None, of: str) -> None:
    found = [s for s in read(COHORT + sentence) if s.quantity == "count"]
    assert [(s.n, s.denominator, s.printed, s.of) for s in found] == [(n, denominator, printed, of)]


def test_numbers_that_are_no_counts() -> None:
    text = COHORT + (
        "The dose was 30 Gy in 10 fractions, given in 2019 over 2 weeks at T4 for ECOG 2 in stage 3 disease; "
        "the incidence is 2 cases per 100,000 persons, about 1 in 7 of all."
    )
    assert [s.n for s in read(text) if s.quantity == "count" and s.n not in (40, 2)] == []


def test_lists_that_leave_the_noun_out() -> None:
    text = COHORT + "Nine patients had decompression, four had fusion, and two were observed."
    assert [(s.n, s.of) for s in read(text) if s.quantity == "count"] == [
        (9, "had decompression"),
        (4, "had fusion"),
        (2, "were observed"),
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "The mean age was 61.4 ± 12.3 years (range 31-88).",
            {("mean", "61.4"), ("sd", "12.3"), ("range", (31.0, 88.0))},
        ),
        (
            "Median survival was 14.5 months (IQR: 5.2, 30.6).",
            {("median", "14.5"), ("quartiles", (5.2, 30.6))},
        ),
        ("Mean [SD] age, 55.6 [13.3] years.", {("mean", "55.6"), ("sd", "13.3")}),
        ("The mean volume was 4.3 ± 0.1 mL (SEM).", {("mean", "4.3"), ("sem", "0.1")}),
        ("Survival was compared at a median of 9 months.", {("median", "9")}),
    ],
)
def test_measures(sentence: str, expected: set[tuple[str, object]]) -> None:
    found = {(s.quantity, s.printed or (s.low, s.high)) for s in read(COHORT + sentence) if s.quantity != "n"}
    assert found == expected


def test_an_interval_of_a_median_is_kept_as_printed() -> None:
    found = list(read(COHORT + "Overall survival had a median of 12.0 months (95% CI, 9.50-15.2 months)."))
    assert [(s.printed, s.printed_low, s.printed_high, s.unit) for s in found if s.quantity == "median"] == [
        ("12.0", "9.50", "15.2", "months")
    ]


def test_two_groups_in_one_sentence_each_get_their_median() -> None:
    found = read(COHORT + "The median survival was 8.7 months in myeloma and 41.5 months in chordoma.")
    assert [(s.group, s.printed) for s in found if s.quantity == "median"] == [
        ("myeloma", "8.7"),
        ("chordoma", "41.5"),
    ]


def test_survival_rates_in_the_order_of_their_times() -> None:
    text = "The 1-year, 3-year, and 5-year survival rates in all 40 patients were 78%, 46%, and 9.0%."
    rates = [(s.months, s.printed, s.n) for s in read(text) if s.quantity == "survival_rate"]
    assert rates == [(12, "78", 40), (36, "46", 40), (60, "9.0", 40)]


def test_survival_rates_with_their_time_behind_them() -> None:
    text = COHORT + "Survival was 70.9% at 6 months and 26% (CI 20-31) at 2 years."
    rates = [(s.months, s.value, s.low, s.high) for s in read(text) if s.quantity == "survival_rate"]
    assert rates == [(6, 70.9, None, None), (24, 26, 20, 31)]


def test_ratios_and_tests() -> None:
    text = COHORT + (
        "Paresis (hazard ratio [HR], 2.14; 95% CI, 1.30-3.52; P = .004) predicted death. "
        "Survival did not differ by log-rank test (p = 0.17). Values of p < 0.05 were considered significant."
    )
    found = [s for s in read(text) if s.quantity in ("hazard_ratio", "p_value")]
    assert [(s.quantity, s.printed, s.printed_low, s.printed_high, s.p) for s in found] == [
        ("hazard_ratio", "2.14", "1.30", "3.52", ".004"),
        ("p_value", "0.17", None, None, "0.17"),
    ]
    assert "log-rank test" in found[1].of


def test_a_group_named_at_the_head_of_the_sentence_is_the_denominator() -> None:
    text = COHORT + "Of the 14 patients who had a bone scan, 11 patients (79%) had no uptake."
    found = [s for s in read(text) if s.quantity == "count"]
    assert [(s.group, s.denominator) for s in found] == [("14 patients who had a bone scan", 14)]


def test_a_share_of_a_part_finds_the_part() -> None:
    text = COHORT + "Twenty (50%) had an operation. Three (15%) had a second one."
    assert [(s.n, s.denominator) for s in read(text) if s.quantity == "count"] == [(20, 40), (3, 20)]


def test_a_share_that_nothing_explains_keeps_its_group() -> None:
    """An audit needs to see 10 of 40 printed as 28 %."""
    found = [s for s in read(COHORT + "Ten patients (28%) fell.") if s.quantity == "count"]
    assert [(s.n, s.denominator, s.printed) for s in found] == [(10, 40, "28")]


def test_a_quoted_study_is_never_the_papers_own() -> None:
    text = (
        "We treated 40 patients with chordoma. Twelve patients (30%) died.\n\n"
        "Orme et al. [14] analyzed 90 patients. In their study, median survival was 95.1 months. "
        "In our study, the median survival was 60 months."
    )
    medians = {s.printed: s.group for s in read(text, "results", "discussion") if s.quantity == "median"}
    assert medians["95.1"].startswith("Orme et al. [14]")
    assert not medians["60"].startswith("Orme")


def test_the_end_of_a_sentence_may_turn_to_another_study() -> None:
    text = (
        "We treated 40 patients with chordoma.\n\n"
        "Our failure rate of 15% compares with 18.2% in the 170 patients of Bright et al. [3]."
    )
    shares = {s.printed: s.group for s in read(text, "results", "discussion") if s.quantity == "share"}
    assert shares["18.2"].startswith("Bright et al.")
    assert not shares["15"].startswith("Bright")


def test_the_story_of_one_patient_makes_no_statement() -> None:
    text = "A 63-year-old woman had two lesions at C5. Three months later two of them were gone."
    assert read(text) == ()


def _table(text: str, caption: str, rows: list[str]) -> Paper:
    """A paper that is one table: cells between tabs, the first row as head."""
    cells, start = [], len(caption) + 1
    for i, row in enumerate(rows):
        for j, words in enumerate(row.split("\t")):
            if words:
                cells.append(
                    Cell(row=i, column=j, text=words, start=start, end=start + len(words), head=i == 0)
                )
            start += len(words) + 1
    table = Table(
        label="Table 1",
        caption=caption,
        caption_start=0,
        caption_end=len(caption),
        start=0,
        end=len(text),
        cells=tuple(cells),
    )
    section = Section(kind="table", title="", start=0, end=len(text))
    return Paper(id="t", source="t.txt", text=text, sections=(section,), tables=(table,))


def tabled(caption: str, *rows: str) -> tuple[Statement, ...]:
    text = "\n".join((caption, *rows))
    found = statements(_table(text, caption, list(rows)))
    for s in found:
        for q in s.quotes:
            assert text[q.start : q.end] == q.text
    return found


def test_counts_in_a_table_take_the_size_of_the_caption_and_the_name_of_the_section() -> None:
    found = tabled(
        "Features of the 40 patients with chordoma",
        "Feature\tNo. (%)",
        "Sex\t",
        "Female\t22 (55)",
        "Male\t18 (45.0)",
    )
    assert [(s.of, s.n, s.denominator, s.printed) for s in found] == [
        ("Sex: Female", 22, 40, "55"),
        ("Sex: Male", 18, 40, "45.0"),
    ]


def test_a_section_ends_where_its_counts_make_up_the_whole() -> None:
    rows = (
        "Feature\tNo. (%) (N = 40)",
        "Sex\t",
        "Female\t22 (55)",
        "Male\t18 (45)",
        "Ever operated\t30 (75)",
    )
    assert tabled("Features", *rows)[-1].of == "Ever operated"


def test_a_section_may_be_its_own_whole() -> None:
    rows = ("Feature\tNo. (%) (N = 40)", "Operation\t", "Open\t12 (60%)", "Closed\t8 (40%)")
    assert [s.denominator for s in tabled("Features", *rows)] == [20, 20]


def test_ratios_in_a_table_carry_interval_and_p() -> None:
    found = tabled(
        "Cox model in 40 patients",
        "Factor\tHR (95% CI)\tP value",
        "Grade 3\t1.9 (1.1–3.3)\t.03",
        "Pain\t0.8 (0.4–1.6)\t.53*",
    )
    assert next((s.quantity, s.printed, s.printed_low, s.printed_high, s.p) for s in found) == (
        "hazard_ratio",
        "1.9",
        "1.1",
        "3.3",
        ".03",
    )


def test_a_table_of_groups() -> None:
    rows = (
        "Group\tn\tDeaths\tMedian OS, months (95% CI)\t12-month OS, %",
        "Myeloma\t18\t11\t16.8 (12.1–24.3)\t61.1",
    )
    found = {s.quantity: s for s in tabled("Overall survival", *rows)}
    assert {s.group for s in found.values()} == {"Myeloma"}
    assert (found["n"].n, found["count"].denominator) == (18, 18)
    assert (found["median"].printed, found["median"].printed_high) == ("16.8", "24.3")
    assert (found["survival_rate"].value, found["survival_rate"].months) == (61.1, 12)


def test_a_mean_in_a_table_with_the_form_in_its_label() -> None:
    found = tabled("Features", "Feature\tn = 40", "Age, mean (SD) [range], y\t55.6 (13.3) [22-89]")
    assert [(s.quantity, s.printed or (s.low, s.high), s.unit, s.n) for s in found] == [
        ("mean", "55.6", "years", 40),
        ("sd", "13.3", "years", 40),
        ("range", (22, 89), "years", 40),
    ]
