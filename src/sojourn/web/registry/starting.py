"""Opens the registry from the command line: finds its database, and sets Django up on it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sojourn import project
from sojourn.errors import NotFoundError, UsageError

FILE = "registry.sqlite3"


def folder() -> Path:
    """Give the folder of the registry: as it is set, else the project's."""
    return Path(os.environ.get("SOJOURN_REGISTRY") or project.load().registry).resolve()


def offer() -> bool:
    """Let the site have the registry where one has been made; True: it has one."""
    if "SOJOURN_DATABASE" not in os.environ:
        file = folder() / FILE
        if not file.is_file():
            return False
        os.environ["SOJOURN_REGISTRY"] = str(file.parent)
        os.environ["SOJOURN_DATABASE"] = f"sqlite:///{file}"
    return bool(os.environ["SOJOURN_DATABASE"])


def start(database: str = "", *, new: bool = False) -> None:
    """Set Django up on the registry's database.

    Args:
        database: its address; by default SOJOURN_DATABASE, else a file in the registry's folder.
        new: make that file, if there is none.

    Raises:
        NotFoundError: there is no registry here.
        UsageError: a library that it needs is not installed.
    """
    here = folder()
    os.environ["SOJOURN_REGISTRY"] = str(here)
    if database:
        os.environ["SOJOURN_DATABASE"] = database
    elif new and "SOJOURN_DATABASE" not in os.environ:
        here.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ["SOJOURN_DATABASE"] = f"sqlite:///{here / FILE}"
    elif not offer():
        raise NotFoundError(
            "There is no registry here",
            where=here / FILE,
            advice="Make one with 'sojourn registry init', or name its database in SOJOURN_DATABASE.",
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sojourn.web.settings")
    try:
        import django

        django.setup()
    except ModuleNotFoundError as error:
        raise UsageError(
            f"The registry needs {error.name}, which is not installed",
            advice="Install it with: pip install 'sojourn[web]', for PostgreSQL 'sojourn[web,postgres]'",
        ) from error


def prepare() -> dict[str, Any]:
    """Make or renew the tables, and load the shipped facts.

    Returns:
        Counts of facts, and whether anybody has an account.
    """
    from django.core.management import call_command

    from sojourn.web.registry.loading import load_facts
    from sojourn.web.registry.models import Account, Record, Shelf
    from sojourn.web.registry.services import indexing

    call_command("migrate", verbosity=0, interactive=False)
    loaded = load_facts()
    if not Shelf.objects.exists() and Record.objects.public().exists():
        indexing.rebuild()  # the tables were made by an earlier edition of the program
    _counted_for_the_planner()
    counts = {name: getattr(loaded, name) for name in ("new", "changed", "same", "kept")}
    return {**counts, "accounts": Account.objects.exists()}


def _counted_for_the_planner() -> None:
    """Let the database count what it plans queries by: counts of an empty registry mislead it in a full one."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def verified(noted: str = "", report: Callable[[str, int, int], None] | None = None) -> dict[str, Any]:
    """Verify the audit trail.

    Args:
        noted: an earlier head, `number:seal`.
        report: told each stage, and which of how many it is.

    Returns:
        The head to be noted, and everything that is broken.

    Raises:
        UsageError: the head that was given is none.
    """
    from sojourn.web.registry.services import audit, verifying

    earlier = None
    if noted:
        number, _, seal = noted.partition(":")
        if not number.isdigit() or len(seal) != 64:
            raise UsageError(f"{noted[:80]!r} is no head of an audit trail", accepted="number:seal")
        earlier = (int(number), seal)
    found = list(verifying.faults(earlier, report))
    last, seal = audit.head()
    return {
        "events": last,
        "head": f"{last}:{seal}",
        "broken": [{"event": one.number, "what": one.what} for one in found],
    }


def invited(email: str, role: str, institution: str, name: str, language: str, site: str = "") -> str:
    """Invite somebody from the command line.

    Args:
        institution: public id of the actor that the seat is in; empty for roles of the registry itself.
        site: where the site is read, such as https://data.example.org: with it the link is mailed.

    Returns:
        The address of the link; only its path where no site is named.

    Raises:
        NotFoundError: there is no such institution.
    """
    from sojourn.web.registry.models import Actor
    from sojourn.web.registry.services.accounts import invite
    from sojourn.web.registry.services.inviting import mail

    if site and not site.startswith(("https://", "http://")):
        raise UsageError(
            f"{site[:80]!r} is no address of a site", where="--site", accepted="https://data.example.org"
        )
    actor = None
    if institution:
        actor = Actor.objects.public().filter(public_id=institution).values_list("pk", flat=True).first()
        if actor is None:
            raise NotFoundError(
                f"There is no institution {institution[:40]!r}", accepted="such as A-2015-0007"
            )
    made, secret = invite(None, email, role, actor, name=name, language=language)
    address = f"{site.rstrip('/')}/{language}/account/invitation/{secret}"
    if site:
        mail(made, address)
    return address


def reminded() -> dict[str, Any]:
    """Send the reminders that are due.

    Returns:
        Counts of steps and mails, and the records of which moderators are reminded: those whose institution has
        nobody (`vacant`), and those that no institution owns (`unowned`).
    """
    from sojourn.web.registry.services.reminding import remind

    run = remind()
    _counted_for_the_planner()
    return {"due": run.claimed, "mails": run.mails, "vacant": list(run.vacant), "unowned": list(run.unowned)}


def moved(address: str, report: Callable[[str, int], None] | None = None) -> dict[str, Any]:
    """Move the registry into another, empty database.

    Args:
        address: of that database.
        report: told the name and the number of rows of each table.

    Returns:
        Counts, and the head of the audit trail.

    Raises:
        UsageError: there is a registry in it already.
        IntegrityError: what was copied does not verify.
    """
    from sojourn.web.registry.services.moving import move

    told = move(address, report)
    _counted_for_the_planner()
    return told


def imported(
    file: Path, kind: str, email: str, institution: str, *, dry: bool, report: Callable[[str, int, int], None]
) -> dict[str, Any]:
    """Bring a table in as drafts of somebody, or look at what is wrong with it.

    Args:
        file: CSV.
        kind: of the records.
        email: sign-in of whoever writes.
        institution: public id of the one that answers for the texts; empty: that of their only seat.
        dry: write nothing.
        report: told the stage, and how many of how many rows.

    Returns:
        Counts of rows, every problem, and the public ids that were given.

    Raises:
        NotFoundError: there is no such file or account.
        UsageError: there is no such kind; it is not clear for which institution they write.
    """
    from sojourn.web.registry.models import Account
    from sojourn.web.registry.services import bringing_in
    from sojourn.web.registry.services.persons import person_of

    if not file.is_file():
        raise NotFoundError("There is no such file", where=file)
    account = Account.objects.filter(email__iexact=email, is_active=True).first()
    if account is None:
        raise NotFoundError(
            f"Nobody has the account {email[:80]!r}", advice="Invite them with 'sojourn registry invite'."
        )
    person = person_of(account)
    owner = _owner(person, institution)
    plan, lookup = bringing_in.planned(
        person, kind, file.read_bytes(), lambda *told: report("reading", *told)
    )
    made = []
    if plan.ready and not dry:
        made = bringing_in.bring_in(
            person, kind, plan, owner=owner, lookup=lookup, report=lambda *told: report("writing", *told)
        )
        _counted_for_the_planner()
    return {
        "rows": len(plan.rows),
        "empty": plan.empty,
        "existing": list(plan.existing),
        "ignored": list(plan.ignored),
        "problems": bringing_in.listed(plan.problems),
        "made": made,
    }


def _owner(person: Any, institution: str) -> int | None:
    """Find the institution that somebody writes for."""
    from sojourn.web.registry.models import Actor

    if institution:
        found = Actor.objects.public().filter(public_id=institution).values_list("pk", flat=True).first()
        if found is None:
            raise NotFoundError(
                f"There is no institution {institution[:40]!r}", accepted="such as A-2015-0007"
            )
        return int(found)
    held = {one.actor for one in person.seats}
    if len(held) != 1:
        named = Actor.objects.filter(pk__in=[one for one in held if one]).values_list("public_id", flat=True)
        raise UsageError(
            "It is not clear for which institution they write",
            accepted=", ".join(named) or "they hold no seat today",
            advice="Say which with --institution.",
        )
    return held.pop()


def judged(releases: Path | None) -> dict[str, Any]:
    """Take the newest release in: judge every public target by it, and log each state that changed.

    Raises:
        ReleaseError: there is no release that could be judged by.
    """
    from dataclasses import asdict

    from sojourn.web.registry.services.judging import take_release
    from sojourn.web.store import Store

    root = (releases or project.load().releases).resolve()
    holding = Store(root).current()
    changed = take_release(holding)
    return {"release": holding.name, "changed": [asdict(one) for one in changed]}


def indexed(report: Callable[[str, int, int], None]) -> int:
    """Make the index of the search anew, as after a change of the thesaurus."""
    from sojourn.web.registry.services import indexing

    count = indexing.rebuild(lambda *told: report("indexing", *told))
    _counted_for_the_planner()
    return count
