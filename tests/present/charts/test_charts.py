"""What every kind of chart promises: one specification, the same bytes, words in six languages, nothing invented."""

import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import altair as alt
import jsonschema
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sojourn.areas import LANGUAGES
from sojourn.errors import UsageError
from sojourn.present.charts import About, Projection, Target, distribution, matrix, ranking, trend
from sojourn.present.charts.numbers import plain
from sojourn.present.charts.words import word

from .conftest import frame, row

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def draw(line, countries, corridors, about):
    rows = {trend: line, ranking: countries, distribution: countries, matrix: corridors}

    def drawn(kind, language="en", **settings):
        return kind(rows[kind](language), about, language=language, **settings)

    return drawn


def texts(chart):
    return [plain("".join(element.itertext())) for element in ET.fromstring(chart.svg()).iter(f"{SVG}text")]


def marks(spec, kind):
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


KINDS = pytest.mark.parametrize(
    "kind", [trend, ranking, distribution, matrix], ids=lambda kind: kind.__name__
)


@KINDS
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_is_drawn_in_every_language_with_its_own_words(draw, kind, language):
    chart = draw(kind, language)
    shown = " ".join(texts(chart))
    assert word("suppressed", language) in shown or kind is distribution
    assert plain(word("source", language, source="World Bank")) in shown
    assert "{" not in shown + chart.alt
    assert word("alt_counts", language, shown="", suppressed="", missing="")[:5] in chart.alt


@KINDS
@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("width", [320, 720, 1100])
def test_a_picture_is_as_wide_as_was_asked_and_is_one_image_with_one_text(draw, kind, theme, width):
    chart = draw(kind, theme=theme, width=width)
    root = ET.fromstring(chart.svg())
    assert root.get("width") == str(width)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}desc").text == chart.alt
    inside = chart.svg().split("</desc>")[1]
    assert "aria-" not in inside
    assert " role=" not in inside, "roles inside the picture are not allowed by ARIA"
    assert "style=" not in inside, "the policy of the page allows no inline style"


@KINDS
def test_equal_rows_give_equal_bytes_in_whatever_order_they_come(
    draw, kind, line, countries, corridors, about
):
    rows = {trend: line, ranking: countries, distribution: countries, matrix: corridors}[kind]()
    first = kind(rows, about).svg()
    assert kind(rows, about).svg() == first
    assert kind(rows.reverse(), about).svg() == first


def test_another_process_draws_the_same_bytes():
    code = (
        "import polars as pl\nfrom sojourn.present.charts import About, trend\n"
        "rows = pl.DataFrame({'area_name': ['A'] * 2, 'period': ['2015', '2016'], 'value': [8.1, 7.9],"
        "'lower': [7.7, 7.5], 'upper': [8.5, 8.3], 'level': [0.95] * 2, 'status': ['A'] * 2})\n"
        "chart = trend(rows, About('T', 'U', 'S'))\n{before}\nprint(chart.svg())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code.replace("{before}", before)],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for before, seed, zone in (("", "1", "UTC"), ("chart.svg(); chart.svg()", "2", "Asia/Kathmandu"))
    ]
    assert runs[0] == runs[1]
    assert "2016" in runs[0]


@KINDS
def test_png_notebook_and_table_come_from_the_same_chart(draw, kind):
    chart = draw(kind)
    assert chart.png(1)[:8] == b"\x89PNG\r\n\x1a\n"
    bundle = chart._repr_mimebundle_()
    assert bundle["application/vnd.vegalite.v6+json"] == chart.spec == json.loads(chart.specification)
    assert bundle["image/svg+xml"] in chart.html()
    table = chart.table()
    assert len(table) == chart.shown.height > 0
    assert "Suppressed" in {entry["Value"] for entry in table}


@KINDS
def test_the_specification_asks_for_no_data_and_no_eval(draw, kind):
    spec = draw(kind).spec
    assert spec["usermeta"]["embedOptions"]["ast"] is True
    assert '"url"' not in json.dumps(spec)
    assert spec["config"]["aria"] is False


@KINDS
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_specification_is_valid_against_the_schema_of_vega_lite(draw, kind, language):
    spec = draw(kind, language).spec
    assert alt.LayerChart.from_dict(spec, validate=True)
    with pytest.raises(jsonschema.ValidationError):
        alt.LayerChart.from_dict(spec | {"layer": [{"mark": "no mark"}]}, validate=True)


