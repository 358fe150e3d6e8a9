"""A project on the market's prices: the price path of an outlook or scenario is the one the project is
valued on."""

import json

import numpy as np
import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.inputs.project.loader import project_from_text, project_source
from crosscut.studies.project.ensemble import Prices, ensemble
from crosscut.studies.project.market_prices import scenario_prices
from tests.ledgers import BUNDLED, IN_THIS_PROCESS
from tests.studies.project.bad import GOOD


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    path = tmp_path_factory.mktemp("o") / "result.json"
    path.write_text(api.outlook("kazakhstan", to=2027, draws=2).to_json())
    return path


def test_prices_of_a_solved_outlook(solved):
    source = project_source(BUNDLED, "example-mine")
    prices = scenario_prices(IN_THIS_PROCESS, source, solved)
    r = next(
        r
        for r in json.loads(solved.read_text())["tables"]["outlook_prices"]["rows"]
        if (r["case"], r["form"], r["place"], r["basis"], r["year"])
        == ("plans", "oxide", "EU27", "paid", 2027)
    )
    at = np.quantile(prices.values[2027 - prices.first], (0.1, 0.5, 0.9))
    nominal = 1.022 ** (2027 - 2024)  # dollars of 2024 at the file's 2.2 % a year
    assert at == pytest.approx([r[k] * nominal for k in ("p10", "median", "p90")], rel=0.05)
    # after the last year of the outlook the real price is held
    later = np.median(prices.values[2040 - prices.first]) / np.median(prices.values[2027 - prices.first])
    assert later == pytest.approx(1.022**13, rel=1e-9)


def test_a_project_on_those_prices(solved):
    source = project_source(BUNDLED, "example-mine")
    prices = scenario_prices(IN_THIS_PROCESS, source, solved)
    e = ensemble(source, 1, 500, prices=prices)
    assert e.price[1] == pytest.approx(np.median(prices.over(range(2028, 2062), range(500)), axis=1))
    dear = ensemble(source, 1, 500, prices=Prices(prices.first, prices.values * 2, ""))
    assert np.median(dear.metrics["npv_after_tax"]) > np.median(e.metrics["npv_after_tax"])


def test_draws_of_prices_repeat_in_order_and_are_held():
    prices = Prices(2030, np.array([[100.0, 200.0], [110.0, 220.0]]), "")
    assert prices.over(range(2029, 2034), range(1, 4)).tolist() == [
        [200, 100, 200],
        [200, 100, 200],
        [220, 110, 220],
        [220, 110, 220],
        [220, 110, 220],
    ]


def test_a_price_the_outlook_does_not_have(solved):
    text = GOOD.replace(
        "  persistence: 0.7", "  persistence: 0.7\n  outlook: {name: kazakhstan, form: oxide, place: EU28}"
    )
    with pytest.raises(UserError, match="no price of oxide EU28"):
        scenario_prices(IN_THIS_PROCESS, project_from_text(BUNDLED, text, "x.yaml"), solved)


def test_a_result_of_another_kind_is_refused(tmp_path, result):
    path = tmp_path / "result.json"
    path.write_text(result.to_json())
    with pytest.raises(UserError, match="kind project"):
        scenario_prices(IN_THIS_PROCESS, project_source(BUNDLED, "example-mine"), path)
