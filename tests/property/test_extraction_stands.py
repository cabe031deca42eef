"""Whatever the text: extraction raises nothing, its quotes stand, and every value has a claim."""

from __future__ import annotations

import csv
import random
import tempfile
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from house import SRC
from spondyl import examples, extract, read
from spondyl.record import Paper

PHRASES = """
A 61-year-old man|She|He|the patient|presented with|had|was found|underwent|of the|at|in|and|no evidence of|denied|
was positive for|negative for|metastasis|metastatic to|biopsy showed|proved to be|a mass in the|was resected|T5|L2|
three months later|12 months after surgery|in 2005|18 years ago|30 Gy in 10 fractions|C3-C5|Th5-8|D5-7-12|4/5|Case 2|
seventh dorsal vertebra|CASE REPORT|DISCUSSION|Table 1.|his mother|et al. [3]|.|,|;|:|(|)|-|/|0|%|ß|İ|‐|45|years|months|
F/63|died|alive|recurrence|SMA+, CD34-
"""
GLUE = (*PHRASES.replace("\n", "").split("|"), "\n", "\n\n", "\t", "\u00ad", "\x0c", "")
KNOWN = (
    "tumours",
    "sites",
    "procedures",
    "treatments",
    "drugs",
    "presentations",
    "markers",
    "compartments",
    "signs",
)


@cache
def vocabulary() -> tuple[str, ...]:
    """Terms of the lexicons, some of each."""
    chosen: list[str] = []
    for name in KNOWN:
        with (SRC / "extract" / "lexicons" / f"{name}.tsv").open(encoding="utf-8", newline="") as rows:
            terms = [row["term"] for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)]
        chosen += random.Random(name).sample(terms, min(60, len(terms)))
    return tuple(chosen)


@cache
def shipped() -> tuple[str, ...]:
    """The texts of the invented papers."""
    with tempfile.TemporaryDirectory() as folder:
        examples.write(Path(folder))
        return tuple(read.paper(Path(folder) / name).text for name in examples.papers())


def assert_stands(paper: Paper) -> None:
    reading = extract.reading(paper)
    for case in reading.cases:
        claimed = {(claim.field, claim.value) for claim in case.claims}
        for field, value in case.fields.items():
            for one in value if isinstance(value, list) else [value]:
                assert (field, one) in claimed
        for claim in (*case.claims, *case.others):
            assert claim.quotes
            assert all(paper.text[q.start : q.end] == q.text for q in claim.quotes)
    for said in reading.statements:
        assert all(paper.text[q.start : q.end] == q.text for q in said.quotes)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(GLUE) | st.deferred(lambda: st.sampled_from(vocabulary())), max_size=60))
def test_words_of_the_trade_in_any_order(words: list[str]) -> None:
    assert_stands(read.text(" ".join(words)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_papers_cut_mixed_and_damaged(seed: int) -> None:
    dice = random.Random(seed)
    sentences = [s for text in dice.sample(shipped(), 3) for s in text.split(". ")]
    dice.shuffle(sentences)
    text = dice.choice((". ", ".\n", ".\n\n")).join(sentences[: dice.randrange(1, 40)])
    for _ in range(dice.randrange(30)):
        at = dice.randrange(len(text) + 1)
        text = text[:at] + dice.choice((*GLUE, "")) + text[at + dice.choice((0, 0, 1, 5)) :]
    assert_stands(read.text(text))


def test_a_generic_tumour_of_an_organ_beside_a_proven_metastasis() -> None:
    assert_stands(
        read.text(
            "A 61-year-old man with lung cancer had a bone tumour. Biopsy showed metastatic lung adenocarcinoma. "
            "He had a brain tumour."
        )
    )
