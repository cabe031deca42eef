"""Claims of rank and size against the numbers beside them or in a table.

Sees: "the second most common (59 %)"; "most often the spine, followed by the femur" beside a table that has the
pelvis between them; "the most common type" that is not the largest of its rows; "followed by" in the wrong order;
"most" and "majority" of less than half; "large groups" of nine.
Cannot see: ranks among things the paper does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from spondyl.audit.document import Document, Sentence
from spondyl.audit.lists import counted
from spondyl.record import Finding, Quote, Statement

__all__ = ["check"]

_SECOND = re.compile(r"\b(?P<rank>second|third|fourth)[ -]most[ -](?:common|frequent|prevalent)\b")
_SHARE = re.compile(r"(?<![\w.,-])(?P<p>\d{1,3}(?:\.\d+)?)\s?%")
_MOST = re.compile(
    r"\b(?:the )?(?P<x>[a-z][a-z' -]{2,40}?)s? (?:was|were|being) (?:(?:the )?(?P<y>[a-z][a-z -]{2,40}?) )?"
    r"(?:(?:involved|affected|treated|seen|used|found|located|operated) )?(?:the )?(?:most"
    r" often|most frequently|"
    r"most commonly|"
    r"most (?:common|frequent)(?P<kind> [a-z][a-z -]{2,40}?)?)(?:,?"
    r" ?\([^()]{0,30}(?:\([^()]*\))?[^()]{0,10}\))?,? "
    r"(?:was |were )?followed by (?:the )?(?P<z>[a-z][a-z' -]{2,40}?)(?=[,.;(]| and | \()"
)
_LARGEST = re.compile(
    r"(?:^|[.;,] |\band )(?:the )?(?P<x>[a-z][a-z' -]{2,40}?)s? (?:was|were) the (?P<least>least )?(?:most )"
    r"?(?:common|frequent) "
    r"(?P<of>[a-z][a-z -]{2,40}?)(?=[,.;(]| in | of | and |$)"
)
_OFTENEST = re.compile(
    r"(?:^|[.;,] |\band )(?:the )?(?P<x>[a-z][a-z' -]{2,40}?)s? (?:was|were) the (?:[a-z]+"
    r" )?(?:region|site|level|type|bone|"
    r"segment|part|organ|location|treatment|procedure|tumou?r)s? (?:[a-z]+ ){0,2}(?:most"
    r" often|most frequently|most commonly)\b"
)
_NTH = re.compile(
    r"(?:^|[.;,] |\band )(?:the )?(?P<x>[a-z][a-z' -]{2,40}?)s? (?:was|were) the"
    r" (?P<rank>second|third|fourth)[ -]most[ -]"
    r"(?:common|frequent) (?P<of>[a-z]+)\b"
)
_BEST = re.compile(
    r"\bthe (?P<end>highest|lowest|longest|shortest) [^.;()]{2,60}? (?:was|were)"
    r" (?:reported|found|seen|given|observed|"
    r"achieved) (?:by|in|for) (?:the study (?:of|by) )?(?P<x>[a-z][a-z'-]{2,20})(?: et al\.?)? "
    r"\((?P<v>\d{1,3}(?:\.\d+)?)(?P<unit> ?%| months?)\)"
)
_ORDER = re.compile(
    r"\bmost (?:common|frequent|often|commonly|frequently)\b[^.;]{0,80}?\((?:n ?="
    r" ?)?(?P<a>\d{1,5})(?![.\d]|\s?%)"
    r"[^;()]{0,24}\)?\)?,? followed by "
    r"[^.;()]{2,50}\((?:n ?= ?)?(?P<b>\d{1,5})(?![.\d]|\s?%)"
)
_MAJORITY = re.compile(
    r"\b(?:the majority of|most of|most|the majority) (?:the |our |these )?(?P<of>[a-z][a-z -]{2,50}?) ?"
    r"[(\[](?:n ?= ?)?(?:\d{1,5}(?: of \d{1,5}|/\d{1,5})?[,;:]?"
    r" ?[(\[]?)?(?<![\d.])(?P<p>\d{1,2}(?:\.\d+)?)\s?%"
)
_NO_MAJORITY = re.compile(
    r"\b(?:common|frequent|often|likely|important|prevalent|affected|reported|frequently|commonly)"
)
_LARGE = re.compile(r"\blarge (?:groups?|series|cohorts?|numbers?|samples?)\b")
_OTHER = re.compile(r"^(?:others?|unknown|mixed|miscellaneous|none|not \w+|missing)\b")


def check(doc: Document) -> Iterator[Finding]:
    """Ranks and sizes that the numbers contradict.

    Args:
        doc: The paper with its statements.

    Yields:
        Findings `rank_conflict` and `claim_vs_number`.
    """
    tables = _rows(doc)
    for s in doc.saying("most", "majority", "large"):
        yield from _second(doc, s)
        yield from _followed(doc, s, tables)
        yield from _large(doc, s)
        if "second" in s.text or "third" in s.text or "fourth" in s.text:
            yield from _nth(doc, s, tables)
        for m in _ORDER.finditer(s.text):
            if int(m["b"]) > int(m["a"]):
                yield _finding(
                    f"What follows the most common counts {m['b']}, more than {m['a']}.",
                    f"{m['b']} > {m['a']}", doc.quote(s, m.start(), m.end()),
                )  # fmt: skip
        for m in _MAJORITY.finditer(s.text):
            if float(m["p"]) < 49.5 and not _NO_MAJORITY.search(m["of"]):
                yield Finding(
                    kind="claim_vs_number", severity="suspicious",
                    message=f"{m['p']} % is less than half, but is called the majority.",
                    computed=f"{m['p']} % < 50 %", quotes=(doc.quote(s, m.start(), m.end()),),
                )  # fmt: skip

    for s in doc.saying("highest", "lowest", "longest", "shortest"):
        for m in _BEST.finditer(s.text):
            yield from _best(doc, s, m)


def _finding(message: str, computed: str, *quotes: Quote) -> Finding:
    return Finding(kind="rank_conflict", severity="error", message=message, computed=computed, quotes=quotes)


def _second(doc: Document, s: Sentence) -> Iterator[Finding]:
    """A second or later place with more than half."""
    m = _SECOND.search(s.text)
    share = _SHARE.search(s.text, m.end()) if m else None
    if m is None or share is None or len(list(_SHARE.finditer(s.text))) > 1:
        return
    most = {"second": 50.0, "third": 100 / 3, "fourth": 25.0}[m["rank"]]
    if float(share["p"]) <= most or not re.search(
        r"account|represent|compris|constitut|\($", s.text[m.end() : share.start()]
    ):
        return
    words = set(re.findall(r"[a-z]{4,}", s.text[: share.start()]))
    again = [
        doc.quote(t, max(0, x.start() - 120), x.end())
        for t in doc.saying(f"{share['p']}%", f"{share['p']} %")
        for x in _SHARE.finditer(t.text)
        if t is not s and x["p"] == share["p"] and len(words & set(re.findall(r"[a-z]{4,}", t.text))) > 1
    ]
    yield _finding(
        f"A share of {share['p']} % cannot be the {m['rank']} largest.",
        f"{share['p']} % > {most:.3g} %", doc.quote(s, 0, share.end()), *again[:2],
    )  # fmt: skip


Rows = dict[tuple[int, str], list[Statement]]


def _rows(doc: Document) -> Rows:
    """The counted rows of every table, by section."""
    found: Rows = {}
    for s in doc.own:
        table = doc.table_at(s.quotes[0].start)
        if table is not None and s.quantity == "count" and s.n is not None:
            found.setdefault((table.start, s.of.partition(": ")[0] if ": " in s.of else ""), []).append(s)
    return found


def _label(s: Statement) -> str:
    return _last(s.of)


@lru_cache(maxsize=4096)
def _last(label: str) -> str:
    return " ".join(label.rpartition(": ")[2].lower().split())


def _named(rows: list[Statement], words: str) -> Statement | None:
    """The row that words name: its label is the words, up to a plural."""
    plain = _KIND.sub("", words.strip().removeprefix("the ").rstrip("s"))
    found = [s for s in rows if _bare(s.of) == plain]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def _bare(label: str) -> str:
    """A row's label without the word that says what kind of thing it names."""
    return _KIND.sub("", _last(label).rstrip("s"))


