"""The script of live charts: made on this machine of what the drawing library ships, never fetched from elsewhere.

A page loads it when a person first asks for a live chart. It is made once in each process that answers, by the
painter, and kept in memory. Its name holds a hash of all that determines its bytes – the versions of what it is
made of, and the module that makes it – so that a page can name it before it is made, and a browser keep it for ever.
"""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from importlib.metadata import version
from importlib.resources import files

from django.http import HttpRequest, HttpResponse

from sojourn.errors import NotFoundError
from sojourn.web import state
from sojourn.web.assets import Asset, answer
from sojourn.web.packing import whole
from sojourn.web.pages.orders import available
from sojourn.web.said import say

_MADE_OF = ("vl-convert-python", "altair")
_making = threading.Lock()
_made: dict[str, Asset] = {}


@cache
def address() -> str:
    """Give the address of the script; empty where charts cannot be drawn, and so not be live."""
    if not available():
        return ""
    digest = hashlib.sha256(files("sojourn.present.charts").joinpath("bundle.py").read_bytes())
    digest.update("".join(version(one) for one in _MADE_OF).encode())
    return f"/static/charts.{digest.hexdigest()[:12]}.js"


def serve(request: HttpRequest, mark: str) -> HttpResponse:
    """Answer with the script.

    Raises:
        NotFoundError: that is not the mark of what can be made here.
    """
    if address() != f"/static/charts.{mark}.js":
        raise NotFoundError(say("There is no such file"))
    return answer(request, _asset())


def _asset() -> Asset:
    with _making:
        if address() not in _made:
            content = state.painter.paint(make)
            _made[address()] = Asset(address(), "text/javascript; charset=utf-8", content, whole(content))
        return _made[address()]


def make() -> bytes:
    """Make the script, in whatever process this is called."""
    from sojourn.present.charts.bundle import script

    return script()
