"""What the simulated country is drawn from: published margins, stated shares, and its size.

Ages and sexes follow the High-income countries of 2020 in the United Nations' World Population Prospects
2019 (thousands, five-year groups; CC BY 3.0 IGO). All other shares are invented, chosen to resemble a
country of immigration; they are written here and nowhere else, so that a reader sees the whole truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sojourn.errors import UsageError

AREA = "XSJ"
"""User-assigned code of ISO 3166-1: in no region, never a real country."""

# Thousands, ages 0-4, 5-9, ..., 95-99, 100+. United Nations (2019), World Population Prospects 2019,
# "High-income countries", 1 July 2020.
MEN: tuple[int, ...] = (34857, 36119, 36718, 36219, 39024, 43598, 44972, 44861, 44134, 44150, 42956)
MEN += (41691, 37450, 32181, 27246, 18948, 13084, 7213, 2866, 621, 60)
WOMEN: tuple[int, ...] = (33206, 34371, 34895, 34479, 36697, 39958, 41337, 42234, 42028, 42519, 42062)
WOMEN += (41777, 38973, 35225, 31290, 23708, 18413, 12358, 6379, 1948, 268)

# Invented: country of birth, share of the foreign-born, chance that a recent arrival's stay is irregular,
# share whose mother tongue is the country's language.
ORIGINS = ("IND", "MAR", "MEX", "PHL", "POL", "UKR")
ORIGIN_SHARES = np.array([0.20, 0.16, 0.22, 0.14, 0.16, 0.12])
ORIGIN_IRREGULAR = np.array([0.10, 0.30, 0.35, 0.12, 0.03, 0.06])
ORIGIN_LANGUAGE = np.array([0.35, 0.10, 0.05, 0.45, 0.15, 0.10])

# Invented: regions of the country in geographic order, with their share of households and how much likelier
# (in logits) a household there is foreign-born.
REGION_SHARES = np.array([0.18, 0.15, 0.12, 0.11, 0.10, 0.09, 0.09, 0.08, 0.05, 0.03])
REGION_PULL = np.array([0.9, 0.5, 0.3, 0.1, 0.0, -0.2, -0.3, -0.5, -0.8, -1.2])


@dataclass(frozen=True, slots=True)
class Country:
    """Size and choices of the simulated country and of the survey taken of it.

    Attributes:
        households: number of households; about two persons each.
        year: year of the survey.
        interval: every so many-th household is in the sample, which is its weight before non-response.
        response: share of sampled households that answer, the same in town and country.
        replicates: number of successive-difference replicate weights, the order of a Hadamard matrix.
        foreign_logit: intercept of the chance that an adult is foreign-born (-2.15 gives about one person in eight).
        penalty: log points by which a recent arrival's hourly pay falls short of an equal native's.
        block: households drawn at a time, which bounds memory.
    """

    households: int = 60_000
    year: int = 2024
    interval: int = 20
    response: float = 0.9
    replicates: int = 80
    foreign_logit: float = -2.15
    penalty: float = 0.15
    block: int = 20_000

    def __post_init__(self) -> None:
        for name in ("households", "interval", "block"):
            if getattr(self, name) < 1:
                raise UsageError(f"The simulated country's {name} must be at least 1", accepted="1, 2, …")
        if not 0 < self.response <= 1:
            raise UsageError("The share of households that answer is not one", accepted="above 0, up to 1")
