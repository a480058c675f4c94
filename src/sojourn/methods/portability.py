"""Portability of social security: the share of migrants in each of four regimes.

    I    a bilateral or multilateral agreement between origin and host is in force
    II   no agreement, but benefits can be taken abroad or are open to migrants under the host's own law
    III  legal migrants whom the host gives no access
    IV   undocumented migrants

Of the stock m of a corridor a share u is undocumented; the rest is of one regime, that of the corridor:

    share_k = sum m_k / sum m

Source: Holzmann and Koettl (2015); Holzmann and Wels (2018). The regimes go back to Holzmann, Koettl and
Chernetsky (2005; from memory, to be confirmed).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

REGIMES = ("I", "II", "III", "IV")
LEGAL = 3


def counts(stock: ArrayLike, agreement: ArrayLike, access: ArrayLike, undocumented: ArrayLike) -> Floats:
    """Count the migrants of each regime, by host.

        I = (1 - u) m a,   II = (1 - u) m (1 - a) e,   III = (1 - u) m (1 - a)(1 - e),   IV = u m

    Args:
        stock: m, origins x hosts, persons; the diagonal should be 0.
        agreement: a, origins x hosts, whether an agreement is in force.
        access: e, hosts, whether the host gives legal migrants access without an agreement.
        undocumented: u, hosts, share of the stock that is undocumented, 0 to 1.

    Returns:
        Hosts x 4, persons; NaN where something that the count rests on is not known (NaN).

    Raises:
        ValueError: shapes that do not fit, a negative stock, or a share outside 0 to 1.

    >>> counts([[0, 100], [300, 0]], [[0, 1], [0, 0]], [1, 0], [0.1, 0]).tolist()
    [[0.0, 270.0, 0.0, 30.0], [100.0, 0.0, 0.0, 0.0]]
    """
    people, agreed = np.asarray(stock, float), np.asarray(agreement, float)
    open_, hidden = np.asarray(access, float), np.asarray(undocumented, float)
    if people.ndim != 2 or agreed.shape != people.shape or {open_.shape, hidden.shape} != {people.shape[1:]}:
        raise ValueError("stock and agreement are origins x hosts; access and undocumented have one per host")
    if np.any(people < 0):
        raise ValueError("a stock is not negative")
    for name, value in (("agreement", agreed), ("access", open_), ("undocumented", hidden)):
        if np.any((value < 0) | (value > 1)):
            raise ValueError(f"{name} lies between 0 and 1")
    legal = people * (1 - hidden)
    without = (legal * (1 - agreed)).sum(axis=0)
    regimes = (
        (legal * agreed).sum(axis=0),
        without * open_,
        without * (1 - open_),
        (people * hidden).sum(axis=0),
    )
    return np.stack(regimes, axis=1)


def shares(migrants: ArrayLike) -> Floats:
    """Compute the share of each regime.

        share_k = 100 m_k / sum m

    Args:
        migrants: persons by regime in the last axis.

    Returns:
        Per cent, same shape; NaN where there are no migrants, or a count is not known.

    Raises:
        ValueError: a negative count.

    Source: Holzmann and Koettl (2015), table of 2000.

    >>> shares([42_526_932, 101_863_439, 9_442_852, 32_682_476]).round(1).tolist()
    [22.8, 54.6, 5.1, 17.5]
    """
    people = np.asarray(migrants, float)
    if np.any(people < 0):
        raise ValueError("a count of migrants is not negative")
    total = people.sum(axis=-1, keepdims=True)
    share: Floats = np.full(people.shape, np.nan)
    np.divide(100 * people, total, out=share, where=total > 0)
    return share


def share_table(
    stock: pl.DataFrame, agreements: pl.DataFrame, hosts: pl.DataFrame, year: int, branch: str = "pension"
) -> pl.DataFrame:
    """Compute the regimes of every host and of the world from a matrix of stocks.

    Args:
        stock: origin, destination, value (persons; null: not known).
        agreements: area, partner, branch (pension, health …), in_force (year of entry into force; null: signed
            only). An agreement holds in both directions.
        hosts: area, access (true, false), undocumented (share, 0 to 1); null or no row: not known.
        year: agreements that entered into force in or before it count.
        branch: the branch of benefits that an agreement must cover.

    Returns:
        area (001: all hosts), regime (I … IV), value (persons), share (per cent of that area's migrants). Null
        where the host's rule or share of undocumented, or a stock, is not known; the world is then of the hosts
        that are known, and `covered` says which per cent of the known stock they hold.

    Raises:
        ValueError: a column is missing, a corridor, host or stock repeats or is broken.

    >>> stock = pl.DataFrame({"origin": ["MEX", "MAR"], "destination": ["CAN", "CAN"], "value": [60, 40]})
    >>> agreements = pl.DataFrame({"area": ["CAN"], "partner": ["MEX"], "branch": ["pension"], "in_force": [1996]})
    >>> hosts = pl.DataFrame({"area": ["CAN"], "access": [True], "undocumented": [0.1]})
    >>> share_table(stock, agreements, hosts, 2013)["share"].head(4).to_list()
    [54.0, 36.0, 0.0, 10.0]
    """
    _check(stock, agreements, hosts)
    corridors = _corridors(stock, agreements, year, branch)
    areas_ = corridors["destination"].unique().sort().to_list()
    rules = pl.DataFrame({"area": areas_}, schema={"area": pl.String}).join(
        hosts, on="area", how="left", maintain_order="left"
    )
    people = np.array([_by_host(corridors, rule) for rule in rules.iter_rows(named=True)]).reshape(
        -1, len(REGIMES)
    )
    known = ~np.isnan(people).any(axis=1)
    held = _held(corridors, len(areas_))
    world = people[known].sum(axis=0) if known.any() else np.full(len(REGIMES), np.nan)
    everybody = float(held.sum())
    covered = np.append(
        np.where(known, 100.0, 0.0), 100 * held[known].sum() / everybody if everybody else np.nan
    )
    values = np.vstack([people, world])
    return pl.DataFrame(
        {
            "area": np.repeat([*areas_, "001"], len(REGIMES)),
            "regime": list(REGIMES) * len(values),
            "value": pl.Series(values.ravel(), nan_to_null=True),
            "share": pl.Series(shares(values).ravel(), nan_to_null=True),
            "covered": pl.Series(np.repeat(covered, len(REGIMES)), nan_to_null=True),
        }
    ).sort("area", "regime")


def _corridors(stock: pl.DataFrame, agreements: pl.DataFrame, year: int, branch: str) -> pl.DataFrame:
    in_force = agreements.filter((pl.col("in_force") <= year) & (pl.col("branch") == branch))
    there = in_force.select(pl.col("area").alias("origin"), pl.col("partner").alias("destination"))
    back = in_force.select(pl.col("partner").alias("origin"), pl.col("area").alias("destination"))
    pairs = pl.concat([there, back]).unique().with_columns(pl.lit(1.0).alias("agreement"))
    return (
        stock.join(pairs, on=["origin", "destination"], how="left")
        .with_columns(pl.col("agreement").fill_null(0.0), pl.col("value").cast(pl.Float64))
        .sort("destination", "origin")
    )


def _by_host(corridors: pl.DataFrame, rule: dict[str, object]) -> Floats:
    own = corridors.filter(destination=rule["area"])
    known = pl.Series([rule["access"], rule["undocumented"]], dtype=pl.Float64, strict=False)
    access, undocumented = known.fill_null(float("nan"))
    stock = own["value"].fill_null(float("nan")).to_numpy().reshape(-1, 1)
    agreement = own["agreement"].to_numpy().reshape(-1, 1)
    return np.asarray(counts(stock, agreement, [access], [undocumented])[0])


def _held(corridors: pl.DataFrame, hosts: int) -> Floats:
    code = corridors["destination"].rank("dense").cast(pl.Int64).to_numpy() - 1
    weights = corridors["value"].fill_null(0.0).to_numpy()
    return np.bincount(code, weights=weights, minlength=hosts).astype(float)


def _check(stock: pl.DataFrame, agreements: pl.DataFrame, hosts: pl.DataFrame) -> None:
    tables = {
        "stock": (stock, ("origin", "destination", "value")),
        "agreements": (agreements, ("area", "partner", "branch", "in_force")),
        "hosts": (hosts, ("area", "access", "undocumented")),
    }
    for name, (table, needed) in tables.items():
        if missing := [column for column in needed if column not in table.columns]:
            raise ValueError(f"{name} lacks the columns {missing}")
    pair = ["origin", "destination"]
    rules = (
        ("stock", stock, "a corridor is given once", ~pl.struct(pair).is_first_distinct()),
        ("stock", stock, "a stock is a number that is not negative", ~(pl.col("value") >= 0)),
        ("stock", stock, "a migrant lives outside the origin", pl.col("origin") == pl.col("destination")),
        ("hosts", hosts, "a host is given once", ~pl.col("area").is_first_distinct()),
        ("hosts", hosts, "undocumented is a share from 0 to 1", ~pl.col("undocumented").is_between(0, 1)),
    )
    for name, table, rule, broken in rules:
        offenders = table.with_row_index("row", offset=1).filter(broken)
        if offenders.height:
            raise ValueError(
                f"{offenders.height} rows of {name}, the first {offenders.row(0, named=True)}: {rule}"
            )
