"""Layout, classes, words and the making of SVG text, each on its own."""

import itertools
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.areas import LANGUAGES
from sojourn.present.charts import trend
from sojourn.present.charts.classes import classes
from sojourn.present.charts.layout import cut, side_by_side, spread, text_width, wrap
from sojourn.present.charts.svg import normalised
from sojourn.present.charts.words import _all, disclaimer


def test_every_word_is_there_in_all_six_languages_with_the_same_gaps():
    for name, said in _all().items():
        assert set(said) == set(LANGUAGES), name
        gaps = {
            language: {part[1] for part in string.Formatter().parse(text) if part[1]}
            for language, text in said.items()
        }
        assert len(set(map(frozenset, gaps.values()))) == 1, (name, gaps)
        assert all(text.strip() for text in said.values()), name


@pytest.mark.parametrize(
    ("language", "letters"),
    [("ar", r"[\u0600-\u06ff]"), ("zh", r"[\u4e00-\u9fff]"), ("ru", r"[\u0400-\u04ff]")],
)
def test_no_word_is_silently_english(language, letters):
    for name, said in _all().items():
        bare = re.sub(r"\{\w+\}", "", said["en"])
        assert re.search(letters, said[language]) or not re.search("[a-z]", bare), name


def test_no_two_languages_share_their_disclaimer():
    assert len({disclaimer(language) for language in LANGUAGES}) == 6


@given(st.text(alphabet=string.ascii_letters + " 国界العربية,.", max_size=80), st.integers(40, 300))
def test_wrapping_loses_nothing_but_spaces(text, width):
    assert "".join("".join(wrap(text, width, 12)).split()) == "".join(text.split())


@given(st.text(max_size=60), st.integers(20, 300))
def test_a_cut_text_fits(text, width):
    assert text_width(cut(text, width, 12), 12) <= width


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8))
def test_spread_labels_stay_apart(wanted):
    placed = sorted(spread(wanted, 14, 0, 300))
    assert all(later - sooner >= 14 - 1e-9 for sooner, later in itertools.pairwise(placed))
    assert placed[-1] <= 300


@given(st.lists(st.floats(-1e9, 1e9), max_size=50))
def test_every_value_has_a_class_and_bounds_rise(values):
    split = classes(values)
    assert list(split.bounds) == sorted(set(split.bounds))
    assert all(0 <= split.of(value) < split.count <= 5 for value in values)
    assert len(split.texts("en", 1)) == split.count


def test_an_interval_over_more_than_two_classes_decides_nothing():
    split = classes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert not split.undecided(2.0, 3.0)
    assert split.undecided(2.0, 5.0)


def test_ids_are_numbered_by_content_and_not_by_the_process():
    def drawn(count):
        return (
            f'<svg class="marks" width="9" height="9" viewBox="0 0 9 9"><g clip-path="url(#clip{count})" role="x"'
            f' aria-label="a"/><path d="M0.123456,-0.00001"/><clipPath id="clip{count}"/></svg>'
        )

    one, other = (normalised(drawn(count), "what it shows", "title", "en") for count in (3, 17))
    assert one == other
    assert "clip3" not in one
    assert 'd="M0.1,0"' in one
    assert (
        len(
            set(re.findall(r'clip-path="url\(#([^)]+)\)', one))
            & set(re.findall(r'<clipPath id="([^"]+)"', one))
        )
        == 1
    )


def test_an_outline_in_steps_is_the_same_outline():
    corners = [(310.0, 210.0), (320.1, 210.0), (320.1, 235.7), (303.3, 204.2), (307.0, 200.0), (305.5, 205.5)]
    corners.append((306.1, 207.2))
    path = "M" + "L".join(f"{x:g},{y:g}" for x, y in corners) + "ZM1,1L2,2L3,1L4,4L5,1Z"
    svg = f'<svg xmlns="x" width="9" height="9" viewBox="0 0 9 9"><path d="{path}"/></svg>'
    written = re.search(r'<path d="([^"]*)"', normalised(svg, "", "", "en")).group(1)
    assert len(written) < len(path)
    found, at, command = [], (0.0, 0.0), ""
    for token in re.findall(r"[MlZ]|-?[\d.]+,?-?[\d.]*", written.replace("l", " l ").replace("Z", " Z ")):
        if token in ("M", "l", "Z"):
            command = token
            continue
        x, y = (float(one) for one in re.findall(r"-?[\d.]+", token))
        at = (x, y) if command == "M" else (at[0] + x, at[1] + y)
        found.append(at)
    assert found[:7] == [pytest.approx(one) for one in corners]
    assert found[7:] == [pytest.approx(one) for one in [(1, 1), (2, 2), (3, 1), (4, 4), (5, 1)]]


def test_english_in_a_picture_read_from_the_right_keeps_its_order_and_its_font(line, about):
    chart = trend(line("ar"), about, language="ar")
    (title,) = [layer for layer in chart.spec["layer"] if about.title in str(layer["mark"].get("text", ""))]
    assert title["mark"]["text"] == f"\u2066{about.title}\u2069"
    assert title["mark"]["font"].startswith("Liberation Sans")
    assert title["mark"]["align"] == "right"


def test_latin_letters_need_more_room_in_the_fonts_that_hold_arabic():
    alone, beside = (
        text_width("World Bank", 10),
        text_width("المصدر: World Bank", 10) - text_width("المصدر: ", 10),
    )
    assert beside > 1.1 * alone


def test_labels_side_by_side_lie_neither_over_one_another_nor_beyond_the_edges():
    wanted, widths = [0.0, 5.0, 90.0, 98.0], [30.0, 20.0, 25.0, 15.0]
    placed = side_by_side(wanted, widths, 0, 100)
    ends = [(at - wide / 2, at + wide / 2) for at, wide in zip(placed, widths, strict=True)]
    assert ends[0][0] >= 0
    assert ends[-1][1] <= 100
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(ends))


def test_a_line_of_latin_letters_beside_arabic_is_as_wide_as_the_font_of_arabic_draws_it():
    text = (
        "المصدر: Remittance Prices Worldwide, service level; World Development Indicators; published averages"
    )
    lines = wrap(text, 300, 11)
    assert len(lines) > 2
    assert all(text_width(one, 11, beside_arabic=True) <= 300 for one in lines)
    assert text_width("World", 11, beside_arabic=True) > text_width("World", 11)
