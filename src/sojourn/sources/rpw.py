"""World Bank, Remittance Prices Worldwide: what each service charges to send USD 200 and 500.

Both official layouts are read: up to the first quarter of 2016, and from the second. The typed table,
kind `remittance_prices`, is long: one row per service and amount (a quote).

    period               2014-Q2
    sending, receiving   ISO 3166-1 alpha-3
    firm, provider, product, instrument, access_point, speed, speed_days, coverage, pickup
    transparent          did the provider disclose its exchange rate?
    amount               200 or 500 (USD equivalent)
    currency, sent, fee  local currency, amount sent and fee charged, in that currency
    rate, interbank_rate receiving currency per unit sent
    margin, cost         per cent of the amount sent; cost = 100 fee / sent + margin
    date                 day of the survey
    row                  row number in the file

Kept as published: negative costs (promotions) and services listed twice, because the publisher's averages
keep them. Emptied: the margin 0 of a service that does not disclose its rate (not a measured 0) and an
interbank rate of 0. What was emptied is listed cell by cell, except those margins, which are counted.

Source: World Bank Data Catalog dataset 0037898; workbook sheets Legend and Methodology.
"""

from __future__ import annotations

import polars as pl

from sojourn.sources import problems, vocabulary
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import (
    ROW,
    Field,
    area,
    date,
    list_problem,
    lookup,
    number,
    read_fields,
    text,
    without_blank_rows,
)

AMOUNTS = {"cc1": 200, "cc2": 500}
"""The two amounts that the publisher asks for, in USD; the file's own denominations slip (201, blank)."""


def period(values: pl.Series) -> pl.Series:
    """Read the publisher's quarters: "2016_2Q" becomes "2016-Q2"."""
    parts = text(values).str.extract_groups(r"^(\d{4})[_\- ]?(?:(\d)Q|Q(\d))$").struct.unnest()
    quarter = parts["2"].fill_null(parts["3"])
    valid = quarter.is_in(["1", "2", "3", "4"]).fill_null(False)
    return (parts["1"] + "-Q" + quarter).set(~valid, None)


_transparent = lookup({"yes": "yes", "no": "no", "y": "yes", "n": "no", "true": "yes", "false": "no"})

_COMMON = (
    Field("period", "period", period, "a quarter such as 2016_2Q", needed=True),
    Field("source_code", "sending", area("alpha3"), "an ISO 3166-1 alpha-3 code", needed=True),
    Field("destination_code", "receiving", area("alpha3"), "an ISO 3166-1 alpha-3 code", needed=True),
    Field("firm", "firm", text, "the provider's name", needed=True),
    Field("firm_type", "provider", vocabulary.PROVIDER.convert, "a provider type"),
    Field("speed actual", "speed", vocabulary.SPEED.convert, "a class such as 3-5 days"),
    Field("transparent", "transparent", _transparent, "yes or no"),
    Field("inter lcu bank fx", "interbank_rate", number, "a number"),
    Field("date", "date", date, "22/Jan/2011, 2011-01-22 or a spreadsheet date"),
    Field("note2", "note", text, "text"),
)


def _amount_fields(prefix: str) -> tuple[Field, ...]:
    return (
        Field(f"{prefix} lcu code", f"{prefix}_currency", text, "a currency code"),
        Field(f"{prefix} lcu amount", f"{prefix}_sent", number, "a number"),
        Field(f"{prefix} lcu fee", f"{prefix}_fee", number, "a number"),
        Field(f"{prefix} lcu fx rate", f"{prefix}_rate", number, "a number"),
        Field(f"{prefix} fx margin", f"{prefix}_margin", number, "a number, in per cent"),
        Field(f"{prefix} total cost %", f"{prefix}_cost", number, "a number, in per cent"),
    )


_QUOTED = tuple(field for prefix in AMOUNTS for field in _amount_fields(prefix))

