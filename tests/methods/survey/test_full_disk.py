"""A disk that fills is named as such, and nothing is left behind: temporary files, a cube, packed microdata."""

from __future__ import annotations

import resource
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sojourn.errors import SojournError
from sojourn.methods.survey import Cube, Design, Engine, cube, estimate
from sojourn.methods.survey.packed import pack

SIZE = 60_000
DESIGN = Design.sdr("w", "w1..8")


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    rng = np.random.default_rng(5)
    weight = rng.integers(1, 90, SIZE)
    frame = pl.DataFrame(
        {
            "g": rng.integers(0, 5, SIZE),
            "y": rng.permutation(SIZE) * 7,
            "w": weight,
            **{f"w{r}": weight + rng.integers(-1, 2, SIZE) for r in range(1, 9)},
        }
    )
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    frame.write_parquet(path)
    return path


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte, if this user may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted: a full disk is NOT checked ({mounted.stderr.strip()})")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def files_of_at_most(size):
    """Let no file grow beyond a size: what a quota does."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def refused(make, folder: Path, words="full"):
    before = sorted(folder.iterdir())
    with pytest.raises(SojournError) as found:
        make()
    assert words in str(found.value)
    assert found.value.advice
    assert sorted(folder.iterdir()) == before
    return str(found.value)


def spilling(rows, folder, memory="12MB"):
    """A pass that needs more memory than it may have."""
    return cube(rows, DESIGN, "g", "y", engine=Engine(memory=memory, threads=1, folder=folder))


def test_temporary_files_on_a_full_disk(rows, small_disk):
    told = refused(lambda: spilling(rows, small_disk), small_disk)
    assert "rows.parquet" in told
    assert "larger disk" in told


def test_temporary_files_under_a_quota(rows, tmp_path):
    with files_of_at_most(50_000):
        refused(lambda: spilling(rows, tmp_path), tmp_path)


@pytest.mark.parametrize("limit", [0, 4_000, 100_000])
def test_a_cube_on_a_full_disk(rows, tmp_path, limit):
    made = cube(rows, DESIGN, "g", "y")
    target = tmp_path / "a.arrow"
    kept = made.over("g").ask("mean(y)")
    cube(rows, DESIGN, "g").save(target)
    with files_of_at_most(limit):
        told = refused(lambda: made.save(target), tmp_path)
    assert "a.arrow" in told
    assert Cube.load(target).measures == (), "the cube that was there is still whole"
    assert kept.equals(made.mean())


def test_a_cube_on_a_small_disk(rows, small_disk):
    made = cube(rows, DESIGN, "g", "y")
    refused(lambda: made.save(small_disk / "a.arrow"), small_disk)
    assert cube(rows, DESIGN, "g").save(small_disk / "a.arrow").exists(), "what fits is still written"


@pytest.mark.parametrize("limit", [0, 4_000, 100_000])
def test_packed_microdata_under_a_quota(rows, tmp_path, limit):
    with files_of_at_most(limit):
        told = refused(lambda: pack(rows, DESIGN, ["g", "y"], tmp_path / "a.arrow"), tmp_path)
    assert "cannot be read" not in told


def test_packed_microdata_on_a_small_disk(rows, small_disk):
    refused(lambda: pack(rows, DESIGN, ["g", "y"], small_disk / "a.arrow"), small_disk)


def test_enough_room_is_enough(rows, tmp_path):
    found = spilling(rows, tmp_path, "24MB").mean()
    assert found.equals(estimate(rows, DESIGN, "mean(y)", by="g", engine=Engine(threads=1)))
    assert not list(tmp_path.iterdir())
