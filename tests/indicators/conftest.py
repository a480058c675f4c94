"""One release of all real files, built once for the tests that hold it against published numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from sojourn.release import Release, build, open_release


@pytest.fixture(scope="session")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    return open_release(build(shared / "data", tmp_path_factory.mktemp("real")).path)
