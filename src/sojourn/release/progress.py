"""Computes progress to target from the headline numbers of a release, before it is frozen.

It is no step of an indicator, because it needs the observations of all of them. See
`sojourn.indicators.progress` for what is computed, and `sojourn.methods.progress` for how.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import polars as pl

from sojourn import observations
from sojourn.indicators.model import Series
from sojourn.indicators.progress import CODE, STATE_CODES, ProgressParameters
from sojourn.methods.progress import Target, assess_each
from sojourn.release.headline import headline
from sojourn.release.manifest import BuiltIndicator
from sojourn.release.periods import end_of

_BY = ("series", "area", "counterpart")
_TOTAL = ("sex", "age", "nativity", "citizenship", "legal_status")
_NO_ERROR = "no error is known"


def with_progress(
    frame: pl.DataFrame,
    built: tuple[BuiltIndicator, ...],
    series: Mapping[str, Series],
    rules: ProgressParameters,
    as_of: date,
) -> tuple[pl.DataFrame, tuple[BuiltIndicator, ...]]:
    """Add progress to target to the observations of a build, and say how many numbers it gave.

    Args:
        frame: all observations.
        built: what became of each indicator.
        series: metadata by series code.
        rules: choices of the assessment.
        as_of: day of the judgement.

    Returns:
        The observations with those of SJ_PROGRESS_*, checked and sorted; the list with progress filled in.
    """
    added = progress(frame, series, rules, as_of)
    why = "" if added.height else "no series with a number states a direction"
    outcome = [
        one.model_copy(update={"observations": added.height, "not_built": why})
        if one.indicator == CODE
        else one
        for one in built
    ]
    return observations.validate(pl.concat([frame, added])), tuple(outcome)


def progress(
    frame: pl.DataFrame, series: Mapping[str, Series], rules: ProgressParameters, as_of: date
) -> pl.DataFrame:
    """Assess the total of each series that says which way is better, in every area.

    Returns:
        Observations of the series SJ_PROGRESS_*.
    """
    targets = {code: _target(one, rules) for code, one in series.items() if one.better}
    preferred = {code: one.headline for code, one in series.items() if one.headline}
    used = frame.filter(
        pl.col("series").is_in(list(targets)),
        pl.col("breakdown") == "",
        pl.col("value").is_not_null(),
        *(pl.col(name) == "_T" for name in _TOTAL),
    )
    used = one_a_year(headline(never_mixed(used), preferred), as_of)
    if not used.height:
        return observations.EMPTY
    keys = used.select(_BY).unique(maintain_order=True)
    wanted: dict[tuple[object, ...], Target] = {key: targets[key[0]] for key in keys.iter_rows()}
    assessed = assess_each(used, _BY, wanted, as_of=as_of, level=rules.level)
    behind = _behind(
        used.join(assessed.select(*_BY, "baseline_time"), on=_BY, how="left", maintain_order="left")
    )
    return _observations(assessed.join(behind, on=_BY, how="left", maintain_order="left"), wanted, rules)


def never_mixed(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave simulated numbers out wherever there is a real one: a trend through both would be of nothing.

    Args:
        frame: observations of any series.
    """
    simulated = pl.col("basis") == observations.SIMULATED
    labelled = frame.with_columns(observations.basis())
    return labelled.filter(~simulated | simulated.all().over(_BY)).drop("basis")


def _target(one: Series, rules: ProgressParameters) -> Target:
    year = one.target_year or 2030
    return Target(
        one.target, year, one.better or "lower", rules.baseline_year if year > rules.baseline_year else None
    )


