"""Charts of observations: one specification for the page, the report and the notebook."""

from sojourn.present.charts.about import About, Projection, Target

__all__ = ["About", "Projection", "Target"]
