"""The entities of the registry, one idea a module; `record` is what all of them are."""

from __future__ import annotations

from sojourn.web.registry.models.accounts import Account, Invitation, Seat, Token
from sojourn.web.registry.models.actors import Actor
from sojourn.web.registry.models.assessments import Assessment, Funding
from sojourn.web.registry.models.bodies import Body, Membership, Succession
from sojourn.web.registry.models.commitments import Commitment, MeasuredState, Target
from sojourn.web.registry.models.events import Event
from sojourn.web.registry.models.following import Reminder, SavedSearch, Subscription
from sojourn.web.registry.models.forms import SentForm
from sojourn.web.registry.models.instruments import Crosswalk, Instrument, Provision
from sojourn.web.registry.models.meetings import AgendaItem, Meeting, Series, Statement
from sojourn.web.registry.models.national_plans import Mainstreaming, Plan
from sojourn.web.registry.models.parts import Attachment, Evidence, Involvement, Place, Theme
from sojourn.web.registry.models.plans import Action, WorkPlan
from sojourn.web.registry.models.practices import Adoption, Call, Practice
from sojourn.web.registry.models.proposals import Proposal
from sojourn.web.registry.models.record import Entry, Record, Serial, Version
from sojourn.web.registry.models.reports import ProgressReport, Reply
from sojourn.web.registry.models.reviews import Endorsement, Review
from sojourn.web.registry.models.shelves import Shelf, Standing
from sojourn.web.registry.models.texts import Text
from sojourn.web.registry.models.timeline import Milestone, Note
from sojourn.web.registry.models.vocabulary import Relation, Source, Term

KINDS: dict[str, type[Entry]] = {
    kind.KIND: kind
    for kind in (
        Actor,
        Body,
        Membership,
        Succession,
        Series,
        Meeting,
        AgendaItem,
        Statement,
        Instrument,
        Provision,
        Crosswalk,
        Commitment,
        Target,
        WorkPlan,
        Action,
        ProgressReport,
        Reply,
        Practice,
        Adoption,
        Call,
        Plan,
        Mainstreaming,
        Assessment,
        Funding,
        Proposal,
        Milestone,
        Note,
    )
}
"""Kinds of records by name."""

__all__ = [
    "KINDS",
    "Account",
    "Action",
    "Actor",
    "Adoption",
    "AgendaItem",
    "Assessment",
    "Attachment",
    "Body",
    "Call",
    "Commitment",
    "Crosswalk",
    "Endorsement",
    "Entry",
    "Event",
    "Evidence",
    "Funding",
    "Instrument",
    "Invitation",
    "Involvement",
    "Mainstreaming",
    "MeasuredState",
    "Meeting",
    "Membership",
    "Milestone",
    "Note",
    "Place",
    "Plan",
    "Practice",
    "ProgressReport",
    "Proposal",
    "Provision",
    "Record",
    "Relation",
    "Reminder",
    "Reply",
    "Review",
    "SavedSearch",
    "Seat",
    "SentForm",
    "Serial",
    "Series",
    "Shelf",
    "Source",
    "Standing",
    "Statement",
    "Subscription",
    "Succession",
    "Target",
    "Term",
    "Text",
    "Theme",
    "Token",
    "Version",
    "WorkPlan",
]
