"""The pages of the patients of the seed documents: flags, score intervals, leading candidates, named sources."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import consulted
from spondyl import read
from spondyl.consult.patient.opening import from_text
from spondyl.consult.patient.page import consultation
from spondyl.present.consultation import Consultation, Line, every_line
from spondyl.record import UsageError

SEEDS = Path(__file__).parents[2] / "../shared/seeds"
pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seed documents (../shared/seeds) are not beside the checkout"
)


def seed(number: str) -> Path:
    return next(SEEDS.glob(f"{number}_*.txt"))


@cache
def page(number: str) -> Consultation:
    return consultation(from_text(read.paper(seed(number))), evidence=sorted(SEEDS.glob("*.txt")))


def lines(page: Consultation, part: str) -> Iterator[Line]:
    return (line for where, line in every_line(page) if where is not None and where.key == part)


def urgent(page: Consultation) -> set[str]:
    return {line.key for line in lines(page, "flags") if line.tone == "urgent" and line.key}


def machine(page: Consultation, sheet: str) -> dict[str, object]:
    found = (x for x in lines(page, "scores") if isinstance(x.value, dict) and x.value.get("sheet") == sheet)
    return next(x.value for x in found if isinstance(x.value, dict))


def sources(page: Consultation, part: str) -> str:
    return " ".join(b.text for line in lines(page, part) for b in line.bases if b.kind == "source")


def test_000_a_metastasis_in_a_cervical_lamina() -> None:
    done = page("000")
    assert done.title.startswith("63-year-old woman, leiomyosarcoma, primary retroperitoneum, vertebral, C5")
    assert "weakness" in urgent(done)
    sins, tokuhashi = machine(done, "sins"), machine(done, "tokuhashi_2005")
    assert (sins["fits"], sins["band"]) == (True, None)
    assert (tokuhashi["low"], tokuhashi["high"]) == (3, 10)
    assert machine(done, "r_margin")["rows"] == ["R0"]
    assert machine(done, "ajcc8_sts_retroperitoneum")["possible"] == ["IV"]
    first = [row[0].text for g in done.part("differential").grids for row in g.rows[:1]]  # type: ignore[union-attr]
    assert any("Metastasis" in text for text in first)
    assert any(text.startswith("Leiomyosarcoma") for text in first)
    assert "Koruga" in sources(done, "management")


def test_000_what_does_not_add_up_is_said_of_the_patient() -> None:
    said = [line.key for line in page("000").parts[0].lines]
    assert {"audit-outcome_conflict", "audit-duration_conflict", "audit-date_conflict"} <= set(said)
    assert not {"audit-name_conflict", "audit-figure_callout", "audit-rank_conflict"} & set(said)


def test_004_two_metastases_within_the_cord() -> None:
    done = page("004")
    assert {"progressing_deficit", "weakness"} <= urgent(done)
    assert "Age is given as 46 and 49" in done.parts[0].lines[1].text
    unfit = {line.key for line in lines(done, "scores") if line.key.startswith("unfit-")}
    assert {
        "unfit-tokuhashi_2005",
        "unfit-sins",
        "unfit-escc_bilsky",
        "unfit-noms",
        "unfit-tomita_2001",
    } <= unfit
    leading = done.part("differential").grids[0].rows[0][0].text  # type: ignore[union-attr]
    assert "ntramedullary metastasis" in leading
    assert "Pizzuti" in sources(done, "management")


def test_003_a_review_without_a_patient_says_so() -> None:
    with pytest.raises(UsageError, match="tells of no single patient"):
        from_text(read.paper(seed("003")))


def test_003_a_renal_leiomyosarcoma() -> None:
    person = consulted.person(
        age_years=57, sex="female", diagnosis="leiomyosarcoma", primary_site="kidney", lesion="primary",
        tumour_grade="3", ihc=["sma+", "desmin+", "hmb45-", "keratin-"], resection_extent="gross_total", margin="R1",
        histology=["spindle_cells", "atypia", "mitoses"],
    )  # fmt: skip
    done = consultation(person, evidence=sorted(SEEDS.glob("*.txt")))
    assert not urgent(done)
    assert machine(done, "r_margin")["rows"] == ["R1"]
    unfit = {line.key for line in lines(done, "scores") if line.key.startswith("unfit-")}
    assert {"unfit-sins", "unfit-tokuhashi_2005", "unfit-ajcc8_sts_retroperitoneum"} <= unfit
    leading = done.part("differential").grids[0].rows[0][0].text  # type: ignore[union-attr]
    assert leading.startswith("Leiomyosarcoma")
    assert "Zafar" in sources(done, "management")


@pytest.mark.parametrize("number", ["000", "004"])
def test_the_patient_is_not_among_those_like_the_patient(number: str) -> None:
    part = page(number).part("alike")
    assert part
    assert part.grids
    assert any("Left aside: 1 that is this patient" in line.text for line in part.lines)
    assert not [
        row[0].text for g in part.grids for row in g.rows if row[0].text.startswith(("Koruga", "Pizzuti"))
    ]


@pytest.mark.parametrize("number", ["000", "004"])
def test_every_quote_stands_in_the_text(number: str) -> None:
    text = read.paper(seed(number)).text
    for line in lines(page(number), "patient"):
        for basis in (b for b in line.bases if b.kind == "words"):
            start, end = map(int, basis.place.rpartition(" ")[2].split("–"))
            assert text[start:end] == basis.text
