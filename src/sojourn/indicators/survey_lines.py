"""Writes results of a survey's rows as observations: errors, breaks, simulation and few cases said the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sojourn.indicators.survey_rows import Rows
from sojourn.methods.survey.safety import Safety
from sojourn.observations import SUPPRESSED

LEVEL = 0.95
MISSING = "M"
"""OBS_STATUS of a number that cannot be given; the note says why."""

NO_ERROR = "no error is known: the survey declares a weight, and neither replicates nor strata and clusters"
NO_WEIGHTS = "no error is known: the survey declares no weights, and this is of the persons in the file only"
NOT_COMPUTED = "no error is known: it could not be computed under every replicate, or computes to zero"
SIMULATED = "simulated: nobody of it exists"

_SCHEMA = {
    **dict.fromkeys(("indicator", "series", "area", "counterpart", "period", "sex"), pl.String()),
    **dict.fromkeys(("nativity", "citizenship", "legal_status", "breakdown"), pl.String()),
    **dict.fromkeys(("value", "se", "lower", "upper", "level"), pl.Float64()),
    "n": pl.Int64(),
    **dict.fromkeys(("unit", "status", "confidentiality", "nature", "source", "method", "note"), pl.String()),
}


@dataclass(frozen=True, slots=True)
class Number:
    """One result.

    Attributes:
        series, unit: of its series.
        value, se, lower, upper: in the unit; an error of None, NaN or 0 is not known.
        n: the cases that the number rests on; of two groups, those of the smaller.
        breakdown, method, notes, place: as the observation says them; `place` holds other columns, such as sex.
        missing: why there is no number; empty where there is one.
        certain: whether it has no error of its own, as a count of verdicts or the end of a range.
    """

    series: str
    unit: str
    value: float
    n: int
    method: str
    se: float | None = None
    lower: float | None = None
    upper: float | None = None
    breakdown: str = ""
    notes: tuple[str, ...] = ()
    place: tuple[tuple[str, str], ...] = ()
    missing: str = ""
    certain: bool = False


def observations_of(
    rows: Rows,
    indicator: str,
    numbers: Iterable[Number],
    needs: Sequence[str],
    safety: Safety | None = None,
) -> list[pl.DataFrame]:
    """Write numbers as observations.

    Args:
        rows: what they were computed from.
        indicator: its code.
        numbers: results.
        needs: concepts that they rest on: a break in one of them is said.
        safety: the least cases of a printed number.

    Returns:
        One frame, or none where there is no number.
    """
    limits = safety or Safety()
    lines = [_line(rows, indicator, one, needs, limits) for one in numbers]
    return [pl.DataFrame(lines, schema=_SCHEMA)] if lines else []


def _line(rows: Rows, indicator: str, one: Number, needs: Sequence[str], safety: Safety) -> dict[str, Any]:
    survey = rows.survey
    few = one.n < safety.minimum_n and not one.missing
    none = few or bool(one.missing)
    breaks = [b for b in survey.standard.mapping.breaks if not b.concept or b.concept in needs]
    notes = list(one.notes)
    notes += [SIMULATED] if survey.standard.mapping.simulated else []
    notes += [
        f"break: years before {b.year} are not comparable: {b.what.rstrip('.')}"
        for b in breaks
        if b.year <= rows.year
    ]
    notes += _readings(rows, needs)
    known = rows.has_errors and one.se is not None and bool(np.isfinite(one.se)) and one.se > 0
    lower, upper = (one.lower, one.upper) if known else (None, None)
    if one.missing:
        notes = [f"no data: {one.missing}", *notes]
    elif few:
        notes = [f"withheld: fewer than {safety.minimum_n} cases", *notes]
    elif one.certain:
        notes.append("no error is known of it alone")
    elif not rows.has_errors:
        notes.append(NO_ERROR if rows.weighted else NO_WEIGHTS)
    elif not known:
        notes.append(NOT_COMPUTED)
    status = "B" if any(b.year == rows.year for b in breaks) else "A"
    defaults = dict.fromkeys(("sex", "nativity", "citizenship", "legal_status"), "_T") | {"counterpart": ""}
    return {
        "indicator": indicator,
        "series": one.series,
        "area": survey.area,
        "period": str(rows.year),
        **defaults,
        **dict(one.place),
        "breakdown": one.breakdown,
        "value": None if none else one.value,
        "se": one.se if known and not none else None,
        "lower": None if none else lower,
        "upper": None if none else upper,
        "level": LEVEL if lower is not None and not none else None,
        "n": None if none else one.n,
        "unit": one.unit,
        # What an unweighted file says of its own persons is no number of the population.
        "status": MISSING if one.missing else SUPPRESSED if few else status if rows.weighted else "U",
        "confidentiality": "A" if few else "F",
        "nature": "M" if survey.standard.mapping.simulated else "C",
        "source": survey.label,
        "method": f"{one.method[:-1] + '; ' if one.method.endswith(']') else one.method + ' ['}{_design(rows)}]",
        "note": "; ".join(notes),
    }


def _readings(rows: Rows, needs: Sequence[str]) -> list[str]:
    """Say what the mapping itself is not sure of, of the concepts that a number rests on."""
    concepts = rows.survey.standard.mapping.concepts
    return [
        f"{name.replace('_', ' ')}: {way.certainty}"
        for name in dict.fromkeys(needs)
        for way in concepts.get(name, ())
        if way.certainty and way.holds(rows.year)
    ]


def _design(rows: Rows) -> str:
    design = rows.design
    if not rows.weighted:
        return "unweighted"
    if not design.replicates:
        return design.kind
    return f"{design.kind}, {len(design.replicates)} replicates"
