"""How a series is measured: the code's own documentation, its sources, and how far these agree."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from sojourn.discovery import indicators
from sojourn.errors import NotFoundError
from sojourn.release import differences
from sojourn.web.holding import Holding
from sojourn.web.pages.codes import as_written
from sojourn.web.pages.rendering import only, render
from sojourn.web.provenance import citation, origins
from sojourn.web.said import offer, quoted, say


def method(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show definition, formula, sources, limits and code version of a series."""
    only(request.GET)
    holding = request.holding
    if there := as_written(request, code, holding.series):
        return there
    if code not in holding.series:
        raise NotFoundError(
            say("There is no series {code}", code=quoted(code)),
            accepted=offer(sorted(holding.series), "methods/{}"),
        )
    found = holding.found(code, every=True)
    names = sorted({str(one) for one in found["source"].unique()})
    parts = dict.fromkeys(part for name in names for part in name.split("+"))
    pairs = holding.differences.filter(series=code)
    context = {
        "code": code,
        "meaning": holding.series[code],
        "origins": origins(holding, "+".join(parts)) if parts else (),
        "methods": sorted({str(one) for one in found["method"].unique()}),
        "agreement": differences.summary(pairs).to_dicts(),
        "citation": citation(holding, code),
        "manifest": holding.release.manifest,
        **written(holding, code),
    }
    return render(request, language, "method.html", context)


def written(holding: Holding, code: str) -> dict[str, Any]:
    """Say where in the code a series is computed, and with which choices the release computed it.

    Returns:
        module: empty where this code does not know the series; choices: name -> value, as the release froze them.
    """
    own = next((one for one in indicators() if any(each.code == code for each in one.series)), None)
    if own is None:
        return {"module": "", "choices": {}}
    frozen = holding.release.manifest.parameters.get(own.parameters.section, {})
    return {"module": own.compute.__module__, "choices": dict(frozen)}
