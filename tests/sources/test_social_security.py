"""Agreements on social security and rules of hosts: layouts of our own, so only built files exist."""

from __future__ import annotations

from tests.sources.conftest import accounted

from sojourn.sources import social_security_agreements, social_security_hosts
from sojourn.sources.files import describe
from sojourn.sources.recognise import recognise


def read(write, source, lines):
    (layout,) = source.layouts
    text = "\n".join((",".join(layout.columns), *lines)) + "\n"
    (entry,) = recognise(describe(write("file.csv", text)), [source])
    reading = entry.read()
    assert accounted(reading)
    return reading


def test_agreements_are_read_and_bad_ones_named(write, problem_rows) -> None:
    lines = [
        "CAN,MEX,Pension,1996-05-01,",
        "CAN,MAR,pension,2010,2015",
        "CAN,PHL,pension,,",
        "MEX,CAN,pension,1996,",
        "CAN,CAN,pension,2000,",
        "CAN,FRA,pension,2010,2005",
        "CAN,QQQ,pension,2010,",
        "CAN,150,pension,2010,",
        "CAN,ITA,pension,soon,",
        "CAN,GRC,pension,2000,later",
        "CAN,ESP,,2000,",
    ]
    reading = read(write, social_security_agreements.SOURCE, lines)
    assert reading.table.select("area", "partner", "branch", "in_force", "ended").rows() == [
        ("CAN", "MEX", "pension", 1996, None),
        ("CAN", "MAR", "pension", 2010, 2015),
        ("CAN", "PHL", "pension", None, None),
    ]
    assert {row[:2] for row in problem_rows(reading)} == {
        (5, "partner"), (6, "partner"), (7, "in_force_to"), (8, "partner"), (9, "partner"),
        (10, "in_force_from"), (11, "in_force_to"), (12, "benefit_branch"),
    }  # fmt: skip
    assert reading.edition == "to-2010"


def test_rules_of_hosts_are_read_and_bad_ones_named(write, problem_rows) -> None:
    lines = ["CAN,yes,0.1", "MEX,perhaps,", "CAN,no,0.2", "FRA,no,10"]
    reading = read(write, social_security_hosts.SOURCE, lines)
    assert reading.table.select("area", "access", "undocumented").rows() == [
        ("CAN", True, 0.1),
        ("MEX", None, None),
        ("FRA", False, None),
    ]
    assert {row[:2] for row in problem_rows(reading)} == {
        (3, "access_without_agreement"), (4, "host"), (5, "undocumented_share"),
    }  # fmt: skip
