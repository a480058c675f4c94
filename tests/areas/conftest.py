"""Where the publishers' files are."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    shared = Path(os.environ.get("SOJOURN_SHARED", Path(__file__).parents[2].parent / "shared"))
    if not shared.is_dir():
        pytest.skip(f"SOJOURN_SHARED ({shared}) is absent")
    return shared / "data"
