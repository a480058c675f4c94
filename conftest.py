"""Django is set up before anything is collected: models can be imported only then, by tests and examples alike.

The registry is installed, on a database that nothing here makes; tests that need one make their own. What the
site does without a registry is tested in a process of its own.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from unittest import mock

import django


def _set_up() -> None:
    folder = Path(tempfile.mkdtemp(prefix="sojourn-registry-"))
    given = {
        "DJANGO_SETTINGS_MODULE": "sojourn.web.settings",
        "SOJOURN_REGISTRY": str(folder),
        "SOJOURN_DATABASE": f"sqlite:///{folder}/none.sqlite3",
        "SOJOURN_SECRET_KEY": "only-for-tests",
    }
    with mock.patch.dict(os.environ, given):
        django.setup()
    folder.rmdir()


_set_up()
