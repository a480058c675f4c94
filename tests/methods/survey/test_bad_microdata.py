"""What is wrong with a file or a question is named, with counts; nothing is left out in silence."""

from __future__ import annotations

import gzip
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

from sojourn.errors import DamagedError, NotFoundError, SojournError, SourceError, UsageError
from sojourn.methods.survey import Cube, Design, cube, estimate
from sojourn.methods.survey.packed import Packed, pack

GOOD = pl.DataFrame(
    {
        "g": ["a", "a", "b", "b"],
        "y": [1, 2, 3, 4],
        "w": [1, 2, 3, 4],
        "r1": [1, 1, 3, 4],
        "r2": [2, 2, 2, 4],
        "h": [1, 1, 2, 3],
        "c": [1, 2, 1, 1],
    }
)
DESIGN = Design.sdr("w", "r1..2")


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pl.Series("w", [1, None, 3, None]), "missing in 2 of 4 rows"),
        (pl.Series("w", [1, -2, 3, 4]), "negative in 1 of 4 rows"),
        (pl.Series("w", ["1", "2", "x", "y"]), "2 of its values are text"),
        (pl.Series("w", [1.0, 2.0, float("inf"), 1.0]), "infinite"),
        (pl.Series("r2", [1, None, None, 1]), "r2 in 2"),
        (pl.Series("r1", ["a", "2", "3", "4"]), "1 of its values are text"),
    ],
)
@pytest.mark.parametrize("asked", ["mean(y)", "median(y)", "count"])
def test_broken_weights_are_counted(column, words, asked):
    with pytest.raises(SourceError, match=words):
        estimate(GOOD.with_columns(column), DESIGN, asked)


def test_missing_replicates_are_found_in_the_footer_of_a_file(tmp_path):
    GOOD.with_columns(r2=pl.Series([1, None, None, 1])).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(SourceError, match="r2 in 2"):
        estimate(tmp_path / "a.parquet", DESIGN, "mean(y)")


@pytest.mark.parametrize(
    ("design", "words"),
    [
        (Design.sdr("w", "r1..80"), "80 replicate weights are declared, 2 are in the file"),
        (Design.sdr("w", "z"), "No replicate weight z1"),
        (Design.weights_only("weight"), "not in the file: weight"),
        (Design.taylor("w", "h", "c"), "single"),
        (
            Design.taylor("w", "h", "c", nest=False, lonely="remove"),
            "1 clusters lie in more than one stratum",
        ),
    ],
)
def test_designs_that_do_not_fit_the_file(design, words):
    with pytest.raises(UsageError, match=words):
        estimate(GOOD, design, "mean(y)")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Design.fay("w", "r1..2", 1.0),
        lambda: Design.jackknife("w", "r1..2", "JKn"),
        lambda: Design.jackknife("w", "r1..2", "JK2"),
        lambda: Design.jackknife("w", "r1..2", rscales=[1, 1, 1]),
        lambda: Design.taylor("w", lonely="ignore"),
        lambda: Design.sdr("w", []),
        lambda: Design.sdr("w", ["w", "r1"]),
        lambda: Design.sdr("w", ["r1", "r1"]),
        lambda: Design.sdr("w", "r1..2", center="zero"),
    ],
)
def test_designs_that_cannot_be(make):
    with pytest.raises(UsageError):
        make()


def test_a_delete_one_jackknife_gives_no_median():
    design = Design.jackknife("w", ["r1", "r2"])
    with pytest.raises(UsageError, match="no consistent variance"):
        estimate(GOOD, design, "median(y)")
    assert estimate(GOOD, design, "mean(y)")["se"][0] > 0
    grouped = Design.jackknife("w", ["r1", "r2"], delete_one=False)
    assert estimate(GOOD, grouped, "median(y)").height == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("mode(y)", "no statistic"),
        ("mean(y, g)", "takes 1 parts"),
        ("quantile(y, half)", "no probability"),
        ("quantile(y, 2)", "quantile at 2"),
        ("quantile(y, 0.5, mine)", "no quantile rule"),
        ("mean(income)", "no column 'income'"),
        ("mean(read_csv('/etc/passwd'))", "not allowed"),
        ("gap(mean(y), h)", "has 3 values"),
    ],
)
def test_questions_that_cannot_be(asked, words):
    with pytest.raises(UsageError, match=words):
        estimate(GOOD, DESIGN, asked)


