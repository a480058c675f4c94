"""Fills a registry with drawn commitments and a chain of events that verifies, by hundreds of thousands.

    python bench/registry_data.py FILE.sqlite3 [--commitments 100000] [--events 1000000]

The shipped facts come first, so that drawn commitments have true actors, themes and areas. Everything is drawn from a
fixed seed; each published text has the digest that its event sealed, so that `sojourn registry verify` finds no fault.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

SEED = 2013
BATCH = 5_000
BEGINNING = datetime(2014, 1, 1, tzinfo=UTC)
MEASURED = 100
"""One of so many commitments has a target."""

VERBS = ("create", *["edit"] * 7, "submit")
WHAT = ("Halve", "Lower", "Publish", "Review", "Extend", "Fund", "Ratify", "Train officials on", "Monitor")
OF_WHAT = (
    "the cost of remittances",
    "recruitment fees of migrant workers",
    "portability of pensions",
    "recognition of skills and diplomas",
    "alternatives to detention of children",
    "the protection of victims of trafficking",
    "consular help abroad",
    "migration data of the census",
    "the return and reintegration of workers",
    "health care at borders",
    "diaspora investment in small firms",
    "visas for students",
)
WHERE = ("in rural areas", "in border districts", "in large cities", "with trade unions", "with neighbours")
REASONS = ("", "", "It names no quantity, area or date that a series could be held to")
SERIES = "SI_RMT_COST"


def open_registry(file: Path) -> None:
    """Set Django up on a file."""
    os.environ["SOJOURN_REGISTRY"] = str(file.resolve().parent)
    os.environ["SOJOURN_DATABASE"] = f"sqlite:///{file.resolve()}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sojourn.web.settings")
    import django

    django.setup()


class Drawn:
    """Commitments as they are drawn: texts, and the rows of all tables for a batch of them."""

    def __init__(self, events: int, first_event: tuple[int, str], first_record: int) -> None:
        from sojourn.web.registry.models import Actor, Place, Term

        self._draw = random.Random(SEED)
        self._events = events
        self._last, self._seal = first_event
        self._record = first_record
        self._actors = list(Actor.objects.public().values_list("pk", "public_id"))
        self._areas = sorted(set(Place.objects.values_list("area", flat=True))) or ["001"]
        self._areas += [one for one in ("MEX", "PHL", "BGD", "KEN", "SWE") if one not in self._areas]
        self._themes = list(Term.objects.filter(vocabulary="gfmd_themes").values_list("pk", "code"))

    def batch(self, numbers: range) -> None:
        """Write a batch of commitments with versions, parts, index and events."""
        from django.db import connection, transaction

        from sojourn.web.registry.models import (
            Commitment,
            Event,
            Involvement,
            Place,
            Record,
            Theme,
            Version,
        )
        from sojourn.web.registry.services import content, indexing

        lookup = content.Lookup()
        records, own, versions, involved, places, themes, events = [], [], [], [], [], [], []
        for number in numbers:
            key = self._record + number
            text = content.clean("commitment", self._text(number), lookup)
            entity = Commitment(kind="commitment", owner_id=self._lead, created=self._at, changed=self._at)
            entity.pk = entity.record_id = entity.id = key
            entity.public_id = f"C-{self._at.year}-{number + 10_000}"
            content.put(entity, text)
            entity.state, entity.published_version, entity.published_at = "published", 1, self._at
            records.append(
                Record(**{one.attname: getattr(entity, one.attname) for one in Record._meta.fields})
            )
            own.append(entity)
            at = self._at
            versions.append(
                Version(
                    record_id=key,
                    number=1,
                    state="published",
                    content=text,
                    created=at,
                    changed=at,
                    published_at=at,
                )
            )
            involved.append(Involvement(record_id=key, actor_id=self._lead, role="lead"))
            places.append(Place(record_id=key, area=text["areas"][0]["area"]))
            themes += [Theme(record_id=key, term_id=one) for one, _ in self._filed]
            events += self._chain(entity.public_id, text, number)
        with transaction.atomic():
            Record.objects.bulk_create(records)
            _insert(connection, Commitment, own)
            for model, rows in (
                (Version, versions),
                (Involvement, involved),
                (Place, places),
                (Theme, themes),
                (Event, events),
            ):
                _insert(connection, model, rows)
            indexing.index_many(own)

    def _text(self, number: int) -> dict[str, Any]:
        draw = self._draw
        self._at = BEGINNING + timedelta(minutes=40 * number)
        self._lead, lead = draw.choice(self._actors)
        self._filed = draw.sample(self._themes, 1 + number % 3)
        due = date(2016, 1, 1) + timedelta(days=draw.randrange(6_000))
        return {
            "title": f"{draw.choice(WHAT)} {draw.choice(OF_WHAT)} {draw.choice(WHERE)}",
            "summary": f"{draw.choice(WHAT)} {draw.choice(OF_WHAT)}; reports are due each year.",
            "source": "Drawn for a measurement of speed",
            "certainty": "unknown",
            "force": draw.choice(("pledge", "decision", "plan", "call")),
            "start": str(self._at.year),
            "due": due.isoformat() if draw.random() < 0.9 else "",
            "not_measurable": "" if number % MEASURED == 0 else draw.choice(REASONS),
            "actors": [{"actor": lead, "role": "lead"}],
            "areas": [{"area": draw.choice(self._areas)}],
            "themes": [f"gfmd_themes:{code}" for _, code in self._filed],
        }

    def _chain(self, public_id: str, text: dict[str, Any], number: int) -> Iterator[Any]:
        """Give the events of a commitment, each sealing the one before; the last one publishes it."""
        from sojourn.web.registry.models import Event
        from sojourn.web.registry.services import audit

        told = [(f"{verb}ed", {"edit": place}) for place, verb in enumerate(VERBS[: self._events - 1])]
        for place, (verb, more) in enumerate([*told, ("published", {"text": audit.digest(text)})]):
            event = Event(
                number=self._last + 1,
                at=self._at + timedelta(minutes=place),
                account=None,
                seat=None,
                verb=verb,
                subject=public_id,
                version=1,
                told=audit.canonical(more),
                previous=self._seal,
            )
            event.seal = audit.seal(event)
            self._last, self._seal = event.number, event.seal
            yield event


def _insert(connection: Any, model: Any, rows: list[Any]) -> None:
    """Write rows of one table as they are, many at a time."""
    columns = [
        one for one in model._meta.local_concrete_fields if not (one.primary_key and one.attname == "id")
    ]
    names = ", ".join(connection.ops.quote_name(one.column) for one in columns)
    marks = ", ".join("%s" for _ in columns)
    values = [
        tuple(one.get_db_prep_save(getattr(row, one.attname), connection) for one in columns) for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", values)


def measure_some(commitments: int) -> None:
    """Give one of a hundred commitments a target, as the shipped ones have it."""
    from sojourn.web.registry.loading.put import Loaded, put
    from sojourn.web.registry.models import Commitment

    loaded = Loaded()
    some = Commitment.objects.public().filter(source__startswith="Drawn").order_by("pk")
    keys = some.values_list("public_id", flat=True)
    for place, one in enumerate(keys[:commitments:MEASURED]):
        given = {
            "commitment": one,
            "title": "Average cost of sending 200 dollars",
            "certainty": "unknown",
            "indicator": "10.c.1",
            "series": SERIES,
            "area": "001",
            "direction": "lower",
            "value": str(3 + place % 5),
            "unit": "PT",
            "date": "2030",
            "basis": "proxy_by_editor",
            "link_strength": "proxy",
        }
        put(loaded, "target", f"drawn:{one}", 2015, given)


def fill(file: Path, commitments: int, events: int) -> dict[str, int]:
    """Make a registry and fill it.

    Args:
        file: of the database, which does not exist yet.
        commitments, events: how many.

    Returns:
        Counts of what is there.
    """
    open_registry(file)
    from sojourn.web.registry import starting
    from sojourn.web.registry.models import Commitment, Event, Record, Serial
    from sojourn.web.registry.services import audit

    starting.prepare()
    first = max(Record.objects.values_list("pk", flat=True)) + 1
    drawn = Drawn(max(1, round(events / commitments)), audit.head(), first)
    for start in range(0, commitments, BATCH):
        drawn.batch(range(start, min(start + BATCH, commitments)))
        print(f"{min(start + BATCH, commitments):,} of {commitments:,}", flush=True)
    Serial.objects.filter(prefix="C").update(last=9_999)
    measure_some(commitments)
    return {"commitments": Commitment.objects.count(), "events": Event.objects.count()}


def main() -> None:
    """Fill a registry from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--commitments", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    given = parser.parse_args()
    print(json.dumps(fill(given.file, given.commitments, given.events)))


if __name__ == "__main__":
    main()
