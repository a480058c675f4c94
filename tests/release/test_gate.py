"""The gate: which release opens, when, and what it gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

import sojourn
from sojourn import observations
from sojourn.errors import EmbargoError, IntegrityError, NotFoundError
from sojourn.release import Options, build, folder, open_release

MOMENT = datetime(2030, 1, 1, 9, 30, tzinfo=UTC)


def test_open_by_folder_root_name_and_number(built):
    root = built.path.parent
    for text in (built.path, root, str(root)):
        assert sojourn.open_release(text).path == built.path
    for text in (built.path.name, built.path.name[:6], "1", "latest", None):
        assert open_release(text, root=root).path == built.path


def test_unknown_release_names_those_that_exist(built):
    with pytest.raises(NotFoundError) as caught:
        open_release("0009", root=built.path.parent)
    assert built.path.name in str(caught.value)


def test_observations_filter_by_codes_and_names(built):
    release = open_release(built.path)
    by_name = release.observations(indicator="10.c.1", area="United States", counterpart="México")
    by_code = release.observations(indicator="SI_RMT_COST_BC", area="USA", counterpart="MEX")
    assert by_code.schema == observations.SCHEMA
    assert set(by_code["series"]) == {"SI_RMT_COST_BC"}
    assert by_name.height >= by_code.height > 0
    with pytest.raises(NotFoundError):
        release.observations(area="Atlantis")


def test_headline_keeps_one_number_and_prefers_computed(built):
    release = open_release(built.path)
    every = release.observations(series="SI_RMT_COST", area="001", period="2013-Q3", breakdown="")
    assert every.height == 2
    one = release.observations(
        series="SI_RMT_COST", area="001", period="2013-Q3", breakdown="", only_headline=True
    )
    assert one.select(observations.basis()).item() == observations.COMPUTED


def test_latest_never_passes_as_of(small_data, tmp_path):
    from datetime import date

    path = build(small_data, tmp_path / "releases", Options(as_of=date(2014, 6, 30))).path
    release = open_release(path)
    world = release.latest(release.observations(series="SI_RMT_COST", area="001", breakdown=""))
    assert world["period"].to_list() == ["2014-Q2"]


def test_an_embargoed_release_opens_for_nobody_before_its_moment(small_data, tmp_path):
    root = tmp_path / "releases"
    path = build(small_data, root, Options(not_before=MOMENT)).path
    with pytest.raises(EmbargoError):
        open_release(path, now=MOMENT - timedelta(seconds=1))
    with pytest.raises(EmbargoError):
        open_release(root, now=MOMENT - timedelta(seconds=1))
    assert open_release(path, now=MOMENT).path == path


def test_the_newest_release_means_the_newest_that_may_be_read(small_data, tmp_path):
    root = tmp_path / "releases"
    first = build(small_data, root).path
    build(small_data, root, Options(not_before=MOMENT))
    assert open_release(root, now=MOMENT - timedelta(days=1)).path == first
    assert folder.sequence(open_release(root, now=MOMENT).path) == 2


def test_a_damaged_manifest_is_named(built):
    manifest = built.path / folder.MANIFEST
    manifest.chmod(0o644)
    manifest.write_text("{}")
    with pytest.raises(IntegrityError, match="manifest is damaged"):
        open_release(built.path)


def test_series_metadata_is_frozen_with_the_release(built):
    series = open_release(built.path).series()
    assert series["SI_RMT_COST"]["target"] == 3.0
    assert "five percentage *points*" in series["SJ_RMT_5X5"]["explanation"]
    assert set(open_release(built.path).observations()["series"].unique()) <= set(series)


def test_every_breakdown_uses_declared_dimensions_and_codes(built):
    release = open_release(built.path)
    series = release.series()
    pairs = release.observations().select("series", "breakdown").unique()
    for code, text in pairs.filter(pl.col("breakdown") != "").iter_rows():
        declared = {one["name"]: one for one in series[code]["dimensions"]}
        for dimension, value in observations.parse_breakdown(text).items():
            assert dimension in declared, (code, text)
            assert declared[dimension]["open_codes"] or value in declared[dimension]["codes"], (code, text)


def test_every_source_of_the_newest_period_on_request(built):
    release = open_release(built.path)
    world = release.observations(series="SI_RMT_COST", area="001", breakdown="")
    assert release.latest(world).height == 1
    assert release.latest(world, every_source=True)["source"].n_unique() == 2


@pytest.mark.parametrize("name", [folder.OBSERVATIONS, folder.SERIES, folder.PROBLEMS, folder.DIFFERENCES])
def test_a_damaged_file_is_named_by_whoever_reads_it(built, name):
    (built.path / name).chmod(0o644)
    (built.path / name).write_bytes(b"PAR1 and then nothing")
    release = open_release(built.path)
    readers = [release.observations, release.series, release.problems, release.differences]
    failed = []
    for read in readers:
        try:
            read()
        except IntegrityError as error:
            failed.append(str(error.where))
    assert failed
    assert all(name in where for where in failed)


def test_a_manifest_of_a_later_format_is_refused(built):
    manifest = built.path / folder.MANIFEST
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))
    with pytest.raises(IntegrityError, match="later version"):
        open_release(built.path)


def test_an_unknown_series_is_not_an_empty_answer(built):
    with pytest.raises(NotFoundError, match="NOPE"):
        open_release(built.path).observations(series="NOPE")
    with pytest.raises(NotFoundError, match="no series or indicator"):
        open_release(built.path).observations(indicator="99.9.9")
