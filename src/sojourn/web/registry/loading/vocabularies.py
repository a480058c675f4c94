"""Vocabularies, schemes of themes with what they say of each other, and the list of sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sojourn.framework import Framework
from sojourn.framework.records import Fact
from sojourn.web.registry.models import Relation, Source, Term

EIGHT, CIVIL, OBJECTIVES, PRINCIPLES = (
    "eight_point_2013",
    "civil_society_8_2013",
    "gcm_objectives",
    "gcm_principles",
)
TARGETS, THEMES = "sdg_targets", "gfmd_themes"
SCHEMES = (EIGHT, CIVIL, OBJECTIVES, PRINCIPLES, TARGETS, THEMES)

_SUGGESTED = "Suggested by an editor; a judgement that awaits one who knows the field."


def load_sources(facts: Framework) -> None:
    """Take over the list of sources."""
    for one in facts.sources:
        Source.objects.update_or_create(
            code=one.id, defaults={"what": one.what, "where": one.where, "kind": one.kind}
        )


def load_terms(facts: Framework) -> None:
    """Take over every vocabulary and scheme. What administrators have written or switched off stays so."""
    positions: dict[str, int] = {}
    for one in facts.labels:
        position = positions[one.vocabulary] = positions.get(one.vocabulary, 0) + 1
        _term(one.vocabulary, one.code, one.labels, position)
    said = {(one.scheme, one.code): one.labels for one in facts.theme_labels}
    _scheme(EIGHT, ((str(one.number), one.label_own_words, one) for one in facts.eight_point), said)
    _scheme(CIVIL, ((str(one.number), one.label_own_words, one) for one in facts.civil_society), said)
    _scheme(OBJECTIVES, ((str(one.number), one.label_own_words, one) for one in facts.objectives), said)
    _scheme(PRINCIPLES, ((one.letter, one.label, one) for one in facts.principles), said)
    _scheme(TARGETS, ((one.target, one.label_own_words, one) for one in facts.targets), said)
    _relate(facts)


def _scheme(
    vocabulary: str,
    rows: Iterable[tuple[str, str, Fact]],
    said: Mapping[tuple[str, str], Mapping[str, str]],
) -> None:
    for position, (code, label, fact) in enumerate(rows, start=1):
        _term(vocabulary, code, {"en": label, **said.get((vocabulary, code), {})}, position, fact)


def _term(
    vocabulary: str, code: str, labels: dict[str, str], position: int, fact: Fact | None = None
) -> None:
    kept = Term.objects.filter(vocabulary=vocabulary, code=code).values_list("labels", flat=True).first()
    given = {
        "labels": {**labels, **(kept or {})},
        "position": position,
        "is_theme": vocabulary in SCHEMES,
        "source": fact.sources if fact else "",
        "certainty_note": fact.certainty if fact else "",
    }
    Term.objects.update_or_create(vocabulary=vocabulary, code=code, defaults=given)


def _relate(facts: Framework) -> None:
    terms = {(one.vocabulary, one.code): one for one in Term.objects.filter(is_theme=True)}

    def relate(one: tuple[str, str], other: tuple[str, str], fact: Fact) -> None:
        given = {"reason": _SUGGESTED, "source": fact.sources, "certainty_note": fact.certainty}
        Relation.objects.update_or_create(one=terms[one], other=terms[other], defaults=given)

    for objective in facts.objectives:
        own = (OBJECTIVES, str(objective.number))
        for target in objective.sdg_targets_suggested:
            relate(own, (TARGETS, target), objective)
        for point in objective.eight_point_suggested:
            relate(own, (EIGHT, str(point)), objective)
    for link in facts.civil_society_links:
        own = (CIVIL, str(link.civil_society))
        for point in link.eight_point:
            relate(own, (EIGHT, str(point)), link)
        for number in link.gcm:
            relate(own, (OBJECTIVES, str(number)), link)
