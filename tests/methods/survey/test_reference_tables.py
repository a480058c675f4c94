"""Known answers: R survey 4.5 on the ACS 2011 sample and its own examples, through the public functions.

Calls and inputs: the README beside the tables. Estimates to 1e-9 and errors to 1e-8, relative.
"""

from __future__ import annotations

import gzip

import numpy as np
import polars as pl
import pytest

from sojourn.methods.survey import Design, count, cube, estimate, gap, mean, quantile, ratio, share, total

LEVELS = {"native": 1, "foreign": 2}
AGES = ("0-14", "15-24", "25-54", "55-64", "65+")


@pytest.fixture(scope="session")
def people(shared):
    acs = pl.read_csv(
        gzip.decompress((shared / "data/microdata/acs2011_person_sample.csv.gz").read_bytes()),
        infer_schema_length=None,
        null_values=["NA", ""],
    )
    age = pl.col("AGEP")
    return acs.with_columns(
        nat=pl.when(pl.col("NATIVITY") == 2).then(pl.lit("foreign")).otherwise(pl.lit("native")),
        sx=pl.when(pl.col("SEX").cast(pl.String).is_in(["1", "M"])).then(pl.lit("M")).otherwise(pl.lit("F")),
        ageg=pl.when(age < 15)
        .then(pl.lit(AGES[0]))
        .when(age < 25)
        .then(pl.lit(AGES[1]))
        .when(age < 55)
        .then(pl.lit(AGES[2]))
        .when(age < 65)
        .then(pl.lit(AGES[3]))
        .otherwise(pl.lit(AGES[4])),
        emp=pl.col("ESR").is_in([1, 2, 4, 5]).fill_null(False).cast(pl.Int8),
        unemp=(pl.col("ESR") == 3).fill_null(False).cast(pl.Int8),
        ba=(pl.col("SCHL") >= 21).fill_null(False).cast(pl.Int8),
        earn=(pl.col("WAGP") > 0).fill_null(False).cast(pl.Int8),
        wage=(pl.col("WAGP") * pl.col("ADJINC") / 1e6).fill_null(0.0),
        hrs=pl.col("WKHP").fill_null(0),
        one=pl.lit(1),
    ).with_columns(lf=pl.col("emp") + pl.col("unemp"))


@pytest.fixture(scope="session")
def reference(shared):
    rows = pl.read_csv(
        shared / "reference/survey/reference_survey4.5.csv",
        null_values=["NA"],
        schema_overrides={"df": pl.Float64},
    )

    def of(table):
        return rows.filter(pl.col("table") == table)

    return of


SDR = Design.sdr("PWGTP", "PWGTP1..80")
TAYLOR = Design.taylor("PWGTP", "ST", "SERIALNO", lonely="adjust")
DESIGNS = {"SDR": SDR, "TAYLOR": TAYLOR}


