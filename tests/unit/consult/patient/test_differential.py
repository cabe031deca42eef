"""What it could be: order, ties, a stated diagnosis, contradictions, what separates the leading two."""

from __future__ import annotations

from typing import Any

from rule_records import person
from spondyl.consult.patient.differential import part, weigh
from spondyl.present.consultation import Line, Part

STAINS = ["sma+", "desmin+"]


def order(given: dict[str, Any], axis: str = "tissue") -> list[str]:
    return [w.candidate.id for w in weigh(person(given), axis) if w.shown]


def line(given: dict[str, Any], key: str) -> Line:
    return next(one for one in part(person(given)).lines if one.key == key)


def row(page: Part, candidate: str) -> tuple[Line, ...]:
    return next(r for g in page.grids for r in g.rows if r[0].key == candidate)


def test_a_tie_is_said_and_nobody_leads() -> None:
    found = line({"ihc": STAINS}, "tissue_leads")
    assert "level, none leads: leiomyosarcoma; leiomyoma (2 for, 0 against each)" in found.text
    assert found.value == ["leiomyosarcoma", "leiomyoma"]


def test_a_stated_diagnosis_leads_whatever_the_stains_say() -> None:
    given = {"diagnosis": "gastrointestinal stromal tumour", "ihc": STAINS}
    assert order(given)[0] == "gist"
    found = line(given, "tissue_leads")
    assert "as the record states" in found.text
    assert any(b.text == "diagnosis = gastrointestinal stromal tumour" for b in found.bases)


def test_a_stated_diagnosis_without_a_candidate_is_said() -> None:
    found = line({"diagnosis": "chordoma", "ihc": STAINS}, "stated")
    assert found.text == "The record states chordoma; it is no candidate of the rules."
    assert found.bases


def test_diagnoses_that_contradict_each_other_are_said_and_none_leads() -> None:
    given = {"diagnosis": ["leiomyosarcoma", "schwannoma"], "ihc": STAINS}
    found = line(given, "stated")
    assert "contradict each other" in found.text
    assert not any(w.stated.truth for w in weigh(person(given), "tissue"))


def test_a_diagnosis_that_nobody_knows_is_no_carcinoma() -> None:
    given = {"diagnosis": "leiomyosarkoma", "compartment": ["vertebral"]}
    assert not any(w.stated.truth for w in weigh(person(given), "place"))


def test_an_untested_marker_is_unknown_and_not_negative() -> None:
    page = part(person({"ihc": ["sma+"]}))
    cells = row(page, "leiomyosarcoma")
    assert cells[2].text == "0"
    assert "staining for desmin" in cells[3].text


def test_contradicting_stains_count_neither_way() -> None:
    page = part(person({"ihc": ["sma+", "s100+", "s100-"]}))
    cells = row(page, "leiomyosarcoma")
    assert (cells[1].value, cells[2].value) == (1, 0)


def test_findings_for_and_against_carry_words_and_sources() -> None:
    page = part(person({"ihc": [*STAINS, "keratin+"]}))
    against = row(page, "leiomyosarcoma")[2]
    assert [m.text for m in against.more] == ["keratin speaks for a carcinoma rather than leiomyosarcoma"]
    assert {b.kind for b in against.more[0].bases} == {"given", "source"}


def test_leiomyoma_is_separated_by_histology_and_not_by_stains() -> None:
    found = line({"ihc": STAINS}, "tissue_separates")
    assert found.value == {"missing": ["histology.atypia", "histology.mitoses", "histology.necrosis"]}
    assert "Zafar 2023" in found.more[0].text


def test_what_is_known_is_not_asked_again() -> None:
    found = line({"ihc": STAINS, "histology": ["necrosis"], "denied": ["mitoses"]}, "tissue_separates")
    assert found.value == {"missing": ["histology.atypia"]}


def test_candidates_of_the_kidney_are_for_the_kidney() -> None:
    stains = {"ihc": ["keratin+", "sma-"]}
    assert "sarcomatoid_carcinoma" in order({**stains, "primary_site": "kidney"})
    assert "sarcomatoid_carcinoma" not in order({**stains, "primary_site": "breast"})
    assert "sarcomatoid_carcinoma" not in order(stains)


def test_cystic_change_argues_against_an_intramedullary_metastasis() -> None:
    given = {"compartment": ["intramedullary"], "imaging": ["homogeneous_enhancement"]}
    assert order(given, "place")[0] in ("ependymoma", "intramedullary_metastasis")
    cyst = {**given, "imaging": ["homogeneous_enhancement", "cystic_change", "haemorrhage"]}
    weighed = {w.candidate.id: w.count for w in weigh(person(cyst), "place")}
    assert weighed["intramedullary_metastasis"] == -1


def test_no_number_between_nought_and_one_is_printed_as_a_probability() -> None:
    page = part(person({"ihc": STAINS, "compartment": ["intramedullary"], "age_years": 50}))
    assert "probability" in page.lead
    for grid in page.grids:
        assert all(r[4].value == int(r[4].value) for r in grid.rows)


def test_a_record_without_compartment_says_so() -> None:
    found = line({"levels": ["T4"]}, "place_leads")
    assert found.text.endswith("the compartment of the lesion is not known.")
    assert not part(person({})).lines
    assert part(person({})).empty
