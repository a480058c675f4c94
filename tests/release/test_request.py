"""A second build with nothing changed is answered at once, and only where nothing has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from sojourn.release import Options, build, folder, request


@pytest.fixture
def forbidden(monkeypatch):
    """Make the build itself fail, so that only the quick answer can pass."""

    def fail(*_):
        raise AssertionError("the build ran")

    monkeypatch.setattr("sojourn.release.making.make", fail)


def test_the_same_question_is_answered_without_building(small_data, built, forbidden):
    again = build(small_data, built.path.parent)
    assert again.unchanged
    assert again.path == built.path


def test_a_changed_byte_is_seen_though_size_and_time_stay(small_data, built, forbidden):
    path = small_data / "prices.csv"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Cedar", b"Cadar"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    with pytest.raises(AssertionError, match="the build ran"):
        build(small_data, built.path.parent)


@pytest.mark.parametrize(
    "options",
    [
        Options(as_of=date(2014, 1, 1)),
        Options(skip_damaged=True),
        Options(packaged=True),
        Options(parameters={"prices": {"transparent_only": False}}),
    ],
)
def test_another_choice_is_another_question(small_data, built, forbidden, options):
    with pytest.raises(AssertionError, match="the build ran"):
        build(small_data, built.path.parent, options)


def test_a_new_or_removed_file_or_name_is_another_question(small_data, built, forbidden):
    out = built.path.parent
    (small_data / "flows_2013.csv").rename(small_data / "flows_2014.csv")
    with pytest.raises(AssertionError, match="the build ran"):
        build(small_data, out)
    (small_data / "flows_2014.csv").unlink()
    with pytest.raises(AssertionError, match="the build ran"):
        build(small_data, out)


def test_other_code_or_libraries_are_another_question(small_data, built, forbidden, monkeypatch):
    monkeypatch.setattr(request, "code_version", lambda: "0.1.0+other")
    with pytest.raises(AssertionError, match="the build ran"):
        build(small_data, built.path.parent)


def test_a_damaged_release_is_no_answer(small_data, built, forbidden):
    damaged = built.path / folder.SERIES
    damaged.chmod(0o644)
    damaged.write_text("{}", encoding="utf-8")
    with pytest.raises(AssertionError, match="the build ran"):
        build(small_data, built.path.parent)


@pytest.mark.parametrize("note", [None, b"", b"\xff\xfe", b"key 0001-00000000\n"])
def test_without_a_note_the_build_looks_for_itself_and_notes_the_answer(small_data, built, note):
    path = built.path.parent / request.NOTE
    written = path.read_bytes()
    path.unlink() if note is None else path.write_bytes(note)
    assert build(small_data, built.path.parent).unchanged
    assert path.read_bytes() == written


def test_a_default_said_aloud_is_the_same_release(small_data, built):
    said = Options(parameters={"prices": {"transparent_only": True}})
    assert build(small_data, built.path.parent, said).unchanged


def imported(code: str) -> set[str]:
    """Run code in a fresh process and tell which heavy libraries it loaded."""
    heavy = "{'polars', 'numpy', 'scipy', 'pydantic', 'httpx', 'babel', 'pyarrow'}"
    code += f"\nimport sys; print('LOADED', *sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split()[1:])


def test_an_answer_without_building_loads_no_heavy_library(small_data, built):
    out: Path = built.path.parent
    code = (
        "from pathlib import Path; from sojourn.release import build\n"
        f"assert build(Path({str(small_data)!r}), Path({str(out)!r})).unchanged"
    )
    assert imported(code) == set()


def test_the_command_itself_loads_no_heavy_library():
    assert imported("import sojourn.cli") == set()
