"""A registry for each test: a fresh copy of a migrated database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from django.utils import timezone

from sojourn.web.registry.configuration import database
from sojourn.web.registry.loading import load_facts
from sojourn.web.registry.models import Account, Actor, Record, Seat, Term, Version
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import workflow
from sojourn.web.registry.services.persons import Held, Person
from sojourn.web.registry.services.reviewing import review

BIN = Path("/usr/lib/postgresql")


def point_to(address: str) -> None:
    """Let Django's default database be another one, in every thread that opens it from now on."""
    connections["default"].close()
    given = connections.configure_settings({"default": database(address)})["default"]
    connections.settings["default"] = given
    del connections["default"]


@pytest.fixture(name="point_to", scope="session")
def _point_to() -> Callable[[str], None]:
    """Lets the registry be another database, as `point_to` does."""
    return point_to


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    point_to(f"sqlite:///{path}")
    call_command("migrate", verbosity=0)
    connections["default"].close()
    return path


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """A fresh registry on SQLite."""
    path = tmp_path / "registry.sqlite3"
    shutil.copyfile(sqlite_template, path)
    point_to(f"sqlite:///{path}")
    yield f"sqlite:///{path}"
    connections["default"].close()


@pytest.fixture(scope="session")
def loaded_template(sqlite_template: Path) -> Path:
    """The same with the shipped facts in it."""
    path = sqlite_template.with_name("loaded.sqlite3")
    shutil.copyfile(sqlite_template, path)
    point_to(f"sqlite:///{path}")
    load_facts()
    connections["default"].close()
    return path


@pytest.fixture
def loaded(loaded_template: Path, tmp_path: Path) -> Iterator[str]:
    """A fresh registry on SQLite with the shipped facts in it."""
    path = tmp_path / "loaded.sqlite3"
    shutil.copyfile(loaded_template, path)
    point_to(f"sqlite:///{path}")
    yield f"sqlite:///{path}"
    connections["default"].close()


def _programs() -> Path | None:
    found = sorted(BIN.glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL of our own in a folder of its own, without any port: it is reached by a socket."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: the registry is NOT checked on it")
    # Not below pytest's own folder, into which only one user may look; PostgreSQL refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="sojourn-postgresql-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        as_owner = ["runuser", "-u", "nobody", "--"]
    data = folder / "data"

    def run(*command: str) -> None:
        done = subprocess.run([*as_owner, *command], capture_output=True, text=True, cwd="/", check=False)
        if done.returncode:
            pytest.skip(
                f"PostgreSQL cannot be started, the registry is NOT checked on it: {done.stderr[-300:]}"
            )

    run(
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "registry",
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    settings = (
        f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
    )
    run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", settings, "start")
    try:
        yield str(folder)
    finally:
        connections["default"].close()
        run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _address(folder: str, name: str) -> str:
    return f"postgresql://registry@/{name}?host={folder}"


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a migrated database, to be copied."""
    point_to(_address(postgresql_server, "postgres"))
    with connections["default"].cursor() as cursor:
        cursor.execute("CREATE DATABASE template_registry")
    point_to(_address(postgresql_server, "template_registry"))
    call_command("migrate", verbosity=0)
    connections["default"].close()
    return "template_registry"


@pytest.fixture
def postgresql(
    postgresql_server: str, postgresql_template: str, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A fresh registry on PostgreSQL."""
    name = f"registry_{abs(hash(request.node.nodeid))}"
    point_to(_address(postgresql_server, "postgres"))
    with connections["default"].cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    point_to(_address(postgresql_server, name))
    yield _address(postgresql_server, name)
    connections["default"].close()


@pytest.fixture(scope="session")
def fresh_sqlite(sqlite_template: Path) -> Callable[[str, str | None], None]:
    """Makes a registry on SQLite anew: its name, and of which other it is a copy; None: it is empty."""

    def begin(name: str, of: str | None) -> None:
        path = sqlite_template.with_name(f"{name}.sqlite3")
        connections["default"].close()
        shutil.copyfile(sqlite_template.with_name(f"{of}.sqlite3") if of else sqlite_template, path)
        point_to(f"sqlite:///{path}")

    return begin


@pytest.fixture(scope="session")
def fresh_postgresql(postgresql_server: str, postgresql_template: str) -> Callable[[str, str | None], None]:
    """Makes a registry on PostgreSQL anew, as `fresh_sqlite` does."""

    def begin(name: str, of: str | None) -> None:
        point_to(_address(postgresql_server, "postgres"))
        with connections["default"].cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {of or postgresql_template}")
        point_to(_address(postgresql_server, name))

    return begin


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest) -> str:
    """A fresh registry, once on each database."""
    return str(request.getfixturevalue(request.param))


