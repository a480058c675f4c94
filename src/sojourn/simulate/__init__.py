"""The simulated country: persons and households whose truth is known, and the survey taken of them.

`margins` holds the stated shares (published where a figure is published, invented where it says so),
`household` forms households, `migration` and `livelihood` give each person a life, `population` streams
the whole country, and `survey` draws a sample with successive-difference replicate weights and writes it.

The country is called `XSJ`, a code that ISO 3166 leaves to users, so that no row of it can pass for a real
country's. Every row of every file says `simulated`.

>>> import numpy as np
>>> from sojourn.simulate import Country, population
>>> persons = next(population(Country(households=100), np.random.default_rng(1)))
>>> persons["simulated"].all(), persons["household"].n_unique()
(True, 100)
"""

from sojourn.simulate.margins import AREA, Country
from sojourn.simulate.population import population
from sojourn.simulate.survey import survey, write

__all__ = ["AREA", "Country", "population", "survey", "write"]
