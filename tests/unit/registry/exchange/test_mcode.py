"""mCODE bundles: what stands where, what foreign resources come to, what is refused."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from exchanged import back, case, cases, entry, patient, stand, written
from spondyl.record import ReadError, UsageError
from spondyl.registry.exchange import fhir, packet
from spondyl.registry.exchange.formats import load
from spondyl.registry.exchange.mcode_read import _drug

MCODE = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
WHO = {"reference": "Patient/a"}
SCT = "http://snomed.info/sct"


def bundle(folder: Path, *resources: dict[str, Any]) -> Path:
    data = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}
    return saved(folder, data)


def saved(folder: Path, data: Any) -> Path:
    (folder / "foreign.json").write_text(
        data if isinstance(data, str) else json.dumps(data), encoding="utf-8"
    )
    return folder / "foreign.json"


def profiled(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": "x", "meta": {"profile": [MCODE + name]}, "subject": WHO, **more}


def resources(file: Path) -> list[dict[str, Any]]:
    return [e["resource"] for e in json.loads(file.read_text("utf-8"))["entry"]]


def by_profile(found: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [r for r in found if MCODE + name in r.get("meta", {}).get("profile", ())]


def test_a_metastasis_of_the_spine_is_a_secondary_cancer_with_its_places(tmp_path: Path) -> None:
    found = resources(written("mcode", tmp_path, [entry(patient())]))
    (primary,) = by_profile(found, "primary-cancer-condition")
    assert primary["code"]["text"] == "renal cell carcinoma"
    assert {c["code"] for c in primary["code"]["coding"]} == {"C9385", "C64.9"}
    assert primary["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "8312/3"
    spine, lung = by_profile(found, "secondary-cancer-condition")
    assert [s["text"] for s in spine["bodySite"]] == ["T9", "T10", "thoracic spine", "vertebral compartment"]
    assert spine["code"]["coding"][0]["code"] == "C79.51"
    assert lung["bodySite"] == [{"text": "lung"}]
    assert by_profile(found, "tumor") == []


def test_a_lesion_that_may_be_the_primary_is_called_no_metastasis(tmp_path: Path) -> None:
    told = case(("diagnosis", "chordoma"), ("primary_site", "spine"), ("levels", "C2"))
    found = resources(written("mcode", tmp_path, [entry(told)], snomed=True))
    assert by_profile(found, "secondary-cancer-condition") == []
    (tumour,) = by_profile(found, "tumor")
    assert tumour["location"] == {"coding": [{"system": SCT, "code": "39976000"}], "text": "C2"}


def test_a_mimic_is_no_cancer(tmp_path: Path) -> None:
    found = resources(written("mcode", tmp_path, [entry(case(("diagnosis", "tuberculosis")))]))
    assert by_profile(found, "primary-cancer-condition") == []


@pytest.mark.parametrize("snomed", [False, True])
def test_the_whole_bundle_holds_in_the_models_of_fhir(snomed: bool, tmp_path: Path) -> None:
    bundle = importlib.import_module("fhir.resources.R4B.bundle")
    data = json.loads(
        written("mcode", tmp_path, [entry(patient()), entry(patient(2))], snomed).read_text("utf-8")
    )
    model = bundle.Bundle.model_validate(data)
    assert len(model.entry) == len(data["entry"]) == 33
    ids = [e["fullUrl"] for e in data["entry"]]
    assert len(set(ids)) == len(ids)
    about = {
        e["resource"].get("subject", e["resource"].get("patient", {})).get("reference") for e in data["entry"]
    }
    assert about - {None} <= set(ids)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> None:
        raise ImportError(name)

    for module, clear in ((fhir, fhir._model), (packet, packet._schema)):
        monkeypatch.setattr(module, "import_module", gone)
        clear.cache_clear()
        with pytest.raises(UsageError, match=r'pip install "spondyl\[fhir\]"'):
            module.fault({"resourceType": "Patient", "id": "a"})
        monkeypatch.undo()


def test_codes_of_snomed_are_written_only_where_asked(tmp_path: Path) -> None:
    assert SCT not in written("mcode", tmp_path, [entry(patient())]).read_text("utf-8")
    assert SCT in written("mcode", tmp_path, [entry(patient())], snomed=True).read_text("utf-8")


def test_radiotherapy_and_performance_status_have_their_units(tmp_path: Path) -> None:
    found = resources(written("mcode", tmp_path, [entry(patient())]))
    first, second = by_profile(found, "radiotherapy-course-summary")
    doses = [c["extension"][0]["extension"][1]["valueQuantity"] for c in (first, second)]
    assert [(d["value"], d["code"]) for d in doses] == [(3000, "cGy"), (850, "cGy")]
    (kps,) = by_profile(found, "karnofsky-performance-status")
    assert (kps["valueInteger"], kps["code"]["coding"][0]["code"]) == (80, "89243-0")


def test_who_reads_the_bundle_sees_the_words(tmp_path: Path) -> None:
    found = resources(written("mcode", tmp_path, [entry(patient())]))
    (denied,) = [r for r in found if r.get("code", {}).get("text") == "motor deficit"]
    assert denied["note"] == [{"text": "no paresis"}]
    assert denied["verificationStatus"]["coding"][0]["code"] == "refuted"


FOREIGN: list[tuple[dict[str, Any], list[tuple[str, Any, str]]]] = [
    (
        profiled("Condition", "primary-cancer-condition", code={"text": "Leiomyosarcoma (disorder)"}),
        [("diagnosis", "leiomyosarcoma", "stated")],
    ),
    (
        profiled(
            "Condition", "primary-cancer-condition",
            code={"coding": [{"system": "http://terminology.hl7.org/CodeSystem/icd-o-3", "code": "8890/3"}]},
        ),
        [("diagnosis", "leiomyosarcoma", "stated")],
    ),
    (
        profiled(
            "Condition", "secondary-cancer-condition",
            bodySite=[{"coding": [{"system": SCT, "code": "67479001"}]}, {"text": "Cervical spine"}, {"text": "Liver"}],
        ),
        [("levels", "C5", "stated"), ("regions", "cervical", "stated"), ("other_metastases", "liver", "stated")],
    ),
    (
        profiled("Procedure", "cancer-related-surgical-procedure", status="completed", code={"text": "Excision"}),
        [("treatments", "surgery", "derived")],
    ),
    (
        profiled(
            "MedicationRequest", "cancer-related-medication-request", status="active", intent="order",
            medicationCodeableConcept={"text": "Cisplatin 1 MG/ML"},
        ),
        [("drugs", "cisplatin", "doubtful")],
    ),
    (
        profiled(
            "Observation", "ecog-performance-status", status="final", valueInteger=2,
            code={"coding": [{"system": "http://loinc.org", "code": "89247-1"}]},
        ),
        [("performance_status", "ECOG 2", "stated")],
    ),
    ({"resourceType": "Patient", "id": "a", "deceasedDateTime": "2020-01-01"}, [("status", "dead", "stated")]),
]  # fmt: skip


@pytest.mark.parametrize(("resource", "wanted"), FOREIGN)
def test_a_foreign_resource_becomes_claims_on_its_own_words(
    resource: dict[str, Any], wanted: list[tuple[str, Any, str]], tmp_path: Path
) -> None:
    found = load(bundle(tmp_path, resource))
    (one,) = cases(found)
    assert [(c.field, c.value, c.certainty) for c in one.claims] == wanted
    assert stand(found)
    for claim in one.claims:
        assert claim.method == "registry"
        assert claim.derivation
        assert claim.derivation.startswith(resource["resourceType"] + "/")
        assert claim.quotes


UNFIT: list[tuple[dict[str, Any], str]] = [
    (profiled("Condition", "primary-cancer-condition", code={"text": "x"}, verificationStatus={
        "coding": [{"code": "refuted"}]}), "refuted"),
    (profiled("Procedure", "cancer-related-surgical-procedure", status="not-done", code={"text": "laminectomy"}),
     "its status is not-done"),
    (profiled("MedicationRequest", "x", status="active", intent="plan", medicationCodeableConcept={"text": "x"}),
     "planned"),
    (profiled("Observation", "tumor-marker-test", status="final", code={"text": "x"}, valueString="high"),
     "the marker is none"),
    (profiled("Observation", "x", status="final", code={"text": "Follow-up"}, valueQuantity={
        "value": 3, "unit": "weeks"}), "expected months"),
    (profiled("Observation", "x", status="entered-in-error", code={"text": "Follow-up"}), "entered-in-error"),
    ({"resourceType": "Practitioner", "id": "p"}, "somebody else"),
    (profiled("Condition", "secondary-cancer-condition", bodySite=[{"text": "thumb"}]), "none of the vocabulary"),
]  # fmt: skip


@pytest.mark.parametrize(("resource", "why"), UNFIT)
def test_what_does_not_fit_is_named_with_the_reason(
    resource: dict[str, Any], why: str, tmp_path: Path
) -> None:
    found = load(bundle(tmp_path, resource))
    (one,) = found.unsupported
    assert why in one.why
    assert one.name.startswith(resource["resourceType"])
    assert not [c for c in cases(found) if c.claims]


def test_a_value_out_of_range_is_refused_without_being_repeated(tmp_path: Path) -> None:
    old = {"value": 630, "unit": "years", "code": "a"}
    one = {"resourceType": "Observation", "id": "o", "status": "final", "subject": WHO, "valueQuantity": old}
    found = load(bundle(tmp_path, one | {"code": {"text": "Age at presentation"}}))
    assert [str(r) for r in found.refused] == ["Observation/o, age_years: expected 0 to 125"]


def test_who_changed_a_value_in_the_file_is_believed_and_the_old_words_do_not_follow(tmp_path: Path) -> None:
    file = written("mcode", tmp_path, [entry(patient())])
    text = file.read_text("utf-8")
    file.write_text(text.replace('"valueQuantity": {"value": 46', '"valueQuantity": {"value": 64'), "utf-8")
    found = back("mcode", file)
    (one,) = cases(found)
    (age,) = one.of("age_years")
    assert (age.value, [q.text for q in age.quotes]) == (64, ["64", "Age at presentation"])
    assert [(c.field, c.value) for c in one.others] == [("age_years", 46)]
    (words,) = {q.paper for q in age.quotes}
    assert words.startswith("import:cases@")
    assert next(p for p, _ in found.pairs if p.id == words).text == file.read_text("utf-8")


def test_a_product_gives_its_drug() -> None:
    assert _drug("10 ML doxorubicin hydrochloride 2 MG/ML Injection") == "doxorubicin"
    assert _drug("sodium") == "sodium"


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ('{"resourceType": "Bundle", "type": "collection", "entry": [{', "no JSON"),
        ('{"resourceType": "Bundle", "type": "collection", "entry": {}}', "no list of entries"),
        ('{"resourceType": "Bundle", "type": "collection", "entry": [{}]}', "without a resource"),
        ('{"resourceType": "Observation", "status": "final"}', "Observation code: Field required"),
        ('{"resourceType": "Secret"}', "no resource of FHIR R4"),
        ('{"resourceType": "HumanName", "text": "Mrs Canary"}', "no resource of FHIR R4"),
        ('{"resourceType": "Patient", "birthDate": "Mrs Canary"}', "Patient birthDate"),
        ('{"resourceType": "Patient", "canary": 1}', "Patient canary"),
        ('{"resourceType": "Patient"}\n{"resourceType": "Patient"}', "several resources"),
    ],
)
def test_a_damaged_bundle_is_refused_with_one_line(damage: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError) as refused:
        load(saved(tmp_path, damage))
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "Canary" not in str(refused.value)


def test_two_cases_of_one_number_are_refused(tmp_path: Path) -> None:
    file = written("mcode", tmp_path, [entry(patient()), entry(patient(2))])
    file.write_text(file.read_text("utf-8").replace(r"\"case\": 2", r"\"case\": 1"), "utf-8")
    with pytest.raises(ReadError, match="two cases of the number 1"):
        back("mcode", file)
