"""Scores `sojourn.methods.progress` on held-out years of real official series, and on flat noise.

    python bench/progress.py [--data DIR] [--json FILE]

The smallest walk and the sizes of the drift were chosen on the areas with an even number (in the order of
their codes); the figures are those of the areas with an odd number, which had no say.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sojourn.methods.progress import scoring, trend

SHARED = Path(os.environ.get("SOJOURN_SHARED", Path(__file__).resolve().parents[2] / "shared"))
UNSD = ("bx_trf_pwkr", "sm_pop_refg_or", "vc_htf_detv", "dc_tof_schipsl", "sm_dth_migr")
WDI = {"SI.RMT.COST.IB.ZS": "remittance cost, receiving", "SI.RMT.COST.OB.ZS": "remittance cost, sending"}


def series(data: Path) -> dict[str, pl.DataFrame]:
    """Read the real series: one frame each with area, time and value."""
    found = {WDI[code]: _wdi(data / "rpw" / f"wdi_{code}.csv.gz") for code in WDI}
    for name in UNSD:
        (path,) = (data / "unsdg").glob(f"ddf--datapoints--{name}--*.csv")
        found[name.upper()] = _unsd(path, name)
    return found


def _wdi(path: Path) -> pl.DataFrame:
    return _shaped(pl.read_csv(path, infer_schema=False), "iso3", "value")


def _unsd(path: Path, name: str) -> pl.DataFrame:
    frame = pl.read_csv(path, infer_schema=False)
    for column, total in (("sex", "bothsex"), ("age", "allage")):
        if column in frame.columns:
            frame = frame.filter(pl.col(column) == total)
    return _shaped(frame, "geo_area", name)


def _shaped(frame: pl.DataFrame, area: str, value: str) -> pl.DataFrame:
    shaped = frame.select(
        pl.col(area).alias("area"),
        (pl.col("year").cast(pl.Float64) + 0.5).alias("time"),
        pl.col(value).cast(pl.Float64, strict=False).alias("value"),
    )
    return shaped.drop_nulls().unique(["area", "time"], keep="first", maintain_order=True)


def score(frame: pl.DataFrame, *, logarithmic: bool, odd_only: bool = True) -> dict[str, Any]:
    """Score one series: coverage, and chances that the value falls by a tenth, or grows by a tenth."""
    cases = scoring.hold_out(frame, ["area"], logarithmic=logarithmic)
    cases = cases.only(cases.group % 2 == 1) if odd_only else cases
    position = scoring.chances(cases, cases.truth)
    chance, outcome = [], []
    for change in (0.9, 1.1):
        limit = cases.last + np.log(change) if logarithmic else cases.last * change
        chance.append(scoring.chances(cases, limit))
        outcome.append(cases.truth <= limit)
    said, came = np.concatenate(chance), np.concatenate(outcome)
    brier = scoring.brier(said, came)
    # The share that came true of each limit is known only in hindsight: a hard rival, and no forecast.
    hindsight = scoring.brier(np.concatenate([np.full(len(one), one.mean()) for one in outcome]), came)
    far = cases.horizon > 3
    return {
        "cases": len(position),
        "covered_80": scoring.coverage(position, 0.8),
        "covered_95": scoring.coverage(position, 0.95),
        "covered_80_far": scoring.coverage(position[far], 0.8),
        "covered_95_far": scoring.coverage(position[far], 0.95),
        "brier": brier,
        "brier_hindsight_share": hindsight,
        "brier_two_points": scoring.brier(two_points(cases, logarithmic), came),
        "reliability": scoring.reliability(said, came).to_dicts(),
    }


def two_points(cases: scoring.HeldOut, logarithmic: bool) -> np.ndarray[Any, Any]:
    """Say yes or no by the line through the first and the last known point, as a two-point pace does."""
    pace = (cases.last - cases.values[:, 0]) / (np.nanmax(cases.times, axis=1) - cases.times[:, 0])
    expected = cases.last + pace * cases.horizon
    limits = [cases.last + np.log(c) if logarithmic else cases.last * c for c in (0.9, 1.1)]
    return np.concatenate([(expected <= limit).astype(float) for limit in limits])


def flat_noise(rng: np.random.Generator, runs: int = 4000) -> dict[str, float]:
    """Give how often eight years of flat noise (5 % of the baseline) are called wrong way or improving."""
    values = rng.normal(100.0, 5.0, (runs, 8))
    times = np.tile(np.arange(2015.5, 2023.0), (runs, 1))
    told = {}
    for name, errors in (("unknown", np.full_like(values, np.nan)), ("known", np.full_like(values, 5.0))):
        falls = trend.fit(times, values, errors).pace().below(0.0)
        told |= {f"wrong_way_error_{name}": float((falls <= 0.1).mean())}
        told |= {f"improving_error_{name}": float((falls >= 0.9).mean())}
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    start = time.perf_counter()
    results: dict[str, Any] = {}
    head = (
        f"{'series':28} {'model':11} {'cases':>6}  80 %   95 %   (>3 years)       Brier  hindsight  two-point"
    )
    print(head)
    for name, frame in series(arguments.data).items():
        for model in ("logarithmic", "straight"):
            one = results[f"{name}, {model}"] = score(frame, logarithmic=model == "logarithmic")
            print(
                f"{name:28} {model:11} {one['cases']:6}  {one['covered_80']:.3f}  {one['covered_95']:.3f}"
                f"  ({one['covered_80_far']:.3f}, {one['covered_95_far']:.3f})"
                f"  {one['brier']:.3f}  {one['brier_hindsight_share']:.3f}      {one['brier_two_points']:.3f}"
            )
            pairs = ", ".join(f"{r['chance']:.2f}: {r['came_true']:.2f}" for r in one["reliability"])
            print(f"{'':28} said: came true  {pairs}")
    results["flat noise"] = flat_noise(np.random.default_rng(20150115))
    for name, share in results["flat noise"].items():
        print(f"flat noise, {name.replace('_', ' ')}: {100 * share:.1f} %")
    print(f"{time.perf_counter() - start:.1f} s")
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