_KIND = re.compile(r"(?<=[a-z]) (?:cancer|spine|region|tumou?r)$")


def _nth(doc: Document, s: Sentence, tables: Rows) -> Iterator[Finding]:
    """ "The second most common" against the rows of a table."""
    for m in _NTH.finditer(s.text):
        for rows in tables.values():
            own = _named(rows, m["x"])
            if own is None or _mixed(rows):
                continue
            others = [r for r in rows if not _OTHER.match(_label(r)) and r.denominator == own.denominator]
            place = {"second": 2, "third": 3, "fourth": 4}[m["rank"]]
            more = [r for r in others if (r.n or 0) > (own.n or 0)]
            alike = [r for r in others if r.n == own.n]
            if len(others) >= 3 and not len(more) < place <= len(more) + len(alike):
                top = min(more, key=lambda r: r.n or 0) if len(more) >= place else own
                yield _finding(
                    f"{_label(own).capitalize()} ({own.n}) holds place {len(more) + 1} of its rows, not {place}.",
                    f"{len(more)} rows hold more than {own.n}",
                    doc.quote(s, m.start(), m.end()), *dict.fromkeys((own.quotes[0], top.quotes[0])),
                )  # fmt: skip


_NUMERIC = re.compile(r"^(?P<v>\d{1,3}(?:\.\d+)?) ?%?$")


