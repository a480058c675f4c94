"""Composite indices with their components, their rank intervals and the choices that move them."""

from sojourn.methods.composite.build import build
from sojourn.methods.composite.framework import Aggregate, Alternatives, Choices, Framework, Indicator
from sojourn.methods.composite.normalise import Normalisation
from sojourn.methods.composite.result import Composite, Uncertainty

__all__ = [
    "Aggregate",
    "Alternatives",
    "Choices",
    "Composite",
    "Framework",
    "Indicator",
    "Normalisation",
    "Uncertainty",
    "build",
]
