"""The loader refuses what is wrong, with the file, the key and the mend."""

from __future__ import annotations

import pytest

from spondyl import score
from spondyl.record import SheetError, UsageError

GOOD = score.template("mine")


def refused(old: str, new: str) -> SheetError:
    assert old in GOOD
    with pytest.raises(SheetError) as raised:
        score.parse(GOOD.replace(old, new), "mine.toml")
    assert raised.value.file == "mine.toml"
    assert raised.value.mend
    return raised.value


def test_the_template_is_a_sheet() -> None:
    assert score.parse(GOOD, "mine.toml").id == "mine"


@pytest.mark.parametrize("name", ["My score", "", "../x", "ä"])
def test_a_name_that_is_no_id_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is no id for a score"):
        score.template(name)


@pytest.mark.parametrize(
    ("old", "new", "key", "what", "mend"),
    [
        ("min = 2\n", "min = 3\n", "bands.high", "gap after low", "begin it at 2"),
        ("min = 2\n", "min = 1\n", "bands.high", "overlaps with low", "begin it at 2"),
        ("range = [0, 3] ", "range = [0, 4] ", "range", "totals reach [0, 3]", "set range = [0, 3]"),
        ("points = 2,", "points = 7,", "range", "totals reach [0, 8]", "mend the points"),
        ("direction =", "directoin =", "directoin", "unknown key", "did you mean direction?"),
        ('label = "Weak", ', "", "items.0.options.1.label", "missing", "add label"),
        ('label = "Weak", ', 'label = "", ', "items.0.options.1.label", "empty", "label"),
        ("total = 3, band", "total = 2, band", "worked.1", "total is 3, expected 2", "mend the case"),
        ('general = "KPS 60"', 'general = "KPS 65"', "worked.1", "multiples of 10", "mend the case"),
        ('status = "unverified" ', 'status = "verified" ', "status", "evidence D", "unverified"),
        ('at = "0..70"', 'at = "0..80"', "items.general.options.poor.at", "overlaps with good", "one answer"),
        ('at = "0..70"', 'at = "bad"', "items.general.options.poor.at", "bad", "write"),
        ('scale = "KPS"  ', 'scale = "KPI"  ', "items.general.scale", "KPI is no scale", "KPS"),
        ('feeble = "weak"', 'feeble = "week"', "items.grip.words.feeble", "week", "strong, weak"),
        ('kind = "sum"  ', 'kind = "summ"  ', "(file)", "summ", "sum"),
        ('id = "mine"', 'id = "yours"', "id", "yours", "mine"),
        ("[evidence]", "[evidence", "(file)", "no TOML", "mend the line"),
        ('kind = "hand-computed" ', 'kind = "published" ', "worked.1.source", "no source", "published"),
        ('id = "high"', 'id = "low"', "bands", "low stands twice", "its own id"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(old: str, new: str, key: str, what: str, mend: str) -> None:
    error = refused(old, new)
    assert error.key == key
    assert what in error.what
    assert mend in error.mend


def test_a_citation_without_a_source_is_refused() -> None:
    bare = GOOD.replace('authors = "Nobody A"\n', "").replace(
        'journal = "Invented Journal of Spinal Oncology"\n', ""
    )
    with pytest.raises(SheetError, match=r"citations\.nobody2020: has no source; add authors, journal, doi"):
        score.parse(bare, "mine.toml")


def test_a_tree_without_a_rule_for_every_answer_is_refused() -> None:
    from importlib.resources import files

    text = files("spondyl.score").joinpath("sheets", "enneking.toml").read_text("utf-8")
    rule = '  { when = { G = "G2", T = "T2" }, then = "IIB" },\n'
    assert rule in text
    with pytest.raises(SheetError, match=r"enneking\.toml: rules: none holds for"):
        score.parse(text.replace(rule, ""), "enneking.toml")


@pytest.mark.parametrize(
    "expr", ["__import__('os')", "n.real", "(lambda: 1)()", "n if d else ab", "[n]", "n +"]
)
def test_an_expression_runs_nothing_but_arithmetic(expr: str) -> None:
    from spondyl.score.expr import names

    with pytest.raises(ValueError, match="'"):
        names(expr)
