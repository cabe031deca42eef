"""Scores kept with the sheet's version, computed again when the sheet or the values change; snapshots for others."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import pytest

from registered import correct, paper, reading
from spondyl import score as sheets
from spondyl.app.shell import run
from spondyl.consult.registry_scores import scored
from spondyl.record import Case, Claim, Paper, Reading, Value
from spondyl.registry import Registry
from spondyl.registry.scores import Score
from spondyl.registry.snapshot import FILES

SHEET = "tomita_2001"


def of_case(registry: Registry) -> Score:
    (found,) = registry.scores([SHEET])
    return found


def test_a_score_is_kept_with_its_version_and_computed_once(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    sheet = sheets.load(SHEET)
    (first,) = scored(registry, [sheet])
    assert (first.computed, first.same) == (1, 0)
    held = of_case(registry)
    direct = sheets.score(SHEET, case=registry.case("p1/1").case)
    assert (held.low, held.high, held.missing) == (direct.low, direct.high, direct.missing)
    assert (held.version, held.revision, held.current) == (sheet.version, 1, True)
    (again,) = scored(registry, [sheet])
    assert (again.computed, again.same) == (0, 1)


def test_a_decision_makes_a_score_outdated(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    sheet = sheets.load(SHEET)
    scored(registry, [sheet])
    registry.decide(correct("leiomyosarcoma", "breast carcinoma", "diagnosis"))
    assert not of_case(registry).current
    before = of_case(registry).result
    (done,) = scored(registry, [sheet])
    assert done.computed == 1
    held = of_case(registry)
    assert (held.current, held.revision) == (True, 2)
    assert held.result != before


def test_a_new_version_of_a_sheet_is_computed_anew(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    sheet = sheets.load(SHEET)
    scored(registry, [sheet])
    newer = sheet.model_copy(update={"version": "99"})
    (done,) = scored(registry, [newer])
    assert done.computed == 1
    assert of_case(registry).version == "99"


def test_no_score_of_a_group_or_of_a_case_put_aside(registry: Registry) -> None:
    one = paper()
    group = Case(case=1, label="24 patients", kind="group", claims=())
    registry.add(one, Reading(cases=(group,)))
    assert scored(registry, [sheets.load(SHEET)])[0].computed == 0
    registry.add(one, reading(one))
    assert scored(registry, [sheets.load(SHEET)])[0].computed == 1
    assert len(registry.scores()) == 1


def test_the_command_scores_after_adding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claim = {
        "field": "diagnosis",
        "value": "breast carcinoma",
        "quote": None,
        "method": "rules",
        "certainty": "stated",
    }
    case = {"case": 1, "label": "", "kind": "patient", "claims": [claim]}
    line = {"paper": {"id": "p", "source": "p"}, "cases": [case]}
    (tmp_path / "cases.jsonl").write_text(json.dumps(line) + "\n")
    place = str(tmp_path / "r.db")
    assert run(["registry", "add", str(tmp_path / "cases.jsonl"), "--to", place, "--score", SHEET]) == 0
    assert f"{SHEET} 1: 1 cases, 1 computed" in capsys.readouterr().out
    out = tmp_path / "scores.csv"
    assert run(["registry", "score", SHEET, "-r", place, "-o", str(out)]) == 0
    assert out.read_text().splitlines()[1].startswith(f"p/1,{SHEET},1,2,7,")
    assert run(["registry", "score", "no_such_sheet", "-r", place]) == 2


def cohort(registry: Registry, size: int = 60) -> None:
    """Invented patients with follow-up, one with contradictory ages and one with words that need escapes."""
    pairs = []
    for n in range(size):
        values: dict[str, Value | list[Value]] = {
            "age_years": 40 + n % 30, "sex": ("female", "male")[n % 2], "levels": ["C5", f"T{1 + n % 12}"],
            "follow_up_months": 1 + (n * 7) % 50, "status": ("alive", "dead")[(n // 3) % 2],
            "remark": "a; \\b, \"c\"\nd",
        }  # fmt: skip
        claims = [
            Claim(field=f, value=x, quotes=())
            for f, v in values.items()
            for x in (v if isinstance(v, list) else [v])
        ]
        claims += [Claim(field="age_years", value=90, quotes=())] * (n == 0)
        case = Case(case=1, label=f"Case {n}", claims=tuple(claims))
        pairs.append(
            (
                Paper(id=f"p{n:02}", source="", text="", authors=("A, B", "C, D"), year=2020),
                Reading(cases=(case,)),
            )
        )
    registry.add_all(pairs)


def test_a_snapshot_is_what_duckdb_and_cohort_read(registry: Registry, tmp_path: Path) -> None:
    cohort(registry)
    scored(registry, [sheets.load(SHEET)])
    registry.decide(correct("female", "male", "sex").model_copy(update={"paper": "p00"}))
    registry.link("p00/1", "p01/1", same=True)
    lake = tmp_path / "lake"
    columns = {c.name: (c.kind, c.several) for c in registry.snapshot(lake)}
    assert columns["levels"] == ("text", True)
    assert columns["follow_up_months"] == ("number", False)
    with duckdb.connect() as engine:
        count = {
            name: engine.execute(f"SELECT count(*) FROM '{lake}/{name}.parquet'").fetchone() for name in FILES
        }
        assert count == {
            "cases": (60,),
            "claims": (60 * 7 + 2,),
            "decisions": (2,),
            "papers": (60,),
            "scores": (60,),
        }
        row = engine.execute(
            "SELECT name, age_years, sex, levels, follow_up_months, remark, patient "
            f"FROM '{lake}/cases.parquet' LIMIT 2"
        ).fetchall()
        assert row == [
            ("p00/1", None, "male", "C5; T1", 1.0, 'a\\; \\\\b, "c"\nd', 1),
            ("p01/1", 41.0, "male", "C5; T2", 8.0, 'a\\; \\\\b, "c"\nd', 1),
        ]
        ages = engine.execute(
            f"SELECT number FROM '{lake}/claims.parquet' WHERE field = 'age_years' AND \"case\" = 1"
        )
        assert ages.fetchall() == [(40.0,), (90.0,)]
        stale = engine.execute(f"SELECT count(*) FROM '{lake}/scores.parquet' WHERE NOT current").fetchone()
        assert stale == (1,)
    study = tmp_path / "study"
    table = str(lake / "cases.parquet")
    asked = ["--time", "follow_up_months", "--event", "status=dead", "--by", "sex", "-o", str(study)]
    assert run(["cohort", table, *asked]) == 0
    found = json.loads(next(study.glob("*.json")).read_text())
    assert (found["n"], found["events"], found["dropped"]) == (60, 30, 0)


def test_the_same_registry_gives_the_same_bytes(registry: Registry, tmp_path: Path) -> None:
    cohort(registry)
    registry.snapshot(tmp_path / "one")
    registry.snapshot(tmp_path / "two")
    one, two = (
        {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in (tmp_path / n).iterdir()}
        for n in ("one", "two")
    )
    assert one == two
    assert set(one) == {f"{name}.parquet" for name in FILES}


def test_a_snapshot_of_nothing(registry: Registry, tmp_path: Path) -> None:
    assert registry.snapshot(tmp_path / "lake") == []
    with duckdb.connect() as engine:
        assert engine.execute(f"SELECT count(*) FROM '{tmp_path}/lake/cases.parquet'").fetchone() == (0,)
