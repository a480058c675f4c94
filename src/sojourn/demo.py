"""A first release that needs no download: a simulated price file and figures that packages ship."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from sojourn import observations
from sojourn.release.gate import Release
from sojourn.release.identity import code_version
from sojourn.release.request import Built, Options, Report, build, silent
from sojourn.sources.simulated.market import Market
from sojourn.sources.simulated.remittance_prices import FILE_NAME, workbook

SEED = 10

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


def build_demo(place: Path, report: Report = silent) -> Built:
    """Write the simulated price file, and build a release from it and from packaged figures.

    Args:
        place: folder that gets `data` and `releases`.
        report: called with (stage, done, total).
    """
    prices = place / "data" / "rpw" / FILE_NAME
    stamp = prices.with_suffix(".log")
    made_by = f"{code_version()} seed {SEED}\n"
    if not prices.is_file() or not stamp.is_file() or stamp.read_text(encoding="utf-8") != made_by:
        report("writing simulated remittance prices", 0, 1)
        prices.parent.mkdir(parents=True, exist_ok=True)
        half = prices.with_suffix(".part")
        workbook(half, Market(), np.random.default_rng(SEED)).replace(prices)
        stamp.write_text(made_by, encoding="utf-8")
    return build(place / "data", place / "releases", Options(packaged=True), report=report)


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
