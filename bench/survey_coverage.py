"""Counts how often nominal 95 % intervals hold the truth of the simulated country, by design and statistic.

    python bench/survey_coverage.py [--households 400000] [--samples 1000] [--json FILE]

The country is drawn once, its truth counted over everybody, and samples are drawn from it: each of a design's
samples gives one interval of each statistic. Sums of weights are those of `methods.survey` (the array functions
beneath `cube`; tests/methods/survey/test_simulated_coverage.py shows on samples that both give the same intervals).
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from sojourn.methods.survey.intervals import critical_value, proportion_interval, wald_interval
from sojourn.methods.survey.linearization import linearized_covariance
from sojourn.methods.survey.quantiles import weighted_quantile, woodruff
from sojourn.methods.survey.replication import bootstrap, half_samples, jackknife, successive_differences
from sojourn.methods.survey.variance import replicate_covariance
from sojourn.simulate import Country, population

SEED = 20150115
STRATA, TOGETHER = 40, 8
"""Strata of the clustered designs, and neighbouring households in one cluster."""
STATISTICS = ("total", "mean", "proportion", "ratio", "median", "gap")
TEXT = {
    "total": "total pay", "mean": "mean pay", "proportion": "foreign-born share (logit)",
    "ratio": "pay per hour", "median": "median pay", "gap": "native–foreign gap of mean pay",
}  # fmt: skip


@dataclass(frozen=True)
class People:
    """Persons in geographic order: pay and hours of those who earn (0 for others), and where they belong."""

    pay: np.ndarray
    hours: np.ndarray
    earns: np.ndarray
    foreign: np.ndarray
    household: np.ndarray

    def take(self, rows: np.ndarray) -> People:
        return People(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def sums(self) -> dict[str, np.ndarray]:
        """What the totals of a sample are made of, one column per sum."""
        one = np.ones(len(self.pay))
        native = self.earns * ~self.foreign
        columns = [self.pay, self.earns, self.foreign, one, self.hours, self.pay * native, native]
        columns += [self.pay * (self.earns & self.foreign), self.earns & self.foreign]
        names = ["pay", "earners", "foreign", "persons", "hours", "native_pay", "natives"]
        return dict(
            zip([*names, "foreign_pay", "foreigners"], [np.asarray(c, float) for c in columns], strict=True)
        )

    def truth(self) -> dict[str, float]:
        t = {name: column.sum() for name, column in self.sums().items()}
        found = {name: float(value) for name, value in _smooth(t).items()}
        return found | {"median": float(weighted_median(self.pay[self.earns]))}


def weighted_median(pay: np.ndarray) -> float:
    """The least value that half of the people do not exceed."""
    return float(np.sort(pay)[math.ceil(len(pay) / 2) - 1])


def _smooth(t: dict[str, Any]) -> dict[str, Any]:
    """Every statistic but the median, from sums."""
    return {
        "total": t["pay"],
        "mean": t["pay"] / t["earners"],
        "proportion": t["foreign"] / t["persons"],
        "ratio": t["pay"] / t["hours"],
        "gap": t["native_pay"] / t["natives"] - t["foreign_pay"] / t["foreigners"],
    }


def draw_country(households: int, seed: int = SEED) -> People:
    blocks = []
    for block in population(Country(households=households), np.random.default_rng(seed)):
        earns = (pl.col("monthly_pay") > 0).fill_null(False)
        blocks.append(
            block.select(
                pay=pl.col("monthly_pay").fill_null(0).cast(pl.Float64),
                hours=pl.when(earns).then(pl.col("hours")).fill_null(0).cast(pl.Float64),
                earns=earns,
                foreign=pl.col("birthplace") != pl.col("area"),
                household="household",
            )
        )
    frame = pl.concat(blocks)
    return People(*(frame[name].to_numpy() for name in frame.columns))


@dataclass(frozen=True)
class Sample:
    """Persons drawn, and the unit, stratum and weight of each."""

    people: People
    unit: np.ndarray
    stratum: np.ndarray
    weight: np.ndarray
    fpc: np.ndarray | None = None


class Frame:
    """A country with clusters of neighbouring households, ready to be sampled."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.households = int(people.household[-1]) + 1
        self.cluster_of = people.household // TOGETHER
        self.clusters = self.households // TOGETHER
        self.start = np.searchsorted(self.cluster_of, np.arange(self.clusters + 1))
        self.per_stratum = self.clusters // STRATA

    def of_clusters(self, chosen: np.ndarray, stratum: np.ndarray, weight: float, fpc: int | None) -> Sample:
        """The persons of chosen clusters, a cluster drawn twice counting twice."""
        rows = [np.arange(self.start[c], self.start[c + 1]) for c in chosen]
        sizes = [len(r) for r in rows]
        unit = np.repeat(np.arange(len(chosen)), sizes)
        people = self.people.take(np.concatenate(rows))
        known = None if fpc is None else np.full(len(unit), float(fpc))
        return Sample(people, unit, np.repeat(stratum, sizes), np.full(len(unit), weight), known)

    def stratified(self, rng: np.random.Generator, drawn: int, of: int | None = None) -> Sample:
        """Clusters drawn in every stratum: with replacement from all, or without from the first `of`."""
        size = self.per_stratum if of is None else of
        picks = np.stack([rng.choice(size, drawn, replace=of is None) for _ in range(STRATA)])
        chosen = (np.arange(STRATA)[:, None] * self.per_stratum + picks).ravel()
        return self.of_clusters(chosen, np.repeat(np.arange(STRATA), drawn), size / drawn, of)

    def simple(self, rng: np.random.Generator, drawn: int) -> Sample:
        chosen = rng.integers(0, STRATA * self.per_stratum, drawn)
        return self.of_clusters(chosen, np.zeros(drawn, int), STRATA * self.per_stratum / drawn, None)

    def systematic(self, start: int, interval: int) -> Sample:
        """Every so many-th household in geographic order, from a start."""
        rows = np.flatnonzero(self.people.household % interval == start)
        household = self.people.household[rows]
        weight = np.full(len(rows), float(interval))
        return Sample(self.people.take(rows), household, np.zeros(len(rows), int), weight)

    def whole(self, of: int | None = None) -> People:
        """Everybody whom the clustered samples are drawn from."""
        clusters = np.arange(self.per_stratum) < (of or self.per_stratum)
        kept = np.zeros(self.clusters + 1, bool)
        kept[: STRATA * self.per_stratum] = np.tile(clusters, STRATA)
        return self.people.take(kept[np.minimum(self.cluster_of, self.clusters)])


