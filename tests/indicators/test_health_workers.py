"""3.c.1: the cited figures, and that a jump is named."""

from __future__ import annotations

import polars as pl

from sojourn import observations
from sojourn.indicators import health_workers
from sojourn.indicators.model import Parameters, Tables
from sojourn.sources.packaged import published_figures


def density() -> pl.DataFrame:
    ((_, reading),) = published_figures.read()
    tables = Tables(
        {"published_values": reading.table.with_columns(pl.lit("published_figures@1").alias("source"))}
    )
    (frame,) = health_workers.compute(tables, Parameters())
    return observations.validate(observations.complete(frame))


def test_newest_figures_of_five_countries():
    found = density()
    assert found.height == 20
    # UNSD SH_MED_DEN, Norway 2021: 51.68 doctors and 188.93 nurses and midwives per 10,000 people.
    norway = dict(found.filter(area="NOR", period="2021").select("breakdown", "value").rows())
    assert norway["OCCUPATION=ISCO08_221"] == 51.68
    assert norway["OCCUPATION=ISCO08_222_322"] == 188.93


def test_jumps_are_named():
    sweden = density().filter(area="SWE", breakdown="OCCUPATION=ISCO08_221").row(0, named=True)
    assert (sweden["period"], sweden["value"]) == ("2020", 70.62)
    assert "jump: 42.9 in 2019, 70.62 in 2020" in sweden["note"]
    finland = density().filter(area="FIN")
    assert finland["note"].str.contains("jump").all()
    assert not density().filter(area="NOR")["note"].str.contains("jump").any()


def test_nothing_gives_nothing():
    assert health_workers.compute(Tables({}), Parameters()) == []
