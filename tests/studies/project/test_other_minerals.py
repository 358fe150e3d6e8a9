"""A project of another mineral has its own price and unit, or is refused; nothing is valued at the price of
APT, and no label of its result speaks of WO3."""

import json
import re

import numpy as np
import pytest

from crosscut.base.errors import UserError
from crosscut.finance.mine.product_unit import KILOGRAMS, MTU_WO3, ProductUnit
from crosscut.inputs.project.loader import project_from_text
from crosscut.studies.project.run import project_result
from tests.ledgers import BUNDLED, IN_THIS_PROCESS

# A study of 2014 rebuilt from press reports, flat years; by hand: 108 a year less 56, depreciation 17.2, tax
# 10.44, so 41.56; -86 - 86/1.08 + 41.56 x sum of 1.08^-t over t = 2 to 11 is 92.6; C1 224; paid back in 6.14.
WATERSHED = """version: 1
kind: project
id: watershed-2014
title: Watershed, definitive study of 2014, flat years
country: AUS
mineral: tungsten
study: true
seed: 1
draws: 10
years: {first: 2015, production: 2017}
money: {currency: AUD, basis: real, year: 2014, inflation: 0.0, per_usd: 1.10}
discount: {rate: 0.08, basis: real, flows: end}
ore: [{id: pit, tonnes: 21.3e6, grade: 0.00148, recovery: 0.7930465, strip: 0}]
mine: {capacity: 2.13e6}
mill: {capacity: 2.13e6}
product: {form: concentrate, content: 0.65, payable: 0.98181818}
prices: {apt: 400, volatility: 0.0001, persistence: 0.0}
costs: {processing: 26.29108}
capital: {items: [{id: plant, amount: 172.0e6, years: {2015: 0.5, 2016: 0.5}}]}
taxes: {regime: none, income: {rate: 0.30, plant: {method: straight, years: 10}}}
"""


def of(mineral, prices="", **changes):
    text = WATERSHED.replace("mineral: tungsten", f"mineral: {mineral}")
    if prices:
        text = text.replace("apt: 400", prices)
    for old, new in changes.items():
        assert old in text, old
        text = re.sub(rf"\b{old}: [^,}}\n]+", f"{old}: {new}", text, count=1)
    return text


def result(text):
    return project_result(IN_THIS_PROCESS, project_from_text(BUNDLED, text, "mine.yaml"))


def measures(document):
    return {r["measure"]: r for r in document.rows("project_measures")}


def refused(text):
    with pytest.raises(UserError) as stop:
        project_from_text(BUNDLED, text, "mine.yaml")
    return str(stop.value)


def test_the_study_by_hand():
    m = measures(result(WATERSHED))
    assert m["npv_after_tax"]["middle"] == pytest.approx(92.6, abs=0.05)
    assert m["irr_after_tax"]["middle"] == pytest.approx(0.18, abs=0.005)
    assert m["payback"]["middle"] == pytest.approx(6.14, abs=0.005)
    assert m["c1"]["middle"] == pytest.approx(224, abs=0.5)


def test_the_same_sales_in_another_unit_are_worth_the_same():
    """400 USD per 10 kg is 40,000 USD/t is 18.1436948 USD/lb: only what is counted per unit is scaled."""
    plain = measures(result(WATERSHED))
    for unit in ("t", "kg", "lb", "oz"):
        mtu = KILOGRAMS[unit] / KILOGRAMS["mtu"]
        other = measures(result(of("antimony", f"price: {400 * mtu!r}, unit: USD/{unit}, of: Sb")))
        for name in ("npv_after_tax", "irr_after_tax", "payback"):
            assert other[name]["middle"] == pytest.approx(plain[name]["middle"], rel=1e-9)
        for name in ("c1", "aisc", "break_even"):
            assert other[name]["middle"] == pytest.approx(plain[name]["middle"] * mtu, rel=1e-6)
            assert f"per {unit} Sb" in other[name]["unit"]
        assert other["sold"]["middle"] * mtu == pytest.approx(plain["sold"]["middle"], rel=1e-9)


def test_gold_by_hand():
    m = measures(result(of("gold", "price: 2400, unit: USD/oz, of: Au", grade=1.5e-6)))
    ounces = 2.13e6 * 1.5e-6 * 0.7930465 * 1000 / 0.0311034768
    sales = ounces * 2400 * 0.98181818 * 1.10 / 1e6
    costs = 2.13 * 26.29108
    after_tax = (sales - costs) - 0.30 * (sales - costs - 17.2)
    worth = -86 - 86 / 1.08 + after_tax * sum(1.08**-t for t in range(2, 12))
    assert m["npv_after_tax"]["middle"] == pytest.approx(worth, rel=1e-4)
    assert m["c1"]["middle"] == pytest.approx(costs * 1e6 / ounces, rel=1e-6)
    assert m["c1"]["unit"] == "AUD of 2014 per oz Au"


