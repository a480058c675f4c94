"""From rows to a page: the template environment, and what every template may call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote, quote_plus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from jinja2 import Environment, StrictUndefined
from jinja2.runtime import Context
from markupsafe import Markup, escape

from sojourn import observations
from sojourn.areas.spelling import key
from sojourn.errors import UsageError
from sojourn.present.chances import chance
from sojourn.web import languages, live, terms, words
from sojourn.web.assets import asset
from sojourn.web.formats import MOST_XLSX
from sojourn.web.hosts import site_of
from sojourn.web.languages import N_
from sojourn.web.pages import small
from sojourn.web.pages.prose import emphasis, paragraphs
from sojourn.web.said import quoted, say

_SHOWN_AS_IS = ("", "_T")
_BOUNDS = {"less": N_("less than {share}"), "more": N_("more than {share}")}


class _Plain(Context):
    """Calls what a template names as it is: nothing of ours asks for the context, which Jinja looks up each time."""

    def call(self, called: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
        """Call it; the names of loops and blocks that Jinja passes along are for those who ask."""
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(*arguments, **named)


def environment(**options: Any) -> Environment:
    """Make the template environment: everything escaped, and a name that does not exist is an error."""
    made = Environment(
        **{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    )
    made.context_class = _Plain
    made.globals["asset"] = asset
    made.globals["live_script"] = live.address
    made.globals["words"] = words
    made.globals["small"] = small
    made.globals["most_xlsx"] = MOST_XLSX
    made.globals["with_registry"] = bool(settings.SOJOURN_DATABASE)
    made.filters["paragraphs"] = paragraphs
    made.filters["emphasis"] = emphasis
    made.globals["by_name"] = by_name
    return made


class Voice:
    """What a template may call, in the language and release of the request."""

    def __init__(self, request: HttpRequest, language: str) -> None:
        self.language, self.direction = language, languages.direction(language)
        self._request = request
        holding = getattr(request, "holding", None)
        self.pinned = holding.name if holding is not None and getattr(request, "pinned", False) else ""

    def t(self, text: str, /, **fields: object) -> Markup:
        """Give a text of the site."""
        return languages.translate(self.language, text, **fields)

    def n(self, one: str, many: str, count: int, /, **fields: object) -> Markup:
        """Give a text of the site that is told of a number, in the form that the language has for it."""
        return languages.counted(self.language, one, many, count, **fields)

    def plain(self, text: str, /, **fields: object) -> str:
        """Give a text of the site without markup."""
        return languages.plain(self.language, text, **fields)

    def link(self, path: str = "", **given: Any) -> str:
        """Give the address of a page, in this language; a release that was asked for is kept."""
        return address(f"/{self.language}/{path}", given, self.pinned)

    def api(self, path: str, **given: Any) -> str:
        """Give an address of the API, of the release that the page shows."""
        holding = getattr(self._request, "holding", None)
        return address(f"/api/v1/{path}", given, holding.name if holding is not None else "")

    def site(self) -> str:
        """Give scheme and host of the site, for addresses that are used elsewhere."""
        return site_of(self._request)

    def translations(self) -> list[dict[str, str]]:
        """Give the same page in each language."""
        rest = self._request.path.partition(f"/{self.language}/")[2]
        query = self._request.META.get("QUERY_STRING", "")
        return [
            {"code": code, "name": name, "href": f"/{code}/{quote(rest)}" + (f"?{query}" if query else "")}
            for code, name in languages.NAMES.items()
        ]

    def num(self, value: float | None) -> Markup:
        """Write a number; it reads from left to right in every language."""
        return _number(value, self.language)

    def share(self, value: float) -> Markup:
        """Write a probability as the language does, never as certain."""
        bound, text = chance(value, self.language)
        shown = Markup('<bdi dir="ltr" class="num">{}</bdi>').format(text)
        return self.t(_BOUNDS[bound], share=shown) if bound else shown

    def bdi(self, text: object) -> Markup:
        """Keep a name or a date in its own order, whatever stands around it."""
        return Markup('<bdi dir="ltr" class="tight">{}</bdi>').format(text)

    def exact(self, value: float) -> Markup:
        """Write a number with every digit that the release holds, as the language does."""
        return _in_order(languages.exact(value, self.language))

    def short(self, value: float | None) -> Markup:
        """Write a number in few letters, for cells and captions that have little room."""
        return _short(value, self.language)

    def interval(self, row: Mapping[str, Any]) -> Markup:
        """Write an interval, lower bound first in every language; or that no error is known."""
        if row["value"] is None:
            return Markup("")
        if row["lower"] is None or row["upper"] is None:
            if row.get("se") is not None:
                return _in_order(f"± {languages.number(row['se'], self.language)}")
            return Markup(f'<span class="unknown">{self.t("not known")}</span>')
        lower, upper = (languages.number(row[name], self.language) for name in ("lower", "upper"))
        shown = _in_order(f"{lower} – {upper}")
        if row["level"] is None:
            return Markup(f'{shown} <abbr title="{escape(self.plain(NO_LEVEL))}">*</abbr>')
        return shown

    def made(self, row: Mapping[str, Any]) -> Markup:
        """Write a value that leads to how it was made."""
        title = escape(self.plain("How was this made?"))
        return Markup(
            f'<a class="how" href="{escape(self.how(row))}" title="{title}">{self.num(row["value"])}</a>'
        )

    def area(self, code: str) -> Markup:
        """Name an area."""
        return languages.area_name(code, self.language)

    def plain_area(self, code: str) -> str:
        """Name an area without markup: for titles, choices and labels."""
        return languages.plain_area(code, self.language)

    def held_areas(self, series: str) -> Markup:
        """Give the areas that a series has a number for as options, by their names: countries first, then regions."""
        return _options(tuple(self._request.holding.areas_of.get(series, ())), self.language)

    def place(self, row: Mapping[str, Any]) -> Markup:
        """Name an area, or a corridor in the direction of reading."""
        if not row["counterpart"]:
            return self.area(row["area"])
        arrow = "←" if self.direction == "rtl" else "→"
        return Markup("{} {} {}").format(self.area(row["area"]), arrow, self.area(row["counterpart"]))

    def unit(self, code: str) -> Markup:
        """Say a unit in words."""
        return self.t(words.UNITS[code]) if code in words.UNITS else escape(code)

    def of_code(self, column: str, code: str) -> Markup:
        """Say a code in words where we have them."""
        known = words.CODES.get((column, code))
        if known is None and column == "age" and (spoken := words.age(code)):
            return self.t(spoken[0], **spoken[1])
        return self.t(known) if known else Markup('<bdi dir="ltr">{}</bdi>').format(code)

    def term(self, text: str) -> Markup:
        """Give a name of the release or the framework – a series, a dimension, a code, a target – in this language."""
        return terms.term(self.language, text)

    def plain_term(self, text: str) -> str:
        """Give such a name without markup: for titles and choices."""
        return terms.plain_term(self.language, text)

    def english(self, text: str) -> Markup:
        """Give a text of the release: translated where it is a known name, else marked as English."""
        return terms.term(self.language, text)

    def how(self, row: Mapping[str, Any]) -> str:
        """Give the address of the page that says how a number was made."""
        return self.link("number", **_key_of(row))

    def how_in(self, row: Mapping[str, Any], release: str) -> str:
        """Give the address of the same page for the headline number of another release."""
        key = {name: code for name, code in _key_of(row).items() if name not in ("source", "method")}
        return self.link("number", **key, release=release)


def _key_of(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in observations.KEY if row.get(name, "") not in _SHOWN_AS_IS}


NO_LEVEL = N_("a range of stated doubts, no probability interval")


def address(path: str, given: Mapping[str, Any], release: str) -> str:
    """Write an address; empty values are left out."""
    listed = {name: value for name, value in given.items() if value not in (None, "", ())}
    if release:
        listed.setdefault("release", release)
    parts = [
        f"{_quoted(name)}={_quoted(str(one))}"
        for name, value in listed.items()
        for one in (value if isinstance(value, (list, tuple)) else (value,))
    ]
    return _path(path) + ("?" + "&".join(parts) if parts else "")


# A page writes hundreds of addresses of the same few codes.
_quoted = lru_cache(8192)(quote_plus)
_path = lru_cache(8192)(partial(quote, safe="/."))


def render(
    request: HttpRequest, language: str, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """Render a page."""
    return HttpResponse(part(request, language, template, context), status=status)


def part(request: HttpRequest, language: str, template: str, context: Mapping[str, Any]) -> Markup:
    """Render a part of a page, to stand in a page as it is."""
    return Markup(get_template(template).render({**voice_of(request, language), **context}))


def voice_of(request: HttpRequest, language: str) -> dict[str, Any]:
    """Give what every template may call, and the release that its page shows."""
    voice = Voice(request, language)
    shared = {name: getattr(voice, name) for name in dir(voice) if not name.startswith("_")}
    return {**shared, "holding": getattr(request, "holding", None)}


@lru_cache(8192)
def _number(value: float | None, language: str) -> Markup:
    return _in_order(languages.number(value, language))


@lru_cache(8192)
def _short(value: float | None, language: str) -> Markup:
    return Markup(f'<bdi class="num">{escape(languages.short(value, language))}</bdi>')


def _in_order(text: str) -> Markup:
    """Keep figures, which hold nothing to escape, in their order within a text of any direction."""
    return Markup(f'<bdi dir="ltr" class="num">{text}</bdi>')


@lru_cache(512)
def by_name(codes: tuple[str, ...], language: str) -> tuple[tuple[str, str], ...]:
    """Give codes of areas with their names, sorted by these; regions and groups after countries."""
    named = ((code, languages.plain_area(code, language)) for code in codes)
    return tuple(sorted(named, key=lambda one: (not one[0].isalpha(), key(one[1]))))


@lru_cache(512)
def _options(codes: tuple[str, ...], language: str) -> Markup:
    return Markup("".join(_option(*one) for one in by_name(codes, language)))


@lru_cache(8192)
def _option(code: str, name: str) -> str:
    return f'<option value="{escape(code)}">{escape(name)}</option>'


_TRACKED = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id")
"""Names that mails and other sites hang on to a link; they ask nothing."""


def only(given: Iterable[str], *accepted: str) -> None:
    """Refuse names that a page does not know, but for those that others hang on to links.

    Raises:
        UsageError: names the first of them.
    """
    known = (*accepted, "release")
    if unknown := [one for one in given if one not in known and not _TRACKED.fullmatch(one)]:
        raise UsageError(
            say("This page is not asked anything by the name {name}", name=quoted(unknown[0])),
            where=unknown[0][:60],
            accepted=", ".join((*accepted, "release")),
        )
