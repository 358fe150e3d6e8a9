"""Speed of the compiled kernel: `python -m benchmarks.kernel [DRAWS]`.

Mix: a third export caps of the dominant maker at 10 % of base, a third random taxes, freight, capacity and
demand, a third outages (90 %) of the dominant mine; behaviour drawn for each; converged to 1e-8 or better,
every draw with its certificate. Dense worlds: every country makes, buys and sells every form of a linear
chain. Times are processor time of one process, which on a machine with nothing else to do is the time that
passes; the alternatives solve a like spatial equilibrium (linear curves, 25 partners a country, same numbers
of countries and forms) as a quadratic programme, which knows no substitution between origins.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np
import scipy.sparse as sp
from tests.ledgers import BUNDLED

from benchmarks.dense_worlds import dense_world, drawn_params, mixed_events
from crosscut.market.kernel.draw import Kernel
from crosscut.market.model.world import World
from crosscut.market.solve.solver import solve
from crosscut.worlds import world as load

PARTNERS = 25


def milliseconds(call: Callable[[], object]) -> float:
    """Processor time of one call."""
    started = time.process_time()
    call()
    return (time.process_time() - started) * 1e3


def of_mix(world: World, draws: int) -> tuple[list[list[float]], int, list[int]]:
    """(ms of each draw by kind, how many were solved, evaluations)."""
    rng = np.random.default_rng(1)
    kernel = Kernel(world)
    tasks = [(drawn_params(world, rng), mixed_events(world, k, rng)) for k in range(draws)]
    for task in tasks[:3]:
        kernel.solved(*task)
    times: list[list[float]] = [[], [], []]
    solved, evaluations = 0, []
    for k, task in enumerate(tasks):
        started = time.process_time()
        one = kernel.solved(*task)
        times[k % 3].append((time.process_time() - started) * 1e3)
        solved += one.ok
        evaluations.append(one.iterations)
    return times, solved, evaluations


def _chunk(chunk: range) -> tuple[int, int, float]:
    """(solved, largest memory in KiB, processor seconds) of the draws of a chunk on the dense world."""
    started = time.process_time()
    world = dense_world(40, 4)
    kernel = Kernel(world)
    solved = 0
    for k in chunk:
        rng = np.random.default_rng(k)
        solved += kernel.solved(drawn_params(world, rng), mixed_events(world, k, rng)).ok
    return solved, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time() - started


def on_two_processes(draws: int) -> tuple[float, float, int, int]:
    """(seconds, processor seconds of each process, solved, largest memory of a process in KiB), processes
    started beforehand."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(_chunk, [range(3), range(3)]))
        started = time.perf_counter()
        parts = list(pool.map(_chunk, [range(s, min(s + 500, draws)) for s in range(0, draws, 500)]))
        seconds = time.perf_counter() - started
    return seconds, sum(p[2] for p in parts) / 2, sum(p[0] for p in parts), max(p[1] for p in parts)


def quadratic_programme(
    n: int, F: int, seed: int = 0
) -> tuple[sp.csc_matrix, np.ndarray, sp.csc_matrix, np.ndarray]:
    """P, c, A, b of: minimise x'Px/2 + c'x, Ax = b, x >= 0. x = flows, supply, use, activity of the last
    form's chain."""
    rng = np.random.default_rng(seed)
    routes = [
        (f, i, j)
        for f in range(F)
        for i in range(n)
        for j in {i, *rng.choice(n, PARTNERS, replace=False).tolist()}
    ]
    Q, N, K = len(routes), F * n, (F - 1) * n
    size = Q + 2 * N + K
    rows, cols, values = [], [], []
    for k, (f, i, j) in enumerate(routes):
        rows += [f * n + i, N + f * n + j]
        cols += [k, k]
        values += [1.0, 1.0]
    for node in range(N):  # sales = supply + what processing makes; purchases = use + what it takes
        rows += [node, N + node]
        cols += [Q + node, Q + N + node]
        values += [-1.0, -1.0]
    for f in range(F - 1):
        for i in range(n):
            x = Q + 2 * N + f * n + i
            rows += [(f + 1) * n + i, N + f * n + i]
            cols += [x, x]
            values += [-0.95, -1.0]
    A = sp.csc_matrix((values, (rows, cols)), shape=(2 * N, size))
    price = 10.0 * 1.4 ** np.repeat(np.arange(F), n)
    curvature = np.concatenate(
        [np.full(Q, 1e-6), price / rng.uniform(5, 50, N), price / rng.uniform(5, 50, N), np.full(K, 0.01)]
    )
    supply_cost = np.where(np.arange(N) < n, 0.2 * price, 5.0 * price)
    c = np.concatenate([0.3 * rng.random(Q), supply_cost, -3.0 * price, np.full(K, 0.5)])
    return sp.csc_matrix(sp.diags(curvature)), c, A, np.zeros(2 * N)


