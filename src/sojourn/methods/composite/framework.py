"""What a composite index is made of: its tree of indicators, the choices of its makers, the rival choices.

The choices are data, because an index is not shown without what other defensible choices would have given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

import polars as pl

from sojourn.errors import UsageError
from sojourn.methods.composite.normalise import Normalisation

IMPUTATIONS = ("none", "mean", "median", "group_mean", "group_median")
TREATMENTS = ("none", "winsorise", "log", "winsorise_then_log")
WEIGHTINGS = ("stated", "equal", "principal_component", "equal_importance")
AGGREGATIONS = ("arithmetic", "geometric", "harmonic", "quadratic", "copeland")
RESERVED = ("area", "rank", "rank_lower", "rank_upper", "index")
"""Columns of the result; no node may bear such a name, but the index may be called `index`."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measured column of the data.

    Attributes:
        code: name of the column.
        parent: code of the aggregate it belongs to.
        direction: 1 where more is better, -1 where less is.
        weight: relative to the other children of the parent.
        denominator: column it is divided by, if any.
        target: value to be reached (distance to target).
        goalposts: lowest and highest meaningful value (goalposts).
    """

    code: str
    parent: str
    direction: int = 1
    weight: float = 1.0
    denominator: str | None = None
    target: float | None = None
    goalposts: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A component of the index; the one without parent is the index itself."""

    code: str
    parent: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Choices:
    """What the makers of the index decided.

    Attributes:
        availability: smallest share of indicators that an area must have to stay in, 0 to 1.
        screen_first: screen before imputation (else after it, when only gaps that no rule could fill count).
        impute: one of `IMPUTATIONS`; `group` names the column of groups.
        treat: one of `TREATMENTS`; an indicator is treated if |skewness| > `skewness` and
            kurtosis > `kurtosis`; at most `points` values are winsorised.
        normalise: how indicators are brought onto one scale.
        weights: one of `WEIGHTINGS`; "stated" are those of the framework (equal or an expert's).
        aggregate: one of `AGGREGATIONS`, for all levels or one per level from the lowest upwards.
    """

    availability: float = 0.0
    screen_first: bool = True
    impute: str = "none"
    group: str | None = None
    treat: str = "winsorise_then_log"
    skewness: float = 2.0
    kurtosis: float = 3.5
    points: int = 5
    normalise: Normalisation = field(default_factory=Normalisation)
    weights: str = "stated"
    aggregate: str | tuple[str, ...] = "arithmetic"

    def __post_init__(self) -> None:
        one_of("imputation", self.impute, IMPUTATIONS)
        one_of("treatment", self.treat, TREATMENTS)
        one_of("weights", self.weights, WEIGHTINGS)
        for name in (self.aggregate,) if isinstance(self.aggregate, str) else self.aggregate:
            one_of("aggregation", name, AGGREGATIONS)
        if self.impute.startswith("group_") and self.group is None:
            raise UsageError(
                f"Imputation by {self.impute} needs groups", advice="Name a column: Choices(group=...)."
            )
        if not 0 <= self.availability <= 1:
            raise UsageError(f"availability is {self.availability}", accepted="a share from 0 to 1")


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Choices that others could defend; every draw of the uncertainty analysis picks one of each.

    Attributes:
        impute, treat, normalise, aggregate: alternatives, drawn with equal probability; an empty tuple holds
            the choice of the makers fixed.
        goalposts: shares of their range by which both goalposts of every indicator move inwards (below zero:
            outwards), where the normalisation has goalposts.
        weight_noise: every weight is multiplied by a factor uniform on 1 - noise to 1 + noise.

    The default scales keep every value above zero, so that each goes with geometric and harmonic means.
    """

    impute: tuple[str, ...] = ()
    treat: tuple[str, ...] = ("winsorise_then_log", "none")
    normalise: tuple[Normalisation, ...] = (
        Normalisation("min_max", lower=1, upper=100),
        Normalisation("z_score", mean=50, deviation=10),
        Normalisation("rank"),
    )
    aggregate: tuple[str | tuple[str, ...], ...] = ("arithmetic", "geometric", "harmonic")
    goalposts: tuple[float, ...] = ()
    weight_noise: float = 0.25

    def __post_init__(self) -> None:
        for name in self.impute:
            one_of("imputation", name, IMPUTATIONS)
        for name in self.treat:
            one_of("treatment", name, TREATMENTS)
        for names in self.aggregate:
            for name in (names,) if isinstance(names, str) else names:
                one_of("aggregation", name, AGGREGATIONS)
        if not all(-inf < share < 0.5 for share in self.goalposts):
            raise UsageError(
                f"Goalposts that move inwards by {self.goalposts} of their range meet", accepted="below 0.5"
            )
        if not 0 <= self.weight_noise < 1:
            raise UsageError(f"weight_noise is {self.weight_noise}", accepted="0 to below 1")


@dataclass(frozen=True, slots=True)
class Framework:
    """An index on paper.

    Attributes:
        indicators: measured columns.
        aggregates: components, one of them (without parent) the index.
        choices, alternatives: see there.
        draws, seed: variants behind the rank interval that every result carries, and the seed of the
            generator made for them: part of the definition, so that the same data give the same interval.
        level: coverage of the rank interval.
    """

    indicators: tuple[Indicator, ...]
    aggregates: tuple[Aggregate, ...]
    choices: Choices = field(default_factory=Choices)
    alternatives: Alternatives = field(default_factory=Alternatives)
    draws: int = 1000
    seed: int = 0
    level: float = 0.9

    def __post_init__(self) -> None:
        _check_tree(self)
        _check_numbers(self)

    @classmethod
    def of_table(
        cls, table: pl.DataFrame, choices: Choices | None = None, alternatives: Alternatives | None = None
    ) -> Framework:
        """Read a framework from a table with one row per indicator or aggregate.

        Args:
            table: columns code, parent (null for the index) and kind (`indicator` or `aggregate`);
                if present also weight, direction, denominator, target.
            choices, alternatives: the defaults if None.

        >>> table = pl.DataFrame({"code": ["a", "b", "index"], "parent": ["index", "index", None],
        ...                       "kind": ["indicator", "indicator", "aggregate"]})
        >>> Framework.of_table(table).index
        'index'
        """
        known = {"code", "parent", "weight", "direction", "denominator", "target"} & set(table.columns)
        indicators, aggregates = [], []
        for row in table.iter_rows(named=True):
            fields = {name: row[name] for name in sorted(known) if row[name] is not None}
            if row["kind"] == "indicator":
                indicators.append(Indicator(**fields))
            else:
                own = {name: fields[name] for name in ("code", "parent", "weight") if name in fields}
                aggregates.append(Aggregate(**own))
        return cls(tuple(indicators), tuple(aggregates), choices or Choices(), alternatives or Alternatives())

    @property
    def nodes(self) -> tuple[Indicator | Aggregate, ...]:
        """Indicators, then aggregates."""
        return self.indicators + self.aggregates

    @property
    def index(self) -> str:
        """Code of the index: the aggregate without parent."""
        return next(one.code for one in self.aggregates if one.parent is None)


def one_of(what: str, name: str, accepted: Iterable[str]) -> None:
    """Refuse a name that is none of the accepted ones."""
    names = tuple(accepted)
    if name not in names:
        raise UsageError(f"Unknown {what}: {name!r}", accepted=", ".join(names))


def _check_tree(framework: Framework) -> None:
    """One root, no code twice, every parent an aggregate, no empty aggregate, no circle."""
    nodes = framework.nodes
    twice = [code for code, count in Counter(one.code for one in nodes).items() if count > 1]
    if twice:
        raise UsageError(f"Codes stand twice in the framework: {', '.join(twice)}")
    roots = [one.code for one in framework.aggregates if one.parent is None]
    if len(roots) != 1:
        raise UsageError(
            f"The framework has {len(roots)} aggregates without parent: {', '.join(roots) or '-'}",
            accepted="exactly one, the index",
        )
    parent = {one.code: one.parent for one in framework.aggregates}
    for one in nodes:
        if one.code in RESERVED and (one.code, one.parent) != ("index", None):
            raise UsageError(
                f"{one.code!r} is a column of every result and cannot name a part of the index",
                accepted=f"other codes than {', '.join(RESERVED)}; 'index' for the index itself",
            )
        if one.parent is not None and one.parent not in parent:
            raise UsageError(f"{one.code!r} belongs to {one.parent!r}, which is no aggregate")
    childless = parent.keys() - {one.parent for one in nodes}
    if childless:
        raise UsageError(f"Aggregates without children: {', '.join(sorted(childless))}")
    for code in parent:
        path: list[str] = []
        at: str | None = code
        while at is not None:
            if at in path:
                raise UsageError(f"Aggregates contain each other: {' > '.join([*path, at])}")
            path.append(at)
            at = parent[at]


def _check_numbers(framework: Framework) -> None:
    for one in framework.nodes:
        if not 0 < one.weight < inf:
            raise UsageError(f"The weight of {one.code!r} is {one.weight}", accepted="a number above 0")
    for indicator in framework.indicators:
        if indicator.direction not in {-1, 1}:
            raise UsageError(
                f"The direction of {indicator.code!r} is {indicator.direction}", accepted="1 or -1"
            )
        if indicator.goalposts is not None and not indicator.goalposts[0] < indicator.goalposts[1]:
            raise UsageError(
                f"The goalposts of {indicator.code!r} are {indicator.goalposts}",
                accepted="the lowest, then the highest meaningful value, also where less is better",
            )
    if framework.draws < 1 or not 0 < framework.level < 1:
        raise UsageError("A rank interval needs at least one draw and a level between 0 and 1")
