"""The price table, its steps (E20) and its drivers (E21) tell one story.

They add up, in every draw and in the document.
"""

from collections import defaultdict

import numpy as np
import pytest

from crosscut.app import api
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.inputs.scenario.places import on_world
from crosscut.market.events.events import EventKind
from crosscut.studies.scenario import attribution as attributing
from crosscut.studies.scenario.attribution import attribution
from crosscut.studies.scenario.drivers import limit_rows
from crosscut.studies.scenario.step_rows import utilisation_rows
from crosscut.studies.shared.ensemble import solved_ensemble
from crosscut.studies.shared.ladders import ladder_places
from crosscut.studies.shared.quantities import price_places, prices_at
from crosscut.studies.shared.readings import solved_and_read
from crosscut.worlds import world
from tests.ledgers import BUNDLED
from tests.studies.scenario.small_world import event, small_world, year_of
from tests.studies.scenario.test_docs import example_of


@pytest.fixture(scope="module")
def result():
    return api.run("china-controls-2025", draws=6)


def price_by_formula(w, events, s, place):
    """The parts of a price (E20), written out node by node: the second formulation of `prices_at`."""
    f, nodes = place.form, list(place.nodes)
    if place.basis == "inside":
        return s.price[f, nodes[0]] * (1 + events.fx[nodes[0]])
    if place.basis == "border":
        q = s.flows[f, nodes[0]].copy()
        q[nodes[0]] = 0.0
        outside = s.price[f, nodes[0]] * (1 + events.export_tax[f, nodes[0]]) + s.wedge[f, nodes[0]]
        return (q * outside).sum() / q.sum() if q.sum() > 0 else np.nan
    if place.basis == "paid":
        q = s.flows[f][:, nodes]
        return np.nansum(q * s.delivered[f][:, nodes]) / q.sum() if q.sum() > 0 else np.nan
    weight = w.use()[f, nodes] if len(nodes) > 1 else np.ones(1)
    return (weight * s.marginal[f, nodes]).sum() / weight.sum()


@pytest.mark.parametrize("kind", [k.value for k in EventKind])
def test_steps_lead_to_the_prices_under_every_kind_of_event(kind):
    w = world(BUNDLED, "tungsten")
    ensemble, read = solved_and_read(w, on_world(example_of(kind), w), 1, 2)
    for o, r in zip((ensemble.central, *ensemble.solved), (read.central, *read.draws), strict=True):
        for when, (events, s) in enumerate(((o.events_before, o.before), (o.events_after, o.after))):
            expected = [price_by_formula(ensemble.world_of(o), events, s, p) for p in read.places]
            assert r.prices[when] == pytest.approx(np.array(expected), rel=1e-12, nan_ok=True)
            price = {(p.form, p.place, p.basis): x for p, x in zip(read.places, r.prices[when], strict=True)}
            for side, places in zip(("seller", "buyer"), ladder_places(read.places), strict=True):
                run = np.zeros(len(places))
                for rung, values in r.steps[when].items():
                    if rung.side != side:
                        continue
                    assert rung.part.name != "not explained", f"{kind} has a wedge that no part explains"
                    if not rung.basis:
                        run = run + values
                        continue
                    there = np.array([price.get((p.form, p.place, rung.basis), np.nan) for p in places])
                    assert run == pytest.approx(there, rel=1e-9, nan_ok=True), (kind, side, rung.basis)


def groups_of(rows, *keys):
    out = defaultdict(list)
    for r in rows:
        out[tuple(r[k] for k in keys)].append(r)
    return out


def test_parts_in_the_document_add_up_to_their_levels(result):
    ladders_ = groups_of(result["tables"]["price_steps"]["rows"], "form", "place", "side")
    assert len(ladders_) > 100
    for name, rows in ladders_.items():
        for when in ("before", "after"):
            run = 0.0
            for r in rows:
                if r["basis"] is None:
                    run += r[when] or 0.0
                elif r[when] is not None:
                    assert run == pytest.approx(r[when], rel=1e-9), (name, r["basis"])


