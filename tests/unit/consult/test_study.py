"""A plan in, a folder with the report out."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from house import ROOT
from spondyl.app.shell import run
from spondyl.consult.study import Written, paper_of, write_study
from spondyl.consult.study_plan import Plan, read_plan
from spondyl.consult.study_work import work
from spondyl.record import ReadError, UsageError

EXAMPLE = ROOT / "examples" / "cohort"


@pytest.fixture(scope="module")
def bone(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_study(read_plan(EXAMPLE / "bone.toml"), tmp_path_factory.mktemp("bone"))


@pytest.fixture(scope="module")
def implants(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_study(read_plan(EXAMPLE / "implants.toml"), tmp_path_factory.mktemp("implants"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write_study(read_plan(EXAMPLE / "patients.toml"), tmp_path_factory.mktemp("whole"))


def told(written: Written, name: str) -> str:
    return next(f for f in written.files if f.name == name).read_text("utf-8")


def test_the_results_have_their_shape(whole: Written) -> None:
    found = json.loads(told(whole, "results.json"))
    assert (found["n"], found["fisher"][0]["method"]) == (396, "exact")
    assert round(found["fisher"][0]["p"], 4) == 0.2476
    curves = found["kaplan_meier"]
    assert [c["by"] for c in curves] == [None, "bone_metastases"]
    assert [g["n"] for g in curves[1]["groups"]] == [396, 45]  # a patient is "yes" from the metastasis on
    assert curves[0]["groups"][0]["lost"] == 94
    assert {"label", "n", "events", "median", "median_low", "median_high", "curve"} <= set(
        curves[1]["groups"][0]
    )
    assert set(curves[1]["logrank"]) == {"chi2", "df", "p"}
    models = found["cox"]
    assert [m["model"] for m in models] == ["univariable"] * 2 + ["multivariable"]
    assert {"ties", "dropped", "n", "events", "loglik_null", "loglik", "terms"} <= set(models[0])
    assert {"term", "coef", "se", "hr", "low", "high", "p"} <= set(models[0]["terms"][0])


def test_the_margins_of_the_example_are_those_published(whole: Written) -> None:
    (subtype,) = [
        v for v in json.loads(told(whole, "results.json"))["table_one"] if v["variable"] == "subtype"
    ]
    by = {g["label"]: g for g in subtype["groups"]}
    assert (by["all"]["counts"]["Uterine"], by["yes"]["counts"]["Uterine"], by["yes"]["n"]) == (124, 18, 45)


def test_one_patient_gives_no_hazard_ratio(bone: Written) -> None:
    lung = [line for line in told(bone, "cox.csv").splitlines() if line.startswith("  Lung")]
    assert lung[0].endswith(",not estimable,")
    assert "Too few patients for an estimate: Subtype: Head and neck; Subtype: Lung" in told(
        bone, "report.txt"
    )
    assert "Firth" in told(bone, "report.txt")


def test_groups_defined_after_time_zero_are_flagged(bone: Written, whole: Written) -> None:
    flagged = [w for w in bone.study.warnings if "guaranteed-time bias" in w]
    assert any(w.startswith("Visceral metastases") for w in flagged)
    assert not any(w.startswith("Surgery") for w in flagged)  # its time is given
    assert not [w for w in whole.study.warnings if "guaranteed-time bias" in w]


def test_implants_fail_or_outlive_their_patients(implants: Written) -> None:
    found = json.loads(told(implants, "results.json"))
    (every,) = found["competing_risks"][0]["groups"]
    assert every["event"][-1] + every["competing"][-1] <= 1
    assert found["competing_risks"][1]["gray"]["df"] == 1
    assert {"incidence.svg", "incidence_fixation.png"} <= {f.name for f in implants.files}
    assert "cumulative incidence of the event at 12 months" in told(implants, "report.txt")


def test_nobody_is_known_alive_after_the_last_look(bone: Written) -> None:
    (row,) = [r for r in told(bone, "survival.csv").splitlines() if r.startswith("  Head and neck")]
    assert row.endswith(",–,–,–,11.4,")  # one patient, censored early: not known later


def test_nobody_is_at_risk_in_a_group_before_entering_it(whole: Written) -> None:
    no, yes = (g.survival for g in whole.study.curves[1].groups)
    assert (no.left_at(0), yes.left_at(0)) == (396, 0)
    everybody = whole.study.curves[0].groups[0].survival
    for when in (3, 10, 24.5, 60, 120):
        assert no.left_at(when) + yes.left_at(when) == everybody.left_at(when)


def test_a_state_from_before_the_landmark_counts(whole: Written) -> None:
    plan = replace(whole.study.plan, landmark=24.0, cox=(), fisher=(), table_one=())
    no, yes = work(plan).curves[1].groups
    assert (yes.n > 0, no.n + yes.n) == (True, work(plan).curves[0].groups[0].n)


def test_a_landmark_lifts_the_flag() -> None:
    study = work(replace(read_plan(EXAMPLE / "bone.toml"), landmark=3.0))
    assert not [w for w in study.warnings if "guaranteed-time" in w]
    assert study.curves[0].groups[0].n < 45


def test_the_same_plan_gives_the_same_bytes(bone: Written, tmp_path: Path) -> None:
    again = write_study(read_plan(EXAMPLE / "bone.toml"), tmp_path)
    assert [f.read_bytes() for f in again.files] == [f.read_bytes() for f in bone.files]


def test_word_has_real_tables(bone: Written) -> None:
    data = next(f for f in bone.files if f.suffix == ".docx").read_bytes()
    document = Document(io.BytesIO(data))
    assert len(document.tables) == 4
    xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode("utf-8")
    assert xml.count("<w:tblHeader/>") == 4
    assert xml.count('<w:tblLayout w:type="fixed"/>') == 4
    assert len(document.inline_shapes) == len(paper_of(bone.study).pictures)


def test_the_page_needs_nothing_else(bone: Written) -> None:
    page = told(bone, "report.html")
    assert page.count("<svg") == 6
    assert 'src="' not in page
    assert "<script" not in page


def test_names_from_a_table_cannot_break_the_page(tmp_path: Path) -> None:
    rows = "".join(f"{k},{k % 2},{'<b>&x' if k % 3 else '#[=1+1'}\n" for k in range(1, 30))
    (tmp_path / "a.csv").write_text("months,died,group\n" + rows, "utf-8")
    plan = Plan(str(tmp_path / "a.csv"), "months", "died", kaplan_meier=("group",), cox=(("group",),))
    written = write_study(plan, tmp_path / "out")
    assert "<b>&x" not in told(written, "report.html")
    assert (tmp_path / "out" / "report.pdf").stat().st_size > 1_000


@pytest.mark.parametrize("name", ["bone", "whole", "implants"])
def test_its_text_passes_the_audit(
    name: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    written: Written = request.getfixturevalue(name)
    text = next(f for f in written.files if f.name == "report.txt")
    assert run(["audit", str(text)]) == 0
    assert "nothing found" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('source = "a.csv"\ntime = "t"\nevent = "e"\ncoxx = ["a"]\n', "unknown key coxx; did you mean cox"),
        ('time = "t"\nevent = "e"\n', "source is missing"),
        (
            'source = "a.csv"\ntime = "t"\nevent = "e"\nties = "effron"\n',
            "ties is one of efron, breslow, exact",
        ),
        ('source = "a.csv"\ntime = "t"\nevent = "e"\nfisher = [["a"]]\n', "fisher is a list of pairs"),
        ('source = "a.csv"\ntime = "t"\nevent = "e"\nat = 12\n', "at is a list"),
    ],
)
def test_a_plan_that_cannot_be(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError, match=words):
        read_plan(tmp_path / "plan.toml")


def test_a_plan_that_is_no_toml(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text("= 7", "utf-8")
    with pytest.raises(ReadError, match="it is no TOML"):
        read_plan(tmp_path / "plan.toml")


def test_more_levels_than_events_cannot_be_fitted(tmp_path: Path) -> None:
    rows = "".join(f"{k},{k % 2},level {k}\n" for k in range(1, 41))
    (tmp_path / "a.csv").write_text("months,died,group\n" + rows, "utf-8")
    plan = Plan(str(tmp_path / "a.csv"), "months", "died", kaplan_meier=("group",))
    study = work(plan)
    assert [w for w in study.warnings if "one patient: level 1, level 10" in w and "and 32 more" in w]
    with pytest.raises(UsageError, match="39 coefficients cannot be estimated from 20 events"):
        work(replace(plan, cox=(("group",),)))


def test_a_file_is_no_folder_to_write_into(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="is a file; name a folder"):
        write_study(read_plan(EXAMPLE / "overall.toml"), tmp_path / "out")
    assert (tmp_path / "out").read_text("utf-8") == "mine"
