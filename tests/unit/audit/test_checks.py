"""Every check: something it must find, and a near miss that is fine."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from spondyl import extract, read
from spondyl.audit import audit
from spondyl.record import Finding

CHECKS = tomllib.loads(Path(__file__).with_name("checks.toml").read_text("utf-8"))["check"]


def found(text: str, place: Path) -> tuple[Finding, ...]:
    path = place / "paper.txt"
    path.write_text(text, "utf-8")
    paper = read.paper(path)
    reading = extract.reading(paper)
    findings = audit(paper, reading.cases, reading.statements)
    for f in findings:
        assert f.quotes
        assert all(paper.text[q.start : q.end] == q.text for q in f.quotes)
    return findings


@pytest.mark.parametrize(("kind", "text"), [(c["kind"], c["bad"]) for c in CHECKS])
def test_it_is_found(kind: str, text: str, tmp_path: Path) -> None:
    assert kind in {f.kind for f in found(text, tmp_path)}


@pytest.mark.parametrize("text", [c["good"] for c in CHECKS])
def test_a_near_miss_is_fine(text: str, tmp_path: Path) -> None:
    assert [f.message for f in found(text, tmp_path)] == []


@pytest.mark.parametrize(
    "text",
    [
        "A sample of 119 patients (68.9 % women; mean age 57.1 ± 12.2 years) was recruited.",
        "The stage was known of 88 657 of 98 942 tumours (89.6%).",
        "Groups differed (χ2 = 17.78, p = 0.001).",
        "Local failure was 52.1% at 12 months (95% CI 39.9–66.4).",
        "Two thirds (65.3%) were in good condition.",
        "Fractures were seen in about one of nine lesions (11.6%).",
        "The dose was 24 Gy in one fraction, 27 Gy in 3 fractions, or 40 Gy in 5 fractions of 8 Gy.",
        "Survival was 71% at 6 months and 48% at 12 months in breast cancer, and 39% at 6 months in lung cancer.",
        "The hazard ratio was 1.15 (95% CI 0.70–1.88, p = 0.58); the difference was 4.10 (95% CI 0.30–7.90, p = 0.03).",
        "Of 96 patients, 23 (24.0%) had a complication. About one patient in six had a complication later.",
        "We treated 96 patients.\n\nTable 1. Patients (n = 96)\n\nVariable\tN (%)\nMen\t54 (56)\n"
        "Targetable mutation (n = 88)\t29 (33)\n  EGFR\t22 (25)\n  ALK\t6 (7)\n",
    ],
)
def test_what_once_was_a_false_alarm_is_fine(text: str, tmp_path: Path) -> None:
    assert [f.message for f in found(f"Spinal metastases\n\nResults\n\n{text}\n", tmp_path)] == []
