"""Recruitment cost from tables of items and of workers, by groups, with the rows that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError
from sojourn.methods.recruitment_cost.workers import KINDS, STATISTICS, cost, statistics

Floats = NDArray[np.float64]

Month = Literal["last", "first"]


def cost_table(items: pl.DataFrame) -> pl.DataFrame:
    """Compute what recruitment cost each worker from one row per item.

    Args:
        items: worker, item (its name), kind (paid, refunded, deducted), amount (null: not known).

    Returns:
        worker, paid, refunded, deducted, cost, sorted by worker; null where an amount is not known. A kind
        without a row was asked and not met: 0.

    Raises:
        UsageError: a column or kind is unknown, an item repeats, an amount is negative, or more was refunded
            than paid.

    >>> items = pl.DataFrame({"worker": [1, 1, 2], "item": ["visa", "visa", "fee"],
    ...                       "kind": ["paid", "refunded", "paid"], "amount": [80.0, 30.0, 20.0]})
    >>> cost_table(items)["cost"].to_list()
    [50.0, 20.0]
    """
    _need(items, ("worker", "item", "kind", "amount"))
    if unknown := sorted(set(items["kind"].drop_nulls().to_list()) - set(KINDS)):
        raise UsageError(f"kinds of items {unknown}", accepted=", ".join(KINDS))
    if items.select("worker", "item", "kind").is_duplicated().any() or items["kind"].null_count():
        raise UsageError("an item is given twice for one worker, or has no kind", accepted="one row per item")
    if (broken := items.filter(~(pl.col("amount") >= 0))).height:
        raise UsageError(f"{broken.height} items, the first {broken.row(0)}", accepted="amounts from 0")
    workers = items["worker"].unique().sort()
    place = {worker: at for at, worker in enumerate(workers.to_list())}
    rows = np.array([place[worker] for worker in items["worker"].to_list()], dtype=np.int64)
    amounts = items["amount"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    sums = {
        kind: np.bincount(rows, weights=np.where(items["kind"].to_numpy() == kind, amounts, 0.0))
        for kind in KINDS
    }
    total = cost(sums["paid"].reshape(-1, 1), sums["refunded"], sums["deducted"])
    columns = {kind: pl.Series(values, nan_to_null=True) for kind, values in sums.items()}
    return pl.DataFrame({"worker": workers, **columns, "cost": pl.Series(total, nan_to_null=True)})


def statistics_table(
    workers: pl.DataFrame,
    *,
    month: Month = "last",
    by: Sequence[str] = (),
    weight: str | None = None,
    replicates: Sequence[str] = (),
    factors: ArrayLike | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Compute the statistics of each group of workers, with and without those who paid nothing.

    Args:
        workers: cost (of `cost_table`), earnings_last_month or earnings_first_month, and where recruitment
            cost was taken from that month's wages recovered_last_month or recovered_first_month (added back).
        month: the reference month of the first job abroad.
        by: columns to group by.
        weight: column of weights; everybody counts once where not given.
        replicates, factors: columns of replicate weights and f_r of V = sum f_r (t_r - t)^2.

    Returns:
        The statistics – by, month, zero_cost (kept, left_out), statistic, value (months), se (null without
        replicates: no error is known), n – and the problems: row (from 1), column, value, accepted. Rows
        with a problem are in no statistic.

    Raises:
        UsageError: a column is missing, or replicates and factors do not fit.

    >>> workers = pl.DataFrame({"cost": [100, 0], "earnings_last_month": [100, 50]})
    >>> statistics_table(workers)[0].filter(statistic="MEAN_OF_RATIOS")["value"].to_list()
    [0.5, 1.0]
    """
    earned = f"earnings_{month}_month"
    weights = [] if weight is None else [weight, *replicates]
    _need(workers, ("cost", earned, *by, *weights))
    scales = np.asarray([] if factors is None else factors, float)
    if scales.shape != (len(replicates),) or (len(replicates) and weight is None):
        raise UsageError(
            f"{len(replicates)} replicates, {scales.size} factors", accepted="a weight, and one factor each"
        )
    recovered = f"recovered_{month}_month"
    back = pl.col(recovered) if recovered in workers.columns else pl.lit(0.0)
    rows = workers.with_row_index("row", offset=1).with_columns((pl.col(earned) + back).alias("earned"))
    problems = _problems(rows, earned, weights)
    good = rows.filter(~pl.col("row").is_in(problems["row"].implode()))
    groups = good.partition_by(list(by), as_dict=True) if by else {(): good}
    found = [
        {**dict(zip(by, key, strict=True)), "month": month, **line}
        for key in sorted(groups, key=lambda one: tuple((part is None, str(part)) for part in one))
        for line in _lines(groups[key], weights, scales)
    ]
    schema = {name: workers.schema[name] for name in by}
    return pl.DataFrame(found, schema={**schema, **_COLUMNS}), problems


_COLUMNS = {
    "month": pl.String,
    "zero_cost": pl.String,
    "statistic": pl.String,
    "value": pl.Float64,
    "se": pl.Float64,
    "n": pl.Int64,
}


def _lines(group: pl.DataFrame, weights: list[str], scales: Floats) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = []
    for zero_cost, used in (("kept", group), ("left_out", group.filter(pl.col("cost") > 0))):
        w = used.select(weights).to_numpy() if weights else np.ones((used.height, 1))
        values = statistics(used["cost"].to_numpy(), used["earned"].to_numpy(), w)
        errors = (
            np.sqrt((values[:, 1:] - values[:, :1]) ** 2 @ scales) if scales.size else [None] * len(values)
        )
        for name, value, error in zip(STATISTICS, values[:, 0], errors, strict=True):
            known = not np.isnan(value)
            lines.append(
                {
                    "zero_cost": zero_cost,
                    "statistic": name,
                    "value": float(value) if known else None,
                    "se": float(error) if known and error is not None else None,
                    "n": used.height,
                }
            )
    return lines


_ABOVE = float(np.nextafter(0, 1))


def _problems(rows: pl.DataFrame, earned: str, weights: list[str]) -> pl.DataFrame:
    rules = [
        ("cost", "cost", "a known cost from 0", 0.0),
        (earned, "earned", "known earnings above 0", _ABOVE),
    ]
    rules += [(weights[0], weights[0], "a weight from 0", 0.0)] if weights else []
    rules += [(name, name, "a number", -np.inf) for name in weights[1:]]
    found = []
    for name, column, accepted, lowest in rules:
        value = pl.col(column).cast(pl.Float64)
        known = (value.is_finite() & (value >= lowest)).fill_null(False)
        shown = pl.col(column).cast(pl.String).alias("value")
        found.append(
            rows.filter(~known).select(
                "row", pl.lit(name).alias("column"), shown, pl.lit(accepted).alias("accepted")
            )
        )
    return pl.concat(found).sort("row", "column")


def _need(table: pl.DataFrame, columns: Sequence[str]) -> None:
    if missing := [name for name in columns if name not in table.columns]:
        raise UsageError(f"the table lacks the columns {missing}", accepted=", ".join(columns))