_TO_2016Q1 = (
    Field("product", "product", vocabulary.PRODUCT.convert, "a product"),
    Field("sending location", "access_point", vocabulary.ACCESS_POINT.convert, "a place"),
    Field("coverage", "coverage", vocabulary.COVERAGE.convert, "a coverage class"),
    Field("pick-up method", "pickup", vocabulary.PICKUP.convert, "a pick-up method"),
)
_FROM_2016Q2 = (
    Field("payment instrument", "instrument", vocabulary.INSTRUMENT.convert, "an instrument"),
    Field("access point", "access_point", vocabulary.ACCESS_POINT.convert, "an access point"),
    Field("receiving network coverage", "coverage", vocabulary.COVERAGE.convert, "a class"),
    Field("pickup method", "pickup", vocabulary.PICKUP.convert, "a pick-up method"),
)

LABELS = ("provider", "product", "instrument", "access_point", "speed", "coverage", "pickup")
COLUMNS = (
    "period",
    "sending",
    "receiving",
    "firm",
    *LABELS,
    "speed_days",
    "transparent",
    "amount",
    "currency",
    "sent",
    "fee",
    "rate",
    "interbank_rate",
    "margin",
    "cost",
    "date",
    ROW,
)


def read_to_2016q1(sheet: RawSheet) -> Reading:
    """Read the layout up to the first quarter of 2016 (column `product`)."""
    return _read(sheet, _TO_2016Q1)


def read_from_2016q2(sheet: RawSheet) -> Reading:
    """Read the layout from the second quarter of 2016 (columns `payment instrument`, `access point`)."""
    return _read(sheet, _FROM_2016Q2)


def _read(sheet: RawSheet, own: tuple[Field, ...]) -> Reading:
    fields = (*_COMMON, *_QUOTED, *own)
    # Filler rows may hold a running number or helper cells, but nothing that is read.
    sheet, fillers = without_blank_rows(sheet, tuple(field.column for field in fields))
    services, found = read_fields(sheet, fields)
    services = services.with_columns(
        pl.lit(None, pl.String).alias(name) for name in LABELS if name not in services.columns
    )
    hidden = services["transparent"] == "no"
    zeros = sum(int((hidden & (services[f"{prefix}_margin"] == 0)).sum()) for prefix in AMOUNTS)
    unread = found.filter(column="transparent")["row"]
    services, repaired = _repair(sheet, services, unread)
    quotes = _long(services)
    notes = _notes(services)
    if zeros:
        notes += (f"{zeros} margins of 0 emptied: those services do not disclose their rate",)
    if without_cost := services.height * len(AMOUNTS) - quotes.height:
        notes += (f"{without_cost} quotes have no total cost; left out",)
    empty_rows = fillers + services.height - quotes[ROW].n_unique()
    return Reading(
        table=quotes,
        edition=_edition(services),
        rows=sheet.frame.height + fillers,
        problems=problems.combine(found, repaired),
        notes=notes,
        empty_rows=empty_rows,
    )