class Hall:
    """Two ministries, a registry, and whoever has a seat there."""

    def __init__(self) -> None:
        terms = {
            "actor_type": ["state"],
            "certainty": ["verified", "unknown"],
            "text_status": ["own_summary"],
            "pledge_form": ["individual", "common"],
            "commitment_force": ["pledge"],
            "implementation_state": ["unknown", "in_progress", "completed"],
            "part_role": ["lead", "partner", "named"],
            "gfmd_themes": ["remittances", "skills"],
            "evidence_grade": ["none", "self_report"],
        }
        for vocabulary, codes in terms.items():
            for code in codes:
                Term.objects.create(vocabulary=vocabulary, code=code, labels={"en": code})
        self.ministry, self.other, self.board = (
            self.actor(one) for one in ("Ministry", "Other ministry", "Board")
        )

    def actor(self, name: str) -> Actor:
        """Put an institution there, published."""
        now = timezone.now()
        made = Actor(title=name, kind="actor", type="state", created=now, changed=now, certainty="verified")
        made.public_id = f"A-2020-{Actor.objects.count() + 1:04d}"
        made.state, made.published_version, made.published_at = "published", 1, now
        made.save()
        return made

    def person(self, seat_role: str, actor: Actor | None = None, *more: tuple[str, Actor | None]) -> Person:
        """Seat a new person."""
        number = Account.objects.count() + 1
        account = Account.objects.create_user(f"person{number}@example.org", name=f"Person {number}")
        held = []
        for one, at in ((seat_role, actor), *more):
            seat = Seat.objects.create(account=account, actor=at, role=one, valid_from="2020-01-01")
            held.append(Held(seat.pk, one, at.pk if at else None))
        return Person(account.pk, tuple(held), True)

    def draft(self, person: Person, **more: Any) -> Version:
        """Begin a commitment."""
        owner = person.seats[0].actor
        given = {"title": "Halve the cost of recruitment", "certainty": "verified", **more}
        return workflow.create(person, "commitment", given, owner=owner)

    def published(self, writer: Person | None = None, **more: Any) -> Record:
        """Bring a commitment all the way."""
        version = self.draft(writer or self.person(role.FOCAL_POINT, self.ministry), **more)
        name = version.record.public_id
        self.publish(name)
        return Record.objects.get(public_id=name)

    def publish(self, name: str) -> None:
        """Bring a draft all the way, by others than its writer."""
        record = Record.objects.get(public_id=name)
        writer = Seat.objects.filter(account=workflow.newest(record).writers.first()).first()
        person = Person(writer.account_id, (Held(writer.pk, writer.role, writer.actor_id),), True)
        edit = workflow.newest(record).edit
        workflow.submit(person, name, edit=edit)
        workflow.endorse(self.person(role.VALIDATOR, record.owner), name, edit=edit)
        for _ in range(2):
            self.review(name, edit)
        workflow.publish(self.person(role.MODERATOR), name, edit=edit)

    def review(self, name: str, edit: int, **more: Any) -> None:
        """Review in favour."""
        given = {"conflict": False, "conflict_statement": "None.", "advice": "publish", **more}
        review(self.person(role.REVIEWER, self.board), name, edit=edit, **given)


