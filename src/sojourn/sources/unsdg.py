"""UN Statistics Division, Global SDG Indicators Database: official values of the SDG indicators.

The typed table is of kind `published_values`. Areas are M49 numbers there. Read are the series whose
indicators this program measures; other series of a download are counted and left. Sex and age have columns of
their own; migratory status and policy domain go into `breakdown`, under the codes that the global data
structure has for them (MS_MIGRANT, PD_1). Migratory status is neither birthplace nor citizenship: the
producers of these figures use either, or recent arrival, so it must not be read as one of them.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sojourn.sources import problems
from sojourn.sources.model import Download, Head, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import (
    ROW,
    Field,
    area,
    find_columns,
    list_problem,
    lookup,
    number,
    read_fields,
    text,
    without_other_areas,
)
from sojourn.sources.published import published_reading
from sojourn.sources.wdi import year

SERIES = {
    # series: SDMX unit
    "SI_RMT_COST": "PT",
    "BX_TRF_PWKR": "PT",
    "SM_POP_REFG_OR": "PER_100000_POP",
    "SM_DTH_MIGR": "NUMBER",
    "VC_HTF_DETV": "NUMBER",
    "VC_HTF_DETVSX": "NUMBER",
    "VC_HTF_DETVFL": "NUMBER",
    "VC_HTF_DETVOG": "NUMBER",
    "VC_HTF_DETVOP": "NUMBER",
    "SL_EMP_INJUR": "PER_100000_EMP",
    "SL_EMP_FTLINJUR": "PER_100000_EMP",
    "SL_LBR_NTLCPL": "SCORE",
    "SG_CPA_MIGRP": "PT",
    "SG_CPA_MIGRS": "NUMBER",
    "SG_REG_BRTH": "PT",
    "DC_TOF_SCHIPSL": "CON_USD_M",
    "VC_PRR_PHYV": "PT",
    "VC_PRR_ROBB": "PT",
    "VC_PRR_SEXV": "PT",
}

POSSIBLE = {
    # unit: least and largest value that can be
    "NUMBER": (0.0, 1e9),
    "PER_100000_POP": (0.0, 1e5),
    "PER_100000_EMP": (0.0, 1e5),
    "SCORE": (0.0, 10.0),
}

# Codes of the older tidied copies and of the database's own downloads, lower case. A migratory status that is
# not specified is that of series without a breakdown by it (8.8.2), so it is the total.
_SEXES = {"bothsex": "_T", "_t": "_T", "female": "F", "f": "F", "male": "M", "m": "M", "u": "_U", "_u": "_U"}
_AGES = {
    "allage": "_T", "_t": "_T", "lt18y": "Y0T17", "<18y": "Y0T17", "y0t17": "Y0T17",
    "18": "Y_GE18", "18+": "Y_GE18", "y_ge18": "Y_GE18", "u": "_U", "_u": "_U",
    "<1y": "Y0", "lt1y": "Y0", "y0": "Y0", "<5y": "Y0T4", "lt5y": "Y0T4", "y0t4": "Y0T4", "y0t5": "Y0T5",
    "<8y": "Y0T7", "lt8y": "Y0T7", "y0t7": "Y0T7", "m6t59": "M6T59",
    "m12t23": "M12T23", "m24t35": "M24T35", "m36t47": "M36T47", "m48t59": "M48T59",
}  # fmt: skip
_MIGRATORY_STATUS = {
    "t": "_T", "_t": "_T", "migper": "MS_MIGRANT", "nonmig": "MS_NOMIGRANT", "eumig": "MS_EUMIGRANT",
    "noneumig": "MS_NONEUMIGRANT", "notspec": "_T", "ms_migrant": "MS_MIGRANT", "ms_nomigrant": "MS_NOMIGRANT",
    "ms_eumigrant": "MS_EUMIGRANT", "ms_noneumigrant": "MS_NONEUMIGRANT",
}  # fmt: skip
STATUS, DOMAIN = "MIGRATORY_STATUS", "POLICY_DOMAIN"

_POLICY_DOMAINS = {"alldomains": "_T", "_t": "_T"} | {
    name: f"PD_{number}" for number in range(1, 7) for name in (f"domain{number}", f"pd_{number}")
}

_AREA = area("m49")
_ACCEPTED = "an M49 number"
_NATURES = {"c": "C", "ca": "CA", "e": "E", "g": "G", "m": "M", "n": "N"}


_nature = lookup(_NATURES | {"na": "_X", "notspec": "_X"})


def _total_if_blank(codes: dict[str, str]) -> Callable[[pl.Series], pl.Series]:
    """Read a code; blank is the total, and a code that nobody declared is null: its row is rejected."""
    read_code = lookup(codes)

    def convert(values: pl.Series) -> pl.Series:
        return read_code(values.cast(pl.String).fill_null("_t").replace("", "_t"))

    return convert


def _breakdowns(*names: str) -> tuple[Field, ...]:
    """The columns of sex, age, migratory status and policy domain; an unknown code rejects its row."""
    ours = (("sex", _SEXES), ("age", _AGES), (STATUS, _MIGRATORY_STATUS), (DOMAIN, _POLICY_DOMAINS))
    return tuple(
        Field(column, name, _total_if_blank(codes), ", ".join(codes), needed=True, optional=True)
        for column, (name, codes) in zip(names, ours, strict=True)
    )


def read_download(sheet: RawSheet) -> Reading:
    """Read the CSV or workbook that the database's own page gives."""
    fields = (
        Field("SeriesCode", "series", text, "a series code", needed=True),
        Field("GeoAreaCode", "area", _AREA, _ACCEPTED, needed=True),
        Field("TimePeriod", "period", year, "a year", needed=True),
        Field("Value", "value", number, "a number"),
        Field("[Nature]", "nature", _nature, "a nature code", optional=True),
        *_breakdowns("[Sex]", "[Age]", "[Migratory status]", "[Policy Domains]"),
    )
    sheet, groups, notes = without_other_areas(sheet, "GeoAreaCode", "m49")
    sheet, others, more = _without_other_series(sheet, fields)
    table, found = read_fields(sheet, fields)
    return _finish(sheet, table, found, notes + more, groups + others)


