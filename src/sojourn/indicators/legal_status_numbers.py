"""The numbers by legal status, each with the assumptions that it rests on, and their series."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from sojourn.errors import UsageError
from sojourn.indicators.earnings import CURRENCY
from sojourn.indicators.model import Dimension, Series
from sojourn.indicators.survey_lines import Number
from sojourn.indicators.survey_rows import Floats
from sojourn.methods.legal_status import (
    Assumption,
    Cells,
    Measure,
    People,
    estimates_by_status,
    residual,
    sensitivity,
)
from sojourn.observations import breakdown

RESIDENTS, SENSITIVITY, VARIANCE = (
    "SJ_IRREGULAR_RESIDENTS",
    "SJ_IRREGULAR_SENSITIVITY",
    "SJ_IRREGULAR_VARIANCE",
)
JOBLESS, PAY = "SJ_LEGAL_STATUS_JOBLESS", "SJ_LEGAL_STATUS_PAY"
_IRREGULAR = (("nativity", "FOREIGN"), ("legal_status", "IRREGULAR"))
_SEX = {"female": "F", "male": "M"}


def stated(assumptions: Sequence[Assumption]) -> str:
    """Write the assumptions in one sentence.

    >>> stated([Assumption("missed", "undercount_legal", "fixed", {"value": 0.02}, "own guess")])
    'the interval contains sampling error and the assumptions: missed, fixed value=0.02 (own guess)'
    """
    lines = [
        f"{one.name}, {one.distribution} {' '.join(f'{name}={value:g}' for name, value in one.values.items())} "
        f"({one.source})"
        for one in assumptions
    ]
    return f"the interval contains sampling error and the assumptions: {'; '.join(lines)}"


def residents(
    cells: Cells,
    assumptions: Sequence[Assumption],
    people: People,
    notes: tuple[str, ...],
    seed: int,
    draws: int,
) -> Iterator[Number]:
    """Give irregular residents in total and by each variable of the cells."""
    found = residual(cells, assumptions, np.random.default_rng(seed), draws)
    possible = np.bincount(people.cell[people.possible], minlength=len(cells.counted))
    every = np.ones(len(cells.counted), bool)
    groups = [("", "", every)]
    shown = {"sex", *(one.name.lower() for one in _OF_CELLS)}
    for name, codes in cells.keys.items():
        if name not in shown:
            continue
        of_variable = np.array(codes)
        groups += [(name, str(code), of_variable == code) for code in sorted(set(codes) - {"_T"})]
    for name, code, inside in groups:
        sums = found.draws[:, inside].sum(axis=1)
        lower, upper = (float(one) for one in np.quantile(sums, [0.025, 0.975]))
        value = float(found.central[inside].sum())
        sure = value >= 0 and lower <= value <= upper
        place = (*_IRREGULAR, *((("sex", _SEX[code]),) if name == "sex" and code in _SEX else ()))
        yield Number(
            RESIDENTS,
            "PS",
            value,
            int(possible[inside].sum()),
            f"residual_method/1 [{draws} draws; seed {seed}]",
            se=float(sums.std()),
            lower=lower,
            upper=upper,
            breakdown=breakdown(**{name.upper(): slug(code)}) if name and name != "sex" else "",
            notes=(*notes, stated(assumptions)),
            place=place,
            missing="" if sure else "assumptions and counts contradict each other here",
        )


def sensitivities(
    cells: Cells, assumptions: Sequence[Assumption], n: int, seed: int, draws: int
) -> Iterator[Number]:
    """Give what each assumption does to the total."""
    try:
        lines = sensitivity(cells, assumptions, np.random.default_rng(seed), draws)
    except UsageError:
        return  # nothing varies
    method = f"sensitivity/1 [{draws} draws; seed {seed}]"
    for line in lines:
        code = slug(line.name)
        for end, value in (("LOW", line.low), ("HIGH", line.high)):
            if value is not None:
                yield Number(
                    SENSITIVITY, "PS", value, n, method, breakdown=breakdown(ASSUMPTION=code, AT=end),
                    place=_IRREGULAR, certain=True, notes=(f"{line.name}; all others at their medians",),
                )  # fmt: skip
        for effect, share in (("FIRST_ORDER", line.first_order), ("TOTAL", line.total)):
            yield Number(
                VARIANCE, "PT", 100 * share, n, method, breakdown=breakdown(ASSUMPTION=code, EFFECT=effect),
                place=_IRREGULAR, certain=True, notes=(line.name,),
            )  # fmt: skip


def by_status(
    series: tuple[str, str, float],
    cells: Cells,
    assumptions: Sequence[Assumption],
    people: People,
    values: Floats,
    notes: tuple[str, ...],
    draws: tuple[int, int, int],
) -> Iterator[Number]:
    """Give the mean of a variable in irregular and in regular stay.

    Args:
        series: code, unit and the factor from the variable to the unit.
        cells, assumptions, people: of the foreign-born.
        values: of each person; NaN for those outside the universe.
        notes: what must be said.
        draws: seed, imputations, draws of the assumptions.
    """
    code, unit, factor = series
    seed, imputations, size = draws
    universe = np.isfinite(values)
    measure = Measure(code, np.nan_to_num(values), "mean", universe)
    method = f"imputed_status/1 [{imputations} imputations; {size} draws; seed {seed}]"
    try:
        found = estimates_by_status(
            cells, assumptions, people, [measure], np.random.default_rng(seed), imputations, draws=size
        )
    except UsageError as error:
        yield Number(code, unit, 0.0, 0, method, missing=error.what, place=_IRREGULAR, notes=notes)
        return
    lost = f"{100 * found.unplaced:.1f} per cent of the irregular residents have no place among the rows"
    for row in found.table.iter_rows(named=True):
        share = f"{100 * row['missing_share']:.0f} per cent of the variance is from the assumptions"
        yield Number(
            code,
            unit,
            factor * row["estimate"],
            int((universe & people.possible).sum()),
            method,
            se=factor * row["se"],
            lower=factor * row["lower"],
            upper=factor * row["upper"],
            notes=(*notes, lost, share, stated(assumptions)),
            place=(("nativity", "FOREIGN"), ("legal_status", row["status"].upper())),
        )


def slug(text: str) -> str:
    """Write text as a code of a breakdown.

    >>> slug("emigration of legal residents (high)"), slug("2015..2024"), slug("IND|MEX")
    ('EMIGRATION_OF_LEGAL_RESIDENTS_HIGH', '2015..2024', 'IND+MEX')
    """
    return re.sub(r"[^A-Z0-9_+<>.\-]+", "_", text.upper().replace("|", "+")).strip("_")


_ASSUMPTION = Dimension("ASSUMPTION", "assumption", {}, "not used", open_codes=True)
_OF_CELLS = tuple(
    Dimension(name.upper(), words, {}, "all", open_codes=True)
    for name, words in (
        ("year_of_arrival", "year of arrival"),
        ("years_since_arrival", "years since arrival"),
        ("age", "age"),
        ("birthplace", "country of birth"),
        ("place", "place of residence"),
        ("education", "education (ISCED level)"),
    )
)
_LIMITS = "Estimated, never asked; the interval holds the assumptions of the office that stated them."

SERIES = (
    Series(
        code=RESIDENTS,
        name="Residents in irregular stay, estimated",
        definition="Foreign-born residents less those legally resident, by the residual method.",
        unit="PS",
        area_role="where they live",
        dimensions=_OF_CELLS,
        words=("irregular residents", "irregular migrants", "undocumented"),
        limits=_LIMITS,
    ),
    Series(
        code=SENSITIVITY,
        name="Residents in irregular stay, with one assumption changed",
        definition="The estimate with one assumption at its 2.5 or 97.5 per cent quantile, the others at medians.",
        unit="PS",
        area_role="where they live",
        dimensions=(
            _ASSUMPTION,
            Dimension(
                "AT", "end", {"LOW": "2.5 per cent quantile", "HIGH": "97.5 per cent quantile"}, "not used"
            ),
        ),
        words=("sensitivity of irregular residents",),
        limits=_LIMITS,
    ),
    Series(
        code=VARIANCE,
        name="What makes the estimate of irregular residents uncertain",
        definition="Share of the estimate's variance that an assumption, or sampling, makes, in per cent.",
        unit="PT",
        area_role="where they live",
        dimensions=(
            _ASSUMPTION,
            Dimension(
                "EFFECT", "effect", {"FIRST_ORDER": "alone", "TOTAL": "with its interactions"}, "not used"
            ),
        ),
        words=("variance of irregular residents",),
        limits="Shares may be a little below 0 or above 100 by chance of the draws.",
    ),
    Series(
        code=JOBLESS,
        name="Unemployment of the foreign-born by estimated legal status",
        definition="Unemployed people in per cent of the labour force aged 15 and over, by imputed legal status.",
        unit="PT",
        area_role="where they live",
        better="lower",
        words=("unemployment by legal status",),
        limits=f"{_LIMITS} Differences that no odds state cannot be seen.",
    ),
    Series(
        code=PAY,
        name="Hourly pay of the foreign-born by estimated legal status",
        definition="Mean hourly pay of those with pay, in the survey's currency, by imputed legal status.",
        unit=CURRENCY,
        area_role="where they work",
        words=("pay by legal status",),
        limits=f"{_LIMITS} Differences that no odds state cannot be seen.",
    ),
)
