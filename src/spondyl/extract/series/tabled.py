"""Statements in tables: what a column and a row head say of the numbers in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spondyl.extract.series.grammar import COUNT, DECIMAL, INTERVAL, count, explains, grammar, number_of, tidy
from spondyl.extract.series.measures import spread, unit_of
from spondyl.record import Cell, Paper, Quote, Statement, Table
from spondyl.words.numbers import NUMBER, months, number

__all__ = ["Whole", "pairs", "sizes", "tabled"]

_DASH = {ord(c): "-" for c in "‐‑‒–—―−"}
_TAGS = re.compile(r"<[^<>]{0,12}>|\*+|[†‡§¶]|\$")
_SHARED = re.compile(
    rf"^(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?:\s?/\s?(?P<d>\d{{1,6}}))?\s?[(\[]\s?(?P<pct>{DECIMAL})\s?(?P<sign>%?)\s?[)\]]$"
)
_PART = re.compile(rf"(?P<n>\d{{1,6}})\s?\(\s?(?P<pct>{DECIMAL})\s?%?\s?\)")
_PERCENT = re.compile(rf"^(?P<pct>{DECIMAL})\s?%$")
_VALUE = re.compile(rf"^(?P<v>{DECIMAL})(?P<rest>.*)$")
_ESTIMATE = re.compile(
    rf"^(?P<v>{DECIMAL})\s?%?(?:\s?[(\[,]\s?(?:95\s?%\s?ci[:,]?\s?)?{INTERVAL}\s?%?\s?[)\]]?)?"
)
_P = re.compile(rf"^(?:p\s?)?(?P<sign>[<>=]?)\s?(?P<p>{DECIMAL})$")
_INTEGER = re.compile(r"^\d{1,3}(?:,\d{3})+$|^\d{1,6}$")
_HEAD_RATIO = re.compile(
    r"\b(?:(?P<h>hazards? ratio|a?hr)|(?P<o>odds ratio|a?or)|(?P<r>relative risk|risk ratio|rr))\b"
)
_HEAD_P = re.compile(r"^p\b|\bp[- ]?values?\b|^p$|\bsignificance\b")
_HEAD_N = re.compile(
    r"^(?:n|no\.?|number|patients|cases|total|number of (?:patients|cases)|no\.? of (?:patients|pts\.?|cases)|patients,? n|pts)$"
)
_HEAD_EVENTS = re.compile(
    r"^(?:deaths?|events?|died|dead|failures|recurrences|no\.? of deaths)(?:,? n|,? no\.?| \(n\))?$"
)
_HEAD_RATE = re.compile(
    rf"(?P<t>{NUMBER})[- ](?P<u>year|yr|month|mo)s?\b.{{0,30}}\b(?:survival|os|pfs|dfs|free|control)\b|"
    rf"\b(?:survival|os|pfs|control|free)\b.{{0,20}}\b(?P<t2>{NUMBER})[- ](?P<u2>year|yr|month|mo)s?\b"
)
_HEAD_STAT = re.compile(r"\b(?P<stat>mean|median|average)\b|(?P<pm>±)")
_HEAD_PERCENT = re.compile(r"%|\bper ?cent\b")
_SIZE = re.compile(r"\bn\s?=\s?(?P<n>\d{1,3}(?:,\d{3})+|\d{1,6})\b")
_CAPTION_SIZE = re.compile(
    rf"\b(?:(?:of|in|for|among|from) )?(?:all |the |our |these )*(?P<n>{COUNT}) (?:[a-z][\w'/-]* ){{0,3}}?(?P<noun>[a-z]+)\b(?P<tail>[^.;()]*)"
)
_UNIT = re.compile(
    r"[,(]\s?(?P<unit>months?|mo|years?|yrs?|y|days?|weeks?|minutes?|min|hours?|cm|mm|ml|kg|gy|points|units?|%)(?=\s?[,()]|\s|$)"
)
_MEASURED = frozenset(
    {
        "score",
        "variable",
        "measure",
        "outcome",
        "parameter",
        "scale",
        "characteristic",
        "feature",
        "factor",
        "item",
    }
)
_RANGE_AFTER = re.compile(rf"^,?\s?{INTERVAL}$")
LONGEST = 290


class Whole(NamedTuple):
    """What a table's numbers are parts of: the group, its size, and the words that say so."""

    group: str
    n: int | None
    quote: Quote | None


