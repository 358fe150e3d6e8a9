"""Prints what a year of an outlook costs beside a bare solve of the same year; run with `python -m
benchmarks.outlook`.

One process, one thread of linear algebra, processor time, cases and draws of the bundled Kazakh outlook. The
bare solve is `solve` of the world with the events in force in 2026 from base prices, the alternative of a
user who would loop over years by hand without any of it. A year of a case that another case has solved
already counts as a year.
"""

# ruff: noqa: E402
from __future__ import annotations

import os

from tests.ledgers import BUNDLED

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before numpy: waiting threads cost three times the work

import statistics
import time

from crosscut.inputs.outlook.loader import outlook
from crosscut.market.solve.solver import solve
from crosscut.market.solvers import kernel_installed
from crosscut.studies.outlook.cases import cases_of
from crosscut.studies.outlook.ensemble import chunk_solver
from crosscut.studies.outlook.nodes import outlook_on_world
from crosscut.studies.outlook.owners import base_owners
from crosscut.studies.outlook.yearly import events_of_year
from crosscut.worlds import world
from crosscut.worlds.parameters import median_params

DRAWS = 4
YEARS = range(2024, 2041)


def main() -> None:
    w = world(BUNDLED, "tungsten")
    o = outlook_on_world(outlook("kazakhstan"), w)
    params, events = (
        median_params(w),
        events_of_year(o.scenario, w, 2026, {e.id: e.size for e in o.scenario.events}),
    )
    ways = {"numpy": False} | ({"compiled": True} if kernel_installed() else {})
    work = {
        name: chunk_solver(o.outlook, [w], YEARS, 1, base_owners(BUNDLED, o), flag)
        for name, flag in ways.items()
    }
    spent: dict[str, list[float]] = {"bare solve": [], **{name: [] for name in work}}
    for done in work.values():
        done(range(1))  # loads and compiles
    years = len(cases_of(o.file)) * len(YEARS)
    for draw in range(1, 1 + DRAWS):
        started = time.process_time()
        for _ in range(20):
            solve(w, params, events)
        spent["bare solve"].append((time.process_time() - started) / 20)
        for name, done in work.items():
            started = time.process_time()
            done(range(draw, draw + 1))
            spent[name].append((time.process_time() - started) / years)
    bare = statistics.median(spent["bare solve"])
    for name, times in spent.items():
        mid = statistics.median(times)
        print(f"{name:<12}{1e3 * mid:6.1f} ms a year, {mid / bare:.2f} of a bare solve")
    best = min(statistics.median(spent[name]) for name in work)
    draws = o.file.draws
    print(
        f"{draws} futures x {years // len(YEARS)} cases x {len(YEARS)} years: {draws * years * best:.0f} s of"
        " processor time"
    )


if __name__ == "__main__":
    main()
