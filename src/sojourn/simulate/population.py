"""Streams the whole country, block by block, with its truth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from sojourn.simulate.household import households
from sojourn.simulate.livelihood import earn_a_living
from sojourn.simulate.margins import AREA, Country
from sojourn.simulate.migration import migrate


def population(country: Country, rng: np.random.Generator) -> Iterator[pl.DataFrame]:
    """Draw every person of the simulated country, a block of households at a time.

    The same seed and the same country give the same persons. Each block has a generator of its own, so that
    memory is bounded by the block and not by the country.

    Args:
        country: size and choices.
        rng: source of chance; record its seed.

    Yields:
        Persons in geographic order, a row each, with every column of their lives, `simulated` (true),
        `area` and `year`.

    >>> blocks = list(population(Country(households=250, block=100), np.random.default_rng(7)))
    >>> [block["household"].n_unique() for block in blocks]
    [100, 100, 50]
    """
    firsts = range(0, country.households, country.block)
    for first, own in zip(firsts, rng.spawn(len(firsts)), strict=True):
        count = min(country.block, country.households - first)
        persons = households(count, first, country.households, own)
        persons = earn_a_living(migrate(persons, country, own), country, own)
        yield persons.with_columns(
            simulated=pl.lit(True), area=pl.lit(AREA), year=pl.lit(country.year, dtype=pl.Int16)
        )
