"""The survey files and R's tables about them, read once; absent files skip the tests, loudly."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
import pytest

AGE_GROUPS = ["0-14", "15-24", "25-54", "55-64", "65+"]


@dataclass(frozen=True)
class Acs:
    """The recodes of the reference tables, one array per name."""

    frame: pl.DataFrame

    def number(self, name: str) -> np.ndarray:
        return self.frame[name].cast(pl.Float64).to_numpy()

    @cached_property
    def weights(self) -> np.ndarray:
        return self.frame.select("PWGTP", *(f"PWGTP{r}" for r in range(1, 81))).to_numpy().astype(float)

    @cached_property
    def columns(self) -> dict[str, np.ndarray]:
        age, esr = self.number("AGEP"), self.number("ESR")
        wage = np.nan_to_num(self.number("WAGP") * self.number("ADJINC") / 1e6)
        found = {
            "foreign": (self.number("NATIVITY") == 2).astype(int),
            "female": (self.number("SEX") == 2).astype(int),
            "age": age,
            "agegroup": np.searchsorted([15, 25, 55, 65], age, side="right"),
            "state": self.frame["ST"].to_numpy(),
            "household": self.frame["SERIALNO"].to_numpy(),
            "ba": np.nan_to_num(self.number("SCHL"), nan=0.0) >= 21,
            "emp": np.isin(esr, [1, 2, 4, 5]),
            "unemp": esr == 3,
            "wage": wage,
            "earn": np.nan_to_num(self.number("WAGP")) > 0,
            "hrs": np.nan_to_num(self.number("WKHP")),
            "one": np.ones(len(age)),
        }
        return {name: np.asarray(value) for name, value in found.items()}

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]


def folder_of(shared: Path, *parts: str) -> Path:
    folder = shared.joinpath(*parts)
    if not folder.exists():
        pytest.skip(f"{folder} is absent: known answers of R survey are NOT checked")
    return folder


@pytest.fixture(scope="session")
def survey_folder(shared) -> Path:
    return folder_of(shared, "reference", "survey")


@pytest.fixture(scope="session")
def acs(shared) -> Acs:
    path = folder_of(shared, "data", "microdata", "acs2011_person_sample.csv.gz")
    return Acs(pl.read_csv(path, infer_schema_length=None))


@pytest.fixture(scope="session")
def reference(survey_folder) -> dict[str, dict[str, dict[str, str]]]:
    tables: dict[str, dict[str, dict[str, str]]] = {}
    with (survey_folder / "reference_survey4.5.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            tables.setdefault(row["table"], {})[row["label"]] = row
    return tables
