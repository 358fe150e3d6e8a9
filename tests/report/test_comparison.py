"""Two results side by side."""

import pytest
from rich.console import Console

from crosscut.report.comparison import comparison_screen, differences
from tests.report.sample import sample_result, sample_tables


def test_equal_results_do_not_differ() -> None:
    a = sample_result()
    assert [differences(a, a, t) for t in ("prices", "flows", "shortages")] == [[], [], []]


def test_prices_are_ranked_by_ratio_tonnes_by_tonnes() -> None:
    tables = sample_tables()
    prices, flows = tables["prices"]["rows"], tables["flows"]["rows"]
    prices[0]["median"] *= 1.10
    prices[1]["median"] *= 0.50
    flows[0]["median"] += 5.0
    flows[1]["median"] -= 70.0
    a, b = sample_result(), sample_result(tables=tables)
    by_price = differences(a, b, "prices")
    assert [round(d.relative, 9) for d in by_price if d.relative is not None] == [-0.5, 0.1]
    assert [round(d.difference, 9) for d in differences(a, b, "flows") if d.difference is not None] == [-70.0, 5.0]
    assert [d.difference for d in differences(b, a, "flows")] == [-d.difference for d in differences(a, b, "flows")]  # type: ignore[operator]


def test_a_row_without_a_number_comes_first_and_is_not_zero() -> None:
    tables = sample_tables()
    tables["flows"]["rows"][0]["median"] += 1e6
    tables["flows"]["rows"][3]["median"] = None
    gone = tables["flows"]["rows"].pop(5)
    a, b = sample_result(), sample_result(tables=tables)
    found = differences(a, b, "flows")
    assert [(d.difference, d.status) for d in found[:2]].count((None, "no value in one")) == 1
    only = next(d for d in found if d.status == "only in the first")
    assert only.key == (gone["form"], gone["origin"], gone["destination"])
    assert (only.first, only.second) == (gone["median"], None)
    assert found[2].difference == pytest.approx(1e6)


def test_the_screen_names_what_differs() -> None:
    tables = sample_tables()
    tables["prices"]["rows"][0]["median"] = 600.0
    console = Console(width=100, no_color=True)
    with console.capture() as captured:
        console.print(comparison_screen(sample_result(), sample_result(tables=tables)))
    text = captured.get()
    assert "+17.1 %" in text
    assert text.count("no difference") == 2
