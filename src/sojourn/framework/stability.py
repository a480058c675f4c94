"""Whether a core set depends on its weights: the same choice, solved again under other weights.

Weights are drawn around the given ones, w ~ Dirichlet(K w / sum(w)), K = 20 (a criterion of weight 0.2 then has a
standard deviation of 0.087; one of weight 0 stays out), and each criterion in turn is left out. Random numbers come
from the generator that is passed, so that a result can be repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sojourn.framework.core_set import CRITERIA, EQUAL, MOST, check_weights, points, problem, scores
from sojourn.framework.feasibility import Candidate

CONCENTRATION = 20.0


@dataclass(frozen=True, slots=True)
class Stability:
    """How one candidate fares under other weights.

    Attributes:
        chosen: under the weights given.
        share: of the drawn weights under which it is chosen, 0 to 1.
        lost_without: criteria whose omission changes the answer for this candidate.
    """

    indicator: str
    chosen: bool
    share: float
    lost_without: tuple[str, ...]

    @property
    def stable(self) -> bool:
        """Whether every choice of weights tried gives the same answer."""
        return self.share == float(self.chosen) and not self.lost_without


def stability(
    candidates: Sequence[Candidate],
    rng: np.random.Generator,
    at_most: int = MOST,
    weights: Mapping[str, float] = EQUAL,
    draws: int = 100,
) -> tuple[Stability, ...]:
    """Solve the choice again under drawn weights, and without each criterion.

    Args:
        candidates, at_most, weights: as for `choose`.
        rng: the generator of the draws.
        draws: how many weights are drawn.

    Returns:
        One row per feasible candidate, sorted.

    Example:
        >>> one = Candidate(indicator="A", targets="10.7", coverage=1, lag=0, disaggregation="", variables=1)
        >>> stability([one], np.random.default_rng(1), draws=5)[0].stable
        True
    """
    posed = problem(candidates, at_most)
    given = np.array(check_weights(weights))
    score = scores(posed.candidates)
    base = posed.solve(points(score, given))
    used = given > 0
    drawn = np.zeros((draws, len(CRITERIA)))
    drawn[:, used] = rng.dirichlet(CONCENTRATION * given[used] / given.sum(), size=draws)
    times = np.zeros(len(posed.candidates), dtype=np.int64)
    for one in drawn:
        times += posed.solve(points(score, one))
    changed: list[list[str]] = [[] for _ in posed.candidates]
    for left_out in np.flatnonzero(used) if used.sum() > 1 else ():
        others = given.copy()
        others[left_out] = 0
        for row in np.flatnonzero(posed.solve(points(score, others)) != base):
            changed[row].append(CRITERIA[left_out])
    share = times / draws if draws else base.astype(float)
    return tuple(
        Stability(one.indicator, bool(base[row]), float(share[row]), tuple(changed[row]))
        for row, one in enumerate(posed.candidates)
    )
