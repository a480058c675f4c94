"""The six languages of the site: texts from catalogues, numbers as each language writes them, direction.

A text is written in English where it is used, and looked up in `locale/<language>.po`. What a catalogue lacks
is listed by `sojourn messages`, and shown marked as English, never passed off as a translation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from gettext import c2py
from importlib.resources import files

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal
from markupsafe import Markup, escape

from sojourn import areas

ENGLISH = "en"
NAMES = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
"""The languages by code, in the order and spelling of the United Nations."""

RIGHT_TO_LEFT = frozenset({"ar"})

_TEXT = r'"((?:[^"\\]|\\.)*)"'
_MESSAGE = re.compile(rf"\b(?:t|plain|N_|say)\(\s*{_TEXT}")
_COUNTED = re.compile(rf"\bn\(\s*{_TEXT}\s*,\s*{_TEXT}")
_NUMBERS = {
    # thousands, decimal
    "en": (",", "."),
    "zh": (",", "."),
    "ar": (",", "."),
    "fr": ("\u202f", ","),
    "ru": ("\u00a0", ","),
    "es": ("\u00a0", ","),
}


def N_(text: str) -> str:  # noqa: N802 - the name that gettext gives to it
    """Mark a text that is translated where it is shown."""
    return text


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Read the translations of a language; English has none, and needs none."""
    return {} if language == ENGLISH else read(f"{language}.po")


def read(*place: str) -> Mapping[str, str]:
    """Read a catalogue of `locale`: English text -> translation; what is not translated is left out."""
    listed = _opened(*place)
    return {one.id: str(one.string) for one in listed if isinstance(one.id, str) and one.id and one.string}


@cache
def names(language: str) -> Mapping[str, str]:
    """Read the names of what is measured, by their English; `web.terms` says which there must be."""
    return {} if language == ENGLISH else read("terms", f"{language}.po")


@cache
def _opened(*place: str) -> Catalog:
    with files("sojourn.web").joinpath("locale", *place).open("rb") as stream:
        return read_po(stream)


@dataclass(frozen=True, slots=True)
class Plurals:
    """The counted texts of a language.

    Attributes:
        forms: English singular -> one text for each form of the language.
        form_of: count -> which of them.
    """

    forms: Mapping[str, tuple[str, ...]]
    form_of: Callable[[int], int]


@cache
def plurals(language: str) -> Plurals:
    """Read the counted texts of a language: Arabic has six forms, Russian three, Chinese one."""
    if language == ENGLISH:
        return Plurals(
            {one: (one, many) for one, many in counted_messages().items()}, lambda count: int(count != 1)
        )
    listed = _opened(f"{language}.po")
    pairs = [(one.id, one.string) for one in listed]
    forms = {
        text[0]: tuple(own)
        for text, own in pairs
        if isinstance(text, tuple) and isinstance(own, tuple | list) and all(own)
    }
    return Plurals(
        {one: texts for one, texts in forms.items() if len(texts) == listed.num_plurals},
        c2py(listed.plural_expr),
    )


def messages() -> tuple[str, ...]:
    """List every text of the site, sorted: what templates and modules hand to `t` or `plain`, or mark with `N_`."""
    return tuple(sorted({_plainly(one) for source in _sources() for one in _MESSAGE.findall(source)}))


def counted_messages() -> dict[str, str]:
    """List every text that is told of a number: singular -> plural."""
    pairs = {_plainly(one): _plainly(many) for source in _sources() for one, many in _COUNTED.findall(source)}
    return dict(sorted(pairs.items()))


def _plainly(text: str) -> str:
    return text.replace('\\"', '"')


@cache
def _sources() -> tuple[str, ...]:
    """Read the templates and modules of the site, where its texts stand."""
    found, folders = [], [files("sojourn.web")]
    while folders:
        for entry in folders.pop().iterdir():
            if entry.is_dir():
                folders.append(entry)
            elif entry.name.endswith((".html", ".py")):
                found.append(entry.read_text(encoding="utf-8"))
    return tuple(found)


def missing(language: str) -> tuple[str, ...]:
    """List the texts that a language lacks, or whose translation lost or invented a {placeholder}."""
    if language == ENGLISH:
        return ()
    known, counted = catalogue(language), plurals(language).forms
    lost = [one for one in messages() if _fields(known.get(one, "")) != _fields(one) or one not in known]
    # "One country" needs no number; the form of many does.
    lost += [
        one
        for one, many in counted_messages().items()
        if _fields(counted.get(one, ("",))[-1]) != _fields(many)
    ]
    return tuple(lost)


