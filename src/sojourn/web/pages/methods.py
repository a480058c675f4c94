"""How a series is measured: the code's own documentation, its sources, and how far these agree."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from sojourn.errors import NotFoundError
from sojourn.release import differences
from sojourn.web.pages.rendering import only, render
from sojourn.web.provenance import citation, origins
from sojourn.web.said import quoted, say


def method(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show definition, formula, sources, limits and code version of a series."""
    only(request.GET)
    holding = request.holding
    if code not in holding.series:
        raise NotFoundError(
            say("There is no series {code}", code=quoted(code)), accepted=", ".join(sorted(holding.series))
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
    }
    return render(request, language, "method.html", context)
