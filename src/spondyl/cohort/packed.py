"""Covariates that are categories, kept as codes: a few tables of values and, for each row, its place in them.

A million rows with twenty two-level categories are two codes a row; every product that a fit needs is a count of
codes followed by a product of small matrices.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.tally import tally

__all__ = ["Columns", "Covariates", "Packed", "arranged", "dense", "gram", "linear", "means"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BLOCK = 4_096


@dataclass(frozen=True)
class Packed:
    """Covariates as codes: column blocks, each of which takes few distinct rows of values.

    Args:
        codes: For each block the place of each row in its table, n integers.
        tables: For each block its distinct rows of values, k × p of the block.

    Example:
        >>> x = Packed((np.array([0, 1, 1]),), (np.array([[0.0, 5.0], [1.0, 7.0]]),))
        >>> x.arranged(slice(None), np.zeros(2)).tolist()
        [[0.0, 5.0], [1.0, 7.0], [1.0, 7.0]]
        >>> x.linear(np.array([1.0, 0.0])).tolist(), x.project(np.array([1.0, 2.0, 0.5])).tolist()
        ([0.0, 1.0, 1.0], [2.5, 22.5])
    """

    codes: tuple[Ints, ...]
    tables: tuple[Floats, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.codes[0]), sum(t.shape[1] for t in self.tables)

    def arranged(self, order: Ints | slice, less: Floats) -> Floats:
        """The values less a number for each column, rows in another order: n × p."""
        moved = self.moved(less)
        return np.hstack([table[code[order]] for code, table in zip(moved.codes, moved.tables, strict=True)])

    def take(self, rows: Any) -> Packed:
        """Some of the rows."""
        return replace(self, codes=tuple(code[rows] for code in self.codes))

    def moved(self, by: Floats) -> Packed:
        """The covariates less a number each, p numbers."""
        ends = np.cumsum([t.shape[1] for t in self.tables])[:-1]
        parts = zip(self.tables, np.split(by, ends), strict=True)
        return replace(self, tables=tuple(table - part for table, part in parts))

    def linear(self, beta: Floats) -> Floats:
        """x·β, n numbers."""
        ends = np.cumsum([t.shape[1] for t in self.tables])[:-1]
        out = np.zeros(self.shape[0])
        for code, table, part in zip(self.codes, self.tables, np.split(beta, ends), strict=True):
            out += (table @ part).take(code)
        return out

    def project(self, load: Floats) -> Floats:
        """Σ of load·x, p numbers."""
        parts = zip(self.codes, self.tables, strict=True)
        return np.concatenate([tally(code, load, len(table)) @ table for code, table in parts])

    @cached_property
    def _pairs(self) -> dict[tuple[int, int], Ints]:
        return {
            (a, b): self.codes[a] * len(self.tables[b]) + self.codes[b]
            for a, b in combinations(range(len(self.codes)), 2)
        }

    def gram(self, load: Floats) -> Floats:
        """Σ of load·x·xᵀ, p × p."""
        blocks: dict[tuple[int, int], Floats] = {}
        for (a, b), key in self._pairs.items():
            one, two = self.tables[a], self.tables[b]
            joint = tally(key, load, len(one) * len(two)).reshape(len(one), len(two))
            blocks[a, b] = one.T @ joint @ two
            blocks[b, a] = blocks[a, b].T
        for a, (code, table) in enumerate(zip(self.codes, self.tables, strict=True)):
            blocks[a, a] = table.T @ (tally(code, load, len(table))[:, None] * table)
        size = range(len(self.codes))
        return np.block([[blocks[a, b] for b in size] for a in size])


@dataclass(frozen=True)
class Columns:
    """Covariates as columns that lie apart; a matrix is made of them when their order is known.

    Args:
        columns: n numbers each.

    Example:
        >>> x = Columns((np.array([1.0, 3.0]), np.array([5.0, 5.0])))
        >>> x.arranged(np.array([1, 0]), np.array([2.0, 5.0])).tolist()
        [[1.0, 0.0], [-1.0, 0.0]]
    """

    columns: tuple[NDArray[Any], ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return (len(self.columns[0]) if self.columns else 0), len(self.columns)

    def arranged(self, order: Ints | slice, less: Floats) -> Floats:
        """The values less a number for each column, rows in another order: n × p, column by column in memory."""
        out = np.empty(self.shape[::-1])
        for row, column, by in zip(out, self.columns, less, strict=True):
            if isinstance(order, slice) or column.dtype != row.dtype:
                row[:] = column[order]
            else:
                np.take(column, order, out=row, mode="clip")
            row -= by
        return out.T

    def linear(self, beta: Floats) -> Floats:
        """x·β, n numbers."""
        out = np.zeros(self.shape[0])
        for column, one in zip(self.columns, beta, strict=True):
            out += column * one
        return out

    def project(self, load: Floats) -> Floats:
        """Σ of load·x, p numbers."""
        return np.array([float(load @ column) for column in self.columns])


Covariates = Floats | Packed | Columns


def arranged(x: Covariates, order: Ints | slice, less: Floats) -> Floats:
    """Covariates as a matrix, less a number each and in another order, n × p.

    Args:
        x: The covariates in any form.
        order: Row numbers.
        less: p numbers.
    """
    if not isinstance(x, np.ndarray):
        return x.arranged(order, less)
    return np.asarray(x[order] - less)


def dense(x: Covariates) -> Floats:
    """Covariates as a matrix, n × p.

    Args:
        x: The covariates in any form.
    """
    return x if isinstance(x, np.ndarray) else x.arranged(slice(None), np.zeros(x.shape[1]))


def gram(x: Floats, load: Floats) -> Floats:
    """Σ of load·x·xᵀ, p × p, in blocks that stay in the cache.

    Args:
        x: n × p numbers.
        load: n numbers.

    Example:
        >>> gram(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 10.0])).tolist()
        [[91.0, 122.0], [122.0, 164.0]]
    """
    out = np.zeros((x.shape[1], x.shape[1]))
    for low in range(0, len(x), BLOCK):
        block = x[low : low + BLOCK]
        out += block.T @ (load[low : low + BLOCK, None] * block)
    return out


def linear(x: Covariates, beta: Floats) -> Floats:
    """x·β, n numbers.

    Args:
        x: The covariates in any form.
        beta: p numbers.
    """
    return x @ beta if isinstance(x, np.ndarray) else x.linear(beta)


def means(x: Covariates, count: Floats) -> Floats:
    """The mean of each covariate, p numbers.

    Args:
        x: The covariates in any form.
        count: Patients per row, n numbers.
    """
    whole = count @ x if isinstance(x, np.ndarray) else x.project(count)
    return np.asarray(whole / count.sum())
