"""Building a release: what it holds, that nothing is done twice, that the same input gives the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.release.conftest import service

from sojourn.errors import BusyError, DamagedError, LayoutError, ReleaseError, SourceError, UsageError
from sojourn.release import Built, Options, build, folder, open_release, verify


def value(path: Path, series: str, area: str, **where: str) -> float:
    found = open_release(path).observations(series=series, area=area, only_headline=True)
    return found.filter(**({"breakdown": "", "period": "2013-Q3"} | where))["value"].item()


def test_averages_of_the_small_file(built):
    assert value(built.path, "SI_RMT_COST_BC", "USA", counterpart="MEX") == pytest.approx(5.0)
    assert value(built.path, "SI_RMT_COST", "IND") == pytest.approx(9.0)
    # Russia counts in its corridor and region, not in the Global Average.
    assert value(built.path, "SI_RMT_COST", "001", breakdown="AMOUNT=500") == pytest.approx(3.5)
    computed = open_release(built.path).observations(series="SI_RMT_COST", area="001", period="2013-Q3")
    computed = computed.filter(pl.col("source").str.starts_with("rpw@"), breakdown="")
    assert computed["value"].item() == pytest.approx(7.0)
    assert value(built.path, "SI_RMT_COST_BC", "RUS", counterpart="UZB") == pytest.approx(1.0)


def test_spent_amount_and_its_imputed_share(built):
    # 1000 x 5 % + 500 x 9 % + 100 x 9 % (Germany to India at India's price)
    assert value(built.path, "SJ_RMT_COST_SPENT", "001", period="2013") == pytest.approx(104.0)
    priced = {"period": "2013", "breakdown": "COVERAGE=PRICED"}
    assert value(built.path, "SJ_RMT_COST_SPENT", "001", **priced) == pytest.approx(95.0)
    assert value(built.path, "SJ_RMT_COVERAGE", "001", period="2013") == pytest.approx(100 * 1500 / 1600)
    assert value(built.path, "SJ_RMT_IMPUTED", "001", period="2013") == pytest.approx(100 * 9 / 104)
    assert value(built.path, "SJ_RMT_SAVING_5", "001", **priced) == pytest.approx(20.0)


def test_the_manifest_lists_what_was_rejected_and_why(built):
    release = open_release(built.path)
    prices = next(one for one in release.manifest.inputs if one.file == "prices.csv")
    assert prices.rows == 6
    assert prices.rejected_rows == 1
    problem = release.problems().filter(file="prices.csv", action="rejected").row(0, named=True)
    assert (problem["row"], problem["column"], problem["value"]) == (7, "destination_code", "ZZZ")
    assert "alpha-3" in problem["accepted"]


def test_indicators_without_their_files_say_what_is_missing(built):
    outcomes = {one.name: one for one in open_release(built.path).manifest.indicators}
    population = outcomes["Population at mid-year"]
    assert population.observations == 0
    assert "wpp" in " ".join(population.missing)


def test_a_second_build_does_nothing(small_data, built):
    before = {path: path.stat().st_mtime_ns for path in built.path.iterdir()}
    again = build(small_data, built.path.parent)
    assert again.unchanged
    assert again.path == built.path
    assert before == {path: path.stat().st_mtime_ns for path in built.path.iterdir()}


def test_a_changed_file_makes_a_new_release_with_a_changelog(small_data, built):
    prices = small_data / "prices.csv"
    prices.write_text(
        prices.read_text().replace("Cedar,Money", "Oak,Money", 1) + service(7, "USA", "MEX", "Elm", 8.0)
    )
    again = build(small_data, built.path.parent)
    assert not again.unchanged
    assert folder.sequence(again.path) == 2
    text = open_release(again.path).changelog()
    assert f"Against {built.path.name}" in text
    assert "file changed: prices.csv" in text
    assert "SI_RMT_COST_BC | USA | MEX | 2013-Q3" in text


def test_a_parameter_changes_the_number_and_says_so(small_data, tmp_path):
    options = Options(parameters={"prices": {"world_excludes_senders": []}})
    path = build(small_data, tmp_path / "other", options).path
    found = open_release(path).observations(series="SI_RMT_COST", area="001", period="2013-Q3", breakdown="")
    computed = found.filter(pl.col("source").str.starts_with("rpw@"))
    assert computed["value"].item() == pytest.approx(29 / 5)
    assert "without" not in computed["method"].item()


@pytest.mark.parametrize(
    "parameters",
    [
        {"price": {}},
        {"prices": {"transparant_only": True}},
        {"prices": {"level": 95}},
        {"prices": {"annual_quarter": 5}},
    ],
)
def test_a_parameter_that_does_not_exist_is_refused(small_data, tmp_path, parameters):
    with pytest.raises(UsageError):
        build(small_data, tmp_path / "releases", Options(parameters=parameters))
    assert not folder.releases(tmp_path / "releases")


def test_as_of_is_the_last_day_observed_unless_given(small_data, tmp_path):
    assert open_release(build(small_data, tmp_path / "a").path).manifest.as_of == date(2025, 9, 30)
    given = Options(as_of=date(2014, 1, 1))
    assert open_release(build(small_data, tmp_path / "b", given).path).manifest.as_of == date(2014, 1, 1)


def build_elsewhere(data: Path, out: Path, **environment: str) -> dict[str, bytes]:
    code = "import sys; from pathlib import Path; from sojourn.release import build; "
    code += "print(build(Path(sys.argv[1]), Path(sys.argv[2])).path)"
    run = subprocess.run(
        [sys.executable, "-c", code, str(data), str(out)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    path = Path(run.stdout.strip())
    return {one.name: one.read_bytes() for one in path.iterdir()} | {"name": path.name.encode()}


def test_the_same_input_gives_the_same_bytes_anywhere(small_data, tmp_path):
    one = build_elsewhere(
        small_data, tmp_path / "a", TZ="UTC", PYTHONHASHSEED="1", POLARS_MAX_THREADS="1", LC_ALL="C"
    )
    other = build_elsewhere(
        small_data,
        tmp_path / "b",
        TZ="Asia/Tokyo",
        PYTHONHASHSEED="2",
        POLARS_MAX_THREADS="4",
        LC_ALL="C.UTF-8",
    )
    assert one == other


def test_two_builds_at_once_are_refused(small_data, tmp_path):
    out = tmp_path / "releases"
    with folder.locked(out), pytest.raises(BusyError, match="Another build"):
        build(small_data, out)
    assert build(small_data, out).path.is_dir()


def test_what_a_crash_left_is_cleared_away(small_data, tmp_path):
    left = tmp_path / "releases" / ".building-dead"
    left.mkdir(parents=True)
    (left / "observations.parquet").write_bytes(b"half")
    build(small_data, tmp_path / "releases")
    assert not left.exists()


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interrupted_publish_leaves_the_old_release_whole(small_data, built, monkeypatch, interruption):
    (small_data / "flows_2013.csv").write_text(
        "sending,receiving,usd_million,send_iso3,recv_iso3\nGermany,India,7,DEU,IND\n"
    )

    def fail(*_: object, **__: object) -> None:
        raise interruption

    monkeypatch.setattr(Path, "rename", fail)
    expected = KeyboardInterrupt if interruption is KeyboardInterrupt else ReleaseError
    with pytest.raises(expected) as caught:
        build(small_data, built.path.parent)
    if expected is ReleaseError:
        assert "disk is full" in str(caught.value)
    monkeypatch.undo()
    assert folder.releases(built.path.parent) == [built.path]
    assert not list(built.path.parent.glob(".building-*"))
    assert verify(built.path).sound


def run_limited(data: Path, out: Path, largest: int) -> subprocess.CompletedProcess[str]:
    """Build in a process whose files may not grow beyond a size: the kernel refuses as a full disk does."""
    code = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({largest}, {largest}))
from sojourn.cli import main
main(["build", "--data", sys.argv[1], "--out", sys.argv[2]])
"""
    command = [sys.executable, "-c", code, str(data), str(out)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("largest", [300, 3_000, 12_000])
def test_a_disk_that_refuses_is_an_error_and_nothing_is_published(small_data, tmp_path, largest):
    pytest.importorskip("resource", reason="limits on file size are a matter of POSIX systems")
    ended = run_limited(small_data, tmp_path / "out", largest)
    assert ended.returncode == 1
    assert "The release cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not folder.releases(tmp_path / "out")
    assert not list((tmp_path / "out").glob(".building-*"))


def test_ctrl_c_says_that_nothing_was_published(small_data, tmp_path):
    code = "import sys; from sojourn.cli import main; from sojourn.release import gather; "
    code += "gather._read_file = lambda *a: (print('reading', flush=True), __import__('time').sleep(30)); "
    code += "main(['build', '--data', sys.argv[1], '--out', sys.argv[2]])"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(small_data), str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "stopped; nothing was published" in told
    assert not folder.releases(tmp_path / "out")


def test_building_heals_a_damaged_release(small_data, built):
    damaged = built.path / folder.OBSERVATIONS
    content = bytearray(damaged.read_bytes())
    content[500] ^= 1
    damaged.chmod(0o644)
    damaged.write_bytes(content)
    again = build(small_data, built.path.parent)
    assert not again.unchanged
    assert verify(again.path).sound


@pytest.mark.parametrize("name", [folder.MANIFEST, folder.OBSERVATIONS])
def test_a_damaged_release_before_does_not_hinder_the_next(small_data, built, name):
    (built.path / name).chmod(0o644)
    (built.path / name).write_bytes(b"{}")
    (small_data / "flows_2011.csv").write_text(
        "sending,receiving,usd_million,send_iso3,recv_iso3\nGermany,India,7,DEU,IND\n"
    )
    again = build(small_data, built.path.parent)
    assert "is damaged and could not be compared" in open_release(again.path).changelog()


def test_releases_inside_the_data_folder_are_no_input(small_data):
    first = build(small_data, small_data / "releases")
    assert build(small_data, small_data / "releases") == Built(first.path, unchanged=True)


def test_a_release_under_embargo_leaks_nothing_into_the_next_changelog(small_data, tmp_path):
    moment = datetime(2999, 1, 1, tzinfo=UTC)
    build(small_data, tmp_path / "out", Options(not_before=moment))
    options = Options(parameters={"prices": {"world_excludes_senders": []}})
    text = open_release(build(small_data, tmp_path / "out", options).path).changelog()
    assert "numbers changed" in text
    assert "before | after" not in text


def test_a_moment_without_a_time_zone_is_refused(small_data, tmp_path):
    with pytest.raises(UsageError, match="time zone"):
        build(small_data, tmp_path / "out", Options(not_before=datetime(2999, 1, 1)))


def test_a_build_killed_at_any_moment_publishes_all_or_nothing(small_data, tmp_path):
    """SIGKILL at four moments: what is visible afterwards is always whole."""
    out = tmp_path / "releases"
    code = "import sys; from pathlib import Path; from sojourn.release import build; build(Path(sys.argv[1]), Path(sys.argv[2]))"
    for patience in (0.6, 1.0, 1.4, 2.0):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(small_data), str(out)], stderr=subprocess.DEVNULL
        )
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for release in folder.releases(out):
            assert verify(release).sound
    assert build(small_data, out).path.is_dir()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("data.xlsx", b"<!DOCTYPE html><html><body>503</body></html>", DamagedError),
        ("empty.csv", b"", DamagedError),
        ("half.xlsx", b"PK\x03\x04 and then nothing", DamagedError),
        ("half.parquet", b"PAR1 and then nothing", DamagedError),
        ("renamed.csv", b"period,source_code,destination_code,firm,product,cc1 total costs %\n", LayoutError),
    ],
)
def test_a_damaged_file_stops_the_build_unless_told_otherwise(small_data, tmp_path, name, content, error):
    (small_data / name).write_bytes(content)
    with pytest.raises(error) as caught:
        build(small_data, tmp_path / "releases")
    assert name in str(caught.value)
    assert not folder.releases(tmp_path / "releases")
    release = open_release(build(small_data, tmp_path / "releases", Options(skip_damaged=True)).path)
    left_out = {one.file: one.left_out for one in release.manifest.inputs if one.left_out}
    assert name in left_out


