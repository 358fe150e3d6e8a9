"""Batches: the same numbers on any number of workers, failed draws kept, memory flat."""

import numpy as np
import pytest

from crosscut.base.errors import UserError
from crosscut.base.parallel import chunks_of, results_in_order
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.inputs.scenario.places import on_world
from crosscut.studies.scenario.run import run_result
from crosscut.studies.shared.batch import solved_batch
from crosscut.studies.shared.ensemble import solved_ensemble
from crosscut.worlds import world as load
from tests.ledgers import BUNDLED, IN_THIS_PROCESS

ARRAYS = (
    "draw",
    "inside_before",
    "inside",
    "marginal_before",
    "marginal",
    "use_before",
    "use",
    "price_sd",
)


def begin_squares(offset):
    return lambda chunk: [offset + d * d for d in chunk]


def quota():
    world = load(BUNDLED, "tungsten")
    return on_world(scenario("china-quota-cut"), world), world


def test_chunks_come_back_in_order_from_any_number_of_processes():
    alone = list(results_in_order(begin_squares, (3,), chunks_of(45, 10), 1))
    assert list(results_in_order(begin_squares, (3,), chunks_of(45, 10), 2)) == alone
    assert [x for part in alone for x in part] == [3 + d * d for d in range(45)]


def test_one_worker_and_two_give_the_same_bits():
    s, world = quota()
    one = solved_batch(s, world, seed=5, draws=150, workers=1)
    two = solved_batch(s, world, seed=5, draws=150, workers=2)
    for name in ARRAYS:
        assert np.array_equal(getattr(one, name), getattr(two, name), equal_nan=True), name
    assert one.failed == two.failed


def test_a_batch_is_the_ensemble_of_a_run():
    s, world = quota()
    batch = solved_batch(s, world, seed=5, draws=6)
    run = solved_ensemble(world, s, 5, 6)
    assert len(batch.draw) == len(run.solved) == 6
    for row, outcome in enumerate(run.solved):
        assert np.allclose(batch.marginal[row], outcome.after.marginal, rtol=1e-9, equal_nan=True)
        assert np.allclose(batch.inside_before[row], outcome.before.price, rtol=1e-9, equal_nan=True)
    assert np.array_equal(batch.price_sd, run.job.noise)


def test_no_draws_are_refused():
    s, world = quota()
    with pytest.raises(UserError, match="0 draws"):
        solved_batch(s, world, seed=1, draws=0)


def test_a_run_is_the_same_document_from_one_process_and_from_two(monkeypatch):
    monkeypatch.setattr("crosscut.studies.shared.readings.WORTH_A_PROCESS", 1)
    s, world = quota()
    alone, shared = (run_result(IN_THIS_PROCESS.worked_by(n), s, world, seed=3, draws=12) for n in (1, 2))
    assert alone["id"] == shared["id"]
