"""Files of the official size for the price benchmark, made once and kept in a folder.

A simulated market as wide as the official survey (365 corridors, since 2011) is drawn with replacement to
the very rows of the edition of 2025 Q3, and written as the publisher's workbook and as one Parquet file
per layout. The default market would not do: with its 48 corridors the file would repeat every service
twenty times, and there would be few groups to average.
"""

from __future__ import annotations

import argparse
from itertools import permutations
from pathlib import Path

SEED = 1
WORKBOOK = "prices.xlsx"
TABLES = ("prices_to_2016q1.parquet", "prices_from_2016q2.parquet")
ROWS = (49_491, 204_469)
"""Service rows of the two official sheets; each row quotes two amounts."""
CORRIDORS = 365
SERVICES = 15.0
"""Services per corridor and round, about those of the official file: 204,469 / 37 / 365."""


def make(folder: Path, rows: tuple[int, int] = ROWS) -> None:
    """Write the files that are not there yet; a file takes its name only when it is complete."""
    import numpy as np

    from sojourn.sources.simulated import remittance_prices
    from sojourn.sources.simulated.market import Market
    from sojourn.sources.simulated.market_facts import COUNTRIES

    random = np.random.default_rng(SEED)
    sheets = (remittance_prices.OLD_SHEET, remittance_prices.NEW_SHEET)
    pairs = list(permutations([country.code for country in COUNTRIES], 2))
    chosen = tuple(pairs[index] for index in random.permutation(len(pairs))[:CORRIDORS])
    market = Market(corridors=chosen, first_quarter="2011-Q1", services=SERVICES)
    drawn = remittance_prices.services(market, random)
    many = remittance_prices.resampled(drawn, dict(zip(sheets, rows, strict=True)), random)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in zip(TABLES, many.values(), strict=True):
        if not (folder / name).exists():
            table.write_parquet(folder / f"{name}.part")
            (folder / f"{name}.part").rename(folder / name)
    if not (folder / WORKBOOK).exists():
        remittance_prices.write(folder / f"{WORKBOOK}.part", many, SEED)
        (folder / f"{WORKBOOK}.part").rename(folder / WORKBOOK)


def complete(folder: Path) -> bool:
    return all((folder / name).exists() for name in (WORKBOOK, *TABLES))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, nargs=2, default=ROWS)
    arguments = parser.parse_args()
    make(arguments.folder, tuple(arguments.rows))
