"""The cost curve: figures carried by hand, tonnes that add up, and an unknown that stays unknown."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

import crosscut
from crosscut.finance.mine.technical import ByProduct, Refinery
from crosscut.inputs.catalogue import PROJECT, bundled_names
from crosscut.ledger.store.tables import rows as facts
from crosscut.studies.costs import cost_curve, cost_rows, mine_costs
from crosscut.studies.costs.cost_curve import CaseCost, curve, gate_cost, places
from crosscut.studies.costs.mine_costs import price_level, stated_costs, used_costs, world_output
from tests.finance.simple import mine
from tests.ledgers import BUNDLED

STATED = {c.id: c for c in stated_costs()}


@pytest.fixture(scope="module")
def costs():
    return crosscut.costs()


def table(result, name, **wanted):
    return [r for r in result["tables"][name]["rows"] if all(r[k] == v for k, v in wanted.items())]


def test_a_stated_cost_is_carried_by_hand():
    """99 EUR of 2012 at 1.30 is 128.7 USD; consumer prices 229.594 to 321.943; 1.5 points a year more at the
    high end."""
    c = STATED["barruecopardo-2012"]
    assert c.cost == pytest.approx(99 * 1.30 * 321.943 / 229.594)
    assert c.low == c.cost
    assert c.high == pytest.approx(c.cost * 1.015**13)
    b = STATED["boguty-2025"]
    assert (b.low, b.high) == (
        pytest.approx(93000 / 65 / 7.15, rel=1e-4),
        pytest.approx(107000 / 65 / 7.15, rel=1e-4),
    )
    after = STATED["boguty-2026"]
    assert after.cost == pytest.approx(64500 / 65 / 7.15 / (321.943 / 313.689), rel=1e-4)


def test_the_index_has_every_year_from_the_oldest_figure_to_the_year_of_the_curve():
    oldest = min(c.year for c in stated_costs())
    assert set(range(oldest, mine_costs.CURVE_YEAR + 1)) <= set(price_level())


def test_every_figure_has_a_source_a_date_and_an_evidence_status():
    for c in stated_costs():
        assert (
            c.source.count("http") == 1
            and c.source_date
            and c.evidence_status in ("reported", "estimated", "derived", "claimed", "recalled", "assumed")
        ), c.id
        assert c.low <= c.cost <= c.high, c.id


def test_costs_that_repeat_a_published_study_repeat_its_figure():
    from crosscut.studies.feasibility.studies import published

    said = {
        "barruecopardo-2010": ("Barruecopardo 2010 study", "opex_cash"),
        "barruecopardo-2012": ("Barruecopardo 2012 DFS", "opex_cash"),
        "dolphin-2019": ("Dolphin 2019 FS (open pit)", "opex"),
        "mactung-2009": ("Mactung 2009 FS", "opex_first5"),
        "hemerdon-2011": ("Hemerdon 2011 DFS (Wolf)", "c1_cash_cost"),
        "hemerdon-2023": ("Hemerdon 2023 FS (Tungsten West)", "c1_cash_cost"),
        "mt-carbine-2021": ("Mt Carbine 2021 BFS", "c1_cash_cost"),
    }
    for id, (case, field) in said.items():
        assert STATED[id].printed.startswith(f"{published()[case][field]:g} "), id


def test_every_printed_cost_of_the_studies_and_facts_is_there():
    """A cost that is added to the studies or to the facts of projects must be read into the curve, or said
    why not."""
    from crosscut.studies.feasibility.studies import study_rows

    fields = {
        (r["case"], r["field"]) for r in study_rows() if "opex" in r["field"] or "cash_cost" in r["field"]
    }
    assert len(fields) == 9  # seven above, and Mt Mulgine per t of ore at both ends
    unit = [r["id"] for r in facts(BUNDLED, "finance/project_costs") if "unit operating cost" in r["metric"]]
    assert unit == ["P019", "P020", "P021"]


def test_output_of_running_mines_is_what_their_countries_mined():
    output = world_output(BUNDLED)
    by_country: dict[str, float] = {}
    for c in used_costs().values():
        if c.state == "runs":
            by_country[c.country] = by_country.get(c.country, 0.0) + c.output
    assert by_country == {k: output[k] for k in ("KAZ", "ESP", "AUS")}
    assert {c.output for c in stated_costs() if c.state == "claim"} == {output["CHN"]}
    assert sum(cost_curve.covered(BUNDLED)) == output["WLD"]


def test_one_rule_picks_the_figure_of_every_mine():
    assert {m: c.id for m, c in used_costs().items()} == {
        "Boguty": "boguty-2025",
        "Barruecopardo": "barruecopardo-2012",
        "Dolphin": "dolphin-2019",
        "Mt Carbine": "mt-carbine-2022",
        "Hemerdon": "hemerdon-2023",
        "Mactung": "mactung-2009",
        "Mt Mulgine": "mt-mulgine-2025",
    }


def test_the_cost_at_the_gate_by_hand():
    """40 a mtu on 10,000 mtu a year, less 100 t of by-product at 500: 35. Freight, a plant and capital are
    not in it."""
    by_product = ByProduct("copper", 500.0, per_ore=0.1)
    p = mine(by_products=(by_product,))
    cost, mtu = gate_cost(p)
    assert (float(cost[0]), float(mtu[0])) == (pytest.approx(35.0), pytest.approx(10_000.0))
    plant = Refinery(0.95, np.zeros((len(p.years), 1)), 30.0, 3.0, 10.0, 0.0, 1.0, 5.0, 0.6)
    refined = replace(p, product=replace(p.product, form="apt", refinery=plant, freight=9.0))
    # 40 a mtu sold is 38 a mtu in concentrate where 95 % is recovered in the plant
    assert float(gate_cost(refined)[0][0]) == pytest.approx(33.0)


def test_blocks_lie_side_by_side_from_the_cheapest_on():
    cases = {
        "new": CaseCost("new", "New", "PRT", 140.0, 150.0, 160.0, 1000.0),
        "boguty": CaseCost("boguty", "B", "KAZ", 1.0, 2.0, 3.0, 5.0),
    }
    blocks = curve(cases)
    assert [b.cost for b in blocks] == sorted(b.cost for b in blocks)
    assert all(a.end == b.start for a, b in itertools.pairwise(blocks)) and blocks[0].start == 0
    assert [b.case for b in blocks].count("new") == 1 and [b.mine for b in blocks].count("Boguty") == 1
    # what a source says of a mine goes before our own figure of it
    assert next(b.cost for b in blocks if b.case == "boguty") == STATED["boguty-2025"].cost


def test_a_place_by_hand_is_between_all_unknown_dearer_and_all_cheaper():
    cases = {"new": CaseCost("new", "New", "PRT", 125.0, 150.0, 200.0, 1000.0)}
    low, mid, high = places(BUNDLED, cases["new"], curve(cases))
    # Dolphin 114 (530 t) is cheaper than 125; Mt Carbine 130 (470 t) and Mactung 137 (5,960 t, planned) than
    # 150
    assert low.cheaper == 530 and mid.cheaper == 530 + 470 + 5960
    assert mid.least == pytest.approx(1000 / 85000)
    assert mid.most == pytest.approx((1000 + 85000 - 4200) / 85000)
    assert low.least <= mid.least <= high.least
    # a mine that runs does not compete with itself
    own = places(BUNDLED, CaseCost("dolphin", "D", "AUS", 1.0, 150.0, 200.0, 1.0), curve(cases))[1]
    assert own.least == pytest.approx(470 / 85000) and own.most == pytest.approx((470 + 85000 - 4200) / 85000)


def test_all_ten_deposits_are_placed_and_what_is_unknown_has_no_cost(costs):
    placed = table(costs, "project_cost_place")
    assert {r["id"] for r in placed} == set(bundled_names(PROJECT)) - {"example-mine"} and len(placed) == 10
    assert all(
        r["low"] <= r["cost"] <= r["high"] and 0 <= r["least"] < 0.06 and r["most"] > 0.9 for r in placed
    )
    assert all(r["rebuilt_low"] < r["rebuilt"] < r["rebuilt_high"] for r in placed)
    (unknown,) = table(costs, "project_costs", kind="unknown")
    assert unknown["cost"] is None and unknown["output"] == pytest.approx(85000 - 4200)
    on = table(costs, "project_costs", kind="curve")
    assert unknown["start"] == max(r["end"] for r in on)
    assert {r["kind"] for r in table(costs, "project_costs")} == {
        "curve",
        "another figure",
        "claim",
        "unknown",
    }


def test_the_statement_says_how_little_is_known_and_which_way_it_errs(costs):
    said = next(s["text"] for s in costs["statements"] if s["text_key"] == "cost_curve")
    assert (
        "4.9 % of the 85,000 t" in said and "no running mine's reported cost" in said and "too cheap" in said
    )


def test_a_project_of_ones_own_is_placed_among_them(result):
    (mine_,) = [r for r in table(result, "project_cost_place") if r["this"]]
    assert mine_["id"] == "example-mine" and len(table(result, "project_cost_place")) == 11
    assert [r["project"] for r in table(result, "project_costs", kind="this project")] == [mine_["project"]]
    assert any(s["text_key"] == "cost_place" for s in result["statements"])


def test_a_deposit_has_one_cost_on_the_curve_and_among_the_deposits(costs):
    """Where a source states the cost, the curve has that; the project file's stands beside it."""
    on = {(r["country"], round(r["cost"], 6)): r for r in table(costs, "project_costs", kind="curve")}
    others = {round(r["cost"], 6) for r in table(costs, "project_costs", kind="another figure")}
    placed = table(costs, "project_cost_place")
    for r in placed:
        assert (r["country"], round(r["cost"], 6)) in on
        assert (r["basis"] == "project file") == (r["cost"] == r["rebuilt"])
        assert r["basis"] == "project file" or round(r["rebuilt"], 6) in others
    assert [r["cost"] for r in placed] == sorted(r["cost"] for r in placed)
    assert {r["basis"] for r in placed} == {"project file", "stated by a source"}


def test_another_mineral_has_no_curve():
    from crosscut.inputs.project.loader import project_from_text
    from tests.studies.project.test_other_minerals import of

    source = project_from_text(BUNDLED, of("tin", "price: 30000, unit: USD/t, of: Sn"), "x.yaml")
    assert cost_rows.cost_tables(BUNDLED, source, 1) == ({"project_costs": [], "project_cost_place": []}, [])
