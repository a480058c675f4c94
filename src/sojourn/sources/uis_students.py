"""UNESCO Institute for Statistics: internationally mobile students, by country and by pair of countries.

The typed table is of kind `mobile_students` (see `mobile_students`). Read are the answer of the institute's
data service (indicatorId, geoUnit, year, value, qualifier, magnitude), the national and regional files of its
bulk download (INDICATOR_ID, COUNTRY_ID or REGION_ID, YEAR, VALUE, MAGNITUDE, QUALIFIER), and two tidied copies
of its flows between countries. Other indicators of a download are counted and left; so are the groups of other
bodies ("WB: World"), because only the regions of the SDGs are areas of ours.

Codes: 26637 inbound, OE.5T8.40510 outbound, MENF.5T8 net flow, 25053 tertiary enrolment, MSEP.5T8 inbound
mobility rate, MOR.5T8.40510 outbound mobility ratio; MENFR.5T8, net flow ratio, is from memory. A magnitude
NIL is a true zero; NA says that the category does not exist, and such a row counts as empty.

Source: UNESCO Institute for Statistics (CC BY-SA 3.0 IGO).
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sojourn import areas
from sojourn.sources.mobile_students import count, students_reading
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import Field, area, find_columns, lookup, number, read_fields, text
from sojourn.sources.wdi import year

MEASURES = {
    # UIS code: our measure
    "26637": "INBOUND",
    "OE.5T8.40510": "OUTBOUND",
    "MENF.5T8": "NET",
    "25053": "ENROLMENT",
    "MSEP.5T8": "INBOUND_RATE",
    "MOR.5T8.40510": "OUTBOUND_RATIO",
    "MENFR.5T8": "NET_RATIO",
}

_ESTIMATES = ("UIS_EST", "NAT_EST")
_NOT_APPLICABLE = ("NA", "A")
_SDG = "SDG: "

_measure = lookup({code.lower(): measure for code, measure in MEASURES.items()})


def _area(values: pl.Series) -> pl.Series:
    """Read ISO alpha-3 codes, and the regions of the SDGs by their names."""
    cells = text(values)
    region = areas.to_area(cells.str.strip_prefix(_SDG).set(~cells.str.starts_with(_SDG), None), "name")
    return pl.select(pl.coalesce(areas.to_area(cells, "alpha3"), region)).to_series()


def read_service(sheet: RawSheet) -> Reading:
    """Read the answer of the data service."""
    return _read_values(sheet, "indicatorId", "geoUnit")


def read_national(sheet: RawSheet) -> Reading:
    """Read the national file of the bulk download."""
    return _read_values(sheet, "INDICATOR_ID", "COUNTRY_ID")


def read_regional(sheet: RawSheet) -> Reading:
    """Read the regional file of the bulk download."""
    return _read_values(sheet, "INDICATOR_ID", "REGION_ID")


def _read_values(sheet: RawSheet, code: str, place: str) -> Reading:
    fields = (
        Field(code, "measure", _measure, "an indicator of mobile students", needed=True),
        Field(place, "area", _area, "an ISO 3166-1 alpha-3 code or a region of the SDGs", needed=True),
        Field("year", "period", year, "a year", needed=True),
        Field("value", "value", number, "a number"),
        Field("qualifier", "qualifier", text, "a qualifier"),
        Field("magnitude", "magnitude", _magnitude, "NIL, NA or nothing"),
    )
    headers = find_columns(sheet, fields)
    sheet, others, used = _without(sheet, ~_known(sheet.frame[headers["measure"]]), "of indicators not used")
    sheet, groups, more = _without(sheet, _foreign(sheet.frame[headers["area"]]), "of groups not used")
    table, found = read_fields(sheet, fields)
    table = table.with_columns(
        pl.when(~pl.col("magnitude").is_in(_NOT_APPLICABLE).fill_null(False)).then(pl.col("value")),
        pl.col("qualifier").is_in(_ESTIMATES).fill_null(False).alias("estimated"),
    )
    return students_reading(sheet, table, found, notes=used + more, set_aside=others + groups)


def _magnitude(values: pl.Series) -> pl.Series:
    return text(values).str.to_uppercase()


def _known(codes: pl.Series) -> pl.Series:
    """An empty code is no other indicator: its row is rejected, with its number."""
    return _measure(codes).is_not_null() | text(codes).is_null()


def _foreign(places: pl.Series) -> pl.Series:
    """Groups have a name with their maker in front; of those only the SDGs' are areas, and not all."""
    return text(places).str.contains(r"^[^:]+: |^CECC-SICA$").fill_null(False) & _area(places).is_null()