class Column(NamedTuple):
    """A column of a table: its head as printed, folded, and what the head says of its cells."""

    head: str
    folded: str
    role: str
    whole: Whole | None


def tabled(paper: Paper, table: Table, default: Whole) -> Iterator[Statement]:
    """The statements of a table whose rows are characteristics, groups or factors.

    Args:
        paper: The paper.
        table: One of its tables.
        default: The paper's main group, for a table that names none.

    Yields:
        Statements with the group of the caption, the head or the row.
    """
    rows = table.grid()
    if not rows or len(rows[0]) < 2:
        return
    heads = [r for r in rows if any(c is not None and c.head for c in r)]
    body = [r for r in rows if not any(c is not None and c.head for c in r)]
    whole = _whole(paper, table, default)
    columns = [_column(paper, heads, j, whole) for j in range(len(rows[0]))]
    size = next((j for j, c in enumerate(columns) if j and c.role == "n"), None)
    for part in _sections(body, columns):
        found = [
            s
            for row in part.rows
            for s in _Row(paper, table, columns, row, part.name, whole, size).statements()
        ]
        yield from _of_sum(found) if part.name else found


class _Section(NamedTuple):
    """Rows of a table under one heading row ("" for none)."""

    name: str
    marked: bool
    rows: list[list[Cell | None]]


def _sections(body: list[list[Cell | None]], columns: list[Column]) -> Iterator[_Section]:
    """The rows by section; a section ends where its counts make up the whole, or where a row has a footnote of its own."""
    part = _Section("", False, [])
    total = 0
    for row in body:
        label = row[0]
        filled = [c for c in row[1:] if c is not None and c.text.strip()]
        if label is None:
            continue
        marked = _MARK.search(label.text) is not None
        if not filled:
            yield part
            part, total = _Section(_clean(label.text), marked, []), 0
            continue
        if part.name and part.marked and marked:
            yield part
            part = _Section("", False, [])
        part.rows.append(row)
        shared = _SHARED.match(_fold(filled[0].text))
        total += int((shared["n"] if shared else "0").replace(",", ""))
        if part.name and total in {c.whole.n for c in columns if c.whole}:
            yield part
            part, total = _Section("", False, []), 0
    yield part


_MARK = re.compile(r"<sup>|[†‡§¶*]\s*$")


def _of_sum(found: list[Statement]) -> Iterator[Statement]:
    """Counts of a section whose shares are shares of the section's sum rather than of the whole."""
    shares = [s for s in found if s.quantity == "count" and s.n is not None and s.printed]
    total = sum(s.n or 0 for s in shares)
    fits = (
        len(shares) > 1
        and len(shares) == len(found)
        and all(explains(s.n or 0, total, s.printed or "") for s in shares)
    )
    whole = all(s.denominator and explains(s.n or 0, s.denominator, s.printed or "") for s in shares)
    for s in found:
        yield s.model_copy(update={"denominator": total, "quotes": s.quotes[:1]}) if fits and not whole else s


def sizes(paper: Paper, table: Table) -> Iterator[tuple[int, Quote]]:
    """The sizes that a table's head states for all its numbers ("N = 203")."""
    for cell in table.cells:
        m = _SIZE.search(_fold(cell.text)) if cell.head else None
        if m is not None and (n := count(m["n"])):
            yield n, paper.quote(cell.start, cell.end)


def pairs(table: Table) -> Iterator[tuple[int, str]]:
    """The counts of a table with their shares as printed."""
    for cell in table.cells:
        m = _SHARED.match(_fold(cell.text)) if "(" in cell.text else None
        if m is not None:
            yield count(m["n"]) or 0, m["pct"]


def _clean(text: str) -> str:
    return tidy(_TAGS.sub("", text).translate(_DASH))


def _fold(text: str) -> str:
    return " ".join(_TAGS.sub("", text).translate(_DASH).lower().split())


