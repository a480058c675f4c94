"""The one gate through which every reader opens a release.

It knows `not_before` (an embargoed release opens for nobody before its moment) and `as_of` (the day on which
"latest" is judged, taken from the manifest and never from a clock).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from sojourn import areas, observations
from sojourn.errors import EmbargoError, IntegrityError, NotFoundError, Place
from sojourn.release import folder
from sojourn.release.headline import headline, preferences
from sojourn.release.manifest import FORMAT, Manifest
from sojourn.release.periods import end_of


@dataclass(frozen=True)
class Release:
    """A release that may be read."""

    path: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """The release's name, such as 0001-3f9a2c1b."""
        return self.path.name

    def observations(
        self,
        indicator: str | None = None,
        area: str | Sequence[str] | None = None,
        *,
        series: str | Sequence[str] | None = None,
        counterpart: str | Sequence[str] | None = None,
        period: str | Sequence[str] | None = None,
        breakdown: str | None = None,
        only_headline: bool = False,
    ) -> pl.DataFrame:
        """Read observations.

        Args:
            indicator: an indicator's code (10.c.1) or a series' (SI_RMT_COST).
            area, counterpart: codes, or names in any of the six languages.
            series: series codes.
            period: periods; a year also finds its quarters only if written so ("2014-Q1").
            breakdown: exact breakdown; "" for the total.
            only_headline: keep one number where several sources or methods stand side by side.

        Returns:
            A Polars frame with the columns of the observation table, sorted by key.

        Raises:
            NotFoundError: an area or series does not exist.
        """
        self._require_known(indicator, _listed(series or []))
        query = pl.scan_parquet(self.path / folder.OBSERVATIONS)
        if indicator is not None:
            query = query.filter((pl.col("indicator") == indicator) | (pl.col("series") == indicator))
        for column, wanted in (("area", area), ("counterpart", counterpart)):
            if wanted is not None:
                codes = [areas.resolve(one) if one else "" for one in _listed(wanted)]
                query = query.filter(pl.col(column).is_in(codes))
        for column, wanted in (("series", series), ("period", period)):
            if wanted is not None:
                query = query.filter(pl.col(column).is_in(_listed(wanted)))
        if breakdown is not None:
            query = query.filter(pl.col("breakdown") == breakdown)
        with _telling(self.path / folder.OBSERVATIONS):
            found = query.collect()
        return headline(found, preferences(self.series())) if only_headline else found

    def _require_known(self, indicator: str | None, series: list[str]) -> None:
        known = self.series()
        codes = known.keys() | {one["indicator"] for one in known.values()}
        unknown = [one for one in series if one not in known]
        unknown += [indicator] if indicator is not None and indicator not in codes else []
        if unknown:
            raise NotFoundError(
                f"The release knows no series or indicator {', '.join(map(repr, unknown))}",
                where=Place(self.path),
                accepted=", ".join(sorted(known)),
            )

    def latest(self, frame: pl.DataFrame, *, every_source: bool = False) -> pl.DataFrame:
        """Keep the newest period of each series, area and breakdown, not later than `as_of`.

        Args:
            frame: observations.
            every_source: keep it for each source and method too.
        """
        if not frame.height:
            return frame
        ends = {period: end_of(period) for period in frame["period"].unique()}
        key = observations.KEY if every_source else observations.PLACE
        place = [name for name in key if name != "period"]
        dated = frame.with_columns(pl.col("period").replace_strict(ends, return_dtype=pl.Date).alias("_end"))
        dated = dated.filter(pl.col("_end") <= self.manifest.as_of)
        # A quarter and its year may end on the same day; the quarter is the newer news.
        dated = dated.sort(
            "_end", pl.col("period").str.len_chars(), *place, descending=[True, True, *(False for _ in place)]
        )
        return dated.unique(place, keep="first", maintain_order=True).drop("_end").sort(observations.KEY)

    def series(self) -> dict[str, dict[str, Any]]:
        """Give what each series means, as frozen with the release."""
        with _telling(self.path / folder.SERIES):
            content: dict[str, dict[str, Any]] = json.loads((self.path / folder.SERIES).read_bytes())
        return content

    def problems(self) -> pl.DataFrame:
        """Give the rows and cells that were rejected or emptied."""
        return read_table(self.path, folder.PROBLEMS)

    def differences(self) -> pl.DataFrame:
        """Give every pair of a computed and a published number."""
        return read_table(self.path, folder.DIFFERENCES)

    def changelog(self) -> str:
        """Give the changelog, in Markdown."""
        return (self.path / folder.CHANGELOG).read_text(encoding="utf-8")


def _listed(wanted: str | Sequence[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else list(wanted)


def open_release(
    path: str | Path | None = None, *, root: Path | None = None, now: datetime | None = None
) -> Release:
    """Open a release.

    Args:
        path: a release folder, a folder of releases (its newest readable one), a release's name, or None for
            the newest of the current project.
        root: the project's folder of releases; by default `releases` in the current folder.
        now: the moment at which the embargo is judged; by default the system's clock.

    Raises:
        NotFoundError: there is no such release.
        EmbargoError: it may not be read yet.
        IntegrityError: its manifest is damaged.
    """
    root = root or Path("releases")
    moment = now or datetime.now(UTC)
    found = folder.locate(path, root)
    chosen = path is not None and (folder.is_release(Path(path)) or not folder.releases(Path(path)))
    if chosen and str(path) != "latest":
        return _open(found, moment)
    # "The newest" means the newest that may be read.
    for one in reversed(folder.releases(found.parent)):
        manifest = read_manifest(one)
        if not _embargoed(manifest, moment):
            return Release(one, manifest)
    return _open(found, moment)


def _open(path: Path, moment: datetime) -> Release:
    manifest = read_manifest(path)
    if _embargoed(manifest, moment):
        raise EmbargoError(
            "This release may not be read yet",
            where=Place(path),
            accepted=f"from {manifest.not_before} on",
        )
    return Release(path, manifest)


def _embargoed(manifest: Manifest, moment: datetime) -> bool:
    return manifest.not_before is not None and moment < manifest.not_before


def read_manifest(path: Path) -> Manifest:
    """Read and check the manifest of a release folder.

    Raises:
        NotFoundError: the folder is no release.
        IntegrityError: the manifest is damaged, or of a later format.
    """
    file = path / folder.MANIFEST
    try:
        manifest = Manifest.model_validate_json(file.read_bytes())
    except FileNotFoundError as error:
        raise NotFoundError("This folder is no release", where=Place(path)) from error
    except ValidationError as error:
        raise IntegrityError(
            "The manifest is damaged, or was written by a later version",
            where=Place(file),
            accepted=f"release format {FORMAT}",
            advice="Run 'sojourn verify' on it; build the release again if it is damaged.",
        ) from error
    return manifest


def read_table(path: Path, name: str) -> pl.DataFrame:
    """Read one table of a release.

    Raises:
        IntegrityError: it is damaged or missing.
    """
    with _telling(path / name):
        return pl.read_parquet(path / name)


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    """Turn damage into an error that says so, whatever the reader of the format calls it."""
    try:
        yield
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise IntegrityError(
            f"A file of the release is damaged or missing ({str(error).splitlines()[0]})",
            where=Place(file),
            advice="Run 'sojourn verify' on the release, and build it again.",
        ) from error
