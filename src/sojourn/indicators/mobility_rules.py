"""Choices of the mobility index: weights of permissions, goalposts, and how old its parts may be."""

from __future__ import annotations

from math import log
from typing import ClassVar

from pydantic import Field

from sojourn.indicators.model import Parameters


class MobilityIndexParameters(Parameters):
    """Our choices; the weights of permissions are not confirmed."""

    section: ClassVar[str] = "mobility_index"

    visa_free: float = Field(1.0, ge=0, le=1, description="Weight of entry without a visa")
    on_arrival: float = Field(0.7, ge=0, le=1, description="Weight of a visa on arrival")
    eta: float = Field(0.7, ge=0, le=1, description="Weight of an electronic travel authority")
    e_visa: float = Field(0.5, ge=0, le=1, description="Weight of an electronic visa")
    visa_required: float = Field(0.0, ge=0, le=1, description="Weight of a traditional visa")
    no_admission: float = Field(0.0, ge=0, le=1, description="Weight of no admission")
    least_share: float = Field(0.001, gt=0, lt=1, description="Share of migrants that counts as none")
    floor: float = Field(0.01, gt=0, lt=1, description="Value that a part does not fall below in the index")
    oldest: int = Field(10, ge=0, description="Years by which stocks and policies may be older than visas")

    def weights(self) -> dict[str, float]:
        """Give the weights by requirement."""
        names = ("visa_free", "on_arrival", "eta", "e_visa", "visa_required", "no_admission")
        return {name.upper(): getattr(self, name) for name in names}

    def goalposts(self) -> dict[str, tuple[float, float]]:
        """Give the lowest and highest meaningful value of each part, in its own measure."""
        whole = (0.0, 1.0)
        realised = (log(self.least_share), 0.0)
        return {"OUTWARD": whole, "INWARD": whole, "REALISED": realised, "PROTECTED": (0.0, 4.0)}
