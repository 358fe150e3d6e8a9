"""What must hold on any table: no shock no change, nothing counted twice, money only where the table is
real."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from crosscut.base.errors import UserError
from crosscut.inputs.uses.sector_uses import sector_uses
from crosscut.studies.economy.ario import IndustryResponse, ario_days, recovering
from crosscut.studies.economy.propagation import downstream, upstream
from crosscut.studies.economy.risk import readings
from crosscut.studies.economy.study import economy_document
from crosscut.studies.economy.table import EconomyTable
from crosscut.studies.economy.uses import Shock, shock_from, shock_of
from tests.output.sample import sample_result, table, with_rows


def random_table(seed, regions=2, sectors=3, synthetic=True):
    g = np.random.default_rng(seed)
    n = regions * sectors
    z = g.exponential(1.0, (n, n)) * (g.random((n, n)) < 0.8)
    y = g.exponential(3.0 * n, (n, 2))
    x = z.sum(axis=1) + y.sum(axis=1)
    return EconomyTable(
        tuple((f"r{a}", f"s{b}") for a in range(regions) for b in range(sectors)), z, y, x, "M.EUR", synthetic
    )


def flat(share, n):
    return Shock(share * 0.5, share, share * 1.5)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10_000))
def test_no_shock_changes_nothing(seed):
    t = random_table(seed)
    days = ario_days(t, np.zeros((40, 6)))
    assert_allclose(days.output, 1.0, atol=1e-12)
    assert_allclose(days.unmet, 0.0, atol=1e-12)
    nothing = np.zeros(6)
    found, _ = readings(t, Shock(nothing, nothing, nothing))
    assert all(abs(r.middle).max() < 1e-12 for r in found)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 0.9), st.integers(0, 5))
def test_one_step_losses_hold_the_shock_and_spread_only_down(seed, share, where):
    t = random_table(seed)
    lost = np.zeros(6)
    lost[where] = share
    for loss in (upstream(t, lost), downstream(t, lost)):
        assert loss[where] == pytest.approx(share * t.x[where])
        assert (loss >= -1e-9).all()
        assert (loss <= t.x + 1e-9).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 1.0))
def test_a_missing_material_is_not_made_up_by_overtime(seed, share):
    t = random_table(seed)
    missing = np.zeros((60, 6))
    missing[:, 2] = share
    output = ario_days(t, np.zeros((60, 6)), missing=missing).output
    assert (output[:, 2] <= 1 - share + 1e-12).all()
    assert (output >= -1e-12).all()
    assert (output <= IndustryResponse().overtime_most + 1e-12).all()


def test_a_sector_that_sells_to_one_buyer_and_stops_stops_it_when_its_stock_is_out():
    """By hand: B needs 1 of A for 2 of B and holds 10 days; A gone on day 0. Output of B is what its stock
    over psi allows."""
    z = np.array([[0.0, 365.0], [0.0, 0.0]])
    t = EconomyTable(
        (("r", "A"), ("r", "B")), z, np.array([[0.0], [730.0]]), np.array([365.0, 730.0]), synthetic=True
    )
    b = IndustryResponse(inventory_days=10, psi=0.8, alternative=False)
    missing = np.zeros((30, 2))
    missing[:, 0] = 1.0
    made = ario_days(t, np.zeros((30, 2)), b, missing).output[:, 1]
    assert_allclose(made[:3], [1.0, 1.0, 1.0])  # stock 10, 9, 8 of the 8 that are enough
    assert_allclose(made[3:5], [7 / 8, (7 - 7 / 8) / 8])  # each day's output takes its share from the stock
    assert made[29] < 0.05


def test_recovery_is_complete_when_it_should_be():
    lost = recovering(np.array([0.4]), duration=21, recovery=180, days=365)
    assert lost[0, 0] == 0
    assert lost[20, 0] == lost[21, 0] == 0.4
    assert lost[200, 0] > 0
    assert lost[201, 0] == 0


def test_a_synthetic_table_shows_no_money_and_a_real_one_does():
    share = np.array([0.2, 0, 0, 0, 0, 0])
    made_up = economy_document(random_table(1), flat(share, 6), "0" * 64)
    assert {r["status"] for r in made_up["tables"]["economy"]["rows"]} == {"synthetic table: shares only"}
    for name in ("economy", "economy_sectors"):
        for row in made_up["tables"][name]["rows"]:
            assert all(row[c] is None for c in ("value_added", "low", "middle", "high") if c in row)
    real = economy_document(random_table(1, synthetic=False), flat(share, 6), "0" * 64)
    row = real["tables"]["economy"]["rows"][0]
    assert (row["reading"], row["region"], row["unit"]) == ("direct", "all", "M.EUR")
    t = random_table(1)
    assert row["middle"] == pytest.approx(0.2 * t.value_added[0])
    assert row["share_middle"] == pytest.approx(0.2 * t.value_added[0] / t.value_added.sum())


def test_a_shock_of_a_tenth_of_the_year_costs_a_tenth():
    share = np.array([0.2, 0, 0, 0, 0, 0])
    year, _ = readings(random_table(1), flat(share, 6), dynamic=False)
    spell, _ = readings(random_table(1), flat(share, 6), lasting=73, dynamic=False)
    for a, b in zip(year, spell, strict=True):
        assert_allclose(b.middle, a.middle / 5)


def short(country, use, base, points, status="active"):
    p10, median, p90 = points
    return {
        "form": "powder",
        "country": country,
        "use": use,
        "base": base,
        "p10": p10,
        "median": median,
        "p90": p90,
        "share": None,
        "status": status,
    }


def test_shortages_fall_on_sectors_by_what_they_use():
    """By hand: s0 takes 0.5 of 100 t (10 short) and all of 50 t (20 short): 5 + 20 of 100 t; half its output
    needs it."""
    rows = [
        short("DEU", "hardmetal", 100.0, (-5.0, 10.0, 30.0)),
        short("DEU", "mill", 50.0, (10.0, 20.0, 50.0)),
        short("DEU", "all", 150.0, (5.0, 30.0, 80.0)),
    ]
    result = with_rows(sample_result(), shortages=rows)
    text = (
        "region,sector,share,country,use,dependent\n"
        "r0,s0,0.5,DEU,hardmetal,0.5\n"
        "r0,s0,1,DEU,mill,0.5\n"
        "r1,s1,0.5,DEU,hardmetal,\n"
    )
    found = shock_from(result, sector_uses(text, "u.csv"), random_table(0))
    assert_allclose(found.middle[[0, 4]], [0.5 * 25 / 100, 5 / 50])
    assert_allclose(found.low[[0, 4]], [0.5 * 10 / 100, 0.0])  # more than before is no loss
    assert found.tonnes == pytest.approx((10.0, 30.0, 80.0))


def test_a_stress_test_gives_the_shortage_of_once_in_so_many_years():
    """By hand: 130 t are five weeks of use, so 1,352 t a year; half of the sector's output needs it."""
    row = {"return_years": 20, "short": 130.0, "short_low": 100.0, "short_high": 200.0, "short_weeks": 5.0}
    asked = {"id": "stress-DEU", "hash": "a" * 64, "title": "How bad can it get"}
    inputs = {**sample_result()["inputs"], "scenario": asked}
    empty = table("stress_returns", [])
    result = with_rows(
        sample_result(kind="stress", inputs=inputs, statements=[], tables={"stress_returns": empty}),
        stress_returns=[row],
    )
    uses = sector_uses("region,sector,share,country,dependent\nr0,s0,0.4,DEU,0.5\n", "u.csv")
    found = shock_from(result, uses, random_table(0))
    assert found.middle[0] == pytest.approx(0.5 * 5 / 52)
    assert found.high[0] == pytest.approx(0.5 * 200 / 1352)
    assert found.tonnes == pytest.approx((40.0, 52.0, 80.0))
    with pytest.raises(UserError, match="one of: 20"):
        shock_from(result, uses, random_table(0), once_in=50)


