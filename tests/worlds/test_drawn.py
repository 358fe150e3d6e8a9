"""Drawn worlds: the worlds drawn for a question depend on the world alone, not on who holds it."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from crosscut.base.errors import Problem, Refused
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.market.model.examples import two_country_world
from crosscut.market.model.world import World
from crosscut.market.solve.zero_shock import assert_zero_shock
from crosscut.studies.scenario.run import run_result
from crosscut.studies.shared.evidence_rows import drawn_assumption
from crosscut.worlds import drawn, world
from crosscut.worlds.drawn import variants
from crosscut.worlds.evidence import Evidence
from crosscut.worlds.parameters import median_params
from tests.ledgers import BUNDLED, IN_THIS_PROCESS


@pytest.fixture(scope="module")
def tungsten() -> World:
    return world(BUNDLED, "tungsten")


def same_by_pickle(w: World) -> World:
    return pickle.loads(pickle.dumps(w))


@pytest.mark.parametrize("copied", [replace, same_by_pickle], ids=["copy", "pickle"])
def test_a_copy_draws_the_worlds_of_the_original(tungsten, copied):
    mine = variants(copied(tungsten), 1, 6)
    assert [w.hash for w in mine.worlds] == [w.hash for w in variants(tungsten, 1, 6).worlds]
    assert (mine.drawn, mine.asked, mine.has_evidence) == (6, 6, True)


def test_what_travels_to_a_worker_holds_the_facts_and_not_the_worlds_drawn_from_them(tungsten):
    before = len(pickle.dumps(tungsten))
    variants(tungsten, 9, 4)
    assert len(pickle.dumps(tungsten)) == before
    assert before < 1.5 * len(pickle.dumps(replace(tungsten, evidence=None)))


def spread(worlds: tuple[World, ...], form: str, origin: str, destination: str) -> float:
    flows = [
        w.q0[w.chain.form_index(form), w.country_index(origin), w.country_index(destination)] for w in worlds
    ]
    return float(np.std(np.log(flows)))


def test_an_edited_world_keeps_the_relative_errors_of_its_facts(tungsten):
    f, china = tungsten.chain.form_index("oxide"), tungsten.country_index("CHN")
    q0, D0 = tungsten.q0.copy(), tungsten.D0.copy()
    more = 0.2 * q0[f, china, china]
    q0[f, china, china] += more
    D0[f, china, -1] += more
    M0 = tungsten.M0.copy()
    M0[f, china] += more
    edited = replace(tungsten, q0=q0, D0=D0, M0=M0)
    mine, theirs = variants(edited, 1, 6), variants(tungsten, 1, 6)
    assert mine.drawn == 6
    for w in mine.worlds:
        assert w.imbalances(tolerance=1e-11) == []
        assert_zero_shock(w, median_params(w))
    assert spread(mine.worlds, "oxide", "CHN", "JPN") == pytest.approx(
        spread(theirs.worlds, "oxide", "CHN", "JPN"), rel=0.15
    )
    middle = np.median([w.q0[f, china, china] for w in mine.worlds])
    assert middle == pytest.approx(q0[f, china, china], rel=0.05)


def test_an_edited_price_moves_with_the_error_of_its_quotation(tungsten):
    edited = replace(tungsten, prices=2 * tungsten.prices)
    for mine, theirs in zip(variants(edited, 1, 4).worlds, variants(tungsten, 1, 4).worlds, strict=True):
        np.testing.assert_array_equal(mine.q0, theirs.q0)
        np.testing.assert_allclose(mine.prices, 2 * theirs.prices, rtol=1e-12)


def test_places_in_another_order_draw_the_same_worlds(tungsten):
    """What the user renames or reorders finds its facts by name, not by position."""
    order = np.arange(len(tungsten.countries))[::-1]
    turned = {
        "countries": tuple(tungsten.countries[i] for i in order),
        "duty_on_cif": tungsten.duty_on_cif[order],
    }
    for name in ("M0", "X0", "D0", "supply_capacity", "process_capacity", "prices"):
        turned[name] = getattr(tungsten, name)[:, order].copy()
    for name in ("q0", "freight", "tariff", "export_tax"):
        turned[name] = getattr(tungsten, name)[:, order][:, :, order].copy()
    mine, theirs = variants(replace(tungsten, **turned), 1, 2), variants(tungsten, 1, 2)
    for a, b in zip(mine.worlds, theirs.worlds, strict=True):
        np.testing.assert_allclose(a.q0, b.q0[:, order][:, :, order], rtol=1e-6, atol=1e-6)


def test_a_made_up_world_stays_alone_and_the_document_says_so():
    made_up = two_country_world()
    found = variants(made_up, 1, 6)
    assert found.worlds == (made_up,)
    assert drawn_assumption(found).value == 0
    assert "names no facts" in drawn_assumption(found).note


def test_worlds_that_all_fail_to_balance_are_said(tungsten, monkeypatch):
    def refuses(evidence: Evidence) -> World:
        raise Refused(Problem("cannot be balanced", "test"))

    monkeypatch.setattr(drawn, "world_from", refuses)
    fresh = replace(tungsten, evidence=replace(tungsten.evidence))
    found = variants(fresh, 1, 6)
    assert (found.worlds, found.drawn, found.asked) == ((fresh,), 0, 6)
    assert "None of 6" in drawn_assumption(found).note


def with_more_german_powder(w: World) -> World:
    """One part in a hundred more powder made at home and used in Germany."""
    f, germany = w.chain.form_index("powder"), w.country_index("DEU")
    q0, D0, M0 = w.q0.copy(), w.D0.copy(), w.M0.copy()
    more = 0.01 * q0[f, germany, germany]
    for array, at in ((q0, (f, germany, germany)), (D0, (f, germany, -1)), (M0, (f, germany))):
        array[at] += more
    return replace(w, q0=q0, D0=D0, M0=M0)


@pytest.mark.parametrize(
    ("held", "within"),
    [(lambda w: w, 0.5), (replace, 0.5), (same_by_pickle, 0.5), (with_more_german_powder, 20)],
    ids=["itself", "copy", "pickle", "edit"],
)
def test_the_interval_of_a_flow_is_that_of_the_original(tungsten, held, within):
    """Oxide from China to Japan under a cut of China's quota: 1,291 to 2,454 t, whoever holds the world (it
    was 1,670 to 1,756 t where no world was drawn)."""
    found = run_result(IN_THIS_PROCESS, scenario("china-quota-cut"), held(tungsten), draws=40)
    flow = next(
        r
        for r in found["tables"]["flows"]["rows"]
        if (r["form"], r["origin"], r["destination"]) == ("oxide", "CHN", "JPN")
    )
    assert (flow["p10"], flow["p90"]) == pytest.approx((1290.8, 2454.5), abs=within)
    assert [a["value"] for a in found["assumptions"] if a["id"] == "worlds/drawn"] == [6]