def test_a_trend_has_its_band_its_break_its_target_and_its_signs(draw):
    spec = draw(trend).spec
    assert any(
        "y2" in layer["encoding"] and layer["encoding"]["y"].get("field") == "lower"
        for layer in marks(spec, "area")
    )
    shown = texts(draw(trend))
    for said in ("95% interval", "Break in the series", "Suppressed", "Missing", "Target for 2030: 3"):
        assert said in shown, said
    (name,) = {layer["data"]["name"] for layer in marks(spec, "line")}
    runs = {}
    for record in spec["datasets"][name]:
        if record["value"] is not None:
            runs.setdefault(record["run"], []).append(int(record["period"]))
    assert list(runs.values()) == [
        [2011, 2012, 2013],
        [2015, 2016],
        [2018, 2019],
        [2020, 2021, 2022, 2023, 2024],
    ], "the line is interrupted where a number is withheld or missing, and at the break of 2020"


@pytest.mark.parametrize("years", [4, 14])
def test_a_line_is_interrupted_where_a_source_changes_its_edition(about, years):
    editions = ["desa@2024"] * (years - 3) + ["desa@2019"] + ["desa@2024+wpp@2024"] * 2
    rows = frame(*(row(5.0 + at, period=str(2000 + at)) for at in range(years)))
    chart = trend(rows.with_columns(pl.Series("source", editions)), about)
    (name,) = {layer["data"]["name"] for layer in marks(chart.spec, "line")}
    runs = [one["run"] for one in chart.spec["datasets"][name]]
    assert [runs.count(run) for run in dict.fromkeys(runs)] == [years - 3, 1, 2]
    said = "may be a revision, not a change"
    assert said in " ".join(texts(chart)).replace("\n", " ")
    assert said in chart.alt
    alike = trend(rows.with_columns(source=pl.lit("desa@2024")), about)
    assert said not in alike.alt
    (name,) = {layer["data"]["name"] for layer in marks(alike.spec, "line")}
    assert len({one["run"] for one in alike.spec["datasets"][name]}) == 1


def mixed():
    """Quarters of one source, a year that repeats one of them, years of another source, a quarter of a third."""
    told = [
        ("2012", 7.3, "rpw@2014", "mean/1 [quarter 3]"),
        *((f"2012-Q{at}", value, "rpw@2014", "mean/1") for at, value in enumerate((5.9, 6.1, 7.3, 6.4), 1)),
        *((f"2013-Q{at}", 5.0 + at / 10, "rpw@2014", "mean/1") for at in range(1, 5)),
        *((str(year), 4.0 + year % 10 / 10, "wdi@2023", "as_published/1") for year in range(2014, 2019)),
        ("2017-Q1", 4.9, "databank@2017", "as_published/1"),
    ]
    rows = frame(*(row(value, period=period) for period, value, _, _ in told))
    return rows.with_columns(
        pl.Series("source", [one[2] for one in told]), pl.Series("method", [one[3] for one in told])
    )


def drawn_points(chart):
    (name,) = {layer["data"]["name"] for layer in marks(chart.spec, "line")}
    return chart.spec["datasets"][name]


def test_no_line_joins_two_sources_or_quarters_and_years(about):
    named = replace(about, sources={"wdi": "World Development Indicators"})
    chart = trend(mixed(), named)
    runs = {}
    for one in drawn_points(chart):
        runs.setdefault(one["run"], []).append(one["period"].strip("\u2066\u2069\u200e"))
    quarters = [f"{year}-Q{at}" for year in (2012, 2013) for at in range(1, 5)]
    assert sorted(runs.values()) == [quarters, ["2014", "2015", "2016", "2017", "2018"], ["2017-Q1"]]
    dashes = [layer["mark"].get("strokeDash") for layer in marks(chart.spec, "line")]
    assert dashes[0] is None
    assert len(dashes) == 2, "a number alone is no line"
    assert dashes[1], "years of another source are told apart"
    shown = {"Quarterly: rpw", "Yearly: World Development Indicators", "Quarterly: databank"}
    assert shown <= set(texts(chart))
    assert "No line joins two sources" in " ".join(texts(chart))
    assert "Mexico (Quarterly: rpw): 5.9 in 2012-Q1, 5.4 in 2013-Q4" in re.sub(
        "[\u2066\u2069\u200e]", "", chart.alt
    )
    assert "Mexico (Yearly: World Development Indicators): 4.4 in 2014, 4.8 in 2018" in chart.alt


