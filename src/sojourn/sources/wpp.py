"""UN DESA, World Population Prospects: population at mid-year.

The typed table, kind `population`:

    area, period, sex     001 and M49 regions included; sex _T, M, F
    value                 persons (the publisher prints thousands)
    variant               estimates, or medium (the projection after the last estimate)

Rows by age are added up. Groups that are no area of ours (by development or income) and other variants of
the projection are left out; the notes of the reading name them.

Source: United Nations, Department of Economic and Social Affairs, Population Division (CC BY 3.0 IGO).
"""

from __future__ import annotations

import re

import polars as pl

from sojourn.errors import LayoutError, Place
from sojourn.sources import problems
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import (
    ROW,
    Field,
    area,
    list_problem,
    normal,
    number,
    read_fields,
    text,
    without_blank_rows,
    without_other_areas,
)
from sojourn.sources.wdi import year
from sojourn.sums import ordered_sum

COLUMNS = ("area", "period", "sex", "value", "variant", ROW)

LAST_ESTIMATE = {"2019": 2020, "2022": 2021, "2024": 2023}
"""Last year of estimates in each revision; later years are projections."""

_AREA = area("wpp")
_ACCEPTED = "a UN location code"


def _thousands(values: pl.Series) -> pl.Series:
    # 129.3 times 1000 is 129300.00000000001 in floating point; no publisher counts parts of a person.
    return (number(values) * 1000).round(6)


def read_by_sex(sheet: RawSheet) -> Reading:
    """Read WPP…_TotalPopulationBySex.csv, or …_PopulationByAge…Sex….csv, whose ages are added up."""
    return _read_variant(sheet, "LocID", _BY_SEX)


def read_compact(sheet: RawSheet) -> Reading:
    """Read sheet "Estimates" or "Medium variant" of WPP…_GEN_F01_DEMOGRAPHIC_INDICATORS_COMPACT.xlsx."""
    # Label rows ("Regions") stand between the data and have no year.
    labelled, labels = without_blank_rows(sheet, ("Year",))
    return _read_variant(labelled, "Location code", _COMPACT, labels)


_BY_SEX = (
    Field("LocID", "area", _AREA, _ACCEPTED, needed=True),
    Field("Time", "period", year, "a year", needed=True),
    Field("Variant", "variant", text, "a variant", optional=True),
    Field("PopTotal", "_T", _thousands, "a number, in thousands"),
    Field("PopMale", "M", _thousands, "a number, in thousands"),
    Field("PopFemale", "F", _thousands, "a number, in thousands"),
)
_COMPACT = (
    Field("Location code", "area", _AREA, _ACCEPTED, needed=True),
    Field("Year", "period", year, "a year", needed=True),
    Field("Variant", "variant", text, "a variant", optional=True),
    Field("Total Population, as of 1 July (thousands)", "_T", _thousands, "a number, in thousands"),
    Field("Male Population, as of 1 July (thousands)", "M", _thousands, "a number", optional=True),
    Field("Female Population, as of 1 July (thousands)", "F", _thousands, "a number", optional=True),
)


def _read_variant(sheet: RawSheet, code: str, fields: tuple[Field, ...], labels: int = 0) -> Reading:
    """Read the estimates and the medium variant; the others are other futures, not other figures."""
    sheet, groups, notes = without_other_areas(sheet, code, "wpp")
    table, found = read_fields(sheet, fields)
    other = table.filter(~pl.col("variant").fill_null("Medium").is_in(["Medium", "Estimates"]))
    if other.height:
        notes += (f"{other.height} rows of variants not used: {', '.join(sorted(set(other['variant'])))}",)
    table = table.join(other, on=ROW, how="anti", maintain_order="left")
    return _reading(
        sheet, _by_sex(table), found, notes=notes, set_aside=labels + groups, other_variants=other.height
    )


def read_projection(sheet: RawSheet) -> Reading:
    """Read the tidied projection of the R packages wpp2022 and wpp2024 (`popproj1dt`)."""
    sheet, groups, notes = without_other_areas(sheet, "country_code", "wpp")
    fields = (
        Field("country_code", "area", _AREA, _ACCEPTED, needed=True),
        Field("year", "period", year, "a year", needed=True),
        Field("popM", "M", _thousands, "a number, in thousands"),
        Field("popF", "F", _thousands, "a number, in thousands"),
    )
    table, found = read_fields(sheet, fields)
    both = table.with_columns((pl.col("M") + pl.col("F")).round(6).alias("_T"))
    return _reading(sheet, _by_sex(both), found, notes=notes, set_aside=groups)


def read_ages_across_years(sheet: RawSheet) -> Reading:
    """Read popM.txt or popF.txt of the R package wpp2019: ages down, years across, one sex per file."""
    sex = re.search(r"pop([MF])", sheet.file.name)
    if not sex:
        raise LayoutError(
            "The table does not say its sex, and neither does its name",
            where=Place(sheet.file.name),
            accepted="a name with popM or popF, as the publisher gives it",
            advice="Rename the file.",
        )
    years = [header for header in sheet.frame.columns if re.fullmatch(r"\d{4}", header)]
    sheet, groups, notes = without_other_areas(sheet, "country_code", "wpp")
    fields = (
        Field("country_code", "area", _AREA, _ACCEPTED, needed=True),
        *(Field(header, header, _thousands, "a number, in thousands") for header in years),
    )
    table, found = read_fields(sheet, fields)
    by_age = (
        table.unpivot(on=years, index=[ROW, "area"], variable_name="period", value_name="value")
        .drop_nulls("value")
        .with_columns(pl.lit(sex.group(1)).alias("sex"))
    )
    return _reading(sheet, by_age, found, notes=notes, set_aside=groups)


