"""Trade that nothing else bears out: rules by the world's unit value, the years around and what is handled.

Tests: src/crosscut/ledger/reference/plausible.py, src/crosscut/ledger/reference/flow_verdicts.py,
src/crosscut/ledger/reference/industry.py
"""

import math

import numpy as np
import polars as pl
import pytest

from crosscut.base.errors import UserError
from crosscut.ledger.reference import repair
from crosscut.ledger.reference.flow_verdicts import FlowVerdict, flow_verdicts, read_verdicts
from crosscut.ledger.reference.plausible import borne_out, most_handled, typical_unit_values
from crosscut.ledger.reference.repair import repaired_trade, weighted_median
from crosscut.ledger.reference.tables import trade
from tests.ledgers import BUNDLED

HEAD = "mineral,hs92,year,exporter,importer,verdict,quantity_t,origin,reason,source,date,signed"


def frame(*rows):
    columns = ("exporter", "importer", "year", "value_kusd", "quantity_t")
    return pl.DataFrame([dict(zip(columns, r, strict=True)) for r in rows])


def test_the_typical_unit_value_is_the_weighted_median_of_the_year():
    rows = trade(BUNDLED, "261710")
    found = typical_unit_values(rows)
    for year in (1999, 2012, 2024):
        one = rows.filter((pl.col("year") == year) & (pl.col("quantity_t") > 0) & (pl.col("value_kusd") > 0))
        value, tonnes = one["value_kusd"].to_numpy(), one["quantity_t"].to_numpy()
        assert found[year] == pytest.approx(weighted_median(value / tonnes, np.sqrt(value)))


def test_a_cheap_flow_is_borne_out_by_years_of_like_price_and_size():
    usual = [("AUS", "CHN", y, 1000.0, 10.0) for y in range(2018, 2025)]
    steady = [("LAO", "CHN", y, 10.0, 10.0) for y in (2022, 2023, 2024)]
    once = [("TUR", "BEN", 2024, 10.0, 10.0)]
    small_before = [("PER", "ECU", 2022, 0.05, 0.05), ("PER", "ECU", 2024, 10.0, 10.0)]
    table = frame(*usual, *steady, *once, *small_before)
    now = table.filter(pl.col("year") == 2024)
    assert dict(zip(now["exporter"], borne_out(table, 2024).tolist(), strict=True)) == {
        "AUS": 3,
        "LAO": 2,
        "TUR": 0,
        "PER": 0,
    }


def test_what_a_country_handles_is_its_best_year_on_either_side_of_trade():
    table = frame(
        ("PHL", "TWN", 2021, 1.0, 30.0), ("TWN", "IDN", 2024, 1.0, 18.0), ("TWN", "CHN", 2024, 50.0, None)
    )
    assert most_handled(table, 2024)["TWN"] == 30.0
    assert most_handled(table, 2030) == {}


def test_forty_thousand_tonnes_at_53_dollars_are_no_rare_earths():
    """Turkey to Benin, 2024, at 1/850 of the world's unit value and in no other year."""
    table, repairs = repaired_trade(BUNDLED, "284690", 2024)
    one = next(r for r in repairs if (r.exporter, r.importer) == ("TUR", "BEN"))
    assert one.rule == "world"
    assert one.before == 40_700.0
    assert one.after == pytest.approx(2150.961 / typical_unit_values(trade(BUNDLED, "284690"))[2024])
    row = table.filter((pl.col("exporter") == "TUR") & (pl.col("importer") == "BEN"))
    assert row["quantity_t"][0] == pytest.approx(one.after)


@pytest.mark.parametrize("code", ["284690", "720293", "261100", "260400", "252922"])
def test_the_world_rule_lowers_only_what_is_far_too_cheap_and_alone(code):
    rows = trade(BUNDLED, code)
    typical = typical_unit_values(rows)[2024]
    borne = dict(
        zip(
            rows.filter(pl.col("year") == 2024).select("exporter", "importer").iter_rows(),
            borne_out(rows, 2024).tolist(),
            strict=True,
        )
    )
    raw = {
        (r["exporter"], r["importer"]): r for r in rows.filter(pl.col("year") == 2024).iter_rows(named=True)
    }
    found = [r for r in repaired_trade(BUNDLED, code, 2024)[1] if r.rule == "world"]
    assert found or code == "252922"
    for r in found:
        price = raw[r.exporter, r.importer]["value_kusd"] / r.before
        assert price * 32 < typical
        assert r.after < r.before
        assert borne[r.exporter, r.importer] < 2


def test_a_quantity_no_source_states_is_not_invented_for_one_who_cannot_have_it():
    """Nickel ore from Taiwan, which mines none, to China: 127,000 t were filled in from a pair of a few
    kilograms."""
    table, repairs = repaired_trade(BUNDLED, "260400", 2024)
    one = next(r for r in repairs if (r.exporter, r.importer) == ("TWN", "CHN"))
    assert one.rule == "not filled"
    assert one.before is None
    assert math.isnan(one.after)
    row = table.filter((pl.col("exporter") == "TWN") & (pl.col("importer") == "CHN"))
    assert row["quantity_t"][0] is None


def judged(verdict, quantity=None):
    return FlowVerdict(
        "tungsten", "261100", 2024, "BOL", "USA", verdict, quantity, "", "why", "who", "2026-11-30", "me"
    )


@pytest.mark.parametrize(
    ("verdict", "quantity", "after"),
    [("drop", None, None), ("quantity", 7.0, 7.0), ("keep", None, 1139.6), ("unsure", None, 1139.6)],
)
def test_a_verdict_stands_above_the_rules(monkeypatch, verdict, quantity, after):
    from crosscut.ledger.store.ledger import Ledger

    monkeypatch.setattr(repair, "verdicts_on", lambda code, year: {("BOL", "USA"): judged(verdict, quantity)})
    table, repairs = repaired_trade(Ledger.opened(), "261100", 2024)
    got = table.filter((pl.col("exporter") == "BOL") & (pl.col("importer") == "USA"))["quantity_t"][0]
    assert got == (None if after is None else pytest.approx(after, abs=0.1))
    said = [r for r in repairs if (r.exporter, r.importer) == ("BOL", "USA")]
    assert [r.rule for r in said] == ([] if verdict in ("keep", "unsure") else ["verdict"])


def test_every_broken_verdict_is_named_by_its_line():
    text = "\n".join(
        [
            HEAD,
            "tungsten,261100,2024,BOL,USA,maybe,,,why,who,2026-11-30,me",
            "tungsten,261100,2024,BOL,USA,drop,5,,,who,2026-11-30,me",
            "tungsten,261100,2024,XQX,USA,quantity,,,why,who,2026-11-30,me",
        ]
    )
    with pytest.raises(UserError) as found:
        read_verdicts(text)
    said = str(found.value)
    for part in ("flow_verdicts.csv:2", "maybe", "reason is blank", "flow_verdicts.csv:4", "judged already"):
        assert part in said


def test_no_two_flows_that_stay_share_a_reason():
    """One text for ten flows says that nobody looked at them one by one."""
    said = [v.reason for v in flow_verdicts() if v.verdict in ("keep", "unsure")]
    assert {r for r in said if said.count(r) > 1} == set()


def test_every_verdict_of_the_package_is_on_a_flow_that_is_there():
    for v in flow_verdicts():
        rows = trade(BUNDLED, v.hs92, v.year)
        here = rows.filter((pl.col("exporter") == v.exporter) & (pl.col("importer") == v.importer))
        assert here.height == 1, v