def test_charges_royalties_and_floors_count_in_the_unit_of_the_price():
    tungsten = (
        WATERSHED.replace("processing: 26.29108", "processing: 20, per_mtu: 30")
        .replace(
            "taxes: {",
            "taxes: {royalties: [{id: r, base: mtu, rate: 5}, {id: s, base: revenue,"
            " steps: [[0, 0.01], [300, 0.04]]}], ",
        )
        .replace("payable: 0.98181818", "payable: 0.9, treatment: 7")
    )
    tungsten += "finance: {offtakes: [{id: o, buyer: b, share: 0.5, floor: 420}]}\n"
    antimony = (
        tungsten.replace("mineral: tungsten", "mineral: antimony")
        .replace("apt: 400", "price: 40000, unit: USD/t, of: Sb")
        .replace("per_mtu: 30", "per_unit: 3000")
        .replace("base: mtu, rate: 5", "base: unit, rate: 500")
        .replace("[[0, 0.01], [300, 0.04]]", "[[0, 0.01], [30000, 0.04]]")
        .replace("treatment: 7", "treatment: 700")
        .replace("floor: 420", "floor: 42000")
    )
    one, other = (measures(result(t)) for t in (tungsten, antimony))
    assert other["npv_after_tax"]["middle"] == pytest.approx(one["npv_after_tax"]["middle"], rel=1e-9)
    assert other["aisc"]["middle"] == pytest.approx(100 * one["aisc"]["middle"], rel=1e-9)


@pytest.mark.parametrize("mineral", ["antimony", "lithium", "gold", "Kobalt", "Nd"])
def test_another_mineral_at_the_price_of_apt_is_refused(mineral):
    said = refused(of(mineral))
    assert "apt is the price of tungsten" in said
    assert "unit: USD/t" in said


def test_a_mineral_without_a_price_a_unit_or_a_content_is_refused():
    assert "lithium has no unit and no of" in refused(of("lithium", "price: 900"))
    assert "no price and no unit" in refused(of("lithium", "of: Li2O"))
    assert "no price of APT" in refused(
        of("tungsten", "persistence: 0.0").replace(", persistence: 0.0}", "}", 1)
    )


def test_an_unknown_mineral_is_refused():
    assert "mineral: unknown mineral 'unobtainium'" in refused(of("unobtainium"))
    assert "Did you mean 'tungsten'" in refused(of("tungstn"))


@pytest.mark.parametrize(
    ("mineral", "prices", "grade", "cure"),
    [
        ("tungsten", "", 0.148, "0.00148 if 0.148 is a percentage"),
        ("lithium", "price: 900, unit: USD/t, of: Li2O", 1.25, "0.0125 if 1.25 is a percentage"),
        ("lithium", "price: 900, unit: USD/t, of: Li2O", 0.125, "at most 0.081"),
        ("gold", "price: 2400, unit: USD/oz, of: Au", 1.5, "at most 0.005"),
        ("antimony", "price: 21000, unit: USD/t, of: Sb", 1.48, "0.0148 if 1.48 is a percentage"),
    ],
)
def test_a_grade_in_percent_is_refused(mineral, prices, grade, cure):
    assert cure in refused(of(mineral, prices, grade=grade))


def test_figures_a_million_times_too_small_are_refused_with_the_cure():
    assert "172e6 if 172 is in millions" in refused(of("tungsten", amount=172))
    assert "6e6 if 6 is in millions" in refused(WATERSHED.replace("costs: {", "costs: {overhead: 6, "))
    lent = WATERSHED + "finance: {loans: [{id: l, like: commercial, lender: b, amount: 100}]}\n"
    assert "100e6 if 100 is in millions" in refused(lent)
    assert "21.3e6 if 21.3 is in Mt" in refused(of("tungsten", tonnes=21.3))
    assert "2.13e6 if 2.13 is in Mt" in refused(of("tungsten", capacity=2.13))


def test_what_belongs_to_tungsten_is_refused_for_another_mineral():
    antimony = of("antimony", "price: 21000, unit: USD/t, of: Sb")
    assert "royalties of regime kazakhstan-2026 are those of tungsten" in refused(
        antimony.replace("regime: none", "regime: kazakhstan-2026")
    )
    assert "per_mtu counts WO3" in refused(antimony.replace("processing:", "per_mtu: 3, processing:"))
    assert "form: concentrate" in refused(antimony.replace("form: concentrate", "form: apt"))


def test_no_word_of_tungsten_is_in_the_result_of_another_mineral():
    document = result(of("antimony", "price: 21000, unit: USD/t, of: Sb"))
    text = json.dumps([document.tables[t].rows for t in document.tables], default=str)
    text += json.dumps([s.text for s in document.statements])
    assert re.findall(r".{20}(?:WO3|APT|mtu).{20}", text) == []
    assert "Price of Sb of the file" in text
    assert {r["unit"] for r in document.rows("project_tax")} == {"USD/t Sb"}


def test_units_and_words():
    assert MTU_WO3.said("APT price, USD/mtu WO3") == "APT price, USD/mtu WO3"
    unit = ProductUnit("oz", "Au", "price of Au")
    assert unit.said("cash cost per mtu sold") == "cash cost per oz sold"
    assert np.isclose(unit.mtu * 10 / 0.0311034768, 1)
