"""What the series of student mobility mean."""

from __future__ import annotations

from sojourn.indicators.model import Dimension, Series

_HEADLINE = ("as_published", "mobility_by_enrolment", "mobility_by_implied_enrolment")
_COUNTED = Dimension(
    "COUNTED",
    "how students are counted",
    {"TOTAL_AND_LEVELS": "the total and its levels added, so that most students count twice"},
    "each student once",
)

SERIES = (
    Series(
        code="SJ_STUDENTS_INBOUND",
        name="Internationally mobile students hosted",
        definition="Tertiary students (ISCED 5 to 8) who came from another country to study.",
        unit="NUMBER",
        area_role="hosts",
        words=("inbound students", "international students", "foreign students"),
    ),
    Series(
        code="SJ_STUDENTS_OUTBOUND",
        name="Students abroad",
        definition="Tertiary students from the area who study in another country, as far as hosts report.",
        unit="NUMBER",
        area_role="the students come from the area",
        words=("outbound students", "students abroad"),
    ),
    Series(
        code="SJ_STUDENTS_NET",
        name="Net flow of internationally mobile students",
        definition="Mobile students hosted less students abroad.",
        unit="NUMBER",
        area_role="hosts, less sends",
        words=("net flow of students",),
    ),
    Series(
        code="SJ_STUDENTS_INBOUND_RATE",
        name="Inbound mobility rate",
        definition="Mobile students hosted, per 100 tertiary students enrolled in the country.",
        unit="PT",
        area_role="hosts",
        words=("inbound mobility rate",),
        headline=_HEADLINE,
    ),
    Series(
        code="SJ_STUDENTS_OUTBOUND_RATIO",
        name="Outbound mobility ratio",
        definition="Students abroad, per 100 tertiary students enrolled at home.",
        unit="PT",
        area_role="the students come from the area",
        words=("outbound mobility ratio",),
        headline=_HEADLINE,
    ),
    Series(
        code="SJ_STUDENTS_NET_RATIO",
        name="Net flow ratio of internationally mobile students",
        definition="Net flow of mobile students, per 100 tertiary students enrolled at home.",
        unit="PT",
        area_role="hosts, less sends",
        words=("net flow ratio",),
        headline=_HEADLINE,
    ),
    Series(
        code="SJ_STUDENTS_BY_ORIGIN",
        name="Students by country of origin",
        definition="Tertiary students from the counterpart who study in the area.",
        unit="NUMBER",
        area_role="hosts",
        counterpart_role="origin",
        dimensions=(_COUNTED,),
        words=("students by origin", "origin of students"),
        limits="Small origins are lumped by publishers and their copies, so sums over origins fall short.",
    ),
)
