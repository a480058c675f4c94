"""The residual method: foreign-born residents less those who are legally resident.

By cell (sex, age, period of arrival, origin), with all rates a year:

    legal        L  = a A exp(-(m mu + e eps) tau) + s N     admitted, survived and stayed, and temporary residents
    counted      I' = F - (1 - u_L) L                         irregular residents in the survey
    irregular    I  = I' / (1 - u_I)

    F    foreign-born residents that the survey counts, with its design-based covariance
    A    legal admissions, tau years ago;   N   legal temporary residents (students, workers …)
    mu, eps   death and emigration rates;   a, m, e, s, u_L, u_I   the assumptions

None of the assumptions is known, so the result is an interval: all are drawn from their declared distributions
together with F from its sampling distribution.

Source: Warren and Passel (1987), Demography 24, 375-393; Hoefer, Rytina and Baker (2012), Estimates of the
Unauthorized Immigrant Population (definition of the residual); Van Hook, Morse, Capps and Gelatt (2021),
Demography 58, 2315-2336 (intervals from the assumptions). The exact adjustments above are from memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sojourn.errors import UsageError
from sojourn.methods.legal_status.assumptions import PARAMETERS, SHARES, Assumption

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """What is counted and registered in each of k cells.

    Attributes:
        keys: variable -> code of each cell.
        counted: F, persons in the survey.
        covariance: design-based covariance of F, shape (k, k); zeros say that F is a census.
        admitted: A, persons;   years: tau.
        mortality, emigration: mu, eps, a year.
        temporary: N, persons.
    """

    keys: Mapping[str, tuple[str, ...]]
    counted: Floats
    covariance: Floats
    admitted: Floats
    years: Floats
    mortality: Floats
    emigration: Floats
    temporary: Floats

    def __post_init__(self) -> None:
        k = len(self.counted)
        for name in ("counted", "admitted", "years", "mortality", "emigration", "temporary"):
            values = getattr(self, name)
            if np.shape(values) != (k,) or not np.isfinite(values).all() or np.any(values < 0):
                raise UsageError(f"{name} of the cells is broken", accepted=f"{k} known numbers from 0")
        if np.shape(self.covariance) != (k, k) or not np.isfinite(self.covariance).all():
            raise UsageError(f"covariance of shape {np.shape(self.covariance)}", accepted=f"{(k, k)}, known")
        if any(len(codes) != k for codes in self.keys.values()):
            raise UsageError("the keys do not fit the cells", accepted=f"{k} codes each")


def irregular(
    cells: Cells, values: Mapping[str, Floats], counted: Floats | None = None
) -> tuple[Floats, Floats]:
    """Compute the irregular residents of every cell for given values of the assumptions.

        I = (F - (1 - u_L) (a A exp(-(m mu + e eps) tau) + s N)) / (1 - u_I)

    Args:
        cells: k cells.
        values: parameter -> array that broadcasts to (B, k); every one of PARAMETERS.
        counted: F, shape (B, k); that of the cells where not given.

    Returns:
        I, and I' (those whom the survey counts), shape (B, k). A negative number says that assumptions and
        counts contradict each other in a cell; it is kept, so that totals are not biased upwards.

    >>> cells = Cells({}, *(np.array(x, float) for x in ([100], [[0]], [80], [10], [0.01], [0.02], [5])))
    >>> fixed = {name: np.array([[0.0 if "undercount" in name else 1.0]]) for name in PARAMETERS}
    >>> irregular(cells, fixed)[0].round(2).tolist()
    [[35.73]]
    """
    f = np.atleast_2d(cells.counted if counted is None else counted)
    gone = (values["mortality"] * cells.mortality + values["emigration"] * cells.emigration) * cells.years
    legal = values["admissions"] * cells.admitted * np.exp(-gone) + values["temporary"] * cells.temporary
    seen = f - (1 - values["undercount_legal"]) * legal
    return seen / (1 - values["undercount_irregular"]), seen


class Assignment:
    """Which assumption holds for which parameter of which cell: exactly one each."""

    def __init__(self, cells: Cells, assumptions: Sequence[Assumption]):
        k = len(cells.counted)
        self.assumptions = tuple(assumptions)
        self.at: dict[str, NDArray[np.int64]] = {}
        for parameter, meaning in PARAMETERS.items():
            found = np.full(k, -1)
            for number, one in enumerate(self.assumptions):
                if one.parameter != parameter:
                    continue
                mask = _mask(cells, one)
                if np.any(found[mask] >= 0):
                    raise UsageError(f"{one.name}: {parameter} of a cell is assumed twice", accepted="once")
                found[mask] = number
            if np.any(found < 0):
                raise UsageError(
                    f"{parameter} of {int(np.sum(found < 0))} cells is not assumed",
                    accepted="one assumption for every cell, if need be a fixed one",
                    advice=f"{parameter} {meaning}: declare it, with a source.",
                )
            self.at[parameter] = found

    def values(self, uniforms: Floats) -> dict[str, Floats]:
        """Turn uniforms, one column per assumption, shape (B, d), into values of every parameter, (B, k)."""
        drawn = np.column_stack([one.quantile(uniforms[:, i]) for i, one in enumerate(self.assumptions)])
        return {parameter: drawn[:, at] for parameter, at in self.at.items()}


def _mask(cells: Cells, one: Assumption) -> NDArray[np.bool_]:
    mask = np.ones(len(cells.counted), bool)
    for variable, codes in one.where.items():
        if variable not in cells.keys or set(codes) - set(cells.keys[variable]):
            raise UsageError(
                f"{one.name} is for {variable} {list(codes)}, which no cell has",
                accepted=str(dict(cells.keys)),
            )
        mask &= np.isin(cells.keys[variable], codes)
    return mask


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """Irregular residents, with intervals that contain the assumptions.

    Attributes:
        cells, assumptions: what it rests on.
        central: I with every assumption at its median and F as counted, shape (k,).
        draws: I, shape (B, k).
        seed: entropy of the generator; with it and B the draws can be repeated.
    """

    cells: Cells
    assumptions: tuple[Assumption, ...]
    central: Floats
    draws: Floats
    seed: int | None = field(default=None)

    def total(self, level: float = 0.95) -> tuple[float, float, float]:
        """Give the total with all assumptions at their medians, and the bounds of its interval."""
        lower, upper = np.quantile(self.draws.sum(axis=1), [(1 - level) / 2, (1 + level) / 2])
        return float(self.central.sum()), float(lower), float(upper)

    def by(self, variable: str, level: float = 0.95) -> dict[str, tuple[float, float, float]]:
        """Give the same for every code of a variable of the cells."""
        if variable not in self.cells.keys:
            raise UsageError(f"the cells have no {variable!r}", accepted=", ".join(self.cells.keys))
        codes = np.array(self.cells.keys[variable])
        found = {}
        for code in sorted(set(codes.tolist())):
            mask = codes == code
            draws = self.draws[:, mask].sum(axis=1)
            lower, upper = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
            found[str(code)] = (float(self.central[mask].sum()), float(lower), float(upper))
        return found


def residual(
    cells: Cells, assumptions: Sequence[Assumption], rng: np.random.Generator, draws: int = 10_000
) -> Residual:
    """Estimate irregular residents with intervals that contain sampling error and every assumption.

    Args:
        cells: k cells.
        assumptions: one for every parameter of every cell.
        rng: its seed is recorded in the result.
        draws: B.

    Returns:
        The estimate, its draws and intervals.

    Raises:
        UsageError: a parameter of a cell is not assumed, or twice; too few draws.

    Source: see the module.

    >>> cells = Cells({}, *(np.array(x, float) for x in ([100], [[4]], [80], [10], [0.01], [0.02], [5])))
    >>> guess = [Assumption(p, p, "fixed", {"value": 0.1 if p in SHARES else 1.0}, "test") for p in PARAMETERS]
    >>> found = residual(cells, guess, np.random.default_rng(7), 2000)
    >>> [round(number) for number in found.total()], found.seed
    ([47, 43, 51], 7)
    """
    if draws < 100:
        raise UsageError(f"{draws} draws", accepted="at least 100")
    assignment = Assignment(cells, assumptions)
    d, k = len(assumptions), len(cells.counted)
    uniforms = rng.random((draws, d + k))
    sampled = counted_draws(cells, uniforms[:, d:])
    drawn, _ = irregular(cells, assignment.values(uniforms[:, :d]), sampled)
    central, _ = irregular(cells, assignment.values(np.full((1, d), 0.5)))
    return Residual(cells, tuple(assumptions), central[0], drawn, seed_of(rng))


def counted_draws(cells: Cells, uniforms: Floats) -> Floats:
    """Draw F from a normal sampling distribution, by the symmetric root of its covariance."""
    values, vectors = np.linalg.eigh((cells.covariance + cells.covariance.T) / 2)
    if values.min() < -1e-8 * max(1.0, values.max()):
        raise UsageError("the covariance of the counts is not positive", accepted="a covariance matrix")
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    standard = ndtri(np.clip(uniforms, 1e-15, 1 - 1e-15))
    return np.asarray(cells.counted + standard @ root, np.float64)


def seed_of(rng: np.random.Generator) -> int | None:
    """Give the seed that a generator was made of, where it is one number.

    >>> seed_of(np.random.default_rng(2030))
    2030
    """
    entropy = getattr(rng.bit_generator.seed_seq, "entropy", None)
    return entropy if isinstance(entropy, int) else None


__all__ = ["SHARES", "Assignment", "Cells", "Residual", "counted_draws", "irregular", "residual", "seed_of"]
