"""Irregular residents, whom no survey asks: residuals, and estimates of their lives by multiple imputation.

    assumptions.py   what is assumed: one TOML file, every assumption with a distribution and a source
    residual.py      foreign-born less legally resident, by cell, with intervals that contain the assumptions
    sensitivity.py   which assumption moves the result
    imputation.py    estimates by legal status; the imputed status of a person never leaves it
    tables.py        cells and results as tables

A number of irregular residents is never shown without its assumptions and its interval.
"""

from __future__ import annotations

from sojourn.methods.legal_status.assumptions import (
    DISTRIBUTIONS,
    PARAMETERS,
    SHARES,
    Assumption,
    parse_assumptions,
    read_assumptions,
)
from sojourn.methods.legal_status.imputation import ByStatus, Measure, People, estimates_by_status
from sojourn.methods.legal_status.residual import Cells, Residual, irregular, residual
from sojourn.methods.legal_status.sensitivity import Sensitivity, sensitivity
from sojourn.methods.legal_status.tables import cells_from_table, residual_table, sensitivity_table

__all__ = [
    "DISTRIBUTIONS",
    "PARAMETERS",
    "SHARES",
    "Assumption",
    "ByStatus",
    "Cells",
    "Measure",
    "People",
    "Residual",
    "Sensitivity",
    "cells_from_table",
    "estimates_by_status",
    "irregular",
    "parse_assumptions",
    "read_assumptions",
    "residual",
    "residual_table",
    "sensitivity",
    "sensitivity_table",
]
