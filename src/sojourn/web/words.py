"""Codes in words: units, status of an observation, states of progress, people."""

from __future__ import annotations

import re
from math import inf

from sojourn import observations
from sojourn.web.languages import N_

UNITS = {
    "PT": N_("%"),
    "PP": N_("percentage points"),
    "CU_USD_M": N_("million US$"),
    "NUMBER": N_("number"),
    "PS": N_("persons"),
    "MO": N_("months of earnings"),
    "IX": N_("index, 0 to 1"),
    "RO": N_("ratio"),
    "SCORE": N_("score"),
    "PER_1000_POP": N_("per 1,000 people"),
    "PER_10000_POP": N_("per 10,000 people"),
    "PER_100000_POP": N_("per 100,000 people"),
    "PER_100000_EMP": N_("per 100,000 workers"),
    "PER_1000_ATTEMPTS": N_("per 1,000 attempts"),
    "CON_USD_M": N_("million US$, constant prices"),
    "CUR_LCU": N_("in national currency"),
    "LOG_POINTS": N_("log points"),
}

STATUS = {
    "A": N_("normal value"),
    "B": N_("break in the series"),
    "D": N_("definition differs"),
    "E": N_("estimated"),
    "F": N_("forecast"),
    "I": N_("imputed"),
    "P": N_("provisional: the year is not complete"),
    "U": N_("low reliability"),
    "L": N_("missing: data exist but were not collected"),
    "M": N_("missing: data cannot exist"),
    "O": N_("missing"),
    "Q": N_("suppressed: withheld to protect people"),
}

BASIS = {
    observations.COMPUTED: N_("computed from rows"),
    observations.PUBLISHED: N_("published"),
    observations.SIMULATED: N_("simulated"),
}

STATES = {
    "met": N_("met"),
    "missed": N_("missed"),
    "on track": N_("on track"),
    "too slow": N_("too slow"),
    "wrong way": N_("wrong way"),
    "cannot tell": N_("cannot tell"),
    "too few": N_("too few numbers"),
    "too old": N_("numbers too old"),
    "no data": N_("no data"),
    "not measurable": N_("not measurable"),
}
"""States of progress; each has its own mark, so that none is told by colour alone."""

MARKS = {
    "met": "✓",
    "missed": "✕",
    "on track": "↗",
    "too slow": "↘",
    "wrong way": "↓",
    "cannot tell": "?",
    "too few": "…",
    "too old": "…",
    "no data": "∅",
    "not measurable": "–",
}

COLUMNS = {
    "area": N_("Area"),
    "counterpart": N_("Counterpart"),
    "period": N_("Period"),
    "sex": N_("Sex"),
    "age": N_("Age"),
    "nativity": N_("Nativity"),
    "citizenship": N_("Citizenship"),
    "legal_status": N_("Legal status"),
    "breakdown": N_("Breakdown"),
    "value": N_("Value"),
    "unit": N_("Unit"),
    "interval": N_("Interval"),
    "se": N_("Standard error"),
    "lower": N_("Lower bound"),
    "upper": N_("Upper bound"),
    "level": N_("Level"),
    "n": N_("Cases"),
    "status": N_("Status"),
    "nature": N_("Nature"),
    "confidentiality": N_("Confidentiality"),
    "source": N_("Source"),
    "method": N_("Method"),
    "note": N_("Note"),
    "release": N_("Release"),
    "series": N_("Series"),
    "indicator": N_("Indicator"),
    "basis": N_("Basis"),
}

CODES = {
    ("sex", "_T"): N_("both sexes"),
    ("sex", "F"): N_("women and girls"),
    ("sex", "M"): N_("men and boys"),
    ("sex", "_O"): N_("other"),
    ("sex", "_U"): N_("not known"),
    ("age", "_T"): N_("all ages"),
    ("age", "_U"): N_("not known"),
    ("nativity", "_T"): N_("wherever born"),
    ("nativity", "NATIVE"): N_("born in the country"),
    ("nativity", "FOREIGN"): N_("born abroad"),
    ("citizenship", "_T"): N_("whatever citizenship"),
    ("citizenship", "CITIZEN"): N_("citizens of the country"),
    ("citizenship", "FOREIGNER"): N_("citizens of other countries"),
    ("citizenship", "STATELESS"): N_("stateless people"),
    ("legal_status", "_T"): N_("whatever legal status"),
    ("legal_status", "REGULAR"): N_("in regular stay"),
    ("legal_status", "IRREGULAR"): N_("in irregular stay"),
}
"""Codes of people in words; ages are told by `age`, and a code that is in neither is shown as it is."""

