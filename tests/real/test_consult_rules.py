"""What the rules say of the patients of the seed documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from spondyl import read
from spondyl.consult.patient import differential, management
from spondyl.consult.patient.opening import from_text
from spondyl.consult.patient.person import Person
from spondyl.consult.rules import Results
from spondyl.present.consultation import Line, Part

SEEDS = Path(__file__).parents[2] / "../shared/seeds"
pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seed documents (../shared/seeds) are not here"
)


@cache
def patient(number: str) -> Person:
    return from_text(read.paper(str(next(SEEDS.glob(f"{number}*.txt")))), 1)


def leads(number: str, axis: str) -> str:
    return next(w.candidate.id for w in differential.weigh(patient(number), axis))


def line(part: Part, key: str) -> Line:
    return next(one for one in part.lines if one.key == key)


def statements(number: str) -> dict[str, tuple[Line, ...]]:
    grids = management.part(patient(number)).grids
    return {r[0].key: r for g in grids if g.name.startswith("management_") for r in g.rows}


def test_000_is_a_metastasis_of_a_leiomyosarcoma_and_leiomyoma_is_held_against_it() -> None:
    assert leads("000", "place") == "extradural_metastasis"
    assert leads("000", "tissue") == "leiomyosarcoma"
    weighed = {w.candidate.id: w for w in differential.weigh(patient("000"), "tissue")}
    assert len(weighed["leiomyosarcoma"].side("for")) == 4
    assert {e.says.split()[0] for e, _ in weighed["leiomyoma"].side("against")} == {
        "atypia",
        "more",
        "necrosis",
    }
    words = {b.text for _, v in weighed["leiomyosarcoma"].side("for") for b in v.bases}
    assert any("mitoses" in w for w in words)


def test_000_sources_that_bear_on_it_and_disagree() -> None:
    found = statements("000")
    assert {"lms_gross_total", "lms_en_bloc", "lms_fracture", "sarcoma_first_line"} <= set(found)
    assert found["lms_survival_short"][2].text == "Elhammady et al. 2007"
    assert found["lms_survival_long"][2].text == "Ziewacz et al. 2012"
    assert not [k for k in found if k.startswith(("im_", "monitor_"))]


def test_004_are_intramedullary_metastases_with_oedema_out_of_proportion() -> None:
    assert leads("004", "place") == "intramedullary_metastasis"
    assert leads("004", "tissue") == "carcinoma"
    first = differential.weigh(patient("004"), "place")[0]
    assert first.stated.truth
    assert any("oedema" in e.says for e, _ in first.side("for"))
    assert not first.side("against")


def test_004_monitoring_and_surgery_within_the_cord() -> None:
    found = statements("004")
    assert {"im_early_surgery", "im_no_survival_gain", "monitor_multimodal", "monitor_no_gain"} <= set(found)
    assert found["im_early_surgery"][2].text == "Wilson et al. 2012"
    assert not [k for k in found if k.startswith(("sins_", "noms_", "lms_"))]


@pytest.mark.parametrize("number", ["000", "004"])
def test_every_line_has_a_basis_and_quotes_stand_in_the_text(number: str) -> None:
    person = patient(number)
    results = Results(person)
    assert person.paper
    for part in (differential.part(person, results), management.part(person, results)):
        cells = [c for g in part.grids for r in (*g.rows, g.notes) for c in r]
        todo = [*part.lines, *cells]
        while todo:
            one = todo.pop()
            todo += one.more
            assert one.bases or not one.text, one.text
            for basis in one.bases:
                if basis.kind == "words":
                    assert basis.text in person.paper.text
