"""The tungsten world: real figures in, balanced (E27), traced (E28), graded, exact at zero shock (E29)."""

import numpy as np
import pytest

from crosscut.base.errors import Refused, UserError
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.read.carry_over import base_new_scrap
from crosscut.market.solve.calibration import calibrate
from crosscut.market.solve.zero_shock import zero_shock_errors
from crosscut.worlds import world
from crosscut.worlds.balance import balanced_cells
from crosscut.worlds.evidence import CellKind
from crosscut.worlds.parameters import median_params
from crosscut.worlds.snapshot import balance_rows
from crosscut.worlds.tungsten import tungsten_evidence
from crosscut.worlds.tungsten.price_facts import powder_to_apt
from crosscut.worlds.tungsten.products import matrix_pairs
from tests.ledgers import BUNDLED


@pytest.fixture(scope="module")
def tungsten():
    return world(BUNDLED, "tungsten", 2024)


def at(w, form, *codes):
    return (w.chain.form_index(form), *(w.country_index(c) for c in codes))


def test_zero_shock_is_exact(tungsten):
    residual, flows, _ = zero_shock_errors(tungsten, median_params(tungsten))
    assert residual < 1e-9
    assert flows < 1e-12


def test_every_node_closes_to_rounding(tungsten):
    assert tungsten.imbalances(tolerance=1e-12) == []


def test_printed_mine_output_is_kept(tungsten):
    """USGS MCS 2026, column 2024: balancing may move a printed figure by a few percent, not more."""
    printed = {
        "CHN": 67000,
        "VNM": 3400,
        "RUS": 1500,
        "BOL": 1700,
        "RWA": 1300,
        "AUS": 920,
        "AUT": 840,
        "PRT": 650,
    }
    for code, tonnes in printed.items():
        assert tungsten.M0[at(tungsten, "concentrate", code)] == pytest.approx(tonnes, rel=0.10), code
    assert 0.97 * 82_000 < tungsten.M0[0].sum() < 1.07 * 82_000


PRODUCTS = ("oxide", "powder", "ferro")


@pytest.fixture(scope="module")
def balanced():
    """(evidence, balanced tonnes of its cells)."""
    evidence = tungsten_evidence(BUNDLED, 2024)
    prior = np.array([c.prior for c in evidence.cells])
    rows, labels = balance_rows(evidence)
    soft = np.zeros((len(evidence.soft_facts), len(prior)))
    for s, fact in enumerate(evidence.soft_facts):
        for c, coefficient in fact.terms.items():
            soft[s, c] = coefficient
    y = balanced_cells(
        prior,
        np.array([c.distrust for c in evidence.cells]),
        rows,
        labels,
        soft,
        np.array([f.value for f in evidence.soft_facts]),
        np.array([f.standard_error(float(prior.sum())) for f in evidence.soft_facts]),
    ).y
    return evidence, y


def shipped(balanced, forms, origin="", destination=""):
    evidence, y = balanced
    return sum(
        t
        for c, t in zip(evidence.cells, y, strict=True)
        if c.kind is CellKind.TRADE
        and c.form in forms
        and origin in ("", c.place)
        and destination in ("", c.other)
    )


def test_published_sums_over_the_products_are_met(balanced):
    """18,550 t W of Chinese refined exports, 6,030 of US imports, 1,550 of US ore (USGS); Chinese
    ferrotungsten 2 to 4 % of exports and 49 to 62 % oxide (2011, 2014); none to the United States;
    tungstates of Taiwan and the Philippines.
    """
    assert shipped(balanced, PRODUCTS, "CHN") == pytest.approx(18_550, rel=0.03)
    assert shipped(balanced, PRODUCTS, destination="USA") == pytest.approx(6_030, rel=0.05)
    assert shipped(balanced, ("concentrate",), destination="USA") == pytest.approx(1_550, rel=0.05)
    assert 0.49 < shipped(balanced, ("oxide",), "CHN") / 18_550 < 0.62
    assert 0.02 < shipped(balanced, ("ferro",), "CHN") / 18_550 < 0.04
    assert shipped(balanced, ("ferro",), "CHN", "USA") == 0
    assert shipped(balanced, ("oxide",), "TWN") == pytest.approx(1_373, rel=0.1)
    assert shipped(balanced, ("oxide",), "PHL") == pytest.approx(933, rel=0.1)
    korea = shipped(balanced, ("oxide",), "CHN", "KOR") / shipped(balanced, ("oxide",), destination="KOR")
    assert korea == pytest.approx(0.95, abs=0.03)


def test_the_matrix_stays_a_soft_fact_on_the_sum_of_the_products(balanced):
    """Pairs with something behind them (recorded or anchored) keep their total; the split is what may
    move."""
    evidence, _ = balanced
    pairs = matrix_pairs(BUNDLED)
    assert (
        len(pairs)
        == sum(f.label.startswith("refined ") and " -> " in f.label for f in evidence.soft_facts)
        > 200
    )
    for p in pairs:
        if p.evidence_status != "imputed" and p.total > 50:
            assert shipped(balanced, PRODUCTS, p.origin, p.user) == pytest.approx(p.total, rel=0.2), (
                p.origin,
                p.user,
            )


def test_recorded_powder_is_a_cell_of_its_own_and_stays(balanced):
    """7.7 kt of powder and unwrought metal are recorded pair by pair: 17 % of what crosses a border."""
    evidence, y = balanced
    recorded = [
        (c, t)
        for c, t in zip(evidence.cells, y, strict=True)
        if c.kind is CellKind.TRADE and c.form == "powder" and c.evidence_status == "reported"
    ]
    prior = sum(c.prior for c, _ in recorded)
    assert prior == pytest.approx(7_702, rel=0.01)
    assert sum(t for _, t in recorded) == pytest.approx(prior, rel=0.03)
    assert prior / shipped(balanced, PRODUCTS) == pytest.approx(0.17, abs=0.01)


