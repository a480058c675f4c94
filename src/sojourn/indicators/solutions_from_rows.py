"""Durable solutions from UNHCR's rows: counts, shares, the rate, and the stock-flow line.

By country of asylum, resettlement and the other two solutions face different ways: a return or a
naturalisation ends a stay in `asylum`, a resettled refugee arrives there. So a host's rate leaves
resettlement out, and shares are computed by origin and for the world only.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.displacement import HOSTS, ORIGIN, WORLD, of_one_vintage, side, sums, year_later
from sojourn.indicators.model import Tables
from sojourn.sources.unhcr_population import FALL, LARGE

SOLUTIONS = {
    "returned_refugees": "RETURN",
    "resettlement": "RESETTLEMENT",
    "naturalisation": "NATURALISATION",
}

NO_ERROR = "no error is known"
_UNDER_REPORTED = "naturalisation is under-reported"
_SMALL_COUNTS = f"{NO_ERROR}; sums of UNHCR's rows, in which small counts are rounded to multiples of five"
_KEY = ["area", "side", "period"]


def from_rows(tables: Tables, code: str) -> list[pl.DataFrame]:
    """Compute everything about durable solutions that the rows of UNHCR allow.

    Args:
        tables: kinds `refugee_solutions`, `displaced_population` and `asylum_decisions`; each may be absent.
        code: code of the indicator.

    Returns:
        Frames of the series SJ_REFG_SOLUTIONS, …_SHARE, …_RATE, SJ_REFUGEES and SJ_REFG_STOCK_FLOW.
    """
    frames = []
    people, solutions = tables.get("displaced_population"), tables.get("refugee_solutions")
    if people is not None:
        frames.append(_stock(people))
    if solutions is not None:
        counted = _counts(solutions)
        frames += [_counts_of(counted), _shares(counted)]
    if people is not None and solutions is not None:
        decisions = tables.get("asylum_decisions")
        own = {"solutions": solutions, "people": people}
        own |= {"decisions": decisions} if decisions is not None else {}
        for vintage in of_one_vintage(own, "solutions"):
            counted, stock = _counts(vintage["solutions"]), sums(vintage["people"], ["refugees"])
            recognised = _recognised(vintage["decisions"]) if "decisions" in vintage else None
            frames += [_rate(counted, stock), _stock_flow(counted, stock, recognised)]
    return [frame.with_columns(pl.lit(code).alias("indicator")) for frame in frames if frame.height]


def _stock(people: pl.DataFrame) -> pl.DataFrame:
    """Sum the refugees, and flag what is known to be odd: a stock that all but vanishes within a year."""
    stock = sums(people, ["refugees"]).drop_nulls("refugees")
    before = stock.select("area", "side", year_later(), "source", pl.col("refugees").alias("before"))
    stock = stock.join(before, on=[*_KEY, "source"], how="left", maintain_order="left")
    stock = stock.join(_at_home(people), on=["area", "period", "source"], how="left", maintain_order="left")
    fallen = (
        (pl.col("before") >= LARGE)
        & (pl.col("refugees") < FALL * pl.col("before"))
        & (pl.col("side") == HOSTS)
    ).fill_null(False)
    return stock.select(
        pl.lit("SJ_REFUGEES").alias("series"),
        "area",
        "period",
        side().alias("breakdown"),
        pl.col("refugees").alias("value"),
        pl.lit("NUMBER").alias("unit"),
        pl.when(fallen).then(pl.lit("B")).otherwise(pl.lit("A")).alias("status"),
        "source",
        pl.lit("sum_of_rows/1").alias("method"),
        pl.concat_str(
            pl.lit(_SMALL_COUNTS),
            pl.when(fallen).then(pl.format("; break: {} a year before", "before")).otherwise(pl.lit("")),
            pl.when(pl.col("at_home") > 0)
            .then(pl.format("; {} of them have the country itself as origin", "at_home"))
            .otherwise(pl.lit("")),
        ).alias("note"),
    )


def _at_home(people: pl.DataFrame) -> pl.DataFrame:
    """Count the refugees whose country of asylum is their own: an oddity of the file, which is kept."""
    return (
        people.filter(pl.col("origin") == pl.col("asylum"))
        .group_by("origin", "period", "source")
        .agg(pl.col("refugees").sum().alias("at_home"))
        .rename({"origin": "area"})
    )


def _counts(solutions: pl.DataFrame) -> pl.DataFrame:
    """Sum each solution by host, origin and world, one row each; a solution nobody reported is not there."""
    summed = sums(solutions, list(SOLUTIONS))
    long = summed.unpivot(
        on=list(SOLUTIONS), index=[*_KEY, "source"], variable_name="solution", value_name="people"
    )
    return (
        long.drop_nulls("people")
        .with_columns(pl.col("solution").replace_strict(SOLUTIONS, return_dtype=pl.String))
        .sort(*_KEY, "source", "solution")
    )


def _breakdown() -> pl.Expr:
    return pl.concat_str(
        pl.when(pl.col("side") == ORIGIN).then(pl.lit("SIDE=ORIGIN;")).otherwise(pl.lit("")),
        pl.lit("SOLUTION="),
        "solution",
    )


def _counts_of(counted: pl.DataFrame) -> pl.DataFrame:
    return counted.select(
        pl.lit("SJ_REFG_SOLUTIONS").alias("series"),
        "area",
        "period",
        _breakdown().alias("breakdown"),
        pl.col("people").alias("value"),
        pl.lit("NUMBER").alias("unit"),
        "source",
        pl.lit("sum_of_rows/1").alias("method"),
        pl.lit(f"{_SMALL_COUNTS}; {_UNDER_REPORTED}").alias("note"),
    )


def _shares(counted: pl.DataFrame) -> pl.DataFrame:
    """Share of each solution among the reported ones, in per cent; by origin and for the world."""
    used = counted.filter((pl.col("side") == ORIGIN) | (pl.col("area") == WORLD))
    whole = pl.col("people").sum().over(*_KEY, "source")
    return (
        used.with_columns(whole.alias("whole"))
        .filter(pl.col("whole") > 0)
        .select(
            pl.lit("SJ_REFG_SOLUTIONS_SHARE").alias("series"),
            "area",
            "period",
            _breakdown().alias("breakdown"),
            (100 * pl.col("people") / pl.col("whole")).alias("value"),
            pl.lit("PT").alias("unit"),
            "source",
            pl.lit("share_of_solutions/1").alias("method"),
            pl.lit(f"{NO_ERROR}; {_UNDER_REPORTED}").alias("note"),
        )
    )


def _ended(counted: pl.DataFrame) -> pl.DataFrame:
    """Sum the solutions that end a refugee's stay: all three, for hosts those that leave their stock."""
    host = (pl.col("side") == HOSTS) & (pl.col("area") != WORLD)
    used = counted.filter(~(host & (pl.col("solution") == "RESETTLEMENT")))
    return used.group_by(*_KEY, "source").agg(pl.col("people").sum()).sort(*_KEY, "source")


