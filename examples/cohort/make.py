"""Simulates the two tables of this example: invented patients with the margins of a published cohort.

The counts of subtypes, sex, race, bone metastases and their treatment are those that LiBrizzi et al. 2022
(doi:10.1155/2022/4651103) print in their tables 1 to 3. Everything else, every time and every patient, is invented.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
WHOLE = {
    "Retroperitoneal": 125, "Uterine": 124, "Extremity soft tissue": 71, "Dermal": 13, "Male reproductive": 13,
    "Primary bone": 7, "Peritoneal": 7, "Gastrointestinal": 7, "Inferior vena cava": 6, "Gynecologic": 6,
    "Liver": 4, "Head and neck": 4, "Unknown": 3, "Mediastinal": 2, "Lung": 2, "Breast": 2,
}  # fmt: skip
BONE = {
    "Uterine": 18, "Retroperitoneal": 15, "Extremity soft tissue": 8, "Unknown": 2, "Head and neck": 1, "Lung": 1,
}  # fmt: skip
RACES = {"Caucasian": 262, "African American": 92, "Asian": 20, "Other": 20, "Hispanic": 2}


def shuffled(rng: np.random.Generator, counts: dict[str, int]) -> list[str]:
    return [str(v) for v in rng.permutation(np.repeat(list(counts), list(counts.values())))]


def yes(rng: np.random.Generator, many: int, of: int) -> list[str]:
    return shuffled(rng, {"yes": many, "no": of - many})


def patients(rng: np.random.Generator) -> list[dict[str, object]]:
    """All 396, with bone metastases where the margins put them."""
    out: list[dict[str, object]] = []
    for subtype, n in WHOLE.items():
        out += [
            {"subtype": subtype, "bone_metastases": "yes" if k < BONE.get(subtype, 0) else "no"}
            for k in range(n)
        ]
    female = {"Uterine", "Gynecologic"}
    men = [k for k, p in enumerate(out) if p["subtype"] == "Male reproductive"]
    free = [k for k, p in enumerate(out) if p["subtype"] not in {*female, "Male reproductive"}]
    men += [int(k) for k in rng.choice(free, 123 - len(men), replace=False)]
    races = shuffled(rng, RACES)
    for k, p in enumerate(out):
        death = 78 * rng.weibull(0.95)
        seen = rng.uniform(6, 190)
        bone = float(rng.uniform(0.05, 0.75)) * min(death, seen) if p["bone_metastases"] == "yes" else None
        months = max(0.5, min(death, seen))
        p |= {
            "id": f"S{k + 1:03d}", "sex": "male" if k in set(men) else "female", "race": races[k],
            "age": round(float(rng.normal(56, 12)), 1), "bone_months": "" if bone is None else round(bone, 1),
            "months": round(months, 1), "died": int(death <= seen),
            "subtype_outside_bone": "" if p["subtype"] == "Primary bone" else p["subtype"],
        }  # fmt: skip
    return [out[int(k)] for k in rng.permutation(len(out))]


def bone_patients(rng: np.random.Generator) -> list[dict[str, object]]:
    """The 45 with bone metastases, from the diagnosis of these on."""
    subtypes = shuffled(rng, BONE)
    columns = {
        "sex": shuffled(rng, {"female": 31, "male": 14}),
        "location": shuffled(rng, {"axial": 29, "appendicular": 5, "both": 11}),
        "number": shuffled(rng, {"single": 13, "multiple": 32}),
        "visceral_metastases": yes(rng, 42, 45), "fracture": yes(rng, 12, 45), "surgery": yes(rng, 20, 45),
    }  # fmt: skip
    out = []
    for k, subtype in enumerate(subtypes):
        row: dict[str, object] = {"id": f"B{k + 1:02d}", "subtype": subtype}
        row |= {name: values[k] for name, values in columns.items()}
        rate = 1.0 + 1.6 * (row["fracture"] == "yes") - 0.45 * (row["surgery"] == "yes")
        death, seen = 34 / rate * rng.weibull(1.1), rng.uniform(4, 110)
        if subtype == "Lung":
            death, seen = 0.6, 60.0
        row |= {"months": round(max(0.3, min(death, seen)), 1), "died": int(death <= seen)}
        out.append(row)
    return out


def write(name: str, rows: list[dict[str, object]], columns: list[str]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    rng = np.random.default_rng(2022)
    first = ["id", "age", "sex", "race", "subtype", "subtype_outside_bone", "bone_metastases", "bone_months"]
    write("patients.csv", patients(rng), [*first, "months", "died"])
    second = ["id", "sex", "subtype", "location", "number", "visceral_metastases", "fracture", "surgery"]
    write("bone.csv", bone_patients(rng), [*second, "months", "died"])


if __name__ == "__main__":
    main()
