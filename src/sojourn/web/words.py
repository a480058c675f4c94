"""Codes in words: units, status of an observation, states of progress, people."""

from __future__ import annotations

from sojourn import observations
from sojourn.web.languages import N_

UNITS = {
    "PT": N_("%"),
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
}

AMOUNTS = frozenset({"PS", "NUMBER", "CU_USD_M", "CON_USD_M"})
"""Units whose numbers add up, so that a width can stand for them."""

STATUS = {
    "A": N_("normal value"),
    "B": N_("break in the series"),
    "D": N_("definition differs"),
    "E": N_("estimated"),
    "F": N_("forecast"),
    "I": N_("imputed"),
    "P": N_("provisional"),
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
    "no data": "…",
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
}
"""Codes of people in words; a code that is not here is shown as it is."""

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

LACKS = {
    "no official indicator": N_("no official indicator"),
    "no official series known here": N_("no official series known here"),
    "no indicator that tells migrants apart": N_("no indicator that tells migrants apart"),
    "no series here": N_("no series here"),
    "no numbers in this release": N_("no numbers in this release"),
}