@pytest.fixture
def hall(sqlite: str) -> Hall:
    """A registry with people in it, on SQLite."""
    return Hall()


@pytest.fixture
def hall_on_both(both: str) -> Hall:
    """The same, once on each database."""
    return Hall()


TERMS = {
    "direction": ["lower", "higher"],
    "target_basis": ["in_text"],
    "link_strength": ["direct", "context"],
    "baseline_rule": ["first_since_start"],
    "review_advice": ["publish", "return"],
    "publication_state": ["draft", "submitted", "returned", "endorsed", "published", "withdrawn", "archived"],
    "theme_schemes": ["gfmd_themes"],
}


class Town:
    """The hall of two ministries, with doors: each person has a browser that is signed in."""

    def __init__(self, hall):
        self.hall = hall
        for vocabulary, codes in TERMS.items():
            for position, code in enumerate(codes):
                Term.objects.create(
                    vocabulary=vocabulary, code=code, labels={"en": code.title()}, position=position
                )

    def enter(self, seat_role, actor=None, *more, second_factor=True) -> Client:
        """Sign a new person in."""
        return self.sign_in(self.hall.person(seat_role, actor, *more), second_factor=second_factor)

    def sign_in(self, person, *, second_factor=True) -> Client:
        client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        account = Account.objects.get(pk=person.account)
        if second_factor:
            Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.person = person
        return client


@pytest.fixture
def town(hall, two_releases):
    cache.clear()  # it counts sign-ins of an address, and all tests have one
    with override_settings(SOJOURN_RELEASES=str(two_releases[0].parent), SOJOURN_RELEASE=None):
        yield Town(hall)


def _hidden(page: str) -> dict[str, str]:
    """Read the hidden fields of a page, as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: value.replace("&#34;", '"').replace("&quot;", '"') for name, value in found}


def _fill(client: Client, path: str, **given):
    """Open a form, fill some of it in, and send it."""
    page = client.get(f"/en/registry/{path}")
    assert page.status_code == 200, (path, page.status_code)
    sent = {
        name: value for name, value in _hidden(page.content.decode()).items() if name in ("token", "edit")
    }
    return client.post(f"/en/registry/{path}", {**sent, **given})


def _begun(client: Client, kind: str = "commitment", **given) -> str:
    """Begin a record by its form, and give its public id."""
    done = _fill(client, f"desk/new/{kind}", certainty="verified", **given)
    assert done.status_code == 302, done.content.decode()[:4000]
    return done["Location"].rpartition("/")[2]


def _words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def _publish(town: Town, writer: Client, name: str) -> None:
    """Bring a draft all the way by forms, each by the one whose step it is."""
    owner = Record.objects.get(public_id=name).owner
    assert _fill(writer, f"desk/{name}/submit").status_code == 302
    assert _fill(town.enter(role.VALIDATOR, owner), f"desk/{name}/endorse").status_code == 302
    for _ in range(2):
        reviewer = town.enter(role.REVIEWER, town.hall.board)
        done = _fill(reviewer, f"desk/{name}/review", conflict="no", advice="publish", **{"score-clear": "4"})
        assert done.status_code == 302
    assert _fill(town.enter(role.MODERATOR), f"desk/{name}/publish").status_code == 302


@pytest.fixture
def hidden():
    """Reads the hidden fields of a page, as a browser would send them."""
    return _hidden


@pytest.fixture
def fill():
    """Opens a form, fills some of it in, and sends it."""
    return _fill


@pytest.fixture
def begun():
    """Begins a record by its form."""
    return _begun


@pytest.fixture
def words():
    """Gives the words of a page."""
    return _words


@pytest.fixture
def publish_by_forms():
    """Brings a draft all the way by forms."""
    return _publish
