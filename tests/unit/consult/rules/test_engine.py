"""The rule engine: loading, three-valued logic, what verdicts rest on."""

from __future__ import annotations

from typing import Any

import pytest

from spondyl.consult import rules
from spondyl.consult.patient import Person
from spondyl.consult.rules.conditions import parse
from spondyl.consult.rules.judging import judge
from spondyl.record import Case, Claim, Quote, SheetError

HEAD = """
schema = "spondyl.rules/1"
id = "mine"
version = "1"
title = "Invented"
checked = "2026-11"
"""
RULE = """
[[rules]]
id = "one"
title = "sphincter loss"
says = "Bladder or bowel function is lost."
when = { field = "presentation", is = "sphincter_dysfunction" }
source = ["fisher2010"]
"""


def person(**fields: Any) -> Person:
    each = ((f, v) for f, vs in fields.items() for v in (vs if isinstance(vs, list) else [vs]))
    quotes = (Quote(paper="invented", start=0, end=4, text="text"),)
    claims = tuple(Claim(field=f.replace("__", "."), value=v, quotes=quotes) for f, v in each)
    return Person(Case(case=1, label="invented", claims=claims))


def truth(condition: dict[str, Any], **fields: Any) -> bool | None:
    one = person(**fields)
    return judge(parse(condition), one, rules.Results(one)).truth


FINDING = {"field": "presentation", "is": "pain"}


@pytest.mark.parametrize(
    ("condition", "fields", "expected"),
    [
        (FINDING, {"presentation": ["pain"]}, True),
        (FINDING, {"denied": ["pain"]}, False),
        ({"field": "other_metastases", "is": ["bone", "lung"]}, {"other_metastases": ["none"]}, False),
        ({"field": "other_metastases", "is": "bone"}, {"other_metastases": ["none", "lung"]}, None),
        (FINDING, {"presentation": ["mass"]}, None),
        (FINDING, {"presentation": ["pain"], "denied": ["pain"]}, None),
        ({"not": FINDING}, {"presentation": ["pain"]}, False),
        ({"not": FINDING}, {}, None),
        ({"field": "compartment", "is": "intramedullary"}, {"compartment": ["vertebral"]}, False),
        ({"field": "compartment", "is": "extradural"}, {"compartment": ["vertebral", "extradural"]}, True),
        ({"field": "margin", "is": "R0"}, {"margin": ["R0", "R1"]}, None),
        ({"field": "margin", "known": True}, {}, False),
        ({"field": "diagnosis", "is": "renal cell carcinoma"}, {"diagnosis": "clear cell renal cell carcinoma"}, True),
        ({"field": "diagnosis", "is": "renal cell carcinoma"}, {"diagnosis": "carcinoma"}, None),
        ({"field": "diagnosis", "is": "sarcoma"}, {"diagnosis": "leiomyosarcoma"}, True),
        ({"field": "diagnosis", "is": "sarcoma"}, {"diagnosis": "melanoma"}, False),
        ({"field": "diagnosis", "is": "carcinoma"}, {"diagnosis": "leiomyosarkoma"}, None),
        ({"field": "diagnosis", "is": "carcinoma"}, {"diagnosis": "squamous cell carcinoma of rectum"}, True),
        ({"field": "age_years", "at_least": 18}, {"age_years": 18}, True),
        ({"field": "age_years", "above": 47}, {"age_years": [46, 49]}, None),
        ({"field": "motor_grade", "at_most": 3}, {"motor_grade": ["4/5", "3/5"]}, True),
        ({"field": "motor_grade", "at_most": 3}, {"motor_grade": ["4/5"]}, False),
        ({"marker": "keratin", "is": "-"}, {"ihc": ["ae1/3-"]}, True),
        ({"marker": "desmin", "is": "+"}, {"ihc": ["desmin-"]}, False),
        ({"marker": "desmin", "is": "+"}, {"ihc": ["sma+"]}, None),
        ({"marker": "desmin", "is": "+"}, {"ihc": ["desmin-", "desmin+"]}, None),
        ({"score": "escc_bilsky", "band": ["2", "3"]}, {"escc": "2"}, True),
        ({"score": "escc_bilsky", "band": ["2", "3"]}, {"escc": "1b"}, False),
        ({"score": "escc_bilsky", "band": ["2", "3"]}, {}, None),
        ({"score": "sins", "at_least": 7}, {"levels": ["C7"], "sins__alignment": "subluxation"}, True),
        ({"score": "sins", "at_least": 7}, {"levels": ["C7"]}, None),
        ({"score": "noms", "band": "SRS"}, {"diagnosis": "clear cell renal cell carcinoma", "escc": "1a"}, True),
        ({"score": "noms", "band": "SRS"}, {"diagnosis": "leiomyosarcoma", "escc": "1a"}, None),
        ({"all": [FINDING, {"always": True}]}, {"presentation": ["pain"]}, True),
        ({"any": [FINDING, {"field": "sex", "is": "male"}]}, {"sex": "male"}, True),
    ],
)  # fmt: skip
def test_conditions(condition: dict[str, Any], fields: dict[str, Any], expected: bool | None) -> None:
    assert truth(condition, **fields) is expected


