"""Long and wide tables of amplitudes → a recording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spondyl.monitor import cells, naming
from spondyl.monitor.grid import Grid
from spondyl.monitor.knowledge import UNITS, criteria, names
from spondyl.monitor.models import Measure
from spondyl.monitor.series import Channel, Form, Recording, Values, nothing
from spondyl.monitor.times import in_order, over_midnight
from spondyl.record import ReadError
from spondyl.record.monitoring import Unjudged

__all__ = ["recording_of"]

MOST_CHANNELS = 1024
Key = tuple[str, str, str]


@dataclass
class Part:
    """The rows of one channel as they were read."""

    key: Key
    rows: Values
    times: Values
    measures: dict[Measure, Values]

    def channel(self) -> Channel:
        taken = {m: self.measures.get(m, nothing(self.times)) for m in UNITS}
        return Channel(*self.key, self.times, taken["amplitude"], taken["latency"], taken["threshold"])

    def taken(self) -> Part:
        """Without the rows in which nothing was measured."""
        if not self.measures:
            return self
        some = np.any([~np.isnan(v) for v in self.measures.values()], axis=0)
        if some.all():
            return self
        kept: dict[Measure, Values] = {m: v[some] for m, v in self.measures.items()}
        return Part(self.key, self.rows[some], self.times[some], kept)


def recording_of(grid: Grid, source: str) -> Recording:
    """The recording a table holds, long (one value a row) or wide (one channel a column).

    Args:
        grid: The table.
        source: What it is called in the results.

    Raises:
        ReadError: It is neither, or a value, a unit or a time in it is wrong.
    """
    held = cells.headings(grid)
    if "modality" in held and "amplitude" in held:
        return _long(grid, held, source)
    channels = [(k, name) for k, c in enumerate(grid.columns) if (name := naming.channel_name(c))]
    if channels:
        return _wide(grid, held, channels, source)
    missing = [n for n in ("modality", "amplitude") if n not in held]
    raise ReadError(
        f"no column gives the {' and the '.join(missing)} (columns: {', '.join(grid.columns)[:200]})",
        grid.where,
        "a long table has the columns time, modality, site, side, amplitude, unit; a wide one has a column "
        "for each channel, such as 'MEP left tibialis anterior (uV)'",
    )


def _long(grid: Grid, held: dict[str, tuple[int, str]], source: str) -> Recording:
    column, form, scale = cells.time_column(grid, held)
    when = cells.time_of(column, form, scale)
    taken, unread = _factors(grid, held)
    keys, conversions = _keyed(grid, held)
    values = ", ".join(
        f"coalesce({cells.number(grid, held[m][0])}, 'nan') * {'k.factor' if m == 'amplitude' else f} AS {m}"
        for m, f in taken.items()
    )
    same = " AND ".join(f"k.{n} = {_cell(held, n)}" for n in ("modality", "site", "side", "unit"))
    got = grid.arrays(
        f"SELECT k.id AS id, row, coalesce({when}, 'nan') AS t, {values} FROM raw JOIN channel_names k ON {same}"
    )
    by_channel = _by_channel(got["row"], got["id"])
    _refuse(grid, got, (column, form, scale), {m: (held[m][0], f"the {m}") for m in taken})
    ids, rows, times = (_array(got[n])[by_channel] for n in ("id", "row", "t"))
    measures = {m: _array(got[m])[by_channel] for m in taken}
    cuts = np.flatnonzero(np.diff(ids)) + 1
    parts = [
        Part(keys[int(ids[a])], rows[a:b], times[a:b], {m: v[a:b] for m, v in measures.items()})
        for a, b in zip([0, *cuts], [*cuts, len(ids)], strict=True)
    ]
    conversions += _shown_units(held, taken)
    return _recording(grid, parts, form, source, conversions, tuple(unread))


def _by_channel(rows: Any, ids: Any) -> Any:
    """The order of channel, then row; quick where the rows come in their order, as they mostly do."""
    if np.all(rows[1:] > rows[:-1]):
        return np.argsort(ids.astype(np.int16), kind="stable")
    return np.lexsort((rows, ids))


def _refuse(
    grid: Grid, got: dict[str, Any], times: tuple[int, Form, float], columns: Mapping[str, tuple[int, str]]
) -> None:
    """Refuse what was read if it holds times or values that are none."""
    if np.isnan(got["t"]).any():
        cells.refuse_times(grid, *times)
    for name, (column, words) in columns.items():
        if (_array(got[name]) < 0).any():
            cells.refuse_text(grid, column, words)


def _array(values: Any) -> Values:
    out: Values = np.asarray(values, dtype=np.float64)
    return out


def _cell(held: dict[str, tuple[int, str]], name: str) -> str:
    return f"raw.c{held[name][0]}" if name in held else "''"


def _factors(grid: Grid, held: dict[str, tuple[int, str]]) -> tuple[dict[Measure, float], list[Unjudged]]:
    """The measures a long table gives, with what brings each into the unit kept."""
    out: dict[Measure, float] = {"amplitude": 1.0}
    unread = []
    for measure in ("latency", "threshold"):
        if measure not in held:
            continue
        unit = held[measure][1]
        name = grid.columns[held[measure][0]]
        by = naming.factor(measure, unit)
        if by is None:
            why = f"the column {name!r} names no unit; call it {measure}_{UNITS[measure].lower()}"
            unread.append(Unjudged(what=measure, why=why))
        else:
            out[measure] = by
    for k, name in enumerate(grid.columns):
        if k not in {c for c, _ in held.values()}:
            unread.append(Unjudged(what=f"column {name!r}", why=_unknown(name)))
    return out, unread


def _unknown(name: str) -> str:
    """Why a column is left aside.

    Example:
        >>> _unknown("threshold_ma")
        'its unit is not one of v, mv, kv; the criteria need V'
    """
    before, _, _ = naming.simple(name).rpartition(" ")
    for measure, unit in UNITS.items():
        if before in names().columns[measure]:
            return f"its unit is not one of {', '.join(names().units(measure))}; the criteria need {unit}"
    return "its name says nothing known"


def _keyed(grid: Grid, held: dict[str, tuple[int, str]]) -> tuple[list[Key], tuple[str, ...]]:
    """The channels of a long table; leaves their names and factors in the database."""
    columns = {n: _cell(held, n) for n in ("modality", "site", "side", "unit")}
    value = cells.number(grid, held["amplitude"][0])
    listed = ", ".join(f"{c} AS {n}" for n, c in columns.items())
    # the names are written out again in GROUP BY: an alias would mean a column of the table
    found = grid.rows(
        f"SELECT {listed}, min(row) AS first, count(*) FILTER (({value}) > 0) AS n FROM raw GROUP BY ALL ORDER BY first"
    )
    if len(found) > MOST_CHANNELS:
        raise ReadError(
            f"it names {len(found)} channels",
            grid.where,
            "check that modality, site and side are the right columns",
        )
    keys: dict[Key, int] = {}
    table: dict[str, list[Any]] = {n: [] for n in ("id", "modality", "site", "side", "unit", "factor")}
    conversions: dict[str, None] = {}
    for written, site, side, unit, first, n in found:
        key = _key(written, site, side, grid, grid.place(first))
        by = _by(unit or held["amplitude"][1], n, grid, grid.place(first))
        if n:
            conversions[naming.conversion("amplitude", unit or held["amplitude"][1])] = None
        cells_of = (keys.setdefault(key, len(keys)), written, site, side, unit, by)
        for name, cell in zip(table, cells_of, strict=True):
            table[name].append(cell)
    arrays = {n: np.array(c, dtype=object if n in columns else None) for n, c in table.items()}
    grid.connection.register("channel_names", arrays)
    return list(keys), tuple(conversions)


def _key(written: str, site: str, side: str, grid: Grid, place: str) -> Key:
    known, where = naming.modality(written), naming.side(side)
    if known is None:
        raise ReadError(
            f"the modality at {place} is {written[:40]!r}",
            grid.where,
            f"one of {', '.join(m.id for m in criteria().modality)} is needed",
        )
    if where is None:
        raise ReadError(
            f"the side at {place} is {side[:40]!r}", grid.where, "left, right or midline is needed"
        )
    return known, " ".join(site.split()), where


def _by(unit: str, n: int, grid: Grid, place: str) -> float:
    by = naming.factor("amplitude", unit)
    if by is not None or (not n and not unit):
        return float(by or 1.0)
    known = ", ".join(names().amplitude_units)
    what = (
        f"the unit {unit[:20]!r} of the amplitude at {place} is not known"
        if unit
        else (f"the amplitude at {place} has no unit")
    )
    mend = f"one of {known} is needed, in a column unit or in the name of the column (amplitude_uv)"
    raise ReadError(what, grid.where, mend)


def _shown_units(held: dict[str, tuple[int, str]], taken: dict[Measure, float]) -> tuple[str, ...]:
    return tuple(naming.conversion(m, held[m][1]) for m in taken if m != "amplitude")


def _wide(
    grid: Grid,
    held: dict[str, tuple[int, str]],
    channels: Sequence[tuple[int, naming.ChannelName]],
    source: str,
) -> Recording:
    column, form, scale = cells.time_column(grid, {n: c for n, c in held.items() if n.startswith("time")})
    when = cells.time_of(column, form, scale)
    chosen: dict[Key, dict[Measure, tuple[int, float]]] = {}
    conversions: dict[str, None] = {}
    for k, name in channels:
        title = grid.columns[k]
        by = naming.factor(name.measure, name.unit)
        if by is None:
            raise ReadError(
                f"the column {title!r} gives no unit for its {name.measure}"
                + f" (got {name.unit!r})" * bool(name.unit),
                grid.where,
                f"name it like '{title} ({', '.join(names().units(name.measure))})' with one of these units",
            )
        of_channel = chosen.setdefault((name.modality, name.site, name.side), {})
        if name.measure in of_channel:
            raise ReadError(f"the column {title!r} gives a channel twice", grid.where, "keep one of the two")
        of_channel[name.measure] = (k, by)
        conversions[naming.conversion(name.measure, name.unit)] = None
    used = {k for k, _ in channels} | {column}
    unread = tuple(
        Unjudged(what=f"column {c!r}", why="its name gives no modality")
        for k, c in enumerate(grid.columns)
        if k not in used
    )
    wanted = ", ".join(
        f"coalesce({cells.number(grid, k)}, 'nan') * {by} AS v{k}"
        for of in chosen.values()
        for k, by in of.values()
    )
    got = grid.arrays(f"SELECT row, coalesce({when}, 'nan') AS t, {wanted} FROM raw ORDER BY row")
    of_columns = {f"v{k}": (k, repr(grid.columns[k])) for of in chosen.values() for k, _ in of.values()}
    _refuse(grid, got, (column, form, scale), of_columns)
    rows, times = _array(got["row"]), _array(got["t"])
    parts = [
        Part(key, rows, times, {m: _array(got[f"v{k}"]) for m, (k, _) in of.items()})
        for key, of in chosen.items()
    ]
    return _recording(grid, parts, form, source, tuple(conversions), unread)


def _recording(
    grid: Grid,
    parts: list[Part],
    form: Form,
    source: str,
    conversions: tuple[str, ...],
    unread: tuple[Unjudged, ...],
) -> Recording:
    rows = int(sum(len(p.rows) for p in parts))
    parts = [p.taken() for p in parts]
    empty = tuple(
        Unjudged(what=" ".join(w for w in (p.key[0], p.key[2], p.key[1]) if w), why="it has no value")
        for p in parts
        if not len(p.rows)
    )
    parts = [p for p in parts if len(p.rows)]
    if not parts:
        raise ReadError("no channel has a value", grid.where, "export the recording again")
    if form == "clock":
        axis = over_midnight([p.times for p in parts], [p.rows for p in parts], grid.where)
        parts = [Part(p.key, p.rows, t, p.measures) for p, t in zip(parts, axis, strict=True)]
    zero = 0.0 if form == "elapsed" else min(float(p.times[0]) for p in parts)
    for part in parts:
        in_order(part.times, part.rows + grid.first - 1, part.channel().name, grid.where, grid.say)
    channels = tuple(Part(p.key, p.rows, p.times - zero, p.measures).channel() for p in parts)
    return Recording(
        source,
        channels,
        form,
        zero,
        rows,
        grid.sha256,
        conversions,
        tuple(_seen(channels)),
        (*unread, *empty),
    )


def _seen(channels: Sequence[Channel]) -> Iterator[str]:
    for channel in channels:
        zeros = int(np.sum(channel.amplitude == 0))
        if zeros:
            yield (
                f"{channel.name}: {zeros} {'value' if zeros == 1 else 'values'} of zero (or 'absent') "
                "read as no response"
            )