def test_the_same_bytes_twice_count_once(small_data, tmp_path):
    (small_data / "copy.csv").write_bytes((small_data / "prices.csv").read_bytes())
    release = open_release(build(small_data, tmp_path / "releases").path)
    left_out = [one for one in release.manifest.inputs if one.left_out]
    assert [one.left_out for one in left_out] == ["the same bytes as copy.csv"]


def test_two_vintages_of_one_edition_stand_side_by_side(small_data, tmp_path):
    other = (small_data / "prices.csv").read_text().replace(",4.0,500", ",5.0,500")
    (small_data / "prices_revised.csv").write_text(other)
    release = open_release(build(small_data, tmp_path / "releases").path)
    corridor = release.observations(series="SI_RMT_COST_BC", area="USA", period="2013-Q3", breakdown="")
    assert sorted(corridor["value"]) == [5.0, 5.5]
    assert corridor["source"].n_unique() == 2


def test_no_folder_and_an_empty_folder_say_what_to_do(tmp_path):
    with pytest.raises(SourceError, match="no such data folder"):
        build(tmp_path / "nowhere", tmp_path / "releases")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="no data file"):
        build(tmp_path / "empty", tmp_path / "releases")


def test_a_folder_that_may_not_be_written_is_named(small_data, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(ReleaseError, match="cannot be written"):
        build(small_data, blocked)


def test_what_would_have_brought_figures_is_named(built):
    outcomes = {one.indicator: one for one in open_release(built.path).manifest.indicators}
    deaths = outcomes["10.7.3"]
    # Packaged figures meet its need, but none is of deaths.
    assert (deaths.observations, deaths.not_built) == (0, "the files hold no figure for it")
    assert "missing_migrants" in " ".join(deaths.missing)
