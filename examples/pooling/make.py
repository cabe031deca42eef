"""Simulates the inputs of this example: invented case reports, an invented printed curve, invented summaries.

No line describes a real person, and no result here says anything about a disease.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
NAMES = (
    "Aldersey", "Birkmoor", "Casselton", "Dunholm", "Elverdin", "Farrowgate", "Gansk", "Harbeck", "Ilmarsson",
    "Jorvald", "Kettleby", "Lomax-Vire", "Mirstone", "Norvik", "Ostrander", "Pellworth", "Quillan", "Rosmead",
    "Stavrin", "Tarnhelm", "Ulverson", "Vantage", "Wexholm", "Ystrand",
)  # fmt: skip
LEVELS = ("C5", "T4", "T7", "T9", "T12", "L1", "L3", "L4")
MEDIAN = {"gross_total": 26.0, "subtotal": 13.0}
Row = dict[str, Any]


def claim(field: str, value: Any, words: str) -> Row:
    """A claim with the invented words that state it."""
    return {
        "field": field, "value": value, "quote": {"start": 0, "end": len(words), "text": words}, "more": [],
        "method": "rules", "certainty": "stated", "derivation": None,
    }  # fmt: skip


def patient(rng: np.random.Generator, number: int) -> Row:
    """One invented patient with leiomyosarcoma or melanoma of the spine."""
    extent = "gross_total" if rng.random() < 0.55 else "subtotal"
    time, seen = rng.exponential(MEDIAN[extent] / np.log(2)), rng.uniform(6, 60)
    months, died = round(float(min(time, seen)), 1), bool(time < seen)
    age, sex = int(rng.integers(38, 78)), "female" if rng.random() < 0.55 else "male"
    level = LEVELS[int(rng.integers(len(LEVELS)))]
    said = [
        claim("age_years", age, f"aged {age} years"), claim("sex", sex, sex), claim("levels", level, level),
        claim("compartment", "vertebral", "vertebral metastasis"),
        claim("diagnosis", "leiomyosarcoma" if rng.random() < 0.8 else "melanoma", "histology"),
        claim("resection_extent", extent, extent.replace("_", " ") + " resection"),
    ]  # fmt: skip
    if rng.random() < 0.9:
        said.append(claim("follow_up_months", months, f"at {months} months"))
    if rng.random() < 0.93:
        said.append(claim("status", "dead" if died else "alive", "had died" if died else "was alive"))
    fields = {c["field"]: c["value"] for c in said} | {"levels": [level], "compartment": ["vertebral"]}
    return {
        "case": number, "label": f"Case {number}", "kind": "patient", "reported_by": None, "fields": fields,
        "claims": said, "others": [],
    }  # fmt: skip


def reports(rng: np.random.Generator) -> list[Row]:
    """Invented reports of one to four patients; one patient is reported twice."""
    out: list[Row] = []
    for k, name in enumerate(NAMES):
        cases = [patient(rng, n) for n in range(1, 1 + int(rng.choice([1, 1, 1, 2, 3, 4])))]
        about = {
            "id": f"{name.casefold()}-{2001 + k}", "source": f"{name}.txt", "title": f"An invented report, no. {k + 1}",
            "authors": [f"{name}, A"], "year": 2001 + k, "journal": "Invented Journal", "doi": None, "pmid": None,
            "sha256": "", "duplicate_of": None,
        }  # fmt: skip
        out.append({"paper": about, "cases": cases, "statements": []})
    again = json.loads(json.dumps(out[2]["cases"][0])) | {
        "case": len(out[9]["cases"]) + 1,
        "label": "Case again",
    }
    out[9]["cases"].append(again)
    return out


def curve(rng: np.random.Generator) -> tuple[list[Row], list[Row], dict[str, int]]:
    """Digitised points and numbers at risk of two invented arms, as a hand would read them."""
    points: list[Row] = []
    risks: list[Row] = []
    events = {}
    for arm, n in (("gross_total", 34), ("subtotal", 41)):
        time, seen = rng.exponential(MEDIAN[arm] / np.log(2), n), rng.uniform(8, 60, n)
        when, died = np.minimum(time, seen), time < seen
        events[arm] = int(died.sum())
        s = 1.0
        points.append({"time": 0, "survival": 100, "arm": arm})
        for t in np.sort(when[died]):
            s *= 1 - 1 / int((when >= t).sum())
            read = min(max(100 * (s + rng.normal(0, 0.002)), 0), 100)
            points.append({"time": f"{t:.2f}", "survival": f"{read:.1f}", "arm": arm})
        points.append({"time": f"{when.max():.2f}", "survival": f"{100 * s:.1f}", "arm": arm})
        risks += [{"time": t, "at_risk": int((when >= t).sum()), "arm": arm} for t in range(0, 60, 12)]
    return points, risks, events


def summaries() -> list[Row]:
    """Invented medians and hazard ratios of series that give no single patients."""
    rows = [
        ("Brandis 2009", "median", "overall survival", 16.0, 11.2, 22.9, 58, ""),
        ("Corvane 2013", "median", "overall survival", 21.5, 14.8, 31.2, 44, ""),
        ("Delacourt 2016", "median", "overall survival", 12.4, 9.6, 16.0, 97, ""),
        ("Eskildson 2020", "median", "overall survival", 18.0, "", "", 39, 27),
        ("Brandis 2009", "hazard_ratio", "visceral metastases", 1.92, 1.04, 3.54, 58, ""),
        ("Corvane 2013", "hazard_ratio", "visceral metastases", 1.35, 0.70, 2.60, 44, ""),
        ("Delacourt 2016", "hazard_ratio", "visceral metastases", 2.41, 1.52, 3.82, 97, ""),
        ("Brandis 2009", "count", "local recurrence", 11, "", "", 58, ""),
        ("Corvane 2013", "count", "local recurrence", 5, "", "", 44, ""),
        ("Delacourt 2016", "count", "local recurrence", 24, "", "", 97, ""),
    ]
    names = ("study", "quantity", "of", "value", "low", "high", "n", "events")
    return [dict(zip(names, row, strict=True)) for row in rows]


def write(name: str, rows: list[Row]) -> None:
    """A table."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    """Write everything beside this file."""
    rng = np.random.default_rng(7)
    lines = [json.dumps(r, ensure_ascii=False) for r in reports(rng)]
    (HERE / "reports.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    points, risks, events = curve(rng)
    write("digitised.csv", points)
    write("at_risk.csv", risks)
    write("summaries.csv", summaries())
    print(" ".join(f"--events {arm}={n}" for arm, n in events.items()))


if __name__ == "__main__":
    main()