def test_an_unknown_verdict_says_what_would_decide_it() -> None:
    condition = parse({"all": [FINDING, {"field": "presentation", "is": "sphincter_dysfunction"}]})
    one = person(presentation=["pain"])
    verdict = judge(condition, one, rules.Results(one))
    assert verdict.missing == ("presentation.sphincter_dysfunction",)
    assert [b.text for b in verdict.bases] == ["text"]
    score_open = judge(parse({"score": "sins", "at_least": 7}), one, rules.Results(one))
    assert "sins.alignment" in score_open.missing


def test_a_line_has_words_rule_and_source() -> None:
    rule = rules.parse_rules(HEAD + RULE, "mine.toml").rule("one")
    one = person(presentation=["sphincter_dysfunction"])
    line = rules.line(rule, rule.judge(one), "mine")
    assert [b.kind for b in line.bases] == ["words", "rule", "source"]
    assert line.bases[2].url == "https://doi.org/10.1097/BRS.0b013e3181e16ae2"
    assert line.text == "Bladder or bowel function is lost."
    unknown = rules.line(rule, rule.judge(person()), "mine")
    assert unknown.tone == "unknown"
    assert unknown.more[0].text == "to be found out: bladder or bowel dysfunction (neurosurgery)"
    denied = rules.line(rule, rule.judge(person(denied=["sphincter_dysfunction"])), "mine")
    assert denied.text == "Does not apply: sphincter loss"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("says =", "sais ="), "rules.0.sais: unknown key; take it out, or spell it right; did you mean says?"),
        (('"presentation"', '"presentaton"'), "there is no field presentaton; did you mean presentation?"),
        (('"sphincter_dysfunction"', '"sphincter"'), "presentation is never sphincter"),
        (('["fisher2010"]', '["fischer2010"]'), "there is no source fischer2010; did you mean fisher2010?"),
        (('["fisher2010"]', "[]"), "rules.0.source"),
        (('id = "mine"', 'id = "other"'), "the file's name without .toml is the id"),
        (('{ field = "presentation", is =', '{ score = "sinz", band ='), "there is no score sinz; did you mean sins?"),
        (('{ field = "presentation", is =', '{ marker = "desmim", is ='), "did you mean desmin?"),
        (('"spondyl.rules/1"', '"spondyl.rules/9"'), "schema"),
        (("title = ", "title ="), ""),
    ],
)  # fmt: skip
def test_a_wrong_file_says_what_and_how_to_mend_it(change: tuple[str, str], said: str) -> None:
    text = (HEAD + RULE).replace(*change)
    if not said:
        assert rules.parse_rules(text, "mine.toml")
        return
    with pytest.raises(SheetError, match="mine") as raised:
        rules.parse_rules(text, "mine.toml")
    assert said in str(raised.value)


def test_a_rule_stands_once() -> None:
    with pytest.raises(SheetError, match="stands twice"):
        rules.parse_rules(HEAD + RULE + RULE, "mine.toml")
