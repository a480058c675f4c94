"""The simulated country's survey, and small surveys written for one test, as a build would open them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sojourn import observations
from sojourn.indicators.model import Indicator, Parameters, Tables
from sojourn.release.contract import check_declared
from sojourn.simulate import Country, write
from sojourn.sources.microdata.build import Microdata, microdata


@pytest.fixture(scope="session")
def simulated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulated") / "survey.parquet"
    write(path, Country(households=60_000, interval=10), seed=11)
    return path


@pytest.fixture(scope="session")
def simulated(simulated_file: Path) -> Microdata:
    return microdata([simulated_file], "simulated_country")


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[pl.DataFrame, str], Microdata]:
    """Write rows and a mapping, and open them."""

    def open_them(rows: pl.DataFrame, mapping: str) -> Microdata:
        (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
        rows.write_csv(tmp_path / "rows.csv")
        return microdata([tmp_path / "rows.csv"], str(tmp_path / "map.toml"), cache=tmp_path / "cache")

    return open_them


@pytest.fixture
def observed() -> Callable[..., pl.DataFrame]:
    """Compute an indicator from surveys and tables, and hold it to its contract as a release does."""

    def compute(indicator: Indicator, *surveys: Microdata, parameters: Parameters | None = None, **kinds):
        given = parameters or indicator.parameters()
        frames = indicator.compute(Tables(kinds, surveys), given)
        frame = pl.concat([observations.EMPTY, *(observations.complete(one) for one in frames)])
        check_declared(frame, {one.code: one for one in indicator.series})
        return observations.validate(frame)

    return compute
