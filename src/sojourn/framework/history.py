"""Records of how the field came about: meetings, bodies, terms of office, promises, and words for all of it.

The registry is filled from these; what each is and how sure it is stays with it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sojourn.framework.records import Fact, MaybeNumber, MaybeYear, Text, Words

SaidDate = Annotated[str, Field(pattern=r"^$|^\d{4}(-\d{2}(-\d{2})?)?$")]


class CoordinationMeeting(Fact):
    """One of the Coordination Meetings on International Migration."""

    number: int
    start: SaidDate
    end: SaidDate
    focus_own_words: str


class Summit(Fact):
    """A summit meeting of the Global Forum, with its chair and official title."""

    number: int
    chair: Text
    place: Text
    start: SaidDate
    end: SaidDate
    theme_official_title: str


class Chair(Fact):
    """A term of office in the chair of the Global Migration Group; brackets tell a gap, or that nobody is listed."""

    start: Annotated[SaidDate, Field(alias="from")]
    end: Annotated[SaidDate, Field(alias="to")]
    chair: Text

    @property
    def is_known(self) -> bool:
        """Whether the row names a chair."""
        return not self.chair.startswith("(") and not self.chair.startswith("succeeded")


class Member(Fact):
    """A member of the Global Migration Group, as of a year; brackets tell what is known of the rest."""

    member: Text
    as_of: Text

    @property
    def is_known(self) -> bool:
        """Whether the row names a member."""
        return not self.member.startswith("(")


class Milestone(Fact):
    """Something that happened and changed the field."""

    year: int
    date: SaidDate
    label_own_words: Text
    kind: Text
    successor_of: str


class Quirk(BaseModel):
    """A slip or gap of a source: the source's wording stays, and this stands beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Text
    where: Text
    text: Text


class Body(Fact):
    """A mechanism, forum or commission."""

    key: Text
    label: Text
    type: Text
    standing: Text
    start: Annotated[SaidDate, Field(alias="from")]
    end: Annotated[SaidDate, Field(alias="to")]
    mandate: str


class Series(Fact):
    """A series of meetings."""

    key: Text
    label: Text
    body: str
    mandate: str
    standing: Text


class Succession(Fact):
    """What took the place of what: `body:gmg` or `series:hld`."""

    earlier: Text
    later: Text
    relation: Text
    date: SaidDate


class Instrument(Fact):
    """A text that was adopted, by States or others."""

    key: Text
    label: Text
    symbol: str
    type: Text
    standing: Text
    adopted: SaidDate
    adopted_by: Text


class Promise(Fact):
    """A promise that can be measured, where it comes from and who leads it."""

    key: Text
    label: Text
    summary: str
    instrument: Text
    provision: str
    statement: str
    leads: Text
    lead_type: Text
    force: Text
    start: SaidDate
    due: SaidDate
    themes: Words


class PromiseTarget(Fact):
    """What a promise is held to: the series, of whom, and the value by a day."""

    promise: Text
    label: Text
    indicator: Text
    series: Text
    area: str
    breakdown: str
    each: bool
    direction: Text
    value: MaybeNumber
    unit: Text
    date: SaidDate
    baseline_rule: Text
    baseline_period: str
    basis: Text
    link_strength: Text
    reason: Text


class Practice(Fact):
    """What somebody does or did, as a source tells it; `item` is what was said of it at the 13th meeting."""

    key: Text
    label: Text
    type: Text
    summary: Text
    actor: str
    areas: Words
    item: str
    start: SaidDate
    result: str
    result_value: MaybeNumber
    result_unit: str
    result_method: str
    pitfalls: str
    themes: Words


class NationalPlan(Fact):
    """A national plan that takes up migration, and the stage that the source bears out."""

    key: Text
    label: Text
    type: Text
    area: Text
    first_year: MaybeYear
    last_year: MaybeYear
    item: str
    stage: Text


class ItemAreas(Fact):
    """The countries that an item of the 13th meeting names."""

    item: Text
    areas: Words


class Name(Fact):
    """A record's title in the other languages: official, or translated here; empty where it is not known for certain.

    `key` is that of the fact that the record is loaded from; one that ends in `*` stands for a numbered series.
    """

    key: Text
    status: Text
    fr: str
    es: str
    ru: str
    ar: str
    zh: str

    @property
    def titles(self) -> dict[str, str]:
        """Language -> title, for the languages that have one."""
        own = {one: getattr(self, one) for one in ("ar", "zh", "fr", "ru", "es")}
        return {language: title for language, title in own.items() if title}


class Unmeasurable(BaseModel):
    """Why announcements of a kind are not held to a series of numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    item_kind: Text
    reason: Text


class Label(BaseModel):
    """A term of a vocabulary in six languages. The lists are `vocabularies.toml`, and those that this program adds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vocabulary: Text
    code: Text
    ar: Text
    zh: Text
    en: Text
    fr: Text
    ru: Text
    es: Text

    @property
    def labels(self) -> dict[str, str]:
        """Language -> label."""
        return {one: getattr(self, one) for one in ("ar", "zh", "en", "fr", "ru", "es")}


class ThemeLabel(BaseModel):
    """A theme of a scheme in the other five languages; the translations are this program's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scheme: Text
    code: Text
    fr: Text
    es: Text
    ru: Text
    ar: Text
    zh: Text

    @property
    def labels(self) -> dict[str, str]:
        """Language -> label."""
        return {one: getattr(self, one) for one in ("ar", "zh", "fr", "ru", "es")}