def _repair(sheet: RawSheet, services: pl.DataFrame, unread: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Empty the zeros that are not measurements; `unread` are rows whose `transparent` is already listed."""
    no_rate = services.filter(pl.col("interbank_rate") == 0)
    zeros = list_problem(
        sheet,
        no_rate[ROW],
        "inter lcu bank fx",
        no_rate["interbank_rate"],
        problem="an exchange rate is never 0",
        accepted="a rate above 0",
        action="emptied",
    )
    unknown = services.filter(pl.col("transparent").is_null() & ~pl.col(ROW).is_in(unread.to_list()))
    undisclosed = list_problem(
        sheet,
        unknown[ROW],
        "transparent",
        unknown["transparent"],
        problem="is empty; counted as not transparent",
        accepted="yes or no",
        action="kept",
    )
    hidden = pl.col("transparent") == "no"
    margins = [pl.col(f"{prefix}_margin") for prefix in AMOUNTS]
    days = pl.col("speed").replace_strict(vocabulary.SPEED_DAYS, default=None, return_dtype=pl.Int8)
    repaired = services.with_columns(
        *(pl.when(hidden & (margin == 0)).then(None).otherwise(margin).name.keep() for margin in margins),
        pl.col("interbank_rate").replace(0.0, None),
        pl.col("transparent").eq("yes").fill_null(False),
        pl.col(LABELS).replace("", None),
        days.alias("speed_days"),
    )
    return repaired, problems.combine(zeros, undisclosed)


def _long(services: pl.DataFrame) -> pl.DataFrame:
    """Stack the two amounts; a service that was not asked for one has no quote there."""
    stacked = []
    for prefix, amount in AMOUNTS.items():
        renamed = {f"{prefix}_{name}": name for name in ("currency", "sent", "fee", "rate", "margin", "cost")}
        quotes = services.rename(renamed).with_columns(pl.lit(amount, pl.Int16).alias("amount"))
        stacked.append(quotes.filter(pl.col("cost").is_not_null()).select(COLUMNS))
    return pl.concat(stacked)


def _edition(services: pl.DataFrame) -> str:
    """Name the file by its last quarter, as the publisher does; a simulated file by that word too."""
    last = str(services["period"].max() or "empty")
    simulated = services["note"].str.contains("SIMULATED", literal=True).any()
    return f"simulated-{last}" if simulated else last


def _notes(services: pl.DataFrame) -> tuple[str, ...]:
    notes = []
    rounds = services["period"].unique().sort().to_list()
    if absent := _absent_rounds(rounds):
        notes.append(f"no collection round in {', '.join(absent)}")
    identity = services.drop(ROW).hash_rows()
    if repeated := services.height - identity.n_unique():
        notes.append(f"{repeated} services are listed twice; kept, as the publisher's averages keep them")
    if negative := sum(int((services[f"{prefix}_cost"] < 0).sum()) for prefix in AMOUNTS):
        notes.append(f"{negative} quotes cost less than nothing (promotions); kept")
    for name, words in zip(LABELS, _VOCABULARIES, strict=True):
        if unknown := words.unknown(services[name]):
            notes.append(
                f"{name} labels new to the vocabulary, kept under their own name: {', '.join(unknown)}"
            )
    return tuple(notes)


_VOCABULARIES = (
    vocabulary.PROVIDER,
    vocabulary.PRODUCT,
    vocabulary.INSTRUMENT,
    vocabulary.ACCESS_POINT,
    vocabulary.SPEED,
    vocabulary.COVERAGE,
    vocabulary.PICKUP,
)


def _absent_rounds(rounds: list[str]) -> list[str]:
    """Quarters between the first and the last round in which no prices were collected.

    >>> _absent_rounds(["2011-Q1", "2011-Q3"])
    ['2011-Q2']
    """
    if not rounds:
        return []
    first, last = (int(text[:4]) * 4 + int(text[-1]) - 1 for text in (rounds[0], rounds[-1]))
    every = [f"{quarter // 4}-Q{quarter % 4 + 1}" for quarter in range(first, last + 1)]
    return [quarter for quarter in every if quarter not in rounds]


_PAGE = "https://remittanceprices.worldbank.org/data-download"

SOURCE = Source(
    name="rpw",
    title="Remittance Prices Worldwide, service level",
    publisher="World Bank",
    licence="CC BY 4.0 in the Data Catalog; the workbook's own terms are stricter about passing the file on",
    citation="The World Bank, Remittance Prices Worldwide, available at http://remittanceprices.worldbank.org",
    page=_PAGE,
    table="remittance_prices",
    parts=("period",),
    layouts=(
        Layout(
            "services from 2016Q2",
            ("period", "source_code", "destination_code", "firm", "payment instrument", "cc1 total cost %"),
            read_from_2016q2,
        ),
        Layout(
            "services up to 2016Q1",
            ("period", "source_code", "destination_code", "firm", "product", "cc1 total cost %"),
            read_to_2016q1,
        ),
    ),
    downloads=(Download("rpw_dataset.xlsx", None, size=50_762_620),),
    by_hand="The price site refuses programs; a person with a browser may download the data set.",
)
