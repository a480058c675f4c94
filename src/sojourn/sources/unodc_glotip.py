"""UNODC, Global Report on Trafficking in Persons: detected victims and criminal justice, as reported.

The publisher's workbook and its CSV have one figure per row. The typed table, kind `trafficking_victims`:

    measure     VICTIMS, CONVICTED, PROSECUTED, CONTACT (formal contact with the police) or OFFENCES
    area        country that reports
    period      year
    dimension   TOTAL, EXPLOITATION, CITIZENSHIP or REPATRIATION
    category    _T; SEXUAL, LABOUR, OTHER; or an area code: whose citizens, where to; null where the word
                names no single country
    sex, age    _T, F, M, _O, _U; _T, Y0T17, Y_GE18, _U
    value       persons; null where hidden
    hidden      true where the cell is "<5"

Three kinds of cells are no numbers, and none of them is ever summed as one:

* "<5", half of all cells: UNODC prints no count below five, and no zero either. Where the total and all
  other parts of it are printed, the hidden part comes out as 0 more often than as any other number (146 of
  the 291 men hidden beside printed women and totals would be less than one); so it stands for 0 to 4.
* numbers of questionnaire cells: 61,102,019 is question 6.1, line 10, of 2019 – the category beside it reads
  Q6.1_10s_2019 – and 2,019 in a row of 2019 is the year. They are rejected by name.
* several figures under one label: adults and children, both under "Total". Nothing says which is which, or
  that they are all; all rows of such a label are rejected.

Source: UNODC, dataunodc.un.org, GLOTIP; free use with attribution.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from sojourn import areas
from sojourn.sources import problems
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, list_problem, lookup, number, read_fields, text
from sojourn.sources.wdi import year

HIDDEN = "<5"
MOST_HIDDEN = 4
"""The largest count that "<5" can stand for."""

LARGEST_COUNT = 1_000_000
"""No country has reported a tenth of this in a year; larger numbers are codes."""

COLUMNS = ("measure", "area", "period", "dimension", "category", "sex", "age", "value", "hidden", ROW)

_MEASURES = {
    "detected trafficking victims": "VICTIMS",
    "persons convicted": "CONVICTED",
    "persons prosecuted": "PROSECUTED",
    "persons brought into formal contact": "CONTACT",
    "offences of trafficking in persons": "OFFENCES",
}
_DIMENSIONS = {
    "total": "TOTAL",
    "by form of exploitation": "EXPLOITATION",
    "by citizenship": "CITIZENSHIP",
    "by country of repatriation": "REPATRIATION",
}
_FORMS = {"Sexual exploitation": "SEXUAL", "Forced labour": "LABOUR", "Other forms of exploitation": "OTHER"}
_SEXES = {"total": "_T", "female": "F", "male": "M", "other": "_O", "unknown": "_U"}
_AGES = {"total": "_T", "0 to 17 years": "Y0T17", "18 years or over": "Y_GE18", "unknown": "_U"}

_FIELDS = (
    Field(
        "Iso3_code", "code", lambda codes: areas.to_area(codes, "alpha3"), "an ISO 3166-1 code", optional=True
    ),
    Field("Country", "name", text, "a country", needed=True),
    Field("Indicator", "measure", lookup(_MEASURES), ", ".join(_MEASURES), needed=True),
    Field("Dimension", "dimension", lookup(_DIMENSIONS), ", ".join(_DIMENSIONS), needed=True),
    Field("Category", "word", text, "a form of exploitation or a country", needed=True),
    Field("Sex", "sex", lookup(_SEXES), ", ".join(_SEXES), needed=True),
    Field("Age", "age", lookup(_AGES), ", ".join(_AGES), needed=True),
    Field("Year", "period", year, "a year", needed=True),
    Field("txtVALUE", "cell", text, "a count, or <5", needed=True),
)

_SPELLINGS = Path(__file__).with_name("unodc_citizenships.csv")


def read_glotip(sheet: RawSheet) -> Reading:
    """Read the workbook or CSV: one figure per row."""
    table, found = read_fields(sheet, _FIELDS)
    table = table.with_columns(pl.coalesce("code", areas.to_area(table["name"], "name")).alias("area"))
    placeless = table.filter(pl.col("area").is_null())
    listed = [_rejected(sheet, placeless, "Country", "name", "no area of ours", "a country with an ISO code")]
    table = table.filter(pl.col("area").is_not_null()).with_columns(
        pl.col("cell").str.contains(r"^<\s*5$").alias("hidden"),
        number(table.filter(pl.col("area").is_not_null())["cell"]).alias("value"),
    )
    table, broken = _without_broken(sheet, table)
    table = _with_categories(table)
    table, ambiguous = _without_ambiguous(sheet, table)
    return Reading(
        table=table.with_columns(pl.col("value").cast(pl.Int64)).select(COLUMNS),
        edition=_edition(sheet),
        rows=sheet.frame.height,
        problems=problems.combine(found, *listed, *broken, ambiguous),
        notes=_notes(sheet, table, broken, ambiguous),
    )


def _without_broken(sheet: RawSheet, table: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Reject what is neither "<5" nor a count: codes of questionnaire cells, years, fractions, words."""
    digits = pl.col("cell").str.replace_all(r"\D", "")
    whole = (
        pl.col("value").is_not_null() & (pl.col("value") == pl.col("value").floor()) & (pl.col("value") >= 0)
    )
    unread = ~pl.col("hidden") & ~whole
    large = ~unread & (pl.col("value") >= LARGEST_COUNT)
    cell = large & digits.str.contains(r"^6\d{2,3}20\d{2}$")
    is_year = ~unread & pl.col("cell").str.contains(",") & (digits == pl.col("period"))
    rules = (
        (unread, "is no count"),
        (cell, "is the number of a questionnaire cell (question, line, year), not a count"),
        (large & ~cell, "is too large for a count of one country and year"),
        (is_year, "is the year of its row, not a count"),
    )
    listed = [
        _rejected(sheet, table.filter(rule.fill_null(False)), "txtVALUE", "cell", problem, "a count, or <5")
        for rule, problem in rules
    ]
    bad = pl.any_horizontal(rule.fill_null(False) for rule, _ in rules)
    return table.filter(~bad), listed


