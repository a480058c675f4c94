"""Simulated answers of governments to the 30 items behind SDG 10.7.2.

The true answers are not public. Each simulated government has a readiness of its own, and answers yes to
every item with that probability; in the first domain some of its yeses are "only with legal status". The
probabilities are invented and describe no country; every row says that it is simulated.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from sojourn.sources.migration_policy_answers import COLUMNS, ITEMS, SIMULATED


def answers(areas: Sequence[str], rng: np.random.Generator, unanswered: float = 0.0) -> pl.DataFrame:
    """Draw the questionnaires of some governments.

    Args:
        areas: codes of the governments.
        rng: the only source of chance.
        unanswered: probability that an item is not answered, 0 to 1.

    Returns:
        area, item, answer (yes, no, legal_status_only; null: not answered), source "simulated"; 30 rows per area.

    Raises:
        ValueError: a probability outside 0 to 1.

    >>> answers(["CAN"], np.random.default_rng(1)).height
    30
    """
    if not 0 <= unanswered <= 1:
        raise ValueError(f"unanswered is a probability between 0 and 1, not {unanswered}")
    shape = (len(areas), len(ITEMS))
    readiness = rng.beta(4, 2, size=(len(areas), 1))
    yes = rng.random(shape) < readiness
    only_legal = (rng.random(shape) < 0.3) & np.array([item.startswith("1.") for item in ITEMS])
    missing = rng.random(shape) < unanswered
    words = np.where(yes, np.where(only_legal, "legal_status_only", "yes"), "no").astype(object)
    words[missing] = None
    return pl.DataFrame(
        {
            "area": [area for area in areas for _ in ITEMS],
            "item": list(ITEMS) * len(areas),
            "answer": words.ravel().tolist(),
            "source": ["simulated"] * words.size,
        },
        schema={"area": pl.String, "item": pl.String, "answer": pl.String, "source": pl.String},
    )


def write(path: Path, areas: Sequence[str], year: int, rng: np.random.Generator) -> Path:
    """Write simulated questionnaires in the layout of `sources.migration_policy_answers`, labelled in every row.

    Args:
        path: the file, a CSV.
        areas: codes of the governments.
        year: of the inquiry.
        rng: the only source of chance.
    """
    drawn = answers(areas, rng, unanswered=0.02)
    columns = (
        pl.col("area"),
        pl.lit(year),
        pl.col("item"),
        pl.col("answer"),
        pl.lit(SIMULATED),
    )
    drawn.select(column.alias(name) for column, name in zip(columns, COLUMNS, strict=True)).write_csv(path)
    return path
