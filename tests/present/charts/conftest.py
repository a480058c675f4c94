"""Rows as a release gives them, with names joined; invented numbers, and nothing is computed from them."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn import areas
from sojourn.present.charts import About, Target

TYPES = {
    "area": pl.String,
    "area_name": pl.String,
    "counterpart_name": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "level": pl.Float64,
    "status": pl.String,
}


def row(
    value, *, area="MEX", period="2020", half=0.4, status=None, language="en", counterpart=None, level=0.95
):
    known = value is not None and half is not None
    return {
        "area": area,
        "area_name": areas.name(area, language),
        "counterpart_name": None if counterpart is None else areas.name(counterpart, language),
        "period": period,
        "value": value,
        "lower": value - half if known else None,
        "upper": value + half if known else None,
        "level": level if known else None,
        "status": status or ("O" if value is None else "A"),
    }


def frame(*rows):
    return pl.DataFrame(list(rows), schema=TYPES)


@pytest.fixture
def about():
    return About(
        title="Cost of sending remittances",
        unit="% of the amount sent",
        source="World Bank",
        better="lower",
        target=Target(3.0, "2030"),
    )


@pytest.fixture
def line():
    """Fourteen years with a withheld number, a missing one and a break of the series."""
    values = [8.1, 7.9, 7.2, None, 6.6, 6.1, None, 5.9, 5.2, 5.5, 4.9, 4.6, 4.8, 4.4]
    status = {3: "Q", 9: "B"}

    def made(language="en"):
        return frame(
            *(
                row(value, period=str(2011 + at), status=status.get(at), language=language)
                for at, value in enumerate(values)
            )
        )

    return made


@pytest.fixture
def countries():
    """One number for each of eight countries: two without error, one withheld, one missing."""

    def made(language="en"):
        return frame(
            row(2.2, area="CAN", language=language),
            row(8.4, area="FRA", half=None, language=language),
            row(4.1, area="KEN", half=1.5, language=language),
            row(None, area="TUN", status="Q", language=language),
            row(None, area="MLI", language=language),
            row(6.0, area="PSE", language=language),
            row(9.9, area="BGR", half=None, language=language),
            row(11.2, area="XKX", half=0.1, language=language),
        )

    return made


@pytest.fixture
def corridors():
    def made(language="en"):
        pairs = [("MEX", "USA", 11e6), ("IND", "ARE", 3.5e6), ("IND", "USA", 2.7e6), ("MEX", "ESP", 5e4)]
        found = [row(v, area=a, counterpart=b, half=None, language=language) for a, b, v in pairs]
        found.append(row(None, area="EGY", counterpart="ARE", status="Q", language=language))
        found.append(row(None, area="EGY", counterpart="USA", language=language))
        return frame(*found)

    return made
