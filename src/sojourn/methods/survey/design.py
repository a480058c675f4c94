"""How a sample was drawn, and so how the error of an estimate is computed: declared, never guessed.

A file of microdata does not say how its errors are to be computed; its documentation does. A `Design` writes
that down once: the weight, and either replicate weights with their scale, or strata and clusters, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from sojourn.errors import UsageError
from sojourn.methods.survey.naming import Names, expanded, listed

Center = Literal["estimate", "mean"]
LONELY = ("fail", "certainty", "remove", "adjust", "average")
"""What may be done with a stratum of which one cluster was drawn."""


@dataclass(frozen=True, slots=True)
class Design:
    """A declared sample design; made by `Design.sdr`, `.brr`, `.fay`, `.jackknife`, `.bootstrap`, `.taylor`.

    With replicates r = 1 … R the variance of an estimate t is

        V = scale · Σ_r rscales_r (t_r - c)² ,    c = t ("estimate") or the mean of the t_r ("mean")

    and without them it is linearised from sums per cluster. Replicates that are declared are always used.

    >>> Design.sdr("PWGTP", "PWGTP1..80").scale
    0.05
    >>> Design.sdr("PWGTP", "PWGTP1..80").replicates[:2]
    ('PWGTP1', 'PWGTP2')
    """

    kind: str
    weight: str
    replicates: tuple[str, ...] = ()
    prefix: str | None = None
    scale: float | None = None
    rscales: tuple[float, ...] | None = None
    rho: float = 0.0
    center: Center = "mean"
    combined_weights: bool = True
    strata: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    lonely: str = "fail"
    nest: bool = True
    df: float | None = None
    delete_one: bool = False

    @classmethod
    def sdr(
        cls,
        weight: str,
        replicates: Names,
        *,
        center: Center = "estimate",
        combined_weights: bool = True,
        df: float | None = None,
    ) -> Design:
        """Declare successive difference replication: V = 4/R · Σ (t_r - t)², as for the ACS and the CPS.

        Args:
            weight: the column of the full weight.
            replicates: columns, or a pattern ("PWGTP1..80", "PWGTP[1-80]"), or a prefix ("PWGTP").
            center: "estimate" as the Census Bureau does, or "mean" of the replicates.
            combined_weights: False where replicates are factors to be multiplied by the weight.
            df: degrees of freedom; R - 1 where not given.

        Source: Fay and Train (1995); US Census Bureau, ACS Accuracy of the Data.
        """
        return cls._replicated("SDR", weight, replicates, center, combined_weights, df)

    @classmethod
    def brr(
        cls,
        weight: str,
        replicates: Names,
        *,
        center: Center = "mean",
        combined_weights: bool = True,
        df: float | None = None,
    ) -> Design:
        """Declare balanced repeated replication: V = 1/R · Σ (t_r - c)². Source: McCarthy (1966)."""
        return cls._replicated("BRR", weight, replicates, center, combined_weights, df)

    @classmethod
    def fay(
        cls,
        weight: str,
        replicates: Names,
        rho: float,
        *,
        center: Center = "mean",
        combined_weights: bool = True,
        df: float | None = None,
    ) -> Design:
        """Declare Fay's variant of BRR: V = 1/(R (1 - ρ)²) · Σ (t_r - c)². Source: Judkins (1990).

        Raises:
            UsageError: rho is not in [0, 1).
        """
        if not 0 <= rho < 1:
            raise UsageError(f"Fay's rho is {rho:g}", accepted="0 <= rho < 1")
        design = cls._replicated("Fay", weight, replicates, center, combined_weights, df)
        return replace(design, rho=rho)._scaled()

    @classmethod
    def jackknife(
        cls,
        weight: str,
        replicates: Names,
        kind: Literal["JK1", "JKn"] = "JK1",
        *,
        scale: float | None = None,
        rscales: float | Iterable[float] | None = None,
        center: Center = "mean",
        combined_weights: bool = True,
        df: float | None = None,
        delete_one: bool = True,
    ) -> Design:
        """Declare a jackknife: JK1 V = (R-1)/R · Σ (t_r - c)²; JKn with rscales_r = (n_h - 1)/n_h.

        Args:
            weight, replicates, center, combined_weights, df: as in `sdr`.
            kind: "JK1" (no strata) or "JKn" (stratified: `rscales` must be given, one per replicate).
            scale: factor of the whole sum; (R-1)/R for JK1 and 1 for JKn where not given.
            rscales: one factor per replicate, or one for all.
            delete_one: True where each replicate leaves one cluster out; then quantiles are refused,
                because that variance is inconsistent for them, unless Woodruff's interval is asked for.
                False for a delete-a-group jackknife.

        Source: Rust and Rao (1996).
        """
        if kind not in ("JK1", "JKn"):
            raise UsageError(f"There is no jackknife {kind!r}", accepted="JK1 or JKn")
        if kind == "JKn" and rscales is None:
            raise UsageError(
                "A stratified jackknife needs the factor of every replicate",
                accepted="rscales=(n_h - 1)/n_h of the stratum that the replicate leaves a cluster out of",
            )
        design = cls._replicated(kind, weight, replicates, center, combined_weights, df)
        return replace(design, delete_one=delete_one)._scaled(scale, rscales)

    @classmethod
    def bootstrap(
        cls,
        weight: str,
        replicates: Names,
        *,
        scale: float | None = None,
        rscales: float | Iterable[float] | None = None,
        center: Center = "mean",
        combined_weights: bool = True,
        df: float | None = None,
    ) -> Design:
        """Declare bootstrap replicates: V = scale · Σ rscales_r (t_r - c)², scale 1/R where not given.

        Source: Rao, Wu and Yue (1992).
        """
        design = cls._replicated("bootstrap", weight, replicates, center, combined_weights, df)
        return design._scaled(scale, rscales)

    @classmethod
    def taylor(
        cls,
        weight: str,
        strata: Names | None = None,
        clusters: Names | None = None,
        fpc: Names | None = None,
        *,
        lonely: str = "fail",
        nest: bool = True,
        df: float | None = None,
    ) -> Design:
        """Declare strata and clusters: errors are linearised from sums per cluster.

        Args:
            weight: the column of the weight.
            strata: the column of the stratum, or one per stage.
            clusters: the column of the cluster, or one per stage; None where every row is its own.
            fpc: the column of the number of clusters (or the share of them drawn) in the population of the
                stratum, or one per stage; None where the first stage was drawn with replacement, or nearly.
            lonely: what is done with a stratum that has one cluster: "fail", "certainty", "remove",
                "adjust" (centred on the mean of all), "average".
            nest: True where cluster numbers begin anew in each stratum.
            df: degrees of freedom; clusters less strata, in the domain, where not given.

        Source: Binder (1983); Lumley (2004) for the treatment of lonely clusters.
        """
        if lonely not in LONELY:
            raise UsageError(f"There is no rule {lonely!r} for lonely clusters", accepted=", ".join(LONELY))
        return cls(
            "taylor",
            weight,
            strata=listed(strata),
            clusters=listed(clusters),
            fpc=listed(fpc),
            lonely=lonely,
            nest=nest,
            df=df,
        )

    @classmethod
    def weights_only(cls, weight: str) -> Design:
        """Declare that nothing but a weight is known: estimates have no error, and say so."""
        return cls("weights only", weight)

    @classmethod
    def _replicated(
        cls, kind: str, weight: str, names: Names, center: Center, combined: bool, df: float | None
    ) -> Design:
        if center not in ("estimate", "mean"):
            raise UsageError(f"Replicates cannot be centred on {center!r}", accepted="estimate or mean")
        replicates, prefix = expanded(names)
        repeated = sorted({name for name in replicates if replicates.count(name) > 1})
        if repeated:
            raise UsageError(f"{len(repeated)} replicates are declared twice: {', '.join(repeated[:3])}")
        if weight in replicates:
            raise UsageError(f"{weight} is declared both as the weight and as a replicate of it")
        plan = cls(
            kind,
            weight,
            replicates,
            prefix,
            center=center,
            combined_weights=combined,
            df=df,
        )
        return plan._scaled()

    def _scaled(self, scale: float | None = None, rscales: float | Iterable[float] | None = None) -> Design:
        """Fill in the scale that follows from the kind and the number of replicates, once that is known."""
        count = len(self.replicates)
        factors = (float(rscales),) if isinstance(rscales, int | float) else rscales
        kept = self.rscales if factors is None else tuple(float(factor) for factor in factors)
        if count and kept is not None and len(kept) == 1:
            kept = kept * count
        if count and kept is not None and len(kept) != count:
            raise UsageError(f"{len(kept)} rscales for {count} replicates", accepted="one per replicate")
        known = self.scale if scale is None else scale
        if scale is None and count and (self.scale is None or self.kind == "Fay"):
            known = {
                "SDR": 4 / count,
                "BRR": 1 / count,
                "Fay": 1 / (count * (1 - self.rho) ** 2),
                "JK1": (count - 1) / count,
                "JKn": 1.0,
                "bootstrap": 1 / count,
            }[self.kind]
        return replace(self, scale=known, rscales=kept)

    @property
    def replicated(self) -> bool:
        """Whether replicate weights are declared."""
        return bool(self.replicates) or self.prefix is not None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the design needs in the file."""
        return tuple(dict.fromkeys((self.weight, *self.replicates, *self.strata, *self.clusters, *self.fpc)))

    def found_in(self, columns: Iterable[str]) -> Design:
        """Return this design with its replicates named, after checking that the file has every column.

        Raises:
            UsageError: columns are missing; replicates are fewer than declared.
        """
        there = list(columns)
        design = self
        if self.prefix is not None:
            pattern = re.compile(re.escape(self.prefix) + r"(\d+)")
            found = sorted((int(m[1]), name) for name in there if (m := pattern.fullmatch(name)))
            if not found:
                raise UsageError(f"No replicate weight {self.prefix}1, {self.prefix}2, … is in the file")
            design = replace(self, replicates=tuple(name for _, name in found), prefix=None)._scaled()
        missing = [name for name in design.replicates if name not in there]
        if missing:
            count = len(design.replicates)
            raise UsageError(
                f"{count} replicate weights are declared, {count - len(missing)} are in the file",
                where=f"not there: {', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}",
                advice="Declare those that the file has, or fetch the whole file.",
            )
        absent = [name for name in design.columns if name not in there]
        if absent:
            raise UsageError(
                f"Columns of the design are not in the file: {', '.join(absent)}",
                accepted=", ".join(there[:20]) + (" …" if len(there) > 20 else ""),
            )
        return design
