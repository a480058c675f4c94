"""Which fields stand together on a form, under which heading; what no line names stands under the first."""

from __future__ import annotations

from functools import cache

from sojourn.web.languages import N_
from sojourn.web.registry.models import KINDS
from sojourn.web.registry.models.parts import PARTS
from sojourn.web.registry.services import content

WHAT, WHERE_FROM, WHO, WHEN = (
    N_("What it says"),
    N_("What it belongs to"),
    N_("Who, where, which themes"),
    N_("When"),
)
MEASURED, MONEY, RESULT = N_("What is measured"), N_("Money"), N_("What came of it")
CONTACT, SOURCE, ANSWERED = N_("Contact"), N_("Source and certainty"), N_("Request and answer")
EVIDENCE = N_("Evidence")

_WHERE_FROM = (
    "about commitment body earlier later series meeting agenda_item instrument parent provision term other statement "
    "work_plan follows serves matched_with superseded_by origin adopted practice plan recipient donor actor"
)
_GROUPS: tuple[tuple[str, str], ...] = (
    (WHAT, "title summary"),
    (WHERE_FROM, _WHERE_FROM),
    (MEASURED, "indicator series area counterpart each sex age nativity citizenship legal_status breakdown direction "
               "value unit date baseline_rule baseline_period basis link_strength reason not_measurable value_source"),
    (WHEN, "start end due closes period_start period_end valid_from valid_to as_of first_year last_year adopted "
           "pledged_on paid_on confirmed year"),
    (MONEY, "amount cost budget currency stage earmarked multi_year"),
    (RESULT, "result result_value result_unit result_method lessons pitfalls conditions outcome fate obstacles"),
    (ANSWERED, "asked_by asked answer answered"),
    (WHO, "actors areas themes"),
    (EVIDENCE, "evidence"),
    (CONTACT, "contact contact_public website"),
    (SOURCE, "source source_seen original_language text_status certainty certainty_note"),
)  # fmt: skip

_OWN: dict[str, dict[str, str]] = {
    # Some names mean another thing in some kinds.
    "proposal": {"series": MEASURED, "statement": WHERE_FROM, "objection": RESULT, "support": RESULT},
    "meeting": {"area": WHEN, "place": WHEN, "series": WHERE_FROM},
    "actor": {"area": WHAT, "website": WHAT},
    "plan": {"area": WHAT},
    "adoption": {"date": WHEN, "adopted": WHERE_FROM},
    "succession": {"date": WHEN},
    "crosswalk": {"date": WHAT, "reason": WHAT},
    "assessment": {"date": WHEN, "asked": RESULT, "answered": RESULT, "results": RESULT, "questions": RESULT},
    "milestone": {"date": WHAT},
    "mainstreaming": {"stage": WHAT, "indicator": WHAT},
    "progress_report": {"stated": WHAT, "obstacles": WHAT},
}


@cache
def groups(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give headings and the fields under each, in the order of the form.

    Args:
        kind: name of the kind.

    >>> [heading for heading, _ in groups("reply")]
    ['What it says', 'What it belongs to', 'Who, where, which themes', 'Evidence', 'Source and certainty']
    """
    known = [one.name for one in content.columns(KINDS[kind])] + [part.PART for part in PARTS]
    heading_of = _headings(kind)
    found: dict[str, list[str]] = {heading: [] for heading, _ in _GROUPS}
    for name in known:
        found[heading_of.get(name, WHAT)].append(name)
    for heading, listed in _GROUPS:
        order = {name: place for place, name in enumerate(listed.split())}
        # Title and summary come first; what is a kind's own comes after them, in the order of its model.
        found[heading].sort(key=lambda name, order=order: order.get(name, len(order)))  # type: ignore[misc]
    return tuple((heading, tuple(names)) for heading, names in found.items() if names)


def _headings(kind: str) -> dict[str, str]:
    """Say under which heading each field of a kind stands."""
    heading_of: dict[str, str] = {}
    links = {one.name for one in content.columns(KINDS[kind]) if one.is_relation}
    for heading, listed in _GROUPS:
        for name in listed.split():
            if heading != WHERE_FROM or name in links:
                heading_of.setdefault(name, heading)
    return {**heading_of, **_OWN.get(kind, {})}
