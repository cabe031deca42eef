"""What every format has to do: give back the cases with their words, or say what it does not hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exchanged import back, case, cases, entry, patient, source, written
from registered import paper
from spondyl.record import Case, Claim, Reading
from spondyl.registry import Registry
from spondyl.registry.deidentify import Secret, deidentified
from spondyl.registry.exchange import Bundle
from spondyl.registry.exchange.formats import FORMATS, load

FORMS = sorted(FORMATS)


@pytest.mark.parametrize("snomed", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_a_registry_goes_out_and_comes_back(
    form: str, snomed: bool, registry: Registry, tmp_path: Path
) -> None:
    registry.add(source(), Reading(cases=(patient(1), patient(2))))
    entries = registry.cases()
    file = written(form, tmp_path, entries, snomed, **registry.papers())
    bundle = back(form, file)
    assert (bundle.refused, bundle.unsupported) == ((), ())
    with Registry(tmp_path / "other.db", by="A. Keeper") as other:
        done = other.take(bundle)
        assert done is not None
        assert done.new == 2
        assert [e.case for e in other.cases()] == [e.case for e in entries]
        assert [e.name for e in other.cases()] == ["p1/1", "p1/2"]
        assert other.papers()["p1"] == registry.papers()["p1"]
        assert other.check().faults == ()
        assert other.take(bundle) is None, "the same file is recognised"


@pytest.mark.parametrize("form", FORMS)
def test_the_same_cases_are_the_same_bytes(form: str, tmp_path: Path) -> None:
    one, two = (written(form, tmp_path, [entry(patient())]).read_bytes() for _ in range(2))
    assert one == two


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_held_is_reported(form: str) -> None:
    odd = case(("ward", "east"), ("sex", "female"), ("sex", "male"), ("drugs", " "), ("drugs", ""))
    other = Claim(field="age_years", value=5, quotes=())
    group = Case(case=2, label="24 patients", kind="group", claims=(other,))
    done = FORMATS[form]([entry(odd.model_copy(update={"others": (other,)})), entry(group)], {}, False)
    report = "\n".join(done.report())
    assert "1 claims that were not chosen" in report
    if form == "redcap":
        assert dict(done.fields) == {"drugs": 1}
        assert "groups" not in report
    else:
        assert dict(done.fields) == {"ward": 1, "sex": 1, "drugs": 2}
        assert f"4 values not held by {done.format}: drugs 2, sex 1, ward 1" in report
        assert "1 groups of patients" in report


@pytest.mark.parametrize("form", FORMS)
def test_a_contradiction_and_numbers_as_words_come_back(form: str, tmp_path: Path) -> None:
    told = case(
        ("age_years", 46), ("age_years", 49.5), ("status", "dead"), ("age_years", "90+"), ("drugs", "5-fu; mesna, x"),
        ("performance_status", "WHO 2"), ("ihc", "ki-67 20 %"), ("diagnosis", "tuberculosis"), ("levels", "C8"),
        ("radiation_dose_gy", 30.0), ("radiation_dose_gy", 0.07), ("recurrence", "no"), ("primary_site", "head_neck"),
    )  # fmt: skip
    (found,) = cases(back(form, written(form, tmp_path, [entry(told)])))
    assert found.claims == told.claims
    assert [type(c.value) for c in found.claims] == [type(c.value) for c in told.claims]


@pytest.mark.parametrize("form", FORMS)
def test_a_case_without_names_keeps_none(form: str, tmp_path: Path) -> None:
    canaries = ("Mrs Canary", "MRN 4711", "p1-canary", "Invented words of a canary")
    words = paper("p1-canary", canaries[3])
    claims = (
        Claim(field="age_years", value=93, quotes=(words.quote(0, 8),)),
        Claim(field="remark", value=canaries[0], quotes=(words.quote(0, 20),)),
        Claim(field="levels", value="T9", quotes=(words.quote(0, 20),), derivation="as Mrs Canary said"),
    )
    one = entry(Case(case=1, label=canaries[1], claims=claims, reported_by=canaries[0]), canaries[2])
    clean = deidentified(one, Secret(b"invented"))
    file = written(form, tmp_path, [clean])
    text = "".join(f.read_text("utf-8") for f in tmp_path.iterdir())
    assert not [c for c in (*canaries, "canary", "Invented") if c in text]
    (found,) = cases(back(form, file))
    assert dict(found.fields) == {"age_years": "90+", "levels": ["T9"]}


@pytest.mark.parametrize("form", FORMS)
def test_cases_of_one_label_stay_apart_when_a_newer_file_comes(form: str, tmp_path: Path) -> None:
    def bundle(second: int) -> Bundle:
        ages = ((1, 46), (2, second))
        told = [case(("age_years", age)).model_copy(update={"case": n}) for n, age in ages]
        return back(form, written(form, tmp_path, [entry(one) for one in told]))

    with Registry(tmp_path / "r.db", by="A. Keeper") as registry:
        registry.take(bundle(60))
        done = registry.take(bundle(61))
        assert done is not None
        assert (done.same, done.changed, done.new, done.gone) == (1, 1, 0, 0)
        assert [e.fields["age_years"] for e in registry.cases()] == [46, 61]


@pytest.mark.parametrize("form", FORMS)
def test_what_came_from_a_file_goes_on_in_a_file_of_the_same_name(
    form: str, registry: Registry, tmp_path: Path
) -> None:
    patient = {"resourceType": "Patient", "id": "a", "gender": "female", "deceasedBoolean": True}
    (tmp_path / "cases.json").write_text(json.dumps(patient))
    registry.take(load(tmp_path / "cases.json"))
    (first,) = registry.cases()
    assert (first.paper, [q.text for c in first.case.claims for q in c.quotes]) == (
        "import:cases",
        ["female", "true"],
    )
    bundle = back(form, written(form, tmp_path, [first], **registry.papers()))
    assert bundle.name.startswith("import:cases-")
    with Registry(tmp_path / "other.db", by="A. Keeper") as other:
        other.take(bundle)
        assert [(e.name, e.case) for e in other.cases()] == [(first.name, first.case)]
        assert other.check().faults == ()


def test_a_newer_file_of_the_same_name_leaves_older_words_where_they_are(
    registry: Registry, tmp_path: Path
) -> None:
    for gender, blanks in (("female", ""), ("male", "    "), ("female", "")):
        patient = json.dumps({"resourceType": "Patient", "id": "a", "gender": gender})
        (tmp_path / "ward.json").write_text(blanks + patient)
        assert registry.take(load(tmp_path / "ward.json")) is not None
        (one,) = registry.cases()
        assert one.fields == {"sex": gender}
        assert registry.check().faults == ()
