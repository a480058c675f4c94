"""The common record standard for deaths and disappearances of migrants, and what a file lacks of it.

One record per incident; the fields, their headers in every dialect in use, and why each is asked for stand
in `incident_standard.toml`. `read` types a table of any dialect by it; `lacks` says, for each field, whether the
column is absent, how many records leave it empty, and how many hold something else; and it names the
records that contradict themselves.

Source: the variables of SDG indicator 10.7.3 (metadata of 10.7.3, Table 2: IOM, Missing Migrants Project) and
the column names of IOM's own files. The standard itself is this program's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from sojourn.sources import incident_words, problems
from sojourn.sources.model import RawSheet
from sojourn.sources.parsing import ROW, Field, area, list_problem, normal, number, read_fields, text

_FACTS = Path(__file__).with_suffix(".toml")

REQUIRED = "required"
NEVER_NEGATIVE = ("survivors", "females", "males", "children", "identified", "aboard")

LARGEST_TOLL = 100_000

_DATES = {
    "%m/%d/%Y": r"^\w{3}, (\d{2}/\d{2}/\d{4})",
    "%d-%b-%y": r"^(\d{1,2}-\w{3}-\d{2})$",
    "%Y-%m-%d": r"^(\d{4}-\d{2}-\d{2})",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the standard: our name, its headers, how it is read, and why it is asked for."""

    name: str
    header: str
    also: tuple[str, ...]
    level: str
    kind: str
    why: str


@cache
def standard() -> tuple[Asked, ...]:
    """List the fields of the common record standard, in its order.

    >>> [field.name for field in standard() if field.level == "required"][:3]
    ['incident', 'type', 'date']
    """
    facts = tomllib.loads(_FACTS.read_text(encoding="utf-8"))
    return tuple(Asked(**field | {"also": tuple(field["also"])}) for field in facts["field"])


def count(values: pl.Series) -> pl.Series:
    """Read whole numbers, also as 12.0; a fraction is no count.

    >>> count(pl.Series(["12.0", "1,022", "-2", "2.5", "about 10"])).to_list()
    [12, 1022, -2, None, None]
    """
    numbers = number(values)
    return numbers.set(numbers != numbers.floor(), None).cast(pl.Int64)


def toll(values: pl.Series) -> pl.Series:
    """Read the people of one incident; no record, not even of a whole period, tells of more than 100,000.

    >>> toll(pl.Series(["1,022", "61,102,019"])).to_list()
    [1022, None]
    """
    counts = count(values)
    return counts.set((counts > LARGEST_TOLL).fill_null(False), None)


def day(values: pl.Series) -> pl.Series:
    """Read days as "Mon, 01/06/2014 - 12:00" (month first), "13-Jan-20" or "2014-01-06".

    >>> day(pl.Series(["Mon, 01/06/2014 - 12:00", "13-Jan-20", "2014-01-06", "June"])).to_list()[:3]
    [datetime.date(2014, 1, 6), datetime.date(2020, 1, 13), datetime.date(2014, 1, 6)]
    """
    if isinstance(values.dtype, (pl.Date, pl.Datetime)):
        return values.cast(pl.Date)
    cells = text(values)
    found = [cells.str.extract(pattern).str.to_date(form, strict=False) for form, pattern in _DATES.items()]
    return pl.select(pl.coalesce(found)).to_series()


def year(values: pl.Series) -> pl.Series:
    """Read four-digit years, also as 2014.0."""
    return text(values).str.extract(r"^((?:19|20)\d{2})(?:\.0)?$")


def quality(values: pl.Series) -> pl.Series:
    """Read the quality of the source, 1 to 5; of several the lowest counts."""
    cells = text(values).str.replace_all(r"\.0", "")
    return cells.str.extract_all(r"[1-5]").list.min().set(~cells.str.contains(r"^[1-5](,[1-5])*$"), None)


def pair(values: pl.Series) -> pl.Series:
    """Keep "latitude, longitude" where both are degrees on the globe; empty anything else."""
    cells = text(values)
    latitude = cells.str.extract(r"^(-?\d+(?:\.\d+)?)\s*,").cast(pl.Float64)
    longitude = cells.str.extract(r",\s*(-?\d+(?:\.\d+)?)$").cast(pl.Float64)
    fits = (latitude.abs() <= 90) & (longitude.abs() <= 180)
    return cells.set(~fits.fill_null(False), None)


def _coded(code: Callable[[str], str | None]) -> Callable[[pl.Series], pl.Series]:
    def convert(values: pl.Series) -> pl.Series:
        cells = text(values)
        distinct = cells.drop_nulls().unique(maintain_order=True)
        codes = pl.Series([code(cell) for cell in distinct], dtype=pl.String)
        return cells.replace_strict(distinct, codes, default=None, return_dtype=pl.String)

    return convert


_KINDS: dict[str, tuple[Callable[[pl.Series], pl.Series], str]] = {
    "id": (text, "a number or text of its own"),
    "type": (
        _coded(incident_words.incident_type),
        "Incident, Split Incident, Cumulative Incident, or the first two joined by a comma",
    ),
    "date": (day, "a day, best as 2014-01-06"),
    "year": (year, "a year of four digits"),
    "text": (text, "text"),
    "area": (area("name"), "the name or ISO code of one country"),
    "count": (toll, "a whole number"),
    "pair": (pair, "latitude and longitude in degrees, such as 31.65, -110.37"),
    "quality": (quality, "1 to 5"),
}


