"""The simulated country: persons and households whose truth is known, and the survey taken of them.

`margins` holds the stated shares (published where a figure is published, invented where it says so),
`household` forms households, `migration` and `livelihood` give each person a life, `population` streams
the whole country, `replication` makes successive-difference replicate weights, and `survey` draws the
sample and writes the file with the mapping that reads it.

The country is called `XSJ`, a code that ISO 3166 leaves to users, so that no row of it can pass for a real
country's. Every row of every file says `simulated`.

>>> import numpy as np
>>> from sojourn.sources.simulated.country import Country, population
>>> persons = next(population(Country(households=100), np.random.default_rng(1)))
>>> persons["simulated"].all(), persons["household"].n_unique()
(True, 100)
"""

from sojourn.sources.simulated.country.margins import AREA, Country
from sojourn.sources.simulated.country.population import population
from sojourn.sources.simulated.country.survey import survey, write

__all__ = ["AREA", "Country", "population", "survey", "write"]
