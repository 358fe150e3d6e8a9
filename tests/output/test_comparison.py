"""Two results side by side, on the terminal and as a document."""

from dataclasses import replace

import pytest
from rich.console import Console

from crosscut.base.errors import UserError
from crosscut.output.page.report import report_html
from crosscut.output.screens.market.comparison import comparison_screen
from crosscut.results import Document
from crosscut.studies.explain.comparison import comparison_result
from tests.output.sample import sample_result, sample_tables, table


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
    assert [(r["place"], round(r["difference"] / r["a"], 9)) for r in by_price] == [
        ("CHN", -0.1),
        ("ISR", 0.02),
    ]
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
    assert [line.split()[-4:] for line in text.splitlines() if "only in a" in line] == [
        ["–", "only", "in", "a"]
    ]
    assert document.table("flows_difference")["difference"].to_list()[0] is None


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
    assert "prices_difference" in report_html(
        comparison_result(sample_result(), sample_result(tables=tables))
    )


def outlook(prices: dict[int, float], case: str = "plans", **more: object) -> dict:  # type: ignore[type-arg]
    rows = [
        {
            "case": case,
            "year": y,
            "form": "oxide",
            "place": "EU27",
            "basis": "paid",
            "unit": "USD/mtu WO3",
            "p10": p,
            "median": p,
            "p90": p,
            "headline": True,
        }
        for y, p in prices.items()
    ]
    shares = [
        {
            "case": case,
            "year": y,
            "country": "KAZ",
            "unit": "share of what is mined in the world",
            "p10": p / 1e4,
            "median": p / 1e4,
            "p90": p / 1e4,
        }
        for y, p in prices.items()
    ]
    tables = {
        "outlook_prices": table("outlook_prices", rows),
        "outlook_shares": table("outlook_shares", shares),
    }
    return sample_result(kind="outlook", tables=tables, **more)


def test_outlooks_are_compared_year_by_year() -> None:
    a, b = outlook({2030: 300.0, 2031: 310.0}), outlook({2030: 330.0, 2031: 310.0})
    (row,) = comparison_result(a, b)["tables"]["outlook_prices_difference"]["rows"]
    assert (row["year"], row["a"], row["b"], row["difference"]) == (2030, 300.0, 330.0, 30.0)
    text = shown(a, b)
    assert "2030 plans: oxide, EU27, paid  300  330       +10 %" in " ".join(text.split("\n")).replace(
        "European Union (27)", "EU27"
    )
    assert "+0.3 points" in text


def test_years_that_only_one_has_are_named_and_hide_nothing() -> None:
    a, b = outlook({2030: 300.0}), outlook({2030: 330.0, 2031: 310.0})
    document = comparison_result(a, b)
    assert [r["year"] for r in document["tables"]["outlook_prices_difference"]["rows"]] == [2030]
    assert "Only in b, left out here: year 2031." in [s["text"] for s in document["statements"]]
    cases = comparison_result(a, outlook({2030: 300.0}, case="likely"))
    assert {"Only in a, left out here: case plans.", "Only in b, left out here: case likely."} <= {
        s["text"] for s in cases["statements"]
    }


def test_last_digits_are_no_difference_and_said_to_be_why_the_ids_differ() -> None:
    a, b = outlook({2030: 300.0}), outlook({2030: 300.0 * (1 + 1e-12)}, id="b" * 64)
    text = shown(a, b)
    assert text.count("no difference") == 2
    assert "Their ids differ, no median by more" in text
    assert "Their ids differ" not in shown(a, a)
    assert "Their ids differ" not in shown(a, outlook({2030: 300.1}, id="b" * 64))


@pytest.mark.parametrize(("kinds", "tables"), [(("stress", "stress"), ({}, {})), (("run", "outlook"), None)])
def test_what_has_no_table_in_common_is_refused_and_not_called_equal(kinds, tables) -> None:  # type: ignore[no-untyped-def]
    a, b = (
        (sample_result(), outlook({2030: 1.0}))
        if tables is None
        else (sample_result(kind=k, tables=t) for k, t in zip(kinds, tables, strict=True))
    )
    with pytest.raises(UserError, match=r"no table in common|different questions"):
        comparison_result(a, b)


def test_differences_of_other_futures_say_how_many_may_be_chance() -> None:
    """Sampling errors of the sample are 1 % of a price: a gap of 2 % is within two of both, 10 % is not."""
    tables = sample_tables()
    tables["prices"]["rows"][0]["median"] *= 1.02
    tables["prices"]["rows"][1]["median"] *= 0.9
    one, other = sample_result(), sample_result(tables=tables)

    def said(b: Document) -> list[str]:
        return [s.text for s in comparison_result(one, b).statements if s.text_key == "chance"]

    assert said(other) == [], "the same futures: a difference is none of chance"
    (text,) = said(replace(other, inputs=replace(other.inputs, seed=other.inputs.seed + 1), id=""))
    assert "1 of 2 differences of prices" in text
    assert said(replace(one, inputs=replace(one.inputs, seed=one.inputs.seed + 1), id="")) == []
