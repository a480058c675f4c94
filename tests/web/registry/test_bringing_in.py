"""A table brought in as drafts: every problem by row, all rows or none, and the same workflow as any text."""

from __future__ import annotations

import csv as tables
import io

import pytest

from sojourn.cli_registry import _print_import
from sojourn.errors import UsageError
from sojourn.web.registry.faults import DeniedError, InvalidError
from sojourn.web.registry.models import (
    KINDS,
    Account,
    Actor,
    Commitment,
    Event,
    ProgressReport,
    Provision,
    Seat,
    Statement,
    Target,
    Version,
)
from sojourn.web.registry.models.accounts import FOCAL_POINT
from sojourn.web.registry.public.tables import handed_out
from sojourn.web.registry.services import audit, content, workflow
from sojourn.web.registry.services.bringing_in import bring_in, columns, given, planned
from sojourn.web.registry.services.persons import ANONYMOUS, Held, Person

HEADER = ("title", "summary", "form", "nature", "due", "areas", "actors")


def csv_of(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> bytes:
    text = io.StringIO()
    tables.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


@pytest.fixture
def focal_point(loaded):
    """Somebody with a seat in an institution of the shipped facts."""
    account = Account.objects.create_user("ada@example.org", name="Ada")
    actor = Actor.objects.public().first()
    seat = Seat.objects.create(account=account, actor=actor, role=FOCAL_POINT, valid_from="2020-01-01")
    return Person(account.pk, (Held(seat.pk, FOCAL_POINT, actor.pk),), True)


def said(plan):
    return [(one.row, one.column, one.value) for one in plan.problems]


def test_columns_are_those_of_the_kind(loaded):
    known = {one.name: one for one in columns("commitment")}
    assert {"title", "summary", "due", "form", "actors", "areas", "themes"} <= known.keys()
    assert known["title"].required
    assert "individual" in known["form"].codes
    assert not {"state", "owner", "public_id", "due_day"} & known.keys(), "bookkeeping is nobody's to write"
    with pytest.raises(UsageError, match="no kind"):
        columns("promise")


def test_every_problem_is_listed_and_nothing_written(loaded, focal_point):
    before = Event.objects.count()
    table = csv_of(
        ("Halve the cost", "", "individual", "", "2030", "NOR; BGD", ""),
        ("", "", "individual", "", "2030", "", ""),
        ("Lower fees", "", "nonsense", "", "next year", "NOR", ""),
        ("Publish data", "", "individual", "", "", "XXX", "A-1900-0001"),
    )
    plan, _ = planned(focal_point, "commitment", table)
    assert said(plan) == [
        (3, "title", ""),
        (4, "form", "nonsense"),
        (4, "due", "next year"),
        (5, "areas", "XXX"),
        (5, "actors", "A-1900-0001"),
    ]
    with pytest.raises(UsageError, match="nothing was written"):
        bring_in(focal_point, "commitment", plan, owner=focal_point.seats[0].actor)
    assert Event.objects.count() == before


def test_rows_become_drafts_with_an_event_each(loaded, focal_point):
    before = Event.objects.count()
    actor = Actor.objects.public().first().public_id
    table = csv_of(
        ("Halve the cost", "=1+1", "individual", "financial", "2030", "NOR; BGD", actor),
        ("Lower fees", "", "", "", "2027-06", "", ""),
    )
    plan, lookup = planned(focal_point, "commitment", table)
    assert said(plan) == []
    made = bring_in(focal_point, "commitment", plan, owner=focal_point.seats[0].actor, lookup=lookup)
    first, second = (Commitment.objects.get(public_id=one) for one in made)
    assert (first.title, first.summary, first.state, first.due) == ("Halve the cost", "=1+1", "draft", "2030")
    assert [one.area for one in first.areas.all()] == ["NOR", "BGD"]
    assert [one.actor.public_id for one in first.actors.all()] == [actor]
    assert (second.form, second.owner_id) == ("individual", focal_point.seats[0].actor)
    assert Event.objects.count() == before + 2
    assert list(audit.broken()) == []
    assert [one.content["title"] for one in Version.objects.filter(record__public_id__in=made)] == [
        "Halve the cost",
        "Lower fees",
    ]


def test_who_may_not_write_brings_nothing_in(loaded, focal_point):
    plan, lookup = planned(ANONYMOUS, "commitment", csv_of(("Halve the cost", "", "", "", "", "", "")))
    with pytest.raises(DeniedError):
        bring_in(ANONYMOUS, "commitment", plan, owner=None, lookup=lookup)
    assert not Commitment.objects.filter(title="Halve the cost").exists()


def test_a_missing_column_is_one_problem_and_not_one_of_every_row(loaded, focal_point):
    plan, _ = planned(focal_point, "commitment", csv_of(("a",), ("b",), header=("summary",)))
    assert said(plan) == [(1, "title", "")]


def test_an_empty_cell_says_nothing():
    from sojourn.web.registry.importing import Row

    assert given(Row(2, {"title": "T", "areas": " ; ", "due": ""})) == {"title": "T", "areas": []}


@pytest.mark.parametrize(
    ("kind", "given_", "field"),
    [
        ("commitment", {"start": "2030", "due": "2020"}, "due"),
        ("funding", {"first_year": 2029, "last_year": 2026}, "last_year"),
        ("funding", {"amount": "-1000"}, "amount"),
        ("progress_report", {"period_start": "2026", "period_end": "2025"}, "period_end"),
        ("body", {"valid_from": "2015-07-02", "valid_to": "2015-07-01"}, "valid_to"),
        ("action", {"budget": "-1"}, "budget"),
    ],
)
def test_what_cannot_be_true_is_refused_beside_its_field(loaded, kind, given_, field):
    with pytest.raises(InvalidError) as refused:
        content.clean(kind, {"title": "T", **given_}, content.Lookup())
    assert refused.value.problems[field] in (content.TOO_EARLY, content.NEGATIVE)


def test_a_date_within_the_same_year_is_no_end_before_a_beginning(loaded):
    text = content.clean("commitment", {"title": "T", "start": "2020-07", "due": "2020"}, content.Lookup())
    assert text["due"] == "2020"


def exported(kind: str) -> bytes:
    return b"".join(handed_out(kind, "csv", "table").streaming_content)


@pytest.mark.parametrize("kind", KINDS)
def test_every_export_can_be_brought_in_again_and_changes_nothing(loaded, focal_point, kind):
    table = exported(kind)
    public = list(KINDS[kind].objects.public().order_by("public_id").values_list("public_id", flat=True))
    plan, lookup = planned(focal_point, kind, table)
    if not public:
        assert [one.what for one in plan.problems] == ["The file has no row below its header"]
        return
    assert said(plan) == []
    assert (list(plan.existing), plan.rows) == (public, ())
    assert bring_in(focal_point, kind, plan, owner=None, lookup=lookup) == []


def test_new_rows_of_an_export_become_drafts_and_what_is_ignored_is_told(loaded, focal_point):
    read = list(tables.DictReader(io.StringIO(exported("commitment").decode("utf-8-sig"))))
    first, second = read[0], {**read[1], "public_id": "", "stated": "completed"}
    table = csv_of(*(tuple(one.values()) for one in (first, second)), header=tuple(first))
    plan, _ = planned(focal_point, "commitment", table)
    assert said(plan) == []
    assert (plan.existing, [one.number for one in plan.rows]) == ((first["public_id"],), [3])
    assert "stated" in plan.ignored
    assert "public_id" not in plan.rows[0].values


def test_an_id_that_nobody_gave_or_that_one_may_not_know_of_is_a_problem(loaded, focal_point):
    hidden = Commitment.objects.public().first()
    Commitment.objects.filter(pk=hidden.pk).update(state="draft")
    table = csv_of(("C-1900-0001", "a"), (hidden.public_id, "b"), ("", "c"), header=("public_id", "title"))
    plan, _ = planned(focal_point, "commitment", table)
    assert said(plan) == [(2, "public_id", "C-1900-0001"), (3, "public_id", hidden.public_id)]
    assert not plan.existing


def rows_of(kind: str) -> dict[str, dict[str, str]]:
    read = tables.DictReader(io.StringIO(exported(kind).decode("utf-8-sig")))
    return {one["public_id"]: one for one in read}


def test_exports_hold_what_records_stand_beside(loaded):
    for target in Target.objects.public().select_related("commitment"):
        assert rows_of("target")[target.public_id]["commitment"] == target.commitment.public_id
    for provision in Provision.objects.public().select_related("instrument")[:5]:
        assert rows_of("provision")[provision.public_id]["instrument"] == provision.instrument.public_id
    said_ = Statement.objects.public().exclude(actor=None).select_related("actor", "agenda_item").first()
    row = rows_of("statement")[said_.public_id]
    assert (row["actor"], row["agenda_item"]) == (said_.actor.public_id, said_.agenda_item.public_id)


def test_exports_hold_parts_beside_one_another_and_no_record_that_is_not_public(loaded):
    one, other, hidden = Actor.objects.public()[:3]
    promise = Commitment.objects.public().first()
    for part in (promise.actors, promise.areas, promise.evidence):
        part.all().delete()
    for actor in (one, other, hidden):
        promise.actors.create(actor=actor)
    promise.areas.create(area="NOR")
    promise.areas.create(area="BGD")
    promise.evidence.create(title="A report", link="https://example.org/report")
    Actor.objects.filter(pk=hidden.pk).update(state="draft")
    Commitment.objects.filter(pk=promise.pk).update(superseded_by=hidden.pk)
    row = rows_of("commitment")[promise.public_id]
    assert row["actors"] == f"{one.public_id};{other.public_id}"
    assert (row["areas"], row["evidence"]) == ("NOR;BGD", "A report | https://example.org/report")
    assert row["superseded_by"] == ""


EVIDENCE = [
    ("=Survey; of | nurses \\ 2015", "https://example.org/a;b?c=1|2", "CC BY 4.0", "self_report"),
    ("https://example.org/is-a-title", "", "", "none"),
    ("Register", "http://example.org/register", "", "none"),
    ("Census", "", "", "official_statistic"),
]


def test_a_progress_report_goes_out_and_in_again_with_its_evidence(loaded, focal_point):
    owner = focal_point.seats[0].actor
    promise = Commitment.objects.public().first()
    columns_ = ("title", "link", "licence", "grade")
    text = {
        "title": "First year",
        "about": promise.public_id,
        "period_end": "2016",
        "stated": "in_progress",
        "evidence": [dict(zip(columns_, one, strict=True)) for one in EVIDENCE],
    }
    name = workflow.create(focal_point, "progress_report", text, owner=owner).record.public_id
    ProgressReport.objects.filter(public_id=name).update(state="published")
    row = {**rows_of("progress_report")[name], "public_id": ""}
    plan, lookup = planned(focal_point, "progress_report", csv_of(tuple(row.values()), header=tuple(row)))
    assert said(plan) == []
    assert "evidence" not in plan.ignored
    (made,) = bring_in(focal_point, "progress_report", plan, owner=owner, lookup=lookup)
    again = ProgressReport.objects.get(public_id=made)
    assert (again.about_id, again.stated) == (promise.pk, "in_progress")
    shown = [(one.title, one.link, one.licence, one.grade) for one in again.evidence.all()]
    assert shown == EVIDENCE


@pytest.mark.parametrize(
    "cell",
    [
        "Survey | javascript:alert(1)",
        "Survey | data:text/html,x",
        "Survey | example.org/no-scheme",
        "| https://example.org/without-title",
        "Survey | https://example.org/a | CC0 | splendid",
        "Survey | https://example.org/a | CC0 | none | more",
        "Survey | https://example.org/a; Survey | https://example.org/a",
    ],
)
def test_evidence_that_the_form_would_refuse_is_a_problem_that_says_how_it_is_written(
    loaded, focal_point, cell
):
    plan, _ = planned(focal_point, "commitment", csv_of(("T", cell), header=("title", "evidence")))
    assert said(plan) == [(2, "evidence", cell)]
    assert "title | link" in plan.problems[0].accepted


def test_exports_tell_neither_who_spoke_nor_the_way_back_where_nobody_may_know(loaded):
    promise = Commitment.objects.public().exclude(statement=None).exclude(statement__actor=None).first()
    speech = promise.statement
    speech.actors.create(actor=speech.actor)
    assert rows_of("commitment")[promise.public_id]["statement"] == speech.public_id
    assert rows_of("statement")[speech.public_id]["actor"] == speech.actor.public_id
    Statement.objects.filter(pk=speech.pk).update(attribution="none")
    row = rows_of("statement")[speech.public_id]
    assert (row["actor"], row["actors"], row["capacity"]) == ("", "", "")
    assert row["agenda_item"] == speech.agenda_item.public_id
    assert rows_of("commitment")[promise.public_id]["statement"] == ""


def test_the_command_says_what_exists_already_and_which_columns_are_ignored(capsys):
    told = {
        "rows": 1,
        "empty": 0,
        "problems": [],
        "made": [],
        "existing": ["C-2015-0001"],
        "ignored": ["stated"],
    }
    _print_import(told)
    printed = " ".join(capsys.readouterr().out.split())
    assert "1 records exist already and were left as they are: C-2015-0001" in printed
    assert "Columns that no table can set were ignored: stated" in printed
