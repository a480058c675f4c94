"""A registry with a record in every state, of an institution and of the registry itself, and everybody of the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from sojourn.web.registry.models import Account, Actor, Record, Seat
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import accounts, attaching, workflow
from sojourn.web.registry.services.persons import Held, Person
from sojourn.web.registry.services.steps import newest

from .conftest import Hall, Town
from .permission_table import ELSEWHERE, HERE, NAMED, OWNERS, SEATS, TABLE

WAYS = (*state.STATES, "discarded", "beside")
"""How far each record was brought: to a state; given up before anybody read it; or with a draft beside what is read."""


@dataclass(frozen=True, slots=True)
class Item:
    """A text of a record, and who may see it.

    Attributes:
        way: of `WAYS`.
        owner: of `OWNERS`.
        name: the record's public id.
        secret: a word that stands in this text only.
        edit: its count of saves.
        file: number of a file that came with this text, and holds the word.
    """

    way: str
    owner: str
    name: str
    secret: str
    edit: int
    file: int

    @property
    def state(self) -> str:
        """The state of the text, as the table calls it."""
        return {"discarded": state.WITHDRAWN, "beside": state.DRAFT}.get(self.way, self.way)

    @property
    def is_known(self) -> bool:
        """Whether everybody may know of the record, whatever they may see of this text."""
        return self.way in (*state.PUBLIC, "beside")

    @property
    def is_public(self) -> bool:
        """Whether everybody may see this text."""
        return "anonymous" in self.allowed("view")

    def allowed(self, action: str) -> set[str]:
        """Give who may do something to this text, by the table."""
        return TABLE[action, self.owner, self.state]


@dataclass(slots=True)
class World:
    """Everybody of the table, and a record for each way and owner.

    Attributes:
        people: name -> person.
        keys: name -> secret of a key with both scopes, of whoever has a seat.
        items: the texts.
        institutions: number in the table -> public id.
    """

    people: dict[str, Person] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    institutions: dict[int | None, str] = field(default_factory=dict)

    def browser(self, name: str) -> Client:
        """Give the browser of somebody, signed in if they can be."""
        client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        if name != "anonymous":
            account = Account.objects.get(pk=self.people[name].account)
            client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client


def made() -> World:
    """Fill an empty registry."""
    hall, world = Hall(), World()
    Town(hall)
    actors = {HERE: hall.ministry, ELSEWHERE: hall.other, NAMED: hall.actor("Named ministry"), None: None}
    world.institutions = {one: str(actor.public_id) if actor else "registry" for one, actor in actors.items()}
    for name in set(SEATS) - {"anonymous"}:
        world.people[name] = _seated(world, name, actors)
    for way, owner in product(WAYS, OWNERS):
        world.items.append(_Bringing(hall, actors[OWNERS[owner]], actors[NAMED]).to(way, owner))
    return world


def _seated(world: World, name: str, actors: dict[int | None, Actor | None]) -> Person:
    account = Account.objects.create_user(f"{name}@example.org", name=name)
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    if SEATS[name] is None:
        return Person(account.pk, (), True)
    of_role, where = SEATS[name]
    actor = actors[where]
    seat = Seat.objects.create(account=account, actor=actor, role=of_role, valid_from="2020-01-01")
    person = Person(account.pk, (Held(seat.pk, of_role, actor.pk if actor else None),), True)
    _, world.keys[name] = accounts.make_key(person, seat.pk, "program", ["read", "write"], 30)
    return person


class _Bringing:
    """Brings a commitment on its way by people of its own, so that nobody of the table is too near to it."""

    def __init__(self, hall: Hall, owner: Actor | None, named: Actor | None) -> None:
        self._hall, self._named = hall, named
        writes, approves = (role.FOCAL_POINT, role.VALIDATOR) if owner else (role.DATA_STEWARD,) * 2
        self._writer, self._approver = hall.person(writes, owner), hall.person(approves, owner)
        self._moderator = hall.person(role.MODERATOR)

    def to(self, way: str, owner: str) -> Item:
        secret = f"Quokka{way}{owner}"
        actors = [{"actor": str(self._named.public_id), "role": "named"}]
        version = self._hall.draft(
            self._writer, title=f"{secret} promise", summary=secret, due="2031-05-04", actors=actors
        )
        name = str(version.record.public_id)
        file = self._attach(name, secret)
        for step in _STEPS[way]:
            getattr(self, f"_{step}")(name)
        if way == "beside":
            self._edit(name, secret := f"Marmot{way}{owner}")
            file = self._attach(name, secret)
        record = Record.objects.get(public_id=name)
        return Item(way, owner, name, secret, newest(record).edit, file)

    def _attach(self, name: str, secret: str) -> int:
        return int(
            attaching.attach(self._writer, name, "paper.txt", secret.encode(), edit=self._seen(name)).pk
        )

    def _edit(self, name: str, secret: str) -> None:
        changed: dict[str, Any] = {"title": f"{secret} promise", "summary": secret}
        workflow.edit(self._writer, name, changed, edit=self._seen(name))

    def _seen(self, name: str) -> int:
        return newest(Record.objects.get(public_id=name)).edit

    def _submit(self, name: str) -> None:
        workflow.submit(self._writer, name, edit=self._seen(name))

    def _discard(self, name: str) -> None:
        workflow.discard(self._writer, name, edit=self._seen(name))

    def _return(self, name: str) -> None:
        workflow.send_back(self._approver, name, "Say by when.", edit=self._seen(name))

    def _endorse(self, name: str) -> None:
        workflow.endorse(self._approver, name, edit=self._seen(name))

    def _review(self, name: str) -> None:
        self._hall.review(name, self._seen(name))

    def _publish(self, name: str) -> None:
        workflow.publish(self._moderator, name, edit=self._seen(name))

    def _archive(self, name: str) -> None:
        workflow.archive(self._moderator, name, "Kept up elsewhere.")

    def _withdraw(self, name: str) -> None:
        workflow.withdraw(self._moderator, name, "Entered twice.")

    def _revise(self, name: str) -> None:
        workflow.revise(self._writer, name)


_ENDORSED = ("submit", "endorse", "review", "review")
_PUBLISHED = (*_ENDORSED, "publish")
_STEPS: dict[str, tuple[str, ...]] = {
    state.DRAFT: (),
    state.SUBMITTED: ("submit",),
    state.RETURNED: ("submit", "return"),
    state.ENDORSED: _ENDORSED,
    state.PUBLISHED: _PUBLISHED,
    state.ARCHIVED: (*_PUBLISHED, "archive"),
    state.WITHDRAWN: (*_PUBLISHED, "withdraw"),
    "discarded": ("discard",),
    "beside": (*_PUBLISHED, "revise"),
}
