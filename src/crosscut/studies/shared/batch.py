"""Batch: a scenario solved for thousands of draws, each kept as a few numbers a node; memory stays flat.

The compiled kernel does the solving where it is installed, several processes share the draws, and a draw is
the same to the bit whatever the batch around it and however many processes there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.base.parallel import chunks_of, results_in_order
from crosscut.base.progress import Progress
from crosscut.base.workers import Work
from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.events.events import Scenario
from crosscut.market.model.world import World
from crosscut.market.solvers import Solver, batch_solver, compile_kernel
from crosscut.studies.shared.draws import draw_of
from crosscut.studies.shared.ensemble import DrawnEvents, level_sd
from crosscut.worlds.drawn import WORLDS, variants

MOST_DRAWS = 1_000_000


@dataclass(frozen=True, eq=False)
class Batch:
    """N solved draws by form and country (N, F, n), before and after the events; draw[N] are their numbers.

    inside: producer price, marginal: cost of the marginal tonne, both USD per t contained and NaN where
    there is none; use: final use in t a year. failed: (draw, market that did not clear).

    A change is read within a draw (`inside / inside_before`): both sides are one future. A level has an error
    besides that no draw holds, lognormal with standard deviation price_sd (F); `studies.shared.price_error`
    adds it up to the quantiles of a level.
    """

    world: World
    draw: NDArray[np.int64]
    inside_before: Array
    inside: Array
    marginal_before: Array
    marginal: Array
    use_before: Array
    use: Array
    price_sd: Array
    failed: tuple[tuple[int, str], ...]


def solved_batch(
    scenario: Scenario,
    world: World,
    *,
    seed: int,
    draws: int,
    workers: int = 1,
    progress: Progress | None = None,
) -> Batch:
    """Draws 0 to draws - 1 of a seed, solved before and after the events.

    The same numbers on any number of workers.

    Parameters
    ----------
    scenario : Scenario
        Already names places of this world (see `places.on_world`).
    world : World
        Solved again and again, its figures redrawn within the errors of the facts.
    seed : int
        The key of the draws.
    draws : int
        How many, 1 to `MOST_DRAWS`.
    workers : int
        Processes that share the draws.
    progress : Progress | None
        Called with (draws done, draws) after each chunk.

    Returns
    -------
    Batch
        The draws that cleared, in order, with those that did not beside them.

    Raises
    ------
    UserError
        For a number of draws out of range, or a scenario that this world cannot take.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise UserError(Problem(f"{draws} draws", "draws", f"a whole number from 1 to {MOST_DRAWS:,}"))
    compile_events(scenario, world)  # refuses a scenario once, before any worker starts
    compile_kernel()
    parts: list[tuple[NDArray[np.int64], dict[str, Array], list[tuple[int, str]]]] = []
    done = 0
    read = variants(world, seed, min(draws, WORLDS)).worlds
    for part in results_in_order(chunk_solver, (scenario, read, seed), chunks_of(draws), workers):
        parts.append(part)
        done += len(part[0]) + len(part[2])
        if progress:
            progress(done, draws)
    arrays = {name: np.concatenate([p[1][name] for p in parts]) for name in parts[0][1]}
    return Batch(
        world=world,
        draw=np.concatenate([p[0] for p in parts]),
        price_sd=level_sd(world, scenario),
        failed=tuple(f for p in parts for f in p[2]),
        **arrays,
    )


def chunk_solver(
    scenario: Scenario, worlds: Sequence[World], seed: int
) -> Work[tuple[NDArray[np.int64], dict[str, Array], list[tuple[int, str]]]]:
    """What one process does: draws of a chunk to (numbers, arrays, failed).

    Parameters
    ----------
    scenario : Scenario
        Its events are compiled once for every world.
    worlds : Sequence[World]
        Draw d is solved on world d modulo their number.
    seed : int
        The key of the draws.

    Returns
    -------
    Work[tuple[NDArray[np.int64], dict[str, Array], list[tuple[int, str]]]]
        Takes a range of draws; gives the numbers of those that cleared, the arrays of `Batch` by name [draw,
        form, country], and (draw, market that did not clear) of the others.
    """
    solvers: dict[int, tuple[Solver, DrawnEvents]] = {}

    def work(chunk: range) -> tuple[NDArray[np.int64], dict[str, Array], list[tuple[int, str]]]:
        numbers: list[int] = []
        failed: list[tuple[int, str]] = []
        kept: dict[str, list[Array]] = {name: [] for name in _KEPT}
        for number in chunk:
            turn = number % len(worlds)
            world = worlds[turn]
            if turn not in solvers:
                solvers[turn] = batch_solver(world), DrawnEvents(scenario, world)
            solver, drawn_events = solvers[turn]
            draw = draw_of(world, scenario.events, seed, number)
            before, after = drawn_events(draw)
            one, two = solver.solution(draw.params, before), solver.solution(draw.params, after)
            bad = next((s for s in (one, two) if not s.ok), None)
            if bad is not None:
                failed.append((number, bad.failed_market))
                continue
            numbers.append(number)
            for name, value in zip(
                _KEPT,
                (
                    one.price,
                    two.price,
                    one.marginal,
                    two.marginal,
                    one.use.sum(axis=2),
                    two.use.sum(axis=2),
                ),
                strict=True,
            ):
                kept[name].append(value)
        F, n = worlds[0].M0.shape
        arrays = {name: np.stack(values) if values else np.zeros((0, F, n)) for name, values in kept.items()}
        return np.array(numbers, dtype=np.int64), arrays, failed

    return work


_KEPT = ("inside_before", "inside", "marginal_before", "marginal", "use_before", "use")
