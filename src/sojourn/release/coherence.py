"""Lays side by side what several sources say of the same number: how far apart, and why.

`differences` asks how well our methods reproduce what is published, and `compare` what changed between two
releases. This asks whether the sources agree among themselves: a computed sum of one agency's rows, another
agency's table, two editions of either.

Each source says one number of each thing (the headline of its methods). Two sources are a pair where one of
them is published, both are computed by the same method, or they have no file in common: two estimators from
the same rows are not two sources. A pair agrees
within the tolerance of the series or half a unit in the last place that is printed, else its difference has a
reason from `coherence.toml`, is a matter of "vintage" (two editions of one source), or is open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from sojourn import observations
from sojourn.observations import PLACE
from sojourn.release.coherence_facts import Facts, Reason, load
from sojourn.release.differences import last_places
from sojourn.release.gate import Release
from sojourn.release.headline import Preferences, preference, preferences

EQUAL, VINTAGE, OPEN = "equal", "vintage", "open"

_EDITIONS = "two editions of the same source"

SCHEMA = pl.Schema(
    {
        **dict.fromkeys(PLACE, pl.String),
        "value": pl.Float64,
        "source": pl.String,
        "other_value": pl.Float64,
        "other_source": pl.String,
        "difference": pl.Float64,
        "relative": pl.Float64,
        "kind": pl.String,
        "reason": pl.String,
        "certainty": pl.String,
        "told_as": pl.String,
        "other_told_as": pl.String,
        "told_breakdown": pl.String,
        "other_told_breakdown": pl.String,
    }
)


def pairs(
    frame: pl.DataFrame,
    tolerances: Mapping[str, float],
    preferred: Preferences | None = None,
    facts: Facts | None = None,
) -> pl.DataFrame:
    """Pair what each two sources say of the same number.

        difference = other - value,    relative = 100 difference / |value|

    Args:
        frame: observations.
        tolerances: series -> largest difference that is none.
        preferred: series -> method names in order of preference.
        facts: aliases and reasons; by default those that ship with the program.

    Returns:
        One row per pair, sorted, with the columns of `SCHEMA`: the older edition or the first name stands
        first; `kind` is "equal", "open", or the kind of the reason; `relative` is null where the first is 0;
        `told_as` and `told_breakdown` name the key under which each source tells it. Simulated numbers are
        never compared.
    """
    facts = facts or load()
    several = _statements(frame, preferred or {}, facts)
    exact = last_places(several.filter(basis=observations.PUBLISHED))
    several = several.join(exact, on=["series", "source"], how="left", maintain_order="left")
    both = several.join(several, on=PLACE, how="inner", suffix="_other")
    both = _two_sources(both.filter(pl.col("source") < pl.col("source_other")))
    difference = pl.col("value_other") - pl.col("value")
    tolerance = pl.max_horizontal(
        pl.col("series").replace_strict(dict(tolerances), default=0.0, return_dtype=pl.Float64),
        "half_unit",
        "half_unit_other",
    )
    both = both.with_columns(
        difference.alias("difference"),
        pl.when(pl.col("value") != 0).then(100 * difference / pl.col("value").abs()).alias("relative"),
        pl.col("value_other").alias("other_value"),
        pl.col("source_other").alias("other_source"),
        pl.col("told_as_other").alias("other_told_as"),
        pl.col("told_breakdown_other").alias("other_told_breakdown"),
        (difference.abs() <= tolerance + 1e-9).alias("agrees"),
    )
    equal = both.filter("agrees").with_columns(_why(EQUAL, "", "").alias("why"))
    apart = both.filter(~pl.col("agrees"))
    names = pl.concat([apart["source"], apart["other_source"]]).unique().sort().to_list()
    apart = apart.with_columns(_explained(facts.reason, names).alias("why"))
    found = pl.concat([equal, apart]).unnest("why").select(SCHEMA.names()).cast(SCHEMA)
    return found.sort(*PLACE, "source", "other_source")


def pairs_of(release: Release, **wanted: Any) -> pl.DataFrame:
    """Pair what the sources of a release say, under the keys of the quantities.

    Args:
        release: an opened release.
        wanted: `area`, `counterpart`, `period` or `series`, as `Release.observations` takes them; a series also
            brings those that tell the same quantity under another name.
    """
    known = release.series()
    if "series" in wanted:
        wanted["series"] = [one for one in same_quantity(wanted["series"]) if one in known]
    tolerances = {code: float(one["tolerance"]) for code, one in known.items()}
    return pairs(release.observations(**wanted), tolerances, preferences(known))


def same_quantity(series: str, facts: Facts | None = None) -> list[str]:
    """List the series that tell the quantity of a series, itself among them.

    >>> same_quantity("SM_POP_TOTL")
    ['SJ_MIGRANT_STOCK', 'SJ_SURVEY_MIGRANT_STOCK', 'SM_POP_TOTL']
    """
    aliases = (facts or load()).alias
    means = {one.means for one in aliases if one.series == series} or {series}
    return sorted({series} | means | {one.series for one in aliases if one.means in means})


def summary(found: pl.DataFrame) -> pl.DataFrame:
    """Count the pairs of each two sources: compared, equal, explained, open, and how far apart they are.

    Returns:
        series, source, other_source, compared, equal, explained, open, median_relative (median of the
        absolute relative differences, per cent), largest_difference (absolute) and reasons, sorted.
    """
    keys = ["series", "source", "other_source"]
    reasons = pl.col("kind").filter(~pl.col("kind").is_in([EQUAL])).unique().sort().str.join(", ")
    return (
        found.group_by(keys)
        .agg(
            pl.len().alias("compared"),
            (pl.col("kind") == EQUAL).sum().alias("equal"),
            (~pl.col("kind").is_in([EQUAL, OPEN])).sum().alias("explained"),
            (pl.col("kind") == OPEN).sum().alias("open"),
            pl.col("relative").abs().median().alias("median_relative"),
            pl.col("difference").abs().max().alias("largest_difference"),
            reasons.alias("reasons"),
        )
        .sort(keys)
    )


def others(found: pl.DataFrame, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give what other sources say of the number of one observation.

    Args:
        found: pairs, as `pairs` gives them.
        row: an observation, with its key.

    Returns:
        One entry per other source: source, series, breakdown, value, difference (the other less this one),
        relative (per cent of this one), kind, reason, certainty.
    """
    same = [pl.col(name) == row[name] for name in PLACE if name not in ("series", "breakdown")]
    at = found.filter(*same)
    listed = []
    for one in at.iter_rows(named=True):
        key = (row["series"], row["breakdown"], row["source"])
        if (one["told_as"], one["told_breakdown"], one["source"]) == key:
            listed.append(_entry(one, "other_", one["difference"], one["value"]))
        elif (one["other_told_as"], one["other_told_breakdown"], one["other_source"]) == key:
            listed.append(_entry(one, "", -one["difference"], one["other_value"]))
    return listed