Interval = tuple[float, float]


def by_replicates(
    sample: Sample, made: Any, df: float, center: str, median: str | None
) -> dict[str, Interval]:
    """Intervals of one sample from the replicate weights of its persons."""
    w = made.weights
    t = {name: w.T @ column for name, column in sample.people.sums().items()}
    estimates = _smooth(t)
    if median == "wald":
        order = _in_order(sample.people)
        estimates["median"] = weighted_quantile(sample.people.pay[order], w[order], 0.5)
    found = {}
    for name, values in estimates.items():
        se = _error(values, made, center)
        if name == "proportion":
            p = values[0]
            own = _error(np.log(values / (1 - values)), made, center)
            ends = proportion_interval(p, _error(values, made, center), method="logit", df=df, logit_se=own)
        else:
            ends = wald_interval(values[0], se, df=df)
        found[name] = (float(ends[0]), float(ends[1]))
    if median == "woodruff":
        found["median"] = _median_by_woodruff(
            sample, df, lambda below: _share_error(sample, below, made, center)
        )
    return found


def _share_error(sample: Sample, below: np.ndarray, made: Any, center: str) -> float:
    return _error(made.weights.T @ below / (made.weights.T @ sample.people.earns), made, center)


def _in_order(people: People) -> np.ndarray:
    earners = np.flatnonzero(people.earns)
    return earners[np.argsort(people.pay[earners], kind="stable")]