def header_of(sheet: RawSheet, asked: Asked) -> str | None:
    """Find the column of a sheet that holds a field, in whatever dialect; None where there is none."""
    present = {normal(header): header for header in reversed(sheet.frame.columns)}
    names = (normal(name) for name in (asked.header, *asked.also))
    return next((present[name] for name in names if name in present), None)


def read(sheet: RawSheet) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Type the records of a sheet by the standard, whatever its dialect.

    Returns:
        One column per field of the standard (null where the file has none), plus `row`; and the problems.
        No record is left out here.
    """
    fields = tuple(
        Field(header_of(sheet, asked) or asked.header, asked.name, *_KINDS[asked.kind], optional=True)
        for asked in standard()
    )
    return read_fields(sheet, fields)


LACKS_SCHEMA = pl.Schema(
    {
        "field": pl.String,
        "level": pl.String,
        "column": pl.String,
        "lack": pl.String,
        "records": pl.Int64,
        "of": pl.Int64,
        "first_row": pl.Int64,
        "why": pl.String,
    }
)


def lacks(sheet: RawSheet) -> pl.DataFrame:
    """Say what a file of incidents lacks of the common record standard.

    Args:
        sheet: the raw table, in any dialect.

    Returns:
        One row per lack: field, level, the file's column (null if absent), what is lacking, how many records
        of how many, the first row where it shows, and why the field is asked for. Empty: nothing is lacking.
    """
    table, found = read(sheet)
    rows = [row for asked in standard() for row in _of_field(sheet, table, found, asked)]
    rows += [row for row in _contradictions(table) if row["records"]]
    return pl.DataFrame(rows, schema=LACKS_SCHEMA)


def _of_field(
    sheet: RawSheet, table: pl.DataFrame, found: pl.DataFrame, asked: Asked
) -> list[dict[str, object]]:
    header, height = header_of(sheet, asked), table.height
    row: dict[str, object] = {
        "field": asked.name,
        "level": asked.level,
        "column": header,
        "of": height,
        "why": asked.why,
    }
    if header is None:
        return [row | {"lack": "there is no such column", "records": height, "first_row": None}]
    unread = found.filter(column=header, action="emptied")
    empty = table.filter(pl.col(asked.name).is_null() & ~pl.col(ROW).is_in(unread["row"].to_list()))
    if asked.kind in ("date", "pair"):
        # The total of a period has no day and no place, and shall have none.
        empty = empty.filter(pl.col("type").ne_missing("CUMULATIVE"))
    lack = [("is empty", empty[ROW]), (f"is not {_KINDS[asked.kind][1]}", unread["row"])]
    return [
        row | {"lack": what, "records": len(rows), "first_row": rows.min()}
        for what, rows in lack
        if len(rows)
    ]


def _contradictions(table: pl.DataFrame) -> list[dict[str, object]]:
    """Records that contradict themselves or one another."""
    sum_of_both = pl.col("dead").fill_null(0) + pl.col("missing").fill_null(0)
    total = pl.coalesce("total", sum_of_both)
    no_count = pl.all_horizontal(pl.col("dead", "missing", "total").is_null())
    cumulative = pl.col("type") == "CUMULATIVE"
    rules = (
        ("total", "no count of dead, missing or both", no_count, "an incident without a count adds nothing"),
        ("total", "is not dead plus missing", total != sum_of_both, "one of the three is wrong"),
        ("dead", "is negative", pl.col("dead") < 0, "a count of people is 0 or more"),
        ("missing", "is negative", pl.col("missing") < 0, "a count of people is 0 or more"),
        ("survivors", "is negative", pl.col("survivors") < 0, "a count of people is 0 or more"),
        ("females", "females and males exceed the total", _sexes() > total, "the sexes are parts of the total"),
        ("children", "children exceed the total", pl.col("children") > total, "children are part of the total"),
        ("identified", "identified exceed the dead", pl.col("identified") > pl.col("dead"), "only bodies are named"),
        ("aboard", "fewer aboard than dead and missing", pl.col("aboard") < total, "the missing were aboard"),
        ("incident", "comes twice", pl.col("incident").is_duplicated() & pl.col("incident").is_not_null(),
         "a record counts once"),
        ("date", "is not in the record's year", pl.col("date").dt.year().cast(pl.String) != pl.col("year"),
         "the year decides to which figure the deaths count"),
        ("date", "the total of a period has a day", cumulative & pl.col("date").is_not_null(),
         "it would make a trend within the period"),
        ("coordinates", "the total of a period has a place", cumulative & pl.col("coordinates").is_not_null(),
         "a map would show many deaths where none may have happened"),
    )  # fmt: skip
    return [
        {
            "field": name,
            "level": "consistency",
            "column": None,
            "lack": lack,
            "records": (rows := table.filter(broken)[ROW]).len(),
            "of": table.height,
            "first_row": rows.min(),
            "why": why,
        }
        for name, lack, broken, why in rules
    ]


def _sexes() -> pl.Expr:
    return pl.col("females").fill_null(0) + pl.col("males").fill_null(0)


def listed(sheet: RawSheet, rows: pl.DataFrame, name: str, problem: str, action: str) -> pl.DataFrame:
    """List typed records whose field `name` is at fault, under the header that the file gives it."""
    if rows.is_empty():
        return problems.NO_PROBLEMS
    asked = next(asked for asked in standard() if asked.name == name)
    accepted = _KINDS[asked.kind][1]
    column = header_of(sheet, asked) or asked.header
    return list_problem(
        sheet, rows[ROW], column, rows[name], problem=problem, accepted=accepted, action=action
    )
