"""Put the lexicons in order: rows sorted, spellings that the engine folds into one kept once.

    uv run python tools/tidy_lexicons.py

Tumours and sites are sorted by the bytes of the term, the others by the term in lower case. Two rows whose
terms fold to the same words and that say the same are one: the first stays.
"""

from __future__ import annotations

from pathlib import Path

from spondyl import extract
from spondyl.words.terms import Tokens

BY_BYTES = frozenset({"tumours.tsv", "sites.tsv"})
OWN_ORDER = frozenset({"codes.tsv", "ocr.tsv", "literature_cells.tsv", "literature_columns.tsv"})
NOT_FOLDED = frozenset({"subjects.tsv", "signs.tsv"})
"""Lexicons that become patterns or keys, where every spelling counts."""
KEPT_APART = frozenset({"upper-case", "plural only", "abbreviation"})


def tidy(path: Path) -> None:
    """Rewrite one lexicon in order."""
    head, *rows = path.read_text("utf-8").rstrip("\n").split("\n")
    columns = head.split("\t")
    term, note = columns.index("term"), columns.index("note")
    said = [k for k, name in enumerate(columns) if name not in ("term", "source", "note")]
    kept: list[list[str]] = []
    seen: set[tuple[object, ...]] = set()
    for row in (r.split("\t") for r in rows):
        words: object = tuple(Tokens(row[term].lower()).words)
        if (
            any(remark in row[note] for remark in KEPT_APART)
            or not words
            or path.name in NOT_FOLDED | BY_BYTES
        ):
            words = row[term]
        key = (words, *(row[k] for k in said))
        if key not in seen:
            seen.add(key)
            kept.append(row)
    if path.name in BY_BYTES:
        kept.sort(key=lambda r: r[term].encode())
    else:
        kept.sort(key=lambda r: (r[term].lower(), r[term]))
    path.write_text("\n".join([head, *("\t".join(r) for r in kept), ""]), "utf-8")


if __name__ == "__main__":
    for lexicon in sorted((Path(extract.__file__).parent / "lexicons").glob("*.tsv")):
        if lexicon.name not in OWN_ORDER:
            tidy(lexicon)
