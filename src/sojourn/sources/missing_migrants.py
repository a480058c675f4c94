"""IOM, Missing Migrants Project: deaths and disappearances of migrants, one record per incident.

Files of the project differ in every edition: the website's export, the download file, the table behind the
map of 2020, a coded copy, and an office's own file in the common record standard. All become one typed
table, kind `migrant_deaths`:

    incident, main    numbers of the record, and of the incident it is a part of
    type              INCIDENT, SPLIT, INCIDENT+SPLIT, CUMULATIVE (the total of a period), NOT_STATED
    period, date      year to which it counts; day, null for the total of a period
    region            region of incident in the project's words, as a code
    grouping          UNSD geographical grouping as an M49 region; null at sea, or where parts were merged
    area              country of incident, where the file has it
    dead, missing     bodies; missing and presumed dead (lowest estimate)
    total             dead plus missing: the figure of SDG 10.7.3
    survivors, females, males, children, identified, aboard     persons, null where not recorded
    cause, route, origin    codes (`incident_words`)
    coordinates, source_quality

`total` is the file's own where it has one. A negative number of missing is the project's way to take back
an earlier count (20 dead, -1 missing, total 19); it is listed and its total kept. Sexes or children beyond
the total are emptied. The edition is the snapshot: the day in the file's name, or the last day in it.

Source: IOM, Missing Migrants Project, https://missingmigrants.iom.int (CC BY 4.0, to be confirmed there).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from sojourn import areas
from sojourn.sources import incident_words, problems
from sojourn.sources.incident_standard import NEVER_NEGATIVE, header_of, listed, read, standard
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW

COLUMNS = (
    "incident", "main", "type", "period", "date", "region", "grouping", "area", "dead", "missing", "total",
    "survivors", "females", "males", "children", "identified", "aboard", "cause", "route", "origin",
    "coordinates", "source_quality", ROW,
)  # fmt: skip

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# Names of UNSD regions that the file of January 2020 spells in its own way.
_GROUPINGS = {"Central Africa": "Middle Africa", "South Asia": "Southern Asia"}


def read_incidents(sheet: RawSheet) -> Reading:
    """Read incident records of any dialect into the typed table."""
    records, found = read(sheet)
    records, repeated = _without_repeats(sheet, records)
    records, dated = _with_year(sheet, records)
    records, counted = _with_total(sheet, records)
    records, parts = _with_sound_parts(sheet, records)
    table = _coded(records)
    return Reading(
        table=table.select(COLUMNS),
        edition=_edition(sheet, records),
        rows=sheet.frame.height,
        problems=problems.combine(found, repeated, dated, counted, parts),
        notes=_notes(table),
    )


def _without_repeats(sheet: RawSheet, records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Reject a record whose number came before: it would count twice."""
    again = pl.col("incident").is_not_null() & ~pl.col("incident").is_first_distinct()
    found = listed(sheet, records.filter(again), "incident", "repeats a record", "rejected")
    return records.filter(~again), found


