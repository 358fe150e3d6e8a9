"""Two results side by side, on the terminal and as a document."""

import pytest
from rich.console import Console

from crosscut.report.comparison import comparison_screen
from crosscut.report.html import report_html, table_frame
from crosscut.scenarios.comparison import comparison_result
from tests.report.sample import sample_result, sample_tables


def shown(a: dict, b: dict) -> str:  # type: ignore[type-arg]
    console = Console(width=110, no_color=True)
    with console.capture() as captured:
        console.print(comparison_screen(comparison_result(a, b)))
    return captured.get()


def test_equal_results_do_not_differ() -> None:
    assert shown(sample_result(), sample_result()).count("no difference") == 5


def test_prices_are_ranked_by_ratio_tonnes_by_tonnes() -> None:
    tables = sample_tables()
    prices, flows = tables["prices"]["rows"], tables["flows"]["rows"]
    last = next(p for p in prices if p["median"] == 2900.0)
    last["median"] *= 1.02  # 58 USD, 2 %
    prices[1]["median"] *= 0.9  # 30 USD, 10 %
    flows[0]["median"] += 5.0
    flows[1]["median"] -= 70.0
    found = comparison_result(sample_result(), sample_result(tables=tables))["tables"]
    by_price = found["prices_difference"]["rows"]
    assert [(r["place"], round(r["difference"] / r["a"], 9)) for r in by_price] == [("CHN", -0.1), ("ISR", 0.02)]
    assert [r["difference"] for r in found["flows_difference"]["rows"]] == pytest.approx([-70.0, 5.0])


def test_a_row_without_a_number_comes_first_and_is_not_zero() -> None:
    tables = sample_tables()
    tables["flows"]["rows"][0]["median"] += 1e6
    tables["flows"]["rows"][3]["median"] = None
    document = comparison_result(sample_result(), sample_result(tables=tables))
    found = document["tables"]["flows_difference"]["rows"]
    assert [r["difference"] for r in found] == [None, pytest.approx(1e6)]
    assert found[0]["b"] is None
    text = shown(sample_result(), sample_result(tables=tables))
    assert [line.split()[-4:] for line in text.splitlines() if "only in a" in line] == [["–", "only", "in", "a"]]
    assert table_frame(document, "flows_difference")["difference"].to_list()[0] is None


def test_the_screen_names_what_differs() -> None:
    tables = sample_tables()
    tables["prices"]["rows"][0]["median"] = 600.0
    text = shown(sample_result(), sample_result(tables=tables))
    assert "Refined EU27, paid, USD/mtu WO₃" in text
    assert "+17 %" in text
    assert text.count("no difference") == 4


def test_a_comparison_has_a_report() -> None:
    tables = sample_tables()
    tables["prices"]["rows"][0]["median"] = 600.0
    assert "prices_difference" in report_html(comparison_result(sample_result(), sample_result(tables=tables)))