def agrees(found, expected, order=None, ends=False):
    """Compare frame and table row by row, after putting ours into the order of the labels."""
    if order is not None:
        wanted = pl.DataFrame({"_label": order})
        keys = found.with_columns(
            _label=pl.concat_str(
                [pl.col(c) for c in found.columns[: found.columns.index("estimate")]], separator="."
            )
        )
        found = wanted.join(keys, on="_label", how="left", maintain_order="left")
    assert found.height == expected.height
    np.testing.assert_allclose(
        found["estimate"].to_numpy(), expected["estimate"].to_numpy(), rtol=1e-9, atol=1e-300
    )
    np.testing.assert_allclose(found["se"].to_numpy(), expected["se"].to_numpy(), rtol=1e-8, atol=1e-16)
    if ends:
        np.testing.assert_allclose(found["lower"].to_numpy(), expected["ci_l"].to_numpy(), rtol=1e-8)
        np.testing.assert_allclose(found["upper"].to_numpy(), expected["ci_u"].to_numpy(), rtol=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
class TestBothDesigns:
    def test_total(self, people, reference, name):
        rows = reference(f"{name}.total")
        found = estimate(people, DESIGNS[name], count(), by="nat", df=np.inf)
        agrees(found, rows, ["native", "foreign"], ends=True)

    def test_total_population(self, people, reference, name):
        agrees(
            estimate(people, DESIGNS[name], total("one"), df=np.inf),
            reference(f"{name}.total_pop"),
            ends=True,
        )

    @pytest.mark.parametrize(
        ("table", "asked", "by", "where"),
        [
            ("total_by", "total(one)", ["nat", "sx"], None),
            ("share_by", "share(ba)", ["nat", "sx"], "AGEP >= 25"),
            ("mean_by", "mean(wage)", ["nat", "sx"], "earn = 1"),
            ("share_age", "mean(emp)", ["nat", "ageg"], None),
            ("unemp_ratio", "ratio(unemp, lf)", ["nat"], "lf = 1"),
        ],
    )
    def test_domains(self, people, reference, name, table, asked, by, where):
        rows = reference(f"{name}.{table}")
        agrees(estimate(people, DESIGNS[name], asked, by=by, where=where), rows, rows["label"].to_list())

    def test_proportions(self, people, reference, name):
        found = estimate(people, DESIGNS[name], share("nat"), df=np.inf)
        agrees(found, reference(f"{name}.prop"), ["native", "foreign"], ends=True)

    def test_ratio(self, people, reference, name):
        found = estimate(people, DESIGNS[name], ratio("wage", "hrs"), where="earn = 1", df=np.inf)
        agrees(found, reference(f"{name}.ratio"), ends=True)

    @pytest.mark.parametrize("method", ["logit", "mean", "asin", "beta", "xlogit"])
    def test_intervals_of_proportions(self, people, reference, name, method):
        rows = reference(f"{name}.ciprop.{method}")
        found = estimate(
            people,
            DESIGNS[name],
            share("ba"),
            by="nat",
            where="AGEP >= 25",
            interval="wald" if method == "mean" else method,
        )
        ordered = found.sort("nat", descending=True)
        # R's logit comes from an iterated fit, whose estimate is exact to 2e-11.
        np.testing.assert_allclose(ordered["estimate"].to_numpy(), rows["estimate"].to_numpy(), rtol=1e-9)
        np.testing.assert_allclose(ordered["lower"].to_numpy(), rows["ci_l"].to_numpy(), rtol=1e-8)
        np.testing.assert_allclose(ordered["upper"].to_numpy(), rows["ci_u"].to_numpy(), rtol=1e-8)
        assert ordered["df"].to_list() == rows["df"].to_list()

    @pytest.mark.parametrize("rule", ["math", "school", "hf7", "hf4"])
    @pytest.mark.parametrize("kind", ["rep", "woodruff"])
    def test_quantiles(self, people, reference, name, rule, kind):
        rows = reference(f"{name}.quantile_{kind}.{rule}")
        if name == "TAYLOR" and kind == "rep":
            assert rows.is_empty()
            return
        where = "earn = 1 and nat = 'foreign'"
        interval = "wald" if kind == "rep" else "woodruff"
        found = [
            estimate(people, DESIGNS[name], quantile("wage", q, rule), where=where, interval=interval)
            for q in (0.1, 0.5, 0.9)
        ]
        agrees(pl.concat(found), rows, ends=True)

    def test_gap(self, people, reference, name):
        found = estimate(people, DESIGNS[name], gap(mean("wage"), between="nat"), where="earn = 1")
        assert found["gap"].to_list() == ["foreign - native"]
        agrees(found, reference(f"{name}.gap_mean"))

    def test_design_effect(self, people, reference, name):
        found = estimate(people, DESIGNS[name], share("ba"), where="AGEP >= 25", deff=True)
        assert found["deff"][0] == pytest.approx(reference(f"{name}.deff")["estimate"][0], rel=1e-8)


def test_replicates_centred_on_their_mean(people, reference):
    design = Design.sdr("PWGTP", "PWGTP1..80", center="mean")
    found = pl.concat([estimate(people, design, mean(y), df=np.inf) for y in ("ba", "emp", "wage")])
    agrees(found, reference("SDRmse0.mean"), ends=True)


def test_rows_as_clusters(people, reference):
    design = Design.taylor("PWGTP")
    found = pl.concat([estimate(people, design, mean(y), df=np.inf) for y in ("ba", "emp", "wage")])
    agrees(found, reference("WRnoStrata.mean"), ends=True)


def test_degrees_of_freedom(people, reference):
    found = pl.concat([estimate(people, SDR, mean(y)) for y in ("ba", "emp", "wage")])
    agrees(found, reference("SDR.mean_t79"), ends=True)


MARGINS = {
    "nat": {"native": 0.86, "foreign": 0.14},
    "sx": {"M": 0.492, "F": 0.508},
    "ageg": dict(zip(AGES, (0.195, 0.14, 0.41, 0.12, 0.135), strict=True)),
}


@pytest.fixture(scope="session")
def targets(people):
    size = float(people["PWGTP"].sum())
    return {name: {k: v * size for k, v in margin.items()} for name, margin in MARGINS.items()}


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(
    ("table", "method", "bounds"),
    [
        ("rake", "rake", None),
        ("cal_linear", "linear", None),
        ("cal_raking", "raking", None),
        ("cal_logit", "logit", (0.5, 2.0)),
    ],
)
def test_calibrated_weights(people, reference, targets, design, table, method, bounds):
    made = cube(people, DESIGNS[design], ["nat", "sx", "ageg"], ["ba", "emp"])
    options = {} if bounds is None else {"bounds": bounds}
    raked = made.rake(targets, method=method, **options)
    found = pl.concat([raked.mean(y, by=[], df=np.inf) for y in ("ba", "emp")])
    agrees(found, reference(f"{design}.{table}.mean"), ends=True)


@pytest.mark.parametrize("design", DESIGNS)
def test_poststratified_weights(people, reference, targets, design):
    made = cube(people, DESIGNS[design], ["nat", "sx"], ["ba", "emp"])
    size = sum(targets["nat"].values())
    cells = {
        (a, b): MARGINS["nat"][a] * MARGINS["sx"][b] * size for a in MARGINS["nat"] for b in MARGINS["sx"]
    }
    fitted = made.poststratify(cells)
    found = pl.concat([fitted.mean(y, by=[], df=np.inf) for y in ("ba", "emp")])
    agrees(found, reference(f"{design}.postStratify.mean"), ends=True)


API = {
    "apistrat": Design.taylor("pw", "stype", fpc="fpc"),
    "apiclus1": Design.taylor("pw", None, "dnum", "fpc"),
    "apiclus2": Design.taylor("pw", None, ["dnum", "snum"], ["fpc1", "fpc2"]),
}


@pytest.mark.parametrize("name", API)
class TestSchools:
    @pytest.fixture
    def schools(self, shared, name):
        return pl.read_csv(
            shared / f"reference/survey/{name}.csv", null_values=["NA"], infer_schema_length=None
        )

    def test_total(self, schools, reference, name):
        agrees(
            estimate(schools, API[name], "total(enroll)", df=np.inf), reference(f"{name}.total"), ends=True
        )

    def test_mean(self, schools, reference, name):
        found = pl.concat([estimate(schools, API[name], f"mean({y})", df=np.inf) for y in ("api00", "meals")])
        agrees(found, reference(f"{name}.mean"), ends=True)

    def test_proportions(self, schools, reference, name):
        agrees(estimate(schools, API[name], "share(stype)", df=np.inf), reference(f"{name}.prop"), ends=False)

    def test_domains(self, schools, reference, name):
        agrees(estimate(schools, API[name], "mean(api00)", by="stype"), reference(f"{name}.by"))

    def test_quantiles(self, schools, reference, name):
        found = [estimate(schools, API[name], quantile("api00", q)) for q in (0.25, 0.5, 0.75)]
        agrees(pl.concat(found), reference(f"{name}.quantile"), ends=True)


@pytest.mark.parametrize(("kind", "data"), [("bs", "apiclus1"), ("j1", "apiclus1"), ("jn", "apistrat")])
def test_replicates_of_the_schools(shared, reference, kind, data):
    folder = shared / "reference/survey"
    rows = pl.read_csv(folder / f"{data}.csv", null_values=["NA"], infer_schema_length=None)
    with gzip.open(folder / f"api_{kind}_repweights.csv.gz") as file:
        weights = pl.read_csv(file.read(), has_header=False, skip_rows=1)
    weights.columns = ["w0", *(f"r{k}" for k in range(1, weights.width))]
    scales = pl.read_csv(folder / f"api_{kind}_scales.csv")
    names = weights.columns[1:]
    scale, factors = scales["scale"][0], scales["rscales"].to_list()
    design = {
        "bs": lambda: Design.bootstrap("w0", names, scale=scale, rscales=factors),
        "j1": lambda: Design.jackknife("w0", names, scale=scale, rscales=factors),
        "jn": lambda: Design.jackknife("w0", "r", "JKn", scale=scale, rscales=factors),
    }[kind]()
    found = estimate(rows.hstack(weights), design, mean("api00"), df=np.inf)
    agrees(found, reference(f"api.{kind}.mean"), ends=True)


@pytest.mark.parametrize("kind", ["brr", "fay"])
def test_half_samples_of_the_nutrition_survey(shared, reference, kind):
    folder = shared / "reference/survey"
    rows, weights = (
        pl.read_csv(
            gzip.decompress((folder / name).read_bytes()), null_values=["NA"], infer_schema_length=None
        )
        for name in ("nhanes1516.csv.gz", f"nhanes_{kind}_repweights.csv.gz")
    )
    rows = rows.filter(pl.col("wtmec2yr") > 0)
    design = Design.fay("wtmec2yr", "V", 0.3) if kind == "fay" else Design.brr("wtmec2yr", "V")
    found = estimate(rows.hstack(weights), design, mean("bmxbmi"), df=np.inf)
    if kind == "fay":
        agrees(found, reference("nhanes.fay.mean"), ends=True)
    else:
        # No row of the tables; the replicates of both kinds estimate the same error.
        assert found["se"][0] == pytest.approx(reference("nhanes.fay.mean")["se"][0], rel=0.1)


def test_nutrition_survey(shared, reference):
    with gzip.open(shared / "reference/survey/nhanes1516.csv.gz") as file:
        rows = pl.read_csv(file.read(), null_values=["NA"], infer_schema_length=None)
    # The design of the reference was declared on the examined, who have a weight above zero.
    rows = rows.filter(pl.col("wtmec2yr") > 0)
    design = Design.taylor("wtmec2yr", "sdmvstra", "sdmvpsu")
    # R leaves out the rows in which either of the two is missing.
    both = "bmxbmi is not null and indfmpir is not null"
    found = pl.concat(
        [estimate(rows, design, mean(y), df=np.inf, where=both) for y in ("bmxbmi", "indfmpir")]
    )
    expected = reference("nhanes.taylor.mean")
    agrees(found, expected, ends=True)
