"""Which countries belong to which regions and groups."""

from __future__ import annotations

from functools import cache

import polars as pl

from sojourn.areas.facts import read, require
from sojourn.errors import NotFoundError, UsageError

# The column of the facts that places a country, per scheme; the M49 regions nest in one another.
_COLUMNS = {
    "sdg": ["sdg_region"],
    "m49": ["m49_region", "m49_sub_region", "m49_intermediate_region"],
    "worldbank_region": ["worldbank_region"],
    "worldbank_income": ["worldbank_income"],
    "g20": ["g20"],
    "development": ["development"],
}

# Groups that are unions of others, so that the facts need not repeat them.
_UNIONS = {
    "m49": {"420": ["005", "013"]},
    "worldbank_income": {
        "WB_MIC": ["WB_LMC", "WB_UMC"],
        "WB_LMY": ["WB_LIC", "WB_LMC", "WB_UMC"],
    },
}


@cache
def _memberships(scheme: str) -> pl.DataFrame:
    countries = pl.concat([read("countries.csv"), read("former.csv")]).with_columns(
        pl.when(pl.col("g20") == "true").then(pl.lit("G20")).alias("g20")
    )
    # A country may be in several development groups, which its one cell lists.
    direct = pl.concat(
        countries.select("area", pl.col(column).str.split(" ").alias("group"))
        .explode("group", empty_as_null=True)
        .drop_nulls()
        for column in _COLUMNS[scheme]
    )
    unions = [
        direct.filter(pl.col("group").is_in(parts)).select("area", pl.lit(union).alias("group"))
        for union, parts in _UNIONS.get(scheme, {}).items()
    ]
    world = [countries.select("area", pl.lit("001").alias("group"))] if scheme == "m49" else []
    return pl.concat([direct, *unions, *world]).sort("group", "area")


def memberships(scheme: str) -> pl.DataFrame:
    """Return who belongs to what, to be joined when figures are added up over groups.

    The groups of a scheme may overlap (`m49` nests; `WB_LMY` holds `WB_MIC`), except those of `sdg` and
    `worldbank_region`, where each country has one place at most. Former States that official files still
    name are placed too, so that their figures are not lost from a region.

    Args:
        scheme: `sdg`, `m49` (with `001`, the world), `worldbank_region`, `worldbank_income`, `g20`
            or `development` (least developed, landlocked and small island States).

    Returns:
        A fresh table with the columns area (alpha-3) and group, sorted by group and area.

    Raises:
        UsageError: there is no such scheme.

    >>> memberships("g20").height
    19
    """
    if scheme not in _COLUMNS:
        raise UsageError(f"No grouping is called {scheme!r}", accepted=", ".join(_COLUMNS))
    return _memberships(scheme).clone()


@cache
def _members_by_group() -> dict[str, tuple[str, ...]]:
    everything = pl.concat(_memberships(scheme) for scheme in _COLUMNS).unique()
    everything = everything.join(read("former.csv").select("area"), on="area", how="anti")
    grouped = everything.sort("group", "area").group_by("group", maintain_order=True).agg("area")
    return {group: tuple(areas) for group, areas in grouped.iter_rows()}


def members(group: str, *, of: str | None = None) -> tuple[str, ...]:
    """Return the countries in a region or group, sorted by code.

    Args:
        group: the code of a region or group; a country is its own only member.
        of: another region or group, to which the answer is limited.

    Returns:
        Alpha-3 codes.

    Raises:
        NotFoundError: no area has this code, or the World Bank's list for it is not among our facts.

    >>> members("021")
    ('BMU', 'CAN', 'GRL', 'SPM', 'USA')
    >>> members("G20", of="419")
    ('ARG', 'BRA', 'MEX')
    """
    inside = _members(require(group))
    if of is None:
        return inside
    limit = set(_members(require(of)))
    return tuple(area for area in inside if area in limit)


def _members(group: str) -> tuple[str, ...]:
    if group in _members_by_group():
        return _members_by_group()[group]
    if group in read("countries.csv")["area"]:
        return (group,)
    raise NotFoundError(
        f"The members of {group} are not among the facts",
        accepted=", ".join(sorted(_members_by_group())),
        advice="Use the aggregate that the publisher prints for this group.",
    )


def groups_of(area: str) -> tuple[str, ...]:
    """Return every region and group that holds a country, sorted by code.

    Raises:
        NotFoundError: no area has this code.

    >>> groups_of("MEX")
    ('001', '013', '019', '419', '420', 'G20', 'WB_LCN', 'WB_LMY', 'WB_MIC', 'WB_UMC')
    """
    require(area)
    return tuple(sorted(group for group, inside in _members_by_group().items() if area in inside))
