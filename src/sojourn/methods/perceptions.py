"""Perceptions of migration: the share of migrants that people imagine, and what they would accept.

The layout is that of the European Social Survey (ESS). Names and labels of the items were read in public copies
of its variable list; question texts are abridged. `noimbro` was asked in rounds 1 and 7 (rotating module; the
rounds, and the codes of missing answers, are from memory).

    imsmetn, imdfetn, impcntr   1 allow many … 4 allow none: of the same group, of another, from poorer countries
    imbgeco, imueclt, imwbcnt   0 bad … 10 good: for the economy, for cultural life, as a place to live
    noimbro                     of every 100 people in the country, how many were born outside it

    perceived share    mean (or median) of noimbro, per cent;   misperception = perceived - actual, points
    accepted           share who answer 1 or 2 (many or some), or 6 to 10, per cent of those who answer
    acceptance 0–100   100 (x - worst) / (best - worst), mean over those who answer

Refusals and "don't know" are no answers: they are counted apart, never as a point of the scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from sojourn.errors import UsageError
from sojourn.methods.paygap.gaps import Flags
from sojourn.methods.paygap.linearised import Estimates, Floats, Linearised, Sampling, estimate, joined, mean
from sojourn.methods.paygap.rif import quantile
from sojourn.methods.paygap.tables import Survey


@dataclass(frozen=True, slots=True)
class Item:
    """A question with an ordered scale.

    Attributes:
        code, label: of the variable.
        worst, best: the answers that reject and that accept most.
        accepting: the answers that count as accepting.
        no_answer: codes of refusal, don't know, no answer, not applicable.
    """

    code: str
    label: str
    worst: int
    best: int
    accepting: tuple[int, ...]
    no_answer: tuple[int, ...]


_MANY = {"worst": 4, "best": 1, "accepting": (1, 2), "no_answer": (6, 7, 8, 9)}
_GOOD = {"worst": 0, "best": 10, "accepting": (6, 7, 8, 9, 10), "no_answer": (66, 77, 88, 99)}

ESS_ITEMS: dict[str, Item] = {
    code: Item(code, label, **scale)  # type: ignore[arg-type]
    for code, label, scale in (
        ("imsmetn", "Allow many/few immigrants of same race/ethnic group as majority", _MANY),
        ("imdfetn", "Allow many/few immigrants of different race/ethnic group from majority", _MANY),
        ("impcntr", "Allow many/few immigrants from poorer countries outside Europe", _MANY),
        ("imbgeco", "Immigration bad or good for country's economy", _GOOD),
        ("imueclt", "Country's cultural life undermined or enriched by immigrants", _GOOD),
        ("imwbcnt", "Immigrants make country worse or better place to live", _GOOD),
    )
}
PERCEIVED_SHARE = "noimbro"
PERCEIVED_NO_ANSWER = (666, 777, 888, 999)


def perceived_share(answers: ArrayLike, how: Sampling | None = None) -> Estimates:
    """Compute the share of migrants that people imagine.

        mean = sum w x / sum w,   median: the lowest x with F(x) >= 1/2

    Args:
        answers: per cent, 0 to 100; NaN for no answer.
        how: the design; equal weights and independent rows where not given.

    Returns:
        mean, median (per cent, of those who answer) and no_answer (per cent of everybody).

    Raises:
        UsageError: answers out of range, or nobody answers.

    Source: ESS, variable noimbro.

    >>> found = perceived_share([10, 20, 60, float("nan")])
    >>> [round(found[name][0], 6) for name in found.names]
    [30.0, 20.0, 25.0]
    """
    x, given = _answers(answers, 0, 100)
    if np.ptp(x[given]) == 0:
        return estimate(lambda w: _of(x, given, w), ["mean", "no_answer"], x.size, how or Sampling())

    def both(w: Floats) -> Linearised:
        two = _of(x, given, w)
        median = quantile(x, w * given, 0.5)
        return joined([two.map(np.array([[1.0, 0.0]])), median, two.map(np.array([[0.0, 1.0]]))])

    return estimate(both, ["mean", "median", "no_answer"], x.size, how or Sampling())


def _of(x: Floats, given: Flags, w: Floats) -> Linearised:
    return joined([mean(x[:, None], w * given), mean(_per_cent(~given), w)])


def misperception(
    perceived: float, perceived_se: float, actual: float, actual_se: float = 0.0
) -> dict[str, tuple[float, float]]:
    """Compare what people imagine with what is.

        difference = p - a,   V = V(p) + V(a);   ratio = p / a,   V = (V(p) + ratio^2 V(a)) / a^2

    Args:
        perceived, perceived_se: per cent.
        actual, actual_se: share of the foreign-born, per cent, of the same population, from another source.

    Returns:
        difference (points) and ratio, each with its standard error.

    Raises:
        UsageError: an actual share that is not positive, or a negative error.

    >>> misperception(30.0, 0.6, 10.0)
    {'difference': (20.0, 0.6), 'ratio': (3.0, 0.06)}
    """
    if not 0 < actual <= 100 or not 0 <= perceived <= 100 or min(perceived_se, actual_se) < 0:
        raise UsageError(f"shares of {perceived} and {actual}", accepted="per cent, the actual one above 0")
    ratio = perceived / actual
    return {
        "difference": (perceived - actual, float(np.hypot(perceived_se, actual_se))),
        "ratio": (ratio, float(np.hypot(perceived_se, ratio * actual_se) / actual)),
    }


def acceptance(answers: ArrayLike, item: Item, how: Sampling | None = None) -> Estimates:
    """Compute how far people accept migrants, by one item.

        accepted = 100 sum w 1[x accepting] / sum w,   score = mean of 100 (x - worst) / (best - worst)

    Args:
        answers: codes of the item; NaN for no answer.
        item: its scale.
        how: the design.

    Returns:
        accepted (per cent of those who answer), score (0 to 100), no_answer (per cent of everybody).

    Raises:
        UsageError: answers that are not on the scale, or nobody answers.

    Source: ESS; the rescaling is our own.

    >>> found = acceptance([1, 2, 3, 4], ESS_ITEMS["imsmetn"])
    >>> [round(found[name][0], 6) for name in found.names]
    [50.0, 50.0, 0.0]
    """
    low, high = sorted((item.worst, item.best))
    x, given = _answers(answers, low, high)
    if np.any(x[given] != np.round(x[given])):
        raise UsageError(f"{item.code}: answers between the points of the scale", accepted="whole numbers")
    accepts = 100.0 * np.isin(x, item.accepting)
    score = 100 * (x - item.worst) / (item.best - item.worst)
    both = np.column_stack([accepts, score])

    def parts(w: Floats) -> Linearised:
        return joined([mean(both, w * given), mean(_per_cent(~given), w)])

    return estimate(parts, ["accepted", "score", "no_answer"], x.size, how or Sampling())


def _per_cent(flags: Flags) -> Floats:
    return np.where(flags[:, None], 100.0, 0.0)


def _answers(answers: ArrayLike, low: float, high: float) -> tuple[Floats, Flags]:
    x = np.asarray(answers, float)
    given = ~np.isnan(x)
    if x.ndim != 1 or not given.any():
        raise UsageError(f"answers of shape {x.shape}, {int(given.sum())} known", accepted="some answers")
    if np.any((x[given] < low) | (x[given] > high)):
        raise UsageError(
            f"answers outside {low:g} to {high:g}", accepted="answers on the scale, NaN for none"
        )
    return np.where(given, x, low), given


def perceptions_table(
    table: pl.DataFrame,
    by: Sequence[str] = (),
    survey: Survey | None = None,
    items: Sequence[str] = (*ESS_ITEMS, PERCEIVED_SHARE),
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Compute every item that a table of answers has, by groups.

    Args:
        table: one row per respondent: items of the ESS by their names, the columns of `by` and of the survey.
        by: country, round … ; each group is taken as a sample of its own.
        survey: weight, strata and clusters, or replicates; errors are null where no design is declared.
        items: the ones that are looked for; those the table does not have are left out.

    Returns:
        by, item, measure, value, se, lower, upper, n (who answer); and the problems: row (from 1), column,
        value, accepted – codes that are on no scale, which are in no estimate.

    Raises:
        UsageError: no item is there, or a column is missing.

    >>> table = pl.DataFrame({"cntry": ["A"] * 4, "imsmetn": [1, 2, 4, 8]})
    >>> perceptions_table(table, ["cntry"])[0].select("measure", pl.col("value").round(2)).rows()
    [('accepted', 66.67), ('score', 55.56), ('no_answer', 25.0)]
    """
    survey = survey or Survey()
    present = [name for name in items if name in table.columns]
    needed = [*by, *survey.columns()]
    if not present or (missing := [name for name in needed if name not in table.columns]):
        raise UsageError(
            "the table has no item, or lacks a column" if not present else f"the table lacks {missing}",
            accepted=", ".join([*items, *needed]),
        )
    rows = table.with_row_index("row", offset=1)
    groups = rows.partition_by(list(by), as_dict=True) if by else {(): rows}
    problems = [_off_scale(rows, name) for name in present]
    found = []
    for key in sorted(groups, key=str):
        for name in present:
            found += [
                {**dict(zip(by, key, strict=True)), "item": name, **line}
                for line in _lines(groups[key], name, survey)
            ]
    schema = {name: table.schema[name] for name in by} | _SCHEMA
    return pl.DataFrame(found, schema=schema), pl.concat(problems).sort("row", "column")


