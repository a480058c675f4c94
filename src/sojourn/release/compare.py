"""What changed between two releases: which numbers, by how much, and why."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sojourn.observations import PLACE
from sojourn.release.headline import Preferences, headline
from sojourn.release.manifest import Manifest

_TOLD = ("value", "se", "lower", "upper", "level", "n", "status")
"""What a release tells of a number: a change in any of them is a change of the number."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Numbers added, removed and changed from one release to another, and the reasons.

    `changed` has the key columns, `before`, `after`, `change`, `source_before` and `source_after`; its `change`
    is 0 where only the error, the count or the status differs.
    """

    added: pl.DataFrame
    removed: pl.DataFrame
    changed: pl.DataFrame
    unchanged: int
    reasons: tuple[str, ...]

    @property
    def same(self) -> bool:
        """True where no number differs."""
        return not (self.added.height or self.removed.height or self.changed.height)


def compare(
    before: pl.DataFrame,
    after: pl.DataFrame,
    manifest_before: Manifest,
    manifest_after: Manifest,
    preferred: Preferences | None = None,
) -> Comparison:
    """Compare the headline numbers of two releases.

    Two vintages of one figure have different sources, so numbers are matched by what they are about, not
    by where they come from.

    Args:
        before, after: observations.
        manifest_before, manifest_after: their manifests, from which the reasons are read.
        preferred: series -> method names, for the headline of the newer release.
    """
    old, new = headline(before, preferred), headline(after, preferred)
    both = old.join(new, on=PLACE, how="inner", suffix="_after")
    differs = pl.any_horizontal(~pl.col(name).eq_missing(pl.col(f"{name}_after")) for name in _TOLD)
    changed = both.filter(differs).select(
        *PLACE,
        pl.col("value").alias("before"),
        pl.col("value_after").alias("after"),
        (pl.col("value_after") - pl.col("value")).alias("change"),
        pl.col("source").alias("source_before"),
        pl.col("source_after").alias("source_after"),
    )
    return Comparison(
        added=new.join(old, on=PLACE, how="anti", maintain_order="left"),
        removed=old.join(new, on=PLACE, how="anti", maintain_order="left"),
        changed=changed.sort(pl.col("change").abs(), *PLACE, descending=[True] + [False] * len(PLACE)),
        unchanged=both.height - changed.height,
        reasons=reasons(manifest_before, manifest_after),
    )


def reasons(before: Manifest, after: Manifest) -> tuple[str, ...]:
    """Say what differs between the two builds: files, code, libraries, parameters."""
    found = []
    old = {one.file: one.sha256 for one in before.inputs}
    new = {one.file: one.sha256 for one in after.inputs}
    found += [f"file new: {name}" for name in sorted(new.keys() - old.keys())]
    found += [f"file gone: {name}" for name in sorted(old.keys() - new.keys())]
    found += [f"file changed: {name}" for name in sorted(old.keys() & new.keys()) if old[name] != new[name]]
    if before.code != after.code:
        found.append(f"code changed: {before.code} to {after.code}")
    found += [
        f"library changed: {name} {before.libraries.get(name)} to {version}"
        for name, version in after.libraries.items()
        if before.libraries.get(name) != version
    ]
    for section, values in after.parameters.items():
        for name, value in values.items():
            was = before.parameters.get(section, {}).get(name)
            if was != value:
                found.append(f"parameter changed: {section}.{name} from {was} to {value}")
    return tuple(found)
