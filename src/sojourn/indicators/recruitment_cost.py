"""Recruitment cost borne by employees (SDG 10.7.1): the third indicator proposed in 2015.

Cost that a worker paid to find a job abroad, as a proportion of the monthly income earned there; cost and
income of the same worker. The unit here is months of earnings; the SDG database's own series SL_EMP_RCOST is
named a proportion of *yearly* income in per cent, so ours has a name of its own.

The mean of the workers' ratios, the ratio of two means and the median differ a lot, and reports do not
always say which they print: STATISTIC says which one a figure is, or that the report does not. Figures with
different statistics are not comparable. No person rows are public here, so all figures are published ones,
without errors.

Source: SDG metadata 10.7.1 (ILO and World Bank, 2018); the surveys named in the notes.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published

CODE = "10.7.1"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published recruitment costs."""
    found = published(tables, CODE, ["SJ_RECRUITMENT_COST"])
    return [found] if found.height else []


INDICATOR = Indicator(
    code=CODE,
    name="Recruitment cost borne by employee as a proportion of monthly income",
    series=(
        Series(
            code="SJ_RECRUITMENT_COST",
            name="Migrant recruitment costs in months of earnings",
            definition="Recruitment cost paid by the worker over monthly earnings in the country of destination.",
            unit="MO",
            area_role="sends its workers abroad",
            better="lower",
            dimensions=(
                Dimension(
                    "STATISTIC",
                    "statistic",
                    {
                        "MEAN_OF_RATIOS": "mean of the workers' ratios",
                        "RATIO_OF_MEANS": "mean cost over mean earnings",
                        "MEDIAN": "median of the workers' ratios",
                        "NOT_STATED": "the report does not say which",
                    },
                    "not used",
                ),
            ),
            words=("recruitment cost", "recruitment fees"),
            limits="No person rows are public here; statistics differ between countries.",
            supply=(
                "recruitment cost module of a household survey: only published figures are read by a build",
            ),
            supplier="national statistical office, from the recruitment cost module of ILO and World Bank",
        ),
    ),
    needs=(("published_values",),),
    compute=compute,
    explanation=__doc__,
    proposal=3,
)
