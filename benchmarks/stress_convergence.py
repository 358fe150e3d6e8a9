"""Convergence of the expected loss and of the expected shortfall against draws: `python -m
benchmarks.stress_convergence`.

Plain draws are one pool cut into blocks; quasi-random draws are scrambled Sobol sequences of different
seeds. The reference is the mean over everything solved here. Errors are root mean squares over the blocks or
sequences, relative to the reference; `gain` is how many times more plain draws would give the error of the
quasi-random ones (errors fall with the root of draws).
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np
from tests.ledgers import BUNDLED

from crosscut.studies.stress.answers.statistics import expected_shortfall
from crosscut.studies.stress.draws.random_points import Sampler
from crosscut.studies.stress.ensemble.chunk import chunk_solver
from crosscut.studies.stress.request import Sampling
from crosscut.studies.stress.study import job_of
from crosscut.worlds import world
from crosscut.worlds.node import nodes_for

SIZES = (128, 512, 2048)
SEQUENCES = 8
LEVEL = 0.9


def losses(mineral: str, country: str, sampler: str, seed: int, draws: int) -> np.ndarray:
    w = world(BUNDLED, mineral)
    job = replace(job_of(BUNDLED, w, nodes_for(w, country), Sampling(seed=1)), sampler=sampler, seed=seed)
    rows = chunk_solver(job, apart=False)(range(draws))
    return np.nan_to_num(np.asarray(rows["usd"], dtype=float))


def figures(sample: np.ndarray) -> tuple[float, float]:
    tail = expected_shortfall(sample, LEVEL).value
    return float(sample.mean()), float(tail or np.nan)


def error(found: list[tuple[float, float]], true: tuple[float, float]) -> tuple[float, float]:
    relative = np.array(found) / np.array(true) - 1
    mean, tail = np.sqrt((relative**2).mean(axis=0))
    return float(mean), float(tail)


def main(mineral: str = "graphite", country: str = "USA") -> None:
    started = time.process_time()
    most = SIZES[-1]
    pool = losses(mineral, country, Sampler.PLAIN, 1, most * SEQUENCES)
    sequences = [losses(mineral, country, Sampler.QUASI, s, most) for s in range(SEQUENCES)]
    true = figures(np.concatenate([pool, *sequences]))
    print(
        f"{mineral}, {country}: expected loss USD {true[0] / 1e6:.3g} M, CVaR 90 % USD {true[1] / 1e6:.3g} M"
        f" a year; {2 * len(pool):,} draws, {time.process_time() - started:.0f} s of one processor"
    )
    print("draws   mean: plain  quasi  gain    CVaR 90 %: plain  quasi  gain")
    for n in SIZES:
        plain = error([figures(b) for b in pool.reshape(-1, n)], true)
        quasi = error([figures(s[:n]) for s in sequences], true)
        gain = [(p / q) ** 2 for p, q in zip(plain, quasi, strict=True)]
        print(
            f"{n:5d}         {plain[0]:6.1%} {quasi[0]:6.1%} {gain[0]:5.1f}               {plain[1]:6.1%}"
            f" {quasi[1]:6.1%} {gain[1]:5.1f}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
