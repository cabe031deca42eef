"""The network algorithm: the weight of all tables with given margins that are as rare as the one seen.

A node is what remains of the row totals after some columns; tables are paths. Paths of equal weight into a
node are merged, and a node whose every, or no, completion is rare enough is settled at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["TooLarge", "exact_tail"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EQUAL = 1e-7


class TooLarge(Exception):
    """The table has too many companions to weigh them all."""


@dataclass(frozen=True)
class _Stage:
    """The edges out of the nodes of one stage, sorted by node.

    Args:
        ends: Where each node's edges end, M integers.
        child: The node each edge leads to, E integers.
        weight: −Σ log x! of the column filled in, E numbers.
        rows: What remains of the row totals at each node, M × R.
    """

    ends: Ints
    child: Ints
    weight: Floats
    rows: Ints


def exact_tail(table: Ints, most: int) -> float:
    """P(table at most as probable as the one seen | margins).

    Args:
        table: Counts, r × c, no empty row or column.
        most: At most so many edges and paths.

    Raises:
        TooLarge: More would be needed.

    Example:
        >>> round(exact_tail(np.array([[3, 1], [1, 3]]), 1000), 6)
        0.485714
    """
    x = table if table.shape[0] <= table.shape[1] else table.T
    columns = np.sort(x.sum(axis=0))[::-1]
    rows = np.sort(x.sum(axis=1))
    stages = _network(rows, columns, most)
    seen = -float(special.gammaln(x + 1.0).sum())
    whole = _all(rows[None, :], columns)[0]
    return min(1.0, _walked(stages, columns, seen, whole, most))


def _all(rows: Ints, columns: Ints) -> Floats:
    """log Σ over tables of Π 1/x!: log(n! / (Π r! Π c!))."""
    n = rows.sum(axis=1)
    out: Floats = (
        special.gammaln(n + 1.0)
        - special.gammaln(rows + 1.0).sum(axis=1)
        - special.gammaln(columns + 1.0).sum()
    )
    return out


def _network(rows: Ints, columns: Ints, most: int) -> list[_Stage]:
    nodes, stages, used = rows[None, :], [], 0
    for k, total in enumerate(columns):
        if k == len(columns) - 1:
            child, weight = np.zeros(len(nodes), np.int64), -special.gammaln(nodes + 1.0).sum(axis=1)
            stages.append(_Stage(np.arange(1, len(nodes) + 1), child, weight, nodes))
            break
        parent, left, weight = _edges(nodes, int(total), most - used)
        used += len(parent)
        base = int(rows.max()) + 1
        key = left @ (base ** np.arange(len(rows), dtype=np.float64))
        _, first, child = np.unique(key, return_index=True, return_inverse=True)
        ends = np.cumsum(np.bincount(parent, minlength=len(nodes)))
        stages.append(_Stage(ends, child, weight, nodes))
        nodes = left[first]
    return stages


def _edges(nodes: Ints, total: int, most: int) -> tuple[Ints, Ints, Floats]:
    """Every way to fill a column from every node: parent, sorted remainder, weight."""
    parent, rest = np.arange(len(nodes)), np.full(len(nodes), total)
    left, weight = nodes.copy(), np.zeros(len(nodes))
    width = nodes.shape[1]
    for i in range(width):
        spare = left[:, i + 1 :].sum(axis=1)
        low, high = np.maximum(0, rest - spare), np.minimum(rest, left[:, i])
        many = high - low + 1
        if many.sum() > most:
            raise TooLarge
        pick = np.repeat(np.arange(len(parent)), many)
        value = np.arange(len(pick)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(low, many)
        parent, left = parent[pick], left[pick]
        left[:, i] -= value
        rest, weight = rest[pick] - value, weight[pick] - special.gammaln(value + 1.0)
    return parent, np.sort(left, axis=1), weight


def _bounds(stages: list[_Stage]) -> list[tuple[Floats, Floats]]:
    """The largest and smallest weight of the completions of every node of every stage."""
    high, low = np.zeros(1), np.zeros(1)
    out = [(high, low)]
    for stage in reversed(stages):
        starts = np.concatenate([[0], stage.ends[:-1]])
        high = np.maximum.reduceat(stage.weight + high[stage.child], starts)
        low = np.minimum.reduceat(stage.weight + low[stage.child], starts)
        out.append((high, low))
    return out[::-1]


def _walked(stages: list[_Stage], columns: Ints, seen: float, whole: float, most: int) -> float:
    """Walk the stages with the weights of the paths so far; settle what can be settled."""
    bounds = _bounds(stages)
    limit = seen + EQUAL
    node, value, many = np.zeros(1, np.int64), np.zeros(1), np.ones(1)
    tail = 0.0
    for k, stage in enumerate(stages):
        high, low = bounds[k]
        sure = value + high[node] <= limit
        if sure.any():
            rest = _all(stage.rows[node[sure]], columns[k:])
            tail += float((many[sure] * np.exp(value[sure] + rest - whole)).sum())
        open_ = ~sure & (value + low[node] <= limit)
        node, value, many = node[open_], value[open_], many[open_]
        if not len(node):
            return tail
        node, value, many = _stepped(stage, node, value, many, most)
    keep = value <= limit
    return tail + float((many[keep] * np.exp(value[keep] - whole)).sum())


def _stepped(
    stage: _Stage, node: Ints, value: Floats, many: Floats, most: int
) -> tuple[Ints, Floats, Floats]:
    """One column further; paths of equal weight into a node become one."""
    starts = np.concatenate([[0], stage.ends[:-1]])
    width = stage.ends[node] - starts[node]
    if width.sum() > most:
        raise TooLarge
    pick = np.repeat(np.arange(len(node)), width)
    edge = np.arange(len(pick)) - np.repeat(np.cumsum(width) - width, width) + starts[node][pick]
    child, grown, count = stage.child[edge], value[pick] + stage.weight[edge], many[pick]
    order = np.lexsort((grown, child))
    child, grown, count = child[order], grown[order], count[order]
    new = (
        (np.diff(child, prepend=-1) != 0)
        | (np.diff(grown, prepend=np.inf) > 1e-10)
        | (np.arange(len(child)) == 0)
    )
    at = np.flatnonzero(new)
    return child[at], grown[at], np.add.reduceat(count, at)
