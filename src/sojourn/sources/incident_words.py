"""Codes for the words of incident records: type, cause, route, and whether the origin is established.

The words of the Missing Migrants Project changed with its editions: 273 phrases for causes until 2020,
seven categories since; "Syria to Turkey" became "Syria to Türkiye", "Darien Gap" became "Darien". Our codes hold
both. Where a record joins several categories (parts of a split incident merged into one row), the code
says so; nothing is assigned to a category that its words do not name.
"""

from __future__ import annotations

import re
import unicodedata

INCIDENT_TYPES = {
    "INCIDENT": "an incident of one day and place",
    "SPLIT": "a part of an incident, or an incident recorded in parts",
    "INCIDENT+SPLIT": "parts of both kinds merged into one row",
    "CUMULATIVE": "the total of a period: it has no day and no place",
    "NOT_STATED": "the file does not say",
}

CAUSES = {
    "DROWNING": "drowning, found or presumed",
    "VEHICLE": "vehicle accident, or death linked to hazardous transport",
    "HARSH_CONDITIONS": "harsh environmental conditions; lack of shelter, food or water",
    "SICKNESS": "sickness, or lack of access to health care",
    "VIOLENCE": "violence",
    "ACCIDENT": "other accident",
    "MIXED_OR_UNKNOWN": "mixed or unknown",
    "SEVERAL": "several causes in one record",
    "OTHER_WORDS": "words that name none of these",
    "NOT_RECORDED": "no cause in the record",
}

ORIGINS = {
    "KNOWN": "the country of origin is recorded",
    "PRESUMED": "only a presumed region of origin, marked (P)",
    "REGION": "only the region of origin",
    "MIXED": "several origins, or known of some only",
    "UNKNOWN": "the origin is not known",
    "NOT_RECORDED": "the file has no origins",
}

_TYPES = {
    "incident": "INCIDENT",
    "split incident": "SPLIT",
    "incident,split incident": "INCIDENT+SPLIT",
    "cumulative incident": "CUMULATIVE",
}

# Today's categories first, so that "shelter, food, water" is not taken apart at its commas.
_CATEGORIES = {
    "harsh environmental conditions / lack of adequate shelter, food, water": "HARSH_CONDITIONS",
    "vehicle accident / death linked to hazardous transport": "VEHICLE",
    "sickness / lack of access to adequate healthcare": "SICKNESS",
    "accidental death": "ACCIDENT",
    "mixed or unknown": "MIXED_OR_UNKNOWN",
}

# Words of the phrases until 2020. "Unknown (violence)" is unknown first.
_WORDS = {
    "MIXED_OR_UNKNOWN": r"^unknown|^mixed",
    "DROWNING": r"drown",
    "VEHICLE": r"(?<!non-)vehicle|train\b|railway|\btruck|\bcar\b|\bbus\b|stowaway|collision|boat motor",
    "HARSH_CONDITIONS": (
        r"dehydrat|starv|hypotherm|hypertherm|exposure|harsh|exhaust|malnutri|heat stroke|weather|hypoglyc"
    ),
    "SICKNESS": (
        r"sickness|cardiac|heart|coronary|pneumonia|respirat|pulmonary|infection|organ failure|seizure|cancer"
        r"|partum|digestive"
    ),
    "VIOLENCE": (
        r"shot|stab|murder|violence|abuse|rape|tortur|air strike|landmine|mortar|artillery|helicopter|poison|gassed"
    ),
    "ACCIDENT": (
        r"accident \(non|^fall\b|^fell$|fall (from|into|onto)|fell from|falling|crush|electrocut|burn|^fire"
        r"|rockslide|lightning|crocodile|hippo|suffocat|asphyxi|envenom"
    ),
}

_ROUTE_NAMES = {
    "SYRIA_TO_TURKEY": "SYRIA_TO_TURKIYE",
    "IRAN_TO_TURKEY": "IRAN_TO_TURKIYE",
    "TURKEY_EUROPE_LAND_ROUTE": "TURKIYE_EUROPE_LAND_ROUTE",
    "DARIEN_GAP": "DARIEN",
}


def incident_type(text: str) -> str | None:
    """Read an incident type; null where it is none of those known.

    >>> incident_type("Incident,Split Incident"), incident_type("Event")
    ('INCIDENT+SPLIT', None)
    """
    plain = re.sub(r"\s*,\s*", ",", text.strip().lower())
    return _TYPES.get(plain, text if text in INCIDENT_TYPES else None)


def cause(text: str) -> str:
    """Read a cause of death, in today's categories or in the words used until 2020.

    >>> cause("Drowning"), cause("Starvation, Shot or stabbed"), cause("Presumed hyperthermia")
    ('DROWNING', 'SEVERAL', 'HARSH_CONDITIONS')
    """
    if text in CAUSES:
        return text
    rest, found = " ".join(text.lower().split()), set()
    for category, code in _CATEGORIES.items():
        if category in rest:
            found.add(code)
            rest = rest.replace(category, "")
    for part in filter(None, (part.strip() for part in rest.split(","))):
        found.add(_cause_of_words(part))
    if len(found) == 1:
        return found.pop()
    return "SEVERAL" if found else "OTHER_WORDS"


def _cause_of_words(part: str) -> str:
    """The first code whose words occur: a fall from a train is the train's, before it is a fall."""
    return next((code for code, words in _WORDS.items() if re.search(words, part)), "OTHER_WORDS")


def route(text: str) -> str:
    """Make a code of a route's name, the same for its spellings.

    >>> route("Türkiye-Europe land route"), route("Darien Gap")
    ('TURKIYE_EUROPE_LAND_ROUTE', 'DARIEN')
    """
    # Merged records join names by a bare comma; a comma with a space belongs to a name.
    if re.search(r",(?! )", text):
        return "SEVERAL"
    plain = unicodedata.normalize("NFKD", _repaired(text)).encode("ascii", "ignore").decode()
    code = re.sub(r"[^A-Z0-9]+", "_", plain.upper()).strip("_")
    return _ROUTE_NAMES.get(code, code)


def region(text: str) -> str:
    """Make a code of a region's name; several regions in one record are `SEVERAL`.

    >>> region("North Africa"), region("Mediterranean,Northern Africa")
    ('NORTH_AFRICA', 'SEVERAL')
    """
    return route(text)


def origin(country: str | None, origin_region: str | None) -> str:
    """Say how well the origin of the dead is established: the nearest to an identification in public files.

    >>> origin("Guatemala", None), origin("Unknown", "Sub-Saharan Africa (P)"), origin("AFG,UNK", None)
    ('KNOWN', 'PRESUMED', 'MIXED')
    """
    countries = {part.strip().lower() for part in re.split(r"[,/]", country or "") if part.strip()}
    unknown = countries & {"unknown", "unk"}
    if countries == {"mixed"} or len(countries) > 1:
        return "MIXED"
    if countries and not unknown:
        return "KNOWN"
    parts = {part.strip() for part in (origin_region or "").split(",") if part.strip()}
    if not parts - {"Unknown"}:
        return "UNKNOWN" if countries or parts else "NOT_RECORDED"
    if parts == {"Mixed"} or len(parts) > 1:
        return "MIXED"
    return "PRESUMED" if all(part.endswith("(P)") for part in parts) else "REGION"


def _repaired(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252: "CuraÃ§ao" is Curaçao."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text