def test_every_price_of_the_document_has_its_level(result):
    levels = {
        (r["form"], r["place"], r["basis"]) for r in result["tables"]["price_steps"]["rows"] if r["basis"]
    }
    priced = {
        (r["form"], r["place"], r["basis"])
        for r in result["tables"]["prices"]["rows"]
        if r["base"] is not None
    }
    assert priced <= levels


def test_drivers_add_up_to_the_change_of_every_price(result):
    found = groups_of(result["tables"]["price_drivers"]["rows"], "form", "place", "basis")
    level = {
        (r["form"], r["place"], r["basis"]): r for r in result["tables"]["price_steps"]["rows"] if r["basis"]
    }
    assert {len(rows) for rows in found.values()} == {6}
    shared = {name: rows for name, rows in found.items() if not rows[0]["status"]}
    assert len(shared) > 0.8 * len(found)
    for name, rows in found.items():
        if name not in shared:
            assert all(r["part"] is None and r["share"] is None for r in rows)
            assert "do not move the same way" in rows[0]["status"]
            continue
        step = level[name]
        change = np.log(step["after"] / step["before"])
        assert sum(r["part"] for r in rows) == pytest.approx(change, abs=1e-9), name
        assert all(r["error"] == 0 for r in rows)
        assert all(r["change"] == pytest.approx(change, abs=1e-12) for r in rows)


def test_headline_share_is_the_same_in_both_tables(result):
    head = next(r for r in result["tables"]["prices"]["rows"] if r["headline"])
    key = ("form", "place", "basis")
    shares = {
        r["event"]: r["share"]
        for r in result["tables"]["price_drivers"]["rows"]
        if all(r[k] == head[k] for k in key)
    }
    assert shares == {r["event"]: r["share"] for r in result["tables"]["drivers"]["rows"]}
    assert sum(shares.values()) == pytest.approx(1.0)


def test_limits_hold_and_their_rent_is_the_one_in_the_account_of_the_world(result):
    limits = {r["limit"]: r for r in result["tables"]["limits"]["rows"]}
    licence = next(r for r in limits.values() if r["event"] == "licence")
    assert licence["passed"] == pytest.approx(licence["allowed"], rel=1e-6)
    assert licence["binds"] and licence["worth"] > 0
    account = {r["item"]: r["central"] for r in result["tables"]["world_gains"]["rows"]}
    powder = next(r for r in limits.values() if r["event"] == "licence-powder")
    assert account["rents of exporters"] == pytest.approx(licence["rent"] + powder["rent"], rel=1e-6)
    quota = next(r for r in limits.values() if r["kind"] == "production quota")
    assert quota["passed"] <= quota["allowed"] * (1 + 1e-9)


def test_a_quota_of_what_is_mined_anyway_binds_in_no_draw():
    """The quota of the scenario is drawn down to no cut at all: there it leaves what is mined as it is, to
    rounding."""
    w = world(BUNDLED, "tungsten")
    ensemble, read = solved_and_read(w, on_world(scenario("china-controls-2025"), w), 1, 40)
    cut = [o.draw.sizes["mine-quota"] > 0 for o in ensemble.solved]
    (row,) = (r for r in limit_rows(ensemble, read) if r["kind"] == "production quota")
    assert 0 < row["binding_draws"] == np.mean(cut) < 1


