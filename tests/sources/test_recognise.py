"""Files are known by their content: the right source, no false one, and a near miss is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from sojourn import discovery
from sojourn.errors import LayoutError, SourceError
from sojourn.sources.files import input_files
from sojourn.sources.recognise import recognise

# Every file of the shared folder that a source knows; all the others must be known to none.
REAL = {
    ("bilateral_remittances", "tidy"): {
        f"remittances/wb_bilateral_remittance_matrix_{year}.csv.gz" for year in (2010, 2011, 2017)
    },
    ("rpw", "services up to 2016Q1"): {"rpw/rpw_services_2011Q1_2014Q2.csv.gz"},
    ("rpw_databank", "DataBank"): {
        "rpw/sdgatlas2018/remittances_receiving.xlsx",
        "rpw/sdgatlas2018/remittances_sending.xlsx",
    },
    ("rpw_databank", "regional averages of the report"): {"rpw/sdgatlas2018/remittances_regional_time.csv"},
    ("rpw_databank", "tidy corridors"): {"rpw/rpw_corridor_average_200usd_2011q1_2020q3.csv.gz"},
    ("unsdg", "one series per file"): {
        f"unsdg/ddf--datapoints--{series}--by--{entities}--units--year.csv"
        for entities, listed in {
            "geo_area--nature": (
                "bx_trf_pwkr",
                "dc_tof_schipsl",
                "si_rmt_cost",
                "sm_dth_migr",
                "sm_pop_refg_or",
            ),
            "age--geo_area--nature--sex": tuple(
                f"vc_htf_detv{form}" for form in ("", "fl", "og", "op", "sx")
            ),
            "geo_area--migratory_status--nature--sex": ("sl_emp_ftlinjur", "sl_emp_injur"),
            "geo_area--nature--sex": ("vc_prr_phyv", "vc_prr_robb", "vc_prr_sexv"),
            "geo_area--migratory_status--nature": ("sl_lbr_ntlcpl",),
            "geo_area--nature--policy_domains": ("sg_cpa_migrp", "sg_cpa_migrs"),
        }.items()
        for series in listed
    },
    ("wdi", "tidy"): {
        "wpp/wb_SP.POP.TOTL.csv.gz",
        *(
            f"wdi/{code}.csv.gz"
            for code in (
                "bx.trf.pwkr.cd.dt",
                "ny.gdp.mktp.cd",
                "ny.gdp.pcap.cd",
                "ny.gdp.pcap.pp.cd",
                "sl.tlf.totl.in",
                "sm.pop.netm",
                "sm.pop.refg",
                "sm.pop.refg.or",
                "sm.pop.totl",
                "sp.pop.totl",
            )
        ),
    },
    ("wdi", "tidy with code"): {
        "remittances/wdi_BM.TRF.PWKR.CD.DT.csv.gz",
        "remittances/wdi_BX.TRF.PWKR.CD.DT.csv.gz",
        "remittances/wdi_BX.TRF.PWKR.DT.GD.ZS.csv.gz",
        "rpw/wdi_SI.RMT.COST.IB.ZS.csv.gz",
        "rpw/wdi_SI.RMT.COST.OB.ZS.csv.gz",
    },
    ("wdi", "years across"): {
        "wdi_remittances/API_BM.TRF.PWKR.CD.DT.csv",
        *(
            f"wdi_remittances/{name}.xls"
            for name in (
                "personal-remittances-paid",
                "personal-remittances-received",
                "remittances-received-percent-gdp",
                "sending-cost-from-country",
                "sending-cost-to-country",
            )
        ),
    },
    ("wpp", "ages down"): {"wpp/wpp2019_popF.txt", "wpp/wpp2019_popM.txt"},
    ("wpp", "projection"): {"wpp/wpp2022_popproj1dt.parquet", "wpp/wpp2024_popproj1dt.parquet"},
    ("wpp", "accounts"): {"wpp/wpp_demographic_accounts_country_year.csv.gz"},
}
OURS = {source for source, _ in REAL}


def test_every_real_file_is_known_as_what_it_is_and_no_other(shared: Path) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    files = input_files(shared / "data")
    assert len(files) > 200
    for file in files:
        # No error of any kind: every file of the folder is sound, and none is nearly one of ours.
        for entry in recognise(file, discovery.sources()):
            if entry.source.name in OURS:
                found.setdefault((entry.source.name, entry.layout.name), set()).add(file.name)
    assert found == REAL


@pytest.mark.parametrize(
    "folder",
    ["unhcr", "desa", "unodc", "microdata", "codes", "students", "mmp", "gravity", "trafficking_lists"],
)
def test_no_false_recognition(shared: Path, all_sources, folder: str) -> None:
    for file in input_files(shared / "data" / folder):
        assert recognise(file, all_sources) == [], file.name


@pytest.mark.parametrize(
    ("header", "what", "column"),
    [
        (
            "id,period,source_code,destination_code,firm,product,cc1 total cost (pct)",
            "This looks like Remittance Prices Worldwide, service level (services up to 2016Q1). A column is "
            "missing or renamed: 'cc1 total cost %' (is 'cc1 total cost (pct)' the same?)",
            "cc1 total cost %",
        ),
        (
            "SeriesCode,GeoAreaCode,Time_Period,Value",
            "This looks like Global SDG Indicators Database (download). A column is missing or renamed: "
            "'TimePeriod' (is 'Time_Period' the same?)",
            "TimePeriod",
        ),
        (
            "Country Name,Country Code,Indicator,Indicator Code,2011",
            "This looks like World Development Indicators (years across). A column is missing or renamed: "
            "'Indicator Name' (is 'Indicator' the same?)",
            "Indicator Name",
        ),
    ],
)
def test_renamed_column(write, find, header: str, what: str, column: str) -> None:
    with pytest.raises(LayoutError) as error:
        find(write("a.csv", f"{header}\n1,2,3,4,5,6,7\n"))
    assert error.value.what == what
    assert str(error.value.where) == f"a.csv, column {column!r}"
    assert error.value.accepted == "the publisher's own headers, in any order and case"
    assert error.value.advice == "Rename the column back, or download the file again."


def test_column_missing_that_does_not_mark_the_layout(write, read) -> None:
    header = "period,source_code,destination_code,firm,product,cc1 total cost %,transparent"
    with pytest.raises(
        LayoutError, match="'inter lcu bank fx', 'date', 'note2', 'cc1 lcu code', 'cc1 lcu amount'"
    ) as error:
        read(write("a.csv", f"{header}\n2011_1Q,USA,MEX,A,Cash to cash,5,yes\n"))
    assert isinstance(error.value, SourceError)


@pytest.mark.parametrize(
    "content",
    [
        "just words\n",
        "Year,Value\n2011,1\n",
        "country,iso3,year,value,sex\nMexico,MEX,2011,1,F\n",
        '{"a": 1}',
        "<a/>",
        "\x89PNG\x00\x01",
    ],
)
def test_unknown_file_is_known_to_none(write, find, content: str) -> None:
    assert find(write("a.csv", content)) == []


def test_several_sheets_of_one_workbook(workbook, find) -> None:
    wdi = [
        ["Country Name", "Country Code", "Indicator Name", "Indicator Code", "2011"],
        ["Mexico", "MEX", "x", "A.B", 1],
    ]
    path = workbook("a.xlsx", {"Notes": [["read me"]], "One": wdi, "Two": [[], *wdi]})
    assert [(entry.sheet, entry.header_row) for entry in find(path)] == [("One", 1), ("Two", 2)]
