"""The steps of a text – submit, endorse, return, review, publish, withdraw … – each a line of one table.

A step says what it does before it is done, asks what it needs, and hands all to its service, which decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sojourn.errors import NotFoundError
from sojourn.web.languages import N_
from sojourn.web.registry.models import Version
from sojourn.web.registry.services import permissions, reviewing, wording, workflow
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.writing.opened import Opened
from sojourn.web.said import quoted, say

REASON, REVIEW, REPLY, ANNOTATION = "reason", "review", "reply", "annotation"

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that can be done to a text.

    Attributes:
        name: in the address.
        action: of the table of permissions.
        label: on its button.
        told: what it does, said before it is done.
        done: what was done, said afterwards.
        take: does it: person, public id, count of saves, what was given.
        asks: what it needs to know; empty: nothing.
        grave: it takes something away from readers.
    """

    name: str
    action: str
    label: str
    told: str
    done: str
    take: Callable[[Person, str, int, Given], Any]
    asks: str = ""
    grave: bool = False


def _review(person: Person, public_id: str, edit: int, given: Given) -> Any:
    scores = {one: given[f"score-{one}"] for one in reviewing.CRITERIA if given.get(f"score-{one}")}
    return reviewing.review(
        person,
        public_id,
        edit=edit,
        conflict=given.get("conflict") == "yes",
        conflict_statement=_statement(given),
        advice=given.get("advice", ""),
        scores={one: int(score) if score in _SCORES else 0 for one, score in scores.items()},
        remarks=given.get("remarks", ""),
    )


def _statement(given: Given) -> str:
    """Give the declaration: whoever has no conflict of interest declares so by the choice itself."""
    said = str(given.get("conflict_statement", "")).strip()
    return said or (reviewing.NO_CONFLICT if given.get("conflict") == "no" else "")


_SCORES = frozenset("12345")

STEPS = (
    Step(
        "submit",
        "submit",
        N_("Submit"),
        N_("The text goes to the validator of your institution. It cannot be changed until it comes back."),
        N_("The text was submitted."),
        lambda person, name, edit, _: workflow.submit(person, name, edit=edit),
    ),
    Step(
        "endorse",
        "endorse",
        N_("Endorse"),
        N_("Your institution stands behind this text. Two reviewers of other institutions read it next."),
        N_("The text was endorsed."),
        lambda person, name, edit, _: workflow.endorse(person, name, edit=edit),
    ),
    Step(
        "review",
        "review",
        N_("Review"),
        N_("Say whether you have an interest in this text, and whether it should be published."),
        N_("Your review was taken."),
        _review,
        REVIEW,
    ),
    Step(
        "publish",
        "publish",
        N_("Publish"),
        N_("Everybody can read the text from now on. It is frozen: a change is a new version."),
        N_("The text was published."),
        lambda person, name, edit, _: workflow.publish(person, name, edit=edit),
    ),
    Step(
        "return",
        "return",
        N_("Return with a reason"),
        N_("The text goes back to its writers, who can change it and submit it again."),
        N_("The text was returned."),
        lambda person, name, edit, given: workflow.send_back(
            person, name, given.get("reason", ""), edit=edit
        ),
        REASON,
    ),
    Step(
        "revise",
        "revise",
        N_("Begin a new version"),
        N_("A draft of the next version is begun. What is published stays until that is published too."),
        N_("A new version was begun."),
        lambda person, name, _, __: workflow.revise(person, name),
    ),
    Step(
        "reply",
        "reply",
        N_("Reply"),
        N_("This record names your institution. Your reply will stand beside it once it is published."),
        N_("Your reply was begun as a draft. Submit it when it is ready."),
        lambda person, name, _, given: workflow.reply(
            person, name, given.get("title", ""), given.get("summary", "")
        ),
        REPLY,
    ),
    Step(
        "annotate",
        "annotate",
        N_("Annotate"),
        N_("A summary of yours stands beside the owner's words, which stay as they are."),
        N_("The annotation was saved."),
        lambda person, name, _, given: wording.annotate(person, name, given.get("annotation", "")),
        ANNOTATION,
    ),
    Step(
        "discard",
        "discard",
        N_("Give up this draft"),
        N_("The draft is put aside for good. What is published of the record stays."),
        N_("The draft was given up."),
        lambda person, name, edit, _: workflow.discard(person, name, edit=edit),
        grave=True,
    ),
    Step(
        "archive",
        "archive",
        N_("Archive"),
        N_("The record is still read, and no longer kept up."),
        N_("The record was archived."),
        lambda person, name, _, given: workflow.archive(person, name, given.get("reason", "")),
        REASON,
        grave=True,
    ),
    Step(
        "withdraw",
        "withdraw",
        N_("Withdraw"),
        N_("The text is no longer shown. Its number and your reason stay for everybody to read."),
        N_("The record was withdrawn."),
        lambda person, name, _, given: workflow.withdraw(person, name, given.get("reason", "")),
        REASON,
        grave=True,
    ),
)
BY_NAME = {one.name: one for one in STEPS}


def step_of(name: str) -> Step:
    """Give a step by its name.

    Raises:
        NotFoundError: there is none of that name.
    """
    if name not in BY_NAME:
        raise NotFoundError(say("There is no step {name}", name=quoted(name)), accepted=", ".join(BY_NAME))
    return BY_NAME[name]


@dataclass(frozen=True, slots=True)
class Offered:
    """The steps that a person is offered, and why they are not offered others that are at hand.

    Attributes:
        steps: with a button each.
        refused: step and reason, for steps that the person's seats give and something else forbids.
    """

    steps: tuple[Step, ...]
    refused: tuple[tuple[Step, str], ...]


def offered(person: Person, record: Opened) -> Offered:
    """Say which steps somebody is offered now."""
    steps, refused = [], []
    for one in STEPS:
        why = record.refusal(person, one.action) or _too_early(person, record, one)
        if why is None:
            steps.append(one)
        elif why in _WORTH_SAYING:
            refused.append((one, why))
    return Offered(tuple(steps), tuple(refused))


REVIEWED = N_("You have reviewed this text already.")
NOT_YET = N_("Two reviewers without a conflict of interest must advise it first.")


def _too_early(person: Person, record: Opened, step: Step) -> str | None:
    """Give the reason why a step that is somebody's right would be refused now."""
    version: Version = record.version
    if step.action == "publish" and reviewing.in_favour(version) < reviewing.NEEDED:
        return NOT_YET
    if step.action == "review" and version.reviews.filter(account=person.account, edit=version.edit).exists():
        return REVIEWED
    return None


_WORTH_SAYING = frozenset(
    {
        REVIEWED,
        NOT_YET,
        permissions.OWN_TEXT,
        permissions.OWN_ENDORSEMENT,
        permissions.OWN_INSTITUTION,
        permissions.NO_SECOND_FACTOR,
    }
)
"""Reasons that tell a person something; that a step is not their seat's is no news to them."""