def test_welfare_adds_up_over_items_and_over_countries(result):
    rows = result["tables"]["welfare"]["rows"]
    by_country = groups_of(rows, "country")
    for items in by_country.values():
        parts = sum(r["central"] for r in items if r["item"] != "total")
        total = next(r["central"] for r in items if r["item"] == "total")
        assert parts == pytest.approx(total, rel=1e-9, abs=1e-12)
    account = {r["item"]: r for r in result["tables"]["world_gains"]["rows"]}
    for item, r in account.items():
        if r["kind"] != "of the total":
            assert sum(x["central"] for x in rows if x["item"] == item) == pytest.approx(
                r["central"], rel=1e-9, abs=1e-9
            )
    parties = sum(r["central"] for r in account.values() if r["kind"] == "party")
    lost = sum(r["central"] for r in account.values() if r["kind"] == "of the total")
    assert parties == pytest.approx(account["total"]["central"], rel=1e-9)
    assert lost == pytest.approx(account["total"]["central"], rel=1e-9)


def test_utilisation_is_output_over_capacity_and_never_above_it(result):
    rows = result["tables"]["utilisation"]["rows"]
    assert {r["source"] for r in rows} == {
        "primary",
        *(p.id for p in world(BUNDLED, "tungsten").chain.processes),
    }
    for r in rows:
        assert 0 <= r["after"] <= 1
        assert r["after"] == pytest.approx(r["output"] / r["capacity"], rel=1e-12)
        assert r["p10"] <= r["median"] <= r["p90"]
    w = world(BUNDLED, "tungsten")
    for r in rows:
        if r["source"] == "conversion":
            i = w.country_index(r["country"])
            assert r["before"] == pytest.approx(
                np.clip(w.X0[0, i] / w.process_capacity[0, i], 0.55, 0.98), rel=1e-9
            )


def test_sampled_orders_add_up_and_agree_with_the_exact_parts(monkeypatch):
    w = world(BUNDLED, "tungsten")
    ensemble = solved_ensemble(w, on_world(api_scenario("china-controls-2025"), w), 1, 1)
    last = w.chain.topological_order()[-1]
    places = tuple(p for p in price_places(w) if p.form == last)
    exact = attribution(ensemble, places)
    assert exact.solves <= 64
    monkeypatch.setattr(attributing, "MOST_EVENTS", 2)
    sampled = attribution(ensemble, places)
    assert sampled.parts.sum(axis=0) == pytest.approx(exact.change, abs=1e-9)
    gap = np.abs(sampled.parts - exact.parts)
    assert (gap <= 5 * sampled.error + 1e-9).all()
    assert sampled.error.max() > 0
    again = attribution(ensemble, places)
    assert (again.parts == sampled.parts).all()


def api_scenario(name):
    from crosscut.inputs.scenario.catalogue import scenario

    return scenario(name)


def test_a_place_that_loses_its_supply_has_no_parts_and_says_why():
    """Under a full embargo a buyer with Chinese material alone has no price: null with a reason, never 0."""
    w = world(BUNDLED, "tungsten")
    ensemble = solved_ensemble(w, on_world(api_scenario("full-embargo"), w), 1, 1)
    places = tuple(price_places(w, ensemble.central.before, ensemble.central.after))
    found = attribution(ensemble, places)
    dead = ~np.isfinite(prices_at(w, ensemble.central.events_after, ensemble.central.after, places))
    assert dead.any()
    assert np.isnan(found.parts[:, dead]).all()
    assert all(bool(found.status[k]) for k in np.flatnonzero(dead))
    alive = [k for k in range(len(places)) if not found.status[k]]
    assert found.parts[:, alive].sum(axis=0) == pytest.approx(found.change[alive], abs=1e-9)


def test_a_mine_where_there_was_none_has_a_price_and_no_price_before():
    w = small_world()
    mine = event("mine", "concentrate", 40.0, "t", origins=("KAZ",))
    ensemble, read = solved_and_read(w, year_of(mine), 1, 1)
    at = next(k for k, p in enumerate(read.places) if (p.form, p.place, p.basis) == (0, "KAZ", "inside"))
    assert np.isnan(read.central.prices[0][at])
    assert read.central.prices[1][at] > 0
    (used,) = [r for r in utilisation_rows(ensemble, read) if r["country"] == "KAZ"]
    assert np.isnan(used["before"]) and 0 < used["after"] < 1
