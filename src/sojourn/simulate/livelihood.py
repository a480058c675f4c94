"""Gives each person school, work, pay, an occupation, remittances and the cost of getting the job.

    log hourly pay = 2.55 + schooling + 0.022 x - 0.0004 x² - 0.12 woman - p exp(-stay / 12) + 0.25 home + 0.45 e

x are years of possible experience, p the country's `penalty`. Pay is told in round numbers, as people tell
it. All coefficients are invented.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.simulate.margins import Country

EMPLOYED, UNEMPLOYED, OUTSIDE = 1, 2, 3
WORKING_AGE = 15

# Invented: what schooling adds to log pay, by highest level: 1 less than upper secondary, 2 upper secondary,
# 3 short-cycle tertiary, 4 bachelor's or more (ISCED 2011: 0-2, 3-4, 5, 6-8).
_RETURN = np.array([0.0, 0.0, 0.18, 0.32, 0.62])

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def earn_a_living(persons: pl.DataFrame, country: Country, rng: np.random.Generator) -> pl.DataFrame:
    """Add school, work, pay, remittances and recruitment cost to persons with a migration life.

    Args:
        persons: as `migrate` returns them.
        country: its year and its pay penalty.
        rng: source of chance.

    Returns:
        The same rows with in_school, education, activity, occupation (ISCO-08 major group), hours (usual,
        a week), monthly_pay, insured, rooms, income_ratio (per cent of the poverty line), children_born,
        remittances (sent in the year), recruitment_fee, recruitment_travel and recruitment_refund (for
        those who came in the last three years to an employee's job); null where a question does not apply.
    """
    life = _Life(persons, country, rng)
    columns = {**life.schooling(), **life.work(), **life.home(), **life.abroad()}
    return persons.with_columns(**columns)


class _Life:
    """One block of persons while it is being drawn; each step uses what the steps before it drew."""

    def __init__(self, persons: pl.DataFrame, country: Country, rng: np.random.Generator) -> None:
        self.rng = rng
        self.penalty = country.penalty
        self.count = persons.height
        self.age = persons["age"].to_numpy()
        self.woman = persons["woman"].to_numpy()
        self.foreign = persons["arrival"].is_not_null().to_numpy()
        self.stay = (country.year - persons["arrival"]).fill_null(99).to_numpy().astype(np.float64)
        _, self.household = np.unique(persons["household"].to_numpy(), return_inverse=True)
        self.luck = rng.normal(size=int(self.household.max()) + 1)[self.household]

    def chance(self, probability: Floats | float) -> NDArray[np.bool_]:
        return self.rng.random(self.count) < probability

    def schooling(self) -> dict[str, pl.Series]:
        at = np.select(
            [self.age < 6, self.age < 16, self.age < 19, self.age < 25], [0.0, 0.985, 0.86, 0.42], 0.02
        )
        at = at - np.where(self.foreign & (self.age >= 6), 0.03, 0.0)
        self.in_school = self.chance(np.maximum(at, 0.0))
        drawn = 0.25 * self.rng.normal(size=self.count) + 0.35 * self.luck
        rank = drawn + 0.7 * self.rng.normal(size=self.count) - np.where(self.foreign, 0.1, 0.0)
        level = 1 + np.searchsorted([-0.9, 0.1, 0.35], rank)
        self.education = np.minimum(level, np.where(self.age < 18, 1, np.where(self.age < 22, 2, 4)))
        return {
            "in_school": self.known(self.in_school.astype(np.int64), self.age >= 3),
            "education": self.known(self.education, self.age >= WORKING_AGE),
        }

    def work(self) -> dict[str, pl.Series]:
        grown = self.age >= WORKING_AGE
        active = np.select(
            [self.age < 20, self.age < 25, self.age < 60, self.age < 66], [0.3, 0.65, 0.86, 0.5], 0.06
        )
        active = active - np.where(self.woman, np.where(self.foreign, 0.14, 0.07), 0.0)
        in_force = self.chance(np.where(self.in_school, 0.4, 1.0) * np.maximum(active, 0.02)) & grown
        jobless = self.chance(np.where(self.age < 25, 0.14, 0.05) * np.where(self.foreign, 1.5, 1.0))
        self.employed = in_force & ~jobless
        activity = np.where(self.employed, EMPLOYED, np.where(in_force, UNEMPLOYED, OUTSIDE))
        self.employee = self.employed & self.chance(0.88)
        self.pay = self._monthly_pay()
        return {
            "activity": self.known(activity, grown),
            "occupation": self.known(self._occupation(), self.employed),
            "hours": self.known(self.hours, self.employed),
            "monthly_pay": self.known(self.pay, self.employee),
        }

    def _monthly_pay(self) -> Ints:
        """Draw usual hours and pay; four in five tell their pay in hundreds, the others in tens."""
        part_time = self.chance(np.where(self.woman, 0.3, 0.1))
        usual = np.where(part_time, 22, 40) + self.rng.choice([-5, 0, 0, 0, 5], self.count)
        self.hours = usual.astype(np.int64)
        experience = np.clip(self.age - 20, 0, 45)
        log_hourly = (
            2.55 + _RETURN[self.education] + 0.022 * experience - 0.0004 * experience**2
            - 0.12 * self.woman - self.penalty * self.foreign * np.exp(-self.stay / 12)
            + 0.25 * self.luck + 0.45 * self.rng.normal(size=self.count)
        )  # fmt: skip
        monthly = np.exp(log_hourly) * self.hours * 52 / 12
        unit = np.where(self.chance(0.8), 100, 10)
        return np.asarray(np.maximum(np.rint(monthly / unit) * unit, unit).astype(np.int64))

    def _occupation(self) -> Ints:
        """Draw ISCO-08 major groups: 1 to 3 for most graduates, 4 to 9 for most others."""
        recent = self.foreign & (self.stay < 10)
        high = np.where(self.education == 4, np.where(recent, 0.58, 0.77), 0.22)
        return np.where(
            self.chance(high), self.rng.integers(1, 4, self.count), self.rng.integers(4, 10, self.count)
        )

    def home(self) -> dict[str, pl.Series]:
        members = np.bincount(self.household)
        earned = np.bincount(self.household, np.where(self.employee, self.pay, 0))
        self_employed = np.bincount(self.household, (self.employed & ~self.employee) * 2200.0)
        pensions = np.bincount(self.household, (self.age >= 66) * 1100.0)
        other = 600 * np.exp(0.4 * self.rng.normal(size=members.size)) + pensions
        line = 900 * np.sqrt(members)
        ratio = np.minimum(np.rint(100 * (earned + self_employed + other) / line), 501)[self.household]
        crowding = 1 + self.rng.poisson(1.0 + 0.75 * members)
        rooms = np.minimum(crowding, 9)[self.household]
        insured = self.chance(np.where(self.foreign & (self.stay < 8), 0.82, 0.95))
        mothers = self.woman & (self.age >= 15) & (self.age < 50)
        rate = 1.6 * np.clip((self.age - 15) / 25, 0, 1) + np.where(self.foreign, 0.3, 0.0)
        return {
            "insured": pl.Series(insured.astype(np.int8)),
            "rooms": pl.Series(rooms, dtype=pl.Int16),
            "income_ratio": pl.Series(ratio, dtype=pl.Int16),
            "children_born": self.known(self.rng.poisson(rate), mothers),
        }

    def abroad(self) -> dict[str, pl.Series]:
        sends = self.foreign & self.employed & self.chance(0.45 * np.exp(-self.stay / 25))
        share = self.rng.beta(2, 10, self.count)
        sent = np.rint(np.where(self.employee, self.pay, 1500) * 12 * share / 50) * 50
        asked = self.foreign & self.employee & (self.stay <= 3)
        fee = np.where(self.chance(0.2), 0, np.rint(self.rng.lognormal(7.0, 0.8, self.count) / 10) * 10)
        travel = np.rint(self.rng.lognormal(6.2, 0.5, self.count) / 10) * 10
        refund = np.where(self.chance(0.1), np.rint(fee / 20) * 10, 0)
        return {
            "remittances": self.known(
                np.where(sends, sent, 0).astype(np.int64), self.foreign & (self.age >= 15)
            ),
            "recruitment_fee": self.known(fee.astype(np.int64), asked),
            "recruitment_travel": self.known(travel.astype(np.int64), asked),
            "recruitment_refund": self.known(refund.astype(np.int64), asked),
        }

    @staticmethod
    def known(values: Ints, asked: NDArray[np.bool_]) -> pl.Series:
        """Turn values into a column, null where the question was not asked."""
        column = pl.Series(values, dtype=pl.Int32)
        return pl.select(pl.when(pl.Series(asked)).then(column)).to_series()
