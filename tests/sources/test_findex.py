"""Global Findex. Built: the country-level file as programs that read it describe it; no real file is at hand."""

from __future__ import annotations

from tests.sources.conftest import accounted

from sojourn.sources import findex
from sojourn.sources.files import describe
from sojourn.sources.recognise import recognise

HEADER = "countrynewwb,codewb,year,pop_adult,group,group2,account_t_d,fin29"


def read(path):
    (entry,) = recognise(describe(path), [findex.SOURCE])
    reading = entry.read()
    assert accounted(reading), (reading.rows, reading.empty_rows)
    return reading


def test_country_file(tmp_path, problem_rows):
    lines = [
        "Uganda,UGA,2024,27e6,all,all,0.5,0.25",
        "Uganda,UGA,2024,27e6,gender,women,0.25,",
        "Uganda,UGA,2024,27e6,gender,women,0.26,",
        "Uganda,UGA,2024,27e6,income,poorest 40%,0.3,",
        "Uganda,UGA,2024,27e6,age_cat,ages 15-24,52,",
        "Uganda,UGA,2024,27e6,urbanicity,rural,,",
        "Uganda,UGA,2024,27e6,urbanicity,hamlet,0.5,",
        "Nowhere,QQQ,2024,1,all,all,0.5,",
    ]
    path = tmp_path / "GlobalFindexDatabase2025.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n")
    reading = read(path)
    assert reading.table.sort("code", "group").select("code", "area", "period", "group", "value").rows() == [
        ("account_t_d", "UGA", "2024", "all", 50.0),
        ("account_t_d", "UGA", "2024", "women", 25.0),
        ("fin29", "UGA", "2024", "all", 25.0),
    ]
    assert {(row[0], row[1], row[4]) for row in problem_rows(reading)} == {
        (4, "group2", "rejected"),
        (6, "account_t_d", "emptied"),
        (8, "group2", "rejected"),
        (9, "codewb", "rejected"),
    }
    assert reading.notes == ("1 rows of groups by income, education or labour force not used",)
    assert reading.edition == "to-2024"
