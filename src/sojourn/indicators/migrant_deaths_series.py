"""What the series of recorded migrant deaths mean."""

from __future__ import annotations

from sojourn.indicators.model import Dimension, Series
from sojourn.sources import incident_words

DEATHS = "SM_DTH_MIGR"

_ROUTE = Dimension(
    "ROUTE",
    "route",
    {"SEVERAL": "several routes in one record", "NOT_RECORDED": "no route recorded"},
    "all routes",
    open_codes=True,
)

SERIES = (
    Series(
        code=DEATHS,
        name="Recorded deaths and disappearances of migrants",
        definition="Migrants who died or went missing on the way to another country, as recorded in the year.",
        unit="NUMBER",
        area_role="place of the incident",
        better="lower",
        dimensions=(
            Dimension("CAUSE", "cause", incident_words.CAUSES, "all causes"),
            Dimension("INCIDENT_TYPE", "type of record", incident_words.INCIDENT_TYPES, "all records"),
            Dimension("ORIGIN", "origin of the dead", incident_words.ORIGINS, "all"),
            Dimension(
                "REGION",
                "region of incident, in the recorder's words",
                {"SEVERAL": "several regions in one record", "NOT_RECORDED": "no region recorded"},
                "all regions",
                open_codes=True,
            ),
            Dimension(
                "OUTCOME",
                "outcome",
                {"DEAD": "bodies found", "MISSING": "missing and presumed dead"},
                "both",
            ),
            Dimension(
                "IDENTIFICATION", "identification", {"IDENTIFIED": "the dead who were identified"}, "all"
            ),
            _ROUTE,
        ),
        tolerance=0.5,
        words=("deaths", "missing migrants", "migrant deaths", "disappearances"),
        limits="A minimum; coverage changes, so it must not be used to identify trends (IOM).",
    ),
    Series(
        code="SJ_DTH_MIGR_REVISION",
        name="Revision of recorded migrant deaths between snapshots",
        definition="The newest snapshot's figure of a year less the oldest one's, both taken after the year.",
        unit="NUMBER",
        area_role="place of the incident",
        words=("revision of deaths",),
        of_countries=False,
        limits="Says how records moved, not how deaths did.",
    ),
    Series(
        code="SJ_DTH_MIGR_PER_ATTEMPT",
        name="Recorded deaths per 1,000 attempted crossings",
        definition="Dead and missing on a route in a year over the people who attempted it, times 1,000.",
        unit="PER_1000_ATTEMPTS",
        area_role="place of the incident",
        better="lower",
        dimensions=(_ROUTE,),
        words=("deaths per crossing", "risk of the crossing"),
        limits="Only where somebody counted the attempts; who tries twice counts twice.",
    ),
)
