"""`why` on a price: events, parts and limits add up to its log change, from the document alone; and it is
said so."""

import math
from dataclasses import replace

import pytest
from rich.console import Console

from crosscut.app import api
from crosscut.output.screens.market.price import log_text
from crosscut.output.screens.market.run import provenance_screen
from crosscut.studies.explain.price_story import price_story
from crosscut.studies.explain.provenance import provenance
from crosscut.studies.scenario import attribution
from tests.ledgers import BUNDLED


@pytest.fixture(scope="module")
def result():
    return api.run("china-controls-2025", draws=4)


def stories(result):
    for price in result["tables"]["prices"]["rows"]:
        yield price, price_story(result, price)


def test_every_price_is_shared_out_to_the_last_digit(result):
    told = 0
    for price, story in stories(result):
        name = f"{price['form']}/{price['place']}/{price['basis']}"
        if story["status"]:
            continue
        told += 1
        change = math.log(story["after"] / story["before"])
        assert story["change"] == pytest.approx(change, abs=1e-12), name
        assert sum(e["part"] for e in story["events"]) == pytest.approx(change, abs=1e-9), name
        assert sum(p["part"] for p in story["parts"]) == pytest.approx(change, abs=1e-9), name
        gap = story["after"] - story["before"]
        for table, column in (("events", "amount"), ("parts", "change")):
            found = sum(x[column] for x in story[table])
            assert found == pytest.approx(gap, abs=1e-9 * story["before"]), (name, table)
    assert told > 200


def licensed_form(result):
    return next(r["form"] for r in result["tables"]["limits"]["rows"] if r["event"] == "licence")


def test_the_rent_in_a_price_is_the_limit_times_the_share_bought_through_it(result):
    """By hand from the flow table: China's share of Japan's purchases times what one more licensed tonne is
    worth."""
    form = licensed_form(result)
    found = provenance(BUNDLED, result, f"prices/{form}/JPN/paid")["price"]
    limit = next(r for r in found["limits"] if r["event"] == "licence")
    licensed = next(r for r in result["tables"]["limits"]["rows"] if r["event"] == "licence")
    anchored = next(
        r
        for r in result["tables"]["price_steps"]["rows"]
        if r["limit"] == licensed["limit"] and r["place"] == "CHN" and r["side"] == "seller"
    )
    assert limit["amount"] < anchored["after"], "only part of what Japan buys comes through the licence"
    share = limit["amount"] / anchored["after"]
    flows = [r for r in result["tables"]["flows"]["rows"] if r["form"] == form and r["destination"] == "JPN"]
    chinese = sum(r["median"] for r in flows if r["origin"] == "CHN") / sum(r["median"] for r in flows)
    assert share == pytest.approx(chinese, abs=0.12), (
        "medians of few draws, refusals of 0.2 to 0.8, against the central solve"
    )


def test_a_quota_is_named_in_the_price_of_the_mine_it_holds_back(result):
    found = provenance(BUNDLED, result, "prices/concentrate/CHN/inside")["price"]
    quota = next(r for r in found["limits"] if r["kind"] == "production quota")
    assert quota["part"] is not None and quota["part"] > 0


def test_a_dead_price_says_why_and_shares_nothing_out():
    result = api.run("full-embargo", draws=2)
    dead = [(p, s) for p, s in stories(result) if p["median"] is None and p["base"] is not None]
    for _, story in dead:
        assert story["change"] is None
        assert "no price after" in story["status"]
        assert all(e["part"] is None and e["amount"] is None for e in story["events"])


def test_a_result_without_the_parts_has_no_story(result):
    older = replace(result, tables={k: v for k, v in result.tables.items() if k != "price_steps"})
    assert price_story(older, older["tables"]["prices"]["rows"][0]) is None


@pytest.mark.parametrize("path", ["prices", "prices/concentrate/CHN/inside", "prices/scrap/USA/marginal"])
def test_it_fits_one_screen(result, path):
    console = Console(width=100, no_color=True)
    with console.capture() as captured:
        console.print(provenance_screen(provenance(BUNDLED, result, path)))
    text = captured.get()
    assert len(text.splitlines()) <= 40
    assert max(len(line) for line in text.splitlines()) <= 100
    for heading in (
        "By event",
        "By what it is made of",
        "By limit that binds",
        "licence: export licence",
        "Behind it",
    ):
        assert heading in text


def test_parts_that_work_against_each_other_show_no_share(result):
    against = next(
        f"prices/{price['form']}/{price['place']}/{price['basis']}"
        for price, story in stories(result)
        if not story["status"] and sum(abs(e["part"]) for e in story["events"]) > 2 * abs(story["change"])
    )
    found = provenance(BUNDLED, result, against)
    story = found["price"]
    console = Console(width=100, no_color=True)
    with console.capture() as captured:
        console.print(provenance_screen(found))
    line = next(x for x in captured.get().splitlines() if x.startswith("licence: export"))
    assert "%" not in line
    assert log_text(next(e["part"] for e in story["events"] if e["event"] == "licence")) in line


def test_sampled_orders_say_their_standard_error(monkeypatch):
    monkeypatch.setattr(attribution, "MOST_EVENTS", 2)
    result = api.run("china-controls-2025", draws=2)
    rows = [r for r in result["tables"]["drivers"]["rows"] if r["share"] is not None]
    assert all(r["error"] > 0 for r in rows)
    console = Console(width=100, no_color=True)
    with console.capture() as captured:
        console.print(provenance_screen(provenance(BUNDLED, result, "prices")))
    assert "standard error" in captured.get() and "sampled orders" in captured.get()