_SCHEMA = {
    "item": pl.String,
    "measure": pl.String,
    "value": pl.Float64,
    "se": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "n": pl.Int64,
}


def _scale(name: str) -> tuple[int, int, tuple[int, ...]]:
    if name == PERCEIVED_SHARE:
        return 0, 100, PERCEIVED_NO_ANSWER
    if name not in ESS_ITEMS:
        raise UsageError(f"item {name!r}", accepted=", ".join([*ESS_ITEMS, PERCEIVED_SHARE]))
    item = ESS_ITEMS[name]
    return min(item.worst, item.best), max(item.worst, item.best), item.no_answer


def _off_scale(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    low, high, none = _scale(name)
    on_scale = pl.col(name).is_between(low, high) | pl.col(name).is_in(none)
    return rows.filter(~on_scale).select(
        "row",
        pl.lit(name).alias("column"),
        pl.col(name).cast(pl.String).alias("value"),
        pl.lit(f"{low} to {high}, or no answer: {', '.join(map(str, none))}").alias("accepted"),
    )


def _lines(group: pl.DataFrame, name: str, survey: Survey) -> list[dict[str, object]]:
    low, high, none = _scale(name)
    used = group.filter(
        pl.col(name).is_null() | pl.col(name).is_between(low, high) | pl.col(name).is_in(none)
    )
    on_scale = pl.col(name).is_between(low, high)
    answers = (
        used.select(pl.when(on_scale).then(pl.col(name)).cast(pl.Float64).alias("x"))["x"].fill_null(
            float("nan")
        )
    ).to_numpy()
    n = int(np.sum(~np.isnan(answers)))
    if n == 0 or used.height < 2:
        return []
    how = survey.sampling(used)
    found = (
        perceived_share(answers, how)
        if name == PERCEIVED_SHARE
        else acceptance(answers, ESS_ITEMS[name], how)
    )
    lower, upper = found.interval()
    if not survey.declared():
        pairs = zip(found.names, found.value, strict=True)
        return [
            {"measure": m, "value": float(v), "se": None, "lower": None, "upper": None, "n": n}
            for m, v in pairs
        ]
    columns = zip(found.names, found.value, found.standard_error, lower, upper, strict=True)
    return [
        {"measure": m, "value": float(v), "se": float(e), "lower": float(a), "upper": float(b), "n": n}
        for m, v, e, a, b in columns
    ]