def _whole(paper: Paper, table: Table, default: Whole) -> Whole:
    """The group a caption names with its size, or else the default."""
    caption = _TAGS.sub("", table.caption).translate(_DASH)
    for m in _CAPTION_SIZE.finditer(caption.lower()):
        n = count(m["n"])
        if n is not None and n > 1 and grammar().people.fullmatch(m["noun"]):
            start = table.caption_start + m.start("n")
            quote = None
            if len(caption) == len(table.caption) and table.caption_end - table.caption_start == len(caption):
                quote = paper.quote(start, table.caption_start + m.end("noun"))
            elif table.caption_end > table.caption_start:
                quote = paper.quote(
                    table.caption_start, min(table.caption_end, table.caption_start + LONGEST)
                )
            return Whole(tidy(caption[m.start("n") : m.end("tail")]), n, quote)
    sized = _SIZE.search(caption.lower())
    if sized:
        return Whole(default.group, count(sized["n"]), None)
    return default


def _column(paper: Paper, heads: list[list[Cell | None]], j: int, whole: Whole) -> Column:
    cells = [r[j] for r in heads if r[j] is not None]
    head = " ".join(_clean(c.text) for c in cells if c is not None)
    folded = head.lower()
    sized = _SIZE.search(folded)
    own = None
    if sized and j:
        cell = next(c for c in cells if c is not None and _SIZE.search(_fold(c.text)))
        rest = tidy(_SIZE.sub("", head.replace("(N", "(n").replace(" N ", " n "), count=1).replace("()", ""))
        plain = not rest or _FORM_ONLY.fullmatch(rest.lower()) is not None
        n = count(sized["n"])
        same = plain or (whole.n == n)
        group = whole.group if same else rest
        own = Whole(group or whole.group, n, paper.quote(cell.start, cell.end))
    elif j:
        own = whole
    return Column(head, folded, _role(folded), own)


_FORM_ONLY = re.compile(
    r"(?:n|no\.?|number|patients|cases|value|values|n \(?%\)?|no\.? \(?%\)?|number \(?%\)?|all|all patients|total|\W|%)+"
)


def _role(head: str) -> str:
    if _HEAD_RATIO.search(head):
        return "ratio"
    if _HEAD_P.search(head):
        return "p"
    if _HEAD_RATE.search(head):
        return "rate"
    if _HEAD_N.fullmatch(head.strip(" ().:")):
        return "n"
    if _HEAD_EVENTS.fullmatch(head):
        return "events"
    if _HEAD_STAT.search(head):
        return "stat"
    return ""


