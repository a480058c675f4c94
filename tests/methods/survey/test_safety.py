"""What may be printed: known answers by hand, and that no round of withholding leaves a single part to subtract."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods.survey.safety import Safety, safe


def results(rows: list[tuple[str, str, int]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["sex", "nativity", "n"], orient="row")
    return frame.with_columns(
        pl.col("n").cast(pl.Float64).alias("estimate"), pl.lit(0.1).alias("cv"), pl.lit("").alias("flag")
    )


def test_few_cases_have_no_number_at_all():
    found = safe(results([("_T", "_T", 29), ("_T", "NATIVE", 30)]), Safety())
    assert found["estimate"].to_list() == [None, 30]
    assert found["n"].to_list() == [None, 30]
    assert "fewer than 30" in found["flag"][0]


def test_the_second_smallest_part_goes_where_sums_would_give_the_smallest_away():
    parts = [("_T", "_T", 300), ("_T", "A", 9), ("_T", "B", 200), ("_T", "C", 91)]
    assert safe(results(parts), Safety(), ["sex", "nativity"])["withheld"].to_list() == [
        None,
        "primary",
        None,
        "secondary",
    ]


def test_of_rates_only_the_cases_go():
    parts = [("_T", "_T", 300), ("_T", "A", 9), ("_T", "B", 291)]
    found = safe(results(parts), Safety(), ["sex", "nativity"], additive=False)
    assert found["estimate"].to_list() == [300, None, 291]
    assert found["n"].to_list() == [300, None, None]


def test_uncertain_numbers_are_printed_and_called_so():
    frame = results([("_T", "_T", 100)] * 3).with_columns(pl.Series("cv", [0.10, 0.2, 0.4]))
    assert [flag.partition(":")[0] for flag in safe(frame, Safety())["flag"]] == [
        "",
        "uncertain",
        "very uncertain",
    ]


def test_a_protector_withholds_more():
    protector = Safety(suppressor=lambda table: table["nativity"] == "A")
    found = safe(results([("_T", "_T", 900), ("_T", "A", 400), ("_T", "B", 500)]), protector, ["nativity"])
    assert found["withheld"].to_list() == [None, "primary", "secondary"]


def test_nobody_may_ask_for_counts_below_ten():
    with pytest.raises(UsageError, match="9 cases"):
        Safety(minimum_n=9)


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_no_printed_sum_lacks_exactly_one_part(counts):
    cells = {(sex, born): counts[2 * i + j] for i, sex in enumerate("FM") for j, born in enumerate("AB")}
    whole = {(s, b): sum(n for (x, y), n in cells.items() if s in ("_T", x) and b in ("_T", y))
             for s in ("_T", "F", "M") for b in ("_T", "A", "B")}  # fmt: skip
    found = safe(results([(s, b, n) for (s, b), n in whole.items()]), Safety(), ["sex", "nativity"])
    printed = {(s, b): n for s, b, n in found.select("sex", "nativity", "n").rows() if n is not None}
    assert all(n >= 30 or n == 0 for n in printed.values())
    for fixed in ("_T", "F", "M"):
        parts = [(fixed, b) for b in "AB"]
        assert (fixed, "_T") not in printed or sum(p not in printed for p in parts) != 1
    for fixed in ("_T", "A", "B"):
        parts = [(s, fixed) for s in "FM"]
        assert ("_T", fixed) not in printed or sum(p not in printed for p in parts) != 1
