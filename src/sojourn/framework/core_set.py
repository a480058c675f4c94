r"""Choosing a core set of indicators: explicit criteria, open weights, an exact optimum.

Each candidate i has a score s_ic from 0 to 1 on five criteria c:

    coverage         the share that its office states
    multi_target     1 - 1/k for k targets: 0, 1/2, 2/3, ...
    timeliness       1 - lag/5 years, never below 0
    disaggregation   readings of migratory status known, of three
    single_variable  1/v for v variables

Its points are p_i = round(10000 * sum_c w_c s_ic / sum_c w_c), whole numbers, so that an optimum is exact.
With x_i = 1 for a chosen candidate and u_t = 1 for a covered target, two programs are solved one after another:

    1.  max sum_t u_t     subject to  sum_i x_i <= N,  u_t <= sum_{i serves t} x_i,  x_i = 1 if required
    2.  max sum_i p_i x_i subject to the same and  sum_t u_t >= optimum of 1

so that no set of at most N indicators covers more targets, and of those that cover as many none has more points.

Sources: the criteria follow the ten of SDSN, Indicators and a Monitoring Framework for the SDGs (2015; from memory)
and its call for at most one hundred indicators (13th Coordination Meeting, 2015); the scales are ours. Solver: HiGHS
through `scipy.optimize.milp` (Huangfu and Hall 2018, Math. Prog. Comp. 10, 119-142).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from sojourn.errors import SojournError, UsageError
from sojourn.framework.feasibility import Candidate

CRITERIA = ("coverage", "multi_target", "timeliness", "disaggregation", "single_variable")
EQUAL = dict.fromkeys(CRITERIA, 1.0)

POINTS = 10_000
LONGEST_LAG = 5.0
MOST = 100


@dataclass(frozen=True, slots=True)
class CoreSet:
    """A chosen core set.

    Attributes:
        chosen: indicators, sorted.
        points: indicator -> points, for every feasible candidate.
        total: sum of the points of the chosen.
        covered: targets that a chosen indicator serves.
        uncovered: targets with a feasible candidate that no chosen indicator serves: N is too small.
        without_candidate: targets asked for that no feasible candidate serves.
        not_feasible: candidates that the office cannot produce.
    """

    chosen: tuple[str, ...]
    points: Mapping[str, int]
    total: int
    covered: tuple[str, ...]
    uncovered: tuple[str, ...]
    without_candidate: tuple[str, ...]
    not_feasible: tuple[str, ...]


def scores(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """Score candidates on each criterion, 0 to 1; shape (candidates, criteria)."""
    return np.array(
        [
            [
                one.coverage,
                1 - 1 / len(set(one.targets)),
                max(0.0, 1 - one.lag / LONGEST_LAG),
                len(set(one.disaggregation)) / 3,
                1 / one.variables,
            ]
            for one in candidates
        ],
        dtype=float,
    ).reshape(len(candidates), len(CRITERIA))


def points(score: NDArray[np.float64], weights: Sequence[float] | NDArray[np.float64]) -> NDArray[np.int64]:
    """Weigh scores into whole points, 0 to 10,000.

    >>> points(np.array([[1.0, 0, 1, 0, 1]]), [1, 1, 1, 1, 1]).tolist()
    [6000]
    """
    given = np.asarray(weights, dtype=float)
    weighed: NDArray[np.int64] = np.rint(POINTS * (score @ (given / given.sum()))).astype(np.int64)
    return weighed


def check_weights(weights: Mapping[str, float]) -> tuple[float, ...]:
    """Put weights in the order of `CRITERIA`; a criterion left out has weight 0.

    Raises:
        UsageError: a criterion is unknown, a weight is negative or no number, or all are zero.
    """
    if unknown := sorted(set(weights) - set(CRITERIA)):
        raise UsageError(f"There is no criterion {', '.join(unknown)}", accepted=", ".join(CRITERIA))
    ordered = tuple(float(weights.get(name, 0.0)) for name in CRITERIA)
    if not np.isfinite(sum(ordered)) or min(ordered) < 0 or sum(ordered) == 0:
        raise UsageError("Weights are not negative, and one is positive", accepted="such as coverage=2")
    return ordered


@dataclass(frozen=True, slots=True)
class Problem:
    """The choice without its weights: candidates, targets and how many may be chosen; solved once for cover."""

    candidates: tuple[Candidate, ...]
    targets: tuple[str, ...]
    at_most: int
    serves: sparse.csr_array
    most_covered: int

    def solve(self, value: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Choose by value among the sets that cover most targets; one flag per candidate."""
        gain = np.concatenate([value.astype(float), np.zeros(len(self.targets))])
        return _solve(self.candidates, self.serves, self.at_most, gain, self.most_covered)


