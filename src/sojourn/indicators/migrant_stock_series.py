"""What the series of the migrant stock mean."""

from __future__ import annotations

from sojourn.indicators.model import Dimension, Series

_LIMITS = "Foreign-born where known, else foreign citizens; the note of each number says which."
_PUBLISHED_FIRST = ("as_published",)

_ORIGIN = Dimension(
    "ORIGIN",
    "origin that is no area",
    {
        "OTHERS": "origin not told",
        "KNOWN": "all origins that are told, without the others",
        "OTHERS_NORTH": "origin not told, in more developed regions",
        "OTHERS_SOUTH": "origin not told, in less developed regions",
        "CHANNEL_ISLANDS": "Guernsey and Jersey together",
    },
    "the counterpart, or all origins",
)

SERIES = (
    Series(
        code="SJ_MIGRANT_STOCK",
        name="International migrant stock at mid-year",
        definition="People who live in the area and were born, or are citizens, elsewhere.",
        unit="PS",
        area_role="hosts",
        counterpart_role="is the origin",
        dimensions=(_ORIGIN,),
        tolerance=0.5,
        words=("migrant stock", "migrants", "immigrants", "foreign-born"),
        limits=_LIMITS,
        headline=_PUBLISHED_FIRST,
    ),
    Series(
        code="SJ_MIGRANT_STOCK_SHARE",
        name="International migrants in percent of the population",
        definition="Migrant stock over the total population of the same revision, times 100.",
        unit="PT",
        area_role="hosts",
        words=("share of migrants", "migrants in percent of population"),
        limits=_LIMITS,
        headline=_PUBLISHED_FIRST,
    ),
    Series(
        code="SJ_MIGRANT_STOCK_WOMEN",
        name="Women in percent of international migrants",
        definition="Women among the migrant stock, times 100 over the stock.",
        unit="PT",
        area_role="hosts",
        words=("women migrants", "female migrants"),
        limits=_LIMITS,
        headline=_PUBLISHED_FIRST,
    ),
    Series(
        code="SJ_EMIGRANT_STOCK",
        name="Emigrant stock at mid-year",
        definition="People from the area who live in another country, over all destinations.",
        unit="PS",
        area_role="is the origin",
        tolerance=0.5,
        words=("emigrants", "diaspora", "emigrant stock"),
        limits="People whose origin is not told are missing. " + _LIMITS,
        headline=_PUBLISHED_FIRST,
    ),
)