def _without(sheet: RawSheet, rows: pl.Series, what: str) -> tuple[RawSheet, int, tuple[str, ...]]:
    number_of_rows = int(rows.sum())
    if not number_of_rows:
        return sheet, 0, ()
    return sheet.filter(~rows), number_of_rows, (f"{number_of_rows} rows {what}",)


# How the copies spell three countries that the publisher spells as everybody does.
_SPELLINGS = {"Venezuala": "Venezuela", "St Vincent/Grenadines": "Saint Vincent and the Grenadines"}
_REMAINDER = r"unknown countries$|^Other countries$|^Sudan \(pre-secession\)$"


def read_pairs(sheet: RawSheet) -> Reading:
    """Read a tidied copy of the flows; small origins or destinations are lumped there, and set aside here."""
    names = {header: header.split("_", 1)[0] for header in sheet.frame.columns if "country" in header}
    origin, destination = sorted(names, key=lambda header: names[header] != "origin")
    lumped = pl.select(
        pl.any_horizontal(
            text(sheet.frame[header]).str.contains(_REMAINDER).fill_null(False) for header in names
        )
    ).to_series()
    sheet, remainder, notes = _without(sheet, lumped, "of unknown, other or former countries not used")
    spelled = sheet.frame.with_columns(pl.col(header).replace(_SPELLINGS) for header in names)
    fields = (
        Field(destination, "area", area("name"), "the name of a country", needed=True),
        Field(origin, "counterpart", area("name"), "the name of a country", needed=True),
        Field("year", "period", year, "a year", needed=True),
        Field("value_lumped", "value", count, "a number of students"),
    )
    table, found = read_fields(replace(sheet, frame=spelled), fields)
    table = table.with_columns(pl.lit("PAIR").alias("measure"))
    return students_reading(sheet, table, found, notes=notes, set_aside=remainder)


def read_net_ratios(sheet: RawSheet) -> Reading:
    """Read a tidied copy of the net flow ratio by country and year."""
    spelled = sheet.frame.with_columns(pl.col("country_name").replace(_SPELLINGS))
    fields = (
        Field("country_name", "area", area("name"), "the name of a country", needed=True),
        Field("year", "period", year, "a year", needed=True),
        Field("flow_ratio", "value", number, "a number"),
    )
    table, found = read_fields(replace(sheet, frame=spelled), fields)
    return students_reading(sheet, table.with_columns(pl.lit("NET_RATIO").alias("measure")), found)


_BULK = ("YEAR", "VALUE", "MAGNITUDE", "QUALIFIER")

SOURCE = Source(
    name="uis_students",
    title="Internationally mobile students",
    publisher="UNESCO Institute for Statistics",
    licence="CC BY-SA 3.0 IGO",
    citation="UNESCO Institute for Statistics, internationally mobile students",
    page="https://databrowser.uis.unesco.org",
    table="mobile_students",
    parts=("measure",),
    layouts=(
        Layout(
            "data service",
            ("indicatorId", "geoUnit", "year", "value", "qualifier", "magnitude"),
            read_service,
        ),
        Layout("bulk, national", ("INDICATOR_ID", "COUNTRY_ID", *_BULK), read_national),
        Layout("bulk, regional", ("INDICATOR_ID", "REGION_ID", *_BULK), read_regional),
        Layout(
            "destinations by origin",
            ("year", "origin_country_name", "dest_country_lumped", "value_lumped"),
            read_pairs,
            original=False,
        ),
        Layout(
            "origins by destination",
            ("year", "dest_country_name", "origin_country_lumped", "value_lumped"),
            read_pairs,
            original=False,
        ),
        Layout("net flow ratios", ("year", "country_name", "flow_ratio"), read_net_ratios, original=False),
    ),
    downloads=(Download("OPRI_DATA_NATIONAL.csv", None),),
    by_hand="The bulk download (databrowser.uis.unesco.org, Resources) is an archive with other tables; take "
    "OPRI_DATA_NATIONAL.csv, which holds students and tertiary enrolment, out of it.",
)
