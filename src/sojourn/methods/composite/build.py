"""From a table of areas to a composite index, step by step."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import Place, UsageError
from sojourn.methods.composite import aggregate, prepare, variants, weights
from sojourn.methods.composite.framework import Framework
from sojourn.methods.composite.ranks import rank_down
from sojourn.methods.composite.result import Composite, rank_intervals
from sojourn.methods.composite.tree import Tree, by_level, stated_weights, tree_of

Floats = NDArray[np.float64]


def build(framework: Framework, data: pl.DataFrame) -> Composite:
    """Build a composite index: denominate, screen, impute, treat, normalise, weigh, aggregate, rank.

    Args:
        framework: tree, choices and alternatives.
        data: one row per area: `area`, the indicators, their denominators, the column of groups.

    Returns:
        The index with its components, its effective weights and a rank interval from `framework.draws`
        variants.

    Raises:
        UsageError: a column is missing, an area stands twice, a value is infinite, or a step cannot be done.

    Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators.

    >>> from sojourn.methods.composite import Aggregate, Framework, Indicator
    >>> framework = Framework((Indicator("a", "index"), Indicator("b", "index")), (Aggregate("index"),))
    >>> data = pl.DataFrame({"area": ["X", "Y", "Z"], "a": [1.0, 2.0, 3.0], "b": [1.0, 5.0, 9.0]})
    >>> build(framework, data).index.select("area", "rank", "index").rows()
    [('Z', 1.0, 100.0), ('Y', 2.0, 50.0), ('X', 3.0, 0.0)]
    """
    _check(framework, data)
    choices = framework.choices
    tree = tree_of(framework)
    raw, denominators = _columns(framework, data)
    values = prepare.denominate(raw, denominators)
    group = _groups(framework, data)
    screened = values if choices.screen_first else prepare.impute(values, choices.impute, group)
    share = prepare.availability(screened)
    kept = share >= choices.availability
    if not kept.any():
        raise UsageError(f"No area has {choices.availability:.0%} of the indicators")
    areas = data["area"].to_list()
    names = tuple(area for area, stays in zip(areas, kept, strict=True) if stays)
    # With screening last the filled table is final; variants then fill the same gaps in their own way.
    filled = (
        prepare.impute(values[kept], choices.impute, group[kept]) if choices.screen_first else screened[kept]
    )
    treated = variants.treated(framework, filled, choices.treat)
    shaped = np.column_stack([one.values for one in treated])
    scores = variants.normalised(framework, names, shaped, choices.normalise)
    how = by_level(tree, choices.aggregate)
    nominal = _weights(framework, tree, scores, how)
    components = aggregate.aggregate(scores, nominal[None], tree, how)
    base = variants.Base(framework, values[kept], group[kept], names, tree, nominal)
    steps = {
        "denominated": _frame(framework, areas, values),
        "screened": _frame(framework, names, values[kept]),
        "imputed": _frame(framework, names, filled),
        "treated": _frame(framework, names, shaped),
        "normalised": _frame(framework, names, scores),
    }
    return Composite(
        base,
        _index(base, [one[0] for one in components]),
        _weights_table(framework, tree, nominal),
        steps,
        pl.DataFrame({"area": areas, "availability": share}).filter(pl.Series(~kept)),
        _imputed(framework, names, values[kept], filled),
        pl.DataFrame(
            {
                "indicator": [one.code for one in framework.indicators],
                "action": [one.action for one in treated],
                "points": [one.points for one in treated],
            }
        ),
    )


def _check(framework: Framework, data: pl.DataFrame) -> None:
    needed = {"area", *(one.code for one in framework.indicators)}
    needed |= {one.denominator for one in framework.indicators if one.denominator is not None}
    if framework.choices.group is not None:
        needed.add(framework.choices.group)
    missing = needed - set(data.columns)
    if missing:
        raise UsageError(
            f"The table has no column {', '.join(sorted(missing))}", accepted=", ".join(sorted(needed))
        )
    twice = data["area"].filter(data["area"].is_duplicated()).unique().sort()
    if len(twice) or data["area"].null_count():
        raise UsageError(
            f"Areas must be known and stand once; twice: {', '.join(twice.cast(pl.String).drop_nulls())}"
        )
    for name in sorted(needed - {"area", framework.choices.group}):
        if not data[name].dtype.is_numeric() and data[name].dtype != pl.Null:
            raise UsageError(f"Column {name!r} is {data[name].dtype}", accepted="numbers")
        infinite = data["area"].filter(data[name].cast(pl.Float64).is_infinite().fill_null(False))
        if len(infinite):
            raise UsageError("An infinite value", where=Place(column=name, value=infinite[0]))


def _columns(framework: Framework, data: pl.DataFrame) -> tuple[Floats, Floats]:
    def numbers(name: str) -> Floats:
        return data[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()

    ones = np.ones(data.height)
    return (
        np.column_stack([numbers(one.code) for one in framework.indicators]),
        np.column_stack(
            [numbers(one.denominator) if one.denominator else ones for one in framework.indicators]
        ),
    )


def _groups(framework: Framework, data: pl.DataFrame) -> NDArray[np.int64]:
    if framework.choices.group is None:
        return np.zeros(data.height, np.int64)
    names = data[framework.choices.group].cast(pl.String)
    number = {name: code for code, name in enumerate(names.drop_nulls().unique().sort())}
    return np.array([number.get(name, -1) for name in names], np.int64)


def _weights(framework: Framework, tree: Tree, scores: Floats, how: tuple[str, ...]) -> Floats:
    """Weights of all nodes; those that follow the data are found family by family, from below."""
    method = framework.choices.weights
    found = stated_weights(framework, tree) if method == "stated" else np.ones(len(tree.codes))
    if method in {"stated", "equal"}:
        return found
    rule = {
        "principal_component": weights.principal_component_weights,
        "equal_importance": weights.equal_importance_weights,
    }[method]
    known = [scores[:, j] for j in range(tree.leaves)]
    for (_, children), one in zip(tree.families(), how, strict=True):
        members = np.column_stack([known[child] for child in children])
        found[list(children)] = rule(members)
        known.append(aggregate.combine(list(members.T), found[None, list(children)], one)[0])
    return found


def _index(base: variants.Base, components: list[Floats]) -> pl.DataFrame:
    """The index beside its rank interval and its components, best first."""
    framework = base.framework
    nominal = rank_down(components[-1])
    rng = np.random.default_rng(framework.seed)
    interval = rank_intervals(base, nominal, framework.draws, rng).ranks
    codes = base.tree.codes[base.tree.leaves :]
    table = interval.select("area", "rank", "rank_lower", "rank_upper").with_columns(
        pl.Series("index", components[-1]),
        *(pl.Series(code, one) for code, one in zip(codes, components, strict=True) if code != "index"),
    )
    return table.fill_nan(None).sort("rank", "area", nulls_last=True)


def _weights_table(framework: Framework, tree: Tree, nominal: Floats) -> pl.DataFrame:
    parent = {one.code: one.parent for one in framework.nodes}
    return pl.DataFrame(
        {
            "code": tree.codes,
            "level": tree.level,
            "parent": [parent[code] for code in tree.codes],
            "weight": nominal,
            "effective_weight": weights.effective_weights(nominal, tree),
        }
    )


def _imputed(framework: Framework, areas: tuple[str, ...], before: Floats, after: Floats) -> pl.DataFrame:
    row, column = np.nonzero(np.isnan(before) & ~np.isnan(after))
    return pl.DataFrame(
        {
            "area": [areas[i] for i in row],
            "indicator": [framework.indicators[j].code for j in column],
            "value": after[row, column],
        },
        schema={"area": pl.String, "indicator": pl.String, "value": pl.Float64},
    )


def _frame(framework: Framework, areas: list[str] | tuple[str, ...], values: Floats) -> pl.DataFrame:
    columns = {one.code: values[:, j] for j, one in enumerate(framework.indicators)}
    return pl.DataFrame({"area": areas, **columns}).fill_nan(None)
