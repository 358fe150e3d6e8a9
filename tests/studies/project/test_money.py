"""Real figures become nominal at the price level of their year; local costs follow local inflation and the
exchange rate."""

import numpy as np
import pytest

from crosscut.inputs.project.loader import project_from_text
from crosscut.studies.project.build import built
from tests.ledgers import BUNDLED
from tests.studies.project.bad import GOOD


def costs(old="", new=""):
    text = GOOD.replace("overhead: 4.5e6", "overhead: 1.0e6").replace(old, new) if old else GOOD
    return built(project_from_text(BUNDLED, text, "x.yaml"))[0]


def test_level_is_one_in_the_year_of_the_money_wherever_that_lies():
    for year in (2020, 2026, 2028, 2031, 2070):
        p = costs("year: 2026", f"year: {year}")
        assert p.index[:, 0] == pytest.approx([1.022 ** (y - year) for y in p.years])


def test_inflation_by_year():
    p = costs("inflation: 0.022", "inflation: {2028: 0.10, 2029: 0.05, 2030: 0.02}")
    # money of 2026: the first rate stands for the years before it
    assert p.index[:4, 0] == pytest.approx(
        [1.1**2, 1.1**2 * 1.05, 1.1**2 * 1.05 * 1.02, 1.1**2 * 1.05 * 1.02**2]
    )


def test_local_costs_move_with_purchasing_power_unless_a_fall_is_stated():
    same = costs("money:\n", "money:\n")
    assert np.asarray(same.costs.overhead)[:, 0] / 1e6 == pytest.approx(same.index[:, 0])


def test_local_costs_with_a_stated_fall_of_the_currency():
    p = costs("inflation: 0.07,", "inflation: 0.07, depreciation: 0.04,")
    t = np.array([y - 2026 for y in p.years])
    by_hand = 0.4 * 1.022**t + 0.6 * (1.07 / 1.04) ** t
    assert np.asarray(p.costs.overhead)[:, 0] / 1e6 == pytest.approx(by_hand)


def test_nominal_files_are_taken_as_they_stand():
    p = costs("basis: real\n  year", "basis: nominal\n  year")
    assert np.ravel(p.costs.overhead)[0] == 1.0e6
    assert p.index[0, 0] == pytest.approx(1.022**2)


def test_a_real_rate_discounts_nominal_money_at_the_rate_that_goes_with_it():
    p = costs()
    assert np.asarray(p.discounting.project)[:, 0] == pytest.approx([1.08 * 1.022 - 1] * len(p.years))


def test_other_currencies():
    p = costs("currency: USD\n", "currency: AUD\n  per_usd: 1.5\n")
    assert np.ravel(p.per_usd)[0] == 1.5
