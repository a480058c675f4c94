"""Times the uncertainty and sensitivity of a composite index: 10,000 variants of 200 areas x 60 indicators.

    python bench/composite.py [--json FILE]

The data are drawn, with gaps and outliers; only their size matters. Prints the ratio to the limit.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import polars as pl

from sojourn.methods.composite import Aggregate, Alternatives, Choices, Framework, Indicator, build
from sojourn.methods.composite.variants import FACTORS

AREAS, INDICATORS, COMPONENTS = 200, 60, 6
DRAWS, BASE = 10_000, 1024
LIMIT = 10.0
"""Seconds for the draws and the Sobol indices together."""


def framework() -> Framework:
    """An index of six components of ten indicators, every choice open."""
    indicators = tuple(Indicator(f"x{j:02}", f"part{j % COMPONENTS}") for j in range(INDICATORS))
    parts = tuple(Aggregate(f"part{k}", "all") for k in range(COMPONENTS))
    return Framework(
        indicators,
        (*parts, Aggregate("all")),
        Choices(impute="mean"),
        Alternatives(impute=("mean", "median")),
    )


def data(rng: np.random.Generator) -> pl.DataFrame:
    """Skewed columns that share something, a twentieth of the cells unknown."""
    common = rng.normal(size=(AREAS, 1))
    values = np.exp(0.5 * common + rng.normal(size=(AREAS, INDICATORS)))
    values[rng.random(values.shape) < 0.05] = np.nan
    columns = {f"x{j:02}": values[:, j] for j in range(INDICATORS)}
    return pl.DataFrame({"area": [f"A{i:03}" for i in range(AREAS)], **columns}).fill_nan(None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    rng = np.random.default_rng(20150115)
    seconds: dict[str, float] = {}
    table = data(rng)
    start = time.perf_counter()
    index = build(framework(), table)
    seconds["build"] = time.perf_counter() - start
    start = time.perf_counter()
    ranks = index.uncertainty(DRAWS, rng).ranks
    seconds["uncertainty"] = time.perf_counter() - start
    start = time.perf_counter()
    sensitivity = index.sensitivity(BASE, rng)
    seconds["sensitivity"] = time.perf_counter() - start
    used = seconds["uncertainty"] + seconds["sensitivity"]
    width = (ranks["rank_upper"] - ranks["rank_lower"]).mean()
    print(f"{AREAS} areas x {INDICATORS} indicators; mean width of the rank interval {width:.1f}")
    for name, taken in seconds.items():
        print(f"{name:12} {taken:6.2f} s")
    print(f"{DRAWS:,} variants and Sobol indices from {BASE * (len(FACTORS) + 2):,} more: {used:.2f} s")
    print(f"{used / LIMIT:.2f} of the limit of {LIMIT:g} s")
    with pl.Config(tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(sensitivity.select("factor", pl.col("first_order", "total").round(3)))
    if arguments.json:
        results = {"seconds": seconds, "limit": LIMIT, "ratio": used / LIMIT}
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
