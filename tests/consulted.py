"""Invented patients for the tests of the patient's page."""

from __future__ import annotations

from typing import Any

from spondyl import read
from spondyl.consult.patient.opening import from_case, from_text
from spondyl.consult.patient.person import Person
from spondyl.record import Case, Claim

VIGNETTE = (
    "A 58-year-old man with renal cell carcinoma presented with progressive paraparesis and urinary retention. "
    "MRI showed a lytic metastasis of T9 with epidural extension (ESCC 3). His back pain was worse on standing. "
    "He was KPS 60. Corrected calcium was 3.6 mmol/l."
)


def case(**fields: Any) -> Case:
    """A record without words; a list is several values, `sins__pain` is the answer "sins.pain"."""
    values = ((name.replace("__", "."), v) for name, v in fields.items())
    claims = (
        Claim(field=n, value=one, quotes=()) for n, v in values for one in (v if isinstance(v, list) else [v])
    )
    return Case(case=1, label="invented", claims=tuple(claims))


def person(**fields: Any) -> Person:
    """A patient of a record."""
    return from_case(case(**fields), "invented.toml")


def told(text: str = VIGNETTE) -> Person:
    """A patient of a text."""
    return from_text(read.text(text, "invented.txt"))


LEIOMYOSARCOMA = {
    "age_years": 61, "sex": "female", "diagnosis": "leiomyosarcoma", "primary_site": "retroperitoneum",
    "levels": ["C5"], "compartment": ["vertebral"], "presentation": ["motor_deficit", "pain"], "motor_grade": ["4/5"],
    "resection_extent": "gross_total", "ihc": ["sma+", "desmin+", "cd34-"], "treatments": ["surgery"],
}  # fmt: skip
ODD = {
    "age_years": 630, "sex": ["female", "male"], "diagnosis": "<script>alert(1)</script>", "levels": ["T15", "C5"],
    "performance_status": "KPS 130", "radiation_dose_gy": [5000], "presentation": ["pain", "sphincter_dysfunction"],
    "denied": ["pain"], "hospital": "\"><img src=x onerror=alert(1)>", "margin": "#evil(\"x\") \\ $1$ [a]_b*c*",
}  # fmt: skip
"""Values that cannot be, that contradict each other, and that attack the page."""
