"""Whatever the text: statements, cited cases and groups come out, and their quotes stand."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from spondyl.extract.cited import cited
from spondyl.extract.groups import groups
from spondyl.extract.series import statements
from spondyl.record import Paper, Section

PIECES = """
40 patients with pain|Twenty (44%)|of the|mean|median|was|12.5|months|(range 3-8)|±|95% CI|1.1-3.3|HR|
p < .001|n = 18|
5-year survival|72%, 39%|Orme et al. [3]|In our study|men|women|;|.|,|(|)|$|<sup>|and|four|100,000|0|ß|İ|‐
"""
WORDS = st.sampled_from(PIECES.strip().replace("\n", "").split("|"))
KINDS = st.sampled_from(["abstract", "introduction", "results", "discussion", "case_report", "other"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(KINDS, st.lists(WORDS | st.text(max_size=8), max_size=25)), min_size=1, max_size=4))
def test_statements_and_groups_stand_on_the_text(parts: list[tuple[str, list[str]]]) -> None:
    text, sections = "", []
    for kind, words in parts:
        start = len(text)
        text += " ".join(words) + "\n"
        sections.append(Section.model_validate({"kind": kind, "title": "", "start": start, "end": len(text)}))
    paper = Paper(id="p", source="p.txt", text=text, sections=tuple(sections))
    found = statements(paper)
    quotes = [q for s in found for q in s.quotes]
    quotes += [q for c in (*cited(paper), *groups(paper, found)) for claim in c.claims for q in claim.quotes]
    assert all(text[q.start : q.end] == q.text for q in quotes)
    assert all(s.quotes for s in found)