_AGES = (
    (re.compile(r"Y(?P<first>\d+)T(?P<last>\d+)"), N_("aged {first} to {last}")),
    (re.compile(r"Y_GE(?P<first>\d+)"), N_("aged {first} and over")),
    (re.compile(r"Y_LT(?P<first>\d+)"), N_("aged under {first}")),
    (re.compile(r"Y(?P<first>\d+)"), N_("aged {first}")),
    (re.compile(r"M(?P<first>\d+)T(?P<last>\d+)"), N_("aged {first} to {last} months")),
)


def age(code: str) -> tuple[str, dict[str, str]] | None:
    """Say an age code in words: a text and what fills it; None where it is none of the SDMX patterns.

    >>> age("Y15T24"), age("Y_GE65"), age("SOME")
    (('aged {first} to {last}', {'first': '15', 'last': '24'}), ('aged {first} and over', {'first': '65'}), None)
    """
    for pattern, text in _AGES:
        if found := pattern.fullmatch(code):
            return text, found.groupdict()
    return None


_MONTHS = {"Y": 12, "M": 1}
_BOUNDS = re.compile(r"(?P<unit>[YM])(?P<open>_GE|_LT)?(?P<first>\d+)(?:T(?P<last>\d+))?")


def by_age(code: str) -> tuple[float, float, str]:
    """Give what ages are sorted by: the age they begin with, then the one they end with; all ages first.

    >>> sorted(["Y_GE65", "Y5T9", "Y55T59", "_U", "Y0T17", "_T", "Y0T4", "M0T5"], key=by_age)
    ['_T', 'M0T5', 'Y0T4', 'Y0T17', 'Y5T9', 'Y55T59', 'Y_GE65', '_U']
    """
    if code in ("", "_T"):
        return -1.0, 0.0, code
    found = _BOUNDS.fullmatch(code)
    if found is None:
        return inf, inf, code
    months, first = _MONTHS[found["unit"]], int(found["first"])
    if found["open"] == "_LT":
        return 0.0, float(months * first), code
    last = inf if found["open"] else int(found["last"] or first) + 1
    return float(months * first), months * last, code


ROLES = {
    "sends": N_("sender"),
    "receives": N_("receiver"),
    "hosts": N_("host country"),
    "is the origin": N_("country of origin"),
    "origin": N_("country of origin"),
    "is the destination": N_("country of destination"),
    "destination": N_("country of destination"),
    "detects": N_("country that detects the victims"),
    "whose citizens the victims are": N_("country whose citizens the victims are"),
    "sends its workers abroad": N_("country that the workers come from"),
    "country of the first job abroad": N_("country of the first job abroad"),
}
"""Who the two ends of a corridor are, by the words in which series state it."""

GAPS = {
    "no source in this release": N_("no source in this release"),
    "the sources have no figure for this country": N_("the sources have no figure for this country"),
    "a figure of the world or of regions, not of countries": N_(
        "a figure of the world or of regions, not of countries"
    ),
}

HEIGHTS = {"trend": 504, "map": 580, "flows": 580, "ranking": 760, "distribution": 366}
"""About how high a wide picture of each kind is, in pixels, so that a page leaves room before it comes."""

FRAME = 170
"""Pixels that the text around a picture needs in the page of another site."""

NOT_BUILT = {
    "no file holds what it needs": N_("No file of this release holds what it needs."),
    "the files hold no figure for it": N_("The files of this release hold no figure for it."),
    "no series with a number states a direction": N_("No series with a number says which way is better."),
}
"""Why an indicator has no number in a release, as its manifest says it."""

SURVEY = "a survey or census file (sojourn build --microdata FILE --mapping MAP)"
"""What a manifest calls the file that indicators from persons need."""

CERTAINTY = {
    "verified": N_("checked against its source"),
    "judgement": N_("in part our own judgement"),
    "memory": N_("in part general knowledge, not checked against a source"),
    "unknown": N_("not confirmed"),
}
"""How sure a fact of the framework is, by the weakest of its parts."""

LACKS = {
    "no official indicator": N_("no official indicator"),
    "no official series known here": N_("no official series known here"),
    "no indicator that tells migrants apart": N_("no indicator that tells migrants apart"),
    "no series here": N_("no series here"),
    "no numbers in this release": N_("no numbers in this release"),
}
