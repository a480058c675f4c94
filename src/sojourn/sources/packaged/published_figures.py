"""Single published figures, cited one by one, that come with this package.

They serve twice: as check values beside what a release computes, and as the only figures there are where
no rows are public (recruitment cost). `certainty` is "verified" (read in the source) or "memory" (to be
confirmed); it travels in the note of each observation.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sojourn.sources.files import describe
from sojourn.sources.model import InputFile, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW
from sojourn.sources.problems import NO_PROBLEMS
from sojourn.sources.published import published_reading

_FILE = Path(__file__).with_suffix(".csv")


def read() -> list[tuple[InputFile, Reading]]:
    """Read the embedded figures."""
    file = describe(_FILE)
    frame = pl.read_csv(_FILE, schema_overrides={"area": pl.String, "period": pl.String})
    table = frame.with_columns(
        pl.int_range(2, frame.height + 2, dtype=pl.UInt32).alias(ROW),
        pl.when(pl.col("certainty") == "verified")
        .then(pl.col("source"))
        .otherwise(pl.col("source") + " (from memory, to be confirmed)")
        .alias("note"),
        pl.col("counterpart", "breakdown").fill_null(""),
    ).drop("source", "certainty")
    reading = published_reading(RawSheet(file, None, 1, frame), table, NO_PROBLEMS, "1")
    return [(file, reading)]


SOURCE = Source(
    name="published_figures",
    title="Published figures cited in this package",
    publisher="various; each figure names its own",
    licence="single figures, cited",
    citation="see the note of each figure",
    page="",
    table="published_values",
    packaged=read,
)
