"""Units, currencies, products, codes and years: read as the trade means them, or refused."""

import csv

import pytest

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem
from crosscut.inputs.purchases.table.grid import TableCell
from crosscut.inputs.purchases.words.customs_codes import CustomsCode, customs_code, customs_codes
from crosscut.inputs.purchases.words.dates import year_of
from crosscut.inputs.purchases.words.money import MoneyUnit, in_usd, money_unit, scale_in
from crosscut.inputs.purchases.words.products import BoughtProduct, bought, named_product
from crosscut.inputs.purchases.words.units import (
    Share,
    WeightUnit,
    stated_content,
    tonnes_of,
    weight_unit,
)
from crosscut.inputs.purchases.words.word_tables import folded, word_rows
from crosscut.ledger.minerals import all_minerals

# NIST Handbook 44 and the trade: t of one unit
WEIGHTS = {
    "t": 1.0,
    "MT": 1.0,
    "mt": 1.0,
    "metric tons": 1.0,
    "Tonnen": 1.0,
    "トン": 1.0,
    "吨": 1.0,
    "т": 1.0,
    "kg": 1e-3,
    "KGS": 1e-3,
    "Kilogramm": 1e-3,
    "千克": 1e-3,
    "キログラム": 1e-3,
    "㎏": 1e-3,
    "g": 1e-6,
    "lb": 0.45359237e-3,
    "LBS": 0.45359237e-3,
    "short ton": 0.90718474,
    "long tons": 1.0160469088,
    "troy oz": 31.1034768e-6,
    "oz t": 31.1034768e-6,
    "kt": 1e3,
    "万吨": 1e4,
    "1000 t": 1e3,
    "t (net)": 1.0,
    "flasks": 34.5e-3,
    "oz": 31.1034768e-6,
}


@pytest.mark.parametrize("text", WEIGHTS)
def test_a_weight_in_t(text):
    found = weight_unit(text)
    assert isinstance(found, WeightUnit), found
    assert (found.tonnes, found.of) == (pytest.approx(WEIGHTS[text], rel=1e-9), "gross")


@pytest.mark.parametrize("text", ["mtu", "MTU WO3", "dmtu"])
def test_a_metric_ton_unit_is_ten_kilograms_of_oxide_of_tungsten_alone(text):
    found = weight_unit(text)
    assert (found.tonnes, found.of, found.only) == (pytest.approx(0.01), "WO3", ("tungsten",))


@pytest.mark.parametrize(
    "text", ["ton", "tons", "Mt", "Pfund", "quintal", "st", "pcs", "Stück", "個", "litre", "xyz", ""]
)
def test_a_word_with_two_meanings_or_none_is_no_unit(text):
    assert isinstance(weight_unit(text), str)


def test_units_that_belong_to_one_metal_say_so():
    assert weight_unit("flask").only == ("mercury",)
    assert "gold" in weight_unit("oz").only and "tungsten" not in weight_unit("oz").only


def test_tonnes_of_product_and_of_metal_are_kept_apart():
    assert tonnes_of(1000, weight_unit("kg"), Share(0.65, "WO3")).contained == pytest.approx(0.65 * 0.793)
    assert tonnes_of(1, weight_unit("t W"), None).gross is None
    assert tonnes_of(1, weight_unit("t WO3"), Share(0.5, "WO3")).gross == pytest.approx(2.0)
    assert stated_content("65 % WO3", "tungsten") == Share(0.65, "WO3")
    assert stated_content("99,95 % W", "tungsten") == Share(0.9995, "contained")
    assert stated_content("WO3: 65,5 %", "tungsten") == Share(0.655, "WO3")
    assert stated_content("650 % WO3", "tungsten") is None
    assert stated_content("65 % WO3, 70 % WO3", "tungsten") is None, "two contents"
    assert stated_content("1050 % WO3", "tungsten") is None
    assert stated_content("65 % WO3", "tin") is None


MONEY = {
    "EUR": ("EUR", 1),
    "€": ("EUR", 1),
    "US$": ("USD", 1),
    "$": ("USD", 1),
    "円": ("JPY", 1),
    "元": ("CNY", 1),
    "RMB": ("CNY", 1),
    "TEUR": ("EUR", 1e3),
    "k€": ("EUR", 1e3),
    "thousand EUR": ("EUR", 1e3),
    "1000 USD": ("USD", 1e3),
    "USD 1000": ("USD", 1e3),
    "in Tsd. EUR": ("EUR", 1e3),
    "千円": ("JPY", 1e3),
    "万元": ("CNY", 1e4),
    "百万円": ("JPY", 1e6),
    "Mio EUR": ("EUR", 1e6),
    "USD million": ("USD", 1e6),
    "EUR €": ("EUR", 1),
    "C$": ("CAD", 1),
    "zł": ("PLN", 1),
    "£": ("GBP", 1),
    "億円": ("JPY", 1e8),
}


