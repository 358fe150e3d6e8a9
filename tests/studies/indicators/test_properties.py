"""What must hold of every indicator whatever the figures: bounds, scale, order, pooling, missing values."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.ledger.minerals import all_minerals
from crosscut.studies.indicators import geopolrisk as gpr
from crosscut.studies.indicators.concentration import concentration, weighted_hhi
from crosscut.studies.indicators.eu_criticality import supply_risk
from crosscut.studies.indicators.panel import ESTIMATE, Panel, panel
from crosscut.studies.indicators.reliance import import_shares, reliance
from crosscut.studies.indicators.tracing import origin_shares
from crosscut.studies.indicators.uncertainty import Z80
from tests.ledgers import BUNDLED

amounts = st.lists(st.floats(0, 1e6), min_size=1, max_size=12).filter(lambda x: sum(x) > 1e-3)
tungsten = all_minerals()["tungsten"]
tin = all_minerals()["tin"]


@given(amounts, st.floats(0, 1e6))
def test_concentration_is_bounded_and_ordered(x, lump):
    c = concentration(x, lump)
    assert 0 <= c.hhi_lump_out <= c.hhi + 1e-9 <= 1e4 + 1e-6
    assert 0 <= c.top_1 <= c.top_3 <= 1 + 1e-12
    assert -1e-9 <= c.shannon <= np.log(len(x) + 1) + 1e-9


@given(amounts, st.floats(1e-3, 1e3))
def test_concentration_does_not_depend_on_unit_or_order(x, unit):
    a, b = concentration(x), concentration([unit * v for v in reversed(x)])
    assert a.hhi == pytest.approx(b.hhi)
    assert a.shannon == pytest.approx(b.shannon, abs=1e-9)


@given(amounts)
def test_a_merger_never_lowers_concentration(x):
    if len(x) > 1:
        assert concentration([x[0] + x[1], *x[2:]]).hhi >= concentration(x).hhi - 1e-6


def test_nothing_has_no_concentration_and_a_negative_amount_is_refused():
    assert np.isnan(concentration([0.0, 0.0]).hhi)
    with pytest.raises(ValueError, match="negative"):
        concentration([1.0, -1.0])


@given(amounts)
def test_worse_governance_never_lowers_the_weighted_index(x):
    s = np.array(x) / sum(x)
    assert weighted_hhi(s, np.full(len(s), 5.0)) <= weighted_hhi(s, np.full(len(s), 6.0)) + 1e-12
    assert weighted_hhi(s, np.ones(len(s))) == pytest.approx(concentration(x).hhi / 1e4)


@given(*(st.floats(0, 1e6) for _ in range(4)), st.floats(-1e5, 1e5))
def test_reliance_and_self_sufficiency_add_up(made, imported, exported, scrap, stocks):
    r = reliance(made, imported, exported, scrap, stocks)
    if r.net_import_reliance is None:
        assert r.consumption <= 0 or r.self_sufficiency is None
    else:
        assert r.net_import_reliance + r.self_sufficiency == pytest.approx(1.0, abs=1e-6)


@given(
    st.dictionaries(st.text("ABC", min_size=1, max_size=3), st.floats(0.1, 1e6), min_size=1),
    st.integers(1, 4),
)
def test_import_shares_add_up_to_one(partners, named):
    assert sum(import_shares(partners, named).values()) == pytest.approx(1.0)


@given(st.floats(0, 10), st.floats(0, 10), st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 1))
def test_combined_supply_risk_lies_between_the_two_scopes(gs, eus, ir, eol, si):
    sr = supply_risk(gs, eus, ir, eol, si)
    low, high = sorted((sr["global"], sr["sourcing"]))
    assert low - 1e-9 <= sr["combined"] <= high + 1e-9


def small_panel(seed: int, n: int = 8) -> Panel:
    """Random output, trade and governance of one mineral."""
    r = np.random.default_rng(seed)
    places = tuple(f"P{k}" for k in range(n))
    i, j = (a.ravel() for a in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
    keep = (i != j) & (r.random(n * n) < 0.6)
    m = int(keep.sum())
    zeros = np.zeros(m, dtype=np.int64)
    return Panel(
        (tungsten,),
        (2022,),
        places,
        r.gamma(1.0, 100.0, (1, 1, n)),
        np.zeros((1, 1)),
        (("test",),),
        np.full((1, 1), 0.05),
        r.random((1, n)),
        np.full((1, n), 0.04),
        zeros,
        zeros,
        i[keep],
        j[keep],
        r.gamma(1.0, 50.0, m),
        r.gamma(1.0, 5.0, m),
    )


@given(st.integers(0, 2**32 - 1))
def test_scores_are_within_0_and_1_and_inside_their_interval(seed):
    c = gpr.cells(small_panel(seed))
    ok = np.isfinite(c.score)
    assert ((c.score[ok] >= 0) & (c.score[ok] <= 1)).all()
    assert (c.score_low[ok] <= c.score[ok] + 1e-12).all()
    assert (c.score[ok] <= c.score_high[ok] + 1e-12).all()


@given(st.integers(0, 2**32 - 1))
def test_a_loop_over_importers_gives_the_same_scores(seed):
    """A second formulation, in plain Python."""
    p = small_panel(seed)
    c = gpr.cells(p)
    output = p.output[0, 0]
    hhi = sum((x / output.sum()) ** 2 for x in output)
    for k in range(len(p.places)):
        mine = [r for r in range(len(p.importer)) if p.importer[r] == k]
        bought = sum(p.tonnes[r] for r in mine)
        risk = sum(p.tonnes[r] * p.instability[0, p.exporter[r]] for r in mine)
        expected = hhi * risk / (output[k] + bought)
        assert c.score[0, 0, k] == pytest.approx(expected, rel=1e-12)
        if bought:
            price = sum(p.value[r] for r in mine) / bought
            assert c.cf[0, 0, k] == pytest.approx(expected * price / 0.409412948, rel=1e-12)
        else:
            assert np.isnan(c.cf[0, 0, k])


def test_the_interval_of_the_score_agrees_with_draws_of_every_figure():
    """Delta method beside a Monte Carlo of the same errors; lognormal figures, normal governance."""
    p = small_panel(4)
    c = gpr.cells(p)
    r = np.random.default_rng(1)
    n = 4000

    def shaken(x, sd):
        s = np.sqrt(np.log1p(sd**2))
        return x * np.exp(s * r.standard_normal((n, *x.shape)) - s * s / 2)

    outputs = shaken(p.output[0, 0], p.output_sd[0, 0])
    tonnes = shaken(p.tonnes, ESTIMATE)
    # one error a row, as in the delta method: rows of one exporter are not correlated through its governance
    g = p.instability[0][p.exporter] + p.instability_sd[0][p.exporter] * r.standard_normal(
        (n, len(p.exporter))
    )
    for k in range(len(p.places)):
        mine = p.importer == k
        hhi = ((outputs / outputs.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)
        score = (
            hhi * (tonnes[:, mine] * g[:, mine]).sum(axis=1) / (outputs[:, k] + tonnes[:, mine].sum(axis=1))
        )
        low, high = np.quantile(score, [0.1, 0.9])
        width = high - low
        assert c.score_low[0, 0, k] == pytest.approx(low, abs=0.1 * width)
        assert c.score_high[0, 0, k] == pytest.approx(high, abs=0.1 * width)
    assert pytest.approx(1.2816, abs=1e-4) == Z80


def test_a_bloc_counts_trade_among_its_members_at_no_risk_and_its_output_together():
    p = panel(BUNDLED, (tungsten,), (2022,))
    c = gpr.cells(p, ("EU27",))
    members = [p.places.index(x) for x in gpr.bloc_members("EU27", 2022)]
    into = np.isin(p.importer, members) & np.isfinite(p.tonnes)
    outside = into & ~np.isin(p.exporter, members)
    made = p.output[0, 0, members].sum()
    governed = outside & np.isfinite(p.instability[0, p.exporter])
    risk = (p.tonnes[governed] * p.instability[0, p.exporter[governed]]).sum()
    blind = p.tonnes[outside & ~governed].sum()
    expected = c.hhi[0, 0] * risk / (made + p.tonnes[into].sum() - blind)
    assert c.score[0, 0, -1] == pytest.approx(expected, rel=1e-12)
    assert c.imports[0, 0, -1] == pytest.approx(p.tonnes[into].sum())


def test_nothing_recorded_is_no_value_where_the_published_release_has_zero():
    """Japan, tin ore, 2019 and 2020: no import rows at all; a country that uses tens of thousands of tonnes
    of tin."""
    p = panel(BUNDLED, (tin,), (2018, 2019, 2020))
    output = np.zeros_like(p.output)
    output[..., p.places.index("IDN")] = 1.0  # any output table that does not list Japan
    c = gpr.cells(replace(p, output=output, output_source=(("test",) * 3,)))
    japan = c.reporters.index("JPN")
    assert np.isfinite(c.score[0, 0, japan])
    for t in (1, 2):
        assert np.isnan(c.score[0, t, japan])
        assert np.isnan(c.cf[0, t, japan])
        assert gpr.STATUS[c.status[0, t, japan]].startswith("missing: no imports")


def test_a_partner_without_governance_data_is_flagged_and_opens_the_interval():
    p = small_panel(2)
    g = p.instability.copy()
    g[0, 3] = np.nan
    c, whole = gpr.cells(replace(p, instability=g)), gpr.cells(p)
    touched = np.unique(p.importer[p.exporter == 3])
    for k in touched:
        share = c.governance_unknown[0, 0, k]
        assert share > 0
        if share > gpr.MOST_UNKNOWN:
            assert np.isnan(c.score[0, 0, k])
        else:
            assert gpr.STATUS[c.status[0, 0, k]].startswith("flagged")
            assert c.score_low[0, 0, k] <= whole.score[0, 0, k] <= c.score_high[0, 0, k]
    for k in set(range(8)) - set(touched):
        assert c.score[0, 0, k] == whole.score[0, 0, k]


def test_a_missing_quantity_is_not_zero_tonnes():
    p = small_panel(7)
    tonnes = p.tonnes.copy()
    row = 0
    tonnes[row] = np.nan
    c = gpr.cells(replace(p, tonnes=tonnes))
    k = p.importer[row]
    mine = (p.importer == k) & np.isfinite(tonnes)
    assert c.price[0, 0, k] == pytest.approx(p.value[mine].sum() / tonnes[mine].sum())
    assert c.quantity_known[0, 0, k] == pytest.approx(p.value[mine].sum() / p.value[p.importer == k].sum())


def test_without_a_table_of_output_there_is_no_score_and_no_other_source_steps_in():
    gold = all_minerals()["gold"]
    p = panel(BUNDLED, (gold,), (2019,))
    if p.output_source[0][0]:
        pytest.skip("World Mining Data is pulled")
    c = gpr.cells(p)
    assert np.isnan(c.score).all()
    assert all(gpr.STATUS[s].startswith("missing: no table of output") for s in np.unique(c.status))


@given(st.integers(0, 2**32 - 1))
def test_traced_origins_add_up(seed):
    r = np.random.default_rng(seed)
    n = 6
    made = np.where(r.random(n) < 0.5, r.gamma(1, 100, n), 0.0)
    z = np.where(r.random((n, n)) < 0.4, r.gamma(1, 30, (n, n)), 0.0)
    np.fill_diagonal(z, 0)
    shares, unknown = origin_shares(made, z)
    assert (shares >= 0).all()
    has = made + z.sum(axis=0) + np.maximum(z.sum(axis=1) - made - z.sum(axis=0), 0)
    for j in range(n):
        total = shares[:, j].sum() + unknown[j]
        assert total == pytest.approx(1.0 if has[j] > 0 else 0.0, abs=1e-6)
    assert (shares[made == 0] <= 1e-9).all()  # nothing comes from where nothing is made


def test_a_ring_of_re_exporters_has_no_origin():
    z = np.array([[0, 5.0, 0], [5.0, 0, 1.0], [0, 0, 0]])
    shares, unknown = origin_shares(np.zeros(3), z)
    assert shares.max() == 0
    assert unknown[2] == pytest.approx(1.0)
