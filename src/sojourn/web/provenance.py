"""Where a number comes from: its sources, their files and the hashes of these, its method, its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sojourn.discovery import packaged_sources, sources
from sojourn.release.manifest import InputRecord
from sojourn.web.holding import Holding


@dataclass(frozen=True)
class Origin:
    """One source of a number.

    Attributes:
        source: its name.
        edition: which edition of it, as the release tells it.
        title, publisher, licence, citation, page: as the source states them; empty where it is not known here.
        files: the files of this edition that the release was built from, with their SHA-256.
    """

    source: str
    edition: str
    title: str
    publisher: str
    licence: str
    citation: str
    page: str
    files: tuple[InputRecord, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        plain = asdict(self)
        plain["files"] = [
            {
                "file": one.file,
                "sha256": one.sha256,
                "size": one.size,
                "rows": one.rows,
                "notes": list(one.notes),
            }
            for one in self.files
        ]
        return plain


def origins(holding: Holding, source: str) -> tuple[Origin, ...]:
    """Give the sources that an observation's `source` names, in its order, each once.

    Example: "rpw@2014-Q2+bilateral_remittances@2011" names two.
    """
    by_edition: dict[str, list[InputRecord]] = {}
    for one in holding.release.manifest.inputs:
        if one.source:
            by_edition.setdefault(one.source, []).append(one)
    known = {one.name: one for one in (*sources(), *packaged_sources())}
    found = []
    for part in dict.fromkeys(source.split("+")):
        name, _, edition = part.partition("@")
        about = known.get(name)
        found.append(
            Origin(
                source=name,
                edition=edition,
                title=about.title if about else name,
                publisher=about.publisher if about else "",
                licence=about.licence if about else "",
                citation=about.citation if about else "",
                page=about.page if about else "",
                files=tuple(by_edition.get(part, ())),
            )
        )
    return tuple(found)


def provenance(holding: Holding, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give everything about how a number was made, as plain data.

    Args:
        holding: the release.
        row: an observation, with the columns of the observation table.
    """
    manifest = holding.release.manifest
    meaning = holding.series[row["series"]]
    return {
        "observation": dict(row) | {"release": holding.name},
        "series": {
            name: meaning[name]
            for name in ("code", "name", "definition", "area_role", "counterpart_role", "limits")
        },
        "method": row["method"],
        "explanation": meaning["explanation"].strip(),
        "sources": [one.as_dict() for one in origins(holding, row["source"])],
        "release": {
            "name": holding.name,
            "as_of": str(manifest.as_of),
            "code": manifest.code,
            "libraries": dict(manifest.libraries),
            "parameters": manifest.parameters,
            "seeds": dict(manifest.seeds),
            "files": {one.file: one.sha256 for one in manifest.outputs},
        },
        "citation": citation(holding, row["series"]),
    }


def citation(holding: Holding, series: str | None = None) -> str:
    """Say how to cite the release, or a series of it."""
    what = (
        f"{holding.series[series]['name']} ({series})" if series else "International migration: observations"
    )
    manifest = holding.release.manifest
    return f"{what}. Sojourn release {holding.name}, as of {manifest.as_of}, code {manifest.code}."
