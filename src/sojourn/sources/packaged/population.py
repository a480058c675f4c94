"""World Population Prospects 2024 by age and sex, as the package `bokeh-sampledata` ships it.

Kind `population`, every fifth year, summed over ages; years after 2023 are the medium projection.

Source: United Nations, DESA, Population Division (2024), World Population Prospects 2024 (CC BY 3.0 IGO).
"""

from __future__ import annotations

from importlib import metadata, resources
from pathlib import Path

import polars as pl

from sojourn.sources.files import describe
from sojourn.sources.model import InputFile, Reading, Source
from sojourn.sources.parsing import ROW, area
from sojourn.sources.wpp import COLUMNS, LAST_ESTIMATE


def read() -> list[tuple[InputFile, Reading]]:
    """Read the package's table; none if the package is not installed."""
    try:
        path = Path(str(resources.files("bokeh_sampledata"))) / "_data" / "population.csv.gz"
    except ModuleNotFoundError:
        return []
    frame = pl.read_csv(path, columns=["LocID", "Year", "Sex", "Value"], infer_schema_length=None)
    by_sex = frame.group_by("LocID", "Year", "Sex", maintain_order=True).agg(pl.col("Value").sum())
    both = by_sex.group_by("LocID", "Year", maintain_order=True).agg(pl.col("Value").sum())
    stacked = pl.concat(
        [both.with_columns(pl.lit("_T").alias("Sex")).select(by_sex.columns), by_sex]
    ).with_columns(pl.col("Sex").replace({"Male": "M", "Female": "F"}))
    table = stacked.with_columns(
        area("wpp")(stacked["LocID"].cast(pl.String)).alias("area"),
        pl.col("Year").cast(pl.String).alias("period"),
        pl.col("Sex").alias("sex"),
        pl.col("Value").cast(pl.Float64).alias("value"),
        pl.when(pl.col("Year") <= LAST_ESTIMATE["2024"])
        .then(pl.lit("estimates"))
        .otherwise(pl.lit("medium"))
        .alias("variant"),
        pl.lit(None, pl.UInt32).alias(ROW),
    )
    unmapped = table.filter(pl.col("area").is_null())["LocID"].n_unique()
    version = metadata.version("bokeh-sampledata")
    file = describe(path)
    file = InputFile(path, f"package bokeh-sampledata {version}", file.size, file.sha256)
    reading = Reading(
        table=table.drop_nulls("area").select(COLUMNS),
        edition="2024",
        rows=frame.height,
        notes=(f"{unmapped} locations are neither ISO 3166 areas nor M49 regions",) if unmapped else (),
    )
    return [(file, reading)]


SOURCE = Source(
    name="wpp_packaged",
    title="World Population Prospects 2024, every fifth year (package bokeh-sampledata)",
    publisher="UN DESA, Population Division",
    licence="CC BY 3.0 IGO",
    citation="United Nations, DESA, Population Division (2024), World Population Prospects 2024",
    page="https://population.un.org/wpp/",
    table="population",
    packaged=read,
)
