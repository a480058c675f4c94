"""How numbers, intervals and periods are written in six languages.

Two traps of right-to-left text are closed here. An interval "13.5–16.5" inside an Arabic line is turned round
by the bidirectional algorithm and then reads upper–lower: `interval` isolates it, as `ltr` does any run of
figures. And a sentence that begins with a number would be laid out from the left: `line` isolates it as a
whole. The marks are those of Unicode UAX #9: LRI, RLI, PDI.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from babel import Locale
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from sojourn.areas import LANGUAGES
from sojourn.errors import UsageError

_LRI, _RLI, _PDI = "\u2066", "\u2067", "\u2069"
_HUGE = 1e15  # above this, digits are noise


def checked(language: str) -> str:
    """Return the language, if charts are drawn in it.

    Raises:
        UsageError: they are not.
    """
    if language not in LANGUAGES:
        raise UsageError(f"Charts are not drawn in the language {language!r}", accepted=", ".join(LANGUAGES))
    return language


def right_to_left(language: str) -> bool:
    """Tell whether a language is written from the right.

    >>> right_to_left("ar"), right_to_left("fr")
    (True, False)
    """
    return bool(Locale.parse(language).text_direction == "rtl")


def ltr(text: str, language: str) -> str:
    """Keep a run of figures in its order inside a right-to-left line."""
    return f"{_LRI}{text}{_PDI}" if text and right_to_left(language) else text


def line(text: str, language: str) -> str:
    """Lay a line out in the direction of its language, whatever it begins with."""
    return f"{_RLI}{text}{_PDI}" if text and right_to_left(language) else text


def plain(text: str) -> str:
    """Take the direction marks out again: for comparison, and for estimating widths."""
    return text.translate({ord(mark): None for mark in (_LRI, _RLI, _PDI)})


def digits_for(values: Sequence[float]) -> int:
    """Choose how many digits after the point tell these values apart, 0 to 4.

    >>> digits_for([3.0, 5.98]), digits_for([120_000.0, 3_500_000.0]), digits_for([0.012, 0.034])
    (1, 0, 3)
    """
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0 or largest >= 1000:
        return 0
    return max(0, min(4, 1 - math.floor(math.log10(largest)) if largest < 1 else 1))


def number(value: float, language: str, decimals: int = 1) -> str:
    """Write a number as the language does, in full.

    >>> number(12345.6, "es"), number(12345.6, "ru").replace(chr(160), " ")
    ('12.345,6', '12 345,6')
    """
    if abs(value) >= _HUGE:
        return f"{value:.3g}"
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=checked(language)))


def short(value: float, language: str, decimals: int = 1) -> str:
    """Write a number for an axis or a cell: thousands and more in compact form.

    >>> short(50e6, "en"), short(50e6, "zh"), short(3.5, "fr")
    ('50M', '5000万', '3,5')
    """
    if abs(value) >= _HUGE:
        return f"{value:.1g}"
    if abs(value) >= 10_000:
        # "50 million" in Arabic has a word in it, so it is a right-to-left run of its own.
        return line(str(format_compact_decimal(value, locale=checked(language), fraction_digits=1)), language)
    whole = float(value).is_integer()
    return number(value, language, 0 if whole else decimals)


def percent(share: float, language: str) -> str:
    """Write a probability in whole percent.

    >>> percent(0.34, "en"), percent(0.34, "fr").replace(chr(160), " ").replace(chr(8239), " ")
    ('34%', '34 %')
    """
    return str(format_percent(share, locale=checked(language)))


def interval(lower: float, upper: float, language: str, decimals: int = 1) -> str:
    """Write an interval that reads lower–upper in every language.

    >>> interval(13.5, 16.5, "en")
    '13.5–16.5'
    >>> interval(13.5, 16.5, "ar") == chr(0x2066) + "13.5–16.5" + chr(0x2069)
    True
    """
    dash = " – " if lower < 0 else "–"
    text = f"{number(lower, language, decimals)}{dash}{number(upper, language, decimals)}"
    return ltr(text, language)


def ticks(lowest: float, highest: float, wanted: int = 5) -> list[float]:
    """Choose round values that span a range: steps of 1, 2 or 5 times a power of ten.

    >>> ticks(0, 9.7), ticks(3.0, 3.0)
    ([0.0, 2.0, 4.0, 6.0, 8.0, 10.0], [2.0, 2.5, 3.0, 3.5, 4.0])
    >>> ticks(0.0, 5e-324)
    [-1.0, -0.5, 0.0, 0.5, 1.0]
    >>> ticks(99.99999999999999, 100.00000000000001) == ticks(100.0, 100.0)
    True
    """
    # What differs by the last digits of a computation is one number; so are two that differ by next to nothing.
    if not highest - lowest > max(1e-9 * max(abs(lowest), abs(highest)), 1e-290):
        margin = abs(lowest) / 3 or 1.0
        lowest, highest = lowest - margin, highest + margin
    rough = (highest - lowest) / max(1, wanted)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(lowest / step + 1e-9), math.ceil(highest / step - 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def tick_texts(marks: Sequence[float], language: str) -> list[str]:
    """Write the labels of an axis: compact, with the digits that the step needs, and no two alike.

    >>> tick_texts([0.0, 0.5, 1.0], "en"), tick_texts([12_200.0, 12_250.0], "en")
    (['0', '0.5', '1'], ['12.2K', '12.25K'])
    >>> tick_texts([4.4e6, 4.6e6, 4.8e6], "en")
    ['4.4M', '4.6M', '4.8M']
    """
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    # Neighbours beyond the axis must differ too, or a digit was rounded away.
    near = [*marks, *(marks[0] + index * step for index in range(11))]
    for digits in range(1, 7):
        texts = [_tick(mark, language, digits) for mark in near]
        if len(set(texts)) == len({f"{mark:.12g}" for mark in near}):
            return texts[: len(marks)]
    return [ltr(f"{mark:.6g}", language) for mark in marks]


def _tick(mark: float, language: str, digits: int) -> str:
    if _HUGE > abs(mark) >= 10_000:
        return line(
            str(format_compact_decimal(mark, locale=checked(language), fraction_digits=digits)), language
        )
    return ltr(short(mark, language, digits), language)
