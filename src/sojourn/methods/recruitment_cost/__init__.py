"""Recruitment cost borne by workers (SDG 10.7.1), in months of what they earned in the first job abroad.

    C_k = paid_k - refunded_k + deducted_k          what worker k and the family paid, whenever they paid it
    E_k = received_k + recovered_k                   earnings of the reference month, with what was held back
    RCI_k = C_k / E_k                                the recruitment cost indicator, months

The mean of the ratios, their median, their fourth quintile (80th percentile) and the ratio of the means differ
a lot, and so does each with and without the workers who paid nothing; all are given side by side. Editions of
the method take the last month of the first job (SDG metadata, 2018) or its first month (Guidelines as quoted
at the ISI World Statistics Congress, 2019): the month is a parameter.

Source: ILO and World Bank, SDG metadata 10.7.1 (2018). The fourth quintile as a weighted, interpolated
percentile is our reading; the metadata names no rule.
"""

from __future__ import annotations

from sojourn.methods.recruitment_cost.tables import Month, cost_table, statistics_table
from sojourn.methods.recruitment_cost.workers import (
    KINDS,
    STATISTICS,
    cost,
    months_of_earnings,
    statistics,
    weighted_quantile,
)

__all__ = [
    "KINDS",
    "STATISTICS",
    "Month",
    "cost",
    "cost_table",
    "months_of_earnings",
    "statistics",
    "statistics_table",
    "weighted_quantile",
]
