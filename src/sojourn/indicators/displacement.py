"""What the indicators of displacement share: sums of UNHCR's rows from three sides, and vintages that fit.

A row says: so many people from `origin` in `asylum`. Summed by country of asylum it tells of hosts, by
origin of those who left, and over all rows of the world. Origins that are no area (unknown, stateless,
Tibetan) count for hosts and for the world, and are no area of their own. Counts are whole numbers, so sums
are exact; a sum of which no part is known is not known.
"""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.indicators.model import Dimension

WORLD = "001"
HOSTS, ORIGIN = "HOSTS", "ORIGIN"

SIDE = Dimension(
    "SIDE",
    "whose refugees",
    {"ORIGIN": "people from the area, wherever they are"},
    "people in the area, wherever they are from",
)


def sums(rows: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Sum counts by country of asylum, by country of origin and over the world.

    Args:
        rows: period, origin, asylum, source and the columns, which hold whole numbers.
        columns: what to sum.

    Returns:
        area, side (HOSTS, ORIGIN; the world is HOSTS), period, source and the sums, sorted; null where no
        row knows a figure.

    Example:
        >>> row = {"period": "2023", "origin": "SYR", "asylum": "TUR", "source": "s@1"}
        >>> rows = pl.DataFrame([row | {"refugees": 5}, row | {"refugees": None, "asylum": "LBN"}])
        >>> sums(rows, ["refugees"]).select("area", "side", "refugees").rows()
        [('001', 'HOSTS', 5), ('LBN', 'HOSTS', None), ('SYR', 'ORIGIN', 5), ('TUR', 'HOSTS', 5)]
    """
    sides = (("asylum", HOSTS), ("origin", ORIGIN), (None, HOSTS))
    known = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in columns]
    countries = areas.table().filter(kind="country")
    frames = []
    for end, side in sides:
        place = pl.lit(WORLD) if end is None else pl.col(end)
        summed = (
            rows.with_columns(place.alias("area"), pl.lit(side).alias("side"))
            .group_by("area", "side", "period", "source")
            .agg(known)
        )
        frames.append(summed if end is None else summed.join(countries, on="area", how="semi"))
    return pl.concat(frames).sort("area", "side", "period", "source")


def side() -> pl.Expr:
    """Write the column `side` as a part of a breakdown: empty for hosts."""
    return pl.when(pl.col("side") == ORIGIN).then(pl.lit("SIDE=ORIGIN")).otherwise(pl.lit(""))


def year_later(period: str = "period") -> pl.Expr:
    """Move a year on, to join a stock at its end with the flows of the next year."""
    return (pl.col(period).cast(pl.Int32) + 1).cast(pl.String).alias(period)


def of_one_vintage(tables: dict[str, pl.DataFrame], leading: str) -> list[dict[str, pl.DataFrame]]:
    """Pair the vintages of several tables: for each of the leading one, those of its edition, else the newest.

    Args:
        tables: name -> table with a `source` column (`name@edition`).
        leading: the table whose every vintage is used.

    Returns:
        One set of tables per vintage of the leading one, in the order of their names.
    """
    sets = []
    for source in tables[leading]["source"].unique().sort():
        edition = source.partition("@")[2]
        chosen = {leading: tables[leading].filter(source=source)}
        for name, table in tables.items():
            if name != leading:
                vintages = sorted(table["source"].unique(), key=lambda one: one.partition("@")[2])
                same = [one for one in vintages if one.partition("@")[2] == edition]
                chosen[name] = table.filter(source=(same or vintages)[-1]) if vintages else table
        sets.append(chosen)
    return sets
