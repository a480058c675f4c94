"""Which cells of a table may be printed: few cases are withheld, and what would give them away by subtraction.

    primary      fewer cases than a minimum; or whatever a suppressor says
    secondary    where all but one of the parts of a printed sum are printed, the part with the fewest cases
                 of the rest goes too, for the missing one would follow from the difference

Of a primary row every number is withheld, its cases too. Of a secondary row also, where the numbers add up, as
totals do; of rates, means and quantiles only the count of cases adds up, and only it is withheld. Uncertain is
not withheld: it is said.

Limits: a rate of few withheld cases can be guessed where the sizes of all groups are known from elsewhere; the
table is looked at alone, one dimension at a time; and of a share the cases that have the property are not counted.
This is for a disclosure protector, which `Safety.suppressor` takes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from sojourn.errors import UsageError

Suppressor = Callable[[pl.DataFrame], pl.Series]
"""Takes the table of results, gives for each row whether it is withheld: the place of a disclosure protector."""

FEWEST_CASES = 10
"""A count below it is never printed, whatever minimum is chosen. A common rule of offices, from memory."""

PRIMARY, SECONDARY = "primary", "secondary"
NUMBERS = ("estimate", "se", "lower", "upper", "df", "n", "cv", "deff")


@dataclass(frozen=True, slots=True)
class Safety:
    """What may be printed.

    Args:
        minimum_n: fewer cases behind a number are withheld; at least FEWEST_CASES.
        marginal_cv, unreliable_cv: coefficients of variation (error over estimate, 0 to 1) from which a number is
            called uncertain, and very uncertain. Statistics Canada's 16.6 % and 33.3 %, from memory, unverified.
        suppressor: withholds more rows, such as a disclosure protector; None: nothing more.

    Raises:
        UsageError: the minimum is below FEWEST_CASES, or the limits are not in order.
    """

    minimum_n: int = 30
    marginal_cv: float = 0.166
    unreliable_cv: float = 0.333
    suppressor: Suppressor | None = None

    def __post_init__(self) -> None:
        if self.minimum_n < FEWEST_CASES:
            raise UsageError(
                f"Numbers of {self.minimum_n} cases would be printed", accepted=f"{FEWEST_CASES} or more"
            )
        if not 0 < self.marginal_cv <= self.unreliable_cv:
            raise UsageError("The limits of the coefficient of variation are not in order")


def safe(
    table: pl.DataFrame,
    safety: Safety,
    keys: Sequence[str] = (),
    totals: Sequence[str] = ("_T",),
    *,
    additive: bool = True,
) -> pl.DataFrame:
    """Withhold what must not be printed and say what is uncertain.

    Args:
        table: results of a survey: key columns, estimate, n, cv, flag, and what else `Presentation` gives.
        safety: the limits.
        keys: dimensions of the table, of which the codes of `totals` are sums over the others.
        totals: these codes.
        additive: whether estimates of parts add up to that of the whole; else only cases do.

    Returns:
        The same rows with `withheld` (null, "primary" or "secondary"), without the numbers that are withheld;
        `flag` says why.

    >>> rows = pl.DataFrame({"sex": ["_T", "F", "M"], "estimate": [1.0, 2.0, 3.0], "n": [95, 5, 90],
    ...                      "cv": [0.2, 0.1, 0.1], "flag": ["", "", ""]})
    >>> safe(rows, Safety(), ["sex"])["withheld"].to_list()
    [None, 'primary', 'secondary']
    >>> safe(rows, Safety(), ["sex"], additive=False).select("estimate", "n").rows()
    [(1.0, 95), (None, None), (3.0, None)]
    """
    few = (table["n"] > 0) & (table["n"] < safety.minimum_n)
    nothing = pl.repeat(False, table.height, eager=True)
    first = (few | (nothing if safety.suppressor is None else safety.suppressor(table))).to_list()
    second = _secondary(table, first, keys, totals)
    found = [PRIMARY if a else SECONDARY if b else None for a, b in zip(first, second, strict=True)]
    return withhold(
        _uncertain(table, safety), pl.Series("withheld", found, pl.String), safety, additive=additive
    )


def withhold(
    table: pl.DataFrame, withheld: pl.Series, safety: Safety, *, additive: bool = True
) -> pl.DataFrame:
    """Take the numbers out of rows that are withheld, and say why in `flag`."""
    primary, secondary = pl.col("withheld") == PRIMARY, pl.col("withheld") == SECONDARY
    words = pl.when(pl.col("flag") != "").then(pl.col("flag"))
    cases = pl.concat_str(
        [words, pl.lit("cases withheld: they would give a withheld group away")],
        separator="; ",
        ignore_nulls=True,
    )
    flag = (
        pl.when(primary)
        .then(pl.lit(f"withheld: fewer than {safety.minimum_n} cases, or protected"))
        .when(secondary)
        .then(pl.lit("withheld: it would give a withheld number away by subtraction") if additive else cases)
        .otherwise(pl.col("flag"))
    )
    everything = (primary | secondary) if additive else primary
    blank = [
        pl.when((primary | secondary) if name == "n" else everything)
        .then(None)
        .otherwise(pl.col(name))
        .alias(name)
        for name in NUMBERS
        if name in table.columns
    ]
    return table.with_columns(withheld.alias("withheld")).with_columns(*blank, flag.alias("flag"))


def _uncertain(table: pl.DataFrame, safety: Safety) -> pl.DataFrame:
    low, high = safety.marginal_cv, safety.unreliable_cv
    words = (
        pl.when(pl.col("cv") >= high)
        .then(pl.lit(f"very uncertain: error from {high:.1%} of the number"))
        .when(pl.col("cv") >= low)
        .then(pl.lit(f"uncertain: error from {low:.1%} of the number"))
    )
    flag = pl.when(pl.col("flag") != "").then(pl.col("flag"))
    return table.with_columns(pl.concat_str([words, flag], separator="; ", ignore_nulls=True).alias("flag"))


def _secondary(
    table: pl.DataFrame, first: list[bool], keys: Sequence[str], totals: Sequence[str]
) -> list[bool]:
    """Withhold parts until no sum gives a single one away; every round withholds more, so it ends."""
    families = list(_families(table, keys, totals))
    n = table["n"].to_list()
    hidden = list(first)
    while True:
        before = sum(hidden)
        for parent, parts in families:
            alone = [row for row in parts if hidden[row]]
            printed = [row for row in parts if not hidden[row] and n[row]]
            if len(alone) == 1 and not hidden[parent]:
                # Without another part the sum itself is the withheld number.
                hidden[min(printed, key=lambda row: (n[row], row)) if printed else parent] = True
        if sum(hidden) == before:
            return [now and not then for now, then in zip(hidden, first, strict=True)]


def _families(
    table: pl.DataFrame, keys: Sequence[str], totals: Sequence[str]
) -> Iterator[tuple[int, list[int]]]:
    """Give each sum with the rows that it is made of, along each dimension."""
    rows = table.select(keys).rows()
    for place in range(len(keys)):
        parents: dict[tuple[object, ...], int] = {}
        parts: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for row, codes in enumerate(rows):
            others = codes[:place] + codes[place + 1 :]
            if codes[place] in totals:
                parents[others] = row
            else:
                parts[others].append(row)
        yield from ((parents[others], found) for others, found in parts.items() if others in parents)
