"""10.7.2: the published categories make the published shares."""

from __future__ import annotations

import shutil

import numpy as np
import polars as pl
import pytest

from sojourn import observations
from sojourn.indicators import migration_policies
from sojourn.indicators.model import Parameters, Tables
from sojourn.methods.migration_policy import CODES
from sojourn.release import build, open_release
from sojourn.sources.simulated import migration_policy_answers as simulated


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


def questionnaire(area: str, source: str, period: str = "2021", **answers: str | None) -> pl.DataFrame:
    """All yes, but for the items named as `i1_1="no"`."""
    given = {code: answers.get("i" + code.replace(".", "_"), "yes") for code in CODES}
    return pl.DataFrame({"item": list(given), "answer": list(given.values())}).with_columns(
        pl.lit(area).alias("area"), pl.lit(period).alias("period"), pl.lit(source).alias("source")
    )


def computed(*tables: pl.DataFrame, published: pl.DataFrame | None = None) -> pl.DataFrame:
    kinds = {"migration_policy_answers": pl.concat(tables)}
    if published is not None:
        kinds["published_values"] = published
    frames = migration_policies.compute(Tables(kinds), Parameters())
    return pl.concat([observations.complete(frame) for frame in frames])


def categories(found: pl.DataFrame, area: str) -> dict[str, float | None]:
    return dict(found.filter(series="SG_CPA_MIGRS", area=area).select("breakdown", "value").rows())


def test_answers_make_the_pattern_that_canada_published():
    # D_1 = 80, the others 100: overall 96.67, category 3; published for 2019 and 2021.
    own = questionnaire(
        "CAN", "migration_policy_answers@to-2021", i1_4="legal_status_only", i1_5="legal_status_only"
    )
    found = observations.validate(computed(own))
    domains = {f"POLICY_DOMAIN=PD_{domain}": 4.0 for domain in range(2, 7)}
    assert categories(found, "CAN") == {"": 3, "POLICY_DOMAIN=PD_1": 3} | domains
    score = found.filter(series="SJ_CPA_SCORE", area="CAN", breakdown="")
    assert score["value"].item() == pytest.approx(96.6667, abs=1e-4)
    assert set(found.filter(area="CAN").select(observations.basis())["basis"]) == {"computed from rows"}


def test_an_unanswered_item_leaves_open_only_what_it_could_change():
    found = observations.validate(computed(questionnaire("CAN", "a@to-2021", i1_1=None, i2_1="no")))
    # All: 28 of 30 yes, one no, one unknown: 93.3 or 96.7, category 3 either way. Domain 1: 80 or 100.
    assert categories(found, "CAN") | {"": 3, "POLICY_DOMAIN=PD_1": None} == categories(found, "CAN")
    score = found.filter(series="SJ_CPA_SCORE", breakdown="").row(0, named=True)
    assert score["value"] is None
    assert score["status"] == "M"
    assert (score["lower"], score["upper"]) == (pytest.approx(280 / 3), pytest.approx(290 / 3))


def test_simulated_answers_never_stand_where_something_real_is_known():
    sim = "migration_policy_answers@simulated-to-2023"
    row = {"series": "SG_CPA_MIGRS", "area": "MEX", "counterpart": "", "period": "2019", "breakdown": "", "value": 2.0, "unit": "NUMBER", "nature": "C", "note": "", "source": "unsdg@x"}  # fmt: skip
    found = computed(
        *(questionnaire(area, sim, "2023") for area in ("MEX", "CAN", "NOR", "FJI")),
        questionnaire("CAN", "migration_policy_answers@to-2021", i2_1="no"),
        published=pl.DataFrame([row]),
    ).with_columns(observations.basis())
    made_up = found.filter(basis="simulated")
    assert set(made_up.filter(series="SG_CPA_MIGRS")["area"]) == {"NOR", "FJI"}
    # Mexico's published category makes a share of the world and of its regions: none is simulated or
    # made of Canada's answers there. Northern Europe and Oceania have none.
    world = found.filter(series="SG_CPA_MIGRP", area="001")
    assert world.select("value", "n", "source").rows() == [(0.0, 1, "unsdg@x")]
    assert {"154", "009"} <= set(made_up.filter(series="SG_CPA_MIGRP")["area"])
    assert made_up["note"].str.contains("SIMULATED|whose answers are at hand").all()


def test_real_and_simulated_answers_are_never_counted_together():
    refused = dict.fromkeys((f"i2_{item}" for item in range(1, 6)), "no") | {"i1_1": "no", "i3_1": "no"}
    found = computed(
        questionnaire("NOR", "migration_policy_answers@simulated-to-2021"),
        questionnaire("CAN", "migration_policy_answers@to-2021", **refused),
    ).with_columns(observations.basis())
    world = found.filter(series="SG_CPA_MIGRP", area="001", breakdown="").sort("basis")
    assert world.select("basis", "value", "n").rows() == [
        ("computed from rows", 0.0, 1),
        ("simulated", 100.0, 1),
    ]


def test_a_release_holds_simulated_categories_labelled_and_no_headline_of_them_over_a_published_one(
    shared, tmp_path
):
    published = "ddf--datapoints--sg_cpa_migrs--by--geo_area--nature--policy_domains--units--year.csv"
    (tmp_path / "data").mkdir()
    shutil.copy(shared / "data/unsdg" / published, tmp_path / "data")
    codes = ["CAN", "ESP", "SGP", "TON"]
    simulated.write(tmp_path / "data" / "answers.csv", codes, 2023, np.random.default_rng(7))
    release = open_release(build(tmp_path / "data", tmp_path / "releases").path)
    every = release.observations(series=["SG_CPA_MIGRS", "SJ_CPA_SCORE", "SG_CPA_MIGRP"])
    marked = every.with_columns(observations.basis()).filter(basis="simulated")
    with_published = set(
        every.filter(pl.col("source").str.starts_with("unsdg"), series="SG_CPA_MIGRS")["area"]
    )
    assert set(marked.filter(series="SG_CPA_MIGRS")["area"]) == set(codes) - with_published
    assert "SGP" in set(marked["area"])
    assert not with_published & set(marked["area"])
    world = release.latest(release.observations(series="SG_CPA_MIGRP", area="001", breakdown=""))
    assert world["value"].item() == pytest.approx(100 * 86 / 138, abs=1e-5)
    assert not world["source"].str.contains("simulated").any()
