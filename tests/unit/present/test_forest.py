"""Forest plots of pools, traced curves and BibTeX: the same bytes, hostile words, empty parts."""

from __future__ import annotations

import re

import pytest

from spondyl.present import bibtex
from spondyl.present.forest import Meta, MetaRow, draw_meta
from spondyl.present.model import Source
from spondyl.present.traced import Trace, draw_traces
from spondyl.record import Paper

ROWS = (
    MetaRow("Novak 2031", 1.9, 1.0, 3.5, 40.0, "1.90 (1.00–3.50)"),
    MetaRow("$x_{$", 1.2, 0.7, 2.0, 60.0, "1.20"),
)
POOL = MetaRow("Pool of 2 studies", 1.4, 0.8, 2.4, None, "1.40 (0.80–2.40)")


def meta(**changes: object) -> Meta:
    plain = {
        "title": "Hazard ratio", "x_label": "Hazard ratio", "head": "HR", "rows": ROWS, "pool": POOL,
        "prediction": (0.1, 20.0, "0.1–20"), "logarithmic": True, "line": 1.0, "notes": ("REML",),
    }  # fmt: skip
    return Meta(**{**plain, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"pool": None, "prediction": None, "rows": ROWS[:1]},
        {
            "logarithmic": False,
            "line": None,
            "rows": [MetaRow("a", 0.2, 0.0, 1.0, 50.0, "20 %")],
            "pool": None,
        },
        {"rows": [MetaRow("wide", 5.0, 0.0001, 90000.0, 100.0, "5")]},
        {"rows": [MetaRow(f"Study {k}", 1.0 + k / 10, 0.5, 4.0, 2.5, "") for k in range(40)]},
    ],
)
def test_a_forest_is_drawn_the_same_twice(changes: dict[str, object]) -> None:
    one, two = draw_meta("forest", meta(**changes)), draw_meta("forest", meta(**changes))
    assert (one.svg, one.png) == (two.svg, two.png)
    assert one.png.startswith(b"\x89PNG")


def test_a_forest_names_its_studies_and_their_weights() -> None:
    drawn = draw_meta("forest", meta(rows=[ROWS[0]])).svg.decode()
    words = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert {"Novak 2031", "40.0 %", "Pool of 2 studies", "Prediction for a new study", "REML"} <= set(words)


@pytest.mark.parametrize("text", ["$", "_x", "a\nb\x00", "", "\\frac{$", "$$$"])
def test_no_word_is_read_as_a_formula(text: str) -> None:
    assert draw_meta("forest", meta(rows=[MetaRow(text, 1.0, 0.5, 2.0, 100.0, "1")])).svg
    assert draw_traces([Trace(text, [0, 1], [1, 0.5], [1.0], [0.5], [0.2], [0.8])], text).svg


def test_references_keep_their_words_and_have_keys_of_their_own() -> None:
    papers = [
        Paper(id="a", source="a", text="", title="50% & {more}_\\", authors=("Žižek, A",), year=2031),
        Paper(id="b", source="b", text="", title="Two", authors=("Žižek, B",), year=2031),
        Paper(id="c", source="c.csv", text=""),
    ]
    said = bibtex.render([Source(k, p, "") for k, p in enumerate(papers, 1)])
    assert re.findall(r"^@(\w+)\{(\w+),$", said, re.M) == [
        ("article", "zizek2031"),
        ("article", "zizek2031a"),
        ("misc", "c"),
    ]
    assert r"50\% \& \{more\}\_\textbackslash{}" in said
    assert said.count("{") == said.count("}")
