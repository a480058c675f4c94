"""Countries, regions and groups: the one place where publishers' codes become our codes.

An area has one code everywhere: ISO 3166-1 alpha-3 for countries and areas (`XKX` for Kosovo), the
three-digit M49 number for regions and for the United Nations' development groups (`001` is the
world), `WB_` and the World Bank's own letters for its groups, and `G20`.

Readers of official files map whole columns with `to_area`, exactly or not at all, and report what
`unmapped` returns. People type what they like into `resolve`. The facts are in the CSV files beside
this module; README.md there says where they come from and what was decided.

>>> import polars as pl
>>> from sojourn import areas
>>> areas.to_area(pl.Series(["Egypt, Arab Rep.", "Korea, Rep.", "Southern Africa"]), "name").to_list()
['EGY', 'KOR', '018']
>>> areas.resolve("美国"), areas.name("MEX", "ar"), areas.members("053")
('USA', 'المكسيك', ('AUS', 'CCK', 'CXR', 'HMD', 'NFK', 'NZL'))
"""

from sojourn.areas.codes import SCHEMES, to_area, unmappable, unmapped
from sojourn.areas.facts import table
from sojourn.areas.groups import groups_of, members, memberships
from sojourn.areas.names import LANGUAGES, close, has_name, name, recognise, resolve

__all__ = [
    "LANGUAGES",
    "SCHEMES",
    "close",
    "groups_of",
    "has_name",
    "members",
    "memberships",
    "name",
    "recognise",
    "resolve",
    "table",
    "to_area",
    "unmappable",
    "unmapped",
]
