"""A small data folder built for these tests: a price file in the official layout, and a matrix of flows."""

from __future__ import annotations

from pathlib import Path

import pytest

from sojourn.release import Built, build

_HEADER = (
    "id,period,source_code,destination_code,firm,firm_type,product,sending location,speed actual,"
    "cc1 lcu amount,cc1 denomination amount,cc1 lcu code,cc1 lcu fee,cc1 lcu fx rate,cc1 fx margin,cc1 total cost %,"
    "cc2 lcu amount,cc2 denomination amount,cc2 lcu code,cc2 lcu fee,cc2 lcu fx rate,cc2 fx margin,cc2 total cost %,"
    "inter lcu bank fx,transparent,note1,note2,coverage,pick-up method,date"
)


def service(number: int, sender: str, receiver: str, firm: str, cost: float, quarter: str = "2013_3Q") -> str:
    """One line of a price file; the fee is the whole cost."""
    return (
        f"{number},{quarter},{sender},{receiver},{firm},Money Transfer Operator,Cash to cash,at Branch,Same day,"
        f"200,200,USD,{2 * cost},20,0,{cost},500,500,USD,{2.5 * cost},20,0,{cost / 2},20,yes,,,Nationwide,Cash,"
        f"16/Jul/2013"
    )


@pytest.fixture
def small_data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    lines = [
        _HEADER,
        service(1, "USA", "MEX", "Cedar", 4.0),
        service(2, "USA", "MEX", "Harbour", 6.0),
        service(3, "GBR", "IND", "Cedar", 8.0),
        service(4, "GBR", "IND", "Harbour", 10.0),
        service(5, "RUS", "UZB", "Cedar", 1.0),
        service(6, "USA", "ZZZ", "Cedar", 5.0),
    ]
    (folder / "prices.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    flows = [
        "sending,receiving,usd_million,send_iso3,recv_iso3",
        "United States,Mexico,1000,USA,MEX",
        "United Kingdom,India,500,GBR,IND",
        "Germany,India,100,DEU,IND",
    ]
    (folder / "flows_2013.csv").write_text("\n".join(flows) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def built(small_data: Path, tmp_path: Path) -> Built:
    return build(small_data, tmp_path / "releases")