def _with_categories(table: pl.DataFrame) -> pl.DataFrame:
    """Give codes to forms of exploitation and to countries of citizenship or repatriation."""
    known = pl.read_csv(_SPELLINGS, schema={"spelling": pl.String, "area": pl.String})
    spelled = table["word"].str.to_lowercase()
    own = spelled.replace_strict(known["spelling"], known["area"], default=None, return_dtype=pl.String)
    country = pl.coalesce(pl.lit(areas.to_area(table["word"], "name")), pl.lit(own))
    form = pl.col("word").replace_strict(_FORMS, default=None, return_dtype=pl.String)
    return table.with_columns(
        pl.when(pl.col("dimension") == "TOTAL")
        .then(pl.lit("_T"))
        .when(pl.col("dimension") == "EXPLOITATION")
        .then(form)
        .otherwise(pl.when(country == "OWN").then(pl.col("area")).otherwise(country))
        .alias("category")
    )


def _without_ambiguous(sheet: RawSheet, table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Reject every row whose label another row has too."""
    label = pl.struct(
        "measure", "area", "period", "dimension", pl.coalesce("category", "word").alias("what"), "sex", "age"
    )
    again = label.is_duplicated()
    listed = _rejected(
        sheet,
        table.filter(again),
        "txtVALUE",
        "cell",
        "several figures under one label",
        "one figure per label",
    )
    return table.filter(~again), listed


def _rejected(
    sheet: RawSheet, rows: pl.DataFrame, column: str, name: str, problem: str, accepted: str
) -> pl.DataFrame:
    return list_problem(
        sheet, rows[ROW], column, rows[name], problem=problem, accepted=accepted, action="rejected"
    )


def _edition(sheet: RawSheet) -> str:
    """Date the export: the workbook prints its day above the header, a CSV may have it in its name."""
    for line in sheet.preamble:
        for cell in line:
            if found := re.fullmatch(r"(\d{2})/(\d{2})/(20\d{2})", (cell or "").strip()):
                return "-".join(reversed(found.groups()))
    named = re.search(r"20\d{2}-\d{2}-\d{2}", sheet.file.name.rpartition("/")[2])
    return named.group() if named else "undated"


def _notes(
    sheet: RawSheet, table: pl.DataFrame, broken: list[pl.DataFrame], ambiguous: pl.DataFrame
) -> tuple[str, ...]:
    marks = text(sheet.frame["txtVALUE"]).str.contains(r"^<\s*5$").sum()
    other = table.filter(pl.col("category").is_null())
    return (
        f"{marks} of {sheet.frame.height} cells read {HIDDEN}: 0 to {MOST_HIDDEN}, never summed as a number",
        f"{sum(one.height for one in broken)} broken values and {ambiguous.height} ambiguous rows rejected",
        f"{other.height} rows of {other['word'].n_unique()} words that name no single country or form",
    )


SOURCE = Source(
    name="unodc_glotip",
    title="Global Report on Trafficking in Persons, data portal",
    publisher="United Nations Office on Drugs and Crime (UNODC)",
    licence="free use with attribution",
    citation="UNODC, Global Report on Trafficking in Persons, data portal",
    page="https://dataunodc.un.org/dp-trafficking-persons",
    table="trafficking_victims",
    layouts=(
        Layout(
            "export of the portal",
            ("Iso3_code", "Country", "Indicator", "Dimension", "Category", "Sex", "Age", "Year", "txtVALUE"),
            read_glotip,
        ),
    ),
    downloads=(Download("data_glotip.xlsx", None),),
    by_hand="The portal builds the file on its page: choose all data, and export to Excel.",
)
