"""Data that comes with packages: figures cited here, WPP 2024 from bokeh-sampledata, the Factbook."""

from __future__ import annotations

from importlib import resources
from types import ModuleType

import polars as pl
import pytest

from sojourn import areas
from sojourn.sources.model import InputFile, Reading
from sojourn.sources.packaged import factbook, population, published_figures


def only(module: ModuleType) -> tuple[InputFile, Reading]:
    found = module.read()
    if not found:
        pytest.skip(f"the package that {module.__name__} reads is not installed: its figures are NOT checked")
    return found[0]


@pytest.mark.parametrize("module", [factbook, population, published_figures])
def test_areas_are_ours_and_keys_unique(module: ModuleType) -> None:
    file, reading = only(module)
    assert areas.unmapped(reading.table["area"]) == []
    key = [
        name
        for name in ("code", "series", "area", "counterpart", "period", "sex", "breakdown")
        if name in reading.table
    ]
    assert reading.table.select(key).is_unique().all()
    assert len(file.sha256) == 64
    assert module.SOURCE.packaged is module.read


def test_population_of_the_world() -> None:
    file, reading = only(population)
    world = reading.table.filter(area="001", period="2020").select("sex", "value", "variant")
    assert world.rows() == [
        ("_T", 7_887_001_296.0, "estimates"),
        ("M", 3_969_229_015.0, "estimates"),
        ("F", 3_917_772_281.0, "estimates"),
    ]
    assert reading.table["area"].n_unique() == 266
    assert set(reading.table.filter(pl.col("period") > "2023")["variant"]) == {"medium"}
    assert (reading.rows, reading.notes) == (346_332, ())
    assert file.name.startswith("package bokeh-sampledata")


def test_factbook_figures() -> None:
    _, reading = only(factbook)
    mexico = dict(reading.table.filter(area="MEX", period="2024").select("code", "value").rows())
    assert 1.5e12 < mexico["NY.GDP.MKTP.CD"] < 2.2e12
    assert 3 < mexico["BX.TRF.PWKR.DT.GD.ZS"] < 5
    assert {"BX.TRF.PWKR.DT.GD.ZS", "NY.GDP.MKTP.CD", "NET_MIGRATION_RATE"} == set(reading.table["code"])
    assert {"VAT", "IOT", "ATF", "FSM", "ARE", "CAF"}.isdisjoint(reading.notes[0].split(", "))
    assert "none" not in reading.notes[0]
    assert reading.rows == 256


def test_cited_figures() -> None:
    _, reading = only(published_figures)
    first = reading.table.filter(series="SI_RMT_COST", area="001", period="2011").row(0, named=True)
    assert first["value"] == 9.3
    assert reading.rows == reading.table.height
    assert reading.problems.is_empty()
    assert reading.table["note"].str.len_chars().min() > 10


@pytest.mark.parametrize("module", [factbook, population])
def test_absent_package_gives_nothing(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_: str) -> None:
        raise ModuleNotFoundError

    monkeypatch.setattr(resources, "files", absent)
    assert module.read() == []
