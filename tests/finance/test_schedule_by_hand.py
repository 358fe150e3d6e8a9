"""Tonnes by hand: ore in its order, as fast as mine and mill allow, what waits, what is left."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.finance.mine.schedule import schedule
from crosscut.finance.mine.technical import Mill, Mine, Ore, Refinery
from tests.finance.simple import column, mine


def test_types_of_ore_are_mined_in_the_order_of_the_file():
    p = mine(producing=4)
    ores = (Ore("rich", 1500.0, 0.2, 0.9, strip=2.0), Ore("poor", 2500.0, 0.05, 0.8, strip=1.0))
    s = schedule(replace(p, ore=ores))
    assert column(s.mined)[1:5].tolist() == [1000, 1000, 1000, 1000]
    assert column(s.waste)[1:5].tolist() == [2000, 1500, 1000, 1000]
    assert column(s.contained)[1:5] == pytest.approx([200, 125, 50, 50])
    assert column(s.sold)[1:5] == pytest.approx([100 * 180, 100 * (90 + 20), 100 * 40, 100 * 40])
    assert s.last.tolist() == [4]


def test_grade_and_recovery_are_of_the_year_of_milling_and_waste_of_the_year_of_mining():
    """1,000 t mined a year, 600 milled: 0.2 x 0.9, then 0.1 x 0.8; waste 3 t a t, then 1."""
    p = mine(producing=4, mill=Mill(600.0))
    n = len(p.years)
    by_year = lambda *x: np.array([[0.0], *[[v] for v in x], *[[x[-1]]] * (n - 1 - len(x))])  # noqa: E731
    s = schedule(
        replace(p, ore=(Ore("ore", 1800.0, by_year(0.2, 0.1), by_year(0.9, 0.8), by_year(3.0, 1.0)),))
    )
    assert column(s.contained)[1:4] == pytest.approx([120, 60, 60])
    assert column(s.concentrate)[1:4] == pytest.approx([108, 48, 48])
    assert column(s.waste)[1:4] == pytest.approx([3000, 800, 0])


def test_what_the_mill_cannot_take_waits_and_is_milled_later():
    p = mine(producing=4, mill=Mill(600.0))
    s = schedule(replace(p, ore=(Ore("ore", 1800.0, 0.1, 1.0),)))
    assert column(s.mined)[1:5].tolist() == [1000, 800, 0, 0]
    assert column(s.milled)[1:5].tolist() == [600, 600, 600, 0]
    assert column(s.stock)[1:5].tolist() == [400, 600, 0, 0]


def test_a_stockpile_on_the_surface_is_not_mined():
    p = mine(producing=3, mill=Mill(1000.0))
    ores = (
        Ore("pit", 1500.0, 0.1, 1.0, strip=3.0),
        Ore("old heap", 1500.0, 0.02, 1.0, strip=3.0, surface=True),
    )
    s = schedule(replace(p, ore=ores))
    assert column(s.mined)[1:4].tolist() == [1000, 500, 0]
    assert column(s.contained)[1:4] == pytest.approx([100, 50 + 10, 20])


def test_ramps_of_mine_mill_and_recovery():
    p = mine(producing=4, mine=Mine(1000.0, (0.25, 0.5, 1.0)), mill=Mill(2000.0, (0.1, 0.2, 1.0), (0.5, 1.0)))
    s = schedule(p)
    assert column(s.mined)[1:5].tolist() == [250, 500, 1000, 1000]
    assert column(s.milled)[1:5] == pytest.approx([200, 400, 1150, 1000])
    assert column(s.concentrate)[1] == pytest.approx(200 * 0.1 * 0.5)


def test_ore_by_year_and_ore_that_is_left():
    by_year = np.array([0, 300.0, 1200, 0, 900, 0, 0]).reshape((-1, 1))
    s = schedule(replace(mine(producing=4), mine=Mine(by_year=by_year), ore=(Ore("ore", 3000.0, 0.1, 1.0),)))
    assert column(s.mined)[1:5].tolist() == [300, 1200, 0, 900]
    assert s.left.tolist() == [600]


def test_refined_product_loses_what_the_plant_loses():
    p = mine()
    refinery = Refinery(0.97, 0.0, 20.0, 3.0, 10.0)
    s = schedule(replace(p, product=replace(p.product, form="apt", refinery=refinery)))
    assert column(s.sold)[1] == pytest.approx(9_700)


def test_nothing_is_milled_before_production_or_after_the_last_year():
    s = schedule(replace(mine(producing=4), ore=(Ore("ore", 1e9, 0.1, 1.0),)))
    assert np.nonzero(column(s.milled))[0].tolist() == [1, 2, 3, 4]
    assert s.left.tolist() == [1e9 - 4000]
