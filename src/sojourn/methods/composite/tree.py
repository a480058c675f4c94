"""The tree of a framework as numbers: nodes from the indicators up to the index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sojourn.errors import UsageError
from sojourn.methods.composite.framework import Framework

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes in an order in which every child stands before its parent; the last is the index.

    Attributes:
        codes: of the nodes, indicators first.
        leaves: how many of them are indicators.
        children: node numbers of the children, one tuple per aggregate, in the order of `codes[leaves:]`.
        level: of every node: 1 for indicators, else one more than its highest child.
    """

    codes: tuple[str, ...]
    leaves: int
    children: tuple[tuple[int, ...], ...]
    level: tuple[int, ...]

    def families(self) -> list[tuple[int, tuple[int, ...]]]:
        """Give every aggregate with its children, lowest first."""
        return [(self.leaves + k, own) for k, own in enumerate(self.children)]


def tree_of(framework: Framework) -> Tree:
    """Order the nodes of a framework from the bottom, keeping the framework's order within a level."""
    members: dict[str, list[str]] = {one.code: [] for one in framework.aggregates}
    for one in framework.nodes:
        if one.parent is not None:
            members[one.parent].append(one.code)
    level = {one.code: 1 for one in framework.indicators}

    def height(code: str) -> int:
        if code not in level:
            level[code] = 1 + max(height(member) for member in members[code])
        return level[code]

    aggregates = sorted((one.code for one in framework.aggregates), key=height)
    codes = (*(one.code for one in framework.indicators), *aggregates)
    number = {code: k for k, code in enumerate(codes)}
    return Tree(
        codes,
        len(framework.indicators),
        tuple(tuple(number[member] for member in members[code]) for code in aggregates),
        tuple(level[code] for code in codes),
    )


def stated_weights(framework: Framework, tree: Tree) -> Floats:
    """Give the weights of the framework, in the order of the nodes."""
    weight = {one.code: one.weight for one in framework.nodes}
    return np.array([weight[code] for code in tree.codes], float)


def by_level(tree: Tree, aggregate: str | tuple[str, ...]) -> tuple[str, ...]:
    """Give the aggregation of every aggregate.

    Raises:
        UsageError: the tuple has not one name per level.
    """
    levels = tree.level[-1] - 1
    names = (aggregate,) * levels if isinstance(aggregate, str) else aggregate
    if len(names) != levels:
        raise UsageError(
            f"{len(names)} aggregations for {levels} levels", accepted="one name, or one per level from below"
        )
    return tuple(names[level - 2] for level in tree.level[tree.leaves :])
