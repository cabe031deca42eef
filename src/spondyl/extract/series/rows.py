"""One row of a table as statements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.series.columns import (
    HEAD_PERCENT,
    HEAD_RATE,
    HEAD_RATIO,
    HEAD_STAT,
    LONGEST,
    SHARED,
    SIZE,
    Column,
    Whole,
    clean,
    fold,
)
from spondyl.extract.series.grammar import DECIMAL, INTERVAL, count, number_of, tidy
from spondyl.extract.series.spreads import spread, unit_of
from spondyl.record import Cell, Paper, Quote, Statement, Table
from spondyl.words.numbers import months, number

__all__ = ["Row"]

_PART = re.compile(rf"(?P<n>\d{{1,6}})\s?\(\s?(?P<pct>{DECIMAL})\s?%?\s?\)")
_PERCENT = re.compile(rf"^(?P<pct>{DECIMAL})\s?%$")
_VALUE = re.compile(rf"^(?P<v>{DECIMAL})(?P<rest>.*)$")
_ESTIMATE = re.compile(
    rf"^(?P<v>{DECIMAL})\s?%?(?:\s?[(\[,]\s?(?:95\s?%\s?ci[:,]?\s?)?{INTERVAL}\s?%?\s?[)\]]?)?"
)
_P = re.compile(rf"^(?:p\s?)?(?P<sign>[<>=]?)\s?(?P<p>{DECIMAL})$")
_SPREADS = re.compile(r"\b(?:sd|iqr|range|interquartile|sem?|ci)\b")
_INTEGER = re.compile(r"^\d{1,3}(?:,\d{3})+$|^\d{1,6}$")
_UNIT = re.compile(
    r"[,(]\s?(?P<unit>months?|mo|years?|yrs?|y|days?|weeks?|minutes?|min|hours?|cm|mm|ml|kg|gy|points|"
    r"units?|%)(?=\s?[,()]|\s|$)"
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


class Row:
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
        self.label = clean(row[0].text)
        self.section = section
        self.form = f"{section} {self.label}".lower()
        self.n: int | None = None
        if size is not None:
            cell = row[size]
            self.n = count(fold(cell.text)) if cell is not None and _INTEGER.match(fold(cell.text)) else None
        measured = columns[0].folded in _MEASURED
        self.grouped = size is not None and not measured
        self.stat = HEAD_STAT.search(self.form) is not None
        self.spread = _SPREADS.search(self.label.lower()) is not None

    def statements(self) -> Iterator[Statement]:
        """The statements of the row's cells, in order."""
        for j, cell in enumerate(self.row):
            if j == 0 or cell is None or not cell.text.strip():
                continue
            column = self.columns[j]
            words = fold(cell.text)
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
            shared = SHARED.match(words)
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
                cell, column, "count" if column.whole and SIZE.search(column.folded) else "n", n=n
            )

    def _count(self, cell: Cell, column: Column, m: re.Match[str]) -> Statement:
        whole = column.whole or self.whole
        n = count(m["n"])
        own = SIZE.search(self.label.lower())
        known = count(own["n"]) if own else self.n if self.grouped else whole.n
        denominator = int(m["d"]) if m.groupdict().get("d") else known
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
        head = HEAD_RATIO.search(column.folded)
        m = _ESTIMATE.match(words)
        if head is None or m is None:
            return
        following = self.columns[j + 1].role == "p" if j + 1 < len(self.columns) else False
        p_cell = self.row[j + 1] if following else None
        p = _P.match(fold(p_cell.text)) if p_cell is not None else None
        low, high = self._ratio_bounds(j, m)
        quantity = {"h": "hazard_ratio", "o": "odds_ratio", "r": "relative_risk"}[str(head.lastgroup)]
        last = p_cell if p is not None and p_cell is not None else cell
        yield self._make(
            cell.model_copy(update={"end": max(cell.end, last.end)}),
            column,
            quantity,
            value=number_of(m["v"]),
            printed=m["v"],
            low=number_of(low) if low else None,
            high=number_of(high) if high else None,
            printed_low=low,
            printed_high=high,
            p=(p["sign"].strip("=") + p["p"]) if p else None,
        )

    def _ratio_bounds(self, j: int, m: re.Match[str]) -> tuple[str | None, str | None]:
        if m["low"]:
            return m["low"], m["high"]
        following = self.columns[j + 1] if j + 1 < len(self.columns) else None
        cell = (
            self.row[j + 1]
            if following is not None and re.search(r"\bci\b|confidence", following.folded)
            else None
        )
        found = re.search(INTERVAL, fold(cell.text)) if cell is not None else None
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
        head = HEAD_RATE.search(column.folded)
        m = _ESTIMATE.match(words)
        if head is None or m is None:
            return
        at = months(number(head["t"] or head["t2"]) or 0, head["u"] or head["u2"])
        low, high = m["low"], m["high"]
        yield self._make(
            cell,
            column,
            "survival_rate",
            value=number_of(m["v"]),
            printed=m["v"],
            unit="percent",
            months=at,
            n=self.n,
            low=number_of(low) if low else None,
            high=number_of(high) if high else None,
            printed_low=low,
            printed_high=high,
        )

    def _value(self, cell: Cell, column: Column, words: str) -> Iterator[Statement]:
        stat = self.stat or column.stat or HEAD_STAT.search(words) is not None
        shared = SHARED.match(words)
        form = f"{self.form} {column.folded}"
        spreads = self.spread or column.role == "stat"
        if shared and not stat and (shared["sign"] or not spreads):
            yield self._count(cell, column, shared)
        elif stat or spreads:
            yield from self._measure(cell, column, words, form)
        elif "(" in words and words.count("/") and len(list(_PART.finditer(words))) > 1:
            yield from self._parts(cell, column, words)
        elif _INTEGER.match(words) and (
            SIZE.search(column.folded) or HEAD_PERCENT.search(column.folded) or "no." in column.folded
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
        if number_of(m["v"]) and not rest.strip() and column.role != "stat" and not HEAD_STAT.search(form):
            return
        s = spread(rest.strip(" ,"), form) if "±" in rest else spread("")
        for part in re.findall(r"[(\[]([^()\[\]]+)[)\]]|,\s?([^()\[\],]+)$", rest):
            found = spread((part[0] or part[1]).strip(), _form_of(part, form))
            s = s._replace(**{k: v for k, v in found._asdict().items() if v and not getattr(s, k)})
        low, high = s.interval or (None, None)
        yield self._make(
            cell,
            column,
            name,
            value=number_of(m["v"]),
            printed=m["v"],
            printed_low=low,
            printed_high=high,
            low=number_of(low) if low else None,
            high=number_of(high) if high else None,
            **base,
        )
        if s.sd:
            yield self._make(
                cell, column, "sem" if s.sem else "sd", value=number_of(s.sd), printed=s.sd, **base
            )
        for quantity, pair in (("range", s.range), ("quartiles", s.quartiles)):
            if pair:
                yield self._make(
                    cell,
                    column,
                    quantity,
                    low=number_of(pair[0]),
                    high=number_of(pair[1]),
                    printed_low=pair[0],
                    printed_high=pair[1],
                    **base,
                )


def _form_of(part: tuple[str, str], form: str) -> str:
    """What a bracket means where the head announces several forms: two numbers are a range before an SD."""
    words = (part[0] or part[1]).strip()
    if re.fullmatch(INTERVAL, words) and "range" in form and not re.search(r"\biqr\b|interquartile", form):
        return "range"
    return form