def test_what_the_balance_may_not_do_to_the_sums_of_a_country(balanced):
    """Refined use and output from concentrate and scrap of the large users move by less than a tenth."""
    evidence, y = balanced
    large = {"CHN", "USA", "EUO", "DEU", "JPN", "KOR"}
    checked = 0
    for f in evidence.soft_facts:
        kind, _, place = f.label.replace(",", " of").rpartition(" of ")
        if place in large and kind.startswith("refined"):
            assert sum(c * y[k] for k, c in f.terms.items()) == pytest.approx(f.value, rel=0.1), f.label
            checked += 1
    assert checked == 13


def test_uses_buy_the_form_they_are_made_from(tungsten):
    use = dict(zip(tungsten.uses, tungsten.D0.sum(axis=1).T, strict=True))
    powder, oxide, ferro = (tungsten.chain.form_index(f) for f in ("powder", "oxide", "ferro"))
    assert np.flatnonzero(use["hardmetal"]).tolist() == [powder]
    assert np.flatnonzero(use["chemicals"]).tolist() == [oxide]
    assert np.flatnonzero(use["mill products and heavy alloy"]).tolist() == [powder]
    assert set(np.flatnonzero(use["steel and superalloys"])) == {ferro, powder}
    total = sum(v.sum() for k, v in use.items() if "stock" not in k)
    assert use["hardmetal"].sum() / total == pytest.approx(0.62, abs=0.04)  # China 59 %, the world 65 (ITIA)
    assert use["steel and superalloys"].sum() / total == pytest.approx(0.13, abs=0.03)  # 14 % (ITIA)


def test_kazakhstan_is_a_place_without_flows(tungsten):
    i = tungsten.country_index("KAZ")
    assert tungsten.M0[:, i].sum() < 5 and tungsten.D0[:, i].sum() < 5


def test_new_scrap_of_makers_is_a_part_of_what_is_collected(tungsten):
    """A tenth of the powder bought comes back next year; less than the scrap collected now, in the world and
    in China."""
    new = base_new_scrap(tungsten)
    scrap = tungsten.chain.form_index("scrap")
    assert new.sum() == pytest.approx(new[scrap].sum(), rel=1e-12)
    assert new[scrap].sum() == pytest.approx(0.1 * 94_700, rel=0.05)
    china = tungsten.country_index("CHN")
    assert new[scrap].sum() < tungsten.M0[scrap].sum() and new[scrap, china] < tungsten.M0[scrap, china]


def test_us_gets_its_ore_from_bolivia_spain_and_portugal(tungsten):
    f, j = at(tungsten, "concentrate", "USA")
    foreign = tungsten.q0[f, :, j].copy()
    foreign[j] = 0
    top = [tungsten.countries[i] for i in np.argsort(-foreign)[:3]]
    assert top[0] == "BOL"
    assert {"ESP", "PRT"} & set(top)


def test_residue_booked_as_ore_is_scrap(tungsten):
    """US 'ore' to Viet Nam, 2,612 t at 1.4 kUSD/t, is in the scrap form and not in concentrate."""
    i, j = tungsten.country_index("USA"), tungsten.country_index("VNM")
    assert tungsten.q0[tungsten.chain.form_index("scrap"), i, j] > 500
    assert tungsten.q0[tungsten.chain.form_index("concentrate"), i, j] < 50


def test_grade_and_unrecorded_share(tungsten):
    """C since the chain has five forms: the stages after APT are known worse, and the notes say how much."""
    assert tungsten.grade == "C"
    (note,) = [n for n in tungsten.notes if n.startswith("How much of each form is fact")]
    assert "concentrate 7" in note and "ferro 1" in note
    assert 0.01 < tungsten.unrecorded_share < 0.05


def test_every_process_earns_its_margin_at_base_prices(tungsten):
    """Prices rise along the chain: no plant needs a negative cost to break even; no price is a raw unit
    value."""
    assert calibrate(tungsten, median_params(tungsten)).notes == ()
    p = tungsten.prices
    reference = np.array([f.reference_price for f in tungsten.chain.forms])[:, None]
    for process in tungsten.chain.processes:
        value = sum(b * reference[tungsten.chain.form_index(f), 0] for f, b in process.outputs.items())
        cost = sum(a * reference[tungsten.chain.form_index(f), 0] for f, a in process.inputs.items())
        assert value > 1.05 * cost, process.id
    ratio = (p / reference)[np.isfinite(p)]
    assert ratio.min() >= 0.7
    assert ratio.max() <= 1.4


def test_powder_is_dearer_than_apt_by_what_chinese_quotations_say():
    """W and WC powder on the days APT is quoted too: between 1.05 and 1.21 per t W."""
    ratio, facts = powder_to_apt(BUNDLED)
    assert 1.05 < ratio < 1.21 and len(set(facts)) == 10


def test_another_year_is_refused_with_the_reason():
    with pytest.raises(Refused, match="exists for 2024 only"):
        world(BUNDLED, "tungsten", 2019)


def test_unknown_mineral_suggests_the_nearest():
    with pytest.raises(UserError, match="tungsten"):
        world(BUNDLED, "tungstn")


def test_the_same_facts_give_the_same_world():
    first, second = (world(Ledger.opened(), "tungsten") for _ in range(2))
    assert first is not second
    assert first.hash == second.hash