def _without_other_series(
    sheet: RawSheet, fields: tuple[Field, ...]
) -> tuple[RawSheet, int, tuple[str, ...]]:
    """Set aside the series that no indicator uses, before their codes are read."""
    codes = text(sheet.frame[find_columns(sheet, fields)["series"]])
    other = (~codes.is_in(list(SERIES))).fill_null(False)
    if not other.any():
        return sheet, 0, ()
    note = f"{other.sum()} rows of {codes.filter(other).n_unique()} series not used"
    return sheet.filter(~other), int(other.sum()), (note,)


_ENTITIES = {"geo_area", "nature", "units", "year"}
_OPTIONAL_ENTITIES = {"age", "sex", "migratory_status", "policy_domains"}


def locate_entities(head: Head) -> int | None:
    """A tidied copy names the series in its last header: geo_area, nature, units, year, si_rmt_cost."""
    first = head.rows[0] if head.rows else ()
    entities = set(first[:-1])
    fits = entities >= _ENTITIES and entities <= _ENTITIES | _OPTIONAL_ENTITIES
    return 1 if fits and len(entities) == len(first) - 1 and str(first[-1]).upper() in SERIES else None


def read_entities(sheet: RawSheet) -> Reading:
    """Read a tidied copy with one series per file."""
    header = sheet.frame.columns[-1]
    fields = (
        Field("geo_area", "area", _AREA, _ACCEPTED, needed=True),
        Field("year", "period", year, "a year", needed=True),
        Field("nature", "nature", _nature, "a nature code"),
        Field(header, "value", number, "a number"),
        *_breakdowns("sex", "age", "migratory_status", "policy_domains"),
    )
    sheet, groups, notes = without_other_areas(sheet, "geo_area", "m49")
    table, found = read_fields(sheet, fields)
    return _finish(sheet, table.with_columns(pl.lit(header.upper()).alias("series")), found, notes, groups)


def _finish(
    sheet: RawSheet, table: pl.DataFrame, found: pl.DataFrame, notes: tuple[str, ...], set_aside: int
) -> Reading:
    parts = [
        pl.when(pl.col(name) != "_T").then(pl.concat_str(pl.lit(f"{name}="), pl.col(name)))
        for name in (STATUS, DOMAIN)
    ]
    table = table.with_columns(
        pl.col("series").replace_strict(SERIES, return_dtype=pl.String).alias("unit"),
        pl.col("nature").fill_null("_X"),
        pl.concat_str(parts, separator=";", ignore_nulls=True).fill_null("").alias("breakdown"),
    )
    table, impossible = _without_impossible(sheet, table)
    found = problems.combine(found, impossible)
    edition = f"to-{table['period'].cast(pl.String).max() or 'empty'!s}"
    return published_reading(sheet, table, found, edition, notes, set_aside=set_aside)


def _without_impossible(sheet: RawSheet, table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Empty what the unit cannot hold: fewer people than none, more than everybody."""
    least, most = (
        pl.col("unit").replace_strict(
            {unit: ends[end] for unit, ends in POSSIBLE.items()}, default=None, return_dtype=pl.Float64
        )
        for end in (0, 1)
    )
    out = ~pl.col("value").is_between(least, most).fill_null(value=True)
    broken = table.filter(out)
    listed = [
        list_problem(
            sheet,
            rows[ROW],
            "value",
            rows["value"],
            problem="cannot be",
            accepted="{:,.0f} to {:,.0f}".format(*POSSIBLE[unit]),
            action="emptied",
        )
        for (unit,), rows in broken.group_by("unit", maintain_order=True)
    ]
    kept = table.with_columns(pl.when(out).then(None).otherwise("value").alias("value"))
    return kept, problems.combine(problems.NO_PROBLEMS, *listed)


SOURCE = Source(
    name="unsdg",
    title="Global SDG Indicators Database",
    publisher="UN Statistics Division",
    licence="free use with attribution",
    citation="United Nations Statistics Division, Global SDG Indicators Database",
    page="https://unstats.un.org/sdgs/dataportal",
    table="published_values",
    parts=("series",),
    series=tuple(SERIES),
    layouts=(
        Layout("download", ("SeriesCode", "GeoAreaCode", "TimePeriod", "Value"), read_download),
        Layout("one series per file", (), read_entities, locate=locate_entities, original=False),
    ),
    downloads=(Download("sdg_data.xlsx", None),),
    by_hand="The database builds each download on its page; choose the series that sources/unsdg.py lists.",
)
