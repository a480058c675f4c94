"""One flipped byte anywhere in a release is found."""

from __future__ import annotations

import shutil

import pytest

from sojourn.errors import NotFoundError
from sojourn.release import folder, verify


def test_a_fresh_release_is_sound(built):
    verdict = verify(built.path)
    assert verdict.sound
    assert verdict.files == 6


@pytest.mark.parametrize(
    "name",
    [
        folder.OBSERVATIONS,
        folder.PROBLEMS,
        folder.DIFFERENCES,
        folder.SERIES,
        folder.CHANGELOG,
        folder.MANIFEST,
        folder.CHECKSUMS,
    ],
)
@pytest.mark.parametrize("where", [0.0, 0.37, 0.999])
def test_one_flipped_byte_is_found(built, name, where):
    path = built.path / name
    content = bytearray(path.read_bytes())
    content[int(where * len(content))] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    verdict = verify(built.path)
    assert not verdict.sound
    assert any(name in fault for fault in verdict.faults)


def test_a_missing_and_a_foreign_file_are_found(built):
    (built.path / folder.CHANGELOG).unlink()
    (built.path / "extra.csv").write_text("x")
    assert {f"{folder.CHANGELOG} is missing", "extra.csv is not part of the release"} <= set(
        verify(built.path).faults
    )


def test_a_copy_under_another_name_is_still_checked(built, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(built.path, copy)
    assert verify(copy).sound


def test_no_release(tmp_path):
    with pytest.raises(NotFoundError):
        verify(tmp_path / "nowhere")
    with pytest.raises(NotFoundError):
        verify(tmp_path)
