"""The assumptions of the residual method, each declared once with a distribution and a source.

[[assumption]]
name = "emigration of legal residents"
parameter = "emigration"               # multiplies the emigration rates of the cells
distribution = "uniform"
values = { low = 0.7, high = 1.5 }
where = { arrival = ["2010-2019"] }    # the cells it is for; all where left out
source = "who says so"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sojourn.errors import UsageError

Floats = NDArray[np.float64]

PARAMETERS = {
    "admissions": "multiplies the legal admissions",
    "mortality": "multiplies the death rates of legal residents",
    "emigration": "multiplies the emigration rates of legal residents",
    "temporary": "multiplies the legal temporary residents",
    "undercount_legal": "share of legal residents whom the survey misses",
    "undercount_irregular": "share of irregular residents whom the survey misses",
}
SHARES = ("undercount_legal", "undercount_irregular")
DISTRIBUTIONS = {
    "fixed": ("value",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "beta": ("a", "b"),
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumption: what it is about, for which cells, how sure we are, and who says so.

    Attributes:
        name: to be shown in tables.
        parameter: one of PARAMETERS.
        distribution, values: one of DISTRIBUTIONS with its numbers.
        where: variable -> the codes of the cells it is for.
        source: where the numbers come from.

    >>> Assumption("e", "emigration", "uniform", {"low": 0.8, "high": 1.2}, "test").quantile(np.array([0.5])).tolist()
    [1.0]
    """

    name: str
    parameter: str
    distribution: str
    values: Mapping[str, float]
    source: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.parameter not in PARAMETERS:
            raise UsageError(f"{self.name}: parameter {self.parameter!r}", accepted=", ".join(PARAMETERS))
        if self.distribution not in DISTRIBUTIONS:
            raise UsageError(
                f"{self.name}: distribution {self.distribution!r}", accepted=", ".join(DISTRIBUTIONS)
            )
        if set(self.values) != set(DISTRIBUTIONS[self.distribution]):
            raise UsageError(
                f"{self.name}: values {sorted(self.values)}",
                accepted=", ".join(DISTRIBUTIONS[self.distribution]),
            )
        if not self.source.strip():
            raise UsageError(f"{self.name}: no source", accepted="who says so, or that it is our own guess")
        self._check_range()

    def quantile(self, probability: Floats) -> Floats:
        """Give the quantiles of the distribution; a normal one is cut at 0, and a share below 1.

        Source: inverse distribution functions.
        """
        v = self.values
        if self.distribution == "fixed":
            return np.full(np.shape(probability), float(v["value"]))
        found = self._law().ppf(probability)
        highest = 0.999 if self.parameter in SHARES else np.inf
        return np.asarray(np.clip(found, 0.0, highest), np.float64)

    def _law(self) -> stats.rv_frozen:
        v = {name: float(value) for name, value in self.values.items()}
        if self.distribution == "uniform":
            return stats.uniform(v["low"], v["high"] - v["low"])
        if self.distribution == "triangular":
            width = v["high"] - v["low"]
            return stats.triang((v["mode"] - v["low"]) / width, v["low"], width)
        if self.distribution == "normal":
            return stats.norm(v["mean"], v["sd"])
        if self.distribution == "lognormal":
            return stats.lognorm(v["sigma"], scale=v["median"])
        return stats.beta(v["a"], v["b"])

    def _check_range(self) -> None:
        v = self.values
        numbers = np.array([float(value) for value in v.values()])
        ordered = [float(v[name]) for name in ("low", "mode", "high") if name in v]
        broken = not np.isfinite(numbers).all() or np.any(numbers < 0) or ordered != sorted(set(ordered))
        broken |= self.distribution in ("normal", "lognormal", "beta") and bool(np.any(numbers <= 0))
        if broken:
            raise UsageError(
                f"{self.name}: {dict(v)}",
                accepted="known numbers from 0, low < mode < high, a spread above 0",
            )
        if self.parameter in SHARES and float(self.quantile(np.array([0.999]))[0]) >= 0.999:
            raise UsageError(f"{self.name}: a share that reaches 1", accepted="a share below 1")


def parse_assumptions(text: str) -> tuple[Assumption, ...]:
    """Read assumptions from the text of a TOML file.

    Raises:
        UsageError: it is no TOML, a field is missing or unknown, or two assumptions have one name.

    >>> parse_assumptions('''
    ... [[assumption]]
    ... name = "missed"
    ... parameter = "undercount_irregular"
    ... distribution = "uniform"
    ... values = { low = 0.05, high = 0.15 }
    ... source = "our own guess"
    ... ''')[0].parameter
    'undercount_irregular'
    """
    try:
        found = tomllib.loads(text).get("assumption", [])
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the assumptions are no TOML: {error}", accepted="tables [[assumption]]") from error
    fields = {"name", "parameter", "distribution", "values", "source", "where"}
    assumptions = []
    for entry in found:
        if (fields - {"where"}) - entry.keys() or entry.keys() - fields:
            raise UsageError(
                f"an assumption has the fields {sorted(entry)}", accepted=", ".join(sorted(fields))
            )
        where = {
            name: tuple(map(str, codes if isinstance(codes, list) else [codes]))
            for name, codes in entry.get("where", {}).items()
        }
        assumptions.append(Assumption(**{**entry, "where": where}))
    names = [one.name for one in assumptions]
    if not names or len(set(names)) < len(names):
        raise UsageError(f"the assumptions are named {names}", accepted="at least one, every name once")
    return tuple(assumptions)


def read_assumptions(path: str | Path) -> tuple[Assumption, ...]:
    """Read assumptions from a TOML file; see `parse_assumptions`."""
    return parse_assumptions(Path(path).read_text(encoding="utf-8"))
