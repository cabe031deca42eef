"""A case record fills items, each with its words; what it does not say stays missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spondyl import score
from spondyl.record import Case, Claim, Quote, UsageError


def case(**fields: Any) -> Case:
    pairs = [
        (f, v) for f, values in fields.items() for v in (values if isinstance(values, list) else [values])
    ]
    claims = tuple(
        Claim(field=f, value=v, quotes=(Quote(paper="p", start=0, end=4, text=f"<{v}>"),)) for f, v in pairs
    )
    return Case(case=1, label="", claims=claims)


def filled(sheet: str, record: Case) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    items = score.score(sheet, case=record).items
    return {i.id: (i.options, tuple(q.text for q in i.words)) for i in items if i.field}


def test_levels_pain_bone_and_collapse_fill_sins() -> None:
    record = case(
        levels=["C5", "C6"], pain_type=["mechanical", "nocturnal"], bone_quality=["lytic"], collapse="gt50"
    )
    assert filled("sins", record) == {
        "location": (("mobile",), ("<C5>", "<C6>")), "pain": (("mechanical",), ("<mechanical>",)),
        "bone": (("lytic",), ("<lytic>",)), "collapse": (("gt50",), ("<gt50>",)),
    }  # fmt: skip
    assert score.score("sins", case=record).missing == ("alignment", "posterolateral")


@pytest.mark.parametrize(
    ("fields", "item", "options"),
    [
        ({"pain_type": ["not mechanical"]}, "pain", ("non_mechanical",)),
        ({"pain_type": ["mechanical", "not mechanical"]}, "pain", ("mechanical", "non_mechanical")),
        ({"collapse": "none"}, "collapse", ("none_gt50_involved", "none")),
        ({"bone_quality": ["lytic", "mixed"]}, "bone", ("lytic", "mixed")),
    ],
)
def test_what_extraction_writes_is_read_and_doubt_stays_open(
    fields: dict[str, Any], item: str, options: tuple[str, ...]
) -> None:
    assert filled("sins", case(**fields))[item][0] == options


@pytest.mark.parametrize(
    ("words", "value", "options"),
    [
        ("a collapse of 30 %", "50 % or less", ("lt50",)),
        ("a collapse of 70 %", "over 50 %", ("gt50",)),
        ("a loss of half of its height", "50 % or less", ("gt50", "lt50")),
        ("50% height loss", "50 % or less", ("gt50", "lt50")),
    ],
)
def test_a_collapse_of_exactly_half_stays_open(words: str, value: str, options: tuple[str, ...]) -> None:
    claim = Claim(
        field="collapse", value=value, quotes=(Quote(paper="p", start=0, end=len(words), text=words),)
    )
    record = Case(case=1, label="", claims=(claim,))
    assert filled("sins", record) == {"collapse": (options, (words,))}


@pytest.mark.parametrize(
    ("sheet", "status", "options"),
    [
        ("tokuhashi_2005", "KPS 70", ("moderate",)),
        ("mizumoto_2008", "ECOG 3", ("yes",)),
        ("mizumoto_2008", "WHO 2", ("no",)),
        ("mizumoto_2008", "performance status 2", ("no",)),
        ("kps", "KPS 80", ("80",)),
        ("ecog", "WHO 2", ("2",)),
    ],
)
def test_performance_status_fills_its_own_scale(sheet: str, status: str, options: tuple[str, ...]) -> None:
    ((found, _),) = filled(sheet, case(performance_status=status)).values()
    assert found == options


@pytest.mark.parametrize(("sheet", "status"), [("tokuhashi_2005", "ECOG 1"), ("mizumoto_2008", "KPS 70")])
def test_performance_status_is_never_converted_silently(sheet: str, status: str) -> None:
    assert filled(sheet, case(performance_status=status)) == {}


def test_what_a_record_does_not_say_stays_missing() -> None:
    assert filled("sins", case(regions=["cervical"], presentation=["pain"])) == {}
    assert filled("tokuhashi_2005", case(other_metastases=["skin"])) == {}


def test_what_is_typed_stands_before_the_record() -> None:
    result = score.score("sins", case=case(levels=["C5"]), location="T4")
    assert result.items[0].options == ("semirigid",)
    assert result.items[0].words == ()


def test_a_sarcoma_of_an_organ_that_the_score_names_stays_open() -> None:
    found = filled("tokuhashi_2005", case(diagnosis="leiomyosarcoma", primary_site="uterus"))
    assert found["primary"] == (("g2", "g3"), ("<leiomyosarcoma>", "<uterus>"))
    assert filled("tokuhashi_2005", case(diagnosis="colorectal carcinoma", primary_site="rectum"))["primary"][
        0
    ] == ("g4",)


def test_stains_fill_the_panel() -> None:
    record = case(ihc=["desmin+", "h-caldesmon+", "cd34-", "cd99+", "s100+", "s100-"])
    found = filled("ihc_leiomyosarcoma", record)
    assert found == {
        "desmin": (("+",), ("<desmin+>",)), "h_caldesmon": (("+",), ("<h-caldesmon+>",)),
        "CD34": (("-",), ("<cd34->",)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "rows"),
    [
        ({"margin": "negative"}, ("R0",)),
        ({"margin": "negative", "resection_extent": "en_bloc"}, ("R0",)),
        ({"margin": "R1"}, ("R1",)),
        ({"margin": "positive", "resection_extent": "gross_total"}, ("R1",)),
        ({"margin": "positive"}, ("R1", "R2")),
        ({"resection_extent": "subtotal"}, ("R2",)),
        ({"resection_extent": "gross_total"}, ("R0", "R1")),
        ({"margin": "negative", "resection_extent": "subtotal"}, ("R2", "RX")),
    ],
)
def test_a_margin_follows_only_where_it_follows(fields: dict[str, str], rows: tuple[str, ...]) -> None:
    assert tuple(r["id"] for r in score.score("r_margin", case=case(**fields)).rows) == rows


def test_one_grade_of_strength_is_told_and_several_are_not_averaged() -> None:
    one = score.score("mrc_power", case=case(motor_grade=["3/5"]))
    assert one.band is not None
    assert one.band.id == "3"
    assert "several grades" in score.score("mrc_power", case=case(motor_grade=["3/5", "4/5"])).refused


def write(place: Path, *papers: str) -> Path:
    record = case(levels=["C7"]).as_dict()
    lines = [
        json.dumps({"paper": {"id": f"{p}-0a1b", "source": f"papers/{p}.txt"}, "cases": [record]})
        for p in papers
    ]
    path = place / "cases.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.mark.parametrize("which", ["#a/1", "#a-0a1b/1", "#a"])
def test_a_case_is_found_in_lines_of_json(tmp_path: Path, which: str) -> None:
    found = score.read_case(f"{write(tmp_path, 'a', 'b')}{which}")
    assert found.fields == {"levels": ["C7"]}
    assert found.claims[0].quotes[0].text == "<C7>"


def test_a_single_record_needs_no_name(tmp_path: Path) -> None:
    assert score.read_case(str(write(tmp_path, "a"))).fields["levels"] == ["C7"]
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case(levels=["C7"]).as_dict()), "utf-8")
    assert score.read_case(str(path)).fields["levels"] == ["C7"]
    toml = tmp_path / "case.toml"
    toml.write_text('case = 1\n[fields]\nlevels = ["C7"]\nage_years = 63\n', "utf-8")
    assert score.read_case(str(toml)).fields == {"levels": ["C7"], "age_years": 63}


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("cases.jsonl", "holds several cases; name one"),
        ("cases.jsonl#c/1", "holds no case c/1; it holds a-0a1b/1, b-0a1b/1"),
        ("cases.jsonl#a/2", "holds no case a/2"),
        ("absent.jsonl", "name a file of cases"),
        ("broken.json", "is no JSON or TOML"),
        ("empty.jsonl", "holds no cases"),
    ],
)
def test_a_case_that_is_not_there_gets_an_answer(tmp_path: Path, place: str, says: str) -> None:
    write(tmp_path, "a", "b")
    (tmp_path / "broken.json").write_text("{", "utf-8")
    (tmp_path / "empty.jsonl").write_text("", "utf-8")
    with pytest.raises(UsageError, match=says):
        score.read_case(str(tmp_path / place))
