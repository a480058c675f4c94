"""A small simulated country whose irregular residents are known: for tests of methods only, of no real place."""

from __future__ import annotations

import numpy as np

from sojourn.methods.legal_status import PARAMETERS, SHARES, Assumption, Cells, Measure, People

ARRIVALS, SEXES = ("2000-2009", "2010-2019"), ("F", "M")
KEYS = {"arrival": ("2000-2009", "2000-2009", "2010-2019", "2010-2019"), "sex": ("F", "M", "F", "M")}
ADMITTED = np.array([60_000.0, 50_000.0, 40_000.0, 45_000.0])
YEARS = np.array([15.0, 15.0, 5.0, 5.0])
MORTALITY = np.array([0.004, 0.006, 0.002, 0.003])
EMIGRATION = np.array([0.02, 0.025, 0.03, 0.035])
TEMPORARY = np.array([0.0, 0.0, 5_000.0, 6_000.0])
IRREGULAR = np.array([20_000.0, 25_000.0, 18_000.0, 24_000.0])


def assumptions() -> list[Assumption]:
    laws = {
        "admissions": ("normal", {"mean": 1.0, "sd": 0.01}),
        "mortality": ("uniform", {"low": 0.8, "high": 1.2}),
        "emigration": ("triangular", {"low": 0.6, "mode": 1.0, "high": 1.4}),
        "temporary": ("lognormal", {"median": 1.0, "sigma": 0.1}),
        "undercount_legal": ("beta", {"a": 20.0, "b": 780.0}),
        "undercount_irregular": ("uniform", {"low": 0.05, "high": 0.15}),
    }
    return [Assumption(name, name, law, values, "simulated") for name, (law, values) in laws.items()]


def fixed(**changes: float) -> list[Assumption]:
    values = {name: 0.0 if name in SHARES else 1.0 for name in PARAMETERS} | changes
    return [Assumption(name, name, "fixed", {"value": value}, "simulated") for name, value in values.items()]


def truth_of(rng: np.random.Generator, declared: list[Assumption]) -> dict[str, float]:
    return {one.parameter: float(one.quantile(rng.random(1))[0]) for one in declared}


def legal_of(truth: dict[str, float]) -> np.ndarray:
    gone = (truth["mortality"] * MORTALITY + truth["emigration"] * EMIGRATION) * YEARS
    return truth["admissions"] * ADMITTED * np.exp(-gone) + truth["temporary"] * TEMPORARY


def seen_of(truth: dict[str, float]) -> np.ndarray:
    seen = (1 - truth["undercount_irregular"]) * IRREGULAR
    return seen + (1 - truth["undercount_legal"]) * legal_of(truth)


def cells(counted: np.ndarray, covariance: np.ndarray) -> Cells:
    return Cells(KEYS, counted, covariance, ADMITTED, YEARS, MORTALITY, EMIGRATION, TEMPORARY)


def survey(rng: np.random.Generator, truth: dict[str, float], n: int = 1200, replicates: int = 40):
    """Draw persons with known status, wages that depend on cell and status, and bootstrap weights."""
    seen_irregular = (1 - truth["undercount_irregular"]) * IRREGULAR
    seen_legal = (1 - truth["undercount_legal"]) * legal_of(truth)
    everybody = np.concatenate([seen_irregular, seen_legal])
    kind = rng.choice(8, n, p=everybody / everybody.sum())
    cell, status = kind % 4, kind < 4
    possible = status | (rng.random(n) < 0.6)
    wage = 10 + 2.0 * (cell // 2) + (cell % 2) + rng.normal(0, 3, n)
    weights = np.full(n, everybody.sum() / n)
    draws = rng.multinomial(n, np.full(n, 1 / n), replicates).T
    people = People(
        cell, possible, weights, weights[:, None] * draws, np.full(replicates, 1 / (replicates - 1))
    )
    counted = np.bincount(cell, weights=weights, minlength=4)
    off = np.array(
        [np.bincount(cell, weights=column, minlength=4) - counted for column in people.replicates.T]
    )
    measures = [
        Measure("people", np.ones(n), "total"),
        Measure("women", (cell % 2 == 0).astype(float), "mean"),
        Measure("wage", wage, "mean"),
    ]
    return cells(counted, off.T @ off / (replicates - 1)), people, measures
