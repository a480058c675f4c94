"""How one number was made, down to the hash of the file that it came from."""

from __future__ import annotations

import polars as pl
from django.http import HttpRequest, HttpResponse

from sojourn import observations
from sojourn.errors import UsageError
from sojourn.observations import parse_breakdown
from sojourn.web.api.observed import observation
from sojourn.web.pages.rendering import only, render
from sojourn.web.provenance import citation, origins
from sojourn.web.question import read
from sojourn.web.said import say


def number(request: HttpRequest, language: str) -> HttpResponse:
    """Show one observation with everything that is known of it."""
    only(request.GET, *observations.KEY)
    holding = request.holding
    key = {name: request.GET.get(name, "") for name in observations.KEY}
    key |= {name: key[name] or "_T" for name in observations.PLACE[4:9]}
    if not (key["series"] and key["area"] and key["period"]):
        raise UsageError(
            say("A number is found by its key"), accepted=say("at least series, area and period")
        )
    read({name: [value] for name, value in key.items() if value}, holding)
    row = observation(holding, key)
    same = {name: [row[name]] for name in observations.PLACE if name != "series"}
    rivals = holding.numbers(row["series"], same, every=True)
    context = {
        "row": row,
        "meaning": holding.series[row["series"]],
        "parts": parse_breakdown(row["breakdown"]),
        "origins": origins(holding, row["source"]),
        "others": [
            one
            for one in rivals.to_dicts()
            if (one["source"], one["method"]) != (row["source"], row["method"])
        ],
        "citation": citation(holding, row["series"]),
        "manifest": holding.release.manifest,
        "basis": observations_basis(row),
    }
    return render(request, language, "number.html", context)


def observations_basis(row: dict[str, object]) -> str:
    """Say what a number rests on, by the same rule as the observation table."""
    return str(
        pl.DataFrame([{"source": row["source"], "method": row["method"]}]).select(observations.basis()).item()
    )
