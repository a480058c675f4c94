"""The survey of the simulated country: a systematic sample of households with eighty replicate weights.

Every `interval`-th household in geographic order is asked, some do not answer, and those who do carry the
weight of the others of their region. Replicates are drawn before the non-response is corrected and corrected
each for itself, so that their spread holds what the correction adds:

    w_ir = interval · f_ir · (sum of f_jr over the asked of the region) / (sum of f_jr over those who answered)

Weights are whole numbers, rounded up or down by one draw for each household, so that they are right on average
and their sums are exact.

No survey asks whether a stay is regular: the survey does not hold the legal status, only the population does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.methods.survey.replication import successive_difference_factors
from sojourn.simulate.margins import Country
from sojourn.simulate.population import population


def survey(country: Country, rng: np.random.Generator) -> Iterator[pl.DataFrame]:
    """Draw the sample of the simulated country, a block at a time.

    Args:
        country: size and choices, such as the interval and the share that answers.
        rng: source of chance; record its seed.

    Yields:
        Persons of the households that answered: what `population` yields without legal_status, with
        stratum (the region), cluster (the household), weight, and replicate_1 to replicate_R.

    >>> sample = pl.concat(survey(Country(households=2_000), np.random.default_rng(7)))
    >>> sample.width, "legal_status" in sample.columns
    (113, False)
    """
    people, choice = rng.spawn(2)
    start = int(choice.integers(country.interval))
    asked_before = 0
    for persons in population(country, people):
        asked = persons.filter(pl.col("household") % country.interval == start)
        households = asked.group_by("household", maintain_order=True).agg(pl.col("region").first())
        answers = choice.random(households.height) < country.response
        weights = _weights(country, households["region"].to_numpy(), answers, asked_before)
        weights = np.floor(weights + choice.random((households.height, 1))).astype(np.int32)
        asked_before += households.height
        names = ["weight", *(f"replicate_{number}" for number in range(1, country.replicates + 1))]
        weighted = households.select("household").with_columns(
            *(pl.Series(name, column) for name, column in zip(names, weights.T, strict=True))
        )
        yield (
            asked.drop("legal_status")
            .with_columns(stratum="region", cluster="household")
            .join(weighted.filter(pl.Series(answers)), on="household", maintain_order="left")
        )


def _weights(
    country: Country, region: NDArray[np.int16], answers: NDArray[np.bool_], asked_before: int
) -> NDArray[np.float64]:
    """Compute the full weight and the replicates of the asked households, corrected for non-response."""
    factors = successive_difference_factors(asked_before + np.arange(region.size), country.replicates)
    every = np.column_stack([np.ones(region.size), factors])
    for one in np.unique(region):
        here = region == one
        answered = every[here & answers].sum(axis=0)
        every[here] *= np.divide(every[here].sum(axis=0), answered, where=answered > 0, out=answered * 0)
    return np.asarray(country.interval * every)


def write(path: Path, country: Country, seed: int, *, whole: bool = False) -> int:
    """Write the survey, or the whole population, to a file, block by block.

    Args:
        path: where to; its ending says the format, `.parquet` or `.csv`.
        country: size and choices.
        seed: seed of the generator.
        whole: write everybody with the truth, instead of the sample with weights.

    Returns:
        The number of rows.
    """
    rng = np.random.default_rng(seed)
    # The population beneath a survey is drawn from the first of the survey's two generators.
    blocks = population(country, rng.spawn(2)[0]) if whole else survey(country, rng)
    path.parent.mkdir(parents=True, exist_ok=True)
    return _write_csv(path, blocks) if path.suffix == ".csv" else _write_parquet(path, blocks)


def _write_csv(path: Path, blocks: Iterator[pl.DataFrame]) -> int:
    rows = 0
    with path.open("wb") as file:
        for block in blocks:
            block.write_csv(file, include_header=rows == 0)
            rows += block.height
    return rows


def _write_parquet(path: Path, blocks: Iterator[pl.DataFrame]) -> int:
    from pyarrow import parquet

    rows = 0
    first = next(blocks).to_arrow()
    with parquet.ParquetWriter(path, first.schema, compression="zstd") as file:
        file.write_table(first)
        rows += int(first.num_rows)
        for block in blocks:
            file.write_table(block.to_arrow().cast(first.schema))
            rows += block.height
    return rows
