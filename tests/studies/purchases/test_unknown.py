"""What is not known stays unknown: minerals without a market, forms and countries it does not have, refused
lines."""

from dataclasses import replace

import numpy as np
import pytest

from crosscut.studies.purchases.answers import buyer_country
from crosscut.studies.purchases.headline import Read, summary_rows
from crosscut.studies.purchases.rows import flow_rows, measure_rows, measures_held, stop_rows
from tests.ledgers import BUNDLED
from tests.studies.purchases.test_stop_effects import LIST, answered, bought, tables


def headline(rows, country=""):
    answers = answered(rows, country)
    held = measures_held(BUNDLED, answers)
    flows, stops = flow_rows(answers, held, []), stop_rows(answers)
    read = Read(len(rows), 1, 0.0, 1)
    return {r["figure"]: r for r in summary_rows(read, flows, stops, answers, "2026-04-02")}


def test_a_mineral_without_a_market_says_why_and_the_rest_is_answered():
    rows = [*LIST, bought(5, "COD", "", 10.0, 250_000.0, "cobalt")]
    flows, stops = tables(rows)
    cobalt = next(r for r in flows if r["mineral"] == "cobalt")
    assert cobalt["price"] is None
    assert cobalt["extra_usd"] is None
    assert "no market world of cobalt" in cobalt["status"]
    assert cobalt["restricted"], "a measure does not need a market: DRC's quota is on record"
    assert next(r for r in stops if r["supplier"] == "CHN")["extra_usd"] > 0
    assert stops[-1]["extra_usd"] is None


def test_totals_say_of_how_much_of_the_spend_they_speak():
    rows = [bought(2, "CHN", "oxide", 12.5, 750_000.0), bought(5, "COD", "", 10.0, 250_000.0, "cobalt")]
    found = headline(rows)
    assert found["spend"]["value"] == 1_000_000
    assert "at most 75 % of your spend" in found["worst stop"]["status"]
    assert "at most 75 % of your spend" in found["expected extra cost a year"]["status"]
    assert "1 line could not be read (1 line of unknown money)" in found["spend"]["status"]


def test_nothing_known_is_unknown_and_not_zero():
    found = headline([bought(2, "COD", "", 10.0, 250_000.0, "cobalt")])
    for figure in ("worst stop", "expected extra cost a year", "governance-weighted spend"):
        assert found[figure]["value"] is None, figure
        assert found[figure]["status"].startswith("missing: "), figure


def test_a_form_that_the_market_does_not_know_gets_no_price():
    flows, _ = tables([bought(2, "CHN", "metal (regulus)", 10.0, 250_000.0, "antimony")])
    assert flows[0]["price"] is None
    assert "known for concentrate, not for metal (regulus)" in flows[0]["status"]


def test_a_seller_of_next_to_nothing_gets_no_price():
    """China sells next to no antimony ore abroad: what is bought there is metal, and its stop is not that of
    ore."""
    flows, stops = tables([bought(2, "CHN", "", 10.0, 250_000.0, "antimony")])
    assert flows[0]["price"] is None
    assert "of the concentrate that crosses borders" in flows[0]["status"]
    assert stops[0]["status"].startswith("missing: ")


def test_a_small_seller_of_a_form_that_the_file_names_is_answered():
    """The file says APT: the United States sells little of it, so its stop moves little."""
    flows, _ = tables([bought(2, "USA", "oxide", 12.0, 600_000.0)])
    assert abs(flows[0]["price"] - 1) < 0.03
    assert flows[0]["extra_usd"] is not None


def test_a_form_that_is_not_stated_is_said_to_be_taken():
    flows, _ = tables([bought(2, "CHN", "", 10.0, 400_000.0)])
    assert "form not stated: oxide taken" in flows[0]["status"]


def test_a_form_that_nobody_buys_in_the_country_leaves_the_other_sums():
    """German plants buy no concentrate: no price of it there, and the rest of the bill is still a number."""
    rows = [*LIST, bought(5, "PRT", "concentrate", 10.0, 150_000.0)]
    flows, stops = tables(rows, "Germany")
    assert (
        "nobody buys concentrate in Germany" in next(r for r in flows if r["form"] == "concentrate")["status"]
    )
    china = next(r for r in stops if r["supplier"] == "CHN")
    assert china["extra_usd"] > 0
    assert china["usd"] == sum(p.usd for p in LIST)


def test_a_price_that_is_gone_is_said_and_not_a_dash_alone():
    answers = answered(LIST, "Japan")
    effect = answers[0].effects["CHN"]
    answers[0].effects["CHN"] = replace(effect, price=np.full_like(effect.price, np.nan))
    row = next(r for r in stop_rows(answers) if r["supplier"] == "CHN")
    assert row["extra_usd"] is None
    assert "no oxide, powder, ferro reaches the buyers at any price" in row["status"]
    flows = flow_rows(answers, measures_held(BUNDLED, answers), [])
    found = summary_rows(Read(3), flows, stop_rows(answers), answers, "2026-04-02")
    worst = next(r for r in found if r["figure"] == "worst stop")
    assert "without tungsten from China leaves no price at all" in worst["status"]


def test_a_country_inside_a_group_has_no_stop_of_its_own():
    flows, stops = tables([bought(2, "FRA", "powder", 1.0, 50_000.0)])
    assert flows[0]["price"] is None
    assert "counted in" in flows[0]["status"]
    assert stops[0]["extra_usd"] is None


def test_the_own_country_has_no_stop_and_no_measure():
    flows, stops = tables([bought(2, "CHN", "oxide", 10.0, 400_000.0)], "China")
    assert not flows[0]["restricted"]
    assert "your own country" in stops[0]["status"]


def test_no_money_is_shown_for_a_market_of_grade_d():
    flows, stops = tables([bought(2, "TJK", "concentrate", 10.0, 100_000.0, "antimony")])
    assert flows[0]["price"] > 1
    assert flows[0]["extra_usd"] is None
    assert "grade D" in stops[0]["status"]


@pytest.mark.parametrize(("country", "restricted"), [("", False), ("Japan", False), ("USA", True)])
def test_a_tariff_reaches_the_country_that_levies_it(country, restricted):
    answers = answered([bought(2, "CHN", "powder", 1.0, 50_000.0)], country, 1)
    held = measures_held(BUNDLED, answers)
    tariff = next(r for r in measure_rows(answers, held) if r["instrument"] == "tariff")
    assert (tariff["usd"] > 0) is restricted
    assert tariff["reaches"].startswith("yes") is restricted


def test_an_unknown_country_is_refused_before_anything_is_solved():
    with pytest.raises(Exception, match="Atlantis"):
        buyer_country("Atlantis", "--country")
