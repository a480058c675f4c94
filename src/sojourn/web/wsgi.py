"""The application that a WSGI server runs: `granian --interface wsgi sojourn.web.wsgi:application`."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sojourn.web.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from sojourn.errors import ReleaseError
from sojourn.web import state
from sojourn.web.warming import warm

application = get_wsgi_application()

# The first reader should not wait for the release to be loaded; a folder without one is served too.
if settings.SOJOURN_RELEASES:
    state.store().prepare = partial(warm, application)
    with suppress(ReleaseError):
        state.store().current()
