"""How many second reports of one patient are found among invented ones, and how long it takes.

    uv run python benchmarks/duplicates.py --cases 20000 --second 200

A second report may tell the age a year or two off, leave a field out, tell a longer follow-up, and come from other
authors. Everybody is made up; the shares say nothing about any real registry.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from spondyl.record import Case, Claim, Paper, Reading, Value
from spondyl.registry import Registry

LEVELS = (*(f"C{n}" for n in range(1, 8)), *(f"T{n}" for n in range(1, 13)), *(f"L{n}" for n in range(1, 6)))
TREATMENTS = ("surgery", "radiotherapy", "chemotherapy")
Values = dict[str, Value | list[Value]]


def report(name: str, values: Values, author: str, year: int) -> tuple[Paper, Reading]:
    """A paper with one patient."""
    claims = tuple(
        Claim(field=field, value=one, quotes=())
        for field, value in values.items()
        for one in (value if isinstance(value, list) else [value])
    )
    paper = Paper(id=name, source="", text="", authors=(author,), year=year)
    return paper, Reading(cases=(Case(case=1, label="", claims=claims),))


def patient(draw: random.Random) -> Values:
    """Somebody made up; few tumours are common, many are rare."""
    return {
        "age_years": int(draw.gauss(58, 14)), "sex": draw.choice(("female", "male")),
        "diagnosis": f"tumour {min(59, int(draw.expovariate(0.12)))}",
        "levels": list(draw.sample(LEVELS, draw.choice((1, 1, 2)))), "treatments": list(draw.sample(TREATMENTS, 2)),
        "follow_up_months": draw.randint(1, 80), "status": draw.choice(("alive", "dead")),
    }  # fmt: skip


def again(values: Values, draw: random.Random) -> Values:
    """The same patient as somebody else tells it."""
    age, lasted = values["age_years"], values["follow_up_months"]
    assert isinstance(age, int)
    assert isinstance(lasted, int)
    out = dict(values)
    if draw.random() < 0.5:
        out["follow_up_months"] = lasted + draw.randint(0, 24)
    if draw.random() < 0.3:
        out["age_years"] = age + draw.choice((-1, 1, 2))
    if draw.random() < 0.3:
        out.pop(draw.choice(("levels", "treatments", "follow_up_months", "age_years")))
    return out


def reports(cases: int, second: int) -> Iterator[tuple[Paper, Reading]]:
    """All reports; the first patients are told of twice."""
    draw = random.Random(1)
    for number in range(cases):
        values, author = patient(draw), f"Name{number}, A"
        yield report(f"p{number:06}", values, author, 2000 + number % 20)
        if number < second:
            same = draw.random() < 0.7
            told = again(values, draw)
            yield report(f"p{number:06}-again", told, author if same else "Other, O", 2001 + number % 20)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--second", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Registry(Path(folder) / "registry.db") as registry:
        registry.add_all(reports(asked.cases, asked.second))
        begun = time.process_time()
        found = registry.duplicates(most=10 * asked.second)
        took = time.process_time() - begun
    right = sum(one.names[1] == one.names[0].replace("/1", "-again/1") for one in found.pairs)
    print(f"{found.cases} cases, {found.compared} pairs compared, {took:.1f} s of processor time")
    print(f"{found.found} pairs proposed, {right} of the {asked.second} second reports among them")


if __name__ == "__main__":
    main()
