"""The application that a WSGI server runs: `granian --interface wsgi sojourn.web.wsgi:application`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sojourn.web.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from sojourn.errors import ReleaseError
from sojourn.web import state
from sojourn.web.ahead import Ahead
from sojourn.web.warming import warm

# A page asks tables a dozen times, each time letting go of the interpreter; where other pages are being written it
# would wait five milliseconds to get it back.
sys.setswitchinterval(0.001)

_site = get_wsgi_application()
application = state.watch.watched(_site)

# The first reader should not wait for the release to be loaded; a folder without one is served too.
if settings.SOJOURN_RELEASES:
    state.store().prepare = partial(warm, _site)
    with suppress(ReleaseError):
        state.store().current()
    Ahead(_site, state.store(), state.watch, state.shelf(), state.ahead).start()
