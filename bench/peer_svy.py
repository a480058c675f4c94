"""One task of bench/survey.py by the peer svy, with the right estimator; loading is part of the work.

    PYTHON bench/peer_svy.py persons.parquet share|mean|median

Runs under the Python that has svy (`bench/survey.py --svy PYTHON`). Its defaults linearise without strata and
centre on the mean of the replicates, which is not how these weights are meant; here it replicates, centred on
the estimate.
"""

from __future__ import annotations

import sys

from measure import Recorder

BY = ["NATIVITY", "SEX", "ST"]
REPLICATES = 80


def main(path: str, task: str) -> None:
    import polars as pl
    import svy

    recorder = Recorder()
    with recorder.stage("work"):
        frame = pl.read_parquet(path)
        weights = svy.RepWeights(method="SDR", prefix="PWGTP", n_reps=REPLICATES, df=REPLICATES - 1)
        design = svy.Design(wgt="PWGTP", rep_wgts=weights)
        options = {"by": BY, "method": "replication", "variance_center": "estimate", "drop_nulls": True}
        if task == "share":
            frame = frame.with_columns(ba=(pl.col("SCHL") >= 21).cast(pl.Int8))
            found = svy.Sample(frame, design).estimation.prop("ba", where=pl.col("AGEP") >= 25, **options)
            table = found.to_polars().filter(pl.col("ba") == 1)
        else:
            work = getattr(svy.Sample(frame, design).estimation, task)
            table = work("WAGP", where=pl.col("WAGP") > 0, **options).to_polars()
        table = table.sort(pl.col(BY).cast(pl.Int64))
    recorder.finish(estimate=table["est"].to_list(), se=table["se"].to_list())


if __name__ == "__main__":
    main(*sys.argv[1:])
