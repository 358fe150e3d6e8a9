"""Prints the table of ratios; run with `make bench`.

Mix: the bundled tungsten world (35 places, 5 forms), median parameters, a cap on Chinese oxide exports at 50
% of base. The alternative is scipy's hybrid root finder (MINPACK hybr, numerical Jacobian) on the same
residuals from the same start to the same accuracy. Each figure is the median of interleaved repetitions;
expect 20 % noise on a shared machine.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.optimize import root as scipy_root
from tests.ledgers import BUNDLED

from crosscut.ledger.store.ledger import Ledger
from crosscut.market.events.compiled import CompiledEvents, Group, no_events
from crosscut.market.model.world import World
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.newton import starting_point, unpacked
from crosscut.market.solve.root import root
from crosscut.market.solve.state import Market, market_after, residuals, state_at
from crosscut.worlds import world
from crosscut.worlds.parameters import median_params


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def paired(a: Callable[[], object], b: Callable[[], object], n: int) -> tuple[float, float]:
    """Medians of a and b, run in turn."""
    pairs = [(seconds(a), seconds(b)) for _ in range(n)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def half_of_chinese_exports(w: World) -> CompiledEvents:
    f, c = w.chain.form_index("oxide"), w.country_index("CHN")
    routes = np.zeros(w.q0.shape[1:], dtype=bool)
    routes[c] = True
    routes[c, c] = False
    return replace(no_events(w), caps=(Group("half", "cap", f, routes, 0.5 * float(w.q0[f][routes].sum())),))


def by_scipy(market: Market) -> float:
    def equations(z: np.ndarray) -> np.ndarray:
        return residuals(market, state_at(market, *unpacked(market, z)))[0]

    found = scipy_root(equations, starting_point(market), method="hybr", tol=1e-11)
    return float(np.abs(equations(found.x)).max())


def main() -> None:
    w = world(BUNDLED, "tungsten")
    params = median_params(w)
    events = half_of_chinese_exports(w)
    market = market_after(calibrate(w, params), events)
    ours, theirs = paired(lambda: root(market), lambda: by_scipy(market), 9)
    python = [sys.executable, "-c"]
    light, numpy = paired(
        lambda: subprocess.run([*python, "import crosscut"], check=True),
        lambda: subprocess.run([*python, "import numpy"], check=True),
        7,
    )
    loads = []
    for _ in range(5):
        loads.append(seconds(lambda: world(Ledger.opened(), "tungsten")))
    rows = [
        ("one solve, 50 % export cap", ours, "scipy hybr, same residuals and accuracy", theirs),
        ("import crosscut (process)", light, "import numpy (process)", numpy),
    ]
    print("| what | ms | alternative | ms | ratio |\n|---|---|---|---|---|")
    for what, a, other, b in rows:
        print(f"| {what} | {a * 1e3:.1f} | {other} | {b * 1e3:.1f} | {b / a:.1f} x |")
    print(f"\nworld('tungsten') from bundled data: {statistics.median(loads) * 1e3:.0f} ms")
    print(f"residual of the alternative: {by_scipy(market):.1e}")


if __name__ == "__main__":
    main()
