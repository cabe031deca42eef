"""Rules as data: a condition over a patient's record, a sentence, its sources.

rules.load("flags").rules           the rules of a file
rule.judge(person)                  true, false or unknown, with what that rests on and what would decide it
rules.line(rule, verdict, "flags")  the line of the page
"""

from spondyl.consult.rules.fields import Ask, ask
from spondyl.consult.rules.lines import asked, line, rule_basis
from spondyl.consult.rules.literature import Source, source, sources
from spondyl.consult.rules.loading import load, parse_rules
from spondyl.consult.rules.model import Rule, RuleSet, Worked
from spondyl.consult.rules.patient import Patient
from spondyl.consult.rules.scores import Results
from spondyl.consult.rules.verdict import Verdict

__all__ = [
    "Ask",
    "Patient",
    "Results",
    "Rule",
    "RuleSet",
    "Source",
    "Verdict",
    "Worked",
    "ask",
    "asked",
    "line",
    "load",
    "parse_rules",
    "rule_basis",
    "source",
    "sources",
]