def test_a_dead_market_is_short_of_all_it_used():
    rows = [short("DEU", "all", 80.0, (None, None, None), "no_supply")]
    result = with_rows(sample_result(), shortages=rows)
    found = shock_from(
        result, sector_uses("region,sector,share,country\nr0,s0,1,DEU\n", "u.csv"), random_table(0)
    )
    assert found.middle[0] == found.low[0] == 1.0
    assert any("no supply" in n for n in found.notes)


@pytest.mark.parametrize(
    "text, says",
    [
        ("region,sector\nr0,s0\n", "no column 'share'"),
        ("region,sector,share,weight\nr0,s0,1,2\n", "unknown column 'weight'"),
        ("region,sector,share\nr0,s0,0.7\nr0,s1,0.7\n", "add up to 1.4"),
        (
            "region,sector,share\nr0,s0,70\n",
            "u.csv:2, share: '70'. Expected .* at most 1",
        ),
        ("region,sector,share,use\nr0,s0,0.1,\nr0,s1,0.1,mill\n", "all uses and for single ones"),
        ("region,sector,share\n", "no rows"),
    ],
)
def test_bad_uses_are_refused(text, says):
    with pytest.raises(UserError, match=says):
        sector_uses(text, "u.csv")


def test_every_bad_shock_is_named_at_once():
    with pytest.raises(UserError) as caught:
        shock_of(["r0/s9=0.1", "r7/s0=0.1", "r0/s0=20", "r0/s0=0.3..0.1"], random_table(0))
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(
    "change, says",
    [
        (lambda z, y, x: (z, y, x * np.array([1.1, 1, 1, 1, 1, 1])), "sales add up to"),
        (lambda z, y, x: (z + np.where(np.eye(6) > 0, np.nan, 0), y, x), "a figure is missing"),
        (lambda z, y, x: (z[:5], y, x), "shape"),
    ],
)
def test_bad_tables_are_refused(change, says):
    t = random_table(0)
    z, y, x = change(t.z, t.y, t.x)
    with pytest.raises(UserError, match=says):
        EconomyTable(t.industries, z, y, x)