def _best(doc: Document, s: Sentence, m: re.Match[str]) -> Iterator[Finding]:
    """The extreme value that the text gives a row of a table, against the column it stands in."""
    for table in doc.paper.tables:
        body = [
            r for r in table.grid() if r and r[0] is not None and not any(c is not None and c.head for c in r)
        ]
        own = [r for r in body if r[0] is not None and r[0].text.lower().startswith(m["x"])]
        if len(own) != 1 or len(body) < 4:
            continue
        for j, cell in enumerate(own[0]):
            told = _NUMERIC.match(cell.text.strip()) if j and cell is not None else None
            if cell is None or told is None or float(told["v"]) != float(m["v"]):
                continue
            column = [
                (r, float(v["v"]))
                for r in body
                if j < len(r) and (c := r[j]) and (v := _NUMERIC.match(c.text.strip()))
            ]
            high = m["end"] in ("highest", "longest")
            row, value = (max if high else min)(column, key=lambda rv: rv[1])
            if (
                value != float(m["v"])
                and len(column) >= 4
                and row[0] is not None
                and (best := row[j]) is not None
            ):
                yield _finding(
                    f"{row[0].text.strip()} with {best.text.strip()} lies {'above' if high else 'below'} what"
                    f" is "
                    f"called the {m['end']}, {m['v']}{m['unit']}.",
                    f"{value:g} {'>' if high else '<'} {m['v']}",
                    doc.quote(s, m.start(), m.end()), doc.words(row[0].start, best.end),
                )  # fmt: skip
            break


def _followed(doc: Document, s: Sentence, tables: Rows) -> Iterator[Finding]:
    """First and second place of a sentence against the rows of a table."""
    most = _MOST.finditer(s.text) if "followed by" in s.text else ()
    named = "most common" in s.text or "most frequent" in s.text
    often = "most often" in s.text or "most frequently" in s.text or "most commonly" in s.text
    largest = _LARGEST.finditer(s.text) if named else ()
    for m in (*most, *largest, *(_OFTENEST.finditer(s.text) if often else ())):
        groups = m.groupdict()
        if groups.get("least"):
            continue
        for rows in tables.values():
            first = _named(rows, groups["x"])
            second = _named(rows, groups["z"]) if groups.get("z") else None
            if first is None or (groups.get("z") and second is None) or len(rows) < 2:
                continue
            others = [r for r in rows if not _OTHER.match(_label(r)) and r.denominator == first.denominator]
            more = [r for r in others if (r.n or 0) > (first.n or 0)]
            between = [r for r in others if second and r is not first and (r.n or 0) > (second.n or 0)]
            wrong = [*more, *(r for r in between if r not in more)]
            if wrong and not _mixed(rows):
                top = wrong[0]
                told = second if top in between and second is not None and top not in more else first
                yield _finding(
                    f"{_label(top).capitalize()} ({top.n}) comes before {_label(told)} ({told.n}) in the table.",
                    f"{top.n} > {told.n}", doc.quote(s, m.start(), m.end()), top.quotes[0], told.quotes[0],
                )  # fmt: skip


def _mixed(rows: list[Statement]) -> bool:
    """Whether rows without a heading are unlike characteristics rather than the kinds of one."""
    return all(": " not in s.of for s in rows) and len(rows) > 12


def _large(doc: Document, s: Sentence) -> Iterator[Finding]:
    m = _LARGE.search(s.text)
    if m is None or re.search(
        r"\b(?:no|not|without|need|require|future|larger)\b", s.text[: m.start()][-40:]
    ):
        return
    after = [
        i
        for i in counted(s.text, m.end())
        if re.match(r" (?:[a-z]+ )?(?:patients|cases|people)", s.text[i.end :])
    ]
    if after and all(i.n < 15 for i in after):
        told = " and ".join(str(i.n) for i in after)
        near = (doc.quote(s, max(0, i.start - 20), min(len(s.text), i.end + 30)) for i in after)
        yield Finding(
            kind="claim_vs_number", severity="suspicious",
            message=f"{told} patients are called a large group.",
            computed=f"{told} < 15",
            quotes=(doc.quote(s, m.start(), min(len(s.text), after[0].end + 10)), *near),
        )  # fmt: skip
