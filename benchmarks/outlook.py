"""Prints what a year of an outlook costs beside a bare solve of the same year; run with `python -m benchmarks.outlook`.

One process, user CPU time, cases and draws of the bundled Kazakh outlook. The bare solve is `solve` of the world with
the events in force in 2026, the alternative of a user who would loop over years by hand without any of it.
"""

from __future__ import annotations

import time

from crosscut.market.solver import solve
from crosscut.scenarios.outlooks.ensemble import solved_outlook
from crosscut.scenarios.outlooks.loader import outlook
from crosscut.scenarios.outlooks.nodes import outlook_on_world
from crosscut.scenarios.outlooks.yearly import events_of_year
from crosscut.worlds import world
from crosscut.worlds.parameters import median_params

DRAWS = 3


def main() -> None:
    w = world("tungsten")
    o = outlook_on_world(outlook("kazakhstan"), w)
    params, events = median_params(w), events_of_year(o.scenario, w, 2026, {e.id: e.size for e in o.scenario.events})
    solve(w, params, events)
    started = time.process_time()
    for _ in range(60):
        solve(w, params, events)
    bare = (time.process_time() - started) / 60
    started = time.process_time()
    ensemble = solved_outlook(o, range(2024, 2041), 1, DRAWS)
    spent = time.process_time() - started
    solved = DRAWS * len(ensemble.cases) * 17
    print(f"a year of an outlook {1e3 * spent / solved:.1f} ms, a bare solve {1e3 * bare:.1f} ms, "
          f"ratio {spent / solved / bare:.2f}")  # fmt: skip
    print(f"200 futures x {len(ensemble.cases)} cases x 17 years: {200 * spent / DRAWS:.0f} s of CPU time")


if __name__ == "__main__":
    main()
