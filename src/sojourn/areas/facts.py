"""The facts about areas, as read from the small CSV files of this package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

from sojourn.errors import NotFoundError


@cache
def read(file: str) -> pl.DataFrame:
    """Return one of the facts files with every column as text and empty cells as null.

    Types are never inferred: `NA` is Namibia's alpha-2 code, and `004` is not the number four.

    >>> read("countries.csv").filter(area="NAM").item(0, "alpha2")
    'NA'
    """
    return pl.read_csv(files(__package__).joinpath(file).read_bytes(), infer_schema=False)


@cache
def _table() -> pl.DataFrame:
    kinds = {"country": "countries.csv", "former": "former.csv", "simulated": "simulated.csv"}
    countries = pl.concat(read(file).with_columns(kind=pl.lit(kind)) for kind, file in kinds.items()).select(
        "area",
        "kind",
        "name",
        "alpha2",
        "m49",
        "m49_region",
        "m49_sub_region",
        "m49_intermediate_region",
        "sdg_region",
        "worldbank_region",
        "worldbank_income",
        pl.col("g20") == "true",
    )
    regions = read("regions.csv").select(
        pl.col("code").alias("area"),
        "kind",
        "name",
        pl.when(pl.col("code").str.contains(r"^\d+$")).then("code").alias("m49"),
    )
    return pl.concat([countries, regions], how="diagonal").sort("area")


def table() -> pl.DataFrame:
    """Return every area we know: one row each, sorted by code.

    Returns:
        A fresh copy with the columns area, kind (country, former, simulated, region or group), name (the
        short name that the United Nations use in English), alpha2, m49, m49_region, m49_sub_region,
        m49_intermediate_region, sdg_region, worldbank_region, worldbank_income, and g20 (whether the
        state itself is a member). Memberships are null for regions and groups.

    >>> table().filter(area="MEX").select("name", "m49", "sdg_region", "worldbank_region", "g20").row(0)
    ('Mexico', '484', '419', 'WB_LCN', True)
    """
    return _table().clone()


@cache
def known() -> frozenset[str]:
    """Return every area code of ours.

    >>> {"MEX", "XKX", "202", "WB_SSF", "G20"} <= known()
    True
    """
    return frozenset(_table()["area"])


def require(area: str) -> str:
    """Return the code unchanged if it is one of ours.

    Raises:
        NotFoundError: no area has this code.

    >>> require("MEX")
    'MEX'
    """
    if area not in known():
        raise NotFoundError(
            f"No area has the code {area!r}",
            accepted="ISO 3166-1 alpha-3, a three-digit M49 region, a WB_ group or G20",
            advice="Use sojourn.areas.resolve to find an area by its name.",
        )
    return area
