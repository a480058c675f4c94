"""Which quotes count, and what remittance price series are called: shared by the 10.c indicators."""

from __future__ import annotations

from typing import ClassVar

import polars as pl
from pydantic import Field

from sojourn import areas
from sojourn.indicators.model import Dimension, Parameters
from sojourn.sources import vocabulary

DEFAULT_AMOUNT = 200
_REGIONS = ("worldbank_region", "sdg")


class PriceParameters(Parameters):
    """Choices behind every price average. The defaults are the World Bank's."""

    section: ClassVar[str] = "prices"

    transparent_only: bool = Field(True, description="Leave out services that hide their exchange rate")
    world_excludes_senders: tuple[str, ...] = Field(
        ("RUS",), description="Sending countries left out of the Global Average, and only there"
    )
    annual_quarter: int = Field(3, ge=1, le=4, description="Quarter that stands for its year")
    level: float = Field(0.95, gt=0, lt=1, description="Coverage of intervals")
    smart_services: int = Field(3, ge=1, description="Services in a SmaRT average")
    smart_max_days: int = Field(5, ge=0, description="Slowest service in a SmaRT average, in days")
    smart_coverage: tuple[str, ...] = Field(
        ("NATIONWIDE", "HIGH", "MEDIUM"),
        description="Coverage classes accessible enough for SmaRT (thresholds not confirmed)",
    )
    index_presence: float = Field(
        0.85, gt=0, le=1, description="Share of corridors in which a firm of the MTO index is present"
    )


USED = (
    "period",
    "sending",
    "receiving",
    "firm",
    "amount",
    "cost",
    "margin",
    "transparent",
    "speed_days",
    "coverage",
    "pickup",
    "provider",
    "product",
    "instrument",
    "access_point",
    "speed",
)
"""Columns of the quotes that averages look at."""


def by_source(quotes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Part the quotes by their source, and keep the columns that averages look at."""
    sources = quotes["source"].unique().sort().to_list()
    if len(sources) == 1:
        return {sources[0]: quotes.select(USED)}
    return {source: quotes.filter(source=source).select(USED) for source in sources}


def counted(quotes: pl.DataFrame, rules: PriceParameters) -> pl.DataFrame:
    """Keep the quotes that averages are made of."""
    return quotes.filter("transparent") if rules.transparent_only else quotes


def qualifying(quotes: pl.DataFrame, rules: PriceParameters) -> pl.DataFrame:
    """Keep the quotes that a SmaRT average may use: fast enough, and accessible enough."""
    accessible = pl.col("coverage").is_in(list(rules.smart_coverage)) | pl.col("coverage").is_null()
    return counted(quotes, rules).filter((pl.col("speed_days") <= rules.smart_max_days) & accessible)


def rule(rules: PriceParameters, *, world: bool = False) -> str:
    """Say which rule made a number, as it stands in the `method` column."""
    parts = ["transparent services" if rules.transparent_only else "all services"]
    if world and rules.world_excludes_senders:
        parts.append(f"senders without {', '.join(rules.world_excludes_senders)}")
    return f" [{'; '.join(parts)}]"


def smart_rule(rules: PriceParameters, *, world: bool = False) -> str:
    """Say which services a SmaRT average was made of."""
    coverage = ", ".join(rules.smart_coverage).lower().replace("_", " ")
    fit = f"{rules.smart_services} cheapest; at most {rules.smart_max_days} days; coverage {coverage} or not stated"
    return f" [{fit}]{rule(rules, world=world)}"


def regions() -> pl.DataFrame:
    """Give the regions over which the cost to receiving countries is averaged: World Bank and SDG."""
    both = [areas.memberships(scheme) for scheme in _REGIONS]
    return pl.concat(both).rename({"area": "receiving", "group": "region"})


def regions_of() -> dict[str, dict[str, str]]:
    """Give the same as a mapping from country to region, by scheme: a country has one region in each."""
    return {scheme: dict(areas.memberships(scheme).iter_rows()) for scheme in _REGIONS}


def parts(fixed: dict[str, str], columns: dict[str, str], *, amount: bool = True) -> pl.Expr:
    """Write the breakdown of each row from fixed codes and from columns that hold codes.

    The amount is written only where it is not USD 200, which the series mean anyway.
    """
    pieces = {name: pl.lit(f"{name}={code}") for name, code in fixed.items()}
    pieces |= {name: pl.lit(f"{name}=") + pl.col(column) for name, column in columns.items()}
    if amount:
        pieces["AMOUNT"] = pl.when(pl.col("amount") != DEFAULT_AMOUNT).then(
            pl.lit("AMOUNT=") + pl.col("amount").cast(pl.String)
        )
    ordered = [pieces[name] for name in sorted(pieces)]
    return (
        pl.concat_str(ordered, separator=";", ignore_nulls=True).alias("breakdown") if ordered else pl.lit("")
    )


BREAKDOWNS = {
    # dimension: column of the quotes
    "PROVIDER": "provider",
    "PRODUCT": "product",
    "INSTRUMENT": "instrument",
    "ACCESS_POINT": "access_point",
    "SPEED": "speed",
}

AVERAGES = {
    "FLOW_WEIGHTED": "corridor averages weighted by estimated remittance flows",
    "SMART": "mean of the corridors' SmaRT averages (three cheapest qualifying services)",
    "MTO_INDEX": "money transfer operators present in nearly all corridors",
    "DIGITAL": "services funded and paid out without cash",
    "DIGITAL_MTO": "digital services of operators that take no cash anywhere",
}

AMOUNT = Dimension("AMOUNT", "amount sent", {"500": "USD 500"}, "USD 200")
AVERAGE = Dimension("AVERAGE", "kind of average", AVERAGES, "simple mean over services")
DIRECTION = Dimension("DIRECTION", "direction", {"OUTBOUND": "sending from the area"}, "sending to the area")
SERVICE_DIMENSIONS = (
    Dimension("PROVIDER", "provider type", vocabulary.PROVIDER.labels, "all providers", open_codes=True),
    Dimension("PRODUCT", "product (to 2016-Q1)", vocabulary.PRODUCT.labels, "all products", open_codes=True),
    Dimension(
        "INSTRUMENT",
        "payment instrument (from 2016-Q2)",
        vocabulary.INSTRUMENT.labels,
        "all instruments",
        open_codes=True,
    ),
    Dimension("ACCESS_POINT", "access point", vocabulary.ACCESS_POINT.labels, "all", open_codes=True),
    Dimension("SPEED", "speed", vocabulary.SPEED.labels, "all speeds", open_codes=True),
)