def one_a_year(frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Keep one number a year, not later than `as_of`: the annual one, else the latest within the year.

    A quarter that stands for its year, as the third does in remittance prices, would otherwise count twice.

    Returns:
        The rows with `time`, the middle of their period in decimal years, sorted by series and time.
    """
    periods = frame["period"].unique()
    ended = [period for period in periods if end_of(period) <= as_of]
    if not ended:
        return frame.clear().with_columns(pl.lit(None, pl.Float64).alias("time"))
    middles = {period: middle_of(period) for period in ended}
    dated = frame.filter(pl.col("period").is_in(ended)).with_columns(
        pl.col("period").replace_strict(middles, return_dtype=pl.Float64).alias("time")
    )
    annual = pl.col("period").str.len_chars() == 4
    return (
        dated.with_columns(pl.col("time").floor().alias("_year"), annual.alias("_annual"))
        .sort(*_BY, "_year", "_annual", "time")
        .unique([*_BY, "_year"], keep="last", maintain_order=True)
        .drop("_year", "_annual")
    )


def middle_of(period: str) -> float:
    """Give the middle of a period in decimal years.

    >>> middle_of("2015"), middle_of("2015-Q3"), middle_of("2010/P5Y"), middle_of("2015-S1")
    (2015.5, 2015.625, 2012.5, 2015.25)
    """
    year = int(period[:4])
    if match := re.search(r"/P(\d+)([YM])$", period):
        return year + int(match.group(1)) / (2 if match.group(2) == "Y" else 24)
    if match := re.search(r"-([QS])(\d)$", period):
        return year + (int(match.group(2)) - 0.5) / (4 if match.group(1) == "Q" else 2)
    if match := re.match(r"\d{4}-(\d{2})", period):
        return year + (int(match.group(1)) - 0.5) / 12
    return year + 0.5


def _behind(used: pl.DataFrame) -> pl.DataFrame:
    """Give each series' latest observation and its sources: those since the baseline, else all."""
    counts = (pl.col("time") >= pl.col("baseline_time")).fill_null(True)
    return (
        used.filter(counts)
        .group_by(_BY, maintain_order=True)
        .agg(
            pl.col("period", "unit", "se", "lower", "upper", "level").last().name.prefix("own_"),
            pl.col("source").unique().sort().str.join("+"),
        )
    )


def _observations(
    assessed: pl.DataFrame, targets: Mapping[tuple[object, ...], Target], rules: ProgressParameters
) -> pl.DataFrame:
    frame = assessed.with_columns(
        pl.Series("goal", [targets[key].value for key in assessed.select(_BY).iter_rows()], pl.Float64),
        pl.Series("due", [str(targets[key].year) for key in assessed.select(_BY).iter_rows()], pl.String),
        pl.col("state").replace_strict(STATE_CODES, return_dtype=pl.Float64).alias("code"),
        (100 * pl.col("probability")).alias("chance"),
    )
    goal, own, period = pl.col("goal"), pl.col("own_unit"), pl.col("own_period")
    trend = {"level": pl.lit(rules.level)}
    parts = [
        _part(
            frame,
            "DISTANCE",
            pl.col("distance"),
            own,
            period,
            se=pl.col("own_se"),
            lower=goal - pl.col("own_upper"),
            upper=goal - pl.col("own_lower"),
            level=pl.col("own_level"),
        ),
        _part(frame, "REQUIRED_PACE", pl.col("required_pace"), own, period),
        _part(
            frame,
            "OBSERVED_PACE",
            pl.col("observed_pace"),
            own,
            period,
            lower=pl.col("pace_lower"),
            upper=pl.col("pace_upper"),
            **trend,
        ),
        _part(
            frame,
            "PROJECTION",
            pl.col("projection"),
            own,
            pl.col("due"),
            lower=pl.col("projection_lower"),
            upper=pl.col("projection_upper"),
            **trend,
        ),
        _part(frame, "PROBABILITY", pl.col("chance"), pl.lit("PT"), period),
        _part(frame, "TWO_POINT", pl.col("two_point_ratio"), pl.lit("NUMBER"), period),
        _part(frame, "STATE", pl.col("code"), pl.lit("NUMBER"), period),
    ]
    return pl.concat(parts)


def _part(
    frame: pl.DataFrame, code: str, value: pl.Expr, unit: pl.Expr, period: pl.Expr, **error: pl.Expr
) -> pl.DataFrame:
    """Shape one of the series; rows without a value are left out, and numbers without an error say so."""
    baseline = pl.col("baseline_time").floor().cast(pl.Int64).cast(pl.String)
    own = pl.format("{}; observations since {}: {}", "state", baseline.fill_null("the baseline"), "points")
    invented = pl.col("source").str.contains(observations.SIMULATED, literal=True)
    own = pl.when(invented).then(own + "; of simulated numbers").otherwise(own)
    unknown = pl.all_horizontal(
        [error[name].is_null() for name in ("se", "lower") if name in error] or [True]
    )
    shaped = frame.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit(f"SJ_PROGRESS_{code}").alias("series"),
        "area",
        "counterpart",
        period.alias("period"),
        pl.format("SERIES={}", "series").alias("breakdown"),
        value.alias("value"),
        unit.alias("unit"),
        *(one.alias(name) for name, one in error.items()),
        pl.col("points").alias("n"),
        "source",
        pl.format("progress/1 [{}]", pl.col("model").fill_null("no trend")).alias("method"),
        pl.when(unknown).then(own + f"; {_NO_ERROR}").otherwise(own).alias("note"),
    )
    return observations.complete(shaped.filter(pl.col("value").is_not_null()))
