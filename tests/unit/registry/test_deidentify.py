"""Nothing that tells who a patient is leaves in any format: canaries in every place where text can stand."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest

from spondyl.app.shell import run
from spondyl.record import Case, Claim, Decision, Paper, Quote, Reading, Statement, UsageError, Value
from spondyl.registry import Entry, Registry
from spondyl.registry.deidentify import Secret, deidentified, lost, pseudonym, read_key, without_rare

KEY = Secret(b"k" * 32, {"diagnosis": {"leiomyosarcoma"}})
CANARIES = (
    "ZZNAME", "ZZLABEL", "ZZQUOTE", "ZZSUPPORT", "ZZREMARK", "ZZDIAGNOSIS", "ZZDERIVED", "ZZCITED", "ZZTITLE",
    "ZZAUTHOR", "ZZSOURCE", "ZZJOURNAL", "ZZNOTE", "ZZREVIEWER", "ZZTEXT", "ZZGROUP", "ZZMETHOD", "ZZOTHER",
    "zzfield", "ZZDRUG", "987654321", "10.9999/zz", "31415926", "1999-09-09", "2001-01-31", "ZZDOCTOR",
)  # fmt: skip
"""Each stands in a place of its own; none may come out."""


def claim(field: str, value: Value, paper: str = "", words: str = "ZZQUOTE") -> Claim:
    quotes = (
        Quote(paper=paper, start=0, end=len(words), text=words),
        Quote(paper=paper, start=0, end=9, text="ZZSUPPORT"),
    )
    return Claim(
        field=field, value=value, quotes=quotes if paper else (), method="llm:ZZMETHOD", derivation="ZZDERIVED",
    )  # fmt: skip


def laden(name: str = "ZZNAME-report") -> tuple[Paper, Reading]:
    """A report with a canary wherever text or a number can stand."""
    claims = (
        claim("age_years", 93, name), claim("sex", "female", name), claim("diagnosis", "leiomyosarcoma", name),
        claim("diagnosis", "ZZDIAGNOSIS", name), claim("levels", "C5", name), claim("levels", "ZZREMARK", name),
        claim("remark", "ZZREMARK"), claim("mrn", 987654321), claim("drugs", "ZZDRUG"), claim("zzfield ward", "x"),
        claim("birth_date", "1999-09-09"), claim("operated", "2001-01-31"), claim("last_seen", "2001-03-02"),
        claim("referred_by", "ZZDOCTOR"), claim("sex", "ZZNAME"), claim("follow_up_months", 31415926),
    )  # fmt: skip
    case = Case(
        case=1, label="ZZLABEL 987654321", kind="patient", reported_by="ZZCITED et al.", claims=claims,
        others=(claim("status", "ZZOTHER", name),),
    )  # fmt: skip
    statement = Statement(
        group="ZZGROUP", quantity="n", n=1, quotes=(Quote(paper=name, start=0, end=7, text="ZZGROUP"),)
    )  # fmt: skip
    paper = Paper(
        id=name, source="ZZSOURCE.pdf", text="ZZTEXT ZZQUOTE", sha256="31415926", title="ZZTITLE",
        authors=("ZZAUTHOR, A",), year=2001, journal="ZZJOURNAL", doi="10.9999/zz", pmid="31415926",
    )  # fmt: skip
    return paper, Reading(cases=(case,), statements=(statement,))


@pytest.fixture
def place_of_canaries(tmp_path: Path) -> Path:
    place = tmp_path / "registry.db"
    with Registry(place, by="ZZREVIEWER") as registry:
        registry.add_all([laden(), laden("ZZNAME-again")])
        registry.decide(
            Decision(
                paper="ZZNAME-report",
                case=1,
                field="status",
                verdict="correct",
                corrected="dead",
                note="ZZNOTE",
            )
        )
        registry.link("ZZNAME-report/1", "ZZNAME-again/1", same=True, note="ZZNOTE")
    return place


def everything(folder: Path) -> bytes:
    """All bytes of all files, what is packed unpacked."""
    out = b""
    for file in sorted(folder.iterdir()):
        out += file.name.encode() + file.read_bytes()
        if file.suffix == ".xlsx":
            with zipfile.ZipFile(file) as parts:
                out += b"".join(parts.read(name) for name in parts.namelist())
        if file.suffix == ".parquet":
            with duckdb.connect() as engine:
                out += repr(engine.read_parquet(str(file)).fetchall()).encode()
    return out


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx", "jsonl", "mcode", "phenopackets", "redcap"])
def test_no_canary_gets_out_of_any_format(
    place_of_canaries: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("fhir.resources") if form == "mcode" else None
    pytest.importorskip("phenopackets") if form == "phenopackets" else None
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / f"cases.{form}"
    assert run(["registry", "export", "-r", str(place_of_canaries), "--format", form, "-o", str(target)]) == 0
    held = everything(folder)
    assert any(canary.encode() in held for canary in CANARIES), "the canaries do not even get in"
    for file in folder.iterdir():
        file.unlink()
    capsys.readouterr()
    private = ["--deidentify", "--key", str(tmp_path / "key")]
    assert (
        run(
            [
                "registry",
                "export",
                "-r",
                str(place_of_canaries),
                "--format",
                form,
                "-o",
                str(target),
                *private,
            ]
        )
        == 0
    )
    held = everything(folder)
    assert [canary for canary in CANARIES if canary.encode() in held] == []
    told = capsys.readouterr()
    assert [c for c in CANARIES if c in told.out + told.err and c != "zzfield"] == []
    assert b"leiomyosarcoma" in held
    assert b"source-" in held


def test_no_canary_gets_into_a_snapshot(place_of_canaries: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert run(["registry", "score", "tomita_2001", "-r", str(place_of_canaries)]) == 0
    assert run(["registry", "snapshot", "-r", str(place_of_canaries), "-o", str(lake)]) == 0
    assert [c for c in CANARIES if c.encode() not in everything(lake)] == [
        "ZZSUPPORT",
        "ZZCITED",
        "ZZSOURCE",
        "ZZTEXT",
        "ZZGROUP",
    ]
    assert run(["registry", "snapshot", "-r", str(place_of_canaries), "-o", str(lake), "--deidentify"]) == 0
    assert [c for c in CANARIES if c.encode() in everything(lake)] == []
    with duckdb.connect() as engine:
        scored = f"SELECT count(*) FROM '{lake}/scores.parquet' JOIN '{lake}/cases.parquet' USING (\"case\")"
        assert engine.execute(scored).fetchone() == (2,)


def entry(*claims: Claim, number: int = 7) -> Entry:
    return Entry(number, "p1", 1, Case(case=1, label="x", claims=claims))


def day(entry_: Entry, field: str) -> date:
    return date.fromisoformat(str(entry_.fields[field]))


def test_intervals_between_days_stay_and_the_days_do_not() -> None:
    one = entry(claim("operated", "2020-02-28"), claim("last_seen", "2021-03-01"))
    told = deidentified(one, KEY)
    assert (day(told, "last_seen") - day(told, "operated")).days == 367
    assert 1 <= (date(2020, 2, 28) - day(told, "operated")).days <= 365


def test_patients_are_shifted_differently_and_linked_cases_alike() -> None:
    def shifted(number: int, same: tuple[int, ...] = ()) -> date:
        held = Case(case=1, label="", claims=(claim("operated", "2020-02-28"),))
        return day(
            deidentified(Entry(number, "p", 1, held, same, tuple(f"q/{n}" for n in same)), KEY), "operated"
        )

    assert len({shifted(n) for n in range(40)}) > 30
    assert shifted(5, (3,)) == shifted(3, (5,)) == shifted(3)


def test_the_same_key_gives_the_same_file_and_another_one_does_not() -> None:
    one = entry(claim("operated", "2020-02-28"))
    assert deidentified(one, KEY) == deidentified(one, KEY)
    assert dict(deidentified(one, KEY).fields) == dict(deidentified(one, KEY).fields)
    other = Secret(b"j" * 32)
    assert deidentified(one, other).id != deidentified(one, KEY).id
    assert pseudonym("p1", other) != pseudonym("p1", KEY)


@pytest.mark.parametrize(("age", "told"), [(89, 89), (89.5, "90+"), (90, "90+"), (101, "90+"), (0.17, 0.17)])
def test_ages_over_89_are_told_as_one(age: float, told: Value) -> None:
    assert deidentified(entry(claim("age_years", age)), KEY).fields["age_years"] == told


def test_a_birth_that_tells_an_age_over_89_goes() -> None:
    old = entry(claim("born", "1920-05-05"), claim("operated", "2020-02-28"))
    assert set(deidentified(old, KEY).fields) == {"operated"}
    very = entry(claim("age_years", 95), claim("birth_date", "1990-01-01"), claim("operated", "2020-02-28"))
    assert set(deidentified(very, KEY).fields) == {"age_years", "operated"}


def test_what_is_left_out_is_counted_by_field() -> None:
    one = entry(claim("mrn", 5), claim("remark", "a"), claim("remark", "b"), claim("sex", "male"))
    assert lost([one], KEY) == {"mrn": 1, "remark": 2}
    vouched = Secret(KEY.key, numbers=frozenset({"mrn"}))
    assert deidentified(one, vouched).fields["mrn"] == 5


def test_words_that_few_share_are_left_out() -> None:
    many = [entry(claim("sex", "male"), claim("levels", "C5" if n else "C6"), number=n) for n in range(5)]
    told = without_rare(many, 2)
    assert [dict(e.fields) for e in told] == [{"sex": "male"}] + [{"sex": "male", "levels": ["C5"]}] * 4


def test_a_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    file = tmp_path / "key"
    key = read_key(file)
    assert len(key) == 32
    assert read_key(file) == key
    assert file.stat().st_mode & 0o077 == 0
    assert read_key(None) != read_key(None)
    file.write_text("secret")
    with pytest.raises(UsageError, match="no key"):
        read_key(file)


def test_the_key_is_not_shown() -> None:
    assert "kkk" not in repr(KEY)


def test_a_deidentified_table_comes_back_in(place_of_canaries: Path, tmp_path: Path) -> None:
    target = tmp_path / "cases.csv"
    assert run(["registry", "export", "-r", str(place_of_canaries), "-o", str(target), "--deidentify"]) == 0
    second = tmp_path / "second.db"
    assert run(["registry", "import", str(target), "-r", str(second)]) == 0
    with Registry(second) as registry:
        assert [e.fields["age_years"] for e in registry.cases()] == ["90+", "90+"]


def test_a_key_for_nothing_is_told(
    place_of_canaries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["registry", "export", "-r", str(place_of_canaries), "--key", str(tmp_path / "key")]) == 2
    assert "--deidentify" in capsys.readouterr().err
