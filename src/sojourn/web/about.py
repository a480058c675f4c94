"""What a downloaded table is: its series, columns, sources and citation, told inside the file or beside it."""

from __future__ import annotations

from typing import Any

import polars as pl

from sojourn.web.holding import Holding
from sojourn.web.provenance import Origin, citation, origins

COLUMNS = {
    "indicator": "number of the indicator in the global list, or our own",
    "series": "code of the series",
    "area": "ISO 3166-1 alpha-3 of a country, M49 number of a region; 001 is the world",
    "counterpart": "the other end of a corridor or stock; empty: none",
    "period": "ISO 8601: 2015, 2015-Q3, 2010/P5Y",
    "sex": "_T: everybody",
    "age": "_T: everybody",
    "nativity": "_T: everybody",
    "citizenship": "_T: everybody",
    "legal_status": "_T: everybody",
    "breakdown": "DIM=CODE;DIM=CODE; empty: the total",
    "value": "the number; empty where the status says missing or suppressed",
    "unit": "SDMX unit code",
    "se": "standard error; empty: not known, never zero",
    "lower": "lower bound of the interval; empty: not known",
    "upper": "upper bound of the interval; empty: not known",
    "level": "level of the interval, 0.95 is 95 %; empty: a range of stated doubts",
    "n": "unweighted cases behind the number; empty: not known",
    "status": "SDMX OBS_STATUS: A normal, E estimated, Q suppressed, O missing and others",
    "confidentiality": "SDMX CONF_STATUS",
    "nature": "SDMX NATURE",
    "source": "name@edition, several joined by +",
    "edition": "the part of source after the @",
    "method": "name and version of the method",
    "note": "what to mind",
    "release": "the release that the number stands in",
}
"""What each column of a table says."""

_MEANING = (
    *("code", "name", "indicator", "definition", "unit", "area_role", "counterpart_role"),
    *("target", "target_year", "limits"),
)


def about(holding: Holding, found: pl.DataFrame, asked: str) -> dict[str, Any]:
    """Describe a table of observations.

    Args:
        holding: the release that it is of.
        found: its rows, coded or as text.
        asked: the address that gave it.

    Returns:
        release, citation, as_of, code, asked, null, rows, series, sources (each with its citation, licence and
        files with hashes) and columns, as plain data.
    """
    manifest = holding.release.manifest
    series = sorted(str(one) for one in found["series"].unique())
    return {
        "release": holding.name,
        "citation": citation(holding, series[0] if len(series) == 1 else None),
        "as_of": str(manifest.as_of),
        "code": manifest.code,
        "asked": asked,
        "null": "not known, never zero",
        "rows": found.height,
        "series": [{name: holding.series[code][name] for name in _MEANING} for code in series],
        "sources": [one.as_dict() for one in _origins(holding, found)],
        "columns": COLUMNS,
    }


def _origins(holding: Holding, found: pl.DataFrame) -> tuple[Origin, ...]:
    """Give the sources of all rows, each once."""
    named = sorted(str(one) for one in found["source"].unique())
    parts = dict.fromkeys(part for name in named for part in name.split("+"))
    return origins(holding, "+".join(parts)) if parts else ()


def lines(told: Any, name: str = "") -> list[tuple[str, str]]:
    """Lay plain data out as lines of name and text, for a sheet.

    >>> lines({"release": "0001", "series": [{"code": "X", "unit": "PT"}]})
    [('release', '0001'), ('series 1 code', 'X'), ('series 1 unit', 'PT')]
    """
    if isinstance(told, dict):
        return [line for key, value in told.items() for line in lines(value, f"{name} {key}".strip())]
    if isinstance(told, (list, tuple)):
        return [line for number, one in enumerate(told, 1) for line in lines(one, f"{name} {number}")]
    return [(name, "" if told is None else str(told))]
