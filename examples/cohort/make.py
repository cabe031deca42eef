"""Simulates the tables of this example: invented patients with the margins of a published cohort.

The counts of subtypes, sex, race, bone metastases, their kind, their treatment and the sites of operations are those
that LiBrizzi et al. 2022 (doi:10.1155/2022/4651103) print. Everything else, every time and every patient, is invented.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
Row = dict[str, object]
WHOLE = {
    "Retroperitoneal": 125, "Uterine": 124, "Extremity soft tissue": 71, "Dermal": 13, "Male reproductive": 13,
    "Primary bone": 7, "Peritoneal": 7, "Gastrointestinal": 7, "Inferior vena cava": 6, "Gynecologic": 6,
    "Liver": 4, "Head and neck": 4, "Unknown": 3, "Mediastinal": 2, "Lung": 2, "Breast": 2,
}  # fmt: skip
BONE = {
    "Uterine": 18, "Retroperitoneal": 15, "Extremity soft tissue": 8, "Unknown": 2, "Head and neck": 1, "Lung": 1,
}  # fmt: skip
RACES = {"Caucasian": 262, "African American": 92, "Asian": 20, "Other": 20, "Hispanic": 2}
BONE_RACES = {"Caucasian": 33, "African American": 10, "Other": 2}
HAZARD = {
    "Extremity soft tissue": 0.5,
    "Dermal": 0.25,
    "Male reproductive": 0.35,
    "Unknown": 5.0,
    "Liver": 2.0,
}
IMPLANTS = {
    ("spine", "screws and rods"): 9, ("spine", "cement"): 2, ("femur", "endoprosthesis"): 5, ("femur", "nail"): 3,
    ("femur", "cement"): 1, ("humerus", "nail"): 2, ("humerus", "plate"): 1, ("humerus", "endoprosthesis"): 1,
    ("acetabulum", "endoprosthesis"): 1,
}  # fmt: skip


def shuffled(rng: np.random.Generator, counts: dict[str, int]) -> list[str]:
    return [str(v) for v in rng.permutation(np.repeat(list(counts), list(counts.values())))]


def yes(rng: np.random.Generator, many: int, of: int) -> list[str]:
    return shuffled(rng, {"yes": many, "no": of - many})


def lives(rng: np.random.Generator, subtype: str) -> tuple[float, float, float]:
    """Months to death, to the end of observation, and to a bone metastasis if it came to that."""
    death = 78 / HAZARD.get(subtype, 1.0) * rng.weibull(0.95)
    seen = min(rng.uniform(24, 320), rng.exponential(380))
    return max(death, 0.5), max(seen, 0.5), max(rng.exponential(60), 0.2)


def subtype_of(rng: np.random.Generator, subtype: str, n: int, bone: int) -> list[Row]:
    """Patients of a subtype; those with a bone metastasis are drawn among those who live to see it."""
    while True:
        drawn = [lives(rng, subtype) for _ in range(n)]
        could = [k for k, (death, seen, met) in enumerate(drawn) if met < min(death, seen)]
        if len(could) >= bone:
            break
    chosen = set(rng.choice(could, bone, replace=False).tolist()) if bone else set()
    return [
        {
            "subtype": subtype, "bone_metastases": "yes" if k in chosen else "no",
            "bone_months": round(met, 1) if k in chosen else "", "months": round(min(death, seen), 1),
            "status": "dead" if death <= seen else "alive",
            "subtype_outside_bone": "" if subtype == "Primary bone" else subtype,
        }
        for k, (death, seen, met) in enumerate(drawn)
    ]  # fmt: skip


def people(rng: np.random.Generator, rows: list[Row], men: int, races: dict[str, int]) -> None:
    """Sex, race and age; women for the organs of women."""
    could = [k for k, r in enumerate(rows) if r["subtype"] not in ("Uterine", "Gynecologic")]
    must = [k for k in could if rows[k]["subtype"] == "Male reproductive"]
    male = {*must, *rng.choice([k for k in could if k not in must], men - len(must), replace=False).tolist()}
    for k, (row, race) in enumerate(zip(rows, shuffled(rng, races), strict=True)):
        age = round(float(rng.normal(56, 12)), 1)
        row |= {"sex": "male" if k in male else "female", "race": race, "age": age}


def patients(rng: np.random.Generator) -> list[Row]:
    """All 396, 94 of them lost to follow-up."""
    out = [row for s, n in WHOLE.items() for row in subtype_of(rng, s, n, BONE.get(s, 0))]
    ill = [r for r in out if r["bone_metastases"] == "yes"]
    well = [r for r in out if r["bone_metastases"] == "no"]
    people(rng, ill, 14, BONE_RACES)
    people(rng, well, 123 - 14, {r: n - BONE_RACES.get(r, 0) for r, n in RACES.items()})
    alive = [r for r in well if r["status"] == "alive"]
    gone = [alive[int(k)] for k in rng.choice(len(alive), 93, replace=False)]
    gone += [r for r in ill if r["status"] == "alive"][:1]
    for row in gone:
        row["status"] = "lost"
    out = [out[int(k)] for k in rng.permutation(len(out))]
    for k, row in enumerate(out):
        row["id"] = f"S{k + 1:03d}"
    return out


def after(rng: np.random.Generator, row: Row, scale: float) -> float:
    """When after the bone metastasis something happens, in months, while the patient is observed."""
    left = float(str(row["months"]))
    when = rng.exponential(scale)
    return round(max(0.1, when if when < 0.8 * left else 0.8 * left * rng.uniform()), 1)


def bone_patients(rng: np.random.Generator, everybody: list[Row]) -> list[Row]:
    """The 45 with bone metastases, from the diagnosis of these on."""
    out = [dict(r) for r in everybody if r["bone_metastases"] == "yes"]
    columns = {
        "location": shuffled(rng, {"axial": 29, "appendicular": 5, "both": 11}),
        "lesions": shuffled(rng, {"lytic": 32, "sclerotic": 4, "mixed": 9}),
        "number": shuffled(rng, {"single": 13, "multiple": 32}),
        "visceral_metastases": yes(rng, 42, 45), "radiotherapy": yes(rng, 31, 45),
    }  # fmt: skip
    for k, row in enumerate(out):
        row |= {name: values[k] for name, values in columns.items()}
        since, until = float(str(row["bone_months"])), float(str(row["months"]))
        row |= {"months_from_diagnosis": until, "months": round(until - since, 1)}
    events(rng, out)
    return out


def events(rng: np.random.Generator, rows: list[Row]) -> None:
    """Twelve fractures, which shorten what is left; twenty operations, eight for a fracture."""
    order = [int(k) for k in rng.permutation(len(rows))]
    broken, whole = order[:12], order[12:]
    operated = broken[:8] + whole[:12]
    for k, row in enumerate(rows):
        row |= {
            "fracture": "no",
            "fracture_months": "",
            "surgery": "no",
            "surgery_months": "",
            "fixation": "",
        }
        if k in broken:
            when = after(rng, row, 6)
            left = max(0.2, (float(str(row["months"])) - when) / 3)
            row |= {"fracture": "yes", "fracture_months": when, "months": round(when + left, 1)}
            row["months_from_diagnosis"] = round(float(str(row["bone_months"])) + when + left, 1)
        if k in operated:
            then = float(str(row["fracture_months"])) + 0.1 if k in broken else after(rng, row, 3)
            row |= {"surgery": "yes", "surgery_months": round(then, 1)}
            row["fixation"] = "for fracture" if k in broken else "prophylactic"


def implants(rng: np.random.Generator, rows: list[Row]) -> list[Row]:
    """The implants of the operated: how long each held, and why that is no longer counted."""
    operated = [r for r in rows if r["surgery"] == "yes"]
    holders = [*operated, *(operated[int(k)] for k in rng.choice(len(operated), 5, replace=False))]
    kinds = [kind for kind, n in IMPLANTS.items() for _ in range(n)]
    out: list[Row] = []
    for k, (row, which) in enumerate(zip(holders, rng.permutation(len(kinds)), strict=True)):
        left = max(0.3, float(str(row["months"])) - float(str(row["surgery_months"])))
        site, implant = kinds[int(which)]
        fails = rng.exponential(70)
        ended = "failure" if fails < left else "death" if row["status"] == "dead" else "no"
        at = round(max(0.2, min(fails, left)), 1)
        out.append(
            {"id": f"I{k + 1:02d}", "patient": row["id"], "site": site, "implant": implant, "months": at}
        )
        out[-1] |= {"ended": ended, "fixation": row["fixation"]}
    return out


def write(name: str, rows: list[Row], columns: str) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns.split(), extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    rng = np.random.default_rng(2022)
    everybody = patients(rng)
    ill = bone_patients(rng, everybody)
    shortened = {r["id"]: r["months_from_diagnosis"] for r in ill}
    for row in everybody:
        row["months"] = shortened.get(row["id"], row["months"])
    first = "id age sex race subtype subtype_outside_bone bone_metastases bone_months"
    write("patients.csv", everybody, f"{first} months status")
    second = "id age sex race subtype location lesions number visceral_metastases radiotherapy"
    third = "fracture fracture_months surgery surgery_months fixation bone_months months_from_diagnosis"
    write("bone.csv", ill, f"{second} {third} months status")
    write("implants.csv", implants(rng, ill), "id patient site implant fixation months ended")


if __name__ == "__main__":
    main()
