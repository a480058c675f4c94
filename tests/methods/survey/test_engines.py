"""The same cube on DuckDB, Sail and Spark: whole-number sums equal, others to 1e-12."""

from __future__ import annotations

import importlib.util
import shutil
import warnings
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest

from sojourn.methods.survey import Design, Refined, bracketed, cube, refined

DESIGN = Design.sdr("w", "w1..4")
LOOSE = Design.sdr("f", "f1..4")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    rng = np.random.default_rng(7)
    size = 2000
    weight = rng.integers(1, 90, size)
    rows = pl.DataFrame(
        {
            "sex": rng.choice(["F", "M"], size),
            "nat": rng.integers(1, 3, size),
            "y": rng.integers(0, 50, size) * 1000,
            "w": weight,
            **{f"w{r}": weight + rng.integers(-3, 4, size) for r in range(1, 5)},
            "f": weight * 1.1,
            **{f"f{r}": weight * rng.random(size) for r in range(1, 5)},
        }
    )
    path = tmp_path_factory.mktemp("engines") / "rows.parquet"
    rows.write_parquet(path)
    return path


def needs(*modules):
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed: the same cube on a cluster is NOT checked")


def compared(session, file):
    """Make the cubes on the cluster of a session and here, and compare every sum."""
    import ibis

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        connection = ibis.pyspark.connect(session)
        table = connection.read_parquet(str(file))
        for design, keep in ((DESIGN, "values"), (DESIGN, "sums"), (LOOSE, "values"), (LOOSE, "sums")):
            there = cube(table, design, ["sex", "nat"], "y", where="y > 0", keep=keep)
            here = cube(file, design, ["sex", "nat"], "y", where="y > 0", keep=keep)
            for a, b in zip(there.blocks, here.blocks, strict=True):
                assert a.cells.keys.rows() == b.cells.keys.rows()
                sums = [(a.cells.weights, b.cells.weights)]
                sums += [(a.cells.products[name], b.cells.products[name]) for name in b.cells.products]
                for x, y in sums:
                    if design is DESIGN:
                        assert x.dtype == y.dtype == np.int64
                        assert (x == y).all()
                    else:
                        np.testing.assert_allclose(x, y, rtol=1e-12)
            there_mean, here_mean = there.mean(), here.mean()
            np.testing.assert_allclose(there_mean["se"].to_numpy(), here_mean["se"].to_numpy(), rtol=1e-9)
        plain = cube(file, DESIGN, ["sex"], "y", where="w > 3").quantile(0.5)
        for module, limit in ((refined, "MOST_VALUES"), (bracketed, "FEW_CELLS")):
            with patch.object(module, limit, 1):
                near = cube(table, DESIGN, ["sex"], "y", where="w > 3", keep=Refined((0.5,), above=10))
            assert near.blocks[0].kept == "refined"
            assert near.quantile(0.5).equals(plain)


@pytest.mark.filterwarnings("ignore")
def test_sail(file):
    needs("ibis", "pyspark", "pysail")
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    try:
        _, port = server.listening_address
        session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
        try:
            compared(session, file)
        finally:
            session.stop()
    finally:
        server.stop()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_spark(file, tmp_path, monkeypatch):
    needs("ibis", "pyspark")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: the same cube on Spark is NOT checked")
    from pyspark.sql import SparkSession

    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    # A session of Spark Connect in the same process, as Sail's, leaves these behind.
    for name in ("SPARK_CONNECT_MODE_ENABLED", "SPARK_REMOTE", "SPARK_LOCAL_REMOTE"):
        monkeypatch.delenv(name, raising=False)
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.local.dir", str(tmp_path))
        .config("spark.sql.warehouse.dir", str(tmp_path / "warehouse"))
        .getOrCreate()
    )
    try:
        compared(session, file)
    finally:
        session.stop()
