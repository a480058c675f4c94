"""The design of a sample as errors are computed by it: from a mapping, or from what a person declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sojourn.errors import UsageError
from sojourn.methods.survey import Design
from sojourn.sources.microdata.mapping import Design as Mapped

METHODS = ("sdr", "brr", "fay", "jk1", "jkn", "bootstrap", "taylor", "weights")
Center = Literal["estimate", "mean"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """A design as options state it; `declared` makes a `Design` of it.

    Attributes:
        method: one of METHODS; empty: "taylor" where strata or clusters are named, else "weights".
        weight: column of the weight.
        replicates: columns or a pattern such as PWGTP1..80.
        strata, clusters, fpc: columns, one per stage.
        scale, rscales, rho: as the survey's documentation states them.
        center: "estimate" or "mean"; empty: that of the method.
        factors: whether replicates are factors to be multiplied by the weight.
        lonely: what is done with strata of one cluster; empty: as the mapping says, else it is an error.
        df: degrees of freedom, where the design's own are not wanted.
    """

    method: str = ""
    weight: str = ""
    replicates: Sequence[str] | str = ()
    strata: Sequence[str] = ()
    clusters: Sequence[str] = ()
    fpc: Sequence[str] = ()
    scale: float | None = None
    rscales: Sequence[float] = ()
    rho: float | None = None
    center: str = ""
    factors: bool = False
    lonely: str = ""
    df: float | None = None

    @property
    def given(self) -> bool:
        """Whether anything was declared."""
        return bool(self.method or self.weight or self.replicates or self.strata or self.clusters or self.fpc)


def declared(one: Declaration) -> Design:
    """Make the design that options declare; nothing of it is guessed.

    Raises:
        UsageError: the method is missing or unknown, or its parts do not belong together.

    >>> declared(Declaration("sdr", "PWGTP", "PWGTP1..80")).scale
    0.05
    >>> declared(Declaration(weight="w", strata=["region"])).kind
    'taylor'
    """
    staged = bool(one.strata or one.clusters or one.fpc)
    method = one.method.lower() or ("" if one.replicates else "taylor" if staged else "weights")
    if not one.weight:
        raise UsageError(
            "No weight is declared",
            accepted="--weight COLUMN, with --replicates and --method, or --strata and --clusters",
            advice="Or give a mapping with --mapping, which declares the design.",
        )
    if method not in METHODS:
        raise UsageError(
            f"There is no method {one.method!r}"
            if one.method
            else "Replicates are declared without their method",
            accepted=", ".join(METHODS),
            advice="The survey's documentation says it; nothing of a design is guessed.",
        )
    if bool(one.replicates) != (method not in ("taylor", "weights")):
        wanted = "has no replicates" if one.replicates else "needs --replicates"
        raise UsageError(
            f"The method {method} {wanted}",
            advice="Declared replicates are never ignored: name their method.",
        )
    if staged and method != "taylor":
        raise UsageError(
            f"Strata, clusters and population sizes belong to the method taylor, not to {method}",
            advice="Leave out the one or the other.",
        )
    return _made(method, one)


def _made(method: str, one: Declaration) -> Design:
    if method == "weights":
        return Design.weights_only(one.weight)
    if method == "taylor":
        return Design.taylor(
            one.weight,
            list(one.strata),
            list(one.clusters),
            list(one.fpc),
            lonely=one.lonely or "fail",
            df=one.df,
        )
    common: dict[str, Any] = {"df": one.df, "combined_weights": not one.factors}
    if one.center:
        common["center"] = one.center
    weight, replicates = one.weight, one.replicates
    scales: dict[str, Any] = common | {"scale": one.scale, "rscales": list(one.rscales) or None}
    if method in ("jk1", "jkn"):
        kind: Literal["JK1", "JKn"] = "JK1" if method == "jk1" else "JKn"
        return Design.jackknife(weight, replicates, kind, **scales)
    if method == "bootstrap":
        return Design.bootstrap(weight, replicates, **scales)
    if one.scale is not None or one.rscales:
        raise UsageError(
            f"The scale of {method} follows from the number of replicates", advice="Leave it out."
        )
    if method == "fay":
        if one.rho is None:
            raise UsageError("Fay's method needs its factor", accepted="--rho, from 0 to below 1")
        return Design.fay(weight, replicates, one.rho, **common)
    return (Design.sdr if method == "sdr" else Design.brr)(weight, replicates, **common)


def of_mapping(design: Mapped, *, df: float | None = None, lonely: str = "") -> Design:
    """Make the design that a mapping declares, its columns under their standard names.

    >>> of_mapping(Mapped(kind="weights", weight="weight")).kind
    'weights only'
    """
    if design.kind == "none":
        return Design.weights_only("weight")
    follows = design.kind in ("sdr", "brr", "fay")
    found = declared(
        Declaration(
            design.kind,
            design.weight,
            design.replicate_columns,
            design.strata,
            design.clusters,
            design.fpc,
            None if follows else design.scale,
            () if follows else design.rscales,
            design.fay,
            design.centre if design.replicates else "",
            lonely=lonely or getattr(design, "lonely", ""),
            df=df,
        )
    )
    # Of these three the scale follows from the kind; a mapping may repeat it, and not change it.
    if follows and (design.rscales or (design.scale and abs(design.scale / (found.scale or 1) - 1) > 1e-9)):
        raise UsageError(
            f"The mapping states a scale that is not that of {design.kind}",
            accepted=f"{found.scale:.6g}",
            advice='Declare kind = "bootstrap", which takes any scale.',
        )
    return found


def in_words(design: Design, weight: str = "") -> str:
    """Say a design in a sentence.

    >>> in_words(Design.sdr("PWGTP", "PWGTP1..80"))
    'SDR, 80 replicates of PWGTP: V = 0.05 · Σ (t_r - t)²'
    """
    named = weight or design.weight
    if design.kind == "weights only":
        return f"{named} only: no error is known until replicates, or strata and clusters, are declared"
    if design.kind == "taylor":
        parts = {"strata": design.strata, "clusters": design.clusters, "population sizes": design.fpc}
        told = [f"{what} {', '.join(names)}" for what, names in parts.items() if names]
        rule = "" if design.lonely == "fail" else f"; strata of one cluster: {design.lonely}"
        return f"linearised (Taylor), weight {named}; {'; '.join(told) or 'every row drawn by itself'}{rule}"
    centre = "t" if design.center == "estimate" else "mean of t_r"
    scale = "" if design.scale is None else f"{design.scale:.6g} · "
    factor = "rscale_r " if design.rscales else ""
    kind = f"Fay ({design.rho:g})" if design.kind == "Fay" else design.kind
    return f"{kind}, {len(design.replicates)} replicates of {named}: V = {scale}Σ {factor}(t_r - {centre})²"
