"""10.7.2: the published categories make the published shares."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn import observations
from sojourn.indicators import migration_policies
from sojourn.indicators.model import Parameters, Tables


def test_world_of_2021_is_86_of_138(real):
    # UNSD SG_CPA_MIGRP, World 2021: 62.31884 (acceptance_checks.csv).
    found = real.observations(series="SG_CPA_MIGRP", area="001", period="2021")
    assert found["value"].item() == pytest.approx(100 * 86 / 138, abs=1e-5)
    assert "86 of 138" in found["note"].item()
    sub_saharan = real.observations(series="SG_CPA_MIGRP", area="202", period="2021")["value"].item()
    assert sub_saharan == pytest.approx(100 * 21 / 37, abs=1e-5)


def test_every_published_share_of_2019_comes_out_of_the_categories(real):
    pairs = real.differences().filter(series="SG_CPA_MIGRP", period="2019")
    print(f"{pairs['agrees'].sum()} of {pairs.height} shares agree")
    # 37 areas x 7, all that UNSD published in October 2020.
    assert (pairs.height, int(pairs["agrees"].sum())) == (259, 259)
    world = real.observations(series="SG_CPA_MIGRP", area="001", period="2019", breakdown="")
    world = world.filter(observations.basis() == observations.COMPUTED)
    assert (world["value"].item(), world["n"].item()) == (pytest.approx(100 * 60 / 111), 111)


def test_what_is_no_category_counts_in_neither_number():
    rows = {"area": ["MEX", "NOR", "SWE"], "value": [4.0, 2.0, 7.0]}
    same = {"series": "SG_CPA_MIGRS", "counterpart": "", "period": "2023", "breakdown": "", "unit": "NUMBER", "nature": "C", "note": "", "source": "unsdg@x"}  # fmt: skip
    table = pl.DataFrame(rows).with_columns(pl.lit(value).alias(name) for name, value in same.items())
    frames = migration_policies.compute(Tables({"published_values": table}), Parameters())
    world = frames[-1].filter(area="001")
    assert world.select("value", "n").rows() == [(50.0, 2)]


def test_nothing_gives_nothing():
    assert migration_policies.compute(Tables({}), Parameters()) == []
