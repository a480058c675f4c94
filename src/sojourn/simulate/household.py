"""Forms households: ages and sexes from the published pyramid, adults together, children with parents.

Ages are drawn first and households are formed from them, so that the pyramid holds exactly on average,
whatever the households look like.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.simulate.margins import MEN, REGION_SHARES, WOMEN

ADULT = 18
_COUPLES = 0.62  # invented: share of households with two adults
_URBAN = 0.75  # invented
_NEIGHBOURS = 25  # households of a neighbourhood


def people(count: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Draw ages in single years and sexes from the pyramid.

    Args:
        count: persons.
        rng: source of chance.

    Returns:
        Ages (count,) and whether each is a woman (count,).
    """
    cells = np.array(MEN + WOMEN, dtype=np.float64)
    cell = rng.choice(cells.size, size=count, p=cells / cells.sum())
    groups = len(MEN)
    return cell % groups * 5 + rng.integers(0, 5, count), cell >= groups


def households(count: int, first: int, of: int, rng: np.random.Generator) -> pl.DataFrame:
    """Draw households with their members, in geographic order.

    Neighbouring ages share a home: adults are sorted by age with a little noise and taken one or two at a
    time; each child goes to a home whose first adult is 20 to 45 years older.

    Args:
        count: households.
        first: number of the first household, from 0.
        of: households in the whole country, which says in which region each lies.
        rng: source of chance.

    Returns:
        A row per person: household, region, urban, neighbourhood, household_size, person, age, woman, sorted by
        household and person.
    """
    adults_in = np.where(rng.random(count) < _COUPLES, 2, 1)
    needed = int(adults_in.sum())
    ages, women = _until_adults(needed, rng)
    adults = np.flatnonzero(ages >= ADULT)
    adults = adults[np.argsort(ages[adults] + rng.normal(0, 2, adults.size), kind="stable")]
    # Homes in order of the age of their adults; which home lies where is drawn afterwards.
    home = np.empty(ages.size, dtype=np.int64)
    home[adults] = np.repeat(np.arange(count), adults_in)
    first_adult = ages[adults[np.concatenate([[0], np.cumsum(adults_in)[:-1]])]]
    children = np.flatnonzero(ages < ADULT)
    home[children] = _parents(ages[children], first_adult, rng)
    place = rng.permutation(count)
    number = first + np.arange(count)
    region = np.searchsorted(np.cumsum(REGION_SHARES), (number + 0.5) / of)
    urban = rng.random(count) < _URBAN
    frame = pl.DataFrame({"household": place[home], "age": ages, "woman": women})
    frame = frame.sort("household", "age", descending=[False, True], maintain_order=True)
    at = frame["household"].to_numpy()
    return frame.with_columns(
        household=pl.col("household") + first,
        region=pl.Series(region[at] + 1, dtype=pl.Int16),
        urban=pl.Series(urban[at]),
        neighbourhood=(pl.col("household") + first) // _NEIGHBOURS,
        household_size=pl.len().over("household").cast(pl.Int16),
        person=pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("household"),
    )


def _until_adults(needed: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Draw people until there are exactly so many adults, so that no home stays empty."""
    ages, women = people(int(needed * 1.5) + 50, rng)
    enough = np.flatnonzero(np.cumsum(ages >= ADULT) == needed)
    while enough.size == 0:
        more = people(needed // 4 + 50, rng)
        ages, women = np.concatenate([ages, more[0]]), np.concatenate([women, more[1]])
        enough = np.flatnonzero(np.cumsum(ages >= ADULT) == needed)
    last = enough[0] + 1
    return ages[:last], women[:last]


def _parents(
    children: NDArray[np.int64], first_adult: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Choose a home for each child: among those whose first adult is 20 to 45 years older, else any."""
    ordered = np.argsort(first_adult, kind="stable")
    sorted_ages = first_adult[ordered]
    low = np.searchsorted(sorted_ages, children + 20, side="left")
    high = np.searchsorted(sorted_ages, children + 45, side="right")
    none = high <= low
    low[none], high[none] = 0, first_adult.size
    return np.asarray(ordered[low + (rng.random(children.size) * (high - low)).astype(np.int64)])