@pytest.mark.parametrize("text", MONEY)
def test_a_currency_with_its_scale(text):
    found = money_unit(text)
    assert isinstance(found, MoneyUnit), found
    assert (found.currency, found.scale) == MONEY[text]


@pytest.mark.parametrize("text", ["¥", "kr", "Rs", "pesos", "cents", "MEUR", "m€", "xyz", "EUR/kg", ""])
def test_a_sign_of_several_currencies_is_none(text):
    assert isinstance(money_unit(text), str)


def test_money_is_exchanged_at_the_rate_of_its_year_or_refused():
    assert in_usd(151.353, "JPY", 2024, "") == pytest.approx(1.0)
    assert in_usd(7.0, "USD", 1950, "") == 7.0
    for currency, year in (("PLN", 2024), ("EUR", 2016), ("KZT", 2024)):
        assert isinstance(in_usd(1.0, currency, year, "x"), Problem)


def test_every_rate_has_its_source():
    rows = list(csv.DictReader(bundled_text("finance", "exchange_rates.csv").splitlines()))
    assert len({(r["currency"], r["year"]) for r in rows}) == len(rows)
    assert all(float(r["per_usd"]) > 0 and r["source"] and r["date"] and r["evidence_status"] for r in rows)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("All values in thousand EUR", True),
        ("Werte in TEUR", True),
        ("単位：千円", True),
        ("Purchases 2024", False),
        ("Material from China", False),
    ],
)
def test_a_title_that_speaks_of_thousands(text, found):
    assert bool(scale_in(text)) is found


PRODUCTS = {
    "APT": ("tungsten", "oxide"),
    "apt 88.5% WO3": ("tungsten", "oxide"),
    "WO3": ("tungsten", "oxide"),
    "wolfram oxide": ("tungsten", "oxide"),
    "yellow oxide": ("tungsten", "oxide"),
    "ferro-tungsten": ("tungsten", "ferro"),
    "Ferro Tungsten 75% 10-50mm": ("tungsten", "ferro"),
    "tungsten carbide powder": ("tungsten", "powder"),
    "Wolframkarbid": ("tungsten", "powder"),
    "钨精矿": ("tungsten", "concentrate"),
    "tungsten ore 65 % WO3, big bags": ("tungsten", "concentrate"),
    "Wolfram": ("tungsten", ""),
    "W": ("tungsten", ""),
    "コバルト": ("cobalt", ""),
    "Kobalt": ("cobalt", ""),
    "Neodymium oxide": ("rare earths", "oxide"),
    "niobium": ("niobium", ""),
    "FeNb": ("niobium", "ferroniobium"),
    "Seltene Erden": ("rare earths", ""),
    "Antimony trioxide": ("antimony", "trioxide"),
}


@pytest.mark.parametrize("text", PRODUCTS)
def test_a_trade_name_is_a_mineral_and_a_product(text):
    found = named_product(text, "")
    assert isinstance(found, BoughtProduct), str(found)
    assert (found.mineral.name, found.form) == PRODUCTS[text]


@pytest.mark.parametrize(
    "text", ["tungsten copper alloy", "cobalt chrome powder", "lead time", "tin plated steel", "iron man"]
)
def test_a_text_of_two_metals_or_of_other_things_is_no_product(text):
    assert isinstance(named_product(text, ""), Problem)


def test_every_product_and_code_on_record_is_of_a_known_mineral():
    for r in word_rows("products"):
        assert r["mineral"] in all_minerals() and r["source"] and r["evidence_status"], r
    without_facts = {"hafnium", "magnesium", "silicon", "thallium"}
    held = {m for c in customs_codes().values() for m in c.minerals}
    assert held - set(all_minerals()) == without_facts
    assert all(r["source"] and r["evidence_status"] for r in word_rows("customs_codes"))


def test_no_word_means_two_things():
    """A trade name, a unit or a currency stands once, or says the same each time."""
    for table, word, meaning in (
        ("products", "name", "mineral"),
        ("units", "text", "unit"),
        ("currencies", "text", "currency"),
    ):
        seen: dict[str, set[str]] = {}
        for r in word_rows(table):
            seen.setdefault(folded(r[word]), set()).add(r[meaning])
        assert {w: m for w, m in seen.items() if len(m) > 1} == {}, table


