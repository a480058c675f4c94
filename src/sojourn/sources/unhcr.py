"""What the tables of UNHCR's Refugee Data Finder have in common; each table is a source of its own.

The web service (`https://api.unhcr.org/population/v1/…?coo_all=true&coa_all=true`) answers JSON records, and
the same columns are in tidied copies; the page's CSV download has the same content under longer headers.
Both mark what is missing with "-".

Every typed table begins with

    period            year
    origin, asylum    ISO 3166-1 alpha-3, or one of the categories in `CATEGORIES` that are no area

and ends with counts, which are whole numbers, null where nothing is known. UNHCR's own country codes are
not those of ISO (its ARE is Egypt), so only `coo_iso` and `coa_iso` are read. UNHCR rounds small counts to
multiples of five, so that sums of many rows are not exact.

Source: UNHCR, Refugee Data Finder (CC BY 4.0).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from sojourn import areas
from sojourn.sources import problems
from sojourn.sources.model import Layout, RawSheet, Reading
from sojourn.sources.notation import in_one_notation
from sojourn.sources.parsing import ROW, Field, list_problem, lookup, number, read_fields, text
from sojourn.sources.wdi import year

CATEGORIES = {
    "UNK": "unknown or not stated",
    "XXA": "stateless",
    "TIB": "Tibetan, a category of origin",
    "AB9": "Abyei Area, which has no ISO code",
}
"""Categories of origin or place that are no area: kept apart, never joined to a country."""

PUBLISHER = "UNHCR"
LICENCE = "CC BY 4.0"
PAGE = "https://www.unhcr.org/refugee-statistics/download"

COUNTED = {"p": "PERSONS", "persons": "PERSONS", "c": "CASES", "cases": "CASES"}
"""What a row of the asylum tables counts. A case may be a family: cases and persons are never added."""

LARGEST_COUNT = 50_000_000
"""More people than one row ever told of: 28 million displaced in the whole world of the 1990s is the most."""

Check = Callable[[RawSheet, pl.DataFrame], pl.DataFrame]
"""A look at the typed table that lists odd rows; they are kept, and a person should know."""

_ACCEPTED_PLACE = f"an ISO 3166-1 alpha-3 code of a country, or {', '.join(CATEGORIES)}"
_ACCEPTED_COUNT = (
    "a whole number, not negative, at most 50,000,000, with or without separators throughout; '-' for missing"
)
_API, _DOWNLOAD = "API records", "CSV download"
_KEYS = {
    _API: ("year", "coo_iso", "coa_iso"),
    _DOWNLOAD: ("Year", "Country of origin (ISO)", "Country of asylum (ISO)"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: our name, its name in the web service, its header in the CSV download.

    `optional` columns may be absent from a download, where a person chooses them; `recent` ones from older
    copies of either layout. `codes` are set for a column of codes; empty codes allow any.
    """

    name: str
    api: str
    download: str
    optional: bool = False
    recent: bool = False
    codes: dict[str, str] | None = None

    def field(self, layout: str) -> Field:
        """Say how a cell of this column is read: as one of its codes, or as a count."""
        if self.codes is None:
            optional = not self.marks(layout)
            return Field(self.header(layout), self.name, count, _ACCEPTED_COUNT, optional=optional)
        convert = lookup(self.codes) if self.codes else text
        return Field(self.header(layout), self.name, convert, ", ".join(self.codes) or "a code", needed=True)

    def header(self, layout: str) -> str:
        """Give the header that this column has in a layout."""
        return self.api if layout == _API else self.download

    def marks(self, layout: str) -> bool:
        """Say whether every file of the layout has this column."""
        return not (self.recent or (self.optional and layout == _DOWNLOAD))


def place(values: pl.Series) -> pl.Series:
    """Read ISO alpha-3 codes of countries, and keep the categories that are no area as they are.

    >>> place(pl.Series(["SYR", "UNK", "xxa", "GFR", "001", "-"])).to_list()
    ['SYR', 'UNK', 'XXA', None, None, None]
    """
    codes = text(values).str.to_uppercase().replace({"UKN": "UNK"})
    countries = areas.table().filter(kind="country")["area"]
    found = areas.to_area(codes, "alpha3")
    found = found.set(~found.is_in(countries.implode()).fill_null(False), None)
    return codes.set(~codes.is_in(list(CATEGORIES)).fill_null(False), None).zip_with(found.is_null(), found)


def count(values: pl.Series) -> pl.Series:
    """Read counts: whole numbers, not negative, not beyond `LARGEST_COUNT`, in one notation.

    >>> count(pl.Series(["1,250", "5.0", "-", "-5", "2.5", "<5", "61,102,019"])).to_list()
    [1250, 5, None, None, None, None, None]
    """
    numbers = number(in_one_notation(values))
    whole = (numbers >= 0) & (numbers == numbers.round(0)) & (numbers <= LARGEST_COUNT)
    fits = whole.fill_null(False)
    return numbers.set(~fits, None).cast(pl.Int64)


def layouts(columns: tuple[Column, ...], *, check: Check | None = None) -> tuple[Layout, ...]:
    """Give the two layouts of a table: the web service's records, and the CSV download.

    Args:
        columns: its columns after year, origin and asylum.
        check: looks at the typed table and lists rows that are kept although something is odd.
    """
    return tuple(
        Layout(
            name,
            (*_KEYS[name], *(column.header(name) for column in columns if column.marks(name))),
            partial(_read, columns=columns, layout=name, check=check),
        )
        for name in (_API, _DOWNLOAD)
    )


def _read(sheet: RawSheet, columns: tuple[Column, ...], layout: str, check: Check | None) -> Reading:
    when, origin, asylum = _KEYS[layout]
    fields = (
        Field(when, "period", year, "a year", needed=True),
        Field(origin, "origin", place, _ACCEPTED_PLACE, needed=True),
        Field(asylum, "asylum", place, _ACCEPTED_PLACE, needed=True),
        *(column.field(layout) for column in columns),
    )
    table, found = read_fields(sheet, fields)
    key = ["period", "origin", "asylum", *(column.name for column in columns if column.codes is not None)]
    first = pl.struct(key).is_first_distinct()
    repeated = table.filter(~first)
    listed = list_problem(
        sheet,
        repeated[ROW],
        ", ".join(_KEYS[layout]),
        repeated.select(pl.concat_str(key, separator=" ", ignore_nulls=True)).to_series(),
        problem="repeats a row",
        accepted="one row",
        action="rejected",
    )
    table = table.filter(first)
    names = ["period", "origin", "asylum", *(column.name for column in columns), ROW]
    odd = check(sheet, table) if check else problems.NO_PROBLEMS
    return Reading(
        table=table.select(names),
        edition=f"to-{table['period'].max() or 'empty'!s}",
        rows=sheet.frame.height,
        problems=problems.combine(found, listed, odd),
    )