def by_piqp(problem: tuple[sp.csc_matrix, np.ndarray, sp.csc_matrix, np.ndarray]) -> None:
    """The programme in piqp."""
    import piqp

    P, c, A, b = problem
    solver = piqp.SparseSolver()
    solver.settings.eps_abs = solver.settings.eps_rel = 1e-8
    solver.setup(P, c, A, b, None, None, None, np.zeros(len(c)), np.full(len(c), np.inf))
    if solver.solve() != piqp.PIQP_SOLVED:
        raise RuntimeError("piqp did not solve")


def by_clarabel(problem: tuple[sp.csc_matrix, np.ndarray, sp.csc_matrix, np.ndarray]) -> None:
    """The programme in Clarabel."""
    import clarabel

    P, c, A, b = problem
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    stacked = sp.csc_matrix(sp.vstack([A, -sp.identity(len(c))]))
    cones = [clarabel.ZeroConeT(len(b)), clarabel.NonnegativeConeT(len(c))]
    solution = clarabel.DefaultSolver(
        P, c, stacked, np.concatenate([b, np.zeros(len(c))]), cones, settings
    ).solve()
    if "Solved" not in str(solution.status):
        raise RuntimeError(str(solution.status))


def by_highs(problem: tuple[sp.csc_matrix, np.ndarray, sp.csc_matrix, np.ndarray]) -> None:
    """The programme in HiGHS."""
    import highspy

    P, c, A, b = problem
    model = highspy.HighsModel()
    lp = model.lp_
    lp.num_col_, lp.num_row_ = len(c), len(b)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = c, np.zeros(len(c)), np.full(len(c), highspy.kHighsInf)
    lp.row_lower_ = lp.row_upper_ = b
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = A.indptr, A.indices, A.data
    lower = sp.csc_matrix(sp.tril(P))
    model.hessian_.dim_ = len(c)
    model.hessian_.format_ = highspy.HessianFormat.kTriangular
    model.hessian_.start_, model.hessian_.index_, model.hessian_.value_ = (
        lower.indptr,
        lower.indices,
        lower.data,
    )
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(model)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(str(highs.getModelStatus()))


def main(draws: int = 300) -> None:
    """Prints the tables."""
    print(
        "| world | draws solved | ms a draw, median: caps | random | outages | all | evaluations"
        " |\n|---|---|---|---|---|---|---|"
    )
    for name, world, count in (
        ("40 x 4 dense", dense_world(40, 4), draws),
        ("100 x 4 dense", dense_world(100, 4), max(9, draws // 10)),
        ("230 x 4 dense", dense_world(230, 4), max(6, draws // 50)),
        ("tungsten (35 x 5)", load(BUNDLED, "tungsten"), draws),
    ):
        times, solved, evaluations = of_mix(world, count)
        by_kind = " | ".join(f"{statistics.median(t):.2f}" for t in times)
        print(
            f"| {name} | {solved} of {count} | {by_kind} |"
            f" {statistics.median(t for kind in times for t in kind):.2f} | {np.mean(evaluations):.1f} |"
        )
    world, rng = dense_world(40, 4), np.random.default_rng(1)
    plain = [
        milliseconds(lambda k=k: solve(world, drawn_params(world, rng), mixed_events(world, k, rng)))
        for k in range(12)
    ]
    print(f"| numpy, 40 x 4 dense | | | | | {statistics.median(plain):.1f} | |")
    problem = quadratic_programme(40, 4)
    for name, call, times_run in (("piqp", by_piqp, 5), ("Clarabel", by_clarabel, 5), ("HiGHS", by_highs, 1)):
        try:
            took = statistics.median(milliseconds(partial(call, problem)) for _ in range(times_run))
            print(f"| quadratic programme in {name}, {len(problem[1]):,} variables | | | | | {took:.0f} | |")
        except ImportError:
            print(f"| quadratic programme in {name}: not installed (extra `bench`) | | | | | | |")
    many = 10_000 if draws >= 300 else 1_000
    seconds, busy, solved, memory = on_two_processes(many)
    print(
        f"\n{many:,} draws of 40 x 4 on 2 processes: {seconds:.1f} s ({busy:.1f} s of processor time each), "
        f"{solved:,} solved, {memory / 1024:.0f} MiB a process"
    )


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:]))
