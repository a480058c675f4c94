"""Regimes of portability computed from the files: agreements, rules of hosts, and the stock by origin."""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.errors import UsageError
from sojourn.indicators.model import Tables
from sojourn.methods.portability import share_table
from sojourn.sources.migrant_stock_table import ALL_ORIGINS, ORIGINAL

METHOD, COVERED_METHOD = "regimes_of_corridors/1", "corridors_with_agreement/1"
_UNLISTED = "; migrants of known origin; a pair that the file does not list counts as without agreement"
_NO_ERROR = "no error is known: the share of undocumented migrants is a rough estimate"


def stocks(tables: Tables) -> pl.DataFrame | None:
    """Give the newest revision's stock of each pair of countries, both sexes: origin, destination, period, value."""
    table = tables.get("migrant_stock")
    if table is None:
        return None
    countries = areas.table().filter(pl.col("kind").is_in(["country", "former"]))["area"].to_list()
    pairs = table.filter(
        pl.col("origin") != ALL_ORIGINS,
        pl.col("origin").is_in(countries),
        pl.col("destination").is_in(countries),
        pl.col("origin") != pl.col("destination"),
        measure="stock",
        age="_T",
    )
    if pairs.is_empty():
        return None
    pairs = pairs.filter(source=max(pairs["source"]))
    key = ["origin", "destination", "period"]
    copies = pairs.with_columns((~pl.col("form").is_in(ORIGINAL)).alias("copy"))
    pairs = copies.sort("copy", maintain_order=True).unique([*key, "sex"], keep="first", maintain_order=True)
    told = pairs.filter(sex="_T")
    if told.is_empty():
        women = pairs.filter(sex="F").select(*key, pl.col("value").alias("women"))
        men = pairs.filter(sex="M").join(women, on=key, maintain_order="left")
        told = men.with_columns(pl.col("value") + pl.col("women"))
    return told.select(*key, "value", "source").sort(key)


def chosen_years(periods: pl.Series, asked: tuple[int, ...]) -> list[tuple[int, str]]:
    """Pair each year with the latest stock not after it; without years asked for, those of the stocks.

    >>> chosen_years(pl.Series(["2010", "2015"]), (2013, 1990))
    [(2013, '2010')]
    """
    known = sorted(set(periods.to_list()))
    if not asked:
        return [(int(period), period) for period in known]
    pairs = [(year, [period for period in known if int(period) <= year]) for year in sorted(set(asked))]
    return [(year, before[-1]) for year, before in pairs if before]


def regimes(tables: Tables, years: tuple[int, ...], branch: str) -> pl.DataFrame:
    """Compute shares of the four regimes, and of corridors with an agreement, by host and for the world.

    Args:
        tables: of kinds `migrant_stock`, `social_security_agreements` and, for the regimes, `social_security_hosts`.
        years: for which; empty: the years of the stocks.
        branch: of benefits.

    Raises:
        UsageError: two files give the rules of one host.

    Returns:
        area, period, regime (I … IV; empty: any agreement), value (per cent), source, method, note; no rows
        where a stock or the agreements are missing.
    """
    stock, agreements = stocks(tables), tables.get("social_security_agreements")
    if stock is None or agreements is None:
        return pl.DataFrame()
    hosts = _rules(tables)
    frames = []
    for year, period in chosen_years(stock["period"], years):
        own = stock.filter(period=period)
        lasting = agreements.filter(pl.col("ended").is_null() | (pl.col("ended") >= year))
        place = (
            pl.lit(str(year)).alias("period"),
            pl.lit(f"stock of {period}; branch: {branch}").alias("basis"),
        )
        nobody = own.select(pl.col("destination").unique().sort().alias("area")).with_columns(
            pl.lit(value=False).alias("access"), pl.lit(0.0).alias("undocumented")
        )
        covered = share_table(own, lasting, nobody, year, branch).filter(regime="I")
        covered = covered.with_columns(pl.lit("").alias("regime"), pl.lit(COVERED_METHOD).alias("method"))
        frames.append(covered.with_columns(*place, pl.lit(_sources(own, agreements)).alias("source")))
        if hosts is not None:
            found = share_table(own, lasting, hosts, year, branch)
            found = found.with_columns(pl.lit(METHOD).alias("method"), *place)
            frames.append(found.with_columns(pl.lit(_sources(own, agreements, hosts)).alias("source")))
    if not frames:
        return pl.DataFrame()
    known = pl.concat(frames).filter(pl.col("share").is_not_null())
    held = pl.format("; hosts with {}% of the migrants", pl.col("covered").round(1))
    note = pl.lit(f"{_NO_ERROR}; ") + pl.col("basis") + _UNLISTED
    return known.select(
        "area",
        "period",
        "regime",
        pl.col("share").alias("value"),
        "source",
        "method",
        pl.when(pl.col("area") == "001").then(note + held).otherwise(note).alias("note"),
    )


def _rules(tables: Tables) -> pl.DataFrame | None:
    table = tables.get("social_security_hosts")
    if table is None:
        return None
    if twice := sorted(set(table.filter(pl.col("area").is_duplicated())["area"])):
        raise UsageError(
            f"More than one file of hosts says what holds for {', '.join(twice)}",
            accepted="one file of layout social_security_hosts for each host",
        )
    return table.select("area", "access", "undocumented", "source")


def _sources(*tables: pl.DataFrame) -> str:
    return "+".join(dict.fromkeys(name for table in tables for name in sorted(set(table["source"]))))