def _error(values: np.ndarray, made: Any, center: str) -> float:
    covariance = replicate_covariance(
        values[:1], values[1:, None], scale=made.scale, rscales=made.rscales, center=center
    )
    return float(np.sqrt(covariance[0, 0]))


def by_linearization(sample: Sample, df: float) -> dict[str, Interval]:
    """Intervals of one sample from sums per cluster; medians by Woodruff's method."""
    w, columns = sample.weight, sample.people.sums()
    t = {name: w @ column for name, column in columns.items()}
    point = _smooth(t)
    mean_of = {
        "native": (columns["native_pay"] - t["native_pay"] / t["natives"] * columns["natives"])
        / t["natives"],
        "foreign": (columns["foreign_pay"] - t["foreign_pay"] / t["foreigners"] * columns["foreigners"])
        / t["foreigners"],
    }
    scores = {
        "total": columns["pay"],
        "mean": (columns["pay"] - point["mean"] * columns["earners"]) / t["earners"],
        "proportion": (columns["foreign"] - point["proportion"]) / t["persons"],
        "ratio": (columns["pay"] - point["ratio"] * columns["hours"]) / t["hours"],
        "gap": mean_of["native"] - mean_of["foreign"],
    }
    found = {}
    for name, score in scores.items():
        se = _linear_error(sample, w * score)
        ends = wald_interval(point[name], se, df=df)
        if name == "proportion":
            ends = proportion_interval(point[name], se, method="logit", df=df)
        found[name] = (float(ends[0]), float(ends[1]))

    def share_error(below: np.ndarray) -> float:
        p = w @ below / t["earners"]
        return _linear_error(sample, w * sample.people.earns * (below - p) / t["earners"])

    return found | {"median": _median_by_woodruff(sample, df, share_error)}


def _linear_error(sample: Sample, scores: np.ndarray) -> float:
    covariance = linearized_covariance(scores[:, None], sample.stratum, sample.unit, sample.fpc)
    return float(np.sqrt(covariance[0, 0]))


def _median_by_woodruff(sample: Sample, df: float, share_error: Callable[[np.ndarray], float]) -> Interval:
    order, people = _in_order(sample.people), sample.people
    total = sample.weight[order].sum()

    def share(value: float) -> Interval:
        below = ((people.pay <= value) & people.earns).astype(float)
        ends = wald_interval(sample.weight @ below / total, share_error(below), df=df)
        return float(ends[0]), float(ends[1])

    critical = float(critical_value(0.95, df))
    found = woodruff(people.pay[order], sample.weight[order], 0.5, share, critical=critical)
    return found.lower, found.upper


Study = tuple[str, Callable[[Frame, np.random.Generator, int, int], dict[str, Interval]], int | None]


