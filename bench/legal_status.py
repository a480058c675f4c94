"""Coverage of nominal 95 % intervals on simulated populations whose truth is known.

    python bench/legal_status.py [RUNS] [--json FILE]

Prints the coverage of the residual method, of estimates by legal status, and of pay-gap decompositions, and the
bias, the spread of the estimates around the truth, and the error that is said. The simulated wage has nothing
to do with status given the cell: there Rubin's rules on drawn persons gave intervals that were too wide.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from sojourn.methods import paygap
from sojourn.methods.legal_status import estimates_by_status, residual

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "methods" / "legal_status"))
import simulated


def residuals(runs: int) -> dict[str, float]:
    hits = 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        truth = simulated.truth_of(rng, simulated.assumptions())
        seen = simulated.seen_of(truth)
        cells = simulated.cells(rng.normal(seen, 0.03 * seen), np.diag((0.03 * seen) ** 2))
        _, lower, upper = residual(cells, simulated.assumptions(), rng, 2000).total()
        hits += lower <= simulated.IRREGULAR.sum() <= upper
    print(f"residual total: {100 * hits / runs:.1f} % of {runs}")
    return {"residual total": hits / runs}


def statuses(runs: int) -> dict[str, float]:
    names: list[str] = []
    hits, errors, said = np.zeros(6), [], []
    for seed in range(runs):
        rng = np.random.default_rng(10_000 + seed)
        truth = simulated.truth_of(rng, simulated.assumptions())
        cells, people, measures = simulated.survey(rng, truth)
        table = estimates_by_status(cells, simulated.assumptions(), people, measures, rng, 20).table
        irregular, legal, wage = simulated.IRREGULAR, simulated.legal_of(truth), np.array([10, 11, 12, 13.0])
        true = [part.sum() for part in (irregular, legal)]
        true += [part[[0, 2]].sum() / part.sum() for part in (irregular, legal)]
        true += [part @ wage / part.sum() for part in (irregular, legal)]
        hits += (table["lower"].to_numpy() <= true) & (true <= table["upper"].to_numpy())
        errors.append(table["estimate"].to_numpy() - true)
        said.append(table["se"].to_numpy())
        names = [f"{measure} {status}" for measure, status in table.select("measure", "status").rows()]
    columns = zip(names, hits / runs, np.mean(errors, 0), np.std(errors, 0), np.mean(said, 0), strict=True)
    for name, share, bias, spread, error in columns:
        print(
            f"{name}: {100 * share:.1f} % of {runs}; bias {bias:.4g}, spread {spread:.4g}, error {error:.4g}"
        )
    return {name: float(share) for name, share in zip(names, hits / runs, strict=True)}


def decompositions(runs: int) -> dict[str, float]:
    true = {"gap": 0.4, "explained": 0.1, "unexplained": 0.3}
    hits = dict.fromkeys(true, 0)
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        foreign = rng.random(600) < 0.4
        skill = rng.normal(0.5 * ~foreign, 1)
        y = 2 + 0.3 * ~foreign + 0.2 * skill + rng.normal(0, 0.4 + 0.1 * foreign)
        x = np.column_stack([np.ones(600), skill])
        how = paygap.Sampling(weights=rng.uniform(0.5, 2, 600))
        found = paygap.two_fold(y, foreign, x, ["constant", "skill"], "native", how)
        lower, upper = found.interval()
        for name, value in true.items():
            at = found.names.index(name)
            hits[name] += int(lower[at] <= value <= upper[at])
    print({name: f"{100 * count / runs:.1f} % of {runs}" for name, count in hits.items()})
    return {f"pay gap, {name}": count / runs for name, count in hits.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=int, nargs="?", default=1000)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    start = time.perf_counter()
    covered = residuals(arguments.runs) | statuses(arguments.runs) | decompositions(arguments.runs)
    print(f"{time.perf_counter() - start:.0f} s")
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"runs": arguments.runs, "covered": covered}, indent=1)
        arguments.json.write_text(text + "\n", encoding="utf-8")