def test_a_year_among_quarters_stands_in_its_middle_and_lasts(about):
    places = {
        one["period"].strip("\u2066\u2069\u200e"): (one["start"], one["at"], one["end"])
        for one in drawn_points(trend(mixed(), about))
    }
    assert places["2015"] == (2015.0, 2015.5, 2016.0)
    assert places["2012-Q3"] == (2012.5, 2012.625, 2012.75)
    assert "2012" not in places, "the year that repeats its third quarter is no point of its own"
    years = mixed().filter(pl.col("source") == "wdi@2023")
    chart = trend(years, about)
    assert [one["at"] for one in drawn_points(chart)] == [2014.0, 2015.0, 2016.0, 2017.0, 2018.0]
    assert "No line joins" not in chart.alt, "one strand needs no telling apart"


def test_numbers_that_differ_by_rounding_alone_have_an_axis(about):
    rows = frame(*(row(100.0 - 1e-14 * (at % 2), period=str(2011 + at), half=None) for at in range(10)))
    assert "<svg" in trend(rows, about).svg()


@pytest.mark.parametrize("years", [4, 14, 70])
def test_no_line_leads_to_the_number_of_a_year_that_is_not_complete(about, years):
    whole = [row(9000.0 + at, period=str(1950 + at), half=None) for at in range(years)]
    part = [row(1800.0 + at, period=str(1950 + years + at), half=None, status="P") for at in range(2)]
    chart = trend(frame(*whole, *part), about)
    (name,) = {layer["data"]["name"] for layer in marks(chart.spec, "line")}
    records = chart.spec["datasets"][name]
    runs = [one["run"] for one in records]
    assert len(set(runs[:years])) == 1
    assert [runs.count(run) for run in runs[years:]] == [1, 1], "each part of a year stands alone"
    (sign,) = [one for one in marks(chart.spec, "point") if one["mark"].get("shape") == "triangle-up"][:1]
    assert sign["mark"]["opacity"] == 1
    assert chart.svg() != trend(frame(*whole), about).svg()
    assert "Provisional: the year is not complete" in texts(chart)
    assert "1,800" not in chart.alt
    assert "1,801" not in chart.alt, "no change is told from whole years to a part of one"
    remarks = [one["Remark"] for one in chart.table()]
    assert ["Provisional: the year is not complete" in one for one in remarks[-3:]] == [False, True, True]


def test_few_points_have_error_bars_and_no_band(about):
    spec = trend(frame(*(row(5.0 - at, period=str(2010 + 5 * at)) for at in range(3))), about).spec
    assert not marks(spec, "area")
    assert any(layer["encoding"]["y"].get("field") == "lower" for layer in marks(spec, "rule"))


def test_a_projection_has_its_interval_and_its_probability(line, about):
    ahead = pl.DataFrame(
        {"period": ["2025", "2030"], "value": [4.2, 3.2], "lower": [3.8, 1.9], "upper": [4.6, 4.5]}
    )
    chart = trend(line(), about, projection=Projection(ahead, 0.8, 0.34))
    assert {"Projection (80% interval)", "Probability of meeting the target: 34%"} <= set(texts(chart))
    assert "Probability of meeting the target: 34%" in chart.alt
    dashed = [layer for layer in marks(chart.spec, "line") if layer["mark"].get("strokeDash")]
    (data,) = (chart.spec["datasets"][layer["data"]["name"]] for layer in dashed)
    assert [(point["at"], point["value"]) for point in data] == [(2024.0, 4.4), (2025.0, 4.2), (2030.0, 3.2)]


def test_several_lines_are_named_at_their_ends_and_told_apart_by_colour(about):
    rows = frame(
        *(
            row(v + at, area=a, period=str(2015 + at))
            for a, v in (("MEX", 5.0), ("PHL", 5.1))
            for at in range(3)
        )
    )
    chart = trend(rows, about)
    assert {"Mexico", "Philippines"} <= set(texts(chart))
    places = [
        float(y)
        for y in re.findall(r"translate\([\d.]+,([\d.]+)\)[^>]*>(?:Mexico|Philippines)<", chart.svg())
    ]
    assert abs(places[0] - places[1]) >= 14, "no label stands on another"