def studies() -> dict[str, Study]:
    """Every design: how a sample becomes intervals, and the part of the country it is drawn from."""

    def sdr(frame: Frame, rng: np.random.Generator, number: int, samples: int) -> dict[str, Interval]:
        sample = frame.systematic(number, samples)
        made = successive_differences(sample.weight, sample.unit)
        return by_replicates(sample, made, 79, "estimate", "wald")

    def balanced(fay: float) -> Any:
        def one(frame: Frame, rng: np.random.Generator, number: int, samples: int) -> dict[str, Interval]:
            sample = frame.stratified(rng, 2)
            made = half_samples(sample.weight, sample.stratum, sample.unit, fay)
            return by_replicates(sample, made, STRATA, "mean", "wald")

        return one

    def jk1(frame: Frame, rng: np.random.Generator, number: int, samples: int) -> dict[str, Interval]:
        sample = frame.simple(rng, 80)
        return by_replicates(sample, jackknife(sample.weight, None, sample.unit), 79, "mean", None)

    def jkn(frame: Frame, rng: np.random.Generator, number: int, samples: int) -> dict[str, Interval]:
        sample = frame.stratified(rng, 2)
        made = jackknife(sample.weight, sample.stratum, sample.unit)
        return by_replicates(sample, made, STRATA, "estimate", None)

    def groups(frame: Frame, rng: np.random.Generator, number: int, samples: int) -> dict[str, Interval]:
        sample = frame.simple(rng, 160)
        group = rng.permutation(160)[sample.unit] % 40
        return by_replicates(sample, jackknife(sample.weight, None, group), 39, "mean", "woodruff")

    def boot(frame: Frame, rng: np.random.Generator, number: int, samples: int) -> dict[str, Interval]:
        sample = frame.stratified(rng, 4)
        made = bootstrap(sample.weight, sample.stratum, sample.unit, replicates=200, rng=rng)
        return by_replicates(sample, made, 3 * STRATA, "mean", "wald")

    def taylor(frame: Frame, rng: np.random.Generator, number: int, samples: int) -> dict[str, Interval]:
        return by_linearization(frame.stratified(rng, 2), STRATA)

    def finite(frame: Frame, rng: np.random.Generator, number: int, samples: int) -> dict[str, Interval]:
        return by_linearization(frame.stratified(rng, 4, of=10), 3 * STRATA)

    return {
        "sdr": ("SDR: systematic, 80 replicates", sdr, None),
        "brr": ("BRR: two clusters a stratum", balanced(0.0), None),
        "fay": ("Fay 0.5: two clusters a stratum", balanced(0.5), None),
        "jk1": ("JK1: 80 clusters, one left out", jk1, None),
        "jkn": ("JKn: two clusters a stratum, one left out", jkn, None),
        "groups": ("JK1: 160 clusters in 40 groups (median by Woodruff)", groups, None),
        "bootstrap": ("bootstrap: four clusters a stratum, 200", boot, None),
        "taylor": ("Taylor: two clusters a stratum", taylor, None),
        "fpc": ("Taylor, FPC: 4 of 10 clusters a stratum", finite, 10),
    }


def study(frame: Frame, name: str, samples: int, seed: int = SEED) -> dict[str, dict[str, float]]:
    """Draw the samples of one design and count: held, and missed on either side, of 100."""
    _, one, of = studies()[name]
    truth = (frame.people if name == "sdr" else frame.whole(of)).truth()
    counts = {statistic: np.zeros(3, int) for statistic in STATISTICS}
    for number, stream in enumerate(np.random.default_rng(seed).spawn(samples)):
        for statistic, (lower, upper) in one(frame, stream, number, samples).items():
            side = 0 if lower <= truth[statistic] <= upper else 1 if upper < truth[statistic] else 2
            counts[statistic][side] += 1
    rows = {}
    for statistic, (held, below, above) in counts.items():
        if held + below + above:
            share = held / samples
            rows[statistic] = {
                "share": share, "error": math.sqrt(share * (1 - share) / samples),
                "below": below / samples, "above": above / samples,
            }  # fmt: skip
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=400_000)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--design", choices=list(studies()), action="append")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    frame = Frame(draw_country(arguments.households))
    found: dict[str, Any] = {"persons": len(frame.people.pay), "samples": arguments.samples, "designs": {}}
    found |= {"strata": STRATA, "together": TOGETHER}
    print(f"{found['persons']:,} persons, {arguments.samples} samples; of 100 intervals hold the truth (+-):")
    print(f"{'':44}" + "".join(f"{name:>16}" for name in STATISTICS))
    for name in arguments.design or studies():
        rows = study(frame, name, arguments.samples)
        found["designs"][name] = rows
        cells = [
            f"{100 * rows[s]['share']:9.1f} +-{100 * rows[s]['error']:4.1f}"
            if s in rows
            else f"{'refused':>16}"
            for s in STATISTICS
        ]
        print(f"{studies()[name][0]:44}" + "".join(cells), flush=True)
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
