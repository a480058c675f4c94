"""The test's own small survey package: each reference table as a few calls of the functions under test.

A design turns (y, domain) into estimates with a covariance; a table is a function of the design.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from sojourn.methods.survey import calibration, influence
from sojourn.methods.survey.contingency import design_effect, rao_scott
from sojourn.methods.survey.intervals import critical_value, proportion_interval, wald_interval
from sojourn.methods.survey.linearization import degrees_of_freedom, linearized_covariance
from sojourn.methods.survey.quantiles import weighted_quantile, woodruff
from sojourn.methods.survey.regression import fit, fit_replicates, residual_degrees_of_freedom
from sojourn.methods.survey.variance import (
    contrast,
    replicate_covariance,
    replicate_degrees_of_freedom,
    standard_errors,
)


@dataclass(frozen=True)
class Row:
    """One row of a table; NaN where R gives none."""

    estimate: float
    se: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    df: float = np.nan


@dataclass(frozen=True)
class Replicates:
    """A design of replicate weights; the first column is the full weight."""

    weights: np.ndarray
    scale: float
    rscales: np.ndarray | None = None
    center: str = "estimate"

    @property
    def weight(self):
        return self.weights[:, 0]

    def covariance(self, estimates):
        return replicate_covariance(
            estimates[0], estimates[1:], scale=self.scale, rscales=self.rscales, center=self.center
        )

    def ratio(self, y, x, domain):
        inside = self.weights * domain[:, None]
        estimates = (inside.T @ np.nan_to_num(y)) / (inside.T @ np.nan_to_num(x))
        return estimates[0], self.covariance(estimates)

    def total(self, y, domain):
        estimates = self.weights.T @ np.nan_to_num(y * domain[:, None])
        return estimates[0], self.covariance(estimates)

    def freedom(self, domain):
        return replicate_degrees_of_freedom(self.weights[domain, 1:])

    def logit_error(self, y, domain):
        inside = self.weights * domain[:, None]
        p = inside.T @ y / inside.sum(axis=0)
        return standard_errors(self.covariance(np.log(p / (1 - p))[:, None]))[0]

    def regression(self, y, x, domain, family):
        found = fit_replicates(y, x, self.weights * domain[:, None], scale=self.scale, family=family)
        return found.coefficients, found.covariance


@dataclass(frozen=True)
class Linear:
    """A design of strata, clusters and finite populations, perhaps after calibration."""

    weight: np.ndarray
    strata: object = None
    clusters: object = None
    fpc: object = None
    lonely: str = "adjust"
    residual: Callable[[np.ndarray], np.ndarray] = field(default=lambda scores: scores)

    def covariance(self, scores):
        return linearized_covariance(self.residual(scores), self.strata, self.clusters, self.fpc, self.lonely)

    def ratio(self, y, x, domain):
        found = influence.ratio(y, x, self.weight, domain)
        return found.estimate, self.covariance(found.scores)

    def total(self, y, domain):
        found = influence.total(y, self.weight, domain)
        return found.estimate, self.covariance(found.scores)

    def freedom(self, domain):
        first = [column[0] if isinstance(column, list) else column for column in (self.strata, self.clusters)]
        return degrees_of_freedom(*first, domain)

    def logit_error(self, y, domain):
        return None

    def regression(self, y, x, domain, family):
        found = fit(y, x, self.weight * domain, family=family, solution="scoring")
        return found.coefficients, self.covariance(found.scores)


def rows(labels, found, df=None):
    """Estimates with Wald intervals, none where no df is given."""
    estimates, errors = found[0], standard_errors(found[1])
    if df is None:
        return {k: Row(e, s) for k, e, s in zip(labels, estimates, errors, strict=True)}
    lower, upper = wald_interval(estimates, errors, df=df)
    return {k: Row(*r, df) for k, *r in zip(labels, estimates, errors, lower, upper, strict=True)}


def means(design, labels, columns, domain=None, df=np.inf):
    y = np.column_stack(columns).astype(float)
    domain = np.ones(len(y), bool) if domain is None else domain
    return rows(labels, design.ratio(y, np.ones_like(y), domain), df)


def by(labels, domains, estimate):
    return {
        label: next(iter(estimate(domain).values())) for label, domain in zip(labels, domains, strict=True)
    }


class AcsTables:
    """Every table that the SDR and the Taylor design have in common."""

    def __init__(self, acs, design):
        self.acs, self.design = acs, design
        self.native, self.foreign = acs["foreign"] == 0, acs["foreign"] == 1
        self.all = np.ones(len(self.native), bool)
        self.adult = acs["age"] >= 25

    def groups(self, other, names):
        domains = [(self.acs["foreign"] == n) & (other == code) for code in range(len(names)) for n in (0, 1)]
        return [f"{n}.{s}" for s, n in product(names, ("native", "foreign"))], domains

    def mean_over(self, y, domains, labels, base):
        return by(labels, domains, lambda d: means(self.design, [""], [self.acs[y]], d & base, None))

    def total(self):
        y = np.column_stack([self.native, self.foreign]).astype(float)
        return rows(["natnative", "natforeign"], self.design.total(y, self.all), np.inf)

    def total_pop(self):
        return rows(["one"], self.design.total(self.acs["one"][:, None], self.all), np.inf)

    def total_by(self):
        labels, domains = self.groups(self.acs["female"], ["M", "F"])
        return by(labels, domains, lambda d: rows([""], self.design.total(self.acs["one"][:, None], d)))

    def prop(self):
        return means(self.design, ["natnative", "natforeign"], [self.native, self.foreign])

    def share_by(self):
        labels, domains = self.groups(self.acs["female"], ["M", "F"])
        return self.mean_over("ba", domains, labels, self.adult)

    def mean_by(self):
        labels, domains = self.groups(self.acs["female"], ["M", "F"])
        return self.mean_over("wage", domains, labels, self.acs["earn"])

    def share_age(self):
        labels, domains = self.groups(self.acs["agegroup"], ["0-14", "15-24", "25-54", "55-64", "65+"])
        return self.mean_over("emp", domains, labels, self.all)

    def unemp_ratio(self):
        labour = (self.acs["emp"] | self.acs["unemp"]).astype(float)[:, None]
        unemployed = self.acs["unemp"].astype(float)[:, None]
        return by(
            ["native", "foreign"],
            [self.native, self.foreign],
            lambda d: rows([""], self.design.ratio(unemployed, labour, d & (labour[:, 0] == 1))),
        )

    def ratio(self):
        wage, hours = self.acs["wage"][:, None], self.acs["hrs"][:, None]
        return rows(["wage/hrs"], self.design.ratio(wage, hours, self.acs["earn"]), np.inf)

    def ciprop(self, method):
        return {
            name: self._ciprop(method, d) for name, d in (("native", self.native), ("foreign", self.foreign))
        }

    def _ciprop(self, method, group):
        domain, y = self.adult & group, self.acs["ba"].astype(float)
        p, covariance = self.design.ratio(y[:, None], np.ones((len(y), 1)), domain)
        error, df = float(standard_errors(covariance)[0]), self.design.freedom(domain)
        own = self.design.logit_error(y, domain) if method in {"logit", "likelihood"} else None
        ours = {"mean": "wald"}.get(method, method)
        ends = proportion_interval(p[0], error, method=ours, df=df, n=int(domain.sum()), logit_se=own)
        return Row(p[0], error, float(ends[0]), float(ends[1]), df)

    def _quantile_rows(self):
        domain = self.acs["earn"] & self.foreign
        order = np.argsort(self.acs["wage"][domain], kind="stable")
        return domain, np.flatnonzero(domain)[order]

    def quantile_rep(self, rule):
        _, place = self._quantile_rows()
        x, w = self.acs["wage"][place], self.design.weights[place]
        found = {}
        for q in (0.1, 0.5, 0.9):
            estimates = weighted_quantile(x, w, q, rule)[:, None]
            found |= rows([f"wage.{q}"], (estimates[0], self.design.covariance(estimates)), 79)
        return {k: Row(r.estimate, r.se, r.lower, r.upper) for k, r in found.items()}

    def quantile_woodruff(self, rule):
        domain, place = self._quantile_rows()
        return {
            f"wage.{q}": woodruff_row(self.design, self.acs["wage"], domain, place, q, rule)
            for q in (0.1, 0.5, 0.9)
        }

    def gap_mean(self):
        groups = np.column_stack([self.native, self.foreign]) & self.acs["earn"][:, None]
        found = self.design.ratio(groups * self.acs["wage"][:, None], groups.astype(float), self.all)
        return {"foreign-native": Row(*contrast(*found, [-1, 1]))}

    def covariates(self, *more):
        age = self.acs["age"]
        columns = [self.acs["one"], self.foreign, self.acs["female"], age, age**2 / 100, *more]
        return np.column_stack(columns).astype(float)

    def glm(self, y, x, domain, family, labels):
        coefficients, covariance = self.design.regression(y, x, domain, family)
        df = residual_degrees_of_freedom(self.design.freedom(domain), len(labels))
        errors = standard_errors(covariance)
        return {k: Row(b, s, df=df) for k, b, s in zip(labels, coefficients, errors, strict=True)}

    LABELS = ("(Intercept)", "natforeign", "sxF", "AGEP", "I(AGEP^2/100)")

    def glm_logit(self):
        domain = self.adult & (self.acs["age"] < 65)
        return self.glm(self.acs["emp"].astype(float), self.covariates(), domain, "binomial", self.LABELS)

    def glm_gauss(self):
        y = np.log(np.where(self.acs["earn"], self.acs["wage"], 1.0))
        x = self.covariates(self.acs["ba"])
        return self.glm(y, x, self.acs["earn"], "gaussian", (*self.LABELS, "ba"))

    def chisq_F(self):  # noqa: N802 - the name of the reference table
        cells = np.column_stack(
            [(self.acs["foreign"] == n) & (self.acs["ba"] == b) for n in (0, 1) for b in (0, 1)]
        ).astype(float)
        p, covariance = self.design.ratio(cells, np.ones_like(cells), self.adult)
        df = self.design.freedom(self.adult)
        test = rao_scott(p.reshape(2, 2), covariance, int(self.adult.sum()), df)
        label = f"F ndf={test.numerator_df:.0f} ddf={test.denominator_df:.0f} p="
        return {label: Row(test.f), "p": Row(test.p_value)}

    def deff(self):
        y = self.acs["ba"].astype(float)[:, None]
        _, covariance = self.design.ratio(y, np.ones_like(y), self.adult)
        return {"ba": Row(float(design_effect(np.diag(covariance), y, self.design.weight * self.adult)[0]))}

    def mean(self, df=np.inf):
        labels = ["ba", "emp", "wage"]
        return means(self.design, labels, [self.acs[name] for name in labels], None, df)

    def calibrated_mean(self):
        return means(self.design, ["ba", "emp"], [self.acs["ba"], self.acs["emp"]])


def woodruff_row(design, values, domain, place, q, rule="math"):
    df = design.freedom(domain)
    critical = float(critical_value(0.95, df))

    def interval(x):
        below = (np.nan_to_num(values, nan=np.inf) <= x).astype(float)[:, None]
        share, covariance = design.ratio(below, np.ones_like(below), domain)
        ends = wald_interval(share, standard_errors(covariance), df=df)
        return float(ends[0][0]), float(ends[1][0])

    found = woodruff(values[place], design.weight[place], q, interval, critical=critical, rule=rule)
    return Row(found.estimate, found.se, found.lower, found.upper, df)


# The targets of the reference's README: shares of sum(PWGTP).
NATIVITY, SEX, AGE = [0.86, 0.14], [0.492, 0.508], [0.195, 0.14, 0.41, 0.12, 0.135]


def calibrated(acs, kind, weights):
    """The weights calibrated as the reference says, and what linearisation needs to follow."""
    foreign, female, age = acs["foreign"], acs["female"], acs["agegroup"]
    population = acs.weights[:, 0].sum()
    margins = [(foreign, NATIVITY), (female, SEX), (age, AGE)]
    if kind == "postStratify":
        cell = foreign * 2 + female
        totals = population * np.outer(NATIVITY, SEX).ravel()
        return calibration.post_stratify(weights, cell, totals), calibration.indicators(cell), "design"
    x = calibration.indicators(foreign, female, age)
    if kind == "rake":
        sides = [(codes, population * np.array(shares)) for codes, shares in margins]
        return calibration.rake(weights, sides), x, "equal"
    totals = population * np.concatenate([NATIVITY, SEX, AGE])
    # The bounds are not stated beside the reference; its weights lie on the logit curve of (0.5, 2) exactly.
    distance = kind.removeprefix("cal_")
    bounds = (0.5, 2.0) if distance == "logit" else None
    return calibration.calibrate(weights, x, totals, distance=distance, bounds=bounds), x, "design"


def calibrated_linear(acs, kind):
    design = acs.weights[:, 0]
    weight, x, regression = calibrated(acs, kind, design)
    return Linear(
        weight,
        acs["state"],
        acs["household"],
        residual=lambda z: influence.calibrated_scores(z, weight, design, x, regression=regression),
    )
