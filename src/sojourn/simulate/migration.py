"""Gives each person a migration life: birthplace, arrival, citizenship, legal status, language, last move.

Whether an adult is foreign-born depends on age, region, neighbourhood and home:

    logit P(foreign-born) = c + region + 0.6 z(neighbourhood) + 1.2 z(home) - 0.25 ((age - 38) / 15)²

A child is foreign-born only in a home with a foreign-born adult, and only if it is older than the time since
that adult's arrival, or one of a few that came alone. All coefficients are invented.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.simulate.household import ADULT
from sojourn.simulate.margins import (
    ORIGIN_IRREGULAR,
    ORIGIN_LANGUAGE,
    ORIGIN_SHARES,
    ORIGINS,
    REGION_PULL,
    Country,
)

CITIZEN, FOREIGNER, STATELESS, NOT_STATED = 1, 2, 3, 9
REGULAR, IRREGULAR = 1, 2

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def migrate(persons: pl.DataFrame, country: Country, rng: np.random.Generator) -> pl.DataFrame:
    """Add the migration life to a block of persons.

    Args:
        persons: as `households` draws them.
        country: its year and its intercept.
        rng: source of chance.

    Returns:
        The same rows with birthplace, arrival, citizenship, legal_status (null for citizens), language
        (1 very well to 4 not at all; null for native speakers) and residence_a_year_ago (1 same home,
        2 elsewhere in the country, 3 abroad; null for babies).
    """
    age = persons["age"].to_numpy()
    foreign, origin = _birthplaces(persons, country, rng)
    stay = np.where(foreign, _years_of_stay(age, rng), -1)
    citizenship = _citizenship(foreign, stay, rng)
    regular = _legal_status(citizenship, origin, stay, rng)
    language = _language(foreign, origin, stay, rng)
    nobody = ~foreign
    return persons.with_columns(
        birthplace=pl.Series(np.where(foreign, np.array(ORIGINS)[origin], "XSJ")),
        arrival=_where(country.year - stay, nobody),
        citizenship=pl.Series(citizenship, dtype=pl.Int8),
        legal_status=_where(regular, regular == 0),
        language=_where(language, language == 0),
        residence_a_year_ago=_where(_moves(age, stay, rng), age < 1),
    )


def _where(values: Ints, missing: Flags) -> pl.Series:
    """Turn values into a column, null where they do not apply."""
    return pl.DataFrame({"value": values, "missing": missing}).select(
        pl.when(~pl.col("missing")).then(pl.col("value").cast(pl.Int16))
    )["value"]


def _effect(groups: pl.Series, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw one standard normal number for each group, and give it to the group's members."""
    _, at = np.unique(groups.to_numpy(), return_inverse=True)
    return np.asarray(rng.normal(size=int(at.max()) + 1)[at])


def _birthplaces(persons: pl.DataFrame, country: Country, rng: np.random.Generator) -> tuple[Flags, Ints]:
    age = persons["age"].to_numpy()
    logit = (
        country.foreign_logit
        + REGION_PULL[persons["region"].to_numpy() - 1]
        + 0.6 * _effect(persons["neighbourhood"], rng)
        + 1.2 * _effect(persons["household"], rng)
        - 0.25 * ((age - 38) / 15) ** 2
    )
    foreign = rng.random(age.size) < 1 / (1 + np.exp(-logit))
    adult = age >= ADULT
    _, home = np.unique(persons["household"].to_numpy(), return_inverse=True)
    migrant_home = np.bincount(home, foreign & adult)[home] > 0
    # Of the children of migrants three in ten came along; of other children almost none came alone.
    came = rng.random(age.size) < np.where(migrant_home, 0.3 * np.minimum(age / 8, 1), 0.002)
    foreign = np.where(adult, foreign, came & (age >= 1))
    # A home shares its origin: nine in ten of its foreign-born come from the same country.
    shared = rng.choice(len(ORIGINS), size=int(home.max()) + 1, p=ORIGIN_SHARES)[home]
    own = rng.choice(len(ORIGINS), size=age.size, p=ORIGIN_SHARES)
    return foreign, np.where(rng.random(age.size) < 0.9, shared, own)


def _years_of_stay(age: Ints, rng: np.random.Generator) -> Ints:
    """Draw completed years since arrival: gamma with mean 13, never longer than the life."""
    return np.minimum(np.floor(rng.gamma(1.3, 10.0, age.size)).astype(np.int64), np.maximum(age - 1, 0))


def _citizenship(foreign: Flags, stay: Ints, rng: np.random.Generator) -> Ints:
    chance = rng.random((3, foreign.size))
    naturalised = chance[0] < 1 - np.exp(-0.055 * np.maximum(stay - 4, 0))
    status = np.where(foreign & ~naturalised, FOREIGNER, CITIZEN)
    status = np.where((status == FOREIGNER) & (chance[1] < 0.012), STATELESS, status)
    return np.where(chance[2] < 0.006, NOT_STATED, status)


def _legal_status(citizenship: Ints, origin: Ints, stay: Ints, rng: np.random.Generator) -> Ints:
    """Draw who stays irregularly; no survey asks it, and no file but the truth holds it. 0: a citizen."""
    chance = ORIGIN_IRREGULAR[origin] * np.where(stay < 3, 1.3, np.where(stay < 12, 1.0, 0.4))
    irregular = rng.random(citizenship.size) < chance
    status = np.where(irregular, IRREGULAR, REGULAR)
    return np.where(np.isin(citizenship, (FOREIGNER, STATELESS)), status, 0)


def _language(foreign: Flags, origin: Ints, stay: Ints, rng: np.random.Generator) -> Ints:
    speaks_it_at_home = ~foreign | (rng.random(foreign.size) < ORIGIN_LANGUAGE[origin])
    ability = 1.9 + rng.normal(0, 0.8, foreign.size) - 0.045 * np.maximum(stay, 0)
    level = np.clip(np.rint(ability + 0.6), 1, 4).astype(np.int64)
    return np.where(speaks_it_at_home, 0, level)


def _moves(age: Ints, stay: Ints, rng: np.random.Generator) -> Ints:
    moved = rng.random(age.size) < np.where((age > 18) & (age < 35), 0.18, 0.07)
    return np.where(stay == 0, 3, np.where(moved, 2, 1))
