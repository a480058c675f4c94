"""Regimes of portability from files. By hand: 100 migrants in Canada, 60 of Mexico and 40 of Morocco."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn.errors import UsageError
from sojourn.indicators import portability
from sojourn.indicators.model import Tables
from sojourn.observations import complete, validate
from sojourn.release import Options, build, open_release
from sojourn.release.contract import check_declared
from sojourn.release.country import profile


def stock(*rows: tuple[str, str, str, float, str]) -> pl.DataFrame:
    names = ["origin", "destination", "period", "value", "sex"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.lit("stock").alias("measure"), pl.lit("_T").alias("age"), pl.lit("pairs").alias("form"),
        pl.lit("desa@2024").alias("source"), pl.lit(2).alias("row"),
    )  # fmt: skip


STOCK = stock(
    ("MEX", "CAN", "2010", 60, "_T"), ("MAR", "CAN", "2010", 40, "_T"), ("OTHERS", "CAN", "2010", 99, "_T"),
    ("MEX", "CAN", "2015", 60, "_T"), ("MAR", "CAN", "2015", 40, "_T"), ("CAN", "MEX", "2015", 100, "_T"),
)  # fmt: skip
AGREEMENTS = pl.DataFrame(
    [("CAN", "MEX", "pension", 1996, 2013), ("MAR", "CAN", "pension", 2012, None), ("CAN", "MAR", "health", 1990, None)],
    schema=["area", "partner", "branch", "in_force", "ended"], orient="row",
).with_columns(pl.lit("treaties@1").alias("source"), pl.lit(2).alias("row"))  # fmt: skip
HOSTS = pl.DataFrame(
    {"area": ["CAN"], "access": [True], "undocumented": [0.1], "source": ["hosts@1"], "row": [2]}
)


def results(asked: portability.PortabilityParameters | None = None, **tables: pl.DataFrame) -> pl.DataFrame:
    frames = portability.compute(Tables(tables), asked or portability.PortabilityParameters())
    if not frames:
        return pl.DataFrame()
    found = validate(pl.concat([complete(frame) for frame in frames]))
    check_declared(found, {one.code: one for one in portability.INDICATOR.series})
    return found


def shares(found: pl.DataFrame, area: str, period: str) -> list[float]:
    own = found.filter(series="SJ_PORTABILITY", area=area, period=period).sort("breakdown")
    return own["value"].round(9).to_list()


def test_shares_by_hand():
    found = results(migrant_stock=STOCK, social_security_agreements=AGREEMENTS, social_security_hosts=HOSTS)
    # 2010: only Mexico's 60: 0.9 * 60, 0.9 * 40, 0, 10. 2015: Mexico's ended, Morocco's holds.
    assert shares(found, "CAN", "2010") == [54, 36, 0, 10]
    assert shares(found, "CAN", "2015") == [36, 54, 0, 10]
    # Mexico as a host has no rule: no regimes for it, and the world says how many it leaves out.
    assert shares(found, "MEX", "2015") == []
    world = found.filter(series="SJ_PORTABILITY", area="001", period="2015")
    assert world["note"].str.contains("hosts with 50.0% of the migrants").all()
    assert set(found["source"]) == {"desa@2024+treaties@1", "desa@2024+treaties@1+hosts@1"}


def test_with_agreements_alone_only_their_corridors_are_known():
    found = results(migrant_stock=STOCK, social_security_agreements=AGREEMENTS)
    assert set(found["series"]) == {"SJ_PORTABILITY_AGREEMENT"}
    covered = {(row["area"], row["period"]): row["value"] for row in found.iter_rows(named=True)}
    assert covered == {
        ("CAN", "2010"): 60, ("001", "2010"): 60, ("CAN", "2015"): 40, ("MEX", "2015"): 0, ("001", "2015"): 20,
    }  # fmt: skip


def test_two_files_about_one_host_are_an_error():
    both = pl.concat([HOSTS, HOSTS])
    with pytest.raises(UsageError, match="CAN"):
        results(migrant_stock=STOCK, social_security_agreements=AGREEMENTS, social_security_hosts=both)


def test_any_year_and_branch_can_be_asked_for():
    asked = portability.PortabilityParameters(years=(2012, 1990), branch="pension")
    found = results(asked, migrant_stock=STOCK, social_security_agreements=AGREEMENTS)
    assert found.filter(area="CAN").select("period", "value").rows() == [("2012", 100.0)]
    assert "stock of 2010" in found["note"][0]
    health = portability.PortabilityParameters(years=(2012,), branch="health")
    found = results(health, migrant_stock=STOCK, social_security_agreements=AGREEMENTS)
    assert found.filter(area="CAN")["value"].to_list() == [40]


def test_women_and_men_are_added_where_no_total_is_given():
    sexes = stock(
        ("MEX", "CAN", "2010", 30, "F"), ("MEX", "CAN", "2010", 30, "M"), ("MAR", "CAN", "2010", 40, "F")
    )
    found = results(migrant_stock=sexes, social_security_agreements=AGREEMENTS)
    # Morocco's men are not known, so its stock is not told, and nothing is made up for it.
    assert found.filter(area="CAN")["value"].to_list() == [100]


@pytest.mark.parametrize("missing", ["migrant_stock", "social_security_agreements"])
def test_without_a_file_nothing_is_computed(missing):
    tables = {
        "migrant_stock": STOCK,
        "social_security_agreements": AGREEMENTS,
        "social_security_hosts": HOSTS,
    }
    assert results(**{kind: table for kind, table in tables.items() if kind != missing}).is_empty()


def test_a_build_without_agreements_says_what_to_supply(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "ny.gdp.mktp.cd.csv").write_text("Country Name,Country Code,Year,Value\nMexico,MEX,2020,1e12\n")
    release = open_release(build(data, tmp_path / "out", Options()).path)
    gaps = {gap.series: gap for gap in profile(release, "Mexico").gaps}
    assert gaps["SJ_PORTABILITY_AGREEMENT"].why == "no source in this release"
    assert any("social_security_agreements" in source for source in gaps["SJ_PORTABILITY"].sources)
