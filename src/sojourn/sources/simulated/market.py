"""An invented market of remittance services: who sends where, through whom, and at what price.

Purpose
    Give the demonstration, the tests and the benchmarks a price survey whose truth is known. The
    countries, currencies and (where the package CurrencyConverter ships them) interbank rates are
    real; every firm, fee and margin is invented.

Model, for service s in corridor c and quarter t, sending the amount A (local equivalent of USD 200)
    cost    C = level(t) · corridor(c) · form(s) · firm(s) · noise(s, t)           per cent of A
    margin  m = C · share(s, t), the share being Beta(2, 4) (0 if both ends use one currency)
    rate    x = x* (1 - m / 100), x* the interbank rate
    fee     F = A (C - m) / 100
    level(t) runs on a straight line; the factors are scaled so that the mean of C over transparent
    services not sent from Russia (the World Bank's global average) follows it.

Source of the definitions: World Bank, Remittance Prices Worldwide, methodology; SDG metadata 10.c.1.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sojourn.errors import NotFoundError, UsageError
from sojourn.sources.simulated.market_facts import (
    ANCHORED,
    CORRIDORS,
    COUNTRIES,
    FIRMS,
    FORMS,
    SENDER_FACTORS,
    Form,
)

# The survey had no Russian corridors in these rounds, and no round at all in those of MISSING_ROUNDS.
RUSSIAN_PAUSE = ("2022-Q1", "2022-Q2")
MISSING_ROUNDS = ("2011-Q2", "2011-Q4", "2012-Q2", "2012-Q4", "2025-Q2")
# A fee for USD 500 is about 1.4 times that for USD 200, so that the cost in per cent falls with the amount.
FEE_GROWTH = 1.4


@dataclass(frozen=True, slots=True)
class Market:
    """What is simulated; the defaults give about 12,000 quotes that resemble the official survey.

    corridors               pairs of publisher's country codes, sender first
    first_quarter, last_quarter   ISO 8601 quarters; 2016-Q1 is the last of the old layout
    services                mean number of services per corridor
    first_cost, last_cost   global average in the first and last quarter, per cent of USD 200
                            (intent: 7.5 falling to 6.4, as published for 2015 to 2025)
    corridor_spread, firm_spread, noise   standard deviations of the log factors
    presence                share of quarters in which a service is found by the survey
    non_transparent         share of quotes before 2022 that do not disclose their exchange rate
    promotions              share of quotes with no fee and a better rate than the interbank rate
    """

    corridors: tuple[tuple[str, str], ...] = CORRIDORS
    first_quarter: str = "2015-Q3"
    last_quarter: str = "2025-Q3"
    services: float = 7.0
    first_cost: float = 7.5
    last_cost: float = 6.4
    corridor_spread: float = 0.25
    firm_spread: float = 0.2
    noise: float = 0.12
    presence: float = 0.95
    non_transparent: float = 0.04
    promotions: float = 0.005

    def __post_init__(self) -> None:
        known = {country.code for country in COUNTRIES}
        for code in sorted({code for pair in self.corridors for code in pair} - known):
            raise NotFoundError(f"No simulated country is called {code}", accepted=", ".join(sorted(known)))
        for quarter in (self.first_quarter, self.last_quarter):
            if not re.fullmatch(r"\d{4}-Q[1-4]", quarter):
                raise UsageError(f"{quarter!r} is not a quarter", accepted="like 2015-Q3")
        if not quarters(self):
            raise UsageError("The market has no quarter", advice="Let first_quarter precede last_quarter.")


def quarters(market: Market) -> list[str]:
    """List the survey rounds of `market`, as ISO 8601 quarters.

    >>> quarters(Market(first_quarter="2025-Q1"))
    ['2025-Q1', '2025-Q3']
    """
    years = range(int(market.first_quarter[:4]), int(market.last_quarter[:4]) + 1)
    every = (f"{year}-Q{quarter}" for year in years for quarter in range(1, 5))
    return [q for q in every if market.first_quarter <= q <= market.last_quarter and q not in MISSING_ROUNDS]


def quotes(market: Market, rng: np.random.Generator) -> pl.DataFrame:
    """Draw the price quotes of `market`: one row per service and round in which it was found.

    Money is in the sender's currency, rates in receiver's currency per unit of it, margins and costs
    in per cent of the amount; the suffix is the amount in USD. A quote that hides its rate carries the
    interbank rate and margin 0, as the publisher stores it: its cost is the fee alone.
    """
    found = _found(_panel(market, rng), market, rng)
    currency = {country.code: country.currency for country in COUNTRIES}
    rates = per_euro(sorted(set(currency.values())), quarters(market))
    sender, receiver = (
        rates.rename({"currency": f"{end}_currency", "per_euro": f"{end}_per_euro"})
        for end in ("source", "destination")
    )
    # The publisher sets the local equivalent of USD 200 once per currency, to two significant digits.
    first = rates.filter(quarter=quarters(market)[0])
    dollar = first.filter(currency="USD")["per_euro"].item()
    amounts = first.select(
        source_currency="currency",
        amount_200=(200 * pl.col("per_euro") / dollar).round_sig_figs(2),
        amount_500=(200 * pl.col("per_euro") / dollar).round_sig_figs(2) * 2.5,
    )
    return (
        found.with_columns(
            source_currency=pl.col("source").replace_strict(currency),
            destination_currency=pl.col("destination").replace_strict(currency),
        )
        .join(sender, on=["source_currency", "quarter"], maintain_order="left")
        .join(receiver, on=["destination_currency", "quarter"], maintain_order="left")
        .join(amounts, on="source_currency", maintain_order="left")
        .with_columns(
            interbank=(pl.col("destination_per_euro") / pl.col("source_per_euro")).round_sig_figs(6)
        )
        .pipe(_priced)
        .drop("source_per_euro", "destination_per_euro")
    )


def _panel(market: Market, rng: np.random.Generator) -> pl.DataFrame:
    """Draw the services: each a firm and a form of sending in a corridor, with its lasting cost factor."""
    per_corridor = np.maximum(3, rng.poisson(market.services, len(market.corridors)))
    corridor = np.repeat(np.arange(len(market.corridors)), per_corridor)
    corridor_effect = rng.normal(0, market.corridor_spread, len(market.corridors))[corridor]

    shares = np.array([form.share for form in FORMS])
    forms = [FORMS[i] for i in rng.choice(len(FORMS), len(corridor), p=shares / shares.sum())]
    firms = [FIRMS[form.firm_type][int(u * len(FIRMS[form.firm_type]))]
             for form, u in zip(forms, rng.random(len(forms)), strict=True)]  # fmt: skip
    names = sorted({name for group in FIRMS.values() for name in group})
    firm_effect = dict(zip(names, rng.normal(0, market.firm_spread, len(names)), strict=True))

    source = [market.corridors[i][0] for i in corridor]
    factor = np.exp(corridor_effect + [firm_effect[firm] for firm in firms])
    factor *= [form.factor for form in forms]
    factor *= [SENDER_FACTORS.get(code, 1.0) for code in source]
    elsewhere = np.array(source) != "RUS"
    factor /= factor[elsewhere].mean() if elsewhere.any() else factor.mean()
    return pl.DataFrame(forms, schema=list(Form._fields), orient="row", infer_schema_length=None).select(
        pl.Series("service", np.arange(len(forms))),
        pl.Series("source", source),
        pl.Series("destination", [market.corridors[i][1] for i in corridor]),
        pl.Series("firm", firms),
        pl.exclude("factor", "share"),
        pl.Series("coverage", rng.choice(["High", "Medium", "Low"], len(forms), p=[0.75, 0.2, 0.05])),
        pl.Series("factor", factor),
    )


def _found(panel: pl.DataFrame, market: Market, rng: np.random.Generator) -> pl.DataFrame:
    """Cross services with rounds, and draw everything that changes from one round to the next."""
    rounds = quarters(market)
    level = np.linspace(market.first_cost, market.last_cost, len(rounds))
    calendar = pl.DataFrame({"quarter": rounds, "level": level, "start": [_first_day(q) for q in rounds]})
    table = calendar.join(panel, how="cross").sort("quarter", "source", "destination", "service")
    n = table.height
    noise = np.exp(rng.normal(0, market.noise, n) - market.noise**2 / 2)
    promoted, better = rng.random(n) < market.promotions, -rng.uniform(0.1, 2.0, n)
    return (
        table.with_columns(
            date=pl.col("start") + pl.duration(days=pl.lit(pl.Series(rng.integers(14, 46, n)))),
            cost=pl.col("level") * pl.col("factor") * noise,
            share=pl.Series(rng.beta(2, 4, n)),
            promotion=pl.Series(np.where(promoted, better, np.nan)).fill_nan(None),
            transparent=pl.Series(rng.random(n) >= market.non_transparent) | (pl.col("quarter") >= "2022-Q1"),
        )
        .filter(pl.Series(rng.random(n) < market.presence))
        .filter(~((pl.col("source") == "RUS") & pl.col("quarter").is_in(RUSSIAN_PAUSE)))
        .drop("level", "factor", "start")
    )


def _priced(table: pl.DataFrame) -> pl.DataFrame:
    """Split each cost into fee and margin, and round everything as the publisher does.

    What is stored obeys margin = 100 (1 - x / x*) and cost = 100 fee / amount + margin.
    """
    one_currency = pl.col("source_currency") == pl.col("destination_currency")
    promoted = pl.col("promotion").is_not_null() & ~one_currency
    aimed = (
        pl.when(one_currency).then(0.0).otherwise(pl.coalesce("promotion", pl.col("cost") * pl.col("share")))
    )
    fee = pl.when(promoted).then(0.0).otherwise(pl.col("amount_200") * (pl.col("cost") - aimed) / 100)
    disclosed = pl.when("transparent").then(aimed).otherwise(0.0)
    table = table.with_columns(
        fee_200=fee.round(2),
        fee_500=(fee * FEE_GROWTH).round(2),
        rate=(pl.col("interbank") * (1 - disclosed / 100)).round_sig_figs(6),
    ).with_columns(margin=(100 * (1 - pl.col("rate") / pl.col("interbank"))).round(2))
    costs = {
        f"cost_{usd}": (100 * pl.col(f"fee_{usd}") / pl.col(f"amount_{usd}") + pl.col("margin")).round(2)
        for usd in (200, 500)
    }
    return table.with_columns(**costs).drop("cost", "share", "promotion")


def per_euro(currencies: Iterable[str], rounds: Iterable[str]) -> pl.DataFrame:
    """Give units of each currency per euro in each quarter: columns currency, quarter, per_euro.

    The mean of the European Central Bank's daily reference rates where CurrencyConverter is installed
    and has the currency in that quarter; else the constant of `ANCHORED` times the rate of its anchor.

    >>> per_euro(["XOF"], ["2020-Q1"]).row(0)
    ('XOF', '2020-Q1', 655.957)
    """
    try:
        from currency_converter import CurrencyConverter
    except ImportError:  # optional: the extra [demo]
        converter = None
    else:
        converter = CurrencyConverter()

    def rate(currency: str, quarter: str) -> float:
        if currency == "EUR":
            return 1.0
        if converter is not None and (daily := _daily_rates(converter, currency, quarter)):
            return sum(daily) / len(daily)
        anchor, units = ANCHORED[currency]
        return units * rate(anchor, quarter)

    rows = [(currency, quarter, rate(currency, quarter)) for currency in currencies for quarter in rounds]
    return pl.DataFrame(rows, schema=["currency", "quarter", "per_euro"], orient="row")


def _daily_rates(converter: Any, currency: str, quarter: str) -> list[float]:
    """Collect the reference rates (units per euro) of the days in `quarter` that have one."""
    from currency_converter import RateNotFoundError

    if currency not in converter.currencies:
        return []
    start = _first_day(quarter)
    rates = []
    days = (start + dt.timedelta(days=i) for i in range(92))
    for day in (
        day for day in days if day.month - start.month in range(3)
    ):  # the longest quarter has 92 days
        try:
            rates.append(float(converter.convert(1, "EUR", currency, date=day)))
        except RateNotFoundError:  # a weekend, a holiday, or outside the series
            continue
    return rates


def _first_day(quarter: str) -> dt.date:
    """Give the day on which an ISO quarter begins."""
    return dt.date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)
