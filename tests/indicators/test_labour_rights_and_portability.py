"""8.8.2 and the portability of social security: published figures come out as published."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn.indicators import labour_rights, portability
from sojourn.indicators.model import Parameters, Tables
from sojourn.indicators.published import AS_PUBLISHED
from sojourn.methods import portability as regimes
from sojourn.observations import complete, validate
from sojourn.release.contract import check_declared
from sojourn.sources.packaged import published_figures


@pytest.fixture(scope="module")
def figures() -> Tables:
    ((_, reading),) = published_figures.read()
    return Tables(
        {"published_values": reading.table.with_columns(pl.lit("published_figures@1").alias("source"))}
    )


@pytest.mark.parametrize("module", [labour_rights, portability])
def test_figures_keep_the_contract(module, figures):
    (frame,) = module.compute(figures, module.INDICATOR.parameters())
    checked = validate(complete(frame))
    check_declared(checked, {one.code: one for one in module.INDICATOR.series})
    assert set(checked["method"]) == {AS_PUBLISHED}


@pytest.mark.parametrize("module", [labour_rights, portability])
def test_no_figures_give_no_rows(module):
    assert module.compute(Tables({}), module.INDICATOR.parameters()) == []


@pytest.mark.parametrize(
    ("year", "shares"),
    # Holzmann and Koettl (2015) for 2000; Holzmann and Wels (2018) for 2013.
    [("2000", [22.8, 54.6, 5.1, 17.5]), ("2013", [23.3, 53.2, 9.4, 14.0])],
)
def test_portability_of_the_world(figures, year, shares):
    (frame,) = portability.compute(figures, portability.PortabilityParameters())
    found = frame.filter(period=year, area="001").select("breakdown", "value").rows()
    assert found == [(f"REGIME={name}", share) for name, share in zip(regimes.REGIMES, shares, strict=True)]
    assert sum(shares) == pytest.approx(100, abs=0.2)


def test_the_published_shares_of_2000_are_those_of_the_published_counts(figures):
    (frame,) = portability.compute(figures, portability.PortabilityParameters())
    computed = regimes.shares([42_526_932, 101_863_439, 9_442_852, 32_682_476]).round(1)
    assert frame.filter(period="2000")["value"].to_list() == computed.tolist()


def test_labour_rights_of_the_world(figures):
    # UNSD SL_LBR_NTLCPL, World: 4.55 in 2015, 4.48 in 2021 (published/unsd).
    (frame,) = labour_rights.compute(figures, Parameters())
    world = dict(frame.filter(area="001").select("period", "value").rows())
    assert (world["2015"], world["2021"], len(world)) == (4.55, 4.48, 7)


def test_two_vintages_of_labour_rights_stand_side_by_side(real):
    found = real.observations(series="SL_LBR_NTLCPL", area="001", period="2015")
    assert sorted(found["value"].to_list()) == [3.4, 4.55]
    everything = real.observations(series="SL_LBR_NTLCPL").filter(pl.col("source").str.starts_with("unsdg@"))
    print(f"{everything.height} scores of {everything['area'].n_unique()} areas, {everything['period'].min()} to "
          f"{everything['period'].max()}")  # fmt: skip
    assert everything.height > 400
    assert everything["value"].is_between(0, 10).all()
