"""The replicate cube: sums of weights by domain and value, from which every estimate follows without the rows.

A cube is small, can be stored, and two cubes of one design can be added: so it is made where the rows are – file by
file, year by year, office by office – and asked where the questions are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import polars as pl

from sojourn.errors import UsageError
from sojourn.methods.survey import calibrated, comparing, freedom, storage
from sojourn.methods.survey.answers import Holdings
from sojourn.methods.survey.asking import Asked, answer
from sojourn.methods.survey.blocks import Block, Kept, merged_blocks, read_blocks
from sojourn.methods.survey.checks import check_replicates, require_rows, require_weight
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.expressions import expression, named
from sojourn.methods.survey.refined import Refined
from sojourn.methods.survey.results import Presentation
from sojourn.methods.survey.statistics import (
    Statistic,
    count,
    gap,
    mean,
    quantile,
    ratio,
    share,
    statistic_of,
    total,
)
from sojourn.methods.survey.tables import Engine, collected, footers, opened
from sojourn.methods.survey.units import Units, together

By = str | Sequence[str] | Mapping[str, Any] | None
RESERVED = {field.name for field in fields(Presentation)}
TAKEN = {"estimate", "se", "lower", "upper", "df", "n", "cv", "flag", "deff", "category", "gap", "contrast"}


@dataclass(frozen=True, slots=True)
class Cube:
    """Sums of weights by domain; made by `cube`, `Cube.load`, or by adding two of them.

    Every question returns a frame: the domain columns, then estimate, se, lower, upper, df, n, cv, flag. All take
    the keywords of `Presentation`: level, interval, df, deff, minimum_n, high_cv, suppress_below; and
    `by`, to ask of fewer columns than the cube has.

    Attributes:
        design: the design, its replicates named.
        by: domain columns.
        measures: names of the measures, in order.
        blocks: the cells.
        units: sampling units of a linearised design.
        freedom: degrees of freedom of the replicates; None where they follow from the domain, or are not known.
    """

    design: Design
    by: tuple[str, ...]
    measures: tuple[str, ...]
    blocks: tuple[Block, ...]
    units: Units | None = None
    freedom: float | None = None

    @property
    def held(self) -> Holdings:
        """What questions are answered from."""
        return Holdings(self.measures, self.blocks, self.units)

    @property
    def n(self) -> int:
        """Cases in the cube."""
        return int(self.blocks[0].cells.n.sum())

    def count(self, **options: Any) -> pl.DataFrame:
        """Estimate the number of people: N = Σ w."""
        return self.ask(count(), **options)

    def total(self, measure: str | None = None, **options: Any) -> pl.DataFrame:
        """Estimate a total: Σ w y over the cases where y is known."""
        return self.ask(total(self._one(measure)), **options)

    def mean(self, measure: str | None = None, **options: Any) -> pl.DataFrame:
        """Estimate a mean: Σ w y / Σ w."""
        return self.ask(mean(self._one(measure)), **options)

    def share(self, measure: str | None = None, of: Any = None, **options: Any) -> pl.DataFrame:
        """Estimate the share of what is true, of the category `of`, or of every category."""
        return self.ask(share(self._one(measure), of), **options)

    def ratio(self, numerator: str, denominator: str, **options: Any) -> pl.DataFrame:
        """Estimate a ratio: Σ w y / Σ w x where both are known."""
        return self.ask(ratio(numerator, denominator), **options)

    def quantile(
        self, q: float, measure: str | None = None, *, rule: str = "math", **options: Any
    ) -> pl.DataFrame:
        """Estimate a quantile by a rule of `quantiles`; interval "wald" (replicates) or "woodruff"."""
        return self.ask(quantile(self._one(measure), q, rule), **options)

    def gap(
        self,
        statistic: Statistic | str | None = None,
        *,
        between: str,
        compare: str = "difference",
        levels: tuple[Any, Any] | None = None,
        **options: Any,
    ) -> pl.DataFrame:
        """Estimate how far a statistic (the mean where not given) of one group lies from another's.

        First less (or over) second of `levels`, by default the two values of `between` in sorted order.
        """
        asked = mean(self._one(None)) if statistic is None else statistic
        return self.ask(gap(asked, between, compare=compare, levels=levels), **options)

    def contrast(
        self,
        statistic: Statistic | str,
        over: str,
        coefficients: Mapping[Any, float],
        *,
        independent: bool = False,
        **options: Any,
    ) -> pl.DataFrame:
        """Estimate Σ c_k t_k over the values k of a column, such as the change between two years.

        Args:
            statistic: what is estimated for each value.
            over: the column, such as the year.
            coefficients: c_k by value; {2024: 1, 2023: -1} is the change.
            independent: True where each value is a sample of its own (years of a survey): variances add up.
                Otherwise replicates are paired, as they are within one sample.
            options: `by` and the keywords of `Presentation`.
        """
        asked, how = self._asked(statistic, options)
        return comparing.contrast(self._questioned(asked), how, over, coefficients, independent)

    def ask(self, statistic: Statistic | str, **options: Any) -> pl.DataFrame:
        """Answer a statistic, an object or words such as "gap(mean(wage), nat)"."""
        asked, how = self._asked(statistic, options)
        return answer(self._questioned(asked), how)

    def over(self, by: str | Sequence[str] | None) -> Cube:
        """Add up over the other domain columns: the margin by some of them."""
        kept = self._columns(by)
        gone = [name for name in self.by if name not in kept]
        blocks = []
        for block in self.blocks:
            keys = block.cells.keys.drop(gone)
            cells = replace(block.cells, keys=keys) if block.kept == "rows" else block.cells.regrouped(keys)
            blocks.append(replace(block, cells=cells))
        return replace(self, by=kept, blocks=tuple(blocks))

    def labelled(self, **labels: Any) -> Cube:
        """Add domain columns of one value, such as year=2024, before cubes of several years are merged."""
        blocks = []
        for block in self.blocks:
            extra = [pl.lit(value).alias(name) for name, value in labels.items()]
            width = [name for name in block.cells.keys.columns if name not in self.by]
            keys = block.cells.keys.with_row_index("_row").with_columns(extra)
            keys = keys.select(*self.by, *labels, *width)
            blocks.append(replace(block, cells=replace(block.cells, keys=keys)))
        return replace(self, by=(*self.by, *labels), blocks=tuple(blocks))

    def merge(self, *others: Cube) -> Cube:
        """Add up cubes of other files, years or machines; whole-number sums stay exact.

        Raises:
            UsageError: the designs, domains or measures differ.
        """
        found = self
        for other in others:
            found = found._plus(other)
        return found

    def __add__(self, other: Cube) -> Cube:
        return self.merge(other)

    def rake(
        self, margins: Mapping[str, Mapping[Any, float]], *, method: str = "rake", **options: Any
    ) -> Cube:
        """Fit all columns of weights to known totals of domain columns. See `calibrated.fitted`."""
        return calibrated.fitted(self, margins, method, **options)

    def poststratify(self, totals: Mapping[Any, float], by: str | Sequence[str] | None = None) -> Cube:
        """Scale all columns of weights to known totals of the cells of some domain columns."""
        return calibrated.poststratified(self, totals, self._columns(by))

    def save(self, path: str | Path) -> Path:
        """Write the cube to one Arrow file. See `storage`."""
        return storage.save(self, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Cube:
        """Read a cube that was saved."""
        return cls(**storage.load(Path(path)))

    def _plus(self, other: Cube) -> Cube:
        comparing.require_alike(self, other)
        units, codes = None, None
        if self.units is not None and other.units is not None:
            units, codes = together(self.units, other.units)
        blocks = tuple(merged_blocks(a, b, codes) for a, b in zip(self.blocks, other.blocks, strict=True))
        known = [f for f in (self.freedom, other.freedom) if f is not None]
        return replace(self, blocks=blocks, units=units, freedom=max(known, default=None))

    def _one(self, measure: str | None) -> str:
        if measure is not None:
            return measure
        if len(self.measures) != 1:
            raise UsageError("The cube has several measures: name one", accepted=", ".join(self.measures))
        return self.measures[0]

    def _columns(self, by: str | Sequence[str] | None) -> tuple[str, ...]:
        names = self.by if by is None else (by,) if isinstance(by, str) else tuple(by)
        strange = [name for name in names if name not in self.by]
        if strange:
            raise UsageError(f"The cube has no column {strange[0]!r}", accepted=", ".join(self.by))
        return names

    def _asked(
        self, statistic: Statistic | str, options: dict[str, Any]
    ) -> tuple[tuple[Statistic, tuple[str, ...]], Presentation]:
        rest = dict(options)
        by = self._columns(rest.pop("by", None))
        if strange := set(rest) - RESERVED:
            raise UsageError(f"There is no option {min(strange)!r}", accepted=", ".join(sorted(RESERVED)))
        return (statistic_of(statistic), by), Presentation(**rest)

    def _questioned(self, asked: tuple[Statistic, tuple[str, ...]]) -> Asked:
        return Asked(self.held, self.design, self.freedom, *asked)


def cube(
    data: Any,
    design: Design,
    by: By = None,
    measures: str | Iterable[str] | Mapping[str, Any] = (),
    *,
    where: Any = None,
    keep: Kept | Refined | Mapping[str, Kept | Refined] = "values",
    engine: Engine | None = None,
) -> Cube:
    """Make a replicate cube in one grouped pass for the sums, and one for each measure kept by value.

    Args:
        data: paths of Parquet or CSV files, a frame, a DuckDB relation, or a table of any Ibis backend.
        design: how the sample was drawn.
        by: domain columns, or name and expression of each.
        measures: columns or expressions, or name and expression of each.
        where: which rows are in scope, such as "AGEP >= 25 and WAGP > 0".
        keep: "values" (every question can be asked), "sums" (totals, means, ratios; smaller), "rows" (for the
            rules of quantiles that depend on the order of rows), `Refined(quantiles)` (values near some quantiles
            only, for very many distinct values: not to be merged), for all measures or by name.
        engine: how DuckDB may use the machine.

    Returns:
        The cube.

    Raises:
        UsageError, SourceError: a column is missing; weights are text, missing or negative; replicates are
            fewer than declared or missing in some rows; there are no rows.

    >>> rows = pl.DataFrame({"nat": ["a", "a", "b"], "y": [1, 3, 5], "w": [2, 1, 1], "w1": [1, 2, 1]})
    >>> made = cube(rows, Design.brr("w", ["w1"], df=1), "nat", "y")
    >>> made.total().select("nat", "estimate", "se").rows()
    [('a', 5.0, 0.0), ('b', 5.0, 0.0)]
    """
    with opened(data, engine) as table:
        found = design.found_in(table.columns)
        domains = named(by, table)
        if taken := sorted(set(domains) & TAKEN):
            raise UsageError(
                f"A column of results is called {taken[0]!r} too", advice="Rename the domain column."
            )
        if len({name.lower() for name in domains}) < len(domains):
            raise UsageError(
                "Two domain columns differ in capitals alone", where=", ".join(domains), advice="Rename one."
            )
        asked = named(measures, table)
        kept = {name: keep.get(name, "values") if isinstance(keep, Mapping) else keep for name in asked}
        scope = None if where is None else expression(where, table)
        check_replicates(table if scope is None else table.filter(scope), found, footers(data))
        blocks, units = read_blocks(table, found, domains, asked, scope, kept)
        if not blocks[0].cells.n.sum():
            require_rows(int(collected(table.count()).as_py()))
        elif where is None:
            require_weight(blocks[0].cells, found)
        degrees = freedom.of_replicates(table, found)
    return Cube(found, tuple(domains), tuple(asked), blocks, units, degrees)
