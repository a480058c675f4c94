"""Residuals: arithmetic by hand, coverage where assumptions hold, bias where they do not, and bad input."""

from __future__ import annotations

import numpy as np
import pytest

from sojourn.errors import UsageError
from sojourn.methods import legal_status
from sojourn.methods.legal_status import Assumption, Cells, parse_assumptions, residual, sensitivity

from . import simulated


def certain(truth: dict[str, float]) -> Cells:
    return simulated.cells(simulated.seen_of(truth), np.zeros((4, 4)))


def test_what_went_in_comes_out() -> None:
    truth = {
        one.parameter: one.values["value"] for one in simulated.fixed(undercount_irregular=0.1, mortality=0.9)
    }
    declared = simulated.fixed(undercount_irregular=0.1, mortality=0.9)
    found = residual(certain(truth), declared, np.random.default_rng(3), 100)
    assert found.central == pytest.approx(simulated.IRREGULAR)
    assert found.total() == pytest.approx((87_000, 87_000, 87_000))
    assert found.by("sex")["F"] == pytest.approx((38_000, 38_000, 38_000))
    assert found.seed == 3


def test_by_hand() -> None:
    # 1,000 admitted ten years ago, 1 % a year die, 2 % leave: 740.8 live here; 5 % of them are missed: 703.8.
    cells = Cells({}, *(np.array(x, float) for x in ([1000], [[0]], [1000], [10], [0.01], [0.02], [0])))
    declared = simulated.fixed(undercount_legal=0.05, undercount_irregular=0.10)
    found = residual(cells, declared, np.random.default_rng(1), 100)
    assert found.total()[0] == pytest.approx((1000 - 0.95 * 1000 * np.exp(-0.3)) / 0.9)


def shares_of_hits(declared, runs: int, truth_from=None) -> tuple[float, float]:
    hits, errors = 0, []
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        truth = simulated.truth_of(rng, truth_from or declared)
        seen = simulated.seen_of(truth)
        cells = simulated.cells(rng.normal(seen, 0.03 * seen), np.diag((0.03 * seen) ** 2))
        centre, lower, upper = residual(cells, declared, rng, 400).total()
        hits += lower <= simulated.IRREGULAR.sum() <= upper
        errors.append(centre - simulated.IRREGULAR.sum())
    return hits / runs, float(np.mean(errors))


def test_intervals_cover_the_truth_where_the_assumptions_hold() -> None:
    coverage, bias = shares_of_hits(simulated.assumptions(), 100)
    assert 0.89 <= coverage <= 0.99
    assert abs(bias) < 2000


def test_a_wrong_assumption_biases_and_is_not_covered() -> None:
    # Nobody is thought to emigrate: too many legal residents are taken off, too few irregular ones remain.
    wrong = [
        Assumption(one.name, one.parameter, "fixed", {"value": 0.0}, "wrong")
        if one.parameter == "emigration"
        else one
        for one in simulated.assumptions()
    ]
    coverage, bias = shares_of_hits(wrong, 40, simulated.assumptions())
    assert coverage < 0.2
    assert bias < -20_000
    # An under-count of irregular residents that is denied leaves out about a tenth of them.
    denied = [
        Assumption(one.name, one.parameter, "fixed", {"value": 0.0}, "wrong")
        if one.parameter == "undercount_irregular"
        else one
        for one in simulated.assumptions()
    ]
    assert shares_of_hits(denied, 40, simulated.assumptions())[1] == pytest.approx(-8_700, abs=2_500)


def test_one_seed_gives_one_result() -> None:
    cells = simulated.cells(np.full(4, 90_000.0), np.eye(4) * 1e6)
    one, other = (
        residual(cells, simulated.assumptions(), np.random.default_rng(5), 200).draws for _ in range(2)
    )
    assert np.array_equal(one, other)


