"""Columns of our own: a code of a vocabulary, a date as it was said, a language, an area, and a link to a record."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from sojourn.errors import UsageError
from sojourn.web.registry.dates import last_day

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
"""The six languages of the United Nations, in the order of the site."""


class TermField(models.CharField):
    """A code of a vocabulary. The list of codes is data (`Term`), so none is written into the column.

    Services refuse a code that the vocabulary does not have; `vocabulary` says which list it is.
    """

    def __init__(self, vocabulary: str = "", **options: Any) -> None:
        self.vocabulary = vocabulary
        options.setdefault("max_length", 40)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        """Tell migrations the vocabulary too."""
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, {"vocabulary": self.vocabulary, **options}


def is_date(said: str) -> None:
    """Refuse what is no date.

    Raises:
        ValidationError: it is none.
    """
    try:
        last_day(said)
    except UsageError as error:
        raise ValidationError(error.what) from error


class SaidDateField(models.CharField):
    """A date as precise as its source says it: `2015`, `2015-07` or `2015-07-13`."""

    default_validators = (is_date,)

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 10)
        super().__init__(**options)


class LanguageField(models.CharField):
    """One of the six languages."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 2)
        options.setdefault("choices", [(one, one) for one in LANGUAGES])
        super().__init__(**options)


class AreaField(models.CharField):
    """A country or region by its code: ISO 3166-1 alpha-3, or M49 for regions (`001`: the world)."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 12)
        super().__init__(**options)


class Link(models.ForeignKey):
    """A link to another record, which can be withdrawn but never deleted while something points to it."""

    def __init__(self, to: Any, **options: Any) -> None:
        options.setdefault("on_delete", models.PROTECT)
        options.setdefault("related_name", "+")
        super().__init__(to, **options)
