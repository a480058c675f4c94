"""Texts written afterwards stand as Vega writes them: the way without a short cut is the oracle."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.areas import LANGUAGES
from sojourn.present.charts import distribution, matrix, ranking, trend
from sojourn.present.charts.chart import VEGA_LITE
from sojourn.present.charts.lettering import drawn, measured

_ID = re.compile(r"(?:clip|gradient)\d+")


def alike(svg):
    """Vega counts the clip paths of a process on; nothing else may differ."""
    return _ID.sub("id", svg)


def test_same_bytes_for_every_kind_language_and_theme(line, countries, corridors, about):
    for language in LANGUAGES:
        for theme in ("light", "dark"):
            how = {"language": language, "theme": theme}
            for chart in (
                trend(line(language), about, **how),
                ranking(countries(language), about, **how),
                distribution(countries(language), about, **how),
                matrix(corridors(language), about, **how),
            ):
                quick, slow = drawn(chart.specification, VEGA_LITE), measured(chart.specification, VEGA_LITE)
                assert alike(quick) == alike(slow), (chart.kind, language, theme)
                assert quick.count("<text") > 5


def chart(*texts, rows=("a",)):
    fixed = [
        {"data": {"values": [{}]}, "mark": {"type": "text", "text": text}, "encoding": {"x": {"value": 5}}}
        for text in texts
    ]
    told = {
        "data": {"values": [{"word": word} for word in rows]},
        "mark": {"type": "text"},
        "encoding": {"text": {"field": "word"}},
    }
    return json.dumps({"width": 50, "height": 50, "autosize": {"type": "none"}, "layer": [told, *fixed]})


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1),
        max_size=3,
    )
)
def test_same_bytes_for_any_text(texts):
    asked = chart(*texts)
    assert alike(drawn(asked, VEGA_LITE)) == alike(measured(asked, VEGA_LITE))


@pytest.mark.parametrize("rows", [("",), ("a", "", "b"), ()])
def test_an_empty_text_of_a_row_takes_no_other_words(rows):
    asked = chart("A & B < C", rows=rows)
    assert alike(drawn(asked, VEGA_LITE)) == alike(measured(asked, VEGA_LITE))
    assert "A &amp; B &lt; C</text>" in drawn(asked, VEGA_LITE)


def test_lines_that_vega_breaks_are_left_to_vega():
    broken = json.loads(chart("one", "three"))
    broken["layer"][1]["mark"]["text"] = ["one", "two"]
    asked = json.dumps(broken)
    assert alike(drawn(asked, VEGA_LITE)) == alike(measured(asked, VEGA_LITE))


def test_a_picture_as_large_as_its_texts_is_measured():
    asked = json.dumps(json.loads(chart("a text that is wider than the picture")) | {"autosize": "pad"})
    assert alike(drawn(asked, VEGA_LITE)) == alike(measured(asked, VEGA_LITE))
