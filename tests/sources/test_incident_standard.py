"""The common record standard: what a file of incidents lacks."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sojourn.sources import incident_standard, missing_migrants
from sojourn.sources.files import describe, load
from sojourn.sources.recognise import recognise

HEADERS = [field.header for field in incident_standard.standard()]
WHOLE = {
    "incident_id": "X1", "main_id": "X1", "incident_type": "Incident", "incident_date": "2020-01-06",
    "incident_year": "2020", "region_of_incident": "Mediterranean", "country_of_incident": "Italy",
    "unsd_geographical_grouping": "Southern Europe", "number_dead": "2",
    "minimum_estimated_number_of_missing": "1", "total_number_of_dead_and_missing": "3",
    "number_of_survivors": "4", "number_of_females": "1", "number_of_males": "1", "number_of_children": "1",
    "number_identified": "1", "people_aboard": "7", "country_of_origin": "Eritrea",
    "region_of_origin": "Eastern Africa", "cause_of_death": "Drowning",
    "migration_route": "Central Mediterranean", "coordinates": "35.5, 12.6", "source_quality": "5",
    "information_source": "Coast guard",
}  # fmt: skip


def lacks(write, *records: dict[str, str]) -> pl.DataFrame:
    headers = list(records[0])
    lines = [",".join(headers)] + [",".join(f'"{record[name]}"' for name in headers) for record in records]
    return incident_standard.lacks(load(describe(write("own.csv", "\n".join(lines) + "\n")), None, 1))


def test_a_record_with_every_field_lacks_nothing_and_is_read(write) -> None:
    assert set(WHOLE) == set(HEADERS)
    assert lacks(write, WHOLE).is_empty()
    path = write("own.csv", ",".join(WHOLE) + "\n" + ",".join(f'"{cell}"' for cell in WHOLE.values()) + "\n")
    (entry,) = recognise(describe(path), [missing_migrants.SOURCE])
    table = entry.read().table
    assert entry.layout.name == "common record standard"
    assert table.select("total", "identified", "aboard", "area", "grouping", "origin").row(0) == (
        3, 1, 7, "ITA", "039", "KNOWN",
    )  # fmt: skip


def test_absent_empty_unreadable_and_contradicting(write) -> None:
    without = {name: cell for name, cell in WHOLE.items() if name != "number_identified"}
    cumulative = without | {"incident_id": "X2", "incident_type": "Cumulative Incident"}
    wrong = without | {
        "incident_id": "X3", "number_dead": "some", "number_of_females": "9", "incident_date": "", "source_quality": "good",
        "total_number_of_dead_and_missing": "3",
    }  # fmt: skip
    found = lacks(write, without, cumulative, wrong)
    told = set(found.select("field", "lack", "records", "first_row").iter_rows())
    assert {
        ("identified", "there is no such column", 3, None),
        ("dead", "is not a whole number", 1, 4),
        ("date", "is empty", 1, 4),
        ("source_quality", "is not 1 to 5", 1, 4),
        ("females", "females and males exceed the total", 1, 4),
        ("date", "the total of a period has a day", 1, 3),
        ("coordinates", "the total of a period has a place", 1, 3),
        ("total", "is not dead plus missing", 1, 4),
    } == told
    assert found.schema == incident_standard.LACKS_SCHEMA


def test_the_newest_official_file_lacks_identification_and_attempts(shared: Path) -> None:
    path = shared / "data" / "mmp" / "missing_migrants_2014_2025.csv.gz"
    found = incident_standard.lacks(load(describe(path), None, 1))
    absent = found.filter(lack="there is no such column")["field"].to_list()
    assert absent == ["identified", "aboard"]
    assert found.filter(lack="is negative", field="missing")["records"].item() == 5


def test_headers_of_the_standard_are_distinct() -> None:
    assert len(set(HEADERS)) == len(HEADERS)
    assert all(field.why for field in incident_standard.standard())
