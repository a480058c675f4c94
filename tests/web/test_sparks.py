"""A line of a word's size: in its box, in the order of time, with its intervals where all are known."""

from __future__ import annotations

from sojourn.web.pages.sparks import HEIGHT, WIDTH, bounds, spark


def row(period: str, value: float | None, lower: float | None = None, upper: float | None = None):
    return {"period": period, "value": value, "lower": lower, "upper": upper}


def points(text: str) -> list[tuple[float, float]]:
    return [tuple(map(float, one.split(","))) for one in text.split()]


def test_a_line_runs_with_time_and_rises_with_the_value():
    drawn = spark([row("2020", 3.0), row("2000", 1.0), row("2010", 2.0)])
    across, down = zip(*points(drawn.lines[0]), strict=True)
    assert list(across) == sorted(across)
    assert list(down) == sorted(down, reverse=True), "the greater, the nearer to the top"
    assert all(0 <= x <= WIDTH for x in across)
    assert all(0 <= y <= HEIGHT for y in down)
    assert (drawn.first["period"], drawn.last["period"]) == ("2000", "2020")
    assert drawn.end == points(drawn.lines[0])[-1]


def test_what_is_missing_is_not_drawn_and_one_number_is_no_line():
    assert len(points(spark([row("2000", 1.0), row("2005", None), row("2010", 2.0)]).lines[0])) == 2
    assert spark([row("2000", 1.0), row("2005", None)]) is None
    assert spark([]) is None


def test_a_year_is_no_point_between_its_quarters():
    drawn = spark([row("2012-Q3", 1.0), row("2012", 9.0), row("2013-Q3", 2.0)])
    assert drawn.last["period"] == "2013-Q3"
    assert len(points(drawn.lines[0])) == 2


def test_a_band_needs_every_interval():
    known = [row("2000", 1.0, 0.5, 1.5), row("2010", 2.0, 1.0, 3.0)]
    assert len(points(spark(known).band)) == 4
    assert spark([*known, row("2020", 2.0)]).band == ""
    assert bounds(known) == (0.5, 3.0)


def test_two_lines_on_one_scale_can_be_compared():
    low, high = [row("2000", 1.0), row("2010", 1.0)], [row("2000", 9.0), row("2010", 9.0)]
    scale = bounds([*low, *high])
    assert points(spark(low, scale).lines[0])[0][1] > points(spark(high, scale).lines[0])[0][1]


def test_a_line_ends_where_its_source_changes_its_edition():
    told = [
        row("2010", 1.0) | {"source": "desa@2024"},
        row("2015", 2.0) | {"source": "desa@2024"},
        row("2019", 9.0) | {"source": "desa@2019"},
        row("2020", 3.0) | {"source": "desa@2024"},
        row("2024", 4.0) | {"source": "desa@2024"},
    ]
    drawn = spark(told)
    assert [len(set(points(one))) for one in drawn.lines] == [2, 1, 2]
    assert drawn.end == points(drawn.lines[-1])[-1]


def test_a_line_is_of_the_source_of_its_newest_number_alone():
    told = [
        row("2011", 5.97) | {"source": "rpw@2014", "method": "mean_of_services/1 [quarter 3]"},
        row("2011-Q3", 5.97) | {"source": "rpw@2014", "method": "mean_of_services/1"},
        row("2014", 4.48) | {"source": "wdi@2023", "method": "as_published/1"},
        row("2015", 5.59) | {"source": "wdi@2023", "method": "as_published/1"},
    ]
    drawn = spark(told)
    assert (drawn.first["period"], drawn.last["period"]) == ("2014", "2015")
    assert spark(told[:-1]) is None, "one number of a source is no course, whatever others say before it"
