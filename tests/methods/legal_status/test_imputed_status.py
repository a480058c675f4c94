"""Estimates by legal status: totals that equal the residual, coverage, and no status of a person anywhere."""

from __future__ import annotations

import dataclasses
import inspect

import numpy as np
import polars as pl
import pytest

from sojourn.errors import UsageError
from sojourn.methods import legal_status
from sojourn.methods.legal_status import Measure, estimates_by_status, imputation, residual

from . import simulated


def one_survey(seed: int = 4, n: int = 1200):
    rng = np.random.default_rng(seed)
    return simulated.survey(rng, simulated.truth_of(rng, simulated.assumptions()), n)


def test_totals_equal_the_residual_whatever_the_imputation() -> None:
    cells, people, measures = one_survey()
    declared = simulated.fixed(undercount_irregular=0.1)
    found = estimates_by_status(cells, declared, people, measures, np.random.default_rng(1), 5)
    expected = residual(cells, declared, np.random.default_rng(1), 100).total()[0]
    total = found.table.filter(measure="people")
    assert total.filter(status="irregular")["estimate"][0] == pytest.approx(expected)
    assert found.unplaced == 0
    # With assumptions that are certain the error of a cell is the survey's own.
    first = Measure("first", (people.cell == 0).astype(float), "total")
    alone = estimates_by_status(cells, declared, people, [first], np.random.default_rng(1), 5).table
    assert alone["se"][0] == pytest.approx(cells.covariance[0, 0] ** 0.5 / 0.9)
    both = found.table.filter(measure="wage")["estimate"]
    assert 8 < both.min() < both.max() < 16


def test_coverage_of_totals_and_shares() -> None:
    runs, hits = 24, np.zeros(3)
    for seed in range(runs):
        rng = np.random.default_rng(500 + seed)
        truth = simulated.truth_of(rng, simulated.assumptions())
        cells, people, measures = simulated.survey(rng, truth, 500, 20)
        found = estimates_by_status(cells, simulated.assumptions(), people, measures[:2], rng, 8).table
        irregular = simulated.IRREGULAR
        true = [irregular.sum(), simulated.legal_of(truth).sum(), irregular[[0, 2]].sum() / irregular.sum()]
        hits += (found["lower"][:3].to_numpy() <= true) & (true <= found["upper"][:3].to_numpy())
    assert np.all(hits / runs >= 0.83)


def test_odds_tell_the_statuses_apart() -> None:
    cells, people, measures = one_survey()
    wage = measures[2].values
    declared = simulated.fixed(undercount_irregular=0.1)
    low = dataclasses.replace(people, odds=np.exp(-0.8 * (wage - wage.mean())))
    plain, told = (
        estimates_by_status(cells, declared, one, measures[2:], np.random.default_rng(2), 5).table["estimate"]
        for one in (people, low)
    )
    assert told[0] < plain[0] - 0.5
    assert told[1] > plain[1]


def test_those_who_cannot_be_irregular_are_not() -> None:
    cells, people, _ = one_survey()
    barred = Measure("barred", (~people.possible).astype(float), "total")
    with pytest.raises(UsageError, match="fewer than"):
        estimates_by_status(cells, simulated.fixed(), people, [barred], np.random.default_rng(1), 2)
    n = len(people.cell)
    half = (np.arange(n) % 2).astype(float) + ~people.possible * 10.0
    found = estimates_by_status(
        cells, simulated.fixed(), people, [Measure("half", half)], np.random.default_rng(1), 3
    )
    assert found.table.filter(status="irregular")["estimate"][0] <= 1


def test_irregular_residents_without_rows_are_said_to_have_no_place() -> None:
    cells, people, measures = one_survey()
    few = dataclasses.replace(people, possible=people.possible & (np.arange(len(people.cell)) % 10 == 0))
    found = estimates_by_status(
        cells, simulated.fixed(), few, measures[:1], np.random.default_rng(1), 3, minimum=10
    )
    assert found.unplaced > 0.3


def test_no_status_of_a_person_comes_out() -> None:
    cells, people, measures = one_survey(n=700)
    found = estimates_by_status(cells, simulated.assumptions(), people, measures, np.random.default_rng(1), 3)
    n = len(people.cell)

    def sizes(value: object):
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            for field in dataclasses.fields(value):
                yield from sizes(getattr(value, field.name))
        elif isinstance(value, pl.DataFrame):
            yield value.height
        elif isinstance(value, np.ndarray):
            yield from value.shape
        elif isinstance(value, (list, tuple)):
            yield len(value)

    assert max(sizes(found)) < n / 10
    # Only one public function takes persons, and it gives back aggregates.
    public = [
        function
        for name, function in inspect.getmembers(imputation, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == imputation.__name__
    ]
    assert [function.__name__ for function in public] == ["estimates_by_status"]
    assert inspect.signature(estimates_by_status).return_annotation == "ByStatus"
    assert not {"status", "irregular"} & {field.name for field in dataclasses.fields(people)}
    assert "irregular" in found.table["status"].to_list()
    assert "illegal" not in (legal_status.__doc__ + imputation.__doc__).lower()


def test_a_measure_of_one_person_is_refused() -> None:
    cells, people, _ = one_survey()
    n = len(people.cell)
    me = (np.arange(n) == np.flatnonzero(people.possible)[0]).astype(float)
    rng = np.random.default_rng(1)
    for measure in (
        Measure("me", me, "total"),
        Measure("others", 1 - me),
        Measure("me", np.ones(n), "mean", me.astype(bool)),
        Measure("me", 5.0 * me, "total"),
    ):
        with pytest.raises(UsageError, match="fewer than 30"):
            estimates_by_status(cells, simulated.fixed(), people, [measure], rng, 2)


def test_one_seed_gives_one_result() -> None:
    cells, people, measures = one_survey()
    one, other = (
        estimates_by_status(cells, simulated.assumptions(), people, measures, np.random.default_rng(6), 3)
        for _ in range(2)
    )
    assert one.table.equals(other.table)
    assert one.seed == 6


def test_what_is_refused() -> None:
    cells, people, measures = one_survey()
    rng, declared = np.random.default_rng(1), simulated.fixed()
    other = dataclasses.replace(people, weights=2 * people.weights)
    for broken in (
        lambda: estimates_by_status(cells, declared, people, measures, rng, 1),
        lambda: estimates_by_status(cells, declared, people, measures, rng, 2, minimum=1),
        lambda: estimates_by_status(cells, declared, people, [], rng, 2),
        lambda: estimates_by_status(cells, declared, other, measures, rng, 2),
        lambda: estimates_by_status(cells, declared, people, [Measure("a", np.ones(3))], rng, 2),
        lambda: dataclasses.replace(people, weights=-people.weights),
        lambda: dataclasses.replace(people, odds=np.zeros(len(people.cell))),
        lambda: dataclasses.replace(people, factors=np.ones(3)),
        lambda: estimates_by_status(
            cells, declared, dataclasses.replace(people, cell=people.cell + 9), measures, rng, 2
        ),
    ):
        with pytest.raises(UsageError):
            broken()
