"""The site and its API over frozen releases: the one room that imports Django.

    sojourn serve --releases releases

`store` holds the newest sound release in memory and changes it in one step; `pages` and `api` read only from
what the store hands to a request, so that no reader ever sees parts of two releases. Nothing here computes a
statistic: a number is looked up, shown with its error, and traced to its source.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sojourn.web.settings")
