"""The figures count right, are well formed, and hold no way to mislead a parser."""

from __future__ import annotations

import re

from lxml import etree

from spondyl.present.figures import figures
from spondyl.present.figures.counts import counts
from spondyl.present.figures.spine import spine
from spondyl.present.figures.svg import settings
from spondyl.present.figures.swimmer import LANES, swimmer
from spondyl.present.model import Row
from unit.present.evidence import row


def words(svg: str) -> list[str]:
    return ["".join(t.itertext()) for t in etree.fromstring(svg).iter("{*}text")]


def cases() -> list[Row]:
    return [
        row(1, levels=["C5", "C6"], regions="cervical", compartment=["vertebral", "extradural"],
            diagnosis="a & <b>"),
        row(2, levels=["C5"], diagnosis="melanoma", treatments=["surgery", "radiotherapy"]),
        row(3, regions=["thoracic"], diagnosis="melanoma", follow_up_months=12, status="alive"),
        row(4, kind="cited", levels=["C8", "T1"], follow_up_months=30.5, status="dead", recurrence="yes",
            recurrence_months=7, diagnosis="chordoma", treatments=["surgery"]),
        row(5),
    ]  # fmt: skip


def test_every_figure_is_well_formed_and_says_what_it_shows() -> None:
    for figure in figures(cases()) + figures([]):
        root = etree.fromstring(figure.svg)
        assert root[0].tag.endswith("title")
        assert root.get("role") == "img"
        assert "style" not in etree.tostring(root).decode()


def test_no_two_figures_share_the_name_of_a_pattern() -> None:
    ids = re.findall(r' id="([^"]+)"', "".join(f.svg for f in figures(cases())))
    assert len(ids) == len(set(ids)) == 3


def test_the_spine_counts_each_case_once_a_level_and_compartment() -> None:
    figure = spine(cases())
    root = etree.fromstring(figure.svg)
    by_height: dict[str, list[str]] = {}
    for node in root.iter("{*}text"):
        by_height.setdefault(node.get("y"), []).append(node.text)
    lines = {texts[0]: texts[1:] for texts in by_height.values() if re.fullmatch(r"[CTLS]\d+|Co", texts[0])}
    assert lines["C5"] == ["1", "1", "1", "2"]  # vertebral, extradural, not found; cases
    assert lines["C6"] == ["1", "1", "1"]
    assert lines["T1"] == ["1", "1"]
    assert lines["L5"] == []
    assert len(lines) == 30
    assert figure.words.startswith("3 of 5 cases name a level.")
    assert figure.note == (
        "Region found but no level: thoracic 1. Neither level nor region found: 1. "
        "Levels of the cord without a vertebra: C8 1."
    )


def test_the_course_has_a_lane_for_every_follow_up_longest_first() -> None:
    figure = swimmer(cases())
    said = words(figure.svg)
    assert said.index("Fir 2034") < said.index("Fir 2033")
    assert "30.5 · dead · recurrence" in said
    assert "12 · alive" in said
    assert figure.note == "Follow-up not found: 3 of 5 cases."


def test_many_lanes_fold_away() -> None:
    figure = swimmer([row(n, follow_up_months=n) for n in range(1, 2 * LANES + 2)])
    assert [p.title for p in figure.panels] == [
        f"Cases {LANES + 1} to {2 * LANES} of {2 * LANES + 1}",
        f"Cases {2 * LANES + 1} to {2 * LANES + 1} of {2 * LANES + 1}",
    ]


def test_counts_tell_patients_from_cited_cases_and_name_the_silent() -> None:
    figure = counts(cases(), "t", "treatments", "Cases by treatment")
    said = words(figure.svg)
    assert said[said.index("surgery") + 1] == "2"
    assert said[said.index("radiotherapy") + 1] == "1"
    assert said[said.index("not found") + 1] == "3"
    assert "url(#t-cited)" in figure.svg


def test_a_name_of_a_tumour_is_text() -> None:
    assert "a & <b>" in words(counts(cases(), "d", "diagnosis", "x").svg)


def test_every_compartment_has_a_shape_and_every_treatment_a_letter_of_its_own() -> None:
    shapes = [c["shape"] for c in settings()["compartments"].values()]
    letters = [letter for letter, _ in settings()["treatments"].values()]
    assert len(set(shapes)) == len(shapes) == 6
    assert len(set(letters)) == len(letters) == 12
