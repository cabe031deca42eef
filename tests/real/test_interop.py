"""Samples of mCODE, phenopackets and REDCap that nobody here wrote: taken over, or named, or refused in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exchanged import cases, stand
from spondyl.record import ReadError
from spondyl.registry.exchange import Bundle
from spondyl.registry.exchange.csvtext import sheet
from spondyl.registry.exchange.formats import load
from spondyl.registry.plan import dictionary, table

SAMPLES = Path(__file__).parents[2] / "../shared/interop"
pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the samples (../shared/interop) are not beside the checkout"
)
MCODE = sorted((SAMPLES / "mcode_json").glob("*.json"))
PACKETS = sorted(p for p in (SAMPLES / "phenopackets").rglob("*.json"))
PROJECTS = sorted((SAMPLES / "redcap_REDCapR/test-data/projects").glob("*"))
PROFILES = (
    "mcode-cancer-patient", "mcode-primary-cancer-condition", "mcode-secondary-cancer-condition",
    "mcode-cancer-related-surgical-procedure", "mcode-radiotherapy-course-summary",
    "mcode-cancer-related-medication-administration", "mcode-cancer-related-medication-request",
    "mcode-ecog-performance-status", "mcode-karnofsky-performance-status", "mcode-cancer-disease-status",
)  # fmt: skip


def stands(bundle: Bundle) -> None:
    """Every claim has words, and they stand in the file."""
    assert all(c.quotes and c.derivation for case in cases(bundle) for c in case.claims)
    assert stand(bundle)


def test_there_are_samples() -> None:
    assert (len(MCODE), len(PACKETS) > 10, len(PROJECTS) > 20) == (142, True, True)


@pytest.mark.parametrize("path", MCODE, ids=lambda p: p.stem)
def test_an_mcode_resource_is_taken_over_or_named(path: Path) -> None:
    bundle = load(path)
    claims = [c for case in cases(bundle) for c in case.claims]
    assert bool(claims) != bool(bundle.unsupported)
    assert not bundle.refused
    stands(bundle)
    profiles = " ".join(json.loads(path.read_text("utf-8")).get("meta", {}).get("profile", ()))
    if any(profiles.endswith(name) for name in PROFILES):
        assert claims, "a profile that Spondyl writes is taken over"


def test_all_resources_in_one_bundle_are_the_patients(tmp_path: Path) -> None:
    entries = [{"resource": json.loads(path.read_text("utf-8"))} for path in MCODE]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    (tmp_path / "all.json").write_text(json.dumps(bundle), "utf-8")
    found = load(tmp_path / "all.json")
    stands(found)
    by_name = {case.label: case.fields for case in cases(found)}
    jenny = by_name["cancer-patient-jenny-m"]
    assert {"paclitaxel", "doxorubicin", "cyclophosphamide", "anastrozole"} <= set(jenny["drugs"])
    assert {"radiotherapy", "surgery"} <= set(jenny["treatments"])
    assert set(jenny["radiation_dose_gy"]) == {50, 60}
    assert {"er+", "pr-", "her2-"} <= set(jenny["ihc"])
    assert by_name["cancer-patient-john-anyperson"]["other_metastases"] == ["brain"]
    taken = sum(len(case.claims) for case in cases(found))
    assert len(found.unsupported) < len(MCODE) < len(found.unsupported) + taken + 10


@pytest.mark.parametrize("path", PACKETS, ids=lambda p: p.stem)
def test_a_packet_is_taken_over_and_a_cohort_is_refused(path: Path) -> None:
    single = path.stem in ("covid19", "mcahs1") or path.stem.startswith("PMID_")
    if not single:
        with pytest.raises(ReadError) as refused:
            load(path)
        assert len(str(refused.value).splitlines()) == 1
        assert ("cohort" in str(refused.value)) == path.stem.endswith("_individuals")
        return
    bundle = load(path)
    assert [c.field for case in cases(bundle) for c in case.claims][:1] == ["sex"]
    assert bundle.unsupported
    stands(bundle)


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda p: p.name)
def test_a_redcap_dictionary_parses_and_knows_the_columns_of_its_data(folder: Path) -> None:
    found = [p for p in folder.glob("*.csv") if p.stem in ("dictionary", "dictionay", "metadata")]
    for path in found:
        known = dictionary(path)
        assert known
        data = folder / "data.csv"
        if data.is_file() and data.read_text("utf-8-sig").strip():
            head, rows = table(data)
            for variable in known.values():
                if variable.kind not in ("descriptive", "file"):
                    several = [variable.column(c) for c in variable.choices] if variable.several else []
                    assert set(several or [variable.name]) <= set(head)
            assert [[c.text for c in row] for row in sheet(data, "x").rows] == [
                list(r.values()) for r in rows
            ]
    for path in folder.glob("*.xml"):
        with pytest.raises(ReadError, match="as XML"):
            dictionary(path)
