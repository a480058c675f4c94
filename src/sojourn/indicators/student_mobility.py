"""Internationally mobile students: how many, from where, and in proportion to tertiary enrolment at home.

    inbound mobility rate   = 100 x inbound / enrolment
    outbound mobility ratio = 100 x outbound / enrolment
    net flow ratio          = 100 x (inbound - outbound) / enrolment

inbound are mobile students whom the country hosts, outbound are students from the country who study abroad, and
enrolment is all tertiary students (ISCED 5 to 8) at home in the same year. Origin is where a student finished
upper secondary school. Where the outbound number is not in the files, it is the inbound number less the net flow.

Where enrolment is not in the files, but a published net flow ratio is, enrolment is implied: 100 x net flow /
ratio. The two may be of different vintages, so the rates computed with it carry their own method, and none is
computed where the two have different signs or the ratio is below 0.01 (its last printed digit is 0.00001).
Where neither is there, the newest year of each country says "cannot compute, because". Published rates stand
beside the computed ones. Students by origin and destination are given as published.

SDG 4.b.1 is aid for scholarships (ODA), not mobility, and is not this.

Limits: outbound counts only students whom their hosts report; credit mobility (a term abroad) is left out; some
hosts count citizenship, not origin. No error is published.

Sources: UNESCO Institute for Statistics, glossary (inbound mobility rate, outbound mobility ratio, net flow of
internationally mobile students); World Bank EdStats codes of the same figures.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Indicator, Parameters, Tables
from sojourn.indicators.published import AS_PUBLISHED, published_indicators
from sojourn.indicators.student_mobility_series import SERIES
from sojourn.indicators.vintages import newest

CODE = "SJ.student_mobility"

_SERIES_OF = {
    # measure: series, unit, breakdown
    "INBOUND": ("SJ_STUDENTS_INBOUND", "NUMBER", ""),
    "OUTBOUND": ("SJ_STUDENTS_OUTBOUND", "NUMBER", ""),
    "NET": ("SJ_STUDENTS_NET", "NUMBER", ""),
    "INBOUND_RATE": ("SJ_STUDENTS_INBOUND_RATE", "PT", ""),
    "OUTBOUND_RATIO": ("SJ_STUDENTS_OUTBOUND_RATIO", "PT", ""),
    "NET_RATIO": ("SJ_STUDENTS_NET_RATIO", "PT", ""),
    "PAIR": ("SJ_STUDENTS_BY_ORIGIN", "NUMBER", ""),
    "PAIR_AND_LEVELS": ("SJ_STUDENTS_BY_ORIGIN", "NUMBER", "COUNTED=TOTAL_AND_LEVELS"),
}

_RATES = {"INBOUND_RATE": "INBOUND", "OUTBOUND_RATIO": "OUTBOUND", "NET_RATIO": "NET"}

# Codes of the World Bank's education statistics for figures of UIS.
_EDSTATS_NUMBERS = {"UIS.MS.56.T": ("SJ_STUDENTS_INBOUND", ""), "UIS.MENF.56": ("SJ_STUDENTS_NET", "")}
_EDSTATS_RATES = {
    "UIS.MSEP.56": ("SJ_STUDENTS_INBOUND_RATE", ""),
    "UIS.OMR.56": ("SJ_STUDENTS_OUTBOUND_RATIO", ""),
    "UIS.MENFR.56": ("SJ_STUDENTS_NET_RATIO", ""),
}

_SMALLEST_RATIO = 0.01
_NO_ERROR = "no error is known"
_KEY = ["area", "period"]


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published figures, and compute the numbers abroad and the rates where their parts are there."""
    frames = [
        published_indicators(tables, CODE, _EDSTATS_NUMBERS, "NUMBER"),
        published_indicators(tables, CODE, _EDSTATS_RATES, "PT"),
    ]
    students = tables.get("mobile_students")
    if students is not None:
        counts = _counts(students)
        enrolment = _enrolment(tables, students)
        implied = _implied_enrolment(students)
        computed = [
            _computed_outbound(counts),
            _rates(counts, enrolment, "mobility_by_enrolment/1", _NO_ERROR, list(_RATES)),
            _rates(
                counts,
                implied,
                "mobility_by_implied_enrolment/1",
                f"enrolment implied by the published net flow ratio; {_NO_ERROR}",
                ["INBOUND_RATE", "OUTBOUND_RATIO"],
            ),
        ]
        frames += [_published(students), *computed, _cannot(counts, enrolment, implied)]
    return [frame for frame in frames if frame.height]


def _published(students: pl.DataFrame) -> pl.DataFrame:
    """Give every figure as its publisher does; enrolment itself is no figure of mobility."""
    known = students.filter(pl.col("measure").is_in(list(_SERIES_OF)))
    doubled = pl.col("measure") == "PAIR_AND_LEVELS"
    names = ("series", "unit", "breakdown")
    parts = {name: {measure: of[i] for measure, of in _SERIES_OF.items()} for i, name in enumerate(names)}
    return known.select(
        pl.lit(CODE).alias("indicator"),
        "area",
        "counterpart",
        "period",
        *(
            pl.col("measure").replace_strict(codes, return_dtype=pl.String).alias(name)
            for name, codes in parts.items()
        ),
        "value",
        pl.when(doubled)
        .then(pl.lit("U"))
        .when("estimated")
        .then(pl.lit("E"))
        .otherwise(pl.lit("A"))
        .alias("status"),
        "source",
        pl.lit(AS_PUBLISHED).alias("method"),
        pl.when(doubled)
        .then(pl.lit("the copy adds the total and its levels: most students count twice"))
        .otherwise(pl.lit(_NO_ERROR))
        .alias("note"),
    )


