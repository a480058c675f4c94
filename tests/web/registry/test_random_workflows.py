"""Random people try random steps in random order; whatever they reach, the invariants hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sojourn.errors import SojournError
from sojourn.web.registry.models import Event, Record, Version
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import audit, reading, reviewing, workflow
from sojourn.web.registry.services.persons import ANONYMOUS

WHO = st.integers(0, 11)
STEPS = st.sampled_from(
    ["edit", "submit", "endorse", "send_back", "review", "publish", "discard", "revise", "withdraw"]
)

USUAL = [
    (0, "edit"),
    (0, "submit"),
    (2, "endorse"),
    (5, "review"),
    (6, "review"),
    (7, "review"),
    (8, "publish"),
]
"""Who usually does what: numbers of people."""


def _machine(hall):  # noqa: C901 - one class, whose rules are short
    class Workflows(RuleBasedStateMachine):
        @initialize()
        def people(self):
            own = (role.FOCAL_POINT, role.ALTERNATE, role.VALIDATOR)
            self.people = [
                *(hall.person(one, hall.ministry) for one in own),
                hall.person(
                    role.FOCAL_POINT, hall.ministry, (role.VALIDATOR, hall.ministry), (role.MODERATOR, None)
                ),
                hall.person(role.VALIDATOR, hall.ministry, (role.REVIEWER, None)),
                *(hall.person(role.REVIEWER) for _ in range(3)),
                hall.person(role.MODERATOR),
                hall.person(role.ADMINISTRATOR),
                hall.person(role.AUDITOR),
                hall.person(role.FOCAL_POINT, hall.other),
            ]
            self.name = hall.draft(self.people[0]).record.public_id
            self.published = {}

        @rule(who=WHO, step=STEPS, late=st.sampled_from([0, 0, 0, 1]))
        def one_step(self, who, step, late):
            before = Event.objects.count()
            try:
                self.take(self.people[who], step, late)
            except SojournError:
                assert Event.objects.count() == before
            else:
                assert Event.objects.count() == before + 1

        @rule(length=st.integers(2, len(USUAL)))
        def the_usual_way(self, length):
            """Random steps alone seldom get far."""
            for who, step in USUAL[:length]:
                self.one_step(who, step, 0)

        @rule(who=st.sampled_from([2, 8]), step=st.sampled_from(["send_back", "withdraw"]))
        def somebody_says_no(self, who, step):
            self.one_step(who, step, 0)

        def take(self, person, step, late):
            edit = self.newest().edit - late
            if step == "edit":
                workflow.edit(person, self.name, {"summary": f"By {person.account} at {edit}"}, edit=edit)
            elif step == "send_back":
                workflow.send_back(person, self.name, "Because.", edit=edit)
            elif step == "review":
                given = {
                    "conflict": person.account % 5 == 0,
                    "conflict_statement": "Declared.",
                    "advice": "publish",
                }
                reviewing.review(person, self.name, edit=edit, **given)
            elif step == "revise":
                workflow.revise(person, self.name)
            elif step == "withdraw":
                workflow.withdraw(person, self.name, "Because.")
            else:
                getattr(workflow, step)(person, self.name, edit=edit)

        def newest(self):
            return workflow.newest(Record.objects.get(public_id=self.name))

        @invariant()
        def what_was_published_stays_as_it_was(self):
            for version in Version.objects.filter(record__public_id=self.name, state="published"):
                first = self.published.setdefault(version.number, json.dumps(version.content, sort_keys=True))
                assert json.dumps(version.content, sort_keys=True) == first

        @invariant()
        def it_was_published_by_others_than_its_writers_with_all_that_it_needs(self):
            for version in Version.objects.filter(record__public_id=self.name, state="published"):
                writers = set(version.writers.values_list("pk", flat=True))
                endorsers = set(
                    version.endorsements.filter(edit=version.edit).values_list("account", flat=True)
                )
                reviewers = {
                    one.account_id
                    for one in version.reviews.filter(edit=version.edit, conflict=False, advice="publish")
                }
                publisher = Event.objects.get(
                    subject=self.name, verb="published", version=version.number
                ).account
                assert endorsers
                assert len(reviewers) >= 2
                assert not writers & (endorsers | reviewers | {publisher})
                assert not endorsers & (reviewers | {publisher})

        @invariant()
        def outsiders_see_the_published_text_or_nothing(self):
            record = Record.objects.get(public_id=self.name)
            seen = list(reading.visible(ANONYMOUS).filter(public_id=self.name))
            if record.state == "published":
                text = record.versions.get(number=record.published_version).content
                assert [one.summary for one in seen] == [text["summary"]]
            else:
                assert seen == []
            assert record.is_tombstone == (
                record.state == "withdrawn" and record.published_version is not None
            )

        @invariant()
        def the_chain_holds(self):
            assert list(audit.broken()) == []

        def teardown(self):
            assert list(audit.texts_changed()) == []

    return Workflows


@pytest.mark.slow
def test_random_workflows_keep_the_invariants(hall):
    run_state_machine_as_test(
        _machine(hall),
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # Of all the texts some must have got to the end, or nothing was tried.
    assert Version.objects.filter(state="published").count() > 0
    assert {"withdrawn", "returned"} & set(Event.objects.values_list("verb", flat=True))