def test_numbers_orders_of_magnitude_apart_get_a_scale_that_says_so():
    plain_about = About("T", "U", "S")
    values = {"MEX": 0.0, "FRA": 2.0, "EGY": 20.0, "KEN": 30.0, "IND": 400.0, "CHN": 20_000.0}
    shown = texts(distribution(frame(*(row(v, area=a, half=None) for a, v in values.items())), plain_about))
    assert {"Logarithmic scale", "0", "10", "100", "1,000", "10K"} <= set(shown)
    even = texts(distribution(frame(row(3.0, area="MEX"), row(4.0, area="FRA")), plain_about))
    assert "Logarithmic scale" not in even


def test_a_ranking_puts_the_best_first_and_those_without_a_number_last(draw):
    names = [entry["Country or area"] for entry in draw(ranking).table()]
    assert names[0] == "Canada"
    assert set(names[-2:]) == {"Tunisia", "Mali"}


def test_a_ranking_of_an_index_shows_the_interval_of_each_rank(countries, about):
    ranked = countries().with_columns(
        pl.lit(2).alias("rank"), pl.lit(1).alias("rank_lower"), pl.lit(5).alias("rank_upper")
    )
    assert texts(ranking(ranked, about)).count("2 (1–5)") == 8


def test_a_ranking_says_how_many_it_leaves_out_and_keeps_the_highlighted(countries, about):
    chart = ranking(countries(), about, top=2, highlight=["Bulgaria"])
    shown = texts(chart)
    assert "Not shown: 5" in shown
    assert "Bulgaria" in shown
    assert len(chart.table()) == 8


def test_a_matrix_keeps_withheld_and_missing_apart_from_small(draw):
    shown = texts(draw(matrix))
    assert {"11M", "50K", "Suppressed", "Missing"} <= set(shown)
    assert "0" not in shown


def test_cannot_tell_has_a_sign_and_a_word_of_its_own(countries, about):
    rows = countries().with_columns((pl.col("area") == "KEN").alias("cannot_tell"))
    for kind in (ranking, distribution):
        chart = kind(rows, about)
        assert "Cannot tell" in texts(chart)
        assert any(layer["mark"].get("shape") == "diamond" for layer in marks(chart.spec, "point"))


def test_arabic_runs_from_the_right_and_its_intervals_read_lower_to_upper(draw):
    spec = draw(trend, "ar").spec
    encoded = next(layer["encoding"] for layer in marks(spec, "line"))
    assert encoded["x"]["scale"]["reverse"] is True
    assert encoded["y"]["axis"]["orient"] == "right"
    english = next(layer["encoding"] for layer in marks(draw(trend).spec, "line"))
    assert english["x"]["scale"]["reverse"] is False
    intervals = [entry[word("interval", "ar")] for entry in draw(trend, "ar").table()]
    assert intervals[0] == "\u20667.7–8.5\u2069", "isolated left to right, lower first"
    places = {}
    for name in ("ar", "en"):
        label = "كندا" if name == "ar" else "Canada"
        found = re.search(rf"translate\((-?[\d.]+),[\d.]+\)[^>]*>\W*{label}", draw(ranking, name).svg())
        places[name] = float(found.group(1))
    assert places["en"] < 0, "names stand where reading begins"
    assert places["ar"] > 300


@pytest.mark.parametrize(
    "rows",
    [
        frame(),
        frame(row(5.0)),
        frame(row(5.0, half=None)),
        frame(row(None)),
        frame(row(None, status="Q")),
        frame(*(row(7.0, period=str(2000 + at), half=0.0) for at in range(9))),
        frame(*(row(-5.0 * at, period=str(2000 + at)) for at in range(9))),
        frame(*(row(10.0 ** (2 * at), period=str(2000 + at)) for at in range(12))),
        frame(row(float("inf"), half=None), row(float("nan"), half=None, period="2021")),
        frame(row(0.0, half=None, period="2020"), row(1e-9, period="2021")),
        frame(row(5.0, half=0.5, level=None)),
        frame(row(3.0, period="2010/P5Y"), row(4.0, period="2015/P5Y"), row(4.0, period="2021-Q3")),
    ],
    ids=["empty", "one", "one without error", "missing", "withheld", "equal", "negative", "huge", "not finite",
         "zero", "range", "odd periods"],
)  # fmt: skip
def test_hostile_rows_give_a_picture_and_never_an_invented_number(rows, about):
    for chart in (trend(rows, about), trend(rows, about, language="ar", width=320)):
        ET.fromstring(chart.svg())
        assert "NaN" not in chart.svg()
        assert len(chart.table()) == rows.height
    one_each = rows.with_columns(pl.format("{} {}", "area_name", "period").alias("area_name"))
    for kind in (ranking, distribution):
        assert "NaN" not in kind(one_each, about).svg()
        assert "NaN" not in kind(one_each, About("T", "U", "S"), width=320).svg()
    pairs = rows.with_columns(counterpart_name=pl.col("period"))
    assert "NaN" not in matrix(pairs, about).svg()


