"""Where the real files are: tests that need them are skipped, loudly, where they are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A first call may load tables of facts: how long one example takes says nothing about its truth.
# Where everything is checked the examples are the same every time, so that a failure is the change's own doing;
# elsewhere new ones are looked for.
settings.register_profile("sojourn", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("sojourn")


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(os.environ.get("SOJOURN_SHARED", Path(__file__).parents[1].parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"SOJOURN_SHARED ({folder}) is absent: known answers from real files are NOT checked")
    return folder