def problem(candidates: Sequence[Candidate], at_most: int = MOST) -> Problem:
    """Set the choice up, and find how many targets a set of at most N indicators can cover.

    Raises:
        UsageError: N is below 1, no candidate is feasible, a required one is not, or more than N are required.
    """
    feasible = tuple(one for one in sorted(candidates, key=lambda one: one.indicator) if one.feasible)
    if at_most < 1:
        raise UsageError(f"A core set of {at_most} indicators holds none", accepted="1 or more")
    if not feasible:
        raise UsageError("No candidate is feasible", accepted="'yes' in the column feasible")
    if impossible := sorted(one.indicator for one in candidates if one.required and not one.feasible):
        raise UsageError(f"Required and not feasible: {', '.join(impossible)}")
    required = sum(one.required for one in feasible)
    if required > at_most:
        raise UsageError(f"{required} indicators are required and at most {at_most} may be chosen")
    targets = tuple(sorted({target for one in feasible for target in one.targets}))
    place = {target: row for row, target in enumerate(targets)}
    pairs = [
        (place[target], column) for column, one in enumerate(feasible) for target in sorted(set(one.targets))
    ]
    rows, columns = zip(*pairs, strict=True)
    shape = (len(targets), len(feasible))
    serves = sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=shape)
    gain = np.concatenate([np.zeros(len(feasible)), np.ones(len(targets))])
    best = _solve(feasible, serves, at_most, gain, 0)
    covered = int(np.count_nonzero(serves @ best.astype(float)))
    return Problem(feasible, targets, at_most, serves, covered)


def _solve(
    candidates: Sequence[Candidate],
    serves: sparse.csr_array,
    at_most: int,
    gain: NDArray[np.float64],
    least_covered: int,
) -> NDArray[np.bool_]:
    """Maximise a gain over candidates and covered targets; exact, by branch and bound."""
    count, size = serves.shape[0], len(candidates)
    rules = sparse.vstack(
        [
            sparse.csr_array(np.concatenate([np.ones(size), np.zeros(count)])[None, :]),
            sparse.csr_array(np.concatenate([np.zeros(size), np.ones(count)])[None, :]),
            sparse.hstack([-serves, sparse.eye_array(count)]),
        ],
        format="csr",
    )
    lower = np.concatenate([[0.0, least_covered], np.full(count, -np.inf)])
    upper = np.concatenate([[at_most, count], np.zeros(count)])
    start = np.concatenate([[float(one.required) for one in candidates], np.zeros(count)])
    found = milp(
        -gain,
        constraints=LinearConstraint(rules, lower, upper),
        integrality=np.ones(size + count),
        bounds=Bounds(start, np.ones(size + count)),
        options={"mip_rel_gap": 0.0},
    )
    if found.status != 0:
        raise SojournError(f"The solver found no optimum: {found.message}")
    chosen: NDArray[np.bool_] = found.x[:size] > 0.5
    return chosen


def choose(
    candidates: Sequence[Candidate],
    at_most: int = MOST,
    weights: Mapping[str, float] = EQUAL,
    targets: Sequence[str] = (),
) -> CoreSet:
    """Choose at most N indicators: as many targets covered as possible, then most points.

    Args:
        candidates: of a feasibility file.
        at_most: N.
        weights: criterion -> weight, not negative; only their proportions count.
        targets: targets that the office asks for, also those that no candidate serves.

    Raises:
        UsageError: see `problem` and `check_weights`.

    Example:
        >>> def of(name, targets, coverage):
        ...     return Candidate(indicator=name, targets=targets, coverage=coverage, lag=1, disaggregation="",
        ...                      variables=1)
        >>> rich, poor, other = of("A", "10.7", 0.9), of("B", "10.7", 0.8), of("C", "8.8", 0.1)
        >>> choose([rich, poor, other], at_most=2).chosen
        ('A', 'C')
    """
    posed = problem(candidates, at_most)
    value = points(scores(posed.candidates), check_weights(weights))
    flags = posed.solve(value)
    covered = {
        target for one, flag in zip(posed.candidates, flags, strict=True) if flag for target in one.targets
    }
    return CoreSet(
        chosen=tuple(one.indicator for one, flag in zip(posed.candidates, flags, strict=True) if flag),
        points={one.indicator: int(each) for one, each in zip(posed.candidates, value, strict=True)},
        total=int(value[flags].sum()),
        covered=tuple(sorted(covered)),
        uncovered=tuple(sorted(set(posed.targets) - covered)),
        without_candidate=tuple(sorted(set(targets) - set(posed.targets))),
        not_feasible=tuple(sorted(one.indicator for one in candidates if not one.feasible)),
    )
