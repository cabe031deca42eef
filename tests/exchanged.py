"""Invented cases for the tests of the exchange formats, and their way through a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from registered import claim, paper
from spondyl.record import Case, Claim, Paper, Value
from spondyl.registry import Entry
from spondyl.registry.exchange import Bundle
from spondyl.registry.exchange.formats import FORMATS, load
from spondyl.registry.exchange.redcap_in import project

TEXT = (
    'Invented. A 46-year-old woman with "renal cell carcinoma" of the kidney had pain and a metastasis of T9 and\n'
    "T10, and of the lung; no paresis. Corpectomy, 30 Gy and sunitinib; CD10 positive; KPS 80. Alive after 12 months."
)
VALUES: tuple[tuple[str, Value, str], ...] = (
    ("age_years", 46, "46-year-old"), ("sex", "female", "woman"),
    ("diagnosis", "renal cell carcinoma", "renal cell carcinoma"), ("primary_site", "kidney", "kidney"),
    ("presentation", "pain", "pain"), ("levels", "T9", "T9"), ("levels", "T10", "T10"),
    ("other_metastases", "lung", "lung"), ("denied", "motor_deficit", "no paresis"),
    ("procedures", "corpectomy", "Corpectomy"), ("treatments", "surgery", "Corpectomy"),
    ("treatments", "radiotherapy", "30 Gy"), ("radiation_dose_gy", 30, "30 Gy"), ("drugs", "sunitinib", "sunitinib"),
    ("treatments", "targeted_therapy", "sunitinib"), ("ihc", "cd10+", "CD10 positive"),
    ("performance_status", "KPS 80", "KPS 80"), ("status", "alive", "Alive"), ("follow_up_months", 12, "12 months"),
)  # fmt: skip
DERIVED = (
    Claim(field="regions", value="thoracic", quotes=(), certainty="derived", derivation="region of level T9"),
    Claim(field="compartment", value="vertebral", quotes=(), certainty="doubtful"),
    Claim(
        field="radiation_dose_gy", value=8.5, quotes=(), method="review", derivation="given by A. Reviewer"
    ),
)


def source() -> Paper:
    return paper("p1", TEXT)


def patient(number: int = 1) -> Case:
    """An invented case with values in all places of the formats."""
    of = source()
    claims = [claim(of, field, value, words) for field, value, words in VALUES]
    return Case(case=number, label=f"Case {number}", claims=(*claims, *DERIVED))


def entry(case: Case, of: str = "p1") -> Entry:
    return Entry(case.case, of, 1, case)


def case(*values: tuple[str, Value]) -> Case:
    """A case without words."""
    return Case(case=1, label="", claims=tuple(Claim(field=f, value=v, quotes=()) for f, v in values))


def written(form: str, folder: Path, entries: Sequence[Entry], snomed: bool = False, **papers: Any) -> Path:
    """The first of the files a format writes."""
    done = FORMATS[form](entries, papers, snomed)
    for suffix, words in done.files.items():
        (folder / f"cases{suffix}").write_text(words, encoding="utf-8", newline="")
    return folder / f"cases{next(iter(done.files))}"


def back(form: str, file: Path) -> Bundle:
    return project(file, file.with_suffix(".dictionary.csv")) if form == "redcap" else load(file)


def cases(bundle: Bundle) -> list[Case]:
    return [one for _, reading in bundle.pairs for one in reading.cases]


def stand(bundle: Bundle) -> bool:
    """Whether the words of all claims stand in the text of the paper they name."""
    texts = {paper.id: paper.text for paper, _ in bundle.pairs}
    quotes = [q for case in cases(bundle) for claim in case.claims for q in claim.quotes]
    return all(texts[q.paper][q.start : q.end] == q.text for q in quotes)
