"""The expected loss shared out over families: parts add up, what adds nothing has no part, sampled orders
agree with all sets within their error."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from crosscut.app import api
from crosscut.studies.stress.answers.families import OTHERS
from crosscut.studies.stress.draws.event_families import families_of
from crosscut.studies.stress.ensemble.attribution import EXACT, orders_of, parts_of, sets_of, shapley
from crosscut.studies.stress.ensemble.chunk import SOLVED, chunk_solver
from crosscut.studies.stress.in_force.starting_point import start_of
from crosscut.studies.stress.request import Sampling
from crosscut.studies.stress.study import job_of
from crosscut.worlds import world
from crosscut.worlds.node import nodes_for
from tests.ledgers import BUNDLED


def game(count: int, seed: int) -> dict[int, float]:
    """Any loss for any set; the empty one loses nothing."""
    values = np.random.default_rng(seed).lognormal(0, 2, 2**count)
    return {0: 0.0} | {bits: float(values[bits]) for bits in range(1, 2**count)}


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_parts_are_the_mean_over_all_orders_and_add_up(count: int) -> None:
    lost = game(count, count)
    wanted = np.zeros(count)
    orders = list(permutations(range(count)))
    for order in orders:
        bits = 0
        for k in order:
            wanted[k] += (lost[bits | 1 << k] - lost[bits]) / len(orders)
            bits |= 1 << k
    found = [part for part, _ in shapley(count, lost, [])]
    assert found == pytest.approx(wanted.tolist())
    assert sum(found) == pytest.approx(lost[2**count - 1])
    assert set(sets_of(count, [])) | {0, 2**count - 1} == set(range(2**count))


def test_what_adds_nothing_has_no_part_and_twins_have_the_same() -> None:
    three = game(2, 1)
    lost = {bits: three[bits & 3] for bits in range(8)}  # the third family changes nothing
    assert shapley(3, lost, [])[2] == (0.0, 0.0)
    twins = {0: 0.0, 1: 2.0, 2: 2.0, 3: 9.0}
    assert shapley(2, twins, [])[0] == shapley(2, twins, [])[1]


def test_sampled_orders_agree_within_their_error_and_add_up() -> None:
    count = EXACT + 2
    lost, misses, cases = game(count, 7), 0, 0
    exact = [part for part, _ in shapley(count, lost, [])]
    for draw in range(40):
        orders = orders_of(count, 1, draw)
        assert set(sets_of(count, orders)) <= set(lost)
        found = shapley(count, {b: lost[b] for b in (*sets_of(count, orders), 0, 2**count - 1)}, orders)
        assert sum(part for part, _ in found) == pytest.approx(lost[2**count - 1])
        for (part, error), right in zip(found, exact, strict=True):
            cases += 1
            misses += abs(part - right) > 2.2 * error  # 5 % of a t with 11 degrees of freedom
    assert misses / cases < 0.12


@pytest.fixture(scope="module")
def rows() -> dict[str, Any]:
    return {k: v["rows"] for k, v in api.stress("tungsten", "Japan", draws=800)["tables"].items()}


def test_shares_of_the_families_add_to_one_and_parts_to_the_expected_loss(rows: dict[str, Any]) -> None:
    families = rows["stress_families"]
    assert sum(r["share"] for r in families) == pytest.approx(1.0)
    expected = next(r for r in rows["stress_summary"] if r["measure"] == "loss of users")["value"]
    assert sum(r["part"] for r in families) == pytest.approx(expected)
    assert OTHERS in {r["family"] for r in families}
    for r in families:
        assert r["share_low"] <= r["share"] <= r["share_high"]


def test_a_route_that_moves_nothing_has_no_share_of_the_loss(rows: dict[str, Any]) -> None:
    """Years with Suez closed lose much where China restricts in them too; Suez has no part in that."""
    named = {r["family"]: r for r in rows["stress_families"]}
    suez = named.get("route suez", named[OTHERS])
    assert abs(suez["share"]) < 0.01
    assert named["measures CHN"]["share"] > 0.5


def test_stops_of_a_country_are_a_part_of_what_its_measures_cost(rows: dict[str, Any]) -> None:
    """Found another way (summed over lengths, not drawn), the stops of China cost less than all its
    measures."""
    china = next(r for r in rows["stress_chokepoints"] if (r["origin"], r["form"]) == ("CHN", "all forms"))
    parts = {r["family"]: r["part"] for r in rows["stress_families"]}
    all_measures = parts["measures CHN"] + parts["aimed CHN>JPN"]
    assert 0.2 * all_measures < china["expected_usd"] < 1.2 * all_measures


@pytest.mark.parametrize("in_force", [False, True])
def test_the_parts_of_a_year_add_to_its_loss(in_force: bool) -> None:
    w = world(BUNDLED, "tungsten")
    held = start_of(BUNDLED, w, None, in_force).measures_held
    job = job_of(BUNDLED, w, nodes_for(w, "JPN"), Sampling(draws=60, years=2), measures_held=held)
    chunk = chunk_solver(job)(range(60))
    several = 0
    for status, events, usd, parts in zip(
        *(chunk[c] for c in ("status", "events", "usd", "parts")), strict=True
    ):
        shared = parts_of(str(parts))
        if status == SOLVED:
            assert set(shared) == set(families_of(str(events)))
            assert sum(x for x, _ in shared.values()) == pytest.approx(float(usd), rel=1e-9, abs=1.0)
            several += len(shared) > 1
        else:
            assert not shared
    assert several > 5
    plain = chunk_solver(job, apart=False)(range(60))
    assert plain["usd"].tolist() == chunk["usd"].tolist()
