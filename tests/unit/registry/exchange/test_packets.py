"""Phenopackets: what stands where, what foreign packets come to, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from exchanged import back, case, cases, entry, patient, stand, written
from spondyl.record import ReadError
from spondyl.registry.exchange.formats import load


def packet(folder: Path, **parts: Any) -> Path:
    (folder / "foreign.json").write_text(json.dumps({"id": "invented", "metaData": {}, **parts}))
    return folder / "foreign.json"


def test_the_parts_of_a_packet(tmp_path: Path) -> None:
    found = json.loads(written("phenopackets", tmp_path, [entry(patient())]).read_text("utf-8"))
    assert found["subject"] == {"id": "p1/1", "sex": "FEMALE", "vitalStatus": {"status": "ALIVE"}}
    (disease,) = found["diseases"]
    assert disease["term"] == {"id": "MONDO:0005549", "label": "renal cell carcinoma"}
    features = {f["type"]["label"]: f for f in found["phenotypicFeatures"]}
    level = features["Level of the spinal lesion: T9"]
    assert level["modifiers"] == [{"id": "UBERON:0004633", "label": "T9"}]
    assert level["description"] == "T9"
    assert features["Finding at presentation: motor deficit"]["excluded"] is True
    agents = [a["treatment"]["agent"]["label"] for a in found["medicalActions"] if "treatment" in a]
    assert agents == ["sunitinib"]
    measured = {m["assay"]["label"]: m["value"] for m in found["measurements"]}
    assert measured["Age at presentation"]["quantity"] == {
        "unit": {"id": "UCUM:a", "label": "years"},
        "value": 46,
    }
    assert measured["KPS performance status"]["quantity"]["value"] == 80
    prefixes = {r["namespacePrefix"] for r in found["metaData"]["resources"]}
    assert prefixes == {"LOINC", "MONDO", "UBERON", "UCUM", "spondyl"}


@pytest.mark.parametrize("value", ["no", "yes"])
def test_no_recurrence_is_an_excluded_feature(value: str, tmp_path: Path) -> None:
    file = written("phenopackets", tmp_path, [entry(case(("recurrence", value)))])
    (feature,) = json.loads(file.read_text("utf-8"))["phenotypicFeatures"]
    assert feature.get("excluded", False) is (value == "no")
    assert feature["type"]["label"] == "Recurrence or progression after treatment"
    (found,) = cases(back("phenopackets", file))
    assert found.fields == {"recurrence": value}


def test_several_cases_are_one_a_line(tmp_path: Path) -> None:
    file = written("phenopackets", tmp_path, [entry(patient()), entry(patient(2))])
    assert file.suffix == ".jsonl"
    assert [c.case for c in cases(back("phenopackets", file))] == [1, 2]


def test_a_foreign_packet_becomes_claims_on_its_own_words(tmp_path: Path) -> None:
    term = {"id": "MONDO:0005058", "label": "Leiomyosarcoma"}
    found = load(
        packet(
            tmp_path,
            subject={"id": "x", "sex": 2, "timeAtLastEncounter": {"age": {"iso8601duration": "P63Y2M"}}},
            diseases=[{"term": term, "primary_site": {"id": "UBERON:1", "label": "Uterus"}}],
            medical_actions=[
                {"procedure": {"code": {"id": "X:1", "label": "Cervical corpectomy"}}},
                {"treatment": {"agent": {"id": "X:2", "label": "Doxorubicin"}}},
                {
                    "radiationTherapy": {
                        "modality": {"id": "X:3", "label": "x"},
                        "dosage": 30,
                        "fractions": 10,
                    }
                },
            ],
            phenotypicFeatures=[
                {"type": {"id": "HP:1", "label": "Pain"}, "excluded": True},
                {"type": {"id": "HP:2", "label": "Arachnodactyly"}},
            ],
            interpretations=[{"id": "i"}],
        )
    )
    (one,) = cases(found)
    wanted = {
        "sex": "male", "age_years": 63, "diagnosis": "leiomyosarcoma", "primary_site": "uterus", "denied": ["pain"],
        "procedures": ["corpectomy"], "drugs": ["doxorubicin"], "treatments": ["radiotherapy"],
        "radiation_dose_gy": [30],
    }  # fmt: skip
    assert dict(one.fields) == wanted
    (age,) = one.of("age_years")
    assert (age.certainty, age.quotes[0].text) == ("doubtful", "P63Y2M")
    assert stand(found)
    assert [u.name for u in found.unsupported] == [
        "invented phenotypicFeatures[1]",
        "invented interpretations",
    ]


def test_who_changed_a_value_in_the_file_is_believed(tmp_path: Path) -> None:
    file = written("phenopackets", tmp_path, [entry(patient())])
    file.write_text(file.read_text("utf-8").replace('"sex": "FEMALE"', '"sex": "MALE"'), "utf-8")
    (one,) = cases(back("phenopackets", file))
    assert one.fields["sex"] == "male"
    assert [(c.field, c.value) for c in one.others] == [("sex", "female")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"id": "a", "cohortType": "X", "members": []}, "a cohort of many patients"),
        ({"id": "a", "subject": "Mrs Canary"}, "subject"),
        ({"subject": {"id": "x"}}, "it has no id"),
        ({"id": "a", "subject": {"canary": "Mrs Canary"}}, "Phenopacket.subject has no field canary"),
        ({"id": "a", "phenotypicFeatures": [{"type": {"id": 5}}]}, "phenotypicFeatures"),
    ],
)
def test_what_is_no_packet_is_refused_with_one_line(data: dict[str, Any], why: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(data))
    with pytest.raises(ReadError) as refused:
        load(tmp_path / "a.json")
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "Mrs Canary" not in str(refused.value)