class _Row:
    """One row of a table on its way to statements."""

    def __init__(
        self,
        paper: Paper,
        table: Table,
        columns: list[Column],
        row: list[Cell | None],
        section: str,
        whole: Whole,
        size: int | None,
    ) -> None:
        self.paper, self.columns, self.row, self.whole = paper, columns, row, whole
        assert row[0] is not None
        self.label_cell = row[0]
        self.label = _clean(row[0].text)
        self.section = section
        self.form = f"{section} {self.label}".lower()
        self.n: int | None = None
        if size is not None:
            cell = row[size]
            self.n = (
                count(_fold(cell.text)) if cell is not None and _INTEGER.match(_fold(cell.text)) else None
            )
        measured = columns[0].folded in _MEASURED
        self.grouped = size is not None and not measured
        self.caption = tidy(_TAGS.sub("", table.caption), 60)

    def statements(self) -> Iterator[Statement]:
        """The statements of the row's cells, in order."""
        for j, cell in enumerate(self.row):
            if j == 0 or cell is None or not cell.text.strip():
                continue
            column = self.columns[j]
            words = _fold(cell.text)
            if column.role == "p":
                if not any(c.role == "ratio" for c in self.columns[1:j]):
                    yield from self._p(cell, column, words)
            elif column.role == "ratio":
                yield from self._ratio(j, cell, column, words)
            elif column.role == "rate":
                yield from self._rate(cell, column, words)
            elif column.role in ("n", "events"):
                yield from self._size(cell, column, words)
            else:
                yield from self._value(cell, column, words)

    def _make(self, cell: Cell, column: Column, quantity: str, **numbers: object) -> Statement:
        whole = column.whole or self.whole
        group, of = whole.group, self._of(column)
        quotes = [*self._quotes(cell)]
        if self.grouped:
            group = (
                self.label
                if self.label.lower() not in ("all", "total", "overall")
                else whole.group or self.label
            )
            of = column.head
        elif (
            whole.quote is not None
            and numbers.get("denominator") is not None
            and numbers.get("denominator") == whole.n
        ):
            quotes.append(whole.quote)
        return Statement.model_validate(
            {"group": group, "quantity": quantity, "of": of, "quotes": tuple(quotes), **numbers}
        )

    def _of(self, column: Column) -> str:
        label = f"{self.section}: {self.label}" if self.section else self.label
        head = column.folded
        if column.role == "stat" or (column.role == "ratio" and re.search(r"uni|multi|adjust|crude", head)):
            return f"{label} ({column.head})"
        return label

    def _quotes(self, cell: Cell) -> Iterator[Quote]:
        start = self.label_cell.start
        if start < cell.end and cell.end - start <= LONGEST:
            yield self.paper.quote(start, cell.end)
        else:
            yield self.paper.quote(cell.start, min(cell.end, cell.start + LONGEST))
            yield self.paper.quote(start, min(self.label_cell.end, start + LONGEST))

    def _size(self, cell: Cell, column: Column, words: str) -> Iterator[Statement]:
        if not _INTEGER.match(words):
            shared = _SHARED.match(words)
            if shared:
                yield self._count(cell, column, shared)
            return
        n = count(words)
        if column.role == "events":
            yield self._make(cell, column, "count", n=n, denominator=self.n)
        elif self.grouped:
            yield self._make(cell, column, "n", n=n)
        else:
            yield self._make(
                cell, column, "count" if column.whole and _SIZE.search(column.folded) else "n", n=n
            )

    def _count(self, cell: Cell, column: Column, m: re.Match[str]) -> Statement:
        whole = column.whole or self.whole
        n = count(m["n"])
        denominator = int(m["d"]) if m.groupdict().get("d") else self.n if self.grouped else whole.n
        if denominator is not None and n is not None and n > denominator:
            denominator = None
        return self._make(
            cell,
            column,
            "count",
            n=n,
            denominator=denominator,
            value=number_of(m["pct"]),
            printed=m["pct"],
            unit="percent",
        )

    def _ratio(self, j: int, cell: Cell, column: Column, words: str) -> Iterator[Statement]:
        head = _HEAD_RATIO.search(column.folded)
        m = _ESTIMATE.match(words)
        if head is None or m is None:
            return
        following = self.columns[j + 1].role == "p" if j + 1 < len(self.columns) else False
        p_cell = self.row[j + 1] if following else None
        p = _P.match(_fold(p_cell.text)) if p_cell is not None else None
        low, high = self._ratio_bounds(j, m)
        quantity = {"h": "hazard_ratio", "o": "odds_ratio", "r": "relative_risk"}[str(head.lastgroup)]
        last = p_cell if p is not None and p_cell is not None else cell
        yield self._make(
            cell.model_copy(update={"end": max(cell.end, last.end)}), column, quantity, value=number_of(m["v"]), printed=m["v"],
            low=number_of(low) if low else None, high=number_of(high) if high else None, printed_low=low, printed_high=high,
            p=(p["sign"].strip("=") + p["p"]) if p else None,
        )  # fmt: skip

    def _ratio_bounds(self, j: int, m: re.Match[str]) -> tuple[str | None, str | None]:
        if m["low"]:
            return m["low"], m["high"]
        following = self.columns[j + 1] if j + 1 < len(self.columns) else None
        cell = (
            self.row[j + 1]
            if following is not None and re.search(r"\bci\b|confidence", following.folded)
            else None
        )
        found = re.search(INTERVAL, _fold(cell.text)) if cell is not None else None
        return (found["low"], found["high"]) if found else (None, None)

    def _p(self, cell: Cell, column: Column, words: str) -> Iterator[Statement]:
        m = _P.match(words)
        if m:
            yield self._make(
                cell,
                column,
                "p_value",
                value=number_of(m["p"]),
                printed=m["p"],
                p=m["sign"].strip("=") + m["p"],
            )

    def _rate(self, cell: Cell, column: Column, words: str) -> Iterator[Statement]:
        head = _HEAD_RATE.search(column.folded)
        m = _ESTIMATE.match(words)
        if head is None or m is None:
            return
        at = months(number(head["t"] or head["t2"]) or 0, head["u"] or head["u2"])
        low, high = m["low"], m["high"]
        yield self._make(
            cell, column, "survival_rate", value=number_of(m["v"]), printed=m["v"], unit="percent", months=at, n=self.n,
            low=number_of(low) if low else None, high=number_of(high) if high else None, printed_low=low, printed_high=high,
        )  # fmt: skip

    def _value(self, cell: Cell, column: Column, words: str) -> Iterator[Statement]:
        stat = _HEAD_STAT.search(f"{column.folded} {self.form}") or _HEAD_STAT.search(words)
        shared = _SHARED.match(words)
        form = f"{self.form} {column.folded}"
        spreads = (
            re.search(r"\b(?:sd|iqr|range|interquartile|sem?|ci)\b", self.label.lower())
            or column.role == "stat"
        )
        if shared and not stat and (shared["sign"] or not spreads):
            yield self._count(cell, column, shared)
        elif stat or spreads:
            yield from self._measure(cell, column, words, form)
        elif "(" in words and words.count("/") and len(list(_PART.finditer(words))) > 1:
            yield from self._parts(cell, column, words)
        elif _INTEGER.match(words) and (
            _SIZE.search(column.folded) or _HEAD_PERCENT.search(column.folded) or "no." in column.folded
        ):
            yield self._make(
                cell, column, "count", n=count(words), denominator=(column.whole or self.whole).n
            )
        elif (m := _PERCENT.match(words)) is not None:
            yield self._make(
                cell, column, "share", value=number_of(m["pct"]), printed=m["pct"], unit="percent"
            )

    def _parts(self, cell: Cell, column: Column, words: str) -> Iterator[Statement]:
        """Several counts in one cell under a label of as many parts ("lung/kidney/breast")."""
        found = list(_PART.finditer(words))
        names = self.label.split(":")[-1].split("/")
        if len(names) != len(found):
            return
        for name, m in zip(names, found, strict=True):
            yield self._count(cell, column, m).model_copy(
                update={"of": tidy(f"{self.label.split(':')[0]}: {name}")}
            )

    def _measure(self, cell: Cell, column: Column, words: str, form: str) -> Iterator[Statement]:
        m = _VALUE.match(words)
        if m is None:
            return
        name = (
            "median"
            if "median" in form or ("mean" not in form and re.search(r"\biqr\b|interquartile", form))
            else "mean"
        )
        unit = _UNIT.search(f"{self.label.lower()} ") or _UNIT.search(f"{column.folded} ")
        base = {
            "unit": unit_of(unit["unit"]) if unit else None,
            "n": self.n or (column.whole or self.whole).n,
        }
        rest = m["rest"]
        if number_of(m["v"]) and not rest.strip() and column.role != "stat" and not _HEAD_STAT.search(form):
            return
        s = spread(rest.strip(" ,"), form) if "±" in rest else spread("")
        for part in re.findall(r"[(\[]([^()\[\]]+)[)\]]|,\s?([^()\[\],]+)$", rest):
            found = spread((part[0] or part[1]).strip(), _form_of(part, form))
            s = s._replace(**{k: v for k, v in found._asdict().items() if v and not getattr(s, k)})
        low, high = s.interval or (None, None)
        yield self._make(
            cell, column, name, value=number_of(m["v"]), printed=m["v"], printed_low=low, printed_high=high,
            low=number_of(low) if low else None, high=number_of(high) if high else None, **base,
        )  # fmt: skip
        if s.sd:
            yield self._make(
                cell, column, "sem" if s.sem else "sd", value=number_of(s.sd), printed=s.sd, **base
            )
        for quantity, pair in (("range", s.range), ("quartiles", s.quartiles)):
            if pair:
                yield self._make(
                    cell, column, quantity, low=number_of(pair[0]), high=number_of(pair[1]), printed_low=pair[0],
                    printed_high=pair[1], **base,
                )  # fmt: skip


def _form_of(part: tuple[str, str], form: str) -> str:
    """What a bracket means where the head announces several forms: two numbers are a range before an SD."""
    words = (part[0] or part[1]).strip()
    if re.fullmatch(INTERVAL, words) and "range" in form and not re.search(r"\biqr\b|interquartile", form):
        return "range"
    return form
