"""Reads the tables of DESA's own workbooks of migrant stock: years across, three blocks of them for the sexes.

The header takes several rows: a title over each block says measure, unit and sex, and the years stand below;
in 2019 the labels of the other columns stand beside the title, later beside the years. So a table is found by
its row of years, and each column is named from all rows of the header together.

Which columns there are was seen in the workbooks by destination of 2019, 2020 and 2024. Those by destination
and origin have the same form with "… of destination" and "… of origin" in their headers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from sojourn.errors import LayoutError, Place
from sojourn.sources.migrant_stock_table import (
    by_code,
    by_name,
    only_rows,
    origin,
    persons,
    stock_reading,
    without_groups,
)
from sojourn.sources.model import Head, RawSheet, Reading, Row
from sojourn.sources.parsing import ROW, Field, number, read_fields, text
from sojourn.sources.workbooks import Workbook

_WORKBOOK = r"(?i)international migrant stock (20\d\d)"
_YEAR = r"(?:19|20)\d\d"
_NAME = r"(?i)^(?:region, development group|major area, region)\b.*country or area(?: of destination)?$"
_CODE = r"(?i)^(?:location )?code(?: of destination)?$"
_ORIGIN_CODE = r"(?i)^location code of origin$"
_DATA_TYPE = r"(?i)^(?:type of data|data type)"
_NOT_READ = ("annual rate of change", "refugee")


@dataclass(frozen=True, slots=True)
class _Block:
    """What the title over a block of years says."""

    measure: str
    sex: str
    factor: int = 1


def locate_table(head: Head) -> int | None:
    """Find the row of years of a table of migrant stock; rates of change and refugees are not read."""
    if head.sheet is None or not re.search(_WORKBOOK, _joined(head.rows)):
        return None
    for index, row in enumerate(head.rows, start=1):
        years = [column for column, cell in enumerate(row) if re.fullmatch(_YEAR, cell or "")]
        if len(years) >= 3 and re.search(_WORKBOOK, _joined(head.rows[:index])):
            title = (_titles(head.rows[:index])[years[0]] or "").lower()
            return None if any(words in title for words in _NOT_READ) else index
    return None


def read_table(sheet: RawSheet) -> Reading:
    """Read one table of a workbook: stock, population, share of the population, or women's share.

    Raises:
        LayoutError: the title over the years, or the column of codes or names, is not as known.
    """
    cells = Workbook(sheet.file).frame(sheet.sheet or "")
    above = tuple(cells.head(sheet.header_row).iter_rows())
    labels = [low or high or "" for low, high in zip(above[-1], above[-2], strict=True)]
    titles = _titles(above)
    kept = cells.filter(pl.int_range(1, pl.len() + 1).is_in(sheet.row_numbers.to_list()))
    blocks: dict[str, tuple[str, _Block]] = {}
    columns: dict[str, pl.Series] = {}
    for column, label in enumerate(labels):
        if re.fullmatch(_YEAR, label):
            block = _block(titles[column] or "", sheet)
            header = f"{label}, {titles[column]}"
            blocks[header] = label, block
            columns[header] = kept.to_series(column)
        elif label:
            columns.setdefault(" ".join(label.split()), kept.to_series(column))
    body = only_rows(sheet, pl.DataFrame(columns))
    match = re.search(_WORKBOOK, _joined(above))
    return _read(body, blocks, match.group(1) if match else None)


def _read(body: RawSheet, blocks: dict[str, tuple[str, _Block]], edition: str | None) -> Reading:
    name, code = _column(body, _NAME, "Region, development group, country or area"), _find(body, _CODE)
    notes: tuple[str, ...] = ()
    place, convert = code or name, by_code if code else by_name
    if code and not _are_codes(body.frame[code]):
        # Table 2 of 2024 holds the type of data under the header "Location code".
        notes = (f"{body.sheet}: column {code!r} holds no location codes; names decide",)
        place, convert = name, by_name
    labels = body.frame[place].is_null()
    body, headings = body.filter(~labels), int(labels.sum())
    body, groups, about = without_groups(body, place, convert)
    fields = [
        Field(place, "destination", convert, "a location code or name of DESA", needed=True),
        *(
            Field(header, header, number if "share" in block.measure else persons, "a number")
            for header, (_, block) in blocks.items()
        ),
    ]
    from_where = _find(body, _ORIGIN_CODE)
    others = 0
    if from_where:
        body, others, more = without_groups(body, from_where, origin(by_code))
        about += more
        fields.append(Field(from_where, "origin", origin(by_code), "a location code of DESA", needed=True))
    if (flags := _find(body, _DATA_TYPE)) and flags != code:
        fields.append(Field(flags, "data_type", data_type, "the letters B, C, R, I"))
    table, found = read_fields(body, tuple(fields))
    form = "origin workbook" if from_where else "destination workbook"
    return stock_reading(
        body,
        _long(table, blocks),
        found,
        form=form,
        edition=edition,
        notes=notes + about,
        set_aside=headings + groups + others,
    )


def data_type(values: pl.Series) -> pl.Series:
    """Read the letters for the type of data; publishers write "C R", "CR" and "B R ".

    >>> data_type(pl.Series(["CR", "C B R", "I", "X"])).to_list()
    ['C R', 'B C R', 'I', None]
    """
    letters = text(values).str.replace_all(" ", "")
    distinct = letters.drop_nulls().unique().sort()
    known = [" ".join(sorted(one)) if re.fullmatch("[BCRI]+", one) else None for one in distinct]
    return letters.replace_strict(distinct, pl.Series(known, dtype=pl.String), return_dtype=pl.String)


def _long(table: pl.DataFrame, blocks: dict[str, tuple[str, _Block]]) -> pl.DataFrame:
    """Stand the blocks one below the other."""
    index = [name for name in ("destination", "origin", "data_type", ROW) if name in table.columns]
    parts = [
        table.select(
            *index,
            pl.lit(year).alias("period"),
            pl.lit(block.measure).alias("measure"),
            pl.lit(block.sex).alias("sex"),
            # 129.3 times 1000 is 129300.00000000001 in floating point.
            (pl.col(header) * block.factor).round(6 if block.factor > 1 else 9).alias("value"),
        )
        for header, (year, block) in blocks.items()
    ]
    return pl.concat(parts)


def _block(title: str, sheet: RawSheet) -> _Block:
    words = " ".join(title.lower().split())
    sex = "_T"
    if "female migrants as a percentage" in words:
        return _Block("women_share", "_T")
    if "(female" in words or " female" in words or "females" in words:
        sex = "F"
    elif "(male" in words or " male" in words:
        sex = "M"
    if "as a percentage of the total population" in words:
        return _Block("share", sex)
    if "population" in words and "mid-year" in words and "migrant" not in words:
        return _Block("population", sex, 1000 if "thousands" in words else 1)
    if "international migrant stock at mid-year" in words:
        return _Block("stock", sex)
    raise LayoutError(
        f"The title over the years is not known: {title!r}",
        where=Place(sheet.file.name, sheet.sheet, sheet.header_row),
        accepted="migrant stock, total population, stock in percent of the population, or women's percentage",
        advice="Download the workbook again; if the publisher renamed the table, tell us.",
    )


def _titles(rows: tuple[Row, ...]) -> list[str | None]:
    """Give for each column the title of its block: that of the nearest row above which has long texts.

    The row of years itself counts last: names such as "Location code" stand in it, and no title.
    """
    width = max(len(row) for row in rows)
    first_year = next(column for column, cell in enumerate(rows[-1]) if re.fullmatch(_YEAR, cell or ""))
    for row in reversed(rows[:-1]):
        if first_year < len(row) and row[first_year]:
            title: str | None = None
            filled = []
            for cell in row:
                title = " ".join(cell.split()) if cell else title
                filled.append(title)
            return filled
    return [None] * width


def _joined(rows: tuple[Row, ...]) -> str:
    return " ".join(cell for row in rows for cell in row if cell)


def _find(sheet: RawSheet, pattern: str) -> str | None:
    return next((header for header in sheet.frame.columns if re.search(pattern, header)), None)


def _column(sheet: RawSheet, pattern: str, accepted: str) -> str:
    if header := _find(sheet, pattern):
        return header
    raise LayoutError(
        "The column of countries is missing or renamed",
        where=Place(sheet.file.name, sheet.sheet, sheet.header_row),
        accepted=accepted,
        advice="Rename the column back, or download the file again.",
    )


def _are_codes(values: pl.Series) -> bool:
    cells = text(values).drop_nulls()
    return bool(cells.len()) and 2 * int(cells.str.contains(r"^\d+$").sum()) > cells.len()