def _entry(pair: Mapping[str, Any], side: str, difference: float, own: float) -> dict[str, Any]:
    return {
        "source": pair[f"{side}source"],
        "series": pair[f"{side}told_as"],
        "breakdown": pair[f"{side}told_breakdown"],
        "value": pair[f"{side}value"],
        "difference": difference,
        "relative": 100 * difference / abs(own) if own else None,
        "kind": pair["kind"],
        "reason": pair["reason"],
        "certainty": pair["certainty"],
    }


def _statements(frame: pl.DataFrame, preferred: Preferences, facts: Facts) -> pl.DataFrame:
    """Give one number of each source for each thing that several tell, under the key of the quantity."""
    series, text = pl.col("series"), pl.col("breakdown")
    for one in facts.alias:
        told = (pl.col("series") == one.series) & (pl.col("breakdown") == one.breakdown)
        series = pl.when(told).then(pl.lit(one.means)).otherwise(series)
        text = pl.when(told).then(pl.lit(one.means_breakdown)).otherwise(text)
    keyed = frame.drop_nulls("value").with_columns(
        pl.col("series").alias("told_as"),
        pl.col("breakdown").alias("told_breakdown"),
        series.alias("series"),
        text.alias("breakdown"),
    )
    # What only one source tells is most of a release: set aside by one number per key, then exactly. Numbers
    # sort faster than nine words do; unlike keys that share one only let too many through to the exact count.
    several = pl.col("source").n_unique() > 1
    keyed = keyed.with_columns(pl.struct(PLACE).hash().alias("hash")).filter(several.over("hash"))
    keyed = keyed.with_columns(observations.basis(), preference(preferred).alias("rank"))
    keyed = keyed.filter(pl.col("basis") != observations.SIMULATED).filter(several.over(PLACE))
    columns = [*PLACE, "source", "method", "value", "basis", "told_as", "told_breakdown"]
    ordered = keyed.sort("hash", "rank", "method", "told_as", "told_breakdown")
    return ordered.unique([*PLACE, "source"], keep="first", maintain_order=True).select(columns)


