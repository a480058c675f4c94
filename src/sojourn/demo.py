"""A first release that needs no download: simulated prices, a simulated survey, and figures that packages ship."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from sojourn import observations
from sojourn.release.gate import Release
from sojourn.release.identity import code_version
from sojourn.release.request import Built, Options, Report, SurveyFiles, build, silent
from sojourn.simulate import AREA, Country, write
from sojourn.sources.simulated.market import Market
from sojourn.sources.simulated.remittance_prices import FILE_NAME, workbook

SEED = 10
COUNTRY = Country(households=150_000)

# The five indicators that the coordination meeting of February 2015 heard proposed, and what shows each best
# of all that a first release holds: label, series, area, breakdown.
PROPOSALS: tuple[tuple[int, str, tuple[tuple[str, str, str, str], ...]], ...] = (
    (
        1,
        "Transfer costs of remittances",
        (
            ("Cost of sending USD 200, %", "SI_RMT_COST", "001", ""),
            ("Three cheapest services, %", "SI_RMT_COST", "001", "AVERAGE=SMART"),
            ("Corridors above 5 %, % of all", "SJ_RMT_CORRIDORS_GT5", "001", ""),
            ("Spent on costs, million US$", "SJ_RMT_COST_SPENT", "001", ""),
        ),
    ),
    (
        2,
        "Victims of trafficking",
        (
            ("Norway, detected", "VC_HTF_DETV", "NOR", ""),
            ("Norway, per 100,000 people", "SJ_HTF_DETV_RATE", "NOR", ""),
        ),
    ),
    (
        3,
        "Recruitment cost, months of pay",
        (
            ("Lao PDR, mean of ratios", "SJ_RECRUITMENT_COST", "LAO", "STATISTIC=MEAN_OF_RATIOS"),
            ("Philippines, not stated which", "SJ_RECRUITMENT_COST", "PHL", "STATISTIC=NOT_STATED"),
            ("Bangladesh, ratio of means", "SJ_RECRUITMENT_COST", "BGD", "STATISTIC=RATIO_OF_MEANS"),
        ),
    ),
    (
        4,
        "Durable solutions",
        (
            ("Refugees who returned", "SJ_REFG_SOLUTIONS", "001", "SOLUTION=RETURN"),
            ("Solutions per 100 refugees", "SJ_REFG_SOLUTIONS_RATE", "001", ""),
        ),
    ),
    (
        5,
        "Human mobility",
        (
            ("People who need no visa, %", "SJ_ENTRY", "001", "ENTRY=VISA_FREE"),
            ("Openness of entry, 0 to 1", "SJ_ENTRY_OPENNESS", "001", ""),
            ("Mexico, net per 1,000 people", "SJ_NET_MIGRATION", "MEX", ""),
        ),
    ),
)


# What the survey of the simulated country says of people by where they were born: label, series, age.
BY_NATIVITY: tuple[tuple[str, str, str], ...] = (
    ("Unemployed, % of the labour force", "SL_TLF_UEM", "Y_GE15"),
    ("Young, neither working nor learning, %", "SL_TLF_NEET", "Y15T24"),
    ("Below the poverty line, %", "SI_POV_NAHC", "_T"),
    ("Overqualified, % of working graduates", "SJ_OVERQUALIFICATION", "Y20T64"),
    ("Hourly pay, median", "SJ_EMP_EARN_MEDIAN", "Y_GE15"),
    ("Covered by health insurance, %", "SJ_HEALTH_INSURANCE", "_T"),
)


def build_demo(place: Path, report: Report = silent) -> Built:
    """Write the simulated prices and the simulated survey, and build a release from them and packaged figures.

    Args:
        place: folder that gets `data` and `releases`.
        report: called with (stage, done, total).
    """
    prices = place / "data" / "rpw" / FILE_NAME
    persons = place / "microdata" / "simulated_country.parquet"
    _once(prices, "remittance prices", _write_prices, report)
    _once(persons, "survey", lambda path: write(path, COUNTRY, SEED), report)
    survey = SurveyFiles((persons,), "simulated_country")
    options = Options(packaged=True, surveys=(survey,))
    return build(place / "data", place / "releases", options, report=report)


def _write_prices(path: Path) -> None:
    workbook(path, Market(), np.random.default_rng(SEED))


def _once(path: Path, what: str, make: Callable[[Path], object], report: Report) -> None:
    """Write a simulated file, unless this code wrote it before; one half written never has the name."""
    stamp = path.with_suffix(".log")
    made_by = f"{code_version()} seed {SEED}\n"
    if path.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == made_by:
        return
    report(f"writing the simulated {what}", 0, 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"half-{path.name}")
    make(half)
    half.replace(path)
    stamp.write_text(made_by, encoding="utf-8")


def headline_rows(release: Release) -> pl.DataFrame:
    """Choose the newest number of each series that shows one of the five indicators.

    Published figures stand beside simulated ones where a release holds both.

    Returns:
        Observations with `basis`, the number and name of the proposal, and `label`.
    """
    chosen = []
    for number, name, wanted in PROPOSALS:
        for label, series, area, breakdown in wanted:
            found = release.observations(series=series, area=area, breakdown=breakdown)
            found = found.with_columns(observations.basis())
            for basis in (observations.COMPUTED, observations.PUBLISHED, observations.SIMULATED):
                newest = release.latest(found.filter(basis=basis)).head(1)
                chosen.append(
                    newest.with_columns(proposal=pl.lit(number), proposed=pl.lit(name), label=pl.lit(label))
                )
    return pl.concat(chosen)


def nativity_rows(release: Release) -> pl.DataFrame:
    """Choose what the simulated survey says of the native-born and the foreign-born.

    Returns:
        Observations with `label`, two rows of each, the native-born first.
    """
    chosen = []
    for label, series, age in BY_NATIVITY:
        whole = release.observations(series=series, area=AREA, breakdown="", period=str(COUNTRY.year))
        whole = whole.filter(sex="_T", age=age, citizenship="_T", legal_status="_T")
        both = whole.filter(pl.col("nativity") != "_T").sort("nativity", descending=True)
        chosen.append(both.with_columns(label=pl.lit(label)))
    return pl.concat(chosen)
