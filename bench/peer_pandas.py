"""The price averages as an analyst would write them with pandas and openpyxl: the peer of the benchmark.

Means of services by period, amount and level, over services that disclose their rate; by provider type,
payment instrument, access point and speed too; and the three cheapest services of each corridor. There
are no standard errors, no list of unreadable cells and no check of codes, which sojourn computes besides.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from measure import Recorder
from price_files import WORKBOOK

OLD_SHEET, NEW_SHEET = "Dataset (up to Q1 2016)", "Dataset (from Q2 2016)"
MISSING = ["", "..", "-", "N/A"]  # but not "NA", which is Namibia
LEVELS = {
    "corridor": ["source_code", "destination_code"],
    "sending": ["source_code"],
    "receiving": ["destination_code"],
    "region": ["destination_region"],
    "world": [],
}
DIMENSIONS = ["firm_type", "payment instrument", "access point", "speed actual"]
FAST = ["less than one hour", "same day", "next day", "2 days", "3-5 days"]
ACCESSIBLE = ["nationwide", "high", "medium"]


def read(path: Path) -> pd.DataFrame:
    sheets = pd.read_excel(
        path,
        sheet_name=[OLD_SHEET, NEW_SHEET],
        engine="openpyxl",
        keep_default_na=False,
        na_values=MISSING,
    )
    old = sheets[OLD_SHEET].rename(
        columns={"sending location": "access point", "pick-up method": "pickup method"}
    )
    new = sheets[NEW_SHEET].rename(columns={"receiving network coverage": "coverage"})
    return pd.concat([old, new], ignore_index=True)


def clean(services: pd.DataFrame) -> pd.DataFrame:
    """Tidy labels, codes, dates and numbers, and stack the two amounts."""
    services["period"] = services["period"].str.replace(r"^(\d{4})_(\d)Q$", r"\1-Q\2", regex=True)
    services["date"] = pd.to_datetime(services["date"], format="mixed", errors="coerce")
    for column in ("source_code", "destination_code"):
        services[column] = services[column].str.strip().replace({"KSV": "XKX", "ROM": "ROU", "ZAR": "COD"})
    for column in [*DIMENSIONS, "coverage", "pickup method", "transparent"]:
        services[column] = services[column].str.strip().str.lower()
    services["transparent"] = services["transparent"] == "yes"
    stacked = []
    for block, amount in (("cc1", 200), ("cc2", 500)):
        one = services.assign(amount=amount)
        for name in ("lcu amount", "lcu fee", "lcu fx rate", "fx margin", "total cost %"):
            one[name] = pd.to_numeric(services[f"{block} {name}"], errors="coerce")
        stacked.append(one.drop(columns=[name for name in services if name.startswith(("cc1", "cc2"))]))
    quotes = pd.concat(stacked, ignore_index=True)
    return quotes.rename(columns={"total cost %": "cost"}).dropna(subset=["cost"])


def averages(quotes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    used = quotes[quotes["transparent"]]
    without_russia = used[used["source_code"] != "RUS"]
    means = {}
    for level, places in LEVELS.items():
        rows = without_russia if level == "world" else used
        for dimension in [None, *DIMENSIONS]:
            by = ["period", "amount", *places, *([dimension] if dimension else [])]
            means[f"{level} {dimension or ''}".strip()] = rows.groupby(by)["cost"].agg(["mean", "count"])
    return means


def three_cheapest(quotes: pd.DataFrame) -> pd.DataFrame:
    fit = quotes["transparent"] & quotes["speed actual"].isin(FAST)
    fit &= quotes["coverage"].isin(ACCESSIBLE) | quotes["coverage"].isna()
    by = ["period", "amount", "source_code", "destination_code"]
    cheapest = quotes[fit].sort_values("cost").groupby(by).head(3)
    return cheapest.groupby(by)["cost"].agg(["mean", "count"])


def main() -> None:
    recorder = Recorder()
    with recorder.stage("open"):
        services = read(Path(sys.argv[1]) / WORKBOOK)
    with recorder.stage("clean"):
        quotes = clean(services)
    with recorder.stage("compute"):
        means = averages(quotes) | {"three cheapest": three_cheapest(quotes)}
    world = means["world"]["mean"].xs(200, level="amount")
    recorder.finish(
        quotes=len(quotes),
        observations=sum(len(table) for table in means.values()),
        world={period: float(value) for period, value in world.items()},
    )


if __name__ == "__main__":
    main()
