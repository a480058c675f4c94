"""What is done to the full weight is done to every replicate: one expression, written once, asked for all of them.

An aggregate over 80 replicates and one measure is 162 sums that differ in one name. Ibis takes longer to write them
out, one node after another, than DuckDB takes to read the file. So the aggregate is written in Ibis for the full
weight alone, and in its SQL every sum is repeated with the name of each replicate in the place of the weight's.
Other engines, whose start takes longer than any of this, get all sums from Ibis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sojourn.methods.survey.design import Design
from sojourn.methods.survey.tables import Table, narrowed

FEW = 4
"""Replicates up to which nothing is gained."""


def repeatable(table: Table, design: Design, products: Mapping[str, Any]) -> bool:
    """Say whether the name of the weight can stand for those of the replicates.

    It can where all of them are of one type (or whole numbers, which are added with 64 bits whatever their own),
    none is multiplied by the weight first, and no measure is made of the weight.
    """
    if len(design.replicates) <= FEW or not design.combined_weights:
        return False
    if table.get_backend().name != "duckdb":
        return False
    kinds = {table[name].type().copy(nullable=True) for name in (design.weight, *design.replicates)}
    alike = len(kinds) == 1 or all(kind.is_signed_integer() for kind in kinds)
    return alike and not any(design.weight in _columns(product) for product in products.values())


def collected_for_all(expression: Any, design: Design, prefixes: Sequence[str]) -> Any:
    """Run an aggregate of the full weight for every replicate too, and give its result as a PyArrow table.

    Args:
        expression: Ibis aggregate in which `{prefix}0` is the sum of the full weight, or of it times a measure.
        design: names the weight and its replicates.
        prefixes: of the sums that are repeated, as `{prefix}1` to `{prefix}R`.
    """
    import sqlglot.expressions as sg

    backend = expression.get_backend()
    query = backend.compiler.to_sqlglot(expression)
    sums = {one.alias: one.this for one in query.expressions if one.alias in {f"{p}0" for p in prefixes}}
    kinds = {name: str(kind) for name, kind in expression.schema().items()}
    for prefix in prefixes:
        pattern = sums[f"{prefix}0"]
        for place, name in enumerate(design.replicates, start=1):
            repeated = pattern.copy()
            for column in repeated.find_all(sg.Column):
                if column.name == design.weight:
                    column.set("this", sg.to_identifier(name, quoted=True))
            query.expressions.append(sg.alias_(repeated, f"{prefix}{place}", quoted=True))
            kinds[f"{prefix}{place}"] = kinds[f"{prefix}0"]
    return narrowed(backend, query.sql(dialect=backend.dialect), kinds)


def _columns(expression: Any) -> set[str]:
    import ibis.expr.operations as ops

    return {field.name for field in expression.op().find(ops.Field)}