def test_codes_agree_with_the_codes_that_indicators_and_worlds_use():
    for mineral in all_minerals().values():
        for code in mineral.hs92:
            assert mineral.name in customs_codes()[code].minerals, code
    for r in csv.DictReader(bundled_text("facts", "minerals", "forms.csv").splitlines()):
        for code in (c for k in ("hs92", "hs2017", "hs2022") for c in r[k].split(";")):
            name = r["mineral"].partition(":")[0]
            if (
                code in customs_codes() and name in all_minerals() and code != "260600"
            ):  # bauxite is its own here
                assert name in customs_codes()[code].minerals, (code, name)


# as invoices carry them -> mineral, or "" where the code alone does not say it
CODES = {
    "8101.10": "tungsten",
    "81 01 10 00": "tungsten",
    "8101.10.0000": "tungsten",
    "810110": "tungsten",
    "8101100000": "tungsten",
    "810194": "tungsten",
    "8101.94.00": "tungsten",
    "8101": "tungsten",
    "810110.0": "tungsten",
    "'810110": "tungsten",
    "HS810110": "tungsten",
    "HS 8101.10": "tungsten",
    "26.11": "tungsten",
    "2611 00 00": "tungsten",
    "284180": "tungsten",
    "2841.80.00": "tungsten",
    "720280": "tungsten",
    "810520": "cobalt",
    "8105.20.60": "cobalt",
    "810320": "tantalum",
    "280530": "rare earths",
    "2846.90.40": "rare earths",
    "811010": "antimony",
    "282580": "antimony",
    "283691": "lithium",
    "811230": "germanium",
    "811241": "rhenium",
    "260500": "cobalt",
    "8106.10.00": "bismuth",
    "811292": "",
    "8112.92.1000": "",
    "811299": "",
    "284990": "",
    "253090": "",
    "261690": "",
    "81011": "",
    "8.1011E+05": "",
    "811293": "",
    "810411": "",
    "850511": "",
    "382499": "",
    "abc": "",
    "81": "",
}


@pytest.mark.parametrize("text", CODES)
def test_a_customs_code_names_its_mineral_or_is_refused(text):
    found = bought("", text, "", "")
    assert (found.mineral.name if isinstance(found, BoughtProduct) else "") == CODES[text]


def test_a_refused_code_says_what_it_holds_and_never_one_that_looks_alike():
    held = str(bought("", "811292", "", "f:2, hs")[0])
    assert "holds gallium, germanium, indium" in held and held.endswith(
        "Expected the name of the mineral beside it"
    )
    for text in ("811293", "850511"):
        assert "id you mean" not in str(customs_code(text, ""))
    assert "digits are lost" in str(customs_code("8.1011E+05", ""))
    assert isinstance(customs_code("8112.92", ""), CustomsCode)


def test_a_code_and_a_name_must_agree():
    assert bought("germanium", "811292", "", "").mineral.name == "germanium"
    assert "holds tungsten" in str(bought("tin", "8101.94", "", "")[0])
    assert "row says ferro" in str(bought("ferrotungsten", "284180", "", "")[0])
    beside = bought("tungsten", "999999", "", "")
    assert beside.mineral.name == "tungsten" and "not on record" in beside.note


YEARS = {
    "2024": 2024,
    "2024.0": 2024,
    "31/12/2024": 2024,
    "12/31/2024": 2024,
    "31.12.2024": 2024,
    "2024-06-30": 2024,
    "2024/6/3": 2024,
    "2024-06-30 12:00": 2024,
    "2024-06-30T12:00:00Z": 2024,
    "30 Jun 2024": 2024,
    "June 30, 2024": 2024,
    "30. Juni 2024": 2024,
    "Mai 2024": 2024,
    "2024年6月30日": 2024,
    "2024年": 2024,
    "06/2024": 2024,
    "FY24": None,
    "2023/24": None,
    "2010/11": None,
    "24": None,
    "45657": None,
    "2024.5": None,
    "31/12/24": None,
    "2.024": None,
    "13/13/2024": None,
    "32/01/2024": None,
    "1024": None,
    "Q1 2024": None,
    "2024年度": None,
    "令和6年": None,
    "2023-2024": None,
}


@pytest.mark.parametrize("text", YEARS)
def test_a_year_or_a_date_is_a_calendar_year_or_is_refused(text):
    found = year_of(TableCell(text), "f:2, year")
    assert (None if isinstance(found, Problem) else found) == YEARS[text]