def _two_sources(both: pl.DataFrame) -> pl.DataFrame:
    """Keep the pairs of two sources, not of two estimators that share one; `same`: editions of one source.

    Sources are few and pairs many, so names are taken apart once for each two sources.
    """
    names = ["source", "source_other"]
    own, other = _names("source"), _names("source_other")
    kin = both.select(names).unique().sort(names)
    kin = kin.with_columns(
        (own.list.set_intersection(other).list.len() > 0).alias("shared"), (own == other).alias("same")
    )
    published = pl.any_horizontal(pl.col("basis", "basis_other") == observations.PUBLISHED)
    return both.join(kin, on=names, how="left", maintain_order="left").filter(
        published | ~pl.col("shared") | (pl.col("method") == pl.col("method_other"))
    )


def _names(column: str) -> pl.Expr:
    """List the names of the sources, without editions, that a number rests on."""
    return pl.col(column).str.extract_all(r"[a-z_]+@").list.unique().list.sort()


def _explained(reasons: tuple[Reason, ...], names: list[str]) -> pl.Expr:
    """Say of each pair that differs its kind and reason: the first that fits; `names` are all sources."""
    answer = pl.when("same").then(_why(VINTAGE, _EDITIONS, "verified")).otherwise(_why(OPEN, "", ""))
    for reason in reversed(reasons):
        answer = (
            pl.when(_fits(reason, names))
            .then(_why(reason.kind, reason.text, reason.certainty))
            .otherwise(answer)
        )
    return answer


def _why(kind: str, text: str, certainty: str) -> pl.Expr:
    return pl.struct(
        pl.lit(kind).alias("kind"), pl.lit(text).alias("reason"), pl.lit(certainty).alias("certainty")
    )


def _fits(reason: Reason, names: list[str]) -> pl.Expr:
    first, second = (_of(name, names) for name in reason.between)
    forth = pl.col("source").is_in(first) & pl.col("other_source").is_in(second)
    back = pl.col("source").is_in(second) & pl.col("other_source").is_in(first)
    # Seen from the first of `between`, whichever side of the pair it stands on.
    ahead = pl.when(forth).then(pl.col("difference")).otherwise(-pl.col("difference"))
    base = pl.when(forth).then(pl.col("value")).otherwise(pl.col("other_value"))
    conditions = [forth | back, pl.col("series").is_in(reason.series)]
    if reason.told_as:
        conditions.append(pl.any_horizontal(pl.col("told_as", "other_told_as") == reason.told_as))
    if reason.areas:
        conditions.append(pl.col("area").is_in(reason.areas))
    if reason.first:
        conditions.append(pl.col("period").str.slice(0, 4) >= reason.first)
    if reason.last:
        conditions.append(pl.col("period").str.slice(0, 4) <= reason.last)
    if reason.second_is:
        conditions.append(ahead > 0 if reason.second_is == "higher" else ahead < 0)
    if sizes := _sizes(reason, base):
        conditions.append(pl.any_horizontal([ahead.abs() <= size for size in sizes]))
    return pl.all_horizontal(conditions)


def _sizes(reason: Reason, base: pl.Expr) -> list[pl.Expr]:
    relative = [] if reason.at_most is None else [reason.at_most / 100 * base.abs()]
    return relative + ([] if reason.at_most_units is None else [pl.lit(reason.at_most_units)])


def _of(name: str, sources: list[str]) -> list[str]:
    """List the sources that are, or rest on, one of that name (and edition, where the name has one); all of "*"."""
    if name == "*":
        return sources
    pattern = re.compile(rf"(^|\+){re.escape(name)}" + (r"(\+|$)" if "@" in name else "@"))
    return [one for one in sources if pattern.search(one)]