def _with_year(sheet: RawSheet, records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Take the year from its column, the day, or the record's number (2020.MMP01074); else reject."""
    of_day = pl.col("date").dt.year().cast(pl.String)
    of_number = pl.coalesce("main", "incident").str.extract(r"^(20\d{2})\.")
    stated = pl.coalesce("year", of_day)
    records = records.with_columns(period=pl.coalesce(stated, of_number), _stated=stated)
    guessed = records.filter(pl.col("_stated").is_null() & pl.col("period").is_not_null())
    moved = records.filter(of_day != pl.col("year"))
    without = records.filter(pl.col("period").is_null())
    found = problems.combine(
        listed(sheet, guessed, "incident", "has neither day nor year; its number tells the year", "kept"),
        listed(sheet, moved, "date", "is not in the record's year, which counts", "kept"),
        listed(sheet, without, "date", "has no year", "rejected"),
    )
    return records.filter(pl.col("period").is_not_null()), found


def _with_total(sheet: RawSheet, records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make total = dead + missing, or the file's own; reject a record without a sound count."""
    unread = _unreadable(sheet, records, ("dead", "missing"))
    both = pl.when(~pl.all_horizontal(pl.col("dead", "missing").is_null())).then(
        pl.col("dead").fill_null(0) + pl.col("missing").fill_null(0)
    )
    records = records.with_columns(
        _both=both, _unread=pl.col(ROW).is_in(unread), _own=pl.col("total")
    ).with_columns(total=pl.coalesce("total", pl.when(~pl.col("_unread")).then(pl.col("_both"))))
    sound = pl.col("total").is_not_null() & (pl.col("total") >= 0) & (pl.col("dead").fill_null(0) >= 0)
    kept, broken = records.filter(sound), records.filter(~sound)
    found = problems.combine(
        listed(sheet, broken.filter(pl.col("total").is_null()), "dead", "no count can be made", "rejected"),
        listed(
            sheet,
            broken.filter(pl.col("total").is_not_null()),
            "dead",
            "a count of people is negative",
            "rejected",
        ),
        listed(
            sheet,
            kept.filter(pl.col("missing") < 0),
            "missing",
            "is negative: taken back from the dead in the total",
            "kept",
        ),
        listed(
            sheet,
            kept.filter((pl.col("_own") != pl.col("_both")) & ~pl.col("_unread")),
            "total",
            "is not dead plus missing; the file's own total counts",
            "kept",
        ),
    )
    return kept, found


def _unreadable(sheet: RawSheet, records: pl.DataFrame, names: tuple[str, ...]) -> list[int]:
    """Rows whose cell of a count holds something that is no count."""
    rows: set[int] = set()
    for asked in standard():
        header = header_of(sheet, asked)
        if asked.name in names and header is not None:
            filled = sheet.frame[header].cast(pl.String).str.strip_chars().fill_null("") != ""
            empty = records.filter(pl.col(asked.name).is_null())[ROW]
            rows |= set(sheet.row_numbers.filter(filled)) & set(empty)
    return sorted(rows)


def _with_sound_parts(sheet: RawSheet, records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Empty parts that exceed the total, or are negative; the record and its total stay."""
    found = []
    for name in NEVER_NEGATIVE:
        negative = pl.col(name) < 0
        found.append(listed(sheet, records.filter(negative), name, "is negative", "emptied"))
        records = records.with_columns(pl.when(negative).then(None).otherwise(pl.col(name)).alias(name))
    sexes = pl.col("females").fill_null(0) + pl.col("males").fill_null(0)
    rules = (
        (("females", "males"), sexes > pl.col("total"), "females and males exceed the total"),
        (("children",), pl.col("children") > pl.col("total"), "children exceed the total"),
        (("identified",), pl.col("identified") > pl.col("total"), "identified exceed the total"),
    )
    for names, broken, problem in rules:
        found.append(listed(sheet, records.filter(broken), names[0], problem, "emptied"))
        records = records.with_columns(
            pl.when(broken.fill_null(False)).then(None).otherwise(pl.col(name)).alias(name) for name in names
        )
    return records, problems.combine(*found)


def _coded(records: pl.DataFrame) -> pl.DataFrame:
    """Give codes to words; the total of a period keeps neither day nor place."""
    shared = pl.col("main").is_not_null() & (pl.col("main").count().over("main") > 1)
    # Without a column of types, records that share the number of their incident are its parts.
    kind = pl.coalesce("type", pl.when(shared).then(pl.lit("SPLIT")), pl.lit("NOT_STATED"))
    undated = pl.col("type") == "CUMULATIVE"
    own = records["grouping"].replace(_GROUPINGS)
    origins = [incident_words.origin(*pair) for pair in records.select("origin", "origin_region").iter_rows()]
    return records.with_columns(
        kind.alias("type"),
        *(
            pl.when(undated).then(None).otherwise(pl.col(name)).alias(name)
            for name in ("date", "coordinates")
        ),
        _codes(records["cause"], incident_words.cause, "NOT_RECORDED"),
        _codes(records["route"], incident_words.route, "NOT_RECORDED"),
        _codes(records["region"], incident_words.region, "NOT_RECORDED"),
        areas.to_area(own, "name").alias("grouping"),
        pl.Series("origin", origins, dtype=pl.String),
    )


def _codes(words: pl.Series, code: Callable[[str], str], without: str) -> pl.Series:
    distinct = words.drop_nulls().unique(maintain_order=True)
    codes = pl.Series([code(one) for one in distinct], dtype=pl.String)
    return words.replace_strict(distinct, codes, default=without, return_dtype=pl.String)


def _edition(sheet: RawSheet, records: pl.DataFrame) -> str:
    """Date the snapshot: by the day in its name, its last day, or its last month."""
    if named := re.search(r"(20\d{2}-\d{2}-\d{2})", sheet.file.name.rpartition("/")[2]):
        return named.group(1)
    if (last := records["date"].cast(pl.String).max()) is not None:
        return f"to-{last!s}"
    return f"to-{_last_month(sheet, records)}"


def _last_month(sheet: RawSheet, records: pl.DataFrame) -> str:
    """Last year and month of records that tell the month only."""
    last = str(records["period"].max() or "empty")
    header = next(
        (name for name in sheet.frame.columns if name.strip().lower() in ("reported month", "month")), None
    )
    if header is None or records.is_empty():
        return last
    rows = records.filter(period=last)[ROW].to_list()
    months = sheet.frame[header].filter(sheet.row_numbers.is_in(rows)).str.slice(0, 3).str.to_lowercase()
    numbers = [_MONTHS.index(month) + 1 for month in months.drop_nulls() if month in _MONTHS]
    return f"{last}-{max(numbers):02d}" if numbers else last


def _notes(table: pl.DataFrame) -> tuple[str, ...]:
    kinds = table.group_by("type").agg(pl.len(), pl.col("total").sum()).sort("type").iter_rows()
    return tuple(f"{rows} records of type {kind}: {total} dead and missing" for kind, rows, total in kinds)


SOURCE = Source(
    name="missing_migrants",
    title="Missing Migrants Project",
    publisher="International Organization for Migration (IOM)",
    licence="CC BY 4.0 (to be confirmed at the page before redistributing)",
    citation="IOM, Missing Migrants Project",
    page="https://missingmigrants.iom.int/downloads",
    table="migrant_deaths",
    layouts=(
        Layout(
            "website export",
            ("Incident ID", "Region", "Incident Date", "Year", "Number Dead", "Number of Survivors"),
            read_incidents,
        ),
        Layout(
            "download file",
            ("Incident Type", "Incident Year", "Region of Incident", "Number of Dead", "Number of Survivors"),
            read_incidents,
        ),
        Layout(
            "table of the map, 2020",
            ("Web ID", "Region of Incident", "Reported Date", "Reported Year", "Number Dead"),
            read_incidents,
        ),
        Layout(
            "coded copy", ("t", "type", "route", "geo", "dead", "cause", "surv", "nat"), read_incidents,
            original=False,
        ),
        Layout(
            "common record standard",
            ("incident_id", "incident_type", "incident_date", "number_dead"),
            read_incidents,
            original=False,
        ),
    ),
    downloads=(Download("missing_migrants.csv", None),),
    by_hand="The project's page builds the file; choose all years and regions, and keep the day in its name.",
)  # fmt: skip
