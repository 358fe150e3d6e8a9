"""Seconds of processor time to build, calibrate and solve a 50 % cap on the largest exporter, for every
mineral.

Run: python -m benchmarks.minerals. The aim is under 1 s each; the ones that cannot say why.
"""

from __future__ import annotations

import time

from tests.ledgers import BUNDLED
from tests.worlds.test_screening import capped

from crosscut.base.errors import Refused
from crosscut.market.solve.solver import solve
from crosscut.worlds import minerals_with_worlds, world
from crosscut.worlds.parameters import median_params


def main() -> None:
    world(BUNDLED, "tin")  # tables and modules are read once
    print("| mineral | grade | places | build s | solve ms | iterations |\n|---|---|---|---|---|---|")
    slowest = 0.0
    for mineral, why in minerals_with_worlds().items():
        if why:
            continue
        started = time.process_time()
        try:
            w = world(BUNDLED, mineral)
        except Refused as e:
            print(f"| {mineral} | none: {e.problems[0].what} | | | | |")
            continue
        built = time.process_time()
        _, _, events = capped(w)
        solution = solve(w, median_params(w), events)
        ended = time.process_time()
        slowest = max(slowest, ended - started)
        solved = f"{(ended - built) * 1e3:.0f} | {solution.iterations}" if solution.ok else "not solved |"
        print(f"| {mineral} | {w.grade} | {len(w.countries)} | {built - started:.2f} | {solved} |")
    print(f"\nslowest: {slowest:.2f} s")


if __name__ == "__main__":
    main()
