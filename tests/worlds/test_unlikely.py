"""Unlikely flows: what is found before repair is not used after it, and every list has been read.

Tests: src/crosscut/worlds/unlikely.py, src/crosscut/worlds/screening/recorded.py
"""

from collections import defaultdict

import numpy as np
import polars as pl
import pytest

from crosscut.app import api
from crosscut.base.errors import Refused, UserError
from crosscut.ledger.reference.plausible import typical_unit_values
from crosscut.ledger.reference.repair import FACTOR, repaired_trade
from crosscut.ledger.reference.tables import trade
from crosscut.worlds import evidence_of, world
from crosscut.worlds.screening.recorded import POOR, REPAIRED, recorded_trade
from crosscut.worlds.screening.rules import screening_rules
from crosscut.worlds.unlikely import reasons_of, unlikely_flows
from tests.ledgers import BUNDLED

SOME = ["chromium", "rare earths", "copper", "tin", "niobium"]


def found(mineral, repaired):
    return {(f.exporter, f.importer): f for f in unlikely_flows(BUNDLED, mineral, 2024, repaired)}


def test_the_flows_that_were_complained_of_come_first_and_are_gone_after_repair():
    assert next(iter(found("rare earths", False))) == ("TUR", "BEN")
    assert next(iter(found("chromium", False))) == ("ZAF", "MOZ")
    assert ("TUR", "BEN") not in found("rare earths", True)
    assert ("ZAF", "MOZ") not in found("chromium", True)


def test_a_score_is_share_of_trade_by_times_off():
    raw = trade(BUNDLED, "284690", 2024).filter(pl.col("quantity_t") > 0)
    f = found("rare earths", False)["TUR", "BEN"]
    assert f.share == pytest.approx(40_700 / raw["quantity_t"].sum())
    assert f.price == 100.0  # 856 times, cut off
    assert f.score == pytest.approx(f.share * 99.0)


@pytest.mark.parametrize("mineral", SOME)
def test_every_flow_of_both_lists_was_repaired_or_judged(mineral):
    reasons = reasons_of(BUNDLED, mineral, 2024)
    for repaired in (False, True):
        for f in unlikely_flows(BUNDLED, mineral, 2024, repaired):
            assert f.done, f
            if f.done != "transit":
                assert reasons[f.hs92, f.exporter, f.importer]


def test_chilean_copper_to_china_is_what_its_value_buys():
    """2.79 million t for 20.7 billion dollars: 2.9 times the unit value of the world, 1.0 times in 2020 and
    2023."""
    rows = repaired_trade(BUNDLED, "260300", 2024)[0]
    one = rows.filter((pl.col("exporter") == "CHL") & (pl.col("importer") == "CHN"))
    typical = typical_unit_values(trade(BUNDLED, "260300"))
    assert one["value_kusd"][0] / one["quantity_t"][0] == pytest.approx(typical[2024], rel=0.01)
    before = trade(BUNDLED, "260300").filter(
        (pl.col("exporter") == "CHL") & (pl.col("importer") == "CHN") & pl.col("year").is_in([2020, 2023])
    )
    for r in before.iter_rows(named=True):
        assert r["value_kusd"] / r["quantity_t"] == pytest.approx(typical[r["year"]], rel=0.1)


def test_tin_of_the_congo_that_mines_it():
    shipped = defaultdict(float)
    for c in evidence_of(BUNDLED, "tin").cells:
        if c.kind == "trade":
            shipped[c.place, c.other] += c.prior
    assert shipped["COD", "THA"] == pytest.approx(4_669 * 0.6, rel=0.05)
    assert ("COG", "THA") not in shipped


@pytest.mark.parametrize("mineral", ["zinc", "tin", "molybdenum", "copper"])
def test_poor_ore_holds_what_its_price_says(mineral):
    """Turkish ore to Iran is a tenth of the usual price in each year: 410,000 t of it are no 217,000 t of
    zinc."""
    rule = screening_rules()[mineral]
    code = rule.hs92[0]
    rows, _ = repaired_trade(BUNDLED, code, 2024)
    typical = typical_unit_values(trade(BUNDLED, code))[2024]
    held, _ = recorded_trade(BUNDLED, rule, 2024)
    poor = {(i, j): t for (i, j, how), t in held.items() if how == POOR}
    flagged = rows.filter(pl.col("scrap_suspect"))
    assert len(poor) == flagged.height > 0
    for r in flagged.iter_rows(named=True):
        whole = r["quantity_t"] * rule.content
        assert poor[r["exporter"], r["importer"]] == pytest.approx(r["value_kusd"] / typical * rule.content)
        assert poor[r["exporter"], r["importer"]] < 0.26 * whole
    if mineral == "zinc":
        assert poor["TUR", "IRN"] < 25_000


def test_cheap_cerium_is_not_taken_for_poor_ore():
    """A compound's price says which element it is of, not how much it holds."""
    held, _ = recorded_trade(BUNDLED, screening_rules()["rare earths"], 2024)
    assert not [k for k in held if k[2] == POOR]
    assert [k for k in held if k[2] == REPAIRED]


@pytest.mark.parametrize("code", ["250490", "261100", "284690", "720293"])
def test_no_repair_ends_further_from_the_world_than_the_factor(code):
    rows = trade(BUNDLED, code, 2024)
    value = {(r["exporter"], r["importer"]): r["value_kusd"] for r in rows.iter_rows(named=True)}
    typical = typical_unit_values(trade(BUNDLED, code))[2024]
    for r in repaired_trade(BUNDLED, code, 2024)[1]:
        if r.rule in ("pair", "filled", "world") and value[r.exporter, r.importer] > 0:
            off = abs(np.log(value[r.exporter, r.importer] / r.after / typical))
            assert off <= np.log(FACTOR) + 1e-9, r


def test_the_least_likely_flow_of_a_world_can_be_asked_for():
    answer = api.unlikely("wolfram")
    assert answer["mineral"] == "tungsten"
    assert len(answer["before"]) == len(answer["after"]) == 10
    assert answer["before"][0]["why"]


def test_a_mineral_without_a_world_is_refused():
    with pytest.raises(Refused, match="no market world of cobalt"):
        unlikely_flows(BUNDLED, "cobalt", 2024)
    with pytest.raises(UserError, match="no trade of 'chromum'"):
        unlikely_flows(BUNDLED, "chromum", 2024)


def test_no_place_without_an_industry_buys_a_hundredth_of_the_world():
    """The complaint in general: after repair no country without mine or plant of any mineral keeps 1 % of a
    mineral of which plants are listed."""
    from crosscut.ledger.reference.industry import processors, producers

    for mineral in (
        "chromium",
        "manganese",
        "copper",
        "lead",
        "zinc",
        "tin",
        "nickel",
        "antimony",
        "bauxite",
    ):
        rule = screening_rules()[mineral]
        built = world(BUNDLED, mineral)
        use = dict(zip(built.countries, built.use()[0] / built.use().sum(), strict=True))
        assert len(processors(BUNDLED, rule.subject, rule.production_form)) >= 10
        known = producers(BUNDLED) | {"OTH"}
        assert not {c: s for c, s in use.items() if s > 0.01 and c not in known}