def read_accounts(sheet: RawSheet) -> Reading:
    """Read a tidied table of demographic accounts by country and year."""
    fields = (
        Field("iso3", "area", area("alpha3"), "an ISO 3166-1 alpha-3 code", needed=True),
        Field("year", "period", year, "a year", needed=True),
        Field("pop", "_T", _thousands, "a number, in thousands"),
    )
    table, found = read_fields(sheet, fields)
    return _reading(sheet, _by_sex(table), found, notes=(), set_aside=0)


def _by_sex(table: pl.DataFrame) -> pl.DataFrame:
    sexes = [sex for sex in ("_T", "M", "F") if sex in table.columns]
    return table.unpivot(
        on=sexes, index=[ROW, "area", "period"], variable_name="sex", value_name="value"
    ).drop_nulls("value")


def _reading(
    sheet: RawSheet,
    table: pl.DataFrame,
    found: pl.DataFrame,
    *,
    notes: tuple[str, ...],
    set_aside: int,
    other_variants: int = 0,
) -> Reading:
    """Add up ages, tell estimates from the projection, and keep each figure once."""
    rejected = problems.rejected_rows(found)
    empty = sheet.frame.height - rejected - other_variants - table[ROW].n_unique()
    table, repeated = _added_up(sheet, table)
    revision = _revision(sheet)
    last = LAST_ESTIMATE[revision]
    variant = (
        pl.when(pl.col("period").cast(pl.Int32) <= last).then(pl.lit("estimates")).otherwise(pl.lit("medium"))
    )
    return Reading(
        table=table.with_columns(variant.alias("variant")).select(COLUMNS),
        edition=revision,
        rows=sheet.frame.height + set_aside,
        problems=problems.combine(found, repeated),
        notes=notes,
        empty_rows=set_aside + other_variants + empty,
    )


def _added_up(sheet: RawSheet, table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add up the ages of an area, year and sex; the row is then that of the first age.

    Without ages, a second figure for the same area, year and sex is a repetition and not a part.
    """
    key = ["area", "period", "sex"]
    if any(normal(header) in ("age", "agegrp") for header in sheet.frame.columns):
        grouped = table.group_by(key, maintain_order=True)
        return grouped.agg(ordered_sum("value"), pl.col(ROW).first()), problems.NO_PROBLEMS
    first = pl.struct(key).is_first_distinct()
    again = table.filter(~first).unique(ROW, maintain_order=True)
    listed = list_problem(
        sheet,
        again[ROW],
        "area",
        again["area"],
        problem="repeats an area and year",
        accepted="one row",
        action="rejected",
    )
    return table.filter(first), listed


def _revision(sheet: RawSheet) -> str:
    """The revision stands above the table or in the file's name; tables by single years began in 2024."""
    above = " ".join(cell for line in sheet.preamble for cell in line if cell)
    for place in (sheet.file.name.rsplit("/", 1)[-1], above):
        if match := re.search(r"(?i)(?:wpp ?|prospects:? ?(?:the )?)(20\d\d)", place):
            return _known(match.group(1), sheet)
    return "2024"


def _known(revision: str, sheet: RawSheet) -> str:
    """Of a revision that is not listed we cannot say where its estimates end."""
    if revision in LAST_ESTIMATE:
        return revision
    raise LayoutError(
        f"The revision {revision} of the World Population Prospects is not known",
        where=Place(sheet.file.name, sheet=sheet.sheet),
        accepted=", ".join(LAST_ESTIMATE),
        advice="Use a newer version of this program, or one of these revisions.",
    )


SOURCE = Source(
    name="wpp",
    title="World Population Prospects",
    publisher="UN DESA, Population Division",
    licence="CC BY 3.0 IGO",
    citation="United Nations, DESA, Population Division, World Population Prospects",
    page="https://population.un.org/wpp/downloads",
    table="population",
    parts=("sex", "variant"),
    layouts=(
        Layout("by sex", ("LocID", "Time", "PopMale", "PopFemale", "PopTotal"), read_by_sex),
        Layout(
            "compact", ("Location code", "Year", "Total Population, as of 1 July (thousands)"), read_compact
        ),
        Layout(
            "projection",
            ("country_code", "year", "popM", "popF", "pop_95l", "pop_95u"),
            read_projection,
            original=False,
        ),
        Layout(
            "ages down",
            ("country_code", "name", "age", "1950", "1955", "2015"),
            read_ages_across_years,
            original=False,
        ),
        Layout(
            "accounts",
            ("country", "year", "pop", "births", "deaths", "netmigration", "iso3"),
            read_accounts,
            original=False,
        ),
    ),
    downloads=(
        Download(
            "WPP2024_TotalPopulationBySex.csv.gz",
            "https://population.un.org/wpp/assets/Excel%20Files/1_Indicator%20(Standard)/CSV_FILES/"
            "WPP2024_TotalPopulationBySex.csv.gz",
        ),
    ),
)
