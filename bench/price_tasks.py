"""What the price benchmark measures of sojourn, each task in a process of its own (see `measure`).

xlsx     the workbook to typed tables, then all averages of 10.c.1
parquet  the same from Parquet
scan     the least that reading can cost: Polars scans the same columns and touches every value
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from measure import Recorder
from price_files import TABLES, WORKBOOK
from sojourn import discovery
from sojourn.indicators import corridor_shares, remittance_cost
from sojourn.indicators.model import Tables
from sojourn.indicators.price_rules import PriceParameters
from sojourn.sources.files import describe
from sojourn.sources.recognise import recognise

USED = (
    "period", "source_code", "destination_code", "firm", "firm_type", "speed actual", "transparent",
    "inter lcu bank fx", "date", "note2", "payment instrument", "access point", "product",
    "sending location", "coverage", "receiving network coverage", "pick-up method", "pickup method",
    *(f"{block} {fact}" for block in ("cc1", "cc2")
      for fact in ("lcu code", "lcu amount", "lcu fee", "lcu fx rate", "fx margin", "total cost %")),
)  # fmt: skip
"""The official columns that the reader of sojourn turns into typed ones."""


def averages(paths: list[Path]) -> None:
    """Read files into the typed table, and compute all averages of 10.c.1."""
    recorder = Recorder()
    known = discovery.sources()
    with recorder.stage("read"):
        readings = [sheet.read() for path in paths for sheet in recognise(describe(path), known)]
        prices = pl.concat([reading.table for reading in readings])
    prices = prices.with_columns(pl.lit(readings[-1].edition).alias("source"))
    with recorder.stage("compute"):
        tables, rules = Tables({"remittance_prices": prices}), PriceParameters()
        frames = [*remittance_cost.compute(tables, rules), *corridor_shares.compute(tables, rules)]
    world = next(
        frame for frame in frames if (frame["area"] == "001").all() and (frame["breakdown"] == "").any()
    )
    plain = world.filter(pl.col("breakdown") == "", pl.col("period").str.contains("Q"))
    recorder.finish(
        quotes=prices.height,
        observations=sum(frame.height for frame in frames),
        edition=readings[-1].edition,
        world=dict(plain.select("period", "value").iter_rows()),
    )


def scan(paths: list[Path]) -> None:
    """Read the columns that sojourn uses, and touch every value of each."""
    recorder = Recorder()
    with recorder.stage("read"):
        total = 0.0
        for path in paths:
            table = pl.read_parquet(
                path, columns=[name for name in pl.read_parquet_schema(path) if name in USED]
            )
            touched = table.select(
                pl.col(pl.String).str.len_bytes().sum(),
                pl.col(pl.Float64, pl.Int64).sum(),
                pl.col(pl.Date).max(),
            )
            total += sum(value for value in touched.row(0) if isinstance(value, int | float))
    recorder.finish(total=total)


if __name__ == "__main__":
    task, folder = sys.argv[1], Path(sys.argv[2])
    tables = [folder / name for name in TABLES]
    if task == "xlsx":
        averages([folder / WORKBOOK])
    elif task == "parquet":
        averages(tables)
    elif task == "scan":
        scan(tables)
    else:
        raise SystemExit(f"No task is called {task!r}: use xlsx, parquet or scan.")
