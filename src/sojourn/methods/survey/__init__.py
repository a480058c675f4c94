"""Estimates from survey microdata with design-based errors: designs, variances, quantiles, calibration."""

from sojourn.methods.survey.cube import Cube, cube
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.estimate import estimate
from sojourn.methods.survey.modelling import independence, regress
from sojourn.methods.survey.refined import Refined
from sojourn.methods.survey.results import Presentation
from sojourn.methods.survey.statistics import (
    Statistic,
    count,
    gap,
    mean,
    median,
    quantile,
    ratio,
    share,
    total,
)
from sojourn.methods.survey.tables import Engine

__all__ = [
    "Cube",
    "Design",
    "Engine",
    "Presentation",
    "Refined",
    "Statistic",
    "count",
    "cube",
    "estimate",
    "gap",
    "independence",
    "mean",
    "median",
    "quantile",
    "ratio",
    "regress",
    "share",
    "total",
]
