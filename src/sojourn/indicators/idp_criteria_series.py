"""The series of the criteria of durable solutions for internally displaced people."""

from __future__ import annotations

from sojourn.indicators.model import Dimension, Series
from sojourn.methods.durable_solutions import IASC_CRITERIA

SHARE, DIFFERENCE, COUNT = "SJ_IDP_CRITERION", "SJ_IDP_DIFFERENCE", "SJ_IDP_CRITERIA"

_CRITERION = Dimension("CRITERION", "criterion", IASC_CRITERIA, "all that were measured")
_WHO = {"NEVER": "people who were never displaced", "ALL": "everybody"}
_BENCHMARK = Dimension("BENCHMARK", "compared with", _WHO, "not used")
_LIMITS = "One indicator stands for a criterion that has more sides; margins are our own."

SERIES = (
    Series(
        code=SHARE,
        name="People who meet a criterion of durable solutions",
        definition="Share of displaced people, or of the benchmark, who meet the criterion, in per cent.",
        unit="PT",
        area_role="within which people were displaced",
        dimensions=(
            _CRITERION,
            Dimension("POPULATION", "of whom", {"DISPLACED": "displaced people", **_WHO}, "not used"),
        ),
        words=("iasc criteria", "durable solutions of idps"),
        limits=_LIMITS,
    ),
    Series(
        code=DIFFERENCE,
        name="Displaced people against a benchmark",
        definition="Share of displaced people less that of the benchmark, per cent points, negative where worse.",
        unit="PT",
        area_role="within which people were displaced",
        better="higher",
        dimensions=(_CRITERION, _BENCHMARK),
        words=("idp gap", "displaced against non-displaced"),
        limits=f"No difference shown is not no difference. {_LIMITS}",
    ),
    Series(
        code=COUNT,
        name="Criteria of durable solutions within their margin",
        definition="Number of measured criteria by which displaced people are not worse off beyond the margin.",
        unit="NUMBER",
        area_role="within which people were displaced",
        better="higher",
        dimensions=(_BENCHMARK,),
        words=("iasc criteria met",),
        limits="A count of verdicts; what was not measured is not in it.",
    ),
)
