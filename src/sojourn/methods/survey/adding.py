"""Adds packed rows into cells: all of them, or only those near a quantile by value and the rest by side.

A cell is numbered by its place on every axis (domains, then the value of the measure), the last one running fastest.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.methods.survey.bracketed import ABOVE, BELOW, FEW_CELLS, MOST_PASSES, WIDE, WITHIN, bracket
from sojourn.methods.survey.kernels import Groups, add_rows
from sojourn.methods.survey.refined import bins_of_domain

MOST_EMPTY = 20_000
"""Cells up to which sums are kept for all that could occur."""
Codes = NDArray[Any]
Pieces = Sequence[tuple[Mapping[str, NDArray[Any]], NDArray[Any]]]
"""Codes of each variable, and weights of shape (rows, 1 + R), piece by piece."""
Axis = tuple[str, NDArray[Any], int]
"""A variable, the place of each of its values on the axis, and how many places there are."""


def cell_codes(pieces: Pieces, axes: Sequence[Axis], masks: Sequence[tuple[str, pl.Series]]) -> list[Codes]:
    """Number the cell of every row, piece by piece; -1 for rows that are not in scope."""
    numbered = [(column, places.astype(np.int32), width) for column, places, width in axes]
    outside = [(column, ~mask.fill_null(False).to_numpy()) for column, mask in masks]
    with ThreadPoolExecutor(_cores(pieces)) as pool:
        return list(pool.map(lambda piece: _codes(piece[0], numbered, outside), pieces))


def added_up(
    pieces: Pieces, codes: Sequence[Codes], size: int, amounts: tuple[str, NDArray[Any]] | None = None
) -> tuple[Codes, Groups]:
    """Add up by cell: the numbers of the cells that occur, and their sums.

    Args:
        pieces: the rows.
        codes: cell of each row, below `size`.
        size: number of cells that could occur.
        amounts: a variable and y for each of its codes, where Σ w y is wanted too.
    """
    cells: Codes = np.arange(size)
    if size > MOST_EMPTY:  # few of many cells occur: number these first, so that the sums stay small
        there = np.zeros(size + 1, bool)  # the last place serves the code -1
        for code in codes:
            there[code] = True
        cells = np.flatnonzero(there[:size])
        lookup = np.full(size + 1, -1, np.int32)
        lookup[cells] = np.arange(len(cells), dtype=np.int32)
        codes = [lookup[code] for code in codes]
    groups = _summed(pieces, codes, len(cells), amounts)
    kept = np.flatnonzero(groups.counts[:, 0])
    products = None if groups.products is None else groups.products[kept]
    return cells[kept], Groups(groups.counts[kept], groups.sums[kept], products)


@dataclass(frozen=True, slots=True)
class Near:
    """Cells by value near a quantile, and by side elsewhere.

    Attributes:
        cells: number of a cell on the axes; of one of several for a side.
        bins: BELOW, WITHIN or ABOVE; missing where the value is.
        groups: sums of each.
    """

    cells: Codes
    bins: pl.Series
    groups: Groups

    def values(self, distinct: pl.Series, places: Codes) -> pl.Series:
        """Give the value of every cell, missing where only a side is kept."""
        found = distinct[places]
        return found.zip_with(
            (self.bins == WITHIN).fill_null(False), pl.repeat(None, len(found), dtype=found.dtype, eager=True)
        )


def added_near(
    pieces: Pieces, codes: Sequence[Codes], size: int, distinct: pl.Series, quantiles: tuple[float, ...]
) -> Near | None:
    """Add up by value near some quantiles, and by side elsewhere; None where all values are as well. See `bracketed`.

    Args:
        pieces: the rows, no weight of which is below zero.
        codes: cell of each row.
        size: number of cells that could occur.
        distinct: the values on the last axis, in ascending order, missing last.
        quantiles: the probabilities that can be asked for.
    """
    width, known = len(distinct), len(distinct) - distinct.null_count()
    full, counts = _by_full_weight(pieces, codes, size, width)
    if np.count_nonzero(counts) <= FEW_CELLS:
        return None
    domains = np.flatnonzero(counts[:, :known].any(axis=1))
    wide = dict.fromkeys(domains.tolist(), WIDE)
    for _ in range(MOST_PASSES):
        near = _near(pieces, codes, _sides(full, counts, known, quantiles, wide))
        strayed = _strayed(near, width, quantiles)
        if not strayed:
            return near
        wide |= {one: wide[one] * 8 for one in strayed}
    return None


def _by_full_weight(
    pieces: Pieces, codes: Sequence[Codes], size: int, width: int
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Sum the full weight, and count, by cell: shapes (domains, values)."""

    threads = _cores(pieces)

    def work(thread: int) -> tuple[NDArray[Any], NDArray[Any]]:
        full, counts = np.zeros(size + 1), np.zeros(size + 1, np.intp)
        for (_, weights), code in list(zip(pieces, codes, strict=True))[thread::threads]:
            place = code + 1  # the first place is for rows that are not in scope
            full += np.bincount(place, weights[:, 0], size + 1)
            counts += np.bincount(place, minlength=size + 1)
        return full[1:].reshape(-1, width), counts[1:].reshape(-1, width)

    with ThreadPoolExecutor(threads) as pool:
        full, counts = zip(*pool.map(work, range(threads)), strict=True)
    return np.sum(full, axis=0), np.sum(counts, axis=0)


