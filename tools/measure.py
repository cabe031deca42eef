"""Measure how well extraction reads annotated texts, and bring the README's table up to date.

    uv run python tools/measure.py --gold ../shared/gold      measure; write src/spondyl/extract/accuracy.toml
    uv run python tools/measure.py --readme                   write the table into README.md
    uv run python tools/measure.py --show                     print the table

The folder of annotated texts holds `score_extraction.py` and one folder a set with `gold.jsonl` and `texts/`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ACCURACY = ROOT / "src" / "spondyl" / "extract" / "accuracy.toml"
README = ROOT / "README.md"
MARK, END = "<!-- accuracy -->", "<!-- /accuracy -->"

SETS = {
    "dev": "case texts on metastases of spine and bone and their mimics, each labelled by two readers",
    "more": "case texts from oncology, half of them on spine or bone, labelled once",
    "full": "invented full-length papers with discussion, references and other people's cases",
}
_FIELD = re.compile(r"^([a-z_]+) +(\d+) +(\d+) +(\d+) +[\d.]+ +[\d.]+ +(?:[\d.]+|nan)$", re.M)
_MICRO = re.compile(r"micro F1 ([\d.]+) \[([\d.]+), ([\d.]+)\] precision ([\d.]+) recall ([\d.]+)")
_RIGHT = re.compile(r"right number of patients (\d+)/(\d+); quotes that stand (\d+)/(\d+)")


def score(gold: Path, name: str) -> str:
    """What the scorer prints for one set."""
    with tempfile.TemporaryDirectory() as place:
        cases = Path(place) / "cases.jsonl"
        command = [sys.executable, "-m", "spondyl", "extract", gold / name / "texts", "-o", cases]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        scorer = [sys.executable, gold / "score_extraction.py", gold / name, cases]
        return subprocess.run(scorer, check=False, capture_output=True, text=True).stdout


def measure(gold: Path) -> dict[str, Any]:
    """Per-field counts over all sets, and the totals of each set."""
    counts: dict[str, list[int]] = {}
    sets = []
    for name, about in SETS.items():
        printed = score(gold, name)
        micro, right = _MICRO.search(printed), _RIGHT.search(printed)
        if not micro or not right:
            raise SystemExit(f"{name}: the scorer printed no totals but: {printed or 'nothing'}")
        for field, *numbers in _FIELD.findall(printed):
            counts[field] = [a + int(b) for a, b in zip(counts.get(field, [0, 0, 0]), numbers, strict=True)]
        f1, low, high, precision, recall = map(float, micro.groups())
        sets.append(
            {
                "name": name, "about": about, "papers": int(right[2]),
                "papers_with_right_patients": int(right[1]),
                "precision": precision, "recall": recall, "f1": f1, "f1_low": low, "f1_high": high,
            }
        )  # fmt: skip
    return {"sets": sets, "counts": counts}


def toml(measured: dict[str, Any]) -> str:
    """The measurement as TOML."""
    papers = " + ".join(str(s["papers"]) for s in measured["sets"])
    lines = [
        "# How well extraction reads annotated texts; written by tools/measure.py, not by hand.",
        "# precision: share of the values found that are right; recall: share of the annotated values found;",
        "# n: annotated values.",
        "",
        f'measured_on = "{papers} annotated texts, at hand when the rules were written"',
    ]
    for one in measured["sets"]:
        lines += ["", "[[set]]", *(f"{k} = {_quoted(v)}" for k, v in one.items())]
    for field, (hit, wrong, missed) in measured["counts"].items():
        lines += ["", f"[field.{field}]"]
        lines += [
            f"precision = {hit / max(1, hit + wrong):.3f}",
            f"recall = {hit / max(1, hit + missed):.3f}",
        ]
        lines += [f"n = {hit + missed}"]
    return "\n".join(lines) + "\n"


def _quoted(value: str | int | float) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{value}"


def table() -> str:
    """The README's table, between its markers."""
    known = tomllib.loads(ACCURACY.read_text("utf-8"))
    lines = [
        MARK,
        "",
        "| Read on | Texts | Precision | Recall | F1 (95 % interval) | Right number of patients |",
    ]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: |"]
    for s in known.get("set", []):
        share = f"{s['papers_with_right_patients']} of {s['papers']}"
        f1 = f"{s['f1']:.3f} ({s['f1_low']:.3f}–{s['f1_high']:.3f})"
        lines += [
            f"| {s['about']} | {s['papers']} | {s['precision']:.3f} | {s['recall']:.3f} | {f1} | {share} |"
        ]
    lines += [
        "",
        "| Field, over all these texts | Precision | Recall | Annotated values |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, f in known.get("field", {}).items():
        lines += [f"| `{name}` | {f['precision']:.3f} | {f['recall']:.3f} | {f['n']} |"]
    return "\n".join([*lines, "", END])


def write_readme() -> None:
    """Put the table between the README's markers."""
    text = README.read_text("utf-8")
    head, rest = text.split(MARK, 1)
    README.write_text(head + table() + rest.split(END, 1)[1], "utf-8")


def main() -> None:
    """Run as the options say."""
    parser = argparse.ArgumentParser(description="Measure extraction on annotated texts.")
    parser.add_argument(
        "--gold", type=Path, help="folder of annotated texts; measure and write accuracy.toml"
    )
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    parser.add_argument("--show", action="store_true", help="print the table")
    asked = parser.parse_args()
    if asked.gold:
        ACCURACY.write_text(toml(measure(asked.gold)), "utf-8")
    if asked.readme:
        write_readme()
    if asked.show:
        print(table())


if __name__ == "__main__":
    main()