@pytest.mark.parametrize(
    "where", ["y > (select 1)", "pg_sleep(1) > 0", "y >", "y in (select 1)", "y > 1; drop table t", "x > 1"]
)
def test_expressions_that_are_not_of_the_language(where):
    with pytest.raises(UsageError):
        estimate(GOOD, DESIGN, "mean(y)", where=where)


@pytest.mark.parametrize(
    ("where", "n"),
    [
        ("y >= 2 and not (g = 'b')", 1),
        ("y between 2 and 3 or h in (3)", 3),
        ("y is not null and y * 2 > 4", 2),
        ("case when y > 2 then 1 else 0 end == 1", 2),
        (pl.col("y") >= 3, 2),
        ((pl.col("y") >= 2) & (pl.col("h") < 3), 2),
    ],
)
def test_expressions_of_the_language(where, n):
    assert estimate(GOOD, DESIGN, "mean(y)", where=where)["n"].to_list() == [n]


def test_a_close_name_is_offered():
    with pytest.raises(NotFoundError, match="Did you mean wage"):
        estimate(GOOD.rename({"y": "wage"}), DESIGN, "mean(wages)")


def test_no_rows_and_no_cases():
    with pytest.raises(UsageError, match="no rows"):
        estimate(GOOD.clear(), DESIGN, "mean(y)")
    found = estimate(GOOD, DESIGN, "mean(y)", where="y > 100")
    assert found.select("estimate", "n", "flag").rows() == [(None, 0, "no cases")]


def test_damaged_files(tmp_path):
    text = tmp_path / "rows.csv.gz"
    whole = gzip.compress(GOOD.write_csv().encode() * 200)
    text.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SojournError):
        estimate(text, DESIGN, "mean(y)")
    parquet = tmp_path / "rows.parquet"
    GOOD.write_parquet(parquet)
    parquet.write_bytes(parquet.read_bytes()[:-30])
    with pytest.raises(DamagedError, match=r"rows\.parquet|engine"):
        estimate(parquet, DESIGN, "mean(y)")
    with pytest.raises(SourceError, match="no such file"):
        estimate(tmp_path / "none.parquet", DESIGN, "mean(y)")
    with pytest.raises(SourceError, match="No file matches"):
        estimate(str(tmp_path / "x*.parquet"), DESIGN, "mean(y)")
    with pytest.raises(SourceError, match="no kind"):
        estimate(__file__, DESIGN, "mean(y)")


def test_damaged_cubes(tmp_path):
    path = cube(GOOD, DESIGN, "g", "y").save(tmp_path / "a.arrow")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DamagedError):
        Cube.load(path)
    with pytest.raises(SourceError):
        Cube.load(tmp_path / "none.arrow")
    with pytest.raises(SourceError):
        Packed.open(path)


def test_what_a_cube_does_not_hold():
    made = cube(GOOD, DESIGN, "g", ["y", "h"], keep={"y": "sums"})
    with pytest.raises(UsageError, match="kept by sums"):
        made.quantile(0.5, "y")
    with pytest.raises(UsageError, match="several measures"):
        made.mean()
    with pytest.raises(UsageError, match="no column 'sex'"):
        made.mean("y", by="sex")
    with pytest.raises(UsageError, match="no option"):
        made.mean("y", colour="red")
    with pytest.raises(UsageError, match="no known total"):
        made.rake({"g": {"a": 1.0}})
    assert np.isclose(made.rake({"g": {"a": 5.0, "b": 5.0}}).count()["estimate"].sum(), 10)


def test_a_linearised_design_is_not_packed(tmp_path):
    with pytest.raises(UsageError, match="packed form"):
        pack(GOOD, Design.taylor("w"), ["y"], tmp_path / "a.arrow")


def test_what_is_to_be_installed_is_said():
    code = (
        "import sys; sys.modules['ibis'] = None\n"
        "from sojourn.methods.survey import Design, estimate\n"
        "try: estimate('a.parquet', Design.weights_only('w'), 'count')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "UsageError" in run.stdout
    assert "pip install 'sojourn[microdata]'" in run.stdout


def test_a_domain_column_is_not_called_as_a_result():
    with pytest.raises(UsageError, match="called 'n' too"):
        estimate(GOOD.rename({"g": "n"}), DESIGN, "mean(y)", by="n")
