"""Charts of observations: one specification for the page, the report and the notebook.

Each function takes a Polars frame of observations with names joined (`area_name`, `counterpart_name`) and an
`About`, and returns a `Chart`: its `spec` for the page, `svg()` and `png()` drawn here, `alt` and `table()` for
those who do not look, and itself in a notebook. Equal rows give equal bytes.

>>> import polars as pl
>>> from sojourn.present.charts import About, trend
>>> rows = pl.DataFrame({"area_name": ["Mexico"] * 2, "period": ["2015", "2016"], "value": [8.1, 7.9],
...                      "lower": [7.7, 7.5], "upper": [8.5, 8.3], "level": [0.95] * 2, "status": ["A"] * 2})
>>> chart = trend(rows, About("Cost of remittances", "% of the amount", "World Bank"))
>>> chart.alt
'Mexico: 8.1 in 2015, 7.9 in 2016. Numbers shown: 2; suppressed: 0; missing: 0'
>>> chart.svg() == chart.svg()
True
"""

from sojourn.present.charts.about import About, Projection, Target
from sojourn.present.charts.bundle import Bundle, write_bundle
from sojourn.present.charts.chart import Chart
from sojourn.present.charts.choropleth import choropleth
from sojourn.present.charts.distribution import distribution
from sojourn.present.charts.flows import flows
from sojourn.present.charts.matrix import matrix
from sojourn.present.charts.ranking import ranking
from sojourn.present.charts.shapes import NoShapesError, Shapes, shapes
from sojourn.present.charts.trend import trend
from sojourn.present.charts.words import disclaimer

__all__ = [
    "About",
    "Bundle",
    "Chart",
    "NoShapesError",
    "Projection",
    "Shapes",
    "Target",
    "choropleth",
    "disclaimer",
    "distribution",
    "flows",
    "matrix",
    "ranking",
    "shapes",
    "trend",
    "write_bundle",
]