def _rate(counted: pl.DataFrame, stock: pl.DataFrame) -> pl.DataFrame:
    """Divide the solutions of a year by the refugees at the end of the year before."""
    before = stock.select("area", "side", year_later(), "refugees", pl.col("source").alias("stock_source"))
    both = _ended(counted).join(before, on=_KEY, how="inner", maintain_order="left")
    host = (pl.col("side") == HOSTS) & (pl.col("area") != WORLD)
    own = f"own definition; {NO_ERROR}; {_UNDER_REPORTED}"
    # Where there were no refugees a year ago, there is nobody whom the solutions could be a share of.
    return both.filter(pl.col("refugees") > 0).select(
        pl.lit("SJ_REFG_SOLUTIONS_RATE").alias("series"),
        "area",
        "period",
        side().alias("breakdown"),
        (100 * pl.col("people") / pl.col("refugees")).alias("value"),
        pl.lit("PT").alias("unit"),
        (pl.col("source") + "+" + pl.col("stock_source")).alias("source"),
        pl.when(host)
        .then(pl.lit("solutions_rate/1 [without resettlement]"))
        .otherwise(pl.lit("solutions_rate/1 [all three]"))
        .alias("method"),
        pl.when(host)
        .then(pl.lit(f"{own}; resettlement is counted where people arrive, and left out here"))
        .otherwise(pl.lit(own))
        .alias("note"),
    )


def _recognised(decisions: pl.DataFrame) -> pl.DataFrame:
    persons = decisions.filter(counted="PERSONS")
    return sums(persons, ["recognised"]).select(*_KEY, "recognised", pl.col("source").alias("decisions"))


def _stock_flow(counted: pl.DataFrame, stock: pl.DataFrame, recognised: pl.DataFrame | None) -> pl.DataFrame:
    """Write the stock equation, and what it leaves unexplained; by origin and for the world.

        R_t = R_(t-1) + recognitions - solutions + unexplained

    The unexplained part holds arrivals recognised in groups, births, deaths, corrections and breaks.
    """
    opening = stock.select("area", "side", year_later(), pl.col("refugees").alias("OPENING"))
    lines = stock.select(*_KEY, pl.col("refugees").alias("CLOSING"), "source").join(
        opening, on=_KEY, how="inner"
    )
    lines = lines.filter((pl.col("side") == ORIGIN) | (pl.col("area") == WORLD)).drop_nulls(
        ["OPENING", "CLOSING"]
    )
    ended = _ended(counted).rename({"people": "SOLUTIONS", "source": "solutions_source"})
    lines = lines.join(ended, on=_KEY, how="left")
    if recognised is None:
        lines = lines.with_columns(pl.lit(None, pl.Int64).alias("RECOGNITIONS"))
    else:
        lines = lines.join(recognised.rename({"recognised": "RECOGNITIONS"}), on=_KEY, how="left")
    flows = pl.col("RECOGNITIONS").fill_null(0) - pl.col("SOLUTIONS").fill_null(0)
    lines = lines.with_columns((pl.col("CLOSING") - pl.col("OPENING") - flows).alias("UNEXPLAINED"))
    sources = [name for name in ("source", "solutions_source", "decisions") if name in lines.columns]
    return (
        lines.with_columns(pl.concat_str(sources, separator="+", ignore_nulls=True).alias("source"))
        .unpivot(
            on=["OPENING", "RECOGNITIONS", "SOLUTIONS", "UNEXPLAINED", "CLOSING"],
            index=[*_KEY, "source"],
            variable_name="component",
            value_name="value",
        )
        .drop_nulls("value")
        .sort(*_KEY, "component")
        .select(
            pl.lit("SJ_REFG_STOCK_FLOW").alias("series"),
            "area",
            "period",
            pl.concat_str(pl.lit("COMPONENT="), "component")
            .add(pl.when(pl.col("side") == ORIGIN).then(pl.lit(";SIDE=ORIGIN")).otherwise(pl.lit("")))
            .alias("breakdown"),
            "value",
            pl.lit("NUMBER").alias("unit"),
            "source",
            pl.lit("stock_flow/1").alias("method"),
            pl.lit(f"{NO_ERROR}; flows that nobody reported count as none and stand as unexplained").alias(
                "note"
            ),
        )
    )
