"""The application that a WSGI server runs: `granian --interface wsgi sojourn.web.wsgi:application`."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sojourn.web.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from sojourn.errors import ReleaseError
from sojourn.web import state
from sojourn.web.ahead import Ahead
from sojourn.web.holding import Holding
from sojourn.web.warming import warm

# A page asks tables a dozen times, each time letting go of the interpreter; where other pages are being written it
# would wait five milliseconds to get it back.
sys.setswitchinterval(0.001)

_site = get_wsgi_application()
application = state.watch.watched(_site)


def _prepare(holding: Holding) -> None:
    """Make ready for readers of a release, and let the registry judge by it what was promised."""
    warm(_site, holding)
    # A release that was pinned may be an older one, by which nothing is judged anew.
    if settings.SOJOURN_DATABASE and settings.SOJOURN_RELEASE is None:
        from sojourn.web.registry.services.judging import take_in

        threading.Thread(target=take_in, args=(holding,), name="sojourn-judging", daemon=True).start()


# The first reader should not wait for the release to be loaded; a folder without one is served too.
if settings.SOJOURN_RELEASES:
    state.store().prepare = _prepare
    with suppress(ReleaseError):
        state.store().current()
    Ahead(_site, state.store(), state.watch, state.shelf(), state.ahead).start()