def _of(students: pl.DataFrame, measure: str) -> pl.DataFrame:
    """One measure of its newest vintage."""
    return newest(students.filter(measure=measure)).select(*_KEY, "value", "source")


def _counts(students: pl.DataFrame) -> pl.DataFrame:
    """Put inbound, outbound and net numbers side by side; what is not published is computed from the others.

    An outbound number below zero (the net flow is greater than the inbound number) is not known.
    """
    inbound = _of(students, "INBOUND").rename({"value": "INBOUND"})
    net = _of(students, "NET").rename({"value": "NET"})
    outbound = _of(students, "OUTBOUND").rename({"value": "OUTBOUND"})
    sides = inbound.join(net, on=_KEY, how="full", coalesce=True, suffix="_net")
    sides = sides.join(outbound, on=_KEY, how="full", coalesce=True, suffix="_out")
    less = pl.col("INBOUND") - pl.col("NET")
    return sides.select(
        *_KEY,
        "INBOUND",
        pl.coalesce("NET", pl.col("INBOUND") - pl.col("OUTBOUND")).alias("NET"),
        pl.coalesce("OUTBOUND", pl.when(less >= 0).then(less)).alias("OUTBOUND"),
        pl.col("OUTBOUND").is_null().alias("computed"),
        _joined("source", "source_net", "source_out").alias("source"),
    ).sort(_KEY)


def _joined(*names: str) -> pl.Expr:
    """Name each source once, in the order of their names."""
    return pl.concat_list(names).list.drop_nulls().list.unique().list.sort().list.join("+")


def _computed_outbound(counts: pl.DataFrame) -> pl.DataFrame:
    computed = counts.filter(pl.col("computed") & pl.col("OUTBOUND").is_not_null())
    return _observed(
        computed, "OUTBOUND", pl.col("OUTBOUND"), "inbound_less_net/1", f"inbound less net flow; {_NO_ERROR}"
    )


def _enrolment(tables: Tables, students: pl.DataFrame) -> pl.DataFrame:
    """Tertiary enrolment of UIS, else of the World Bank's copy."""
    own = _of(students, "ENROLMENT").filter(pl.col("value") > 0)
    others = tables.get("development_indicators")
    if own.height or others is None:
        return own
    bank = newest(others.filter(code="SE.TER.ENRL")).select(*_KEY, "value", "source")
    return bank.filter(pl.col("value") > 0)


def _implied_enrolment(students: pl.DataFrame) -> pl.DataFrame:
    """Enrolment that makes the published net flow ratio out of the published net flow."""
    both = _of(students, "NET").join(_of(students, "NET_RATIO"), on=_KEY, suffix="_ratio").sort(_KEY)
    enrolment = 100 * pl.col("value") / pl.col("value_ratio")
    return both.filter((pl.col("value_ratio").abs() >= _SMALLEST_RATIO) & (enrolment > 0)).select(
        *_KEY, enrolment.alias("value"), _joined("source", "source_ratio").alias("source")
    )


def _rates(
    counts: pl.DataFrame, enrolment: pl.DataFrame, method: str, note: str, rates: list[str]
) -> pl.DataFrame:
    both = counts.join(enrolment, on=_KEY, suffix="_enrolment").sort(_KEY)
    parts = pl.concat_str("source", "source_enrolment", separator="+").str.split("+")
    both = both.with_columns(parts.list.unique().list.sort().list.join("+").alias("source"))
    return pl.concat(
        [
            _observed(
                both.filter(pl.col(_RATES[rate]).is_not_null()),
                rate,
                100 * pl.col(_RATES[rate]) / pl.col("value"),
                method,
                note,
            )
            for rate in rates
        ]
    )


def _cannot(counts: pl.DataFrame, enrolment: pl.DataFrame, implied: pl.DataFrame) -> pl.DataFrame:
    """Say of the newest year of each country why it has no inbound mobility rate, where it has none."""
    last = counts.filter(pl.col("INBOUND").is_not_null()).filter(
        pl.col("period") == pl.col("period").max().over("area")
    )
    without = last.join(enrolment, on=_KEY, how="anti").join(implied, on=_KEY, how="anti")
    why = f"cannot compute, because no file holds tertiary enrolment of this year (UIS 25053); {_NO_ERROR}"
    return _observed(
        without, "INBOUND_RATE", pl.lit(None, pl.Float64), "mobility_by_enrolment/1", why
    ).with_columns(pl.lit("M").alias("status"))


def _observed(rows: pl.DataFrame, measure: str, value: pl.Expr, method: str, note: str) -> pl.DataFrame:
    series, unit, _ = _SERIES_OF[measure]
    return rows.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit(series).alias("series"),
        *_KEY,
        value.alias("value"),
        pl.lit(unit).alias("unit"),
        pl.lit("A").alias("status"),
        "source",
        pl.lit(method).alias("method"),
        pl.lit(note).alias("note"),
    )


INDICATOR = Indicator(
    code=CODE,
    name="International mobility of students",
    series=SERIES,
    needs=(("mobile_students", "development_indicators"),),
    uses=("mobile_students",),
    compute=compute,
    explanation=__doc__,
)