def _fields(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def direction(language: str) -> str:
    """Give the direction in which a language is written."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def translate(language: str, text: str, /, **fields: object) -> Markup:
    """Give a text in a language; fields are escaped, and what is not translated is marked as English.

    In a language that is written from right to left, a date or a name of a release keeps its own direction.
    """
    shown = _shown(language, text)
    if not fields:
        return shown
    return shown.format(
        **({name: _apart(one) for name, one in fields.items()} if language in RIGHT_TO_LEFT else fields)
    )


_ARABIC = re.compile(r"[\u0600-\u06ff]")


def _apart(field: object) -> object:
    """Set a field apart from the text around it, so that 2026-12-31 is not read as 31-12-2026."""
    if isinstance(field, int | float) or hasattr(field, "__html__"):
        return field
    told = str(field)
    return Markup("<bdi>{}</bdi>" if _ARABIC.search(told) else '<bdi dir="ltr">{}</bdi>').format(told)


def _shown(language: str, text: str) -> Markup:
    own = text if language == ENGLISH else catalogue(language).get(text)
    if own is None:
        return Markup('<span lang="en" dir="ltr" class="untranslated">') + escape(text) + Markup("</span>")
    return _escaped(own)


# A page says the same few words hundreds of times.
_escaped = lru_cache(8192)(escape)


def in_english(language: str, text: str) -> Markup:
    """Mark a text as English, so that it is read aloud and set as such on a page of another language."""
    if language == ENGLISH:
        return escape(text)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(text)


def counted(language: str, one: str, many: str, count: int, /, **fields: object) -> Markup:
    """Give a text that is told of a number, in the form that the language has for it; {count} is the number.

    >>> [counted("ru", "{count} country", "{count} countries", one).striptags() for one in (1, 2, 5)]
    ['1 страна', '2 страны', '5 стран']
    """
    known = plurals(language)
    shown = {"count": Markup('<bdi dir="ltr" class="num">{}</bdi>').format(number(count, language)), **fields}
    if one not in known.forms:
        english = one if count == 1 else many
        return Markup('<span lang="en" dir="ltr" class="untranslated">{}</span>').format(
            _filled(english, shown)
        )
    return _filled(known.forms[one][known.form_of(count)], shown)


def _filled(text: str, fields: Mapping[str, object]) -> Markup:
    return Markup(escape(text)).format(**fields)


def plain(language: str, text: str, /, **fields: object) -> str:
    """Give a text in a language for places that hold no markup: titles, labels, files."""
    own = catalogue(language).get(text, text)
    return own.format(**fields) if fields else own


def number(value: float | None, language: str = ENGLISH) -> str:
    """Write a number as the language does, with as many digits as its size deserves.

    >>> number(15251.356916), number(9.302920), number(-0.398), number(1234567.0, "fr")
    ('15,251', '9.30', '−0.398', '1\\u202f234\\u202f567')
    """
    if value is None:
        return ""
    if abs(value) >= 1000 or value == int(value):
        text = f"{value:,.0f}"
    else:
        text = f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"
    return _as_in(text, language)


def _as_in(text: str, language: str) -> str:
    """Turn a number as English writes it into that of a language."""
    thousands, decimal = _NUMBERS[language]
    swapped = text.replace(",", "\0").replace(".", decimal).replace("\0", thousands)
    return swapped.replace("-", "−")


def exact(value: float, language: str = ENGLISH) -> str:
    """Write a number as the language does, with every digit that it has.

    >>> exact(304021813.0), exact(-9.302920448, "fr"), exact(0.1 + 0.2)
    ('304,021,813', '−9,302920448', '0.30000000000000004')
    """
    text = f"{value:,.0f}" if value == int(value) else f"{Decimal(repr(value)):,f}"
    return _as_in(text, language)


def short(value: float | None, language: str = ENGLISH) -> str:
    """Write a large number in few letters, as the language shortens it; a small one as it is.

    >>> short(10853105.0), short(1234.0), short(10853105.0, "zh"), short(None)
    ('10.9M', '1,234', '1085.3万', '')
    """
    if value is None or abs(value) < 10_000:
        return number(value, language)
    return str(format_compact_decimal(value, locale=language, fraction_digits=1)).replace("-", "−")


@lru_cache(4096)
def plain_area(area: str, language: str) -> str:
    """Name an area for places that hold no markup, in English where it has no other name.

    >>> plain_area("MEX", "ar"), plain_area("062", "fr")
    ('المكسيك', 'Asie centrale et Asie du Sud')
    """
    named = areas.name(area, language)
    return named if areas.has_name(area, language) else names(language).get(named, named)


@lru_cache(4096)
def area_name(area: str, language: str) -> Markup:
    """Name an area; a name that exists in English only says so to whoever reads it aloud."""
    named = plain_area(area, language)
    known = areas.has_name(area, language) or areas.name(area, language) in names(language)
    return escape(named) if known else in_english(language, named)
