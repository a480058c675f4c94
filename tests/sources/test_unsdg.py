"""Global SDG Indicators Database. Real: two series in DDF. Built: the download of the database's page."""

from __future__ import annotations

from pathlib import Path

SERIES = "data/unsdg/ddf--datapoints--{}--by--geo_area--nature--units--year.csv"


def test_cost_of_remitting(shared: Path, read) -> None:
    reading = read(shared / SERIES.format("si_rmt_cost"))
    assert (reading.rows, reading.table.height, reading.empty_rows) == (414, 414, 0)
    world = reading.table.filter(area="001").select("period", "value", "unit", "nature").rows()
    assert world == [
        ("2011", 9.3, "PT", "_X"),
        ("2015", 7.5, "PT", "_X"),
        ("2017", 7.2, "PT", "_X"),
        ("2018", 6.9, "PT", "_X"),
    ]
    assert reading.problems.is_empty()
    assert reading.edition == "to-2018"


def test_share_of_gdp_names_its_old_groups_once(shared: Path, read) -> None:
    reading = read(shared / SERIES.format("bx_trf_pwkr"))
    assert (reading.rows, reading.table.height, reading.empty_rows) == (5614, 5437, 177)
    assert reading.problems.is_empty()
    assert reading.notes == (
        "177 rows of 7 codes that are no area of ours left out: 135, 485, 514, 515, 518, 738, 746",
    )


def test_refugees_by_origin(shared: Path, read) -> None:
    reading = read(shared / SERIES.format("sm_pop_refg_or"))
    world = reading.table.filter(area="001", period="2015").select("series", "value", "unit").rows()
    assert world == [("SM_POP_REFG_OR", 216.0, "PER_100000_POP")]
    assert (reading.rows, reading.table.height, reading.problems.height) == (5880, 5680, 0)


HEADER = (
    "Goal,Target,Indicator,SeriesCode,SeriesDescription,GeoAreaCode,GeoAreaName,TimePeriod,Value,Time_Detail,"
    "UpperBound,[Nature],[Units]"
)


def line(series: str, area: object, year: object, value: object, nature: str = "C") -> str:
    return f'10,10.c,10.c.1,{series},"Costs, in %",{area},"Name",{year},{value},2015,,{nature},PERCENT'


def test_refugees_by_origin_in_the_download(write, read) -> None:
    lines = [line("SM_POP_REFG_OR", 760, 2019, "<5", "C"), line("SM_POP_REFG_OR", 688, 2015, 433, "C")]
    reading = read(write("sdg.csv", "\n".join((HEADER, *lines)) + "\n"))
    assert reading.table.select("series", "area", "value", "unit").rows() == [
        ("SM_POP_REFG_OR", "SRB", 433.0, "PER_100000_POP")
    ]
    assert reading.problems["value"].to_list() == ["<5"]


def test_download(write, read, problem_rows) -> None:
    lines = [
        line("SI_RMT_COST", 1, 2015, 7.52),
        line("SI_RMT_COST", "004", 2015.0, "4.5", "G"),
        line("SI_RMT_COST", 484, 2015, "N", "Z"),
        line("SI_RMT_COST", 99999, 2015, 5),
        line("SI_RMT_COST", 514, 2015, 5),
        line("SI_RMT_COST", 484, "soon", 5),
        line("SP_DYN_ADKL", 484, 2015, 5),
        line("SI_RMT_COST", 1, 2015, 7.6),
    ]
    reading = read(write("sdg.csv", "\r\n".join((HEADER, *lines)) + "\r\n"))
    assert reading.table.select("series", "area", "period", "value", "nature", "row").rows() == [
        ("SI_RMT_COST", "001", "2015", 7.52, "C", 2),
        ("SI_RMT_COST", "AFG", "2015", 4.5, "G", 3),
    ]
    assert problem_rows(reading) == [
        (5, "GeoAreaCode", "99999", "cannot be read", "rejected"),
        (7, "TimePeriod", "soon", "cannot be read", "rejected"),
        (4, "Value", "N", "cannot be read", "emptied"),
        (4, "[Nature]", "Z", "cannot be read", "emptied"),
        (9, "value", "7.6", "repeats a figure", "rejected"),
    ]
    assert reading.notes == (
        "1 rows of 1 codes that are no area of ours left out: 514",
        "1 rows of 1 series not used",
    )
    assert (reading.rows, reading.empty_rows) == (8, 3)


