"""What changed between two releases in memory: the same answer as `sojourn diff`, without sorting what is equal."""

from __future__ import annotations

from dataclasses import replace

from sojourn.observations import PLACE
from sojourn.release.compare import Comparison, compare
from sojourn.release.headline import preferences
from sojourn.web.holding import Holding, as_text

_TOLD = ("value", "se", "lower", "upper", "level", "n", "status")


def changes(before: Holding, after: Holding) -> Comparison:
    """Compare the headline numbers of two releases.

    Most numbers are equal in both; they are set aside first, and counted as unchanged.
    """
    old, new = before.found(), after.found()
    same = [*PLACE, *_TOLD]
    old_rest = old.join(new, on=same, how="anti", nulls_equal=True, maintain_order="left")
    new_rest = new.join(old, on=same, how="anti", nulls_equal=True, maintain_order="left")
    found = compare(
        as_text(old_rest),
        as_text(new_rest),
        before.release.manifest,
        after.release.manifest,
        preferences(after.series),
    )
    return replace(found, unchanged=found.unchanged + new.height - new_rest.height)
