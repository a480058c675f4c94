"""What the registry's API takes and gives, as it stands in its OpenAPI description."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import ConfigDict, StrictBool, StrictFloat, StrictInt, StrictStr

from sojourn.web.api.schemas import Fault
from sojourn.web.registry.models import KINDS
from sojourn.web.registry.models.shelves import LONGEST_KEY

_CODE = r"^[A-Za-z0-9_.\-]{0,60}$"
_PLACE = rf"^([0-9]{{1,18}}\.[^\x00]{{0,{LONGEST_KEY}}})?$"
_MOST_EDITS = 2**31 - 1

PER_PAGE = 200
"""Records of a page, at most."""


class Invalid(Fault):
    """Something that was sent does not fit; `problems` says what, field by field."""

    problems: dict[str, str] | None = None


class Conflict(Fault):
    """Somebody else saved in between: what was to be written, what stands there, and its count of saves."""

    mine: dict[str, Any] | None = None
    theirs: dict[str, Any] | None = None
    edit: int | None = None


READING: dict[int, Any] = {400: Fault, 401: Fault, 404: Fault, 429: Fault, 503: Fault}
"""What may go wrong when something is read."""

ONE: dict[int, Any] = {**READING, 410: Fault}
"""The same of one record, which may have been withdrawn."""

SECRET: dict[int, Any] = {**READING, 403: Fault}
"""The same where a key is needed."""

WRITING: dict[int, Any] = {**SECRET, 400: Invalid, 409: Conflict, 410: Fault, 413: Fault}
"""What may go wrong when something is written."""


def _kind() -> Any:
    return Field(description="Kind of record", json_schema_extra={"enum": list(KINDS)})


class Chosen(Schema):
    """Which public records of a kind are meant."""

    kind: str = _kind()
    theme: str = Field(
        "", description="Only with this theme, by its code; an unknown one is refused", pattern=_CODE
    )
    type: str = Field(
        "", description="Only of this type, by its code; an unknown one is refused", pattern=_CODE
    )


class Stretch(Chosen):
    """A stretch of a list."""

    after: str = Field("", description="Where the stretch before ended, as `next` says it", pattern=_PLACE)
    per_page: int = Field(50, ge=1, le=PER_PAGE)


class Work(Schema):
    """A stretch of the texts in work."""

    after: int = Field(0, ge=0, lt=10**18, description="Where the stretch before ended, as `next` says it")
    per_page: int = Field(50, ge=1, le=PER_PAGE)


class Ending(Schema):
    """The format of a table."""

    ending: str = Field(description="Format of the table", json_schema_extra={"enum": ["csv", "json"]})


class Listed(Schema):
    """A stretch of the public records of a kind."""

    kind: str
    total: int
    per_page: int
    next: str | None
    records: list[dict[str, Any]]


class File(Schema):
    """A published file of a record."""

    name: str
    media_type: str
    size: int
    sha256: str
    href: str


class Shown(Schema):
    """A record: the newest version of it that whoever asks may see.

    `edit` is the count of saves, to be named when the text is changed; a text that is not in work has none.
    """

    public_id: str
    kind: str
    state: str
    version: int
    published_version: int | None
    published_at: str | None
    owner: str | None
    edit: int | None
    content: dict[str, Any]
    annotation: str
    files: list[File]
    href: str


class Past(Schema):
    """A version of a record."""

    version: int
    state: str
    published_at: str | None
    content: dict[str, Any]


class Versions(Schema):
    """The versions of a record that whoever asks may see, the oldest first."""

    public_id: str
    kind: str
    versions: list[Past]


class Draft(Schema):
    """A text in work."""

    public_id: str
    kind: str
    title: str
    version: int
    state: str
    edit: int
    href: str


class Drafts(Schema):
    """A stretch of the texts in work that the key's seat may see."""

    per_page: int
    next: str | None
    drafts: list[Draft]


class FieldOfKind(Schema):
    """A field: what it holds, and what it may hold."""

    name: str
    label: str
    help: str
    holds: str
    needed: bool
    longest: int | None = None
    vocabulary: str | None = None
    codes: list[str] | None = None
    links_to: str | None = None
    rows: list[FieldOfKind] | None = None


class KindOfRecord(Schema):
    """A kind of record, and how many of it are public."""

    kind: str
    label: str
    help: str
    records: int
    href: str


class Kinds(Schema):
    """The kinds of records."""

    kinds: list[KindOfRecord]


class Fields(Schema):
    """The fields of a kind."""

    kind: str
    fields: list[FieldOfKind]


_Value = Annotated[
    StrictBool | StrictInt | Annotated[StrictFloat, Field(allow_inf_nan=False)] | StrictStr | None,
    Field(description="A text, a number, yes or no, or nothing"),
]
_Row = dict[str, _Value]
_Text = dict[str, _Value | _Row | list[StrictStr | _Row]]


def _content() -> Any:
    return Field(description="Field -> value; /registry/kinds/{kind} lists the fields of a kind")


def _edit() -> Any:
    return Field(
        ge=0, le=_MOST_EDITS, strict=True, description="Count of saves of the text that you have read"
    )


class Sent(Schema):
    """What a program sends: a name that nobody knows is refused, so that nothing is left out unheard."""

    model_config = ConfigDict(extra="forbid")


class Begun(Sent):
    """A record to be begun, for the institution of the key's seat."""

    kind: str = _kind()
    content: _Text = _content()


class Edited(Sent):
    """Changes to a text; what is not named stays."""

    edit: int = _edit()
    content: _Text = _content()


class Seen(Sent):
    """Which text is meant."""

    edit: int = _edit()


class Written(Schema):
    """What was written."""

    public_id: str
    kind: str
    version: int
    state: str
    edit: int
    href: str
