"""One rule for money: what buyers lose to grade C, who else gains or loses only where stages are apart,
nothing at grade D."""

from __future__ import annotations

from dataclasses import replace
from math import floor, log10

import pytest

from crosscut.app import api
from crosscut.inputs.scenario.loader import scenario_from_text
from crosscut.studies.scenario.run import run_result
from crosscut.studies.shared.money import MoneyMark, money_mark, shows_parties
from crosscut.worlds import world
from tests.ledgers import BUNDLED, IN_THIS_PROCESS

CUT = """
version: 1
id: cut
title: a cut
mineral: graphite
year: 2024
window: {from: 2025-01-01, to: 2025-12-31}
events:
  - {id: licence, kind: export_licence, form: natural, origins: [CHN], destinations: all, size: 0.4,
     unit: fraction, source: test}
"""


def test_the_rule_by_grade_and_stages() -> None:
    chain, one = world(BUNDLED, "tungsten"), world(BUNDLED, "graphite")
    assert [money_mark(replace(chain, grade=g)) for g in "ABCD"] == [
        MoneyMark.SHOWN,
        MoneyMark.SHOWN,
        MoneyMark.ORDER,
        MoneyMark.UNKNOWN,
    ]
    assert [money_mark(replace(one, grade=g)) for g in "ABCD"] == [
        MoneyMark.SHOWN,
        MoneyMark.SHOWN,
        MoneyMark.ONE_DIGIT,
        MoneyMark.UNKNOWN,
    ]
    assert [shows_parties(replace(one, grade=g)) for g in "ABCD"] == [True, True, False, False]


@pytest.mark.parametrize("grade", ["A", "C", "D"])
def test_a_run_shows_of_a_one_form_world_what_buyers_lose_and_nobody_else(grade: str) -> None:
    built = replace(world(BUNDLED, "graphite"), grade=grade)
    result = run_result(IN_THIS_PROCESS, scenario_from_text(CUT, "cut.yaml"), built, draws=5)
    rows = result["tables"]["welfare"]["rows"]
    items = {r["item"] for r in rows}
    if grade == "D":
        assert not rows
    elif grade == "A":
        assert {"buyers", "miners", "total"} <= items
    else:
        assert items == {"buyers"} and not result["tables"]["world_gains"]["rows"]
        for r in rows:
            for x in (r["central"], r["median"], r["p10"], r["p90"]):
                assert x == 0 or x == pytest.approx(round(x, -floor(log10(abs(x)))))
        losers = [r for r in rows if r["median"] < 0]
        assert "USA" in {r["country"] for r in losers}
        said = next(s["text"] for s in result["statements"] if s["text_key"] == "screening")
        assert "what buyers of this form lose" in said


def test_stress_and_run_show_as_many_digits() -> None:
    result = api.stress("graphite", "USA", draws=60)
    amounts = [r["value"] for r in result["tables"]["stress_summary"]["rows"] if "USD" in r["unit"]]
    assert all(
        x == 0 or x == pytest.approx(round(x, -floor(log10(abs(x))))) for x in amounts if x is not None
    )