DDF = "data/unsdg/ddf--datapoints--{}--by--{}.csv"


def test_recorded_deaths_of_the_world(shared: Path, read) -> None:
    reading = read(shared / SERIES.format("sm_dth_migr"))
    assert (reading.rows, reading.table.height + reading.empty_rows) == (1668, 1668)
    world = reading.table.filter(area="001").select("period", "value").rows()
    assert world[:5] == [("2014", 5290), ("2015", 6584), ("2016", 8072), ("2017", 6279), ("2018", 4937)]


def test_victims_by_sex_and_age(shared: Path, read) -> None:
    reading = read(shared / DDF.format("vc_htf_detvsx", "age--geo_area--nature--sex--units--year"))
    assert (reading.rows, reading.problems.height) == (386, 0)
    codes = reading.table.select("sex", "age").unique().rows()
    assert set(codes) == {(sex, age) for sex in ("F", "M") for age in ("_T", "Y0T17", "Y_GE18")}


def test_migratory_status_is_a_breakdown_of_its_own(shared: Path, read) -> None:
    reading = read(
        shared / DDF.format("sl_emp_ftlinjur", "geo_area--migratory_status--nature--sex--units--year")
    )
    assert (reading.rows, reading.table.height, reading.problems.height) == (3416, 3416, 0)
    assert dict(reading.table["breakdown"].value_counts().iter_rows()) == {
        "": 2048,
        "MIGRATORY_STATUS=MS_NOMIGRANT": 509,
        "MIGRATORY_STATUS=MS_NONEUMIGRANT": 413,
        "MIGRATORY_STATUS=MS_EUMIGRANT": 405,
        "MIGRATORY_STATUS=MS_MIGRANT": 41,
    }


def test_policy_categories_by_domain(shared: Path, read) -> None:
    reading = read(shared / DDF.format("sg_cpa_migrs", "geo_area--nature--policy_domains--units--year"))
    # 350 of 1,127 cells hold N: the government did not answer; 7 of them are of an area that is none of ours.
    assert (reading.rows, reading.table.height, reading.problems.height) == (1127, 777, 343)
    assert set(reading.table["breakdown"]) == {"", *(f"POLICY_DOMAIN=PD_{domain}" for domain in range(1, 7))}


def test_unknown_migratory_status_rejects_its_row(write, read, problem_rows) -> None:
    header = "geo_area,migratory_status,nature,sex,units,year,sl_emp_injur"
    lines = [
        "12,t,c,bothsex,per_100000_emp,2000,5",
        "12,expat,c,bothsex,per_100000_emp,2001,6",
        "12,,c,,x,2002,7",
    ]
    reading = read(write("a.csv", "\n".join((header, *lines)) + "\n"))
    assert reading.table.select("period", "sex", "breakdown", "value").rows() == [
        ("2000", "_T", "", 5.0),
        ("2002", "_T", "", 7.0),
    ]
    assert problem_rows(reading) == [(3, "migratory_status", "expat", "cannot be read", "rejected")]


def test_compliance_with_labour_rights_has_no_breakdown(shared: Path, read) -> None:
    reading = read(shared / DDF.format("sl_lbr_ntlcpl", "geo_area--migratory_status--nature--units--year"))
    assert (reading.rows, reading.table.height + reading.empty_rows) == (431, 431)
    assert reading.problems.is_empty()
    assert set(reading.table["breakdown"]) == {""}
    world = reading.table.filter(area="001").select("period", "value", "unit").rows()
    assert world == [("2015", 3.4, "SCORE"), ("2016", 3.2, "SCORE"), ("2017", 3.2, "SCORE")]


def test_fewer_than_none_and_more_than_everybody_are_emptied_and_listed(write, read, problem_rows) -> None:
    header = "geo_area,migratory_status,nature,sex,units,year,sl_emp_injur"
    lines = [
        f"12,t,c,bothsex,per_100000_emp,{2000 + index},{value}"
        for index, value in enumerate((5, -12, 100_001))
    ]
    reading = read(write("a.csv", "\n".join((header, *lines)) + "\n"))
    assert reading.table["value"].to_list() == [5.0]
    assert problem_rows(reading) == [
        (3, "value", "-12.0", "cannot be", "emptied"),
        (4, "value", "100001.0", "cannot be", "emptied"),
    ]
