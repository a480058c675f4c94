"""The record: what every entry of the registry is, whatever its kind; its versions; and the numbers of its ids.

A row shows the version that is published. While none is, it shows the one being worked on, and no outsider may
know that it exists; so every list for readers begins with `Record.objects.public()` or asks
`services.reading.visible`. The text of every version is kept whole in `Version`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from sojourn.web.registry.models.fields import LanguageField, TermField

DRAFT, SUBMITTED, RETURNED, ENDORSED = "draft", "submitted", "returned", "endorsed"
PUBLISHED, WITHDRAWN, ARCHIVED = "published", "withdrawn", "archived"
STATES = (DRAFT, SUBMITTED, RETURNED, ENDORSED, PUBLISHED, WITHDRAWN, ARCHIVED)
"""States of publication. The code acts on them, so they are named here; their labels are in the vocabulary."""

PUBLIC = (PUBLISHED, ARCHIVED)
"""States in which everybody may read the text; an archived record is still read, and no longer kept up."""


class RecordQuerySet(models.QuerySet):
    """Questions that every kind of record is asked."""

    def public(self) -> Any:
        """Keep what everybody may read."""
        return self.filter(state__in=PUBLIC)

    def tombstones(self) -> Any:
        """Keep what was public and was withdrawn: its id, and why it is gone, stay."""
        return self.filter(state=WITHDRAWN, published_version__isnull=False)


class Record(models.Model):
    """An entry of the registry.

    Bookkeeping (`editable=False`) is written by services; all other columns, here and in the kinds, are the text
    of the record: they go through the workflow, and every version keeps them.

    Attributes:
        public_id: what it is called for ever, such as `C-2013-0007`.
        kind: name of its model, such as `commitment`; `entity` gives the row with all its columns.
        state: that of the version which the row shows.
        version: number of that version.
        published_version: number of the newest version ever published; None: nobody outside has seen it.
        owner: institution that answers for the text; None: the registry itself (facts that are shipped).
        annotation, annotated_by: a summary by a secretariat, beside the owner's own words.
        closing_reason: why it was withdrawn or archived.
        fact: key of the shipped fact that it was loaded from.
        title, summary: what it is called, and what it says in short, in the language of the original.
        original_language, text_status: language and standing of the text.
        source, source_seen: document with page or paragraph, and the day somebody looked at it.
        certainty, certainty_note: how sure it is, and the same in words.
    """

    KIND: ClassVar[str] = ""

    public_id = models.CharField(max_length=16, unique=True, editable=False)
    kind = models.CharField(max_length=24, editable=False)
    state: Any = TermField("publication_state", default=DRAFT, editable=False, max_length=12)
    version = models.PositiveIntegerField(default=1, editable=False)
    published_version = models.PositiveIntegerField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    owner = models.ForeignKey(
        "registry.Actor", null=True, editable=False, on_delete=models.PROTECT, related_name="records"
    )
    annotation = models.TextField(blank=True, editable=False)
    annotated_by = models.ForeignKey(
        "registry.Seat", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    closing_reason = models.TextField(blank=True, editable=False)
    fact = models.CharField(max_length=200, null=True, unique=True, editable=False)
    created = models.DateTimeField(editable=False)
    changed = models.DateTimeField(editable=False)

    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    original_language = LanguageField(default="en")
    text_status = TermField("text_status", default="own_summary")
    source = models.TextField(blank=True)
    source_seen = models.DateField(null=True, blank=True)
    certainty = TermField("certainty", default="unknown")
    certainty_note = models.TextField(blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ("public_id",)
        indexes = (
            models.Index(fields=("kind", "state", "public_id"), name="records_of_a_kind"),
            models.Index(fields=("owner", "state"), name="records_of_an_owner"),
            models.Index(fields=("state", "-published_at"), name="records_by_publication"),
            models.Index(fields=("-published_at", "-id"), name="newest_records"),
        )

    def __str__(self) -> str:
        return f"{self.public_id} {self.title}"

    @property
    def entity(self) -> Any:
        """The same record as a row of its kind, with all its columns."""
        return self if self.KIND else getattr(self, f"as_{self.kind.replace('_', '')}")

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.state in PUBLIC

    @property
    def is_tombstone(self) -> bool:
        """Whether it was public and was withdrawn."""
        return self.state == WITHDRAWN and self.published_version is not None


class Entry(Record):
    """What a kind of record adds to it: its own columns, in a table of its own.

    Attributes:
        KIND, PREFIX: name of the kind, and how its public ids begin.
        PRIVATE: columns that only the owner's institution reads.
        DUE: column of its deadline, from which `due_day` is taken, where it has one.
    """

    PREFIX: ClassVar[str] = ""
    PRIVATE: ClassVar[tuple[str, ...]] = ()
    DUE: ClassVar[str] = "due"

    record = models.OneToOneField(
        Record,
        parent_link=True,
        primary_key=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="as_%(class)s",
    )

    class Meta:
        abstract = True


class Version(models.Model):
    """The whole text of a record as one version has it; frozen once it is published.

    Attributes:
        content: name of column or part -> value, as `services.content` writes it.
        edit: counts the saves, on from the version before; whoever saves names the count that they began with,
            and is refused if it moved.
        writers: accounts that wrote any of it; none of them may approve it.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state: Any = TermField("publication_state", default=DRAFT, max_length=12)
    content = models.JSONField()
    edit = models.PositiveIntegerField(default=0)
    writers = models.ManyToManyField("registry.Account", related_name="+")
    reason = models.TextField(blank=True)
    created = models.DateTimeField()
    changed = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("record", "number")
        constraints = (models.UniqueConstraint(fields=("record", "number"), name="a_version_once"),)
        indexes = (models.Index(fields=("state", "changed"), name="versions_by_state"),)

    def __str__(self) -> str:
        return f"{self.record.public_id} version {self.number}"


class Serial(models.Model):
    """The last number given out for a prefix and year: ids are never used twice."""

    prefix = models.CharField(max_length=3)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("prefix", "year"), name="a_serial_once"),)
