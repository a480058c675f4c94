"""What of a series can be shown as pictures: its course over time, and its areas side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from sojourn import observations
from sojourn.release.periods import end_of
from sojourn.release.strands import strands
from sojourn.web.corridors import countries
from sojourn.web.holding import Holding, as_text
from sojourn.web.languages import N_, number, plain, plain_area
from sojourn.web.pages import pictures
from sojourn.web.pages.kept import Kept

if TYPE_CHECKING:
    from sojourn.web.pages.series import Chosen

_NEWEST = N_("Newest number of each, {first} to {last}")
_CHANGE = N_("{area}: {first} in {start}, {last} in {end}")
_ONE = N_("{area}: {last} in {end}")
_EXTREMES = N_("{count} numbers; highest: {highest} ({most}), lowest: {lowest} ({least})")
_TABLE = N_("The table says the same in numbers.")
_NOTHING = N_("There is no number to show.")

_kept = Kept(400)

_FEW = 2
_SPREAD = 8
_PROJECTION, _PROBABILITY = "SJ_PROGRESS_PROJECTION", "SJ_PROGRESS_PROBABILITY"


@dataclass(frozen=True)
class Across:
    """Areas side by side, at one time.

    Attributes:
        rows: one for each country, or for each pair where there is no total of an area; the largest first.
        others: regions and groups.
        corridors: whether the rows are pairs.
    """

    rows: pl.DataFrame
    others: pl.DataFrame
    corridors: bool

    @property
    def valued(self) -> int:
        """How many countries or pairs have a number."""
        return self.rows.height - self.rows["value"].null_count()


@dataclass(frozen=True)
class Ahead:
    """Where a series goes if it goes on as before.

    Attributes:
        rows: period, value, lower, upper.
        level: of the interval.
        chance: of meeting the target, 0 to 1; None where it was not computed.
    """

    rows: pl.DataFrame
    level: float
    chance: float | None


def course(found: pl.DataFrame, chosen: Chosen) -> pl.DataFrame:
    """Give the numbers of the chosen areas over time."""
    ends = pl.col("counterpart") == chosen.counterpart
    own = pl.any_horizontal([pl.lit(False), *(pl.col("area") == one for one in chosen.areas)])
    return as_text(found.filter(own, ends))


def anytime(found: pl.DataFrame, chosen: Chosen) -> pl.DataFrame:
    """Give what `across` chooses from, of any period: totals of areas, else pairs where no other end is chosen."""
    totals = found.filter(pl.col("counterpart") == chosen.counterpart)
    return totals if totals.height or chosen.counterpart else found


def across(found: pl.DataFrame, chosen: Chosen) -> Across:
    """Give all areas at the chosen period, else the newest number of each."""
    at = pl.col("period") == chosen.period if chosen.period else pl.col("latest")
    rows = found.filter(at)
    totals = rows.filter(pl.col("counterpart") == chosen.counterpart)
    # Where there is no number at all, nothing can be said of what the numbers are about.
    corridors = rows.height > 0 and not totals.height and not chosen.counterpart
    table = as_text(rows if corridors else totals)
    table = table.sort("value", "area", "counterpart", descending=[True, False, False], nulls_last=True)
    is_country = pl.col("area").is_in(countries())
    return Across(table.filter(is_country), table.filter(~is_country), corridors)


def periods_across(found: pl.DataFrame, chosen: Chosen) -> list[str]:
    """List the periods at which several areas can be compared, oldest first."""
    is_country = pl.col("area").cast(pl.String).is_in(countries())
    rows = found.filter(pl.col("value").is_not_null(), is_country)
    own = rows.filter(pl.col("counterpart") == chosen.counterpart)
    counted = (own if own.height else rows).group_by("period").agg(pl.col("area").n_unique())
    known = [str(period) for period, count in counted.iter_rows() if count >= _FEW]
    return sorted(known, key=lambda one: (end_of(one), -len(one)))


@dataclass(frozen=True)
class Beside:
    """What a page says of areas side by side, without their rows.

    Attributes:
        kinds: the pictures that they make.
        said: what these show, in words.
        when: of when the numbers are.
        times: the periods at which several areas can be compared, oldest first.
    """

    kinds: tuple[str, ...]
    said: str
    when: str
    times: tuple[str, ...]


def beside(holding: Holding, chosen: Chosen, language: str) -> Beside:
    """Tell what can be shown of areas side by side; kept, because it is the same whoever is compared."""
    asked = (holding.name, chosen.series, repr(chosen.where), chosen.counterpart)

    def make() -> Beside:
        found = holding.found(chosen.series, chosen.where)
        side = across(found, chosen)
        times = _kept.get(asked, lambda: tuple(periods_across(found, chosen)))
        return Beside(_kinds(side, chosen), said_across(side, language), when(side, chosen, language), times)

    return _kept.get((*asked, chosen.period, language, pictures.maps()), make)


def drawable(course: pl.DataFrame, beside: Beside) -> tuple[str, ...]:
    """Name the pictures that can be asked for: those of the page, and at other times what its slider may reach."""
    others = ("map", "ranking", "distribution") if beside.times else ()
    known = dict.fromkeys((*kinds(course, beside), *(others if pictures.available() else ())))
    return tuple(one for one in known if one != "map" or pictures.maps())


def kinds(course: pl.DataFrame, beside: Beside) -> tuple[str, ...]:
    """Name the pictures that these numbers make, in the order of the page."""
    over_time = pictures.available() and course["value"].null_count() < course.height
    return (*(("trend",) if over_time else ()), *beside.kinds)


def _kinds(across: Across, chosen: Chosen) -> tuple[str, ...]:
    if not pictures.available():
        return ()
    possible = {
        "map": pictures.maps() and not across.corridors and across.valued >= _FEW,
        "flows": across.valued > 0 and (across.corridors or bool(chosen.counterpart)),
        "ranking": across.valued >= _FEW,
        "distribution": not across.corridors and across.valued >= _SPREAD,
    }
    return tuple(kind for kind, holds in possible.items() if holds)


def values_now(found: pl.DataFrame, chosen: Chosen) -> list[float]:
    """Give the newest number of each country: by these the classes of a map are made, at whatever time it is of.

    By the numbers of all times most countries would be in the darkest class now, because most counts have grown.
    """
    rows = found.filter(
        pl.col("latest"), pl.col("counterpart") == chosen.counterpart, pl.col("value").is_not_null()
    )
    own = rows.filter(pl.col("area").cast(pl.String).is_in(countries()))
    return own["value"].to_list()


def ahead(holding: Holding, chosen: Chosen) -> Ahead | None:
    """Give the projection of the chosen area, as the release computed it; None where it did not.

    Only the total of a series is projected, and only one area: several would hide one another.
    """
    total = not chosen.parts and all(value == "_T" for value in chosen.people.values())
    if len(chosen.areas) != 1 or not total or _PROJECTION not in holding.series:
        return None
    of = {
        "area": [chosen.areas[0]],
        "counterpart": [chosen.counterpart],
        "breakdown": [observations.breakdown(SERIES=chosen.series)],
    }
    rows = holding.numbers(_PROJECTION, of).drop_nulls("value")
    if not rows.height:
        return None
    told = holding.numbers(_PROBABILITY, of)["value"].drop_nulls()
    level = rows["level"].drop_nulls()
    return Ahead(
        rows.select("period", "value", "lower", "upper"),
        level[0] if level.len() else 0.95,
        told[-1] / 100 if told.len() else None,
    )


def when(across: Across, chosen: Chosen, language: str) -> str:
    """Say of when the numbers side by side are."""
    if chosen.period:
        return pictures.isolated(chosen.period, language)
    periods = sorted(across.rows.drop_nulls("value")["period"].unique(), key=end_of)
    if len(periods) < 2:
        return periods[0] if periods else ""
    first, last = (pictures.isolated(one, language) for one in (periods[0], periods[-1]))
    return plain(language, _NEWEST, first=first, last=last)


def said_over_time(course: pl.DataFrame, language: str) -> str:
    """Say what a picture over time shows: the first and the last number of each line, strand by strand."""
    told = []
    for code in dict.fromkeys(course["area"]):
        own = course.filter(pl.col("area") == code).drop_nulls("value")
        whole = own.filter(pl.col("status") != "P")  # the part of a year is no end of a change
        apart = strands((whole if whole.height else own).to_dicts())
        for one in apart:
            change = _change(plain_area(code, language), one.rows, language)
            # Where there are several, each says whose it is: from one to the other nothing is told as a change.
            told.append(f"{change} ({pictures.titled(one.sources)})" if len(apart) > 1 else change)
    return ". ".join([*told, plain(language, _TABLE)])


def _change(name: str, rows: Sequence[Mapping[str, Any]], language: str) -> str:
    first, last = rows[0], rows[-1]
    return plain(
        language,
        _CHANGE if len(rows) > 1 else _ONE,
        area=name,
        first=number(first["value"], language),
        start=first["period"],
        last=number(last["value"], language),
        end=last["period"],
    )


def said_across(across: Across, language: str) -> str:
    """Say what a picture of areas side by side shows: the highest and the lowest, and how many there are."""
    valued = across.rows.drop_nulls("value")
    if not valued.height:
        return plain(language, _NOTHING)
    most, least = valued.row(0, named=True), valued.row(-1, named=True)
    said = plain(
        language,
        _EXTREMES,
        count=number(float(valued.height), language),
        highest=_place(most, language),
        most=number(most["value"], language),
        lowest=_place(least, language),
        least=number(least["value"], language),
    )
    return f"{said}. {plain(language, _TABLE)}"


def _place(row: Mapping[str, Any], language: str) -> str:
    name = plain_area(row["area"], language)
    return f"{name} – {plain_area(row['counterpart'], language)}" if row["counterpart"] else name
