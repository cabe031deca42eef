"""Whatever a text says: no exception, and the quotes of findings always stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spondyl import extract
from spondyl.audit import audit
from spondyl.record import Case, Claim, Paper, Section, Statement, Table

WORDS = st.sampled_from(
    [
        "We",
        "treated",
        "45",
        "patients",
        "(",
        ")",
        "[",
        "]",
        ":",
        ";",
        ",",
        ".",
        "%",
        "12",
        "3.5",
        "0",
        "1,412",
        "of",
        "the",
        "median",
        "mean",
        "survival",
        "was",
        "months",
        "1-year",
        "range",
        "to",
        "Figure",
        "3",
        "Table",
        "1",
        "p",
        "=",
        "<",
        "0.05",
        "95%",
        "CI",
        "HR",
        "hazard",
        "ratio",
        "men",
        "women",
        "died",
        "alive",
        "lost",
        "and",
        "both",
        "two",
        "three",
        "or",
        "more",
        "within",
        "by",
        "excluded",
        "leaving",
        "C8",
        "T13",
        "L7",
        "vertebra",
        "Gy",
        "in",
        "fractions",
        "most",
        "common",
        "followed",
        "second",
        "n",
        "=",
        "76",
        "±",
        "SD",
        "age",
        "years",
        "46-year-old",
        "recurred",
        "later",
        "et",
        "al.",
        "2013",
        "VAS",
        "MSTS",
        "31",
        "6/5",
        "strength",
        "ki-67",
        "120%",
        "each",
        "from",
        "0",
        "5",
        "total",
        "score",
        "15",
        "\n\n",
        "\n",
        "\t",
        "|",
        "/",
    ]
)
TEXTS = st.lists(WORDS, max_size=120).map(" ".join)
NUMBERS = st.sampled_from(["0", "0.0", "5", "12.5", "99", "1,412", ".03", "0.00"])


@given(TEXTS)
def test_any_text_can_be_audited(text: str) -> None:
    paper = Paper(id="p", source="p.txt", text=text)
    reading = extract.reading(paper)
    for f in audit(paper, reading.cases, reading.statements):
        assert f.quotes
        assert all(text[q.start : q.end] == q.text and q.text for q in f.quotes)


@given(
    st.text(min_size=8, max_size=200),
    st.lists(st.tuples(st.sampled_from(["count", "share", "mean", "median", "sd", "range", "quartiles",
                                        "survival_rate", "hazard_ratio", "n"]), NUMBERS, NUMBERS, NUMBERS,
                       st.integers(0, 500), st.integers(0, 500)), max_size=8),
)  # fmt: skip
def test_any_statements_can_be_audited(text: str, said: list[tuple[str, str, str, str, int, int]]) -> None:
    paper = Paper(
        id="p", source="p.txt", text=text, tables=(Table(start=0, end=4),),
        sections=(
            Section(kind="abstract", title="", start=0, end=4),
            Section(kind="results", title="", start=4, end=8),
        ),
    )  # fmt: skip
    statements = [
        Statement(
            group="all", quantity=quantity, of="overall survival", printed=a, printed_low=b, printed_high=c, n=n,
            denominator=whole, unit="months", months=12.0, p=a, quotes=(paper.quote(k, k + 2),),
            value=float(a.replace(",", "")), low=float(b.replace(",", "")), high=float(c.replace(",", "")),
        )
        for k, (quantity, a, b, c, n, whole) in enumerate(said[:6])
    ]  # fmt: skip
    case = Case(case=1, label="1", claims=(Claim(field="age_years", value=46, quotes=(paper.quote(0, 2),)),))
    for f in audit(paper, [case], statements):
        assert all(text[q.start : q.end] == q.text for q in f.quotes)
