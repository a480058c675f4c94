import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.areas import LANGUAGES
from sojourn.errors import UsageError
from sojourn.present.charts import numbers

FINITE = st.floats(allow_nan=False, allow_infinity=False, width=64, min_value=-1e14, max_value=1e14)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interval_keeps_lower_before_upper_in_every_language(language):
    text = numbers.interval(5.1, 6.7, language)
    assert numbers.plain(text).index("5") < numbers.plain(text).index("6")
    assert (text != numbers.plain(text)) == (language == "ar"), "only Arabic needs the isolation"


def test_a_negative_interval_does_not_run_its_minus_into_the_dash():
    assert numbers.interval(-3.5, -1.5, "en") == "-3.5 – -1.5"


# Decimal and group signs of the Unicode CLDR, https://cldr.unicode.org (as Babel 2.18 ships it).
@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "1,234,567.9"),
        ("fr", "1 234 567,9"),
        ("es", "1.234.567,9"),
        ("ru", "1 234 567,9"),
        ("zh", "1,234,567.9"),
    ],
)
def test_numbers_are_written_as_the_language_does(language, shown):
    text = numbers.number(1_234_567.89, language)
    assert text.replace("\u202f", " ").replace("\xa0", " ") == shown


def test_a_language_we_do_not_speak_is_refused_by_name():
    with pytest.raises(UsageError, match="'de'"):
        numbers.number(1.0, "de")


@given(FINITE, FINITE)
def test_ticks_span_every_range_and_rise(one, other):
    low, high = sorted((one, other))
    found = numbers.ticks(low, high)
    assert 2 <= len(found) <= 12
    assert found == sorted(set(found))
    slack = 1e-6 * max(abs(low), abs(high), high - low)
    assert found[0] <= low + slack
    assert found[-1] >= high - slack
    assert all(map(math.isfinite, found))


@given(st.lists(FINITE))
def test_digits_stay_between_none_and_four(values):
    assert 0 <= numbers.digits_for(values) <= 4


@given(FINITE, FINITE, st.sampled_from(["ar", "en", "fr", "zh"]))
def test_no_two_labels_of_an_axis_are_alike(one, other, language):
    low, high = sorted((one, other))
    marks = numbers.ticks(low, high)
    texts = numbers.tick_texts(marks, language)
    assert len(texts) == len(marks)
    if marks[-1] - marks[0] > 1e-4 * max(abs(mark) for mark in marks):
        assert len(set(texts)) == len(marks), (marks, texts)
