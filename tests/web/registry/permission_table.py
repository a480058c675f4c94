"""The table of permissions, written by hand in permissions.csv, and the people that its lines name.

A line names an action, whose record it is (an institution's or the registry's own), the states of the text, and who
may. Whoever stands there without more sits in the institution that owns the record, or in no institution at all;
`_elsewhere` sits in another one, `_named` in one that the text names.
"""

from __future__ import annotations

import csv
from pathlib import Path

from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.models.accounts import OF_AN_INSTITUTION, ROLES

HERE, ELSEWHERE, NAMED = 1, 2, 3
"""Institutions: the owner; another; one that the text names."""

OWNERS = {"institution": HERE, "registry": None}

SEATS: dict[str, tuple[str, int | None] | None] = {
    "anonymous": None,
    "reader": None,
    **{one: (one, HERE if one in OF_AN_INSTITUTION else None) for one in ROLES if one != "reader"},
    **{f"{one}_elsewhere": (one, ELSEWHERE) for one in sorted(OF_AN_INSTITUTION)},
    "focal_point_named": (role.FOCAL_POINT, NAMED),
    "validator_named": (role.VALIDATOR, NAMED),
}
"""People by name: the role and the institution of the seat that each holds; None: no seat."""


def _read() -> dict[tuple[str, str, str], set[str]]:
    cells = {}
    with Path(__file__).with_name("permissions.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            for one in row["states"].split():
                key = (row["action"], row["owner"], one)
                assert key not in cells, f"{key} stands in the table twice"
                cells[key] = _people(row["allowed"].split())
    return cells


def _people(allowed: list[str]) -> set[str]:
    if allowed == ["nobody"]:
        return set()
    if allowed == ["everybody"]:
        return set(SEATS)
    if allowed == ["signed_in"]:
        return set(SEATS) - {"anonymous"}
    assert set(allowed) <= set(SEATS)
    return set(allowed)


TABLE = _read()
"""Action, owner and state -> who may."""
