"""The same question in all the ways that people write it: names, lists, Polars expressions, words."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn.errors import UsageError
from sojourn.methods.survey import Design, cube, estimate, gap, mean, quantile, share

ROWS = pl.DataFrame(
    {
        "nat": ["a", "b & [c]", "a", "b & [c]", "a", None],
        "y": [1, 3, 5, 7, None, 2],
        "w": [2, 1, 1, 3, 1, 1],
        "w1": [1, 2, 1, 4, 1, 2],
        "w2": [3, 0, 1, 2, 2, 1],
    }
)
DESIGN = Design.sdr("w", "w1..2")


@pytest.mark.parametrize("names", ["w1..2", "w[1-2]", "w", ["w1", "w2"], ("w1", "w2"), iter(["w1", "w2"])])
def test_replicates_are_named_in_any_way(names):
    found = estimate(ROWS, Design.sdr("w", names), "mean(y)", by="nat")
    assert found.equals(estimate(ROWS, DESIGN, "mean(y)", by="nat"))


@pytest.mark.parametrize("by", [["nat"], ("nat",), {"nat": "nat"}, pl.col("nat"), [pl.col("nat")]])
def test_domains_are_named_in_any_way(by):
    assert estimate(ROWS, DESIGN, "mean(y)", by=by).equals(estimate(ROWS, DESIGN, "mean(y)", by="nat"))
    assert cube(ROWS, DESIGN, by, pl.col("y")).mean().equals(cube(ROWS, DESIGN, "nat", "y").mean())


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (pl.col("nat") == "b & [c]", "nat = 'b & [c]'"),
        ((pl.col("y") > 2) & (pl.col("nat") == "a"), "y > 2 and nat = 'a'"),
        (pl.col("nat").is_in(["a", "b & [c]"]), "nat in ('a', 'b & [c]')"),
        (pl.col("y").is_in([1, 2]) | (pl.col("y") == 7), "y in (1, 2) or y = 7"),
        (pl.col("y").is_not_null(), "y is not null"),
        (pl.col("nat").is_null(), "nat is null"),
        (pl.col("y").is_between(2, 5), "y between 2 and 5"),
        (["nat = 'a'", pl.col("y") > 2], "nat = 'a' and y > 2"),
    ],
)
def test_polars_expressions_and_lists_are_the_same_as_words(asked, words):
    found = estimate(ROWS, DESIGN, "total(y)", where=asked)
    assert found.equals(estimate(ROWS, DESIGN, "total(y)", where=words))


@pytest.mark.parametrize("asked", [pl.col("y").is_in(list(range(100))), pl.col("nat") == 'a"b'])
def test_expressions_that_are_not_printed_whole_are_refused(asked):
    with pytest.raises(UsageError, match="not printed whole"):
        estimate(ROWS, DESIGN, "count", where=asked)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("share(nat, a)", share("nat", "a")),
        ("share(nat, of='a')", share("nat", "a")),
        ("share(y, 3)", share("y", 3)),
        ("gap(mean(y), between=nat)", gap(mean("y"), "nat")),
        ("gap(mean(y), nat, levels=(b, a))", gap(mean("y"), "nat", levels=("b", "a"))),
        (
            "gap(mean(y), nat, compare=ratio, levels=(2, 1))",
            gap(mean("y"), "nat", compare="ratio", levels=(2, 1)),
        ),
    ],
)
def test_words_may_name_their_parts(words, asked):
    from sojourn.methods.survey.statistics import parse

    assert parse(words) == asked


def test_a_quantile_is_one_number():
    with pytest.raises(UsageError, match="A quantile at"):
        quantile("y", [0.25, 0.5])
