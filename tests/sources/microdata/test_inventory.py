"""The inventory: what is possible, what with less, which question is missing."""

from __future__ import annotations

import pytest

from sojourn.sources.microdata.concepts import concepts
from sojourn.sources.microdata.inventory import IMPOSSIBLE, LESS, POSSIBLE, inventory, needs, of_mapping
from sojourn.sources.microdata.mapping import Design, packaged_mapping

SDR = Design(kind="sdr", weight="w", replicates="w{1..80}")


def one(uses, indicator, breakdown):
    return next(use for use in uses if (use.indicator, use.breakdown) == (indicator, breakdown))


def test_every_concept_that_is_needed_is_in_the_vocabulary():
    indicators, breakdowns = needs()
    for need in (*indicators, *breakdowns.values()):
        alternatives = [way for line in need.needs for way in line]
        for name in [*" ".join(alternatives).split(), *need.helps]:
            assert name in concepts(), name
        assert set(need.lesser) <= set(alternatives)


def test_with_everything_asked_only_legal_status_needs_no_less():
    uses = inventory(set(concepts()), SDR, stateless=True)
    assert {use.status for use in uses} == {POSSIBLE}


def test_with_nothing_asked_every_row_names_its_questions():
    uses = inventory(set(), Design())
    assert {use.status for use in uses} == {IMPOSSIBLE}
    assert all(use.question and len(use.question) == len(use.why) for use in uses)


@pytest.mark.parametrize(
    ("design", "seen", "word"),
    [
        (Design(), False, "no weights"),
        (Design(kind="weights", weight="w"), False, "points only"),
        (Design(kind="weights", weight="w"), True, "until the replicate weights"),
        (SDR, False, ""),
    ],
)
def test_the_design_decides_what_errors_there_are(design, seen, word):
    use = one(inventory({"employment", "sex", "age"}, design, replicates_seen=seen), "8.5.2", "everybody")
    assert use.status == (LESS if word else POSSIBLE)
    assert word in " ".join(use.why)


def test_alternatives_and_their_loss():
    asked = {"annual_earnings", "hours_per_week", "weeks_per_year", "sex", "age", "birthplace"}
    uses = inventory(asked, SDR)
    assert "derived from yearly earnings" in one(uses, "8.5.1", "everybody").why[0]
    assert "country of birth" in " ".join(one(uses, "8.5.1", "nativity").why)
    without = inventory(asked - {"weeks_per_year"}, SDR)
    # The nearest alternative lacks least: hourly earnings alone, the best, or weeks alone.
    assert one(without, "8.5.1", "everybody").status == IMPOSSIBLE


def test_legal_status_is_never_simply_possible_unless_asked():
    asked = {"employment", "sex", "age", "nativity", "citizenship", "year_of_arrival"}
    use = one(inventory(asked, SDR), "8.5.2", "legal_status")
    assert (use.status, "never per person" in use.why[0]) == (LESS, True)
    assert one(inventory(asked - {"year_of_arrival"}, SDR), "8.5.2", "legal_status").status == IMPOSSIBLE
    assert one(inventory(asked | {"legal_status"}, SDR), "8.5.2", "legal_status").status == POSSIBLE


def test_packaged_recruitment_questionnaire_gives_its_indicator():
    uses = of_mapping(packaged_mapping("recruitment_cost_questionnaire"))
    assert one(uses, "10.7.1", "everybody").status == LESS
    assert one(uses, "8.5.2", "everybody").status == IMPOSSIBLE
    assert one(of_mapping(packaged_mapping("geih_bogota")), "4.1", "citizenship").status == LESS