def test_a_chart_without_a_number_says_so(about):
    assert "There is no number to show" in texts(trend(frame(), about))
    bare = texts(trend(frame(row(None)), About("T", "U", "S")))
    assert not [
        text for text in bare if re.fullmatch(r"[\d.]+", text) and text not in ("2019", "2020", "2021")
    ], bare
    assert "There is no number to show" in ranking(frame(row(None)), about).alt


HOSTILE = "<script>alert('1')</script> & \"quoted\" \\ 'single' {brace} \u202e"


@KINDS
def test_names_and_titles_are_text_and_never_markup(kind, line, countries, corridors):
    rows = {trend: line, ranking: countries, distribution: countries, matrix: corridors}[kind]()
    named = rows.with_columns(pl.format(HOSTILE.replace("{brace}", "{}"), "area_name").alias("area_name"))
    chart = kind(named, About(HOSTILE, HOSTILE, HOSTILE, HOSTILE))
    ET.fromstring(chart.svg())
    assert "<script" not in chart.html()


@given(st.lists(st.floats(-1e12, 1e12) | st.none(), min_size=1, max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_numbers_stay_inside_the_plot(about, values):
    rows = frame(*(row(v, period=str(2000 + at), half=None) for at, v in enumerate(values)))
    chart = trend(rows, about)
    scale = next(layer["encoding"]["y"]["scale"]["domain"] for layer in marks(chart.spec, "line"))
    known = [value for value in values if value is not None]
    slack = 1e-9 * max([1.0, *map(abs, known)])
    assert all(scale[0] - slack <= value <= scale[1] + slack for value in known)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda rows, about: trend(rows.drop("lower"), about), "lack the columns lower"),
        (lambda rows, about: trend(rows, about, by="sex_name"), "sex_name"),
        (lambda rows, about: trend(rows, about, language="de"), "'de'"),
        (lambda rows, about: trend(rows, about, theme="sepia"), "sepia"),
        (lambda rows, about: trend(pl.concat([rows, rows]), about), "share a line and a period"),
        (lambda rows, about: trend(frame(row(1.0, period="soon")), about), "'soon' is no period"),
        (ranking, "share a name"),
        (lambda rows, about: About("T", "U", "S", better="more"), "'more'"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_named(call, says, line, about):
    with pytest.raises(UsageError, match=says):
        call(line(), about)


def test_more_lines_than_colours_are_refused_with_advice(about):
    rows = frame(*(row(1.0, area=a) for a in ("MEX", "FRA", "EGY", "KEN", "IND", "CHN", "USA")))
    with pytest.raises(UsageError, match="7 lines") as caught:
        trend(rows, about)
    assert "ranking" in caught.value.advice


def test_the_picture_of_a_target_without_date(line):
    chart = trend(line(), About("T", "U", "S"), target=Target(2.5))
    assert "Target: 2.5" in texts(chart)


def test_numbers_read_back_from_the_table_are_those_of_the_rows(line, about):
    shown = pl.read_csv(
        io.StringIO("\n".join(entry["Value"] for entry in trend(line(), about).table())), has_header=False
    )
    numbers = [float(value) for value in shown.to_series() if re.fullmatch(r"[\d.]+", value)]
    assert numbers == [value for value in line()["value"].to_list() if value is not None]


def test_a_ranking_of_values_that_only_a_computer_tells_apart_is_drawn(about):
    nearly = frame(row(100.0, half=None), row(100.00000000000001, area="IND", half=None))
    shown = texts(ranking(nearly, About(title=about.title, unit=about.unit, source=about.source)))
    assert {"India", "Mexico", "100"} <= set(shown)
