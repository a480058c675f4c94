"""The typed table of international migrant stocks, kind `migrant_stock`.

    measure       stock, population (both in persons), share or women_share (both in percent)
    destination   where they live: ISO 3166-1 alpha-3 or M49, 001 the world; 830 is the Channel Islands
    origin        where they are from, with the same codes; empty: all origins together;
                  OTHERS, OTHERS_NORTH, OTHERS_SOUTH: origins that the publisher does not tell apart
    period        year, mid-year
    sex, age      _T, M, F; _T, Y0T4 … Y_GE75
    value         number
    data_type     of the destination: B foreign-born, C foreign citizens, R refugees added, I imputed; null where
                  not told, as for regions
    form          which kind of file gave it; the publisher's own are named in `ORIGINAL`
    row           row number in the file

The Channel Islands have no ISO code and are no area of ours, but without them no sum over origins or
destinations comes out. They keep their M49 number here, and indicators decide what to do with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from sojourn import areas
from sojourn.sources import problems
from sojourn.sources.model import RawSheet, Reading
from sojourn.sources.notation import in_one_notation
from sojourn.sources.parsing import ROW, list_problem, number, text

SCHEMA = pl.Schema(
    {
        "measure": pl.String,
        "destination": pl.String,
        "origin": pl.String,
        "period": pl.String,
        "sex": pl.String,
        "age": pl.String,
        "value": pl.Float64,
        "data_type": pl.String,
        "form": pl.String,
        ROW: pl.UInt32,
    }
)

KEY = ("measure", "destination", "origin", "period", "sex", "age")

ORIGINAL = ("destination workbook", "origin workbook")
"""Forms that the publisher itself offers; the others are tidied copies."""

ALL_ORIGINS = ""
OTHERS = ("OTHERS", "OTHERS_NORTH", "OTHERS_SOUTH")
CHANNEL_ISLANDS = "830"

_ORIGINS = {
    "total": ALL_ORIGINS,
    "others": "OTHERS",
    "other": "OTHERS",
    "other north": "OTHERS_NORTH",
    "other south": "OTHERS_SOUTH",
    "ooo": "OTHERS",
    "2003": "OTHERS",
    "900": ALL_ORIGINS,
    "world": ALL_ORIGINS,
}
_OWN_NAMES = {
    "channel islands": CHANNEL_ISLANDS,
    "australia/new zealand": "053",
    "australia / new zealand": "053",
    "land-locked developing countries (lldc)": "432",
}
_OWN_ALPHA3 = {"xcx": CHANNEL_ISLANDS, "chi": CHANNEL_ISLANDS}
_GROUP = (
    r"(?i)^(?:(?:more |less )?develop(?:ed|ing) regions\b|.*-income countries$|no income group"
    r"|(?:un|world bank|sdg|sustainable|geographic|major|development|income)\b.*\b(?:groups|regions)\b)"
)


def _lower(values: pl.Series) -> pl.Series:
    return text(values).str.strip_chars_end("*").str.strip_chars().str.to_lowercase()


def _own(values: pl.Series, own: dict[str, str], found: pl.Series) -> pl.Series:
    """Let our few own spellings go before the general ones."""
    return _lower(values).replace_strict(own, default=None, return_dtype=pl.String).fill_null(found)


def by_code(values: pl.Series) -> pl.Series:
    """Read DESA's location codes, in which 900 is the world.

    >>> by_code(pl.Series(["900", "484", "830", "1503"])).to_list()
    ['001', 'MEX', '830', None]
    """
    return _own(values, {CHANNEL_ISLANDS: CHANNEL_ISLANDS}, areas.to_area(values, "wpp"))


def by_name(values: pl.Series) -> pl.Series:
    """Read DESA's names, indented and with asterisks as they are; World Bank income groups are left out.

    Names decide, not the codes that copies put beside them: these call the region Micronesia `FSM`.

    >>> by_name(pl.Series(["  Polynesia*", "Micronesia", "Channel Islands*", "High-income countries"])).to_list()
    ['061', '057', '830', None]
    """
    named = areas.to_area(_lower(values), "name")
    return _own(values, _OWN_NAMES, named.set(named.str.starts_with("WB_"), None))


def by_alpha3(values: pl.Series) -> pl.Series:
    """Read three-letter codes.

    >>> by_alpha3(pl.Series(["MEX", "XCX"])).to_list()
    ['MEX', '830']
    """
    return _own(values, _OWN_ALPHA3, areas.to_area(values, "alpha3"))


def origin(convert: Callable[[pl.Series], pl.Series]) -> Callable[[pl.Series], pl.Series]:
    """Give the converter of origins: areas as `convert` reads them, all origins, and those not told apart.

    >>> origin(by_name)(pl.Series(["Mexico", "Total", "Other South"])).to_list()
    ['MEX', '', 'OTHERS_SOUTH']
    """

    def converted(values: pl.Series) -> pl.Series:
        return _own(values, _ORIGINS, convert(values))

    return converted


def persons(values: pl.Series) -> pl.Series:
    """Read counts of persons; a negative one is no count. Copies hold 3702.9999999999927 for 3703."""
    counts = number(in_one_notation(values)).round(6)
    return counts.set((counts < 0).fill_null(False), None)


def without_groups(
    sheet: RawSheet, column: str, convert: Callable[[pl.Series], pl.Series]
) -> tuple[RawSheet, int, tuple[str, ...]]:
    """Set aside the rows of groups that are no area of ours: by development, by income, in labels.

    They are counted and named once. Only what is known as a group goes; an unknown country stays, so that
    it is rejected and listed.
    """
    cells = text(sheet.frame[column])
    distinct = cells.drop_nulls().unique().sort()
    unknown = distinct.filter(convert(distinct).is_null())
    is_group = unknown.str.contains(_GROUP) | (unknown.cast(pl.Int64, strict=False) >= 900).fill_null(False)
    groups = unknown.filter(is_group)
    aside = cells.is_in(groups.to_list()).fill_null(False)
    if not aside.any():
        return sheet, 0, ()
    count = int(aside.sum())
    note = f"{count} rows of {len(groups)} groups that are no area of ours left out: {', '.join(groups)}"
    return sheet.filter(~aside), count, (note,)


def stock_reading(
    sheet: RawSheet,
    table: pl.DataFrame,
    found: pl.DataFrame,
    *,
    form: str,
    edition: str | None = None,
    notes: tuple[str, ...] = (),
    set_aside: int = 0,
) -> Reading:
    """Complete the table: defaults, no empty values, each figure once.

    Args:
        sheet: the sheet it came from, without the rows that were set aside.
        table: at least destination, period, value and row.
        found: problems listed so far.
        form: the kind of file.
        edition: the revision; None to take the latest year, after which each revision is named.
        notes: remarks for the release's log.
        set_aside: rows of the file that are no longer in `sheet`.

    Returns:
        The reading. Regions stand twice in some tables, under two headings: equal figures are kept once
        and counted, and one that contradicts an earlier one is listed and left out.
    """
    defaults = {"measure": "stock", "origin": ALL_ORIGINS, "sex": "_T", "age": "_T", "data_type": None}
    table = table.with_columns(
        pl.lit(value, pl.String).alias(name) for name, value in defaults.items() if name not in table.columns
    ).with_columns(pl.lit(form).alias("form"))
    table = table.drop_nulls("value").select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
    table, repeated, twice = _once(sheet, table)
    if twice:
        notes += (f"{twice} figures stand twice with the same value and are kept once",)
    listed = problems.combine(found, repeated)
    rows = sheet.frame.height + set_aside
    return Reading(
        table=table,
        edition=edition or str(table["period"].max() or "empty"),
        rows=rows,
        problems=listed,
        notes=notes,
        empty_rows=rows - table[ROW].n_unique() - problems.rejected_rows(listed),
    )


def _once(sheet: RawSheet, table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    first = table.select(pl.struct(KEY).is_first_distinct()).to_series()
    if first.all():
        return table, problems.NO_PROBLEMS, 0
    again = table.filter(~first)
    kept = table.filter(first)
    compared = again.join(
        kept.select(*KEY, "value"), on=KEY, how="left", maintain_order="left", suffix="_kept"
    )
    other = compared.filter(pl.col("value") != pl.col("value_kept"))
    listed = list_problem(
        sheet,
        other[ROW],
        "value",
        other["value"],
        problem="contradicts an earlier figure for the same thing",
        accepted="one value for each destination, origin, year, sex and age",
        action="emptied",
    )
    return kept, listed, again.height - other.height


def only_rows(sheet: RawSheet, frame: pl.DataFrame) -> RawSheet:
    """Put other columns in the place of a sheet's own, row for row."""
    return replace(sheet, frame=frame, kept_rows=sheet.row_numbers)