def test_the_sensitivity_table() -> None:
    cells = simulated.cells(np.full(4, 60_000.0), np.eye(4) * 1000.0**2)
    found = sensitivity(cells, simulated.assumptions(), np.random.default_rng(2), 4096)
    assert found[0].name == "emigration"
    assert sum(line.first_order for line in found) == pytest.approx(1, abs=0.1)
    assert all(line.total >= line.first_order - 0.06 for line in found)
    assert all(line.low < line.high for line in found if line.low is not None)
    sampling = next(line for line in found if line.low is None)
    assert 0 < sampling.total < 0.2


def test_the_variance_shares_of_a_linear_case() -> None:
    # I = F - a A with sd(a A) = 30 and sd(F) = 40: shares 0.36 and 0.64.
    cells = Cells({}, *(np.array(x, float) for x in ([5000], [[1600]], [1000], [0], [0], [0], [0])))
    declared = [
        Assumption("a", "admissions", "normal", {"mean": 1.0, "sd": 0.03}, "test"),
        *(one for one in simulated.fixed() if one.parameter != "admissions"),
    ]
    found = sensitivity(cells, declared, np.random.default_rng(8), 20_000)
    assert [line.total for line in found] == pytest.approx([0.64, 0.36], abs=0.03)
    assert [line.first_order for line in found] == pytest.approx([0.64, 0.36], abs=0.03)


TOML = """
[[assumption]]
name = "early"
parameter = "emigration"
distribution = "triangular"
values = { low = 0.5, mode = 1.0, high = 1.5 }
where = { arrival = ["2000-2009"] }
source = "our own guess"
"""


def test_assumptions_from_a_file(tmp_path) -> None:
    file = tmp_path / "assumptions.toml"
    file.write_text(TOML, encoding="utf-8")
    early = legal_status.read_assumptions(file)[0]
    assert early.where == {"arrival": ("2000-2009",)}
    assert early.quantile(np.array([0.5])) == pytest.approx([1])
    late = Assumption("late", "emigration", "fixed", {"value": 2.0}, "test", {"arrival": ("2010-2019",)})
    declared = [early, late, *(one for one in simulated.fixed() if one.parameter != "emigration")]
    found = residual(
        simulated.cells(np.full(4, 90_000.0), np.zeros((4, 4))), declared, np.random.default_rng(1), 100
    )
    assert np.ptp(found.draws[:, 0]) > 0
    assert np.ptp(found.draws[:, 2]) == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[assumption",
        TOML + TOML,
        TOML.replace("emigration", "luck"),
        TOML.replace("triangular", "cauchy"),
        TOML.replace("mode = 1.0, ", ""),
        TOML.replace("low = 0.5", "low = 1.2"),
        TOML.replace('source = "our own guess"', 'source = " "'),
        TOML.replace('source = "our own guess"', ""),
        TOML.replace('"emigration"', '"undercount_legal"'),
    ],
)
def test_assumptions_that_are_refused(text) -> None:
    with pytest.raises(UsageError):
        parse_assumptions(text)


def test_every_parameter_of_every_cell_is_assumed_once() -> None:
    cells, rng = simulated.cells(np.full(4, 9e4), np.zeros((4, 4))), np.random.default_rng(1)
    declared = simulated.fixed()
    for broken in (
        declared[1:],
        [*declared, Assumption("again", "mortality", "fixed", {"value": 1.0}, "test")],
        [*declared[1:], Assumption("x", "admissions", "fixed", {"value": 1.0}, "test", {"sex": ("X",)})],
    ):
        with pytest.raises(UsageError):
            residual(cells, broken, rng, 100)
    with pytest.raises(UsageError):
        residual(cells, declared, rng, 5)
    with pytest.raises(UsageError, match="nothing varies"):
        sensitivity(cells, declared, rng, 100)
    with pytest.raises(UsageError):
        residual(simulated.cells(np.full(4, 9e4), -np.eye(4)), declared, rng, 100)
    with pytest.raises(UsageError):
        simulated.cells(np.array([1.0, -1.0, 1.0, 1.0]), np.zeros((4, 4)))
