"""Parts against their whole: rows of a table, and lists of counts in a sentence.

Sees: a whole whose listed parts make another sum ("we excluded 35 (17 …; 14 …; 7 …)", "11 were revised: 4 …, 3 …,
2 …, and 2 …", "24 patients, 14 men and 10 women"); dead, alive and lost that do not make the group; rows of a
table's section whose shares make 100 % while their counts miss the whole; shares of the exclusive rows of one
characteristic beyond 100 %.
Cannot see: parts that may overlap (several bones, several complications in one patient) where the paper does not
say how many had both; lists after "including", "such as" or "mainly".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from spondyl.audit.document import Document, Sentence
from spondyl.audit.lists import Item, counted, items
from spondyl.record import Finding, Statement
from spondyl.words.numbers import number

__all__ = ["check"]

_OPEN_END = re.compile(
    r"\b(?:including|included|such as|mainly|mostly|e\.g|for example|especially|at"
    r" least|some|several|more than|"
    r"both|also|each|median|mean|range|per|all"
    r" of|most|main|common|frequent|respectively|overlap|or more|either|"
    r"within|by \d+|at \d+ (?:weeks|months|years))\b"
)
_BEFORE_LIST = re.compile(r"(?:[:(\[]|, of (?:whom|which)|, consisting of|consisting of|comprising) ?$")
_HEAD_NOUN = re.compile(
    r"^(?: (?!and\b|or\b|with both)[a-z][a-z'/-]*){0,6} ?(?=[:(\[,]| (?:were|was|had|consist|compris))"
)
_SEX = re.compile(r"\b(?:men|man|males?|boys?|women|woman|females?|girls?)\b")
_MALE, _FEMALE = (
    re.compile(r"\b(?:men|man|males?|boys?)\b"),
    re.compile(r"\b(?:women|woman|females?|girls?)\b"),
)


_OPENED = re.compile(r"[:(\[][^.]*(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)")


def check(doc: Document) -> Iterator[Finding]:
    """Parts that do not make their whole.

    Args:
        doc: The paper with its statements.

    Yields:
        Findings `total_does_not_add` and `denominator`.
    """
    for s in doc.sentences:
        if _OPENED.search(s.text) or "exclu" in s.text or "lost" in s.text or "omitted" in s.text:
            yield from _listed(doc, s)
    yield from _fates(doc)
    yield from _degrees(doc)
    yield from _sexes(doc)
    yield from _sections(doc)
    yield from _short(doc)
    yield from _groups(doc)


def _listed(doc: Document, s: Sentence) -> Iterator[Finding]:
    """A count with its parts in brackets or after a colon."""
    yield from _labelled(doc, s)
    masked = _SHARE.sub(lambda m: " " * len(m.group()), s.text) if "%" in s.text else s.text
    for m in _OPENS.finditer(s.text):
        close = _close(s.text, m)
        if close is None or _CUT.search(s.text, m.end(), close) is None:
            continue
        head = _head(masked, m.start())
        apart = _APART.search(s.text, m.end(), close)
        close = apart.start() if apart else close
        if head is None or _OPEN_END.search(s.text, m.end(), close):
            continue
        parts = items(s, m.end(), close)
        if len(parts) < 2 or not _alike(s.text, parts):
            continue
        total = sum(p.n for p in parts)
        if total == head.n or (not apart and _nested(parts, head.n)):
            continue
        if m.group() != ":" and len(parts) == 2 and not _paired(s.text[m.end() : close]):
            continue
        if total < head.n and len(parts) < 3 and not _paired(s.text[m.end() : close]):
            continue
        yield _total(doc, s, head, parts, (min(head.start, m.start()), close))


def _head(masked: str, at: int) -> Item | None:
    """The count whose parts a colon or bracket opens: the last one before it, in the same clause."""
    clause = max(masked.rfind(c, 0, at) for c in (";", ":", ")", "(", ". "))
    before = list(counted(masked, max(clause, 0), at))
    if len(before) != 1:
        return None
    head = before[0]
    between = masked[head.end : at]
    if (
        head.n < 3
        or len(between) > 90
        or _OPEN_END.search(between)
        or "%" in between
        or re.search(r"\d", between)
    ):
        return None
    return head


_APART = re.compile(
    r",? (?:each|all) in (?:a different|a separate|different|separate) (?:patient|case|woman|man)s?\b"
)
"""Words that say that no patient is counted twice."""
_CUT = re.compile(r", |; | (?:and|or|while|whereas|but) ")
"""What stands between the parts of a list."""
_OPENS = re.compile(r"[:(\[]")
_SHARE = re.compile(r"\([\d.]+ ?%\)")
_REASONS = re.compile(
    r"\b(?P<n>[a-z0-9-]+) (?:patients |cases |of (?:these|them) )?(?:were|was) (?:excluded|not included|lost|"
    r"omitted)\b[^.;]{0,30}?\b(?:because|due|for|owing)"
)
_LABELLED = re.compile(r"\(n ?= ?(?P<n>\d{1,4})\)")


def _labelled(doc: Document, s: Sentence) -> Iterator[Finding]:
    """Reasons for leaving patients out, each with its number: "because of A (n = 8) or B (n = 5)"."""
    m = _REASONS.search(s.text) if "(n" in s.text else None
    parts = [Item(int(x["n"]), x.start(), x.end()) for x in _LABELLED.finditer(s.text, m.end())] if m else []
    whole = number(m["n"]) if m else None
    if m and len(parts) > 1 and whole and sum(p.n for p in parts) != whole:
        yield _total(doc, s, Item(int(whole), m.start(), m.end()), parts, (m.start(), parts[-1].end))


def _close(text: str, m: re.Match[str]) -> int | None:
    """Where the list ends that a colon or bracket opens."""
    if m.group() == ":":
        end = len(text)
        stop = text.find(". ", m.end())
        return stop if stop > 0 else end - (text[-1:] in ".;")
    at = text.find(")" if m.group() == "(" else "]", m.end())
    inner = text.find(m.group(), m.end())
    return at if at > 0 and not 0 < inner < at else None


def _alike(text: str, parts: list[Item]) -> bool:
    """Whether the counts of a list stand alike: each before its label, or each behind it."""
    first = {text[max(0, p.start - 2) : p.start].strip(" ") in ("", ",", ";", "(", "[", ":") for p in parts}
    last = {text[p.end : p.end + 1] in (";", ")", "]", "", ",", ".") for p in parts}
    return len(first) == 1 or len(last) == 1


def _nested(parts: list[Item], head: int) -> bool:
    """Whether one part is itself the sum of those after it."""
    return any(
        parts[k].n == sum(p.n for p in parts[k + 1 :]) and sum(p.n for p in parts[: k + 1]) == head
        for k in range(len(parts) - 1)
    )


def _paired(words: str) -> bool:
    """Whether two parts are the two sexes."""
    return _MALE.search(words) is not None and _FEMALE.search(words) is not None


def _total(doc: Document, s: Sentence, head: Item, parts: list[Item], span: tuple[int, int]) -> Finding:
    made = " + ".join(str(p.n) for p in parts)
    total = sum(p.n for p in parts)
    apart = _APART.match(s.text, span[1])
    several = total > head.n and not apart and _SEVERAL.search(s.text[head.start : span[1]]) is not None
    return Finding(
        kind="total_does_not_add", severity="suspicious" if several else "error",
        message=f"The parts make {total}, but {head.n} is given as their total.",
        computed=f"{made} = {total}, not {head.n}", quotes=(doc.quote(s, *span),),
    )  # fmt: skip


_SEVERAL = re.compile(
    r"\b(?:complications?|symptoms?|events|comorbidit\w+|metastases|sites|morbidity|adverse)\b"
)
_DEAD = re.compile(r"\b(?:died|dead|deceased|deaths?)\b")
_ALIVE = re.compile(r"\b(?:alive|living|survived|survivors)\b")
_LOST = re.compile(r"\b(?:lost|withdrew|withdrawn|unknown)\b")


def _fates(doc: Document) -> Iterator[Finding]:
    """Dead, alive and lost of one sentence against their group."""
    counts = [s for s in doc.statements if s.quantity == "count" and s.n is not None and s.quotes]
    for k, s in enumerate(counts):
        if not _DEAD.search(s.of.lower()):
            continue
        fates = [o for o in counts[max(0, k - 2) : k + 3] if abs(o.quotes[0].start - s.quotes[0].start) < 200]
        named = [
            (o, kind)
            for o in fates
            for kind, p in (("dead", _DEAD), ("alive", _ALIVE), ("lost", _LOST))
            if p.search(o.of.lower())
        ]
        kinds = [kind for _, kind in named]
        if sorted(kinds) not in (["alive", "dead"], ["alive", "dead", "lost"]):
            continue
        wholes = {o.denominator for o, _ in named}
        whole = next(iter(wholes)) if len(wholes) == 1 else None
        total = sum(o.n or 0 for o, _ in named)
        if whole is None or total == whole or (total < whole and "lost" not in kinds):
            continue
        made = " + ".join(str(o.n) for o, _ in named)
        yield Finding(
            kind="total_does_not_add", severity="error",
            message=f"Dead, alive and lost make {total}, but the group has {whole}.",
            computed=f"{made} = {total}, not {whole}",
            quotes=(*(o.quotes[0] for o, _ in named), *s.quotes[1:2]),
        )  # fmt: skip


_NOT_AT_ALL = re.compile(
    r"^(?:and )?(?:had |were |was )?(?:not at all|unchanged|not relieved|no relief|no response)\b"
)
_DEGREE = re.compile(r"\b(?:complete\w*|partly|partial\w*|fully)\b")


def _degrees(doc: Document) -> Iterator[Finding]:
    """Completely, partly and not at all of one group, which cannot be more than the group."""
    counts = [s for s in doc.statements if s.quantity == "count" and s.n is not None and s.denominator]
    for k, last in enumerate(counts):
        if not _NOT_AT_ALL.match(last.of.lower()):
            continue
        parts = [
            s
            for s in counts[max(0, k - 3) : k]
            if s.denominator == last.denominator
            and 0 < last.quotes[0].start - s.quotes[0].start < 200
            and _DEGREE.search(s.of.lower())
        ]
        total = sum(s.n or 0 for s in (*parts, last))
        if len(parts) == 2 and total > (last.denominator or 0):
            made = " + ".join(str(s.n) for s in (*parts, last))
            yield Finding(
                kind="total_does_not_add", severity="error",
                message=f"The parts make {total}, more than the group of {last.denominator}.",
                computed=f"{made} = {total} > {last.denominator}",
                quotes=tuple(s.quotes[0] for s in (*parts, last)),
            )  # fmt: skip


def _sexes(doc: Document) -> Iterator[Finding]:
    """Men and women of one sentence against their group."""
    counts = [
        s for s in doc.statements if s.quantity == "count" and s.n is not None and s.denominator and s.quotes
    ]
    for a, b in pairwise(counts):
        if abs(a.quotes[0].start - b.quotes[0].start) > 120 or a.denominator != b.denominator:
            continue
        one, two = a.of.lower().split(":")[-1].strip(), b.of.lower().split(":")[-1].strip()
        if not any(x.fullmatch(one) and y.fullmatch(two) for x, y in ((_MALE, _FEMALE), (_FEMALE, _MALE))):
            continue
        whole = a.denominator or 0
        total = (a.n or 0) + (b.n or 0)
        if total != whole:
            yield Finding(
                kind="total_does_not_add", severity="error" if total > whole or not _table(doc, a) else "suspicious",
                message=f"Men and women make {total}, but the group has {whole}.",
                computed=f"{a.n} + {b.n} = {total}, not {whole}",
                quotes=(a.quotes[0], b.quotes[0], *a.quotes[1:2]),
            )  # fmt: skip


def _table(doc: Document, s: Statement) -> bool:
    return doc.table_at(s.quotes[0].start) is not None


def _sections(doc: Document) -> Iterator[Finding]:
    """Rows of one characteristic in a table."""
    groups: dict[tuple[int, str, int], list[Statement]] = {}
    for s in doc.statements:
        if s.quantity == "count" and s.n is not None and s.denominator and ": " in s.of and s.printed:
            table = doc.table_at(s.quotes[0].start)
            if table is not None:
                head, _, _ = s.of.partition(": ")
                groups.setdefault((table.start, head, s.denominator), []).append(s)
    for (_, head, whole), rows in groups.items():
        shares = sum(float(s.printed or "0") for s in rows)
        total = sum(s.n or 0 for s in rows)
        slack = sum(10.0 ** -len((s.printed or "").partition(".")[2]) for s in rows) / 2 + 0.05
        if len(rows) < 2 or total == whole or _OPEN_END.search(head.lower()):
            continue
        if abs(shares - 100) <= max(slack, 0.5 * len(rows) if slack > 1 else slack):
            made = " + ".join(str(s.n) for s in rows)
            yield Finding(
                kind="total_does_not_add", severity="error",
                message=f"The shares under “{head}” make 100 %, but the counts make {total}, not {whole}.",
                computed=f"{made} = {total}; shares make {shares:.4g} %",
                quotes=tuple(s.quotes[0] for s in rows),
            )  # fmt: skip


def _short(doc: Document) -> Iterator[Finding]:
    """A list of outcomes that stops short of the group where its sisters reach it."""
    lists: dict[tuple[str, int], list[list[Statement]]] = {}
    last: Statement | None = None
    for s in doc.statements:
        if s.quantity != "count" or s.n is None or not s.denominator or s.printed or _table(doc, s):
            continue
        known = lists.setdefault((s.group, s.denominator), [])
        here = s.quotes[0].start
        if last is None or not known or known[-1][-1] is not last or _cut(doc, last.quotes[0].end, here):
            known.append([])
        known[-1].append(s)
        last = s
    for (_, whole), known in lists.items():
        full = [k for k in known if len(k) > 1 and sum(s.n or 0 for s in k) == whole]
        for part in known:
            total = sum(s.n or 0 for s in part)
            near = [k for k in full if abs(k[0].quotes[0].start - part[0].quotes[0].start) < 700]
            if len(near) >= 2 and len(part) >= 3 and whole / 3 < total < whole:
                yield Finding(
                    kind="denominator", severity="suspicious",
                    message=f"The outcomes of a list make {total} of {whole}; of whom it speaks is not said.",
                    computed=f"{' + '.join(str(s.n) for s in part)} = {total}, not {whole}",
                    quotes=(*(s.quotes[0] for s in part), *part[0].quotes[1:2]),
                )  # fmt: skip


def _cut(doc: Document, a: int, b: int) -> bool:
    """Whether a sentence or a clause ends between two places."""
    between = doc.paper.text[a:b]
    return b - a > 120 or re.search(r"[;.]\s", between) is not None


_ALL = re.compile(r"^(?:all|total|overall|entire|whole)\b")


def _groups(doc: Document) -> Iterator[Finding]:
    """Rows of groups against the row of all, and deaths against the patients of their row."""
    for table in doc.paper.tables:
        inside = [s for s in doc.statements if s.quotes and table.start <= s.quotes[0].start < table.end]
        rows: dict[int, dict[str, Statement]] = {}
        for s in inside:
            if s.n is not None and s.value is None and s.quantity in ("n", "count"):
                rows.setdefault(s.quotes[0].start, {})["n" if s.quantity == "n" else s.of.lower()] = s
        for row in rows.values():
            deaths = row.get("deaths") or row.get("died") or row.get("events")
            if deaths is not None and "n" in row and (deaths.n or 0) > (row["n"].n or 0):
                yield Finding(
                    kind="subset", severity="error",
                    message=f"{deaths.n} deaths in a group of {row['n'].n} are more than the whole.",
                    computed=f"{deaths.n} > {row['n'].n}", quotes=deaths.quotes[:1],
                )  # fmt: skip
        yield from _summed(list(rows.values()))


def _summed(rows: list[dict[str, Statement]]) -> Iterator[Finding]:
    whole = [r for r in rows if "n" in r and _ALL.match(" ".join(r["n"].quotes[0].text.lower().split()))]
    parts = [r for r in rows if r not in whole and "n" in r]
    if len(whole) != 1 or len(parts) < 2:
        return
    for key in whole[0]:
        counts = [r[key].n or 0 for r in parts if key in r]
        total = whole[0][key].n or 0
        others = [k for k in whole[0] if k != key and all(k in r for r in parts)]
        sound = any(sum(r[k].n or 0 for r in parts) == whole[0][k].n for k in others)
        if len(counts) == len(parts) and sum(counts) != total and sound:
            yield Finding(
                kind="total_does_not_add", severity="error",
                message=f"The groups make {sum(counts)} under “{key}”, but {total} is given for all.",
                computed=f"{' + '.join(map(str, counts))} = {sum(counts)}, not {total}",
                quotes=(whole[0][key].quotes[0], *(r[key].quotes[0] for r in parts)),
            )  # fmt: skip