def _sides(
    full: NDArray[Any],
    counts: NDArray[Any],
    known: int,
    quantiles: tuple[float, ...],
    wide: Mapping[int, float],
) -> NDArray[np.int8]:
    """Tell the side of every cell, shape (domains, values); -1 where the value is missing."""
    sides = np.full(full.shape, -1, np.int8)
    for domain, errors in wide.items():
        first, last = bracket(full[domain, :known], int(counts[domain, :known].sum()), quantiles, errors)
        sides[domain, :first], sides[domain, first : last + 1], sides[domain, last + 1 : known] = (
            BELOW,
            WITHIN,
            ABOVE,
        )
    return sides


def _near(pieces: Pieces, codes: Sequence[Codes], sides: NDArray[np.int8]) -> Near:
    size = sides.size
    cells = np.arange(size).reshape(sides.shape)
    # A side is one cell, that of its first value.
    above = cells[:, :1] + np.argmax(sides == ABOVE, axis=1)[:, None]
    target = (
        np.where(sides == BELOW, cells[:, :1], np.where(sides == ABOVE, above, cells))
        .astype(np.int32)
        .ravel()
    )
    target = np.append(target, np.int32(-1))  # for rows that are not in scope
    moved = [target[code] for code in codes]
    found, groups = added_up(pieces, moved, size)
    bins = pl.Series(sides.ravel()[found].astype(np.int64))
    return Near(found, bins.set(bins == -1, None), groups)


def _strayed(near: Near, width: int, quantiles: tuple[float, ...]) -> list[int]:
    """List the domains in which a quantile of some column of weights lies where only a side is kept."""
    there = near.bins.is_not_null().to_numpy()
    domains, bins = near.cells[there] // width, near.bins.drop_nulls().to_numpy()
    sums = near.groups.sums[there].astype(float)
    strayed = []
    starts = np.flatnonzero(np.diff(domains, prepend=-1))
    for rows in np.split(np.arange(len(domains)), starts[1:]):
        order = rows[np.argsort(bins[rows], kind="stable")]
        sides = np.unique(bins[order], return_index=True)
        if bins_of_domain(sides[0], np.add.reduceat(sums[order], sides[1], axis=0), quantiles) - {WITHIN}:
            strayed.append(int(domains[rows[0]]))
    return strayed


def _summed(
    pieces: Pieces,
    codes: Sequence[Codes],
    size: int,
    amounts: tuple[str, NDArray[Any]] | None,
) -> Groups:
    weights = pieces[0][1]
    whole = weights.dtype.kind == "i"
    kind = np.int64 if whole else np.float64
    times = np.int64 if whole and (amounts is None or amounts[1].dtype.kind == "i") else np.float64
    # Whole numbers add up to the same in any order; all others are added in the order of the rows.
    threads = 1 if size > MOST_EMPTY or kind != np.int64 or times != np.int64 else _cores(pieces)
    shape = (size, weights.shape[1])

    def work(thread: int) -> Groups:
        products = None if amounts is None else np.zeros(shape, times)
        groups = Groups(np.zeros((size, 2), np.int64), np.zeros(shape, kind), products)
        for (piece, rows), code in list(zip(pieces, codes, strict=True))[thread::threads]:
            y = None if amounts is None else amounts[1][piece[amounts[0]]]
            add_rows(code, rows, groups, y)
        return groups

    with ThreadPoolExecutor(threads) as pool:
        return reduce(Groups.plus, pool.map(work, range(threads)))


def _cores(pieces: Pieces) -> int:
    return min(4, os.cpu_count() or 1, len(pieces))


def _codes(
    piece: Mapping[str, NDArray[Any]], axes: Sequence[Axis], outside: Sequence[tuple[str, NDArray[np.bool_]]]
) -> Codes:
    code = np.zeros(len(next(iter(piece.values()))), np.int32)
    for column, places, width in axes:
        code *= width
        values = piece[column]
        same = np.array_equal(places, np.arange(len(places)))  # then there is nothing to look up
        code += values if same and values.dtype.itemsize < code.itemsize else places[values]
    for column, gone in outside:
        code[gone[piece[column]]] = -1
    return code
