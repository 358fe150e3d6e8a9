"""Units: closed forms, one for every unit that occurs in the fact tables, and what must be refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.base.errors import Refused, UserError
from crosscut.base.units import (
    CONTENTS,
    Contained,
    ExchangeRate,
    Gross,
    Money,
    annual_rate,
    contained_tonnes,
    contained_tonnes_a_year,
    content,
    gross_tonnes,
    price_in,
    usd_per_t_contained,
)
from crosscut.ledger.store.tables import rows, units
from tests.ledgers import BUNDLED

FX = {
    "CNY": ExchangeRate("CNY", 8.0, "2024", "made up for the test"),
    "EUR": ExchangeRate("EUR", 0.8, "2024", "made up for the test"),
}
HALF = 0.5  # content taken for gross units
PER_MTU = 1000 / 7.93  # t W from one USD/mtu WO3: 1 mtu WO3 = 7.93 kg W

# One of each unit in the inside unit, by hand: t contained, t contained a year, USD per t contained.
TONNAGES = {
    "t": 0.5,
    "t product": 0.5,
    "t gross": 0.5,
    "t product total": 0.5,
    "t concentrate": 0.5,
    "t ore": 0.5,
    "Mt ore": 500_000.0,
    "t W": 1.0,
    "t W content": 1.0,
    "t WO3": 0.793,
    "kg WO3": 0.000793,
    "mtu": 0.00793,
    "t concentrate (65% WO3)": 0.51545,
}
RATES = {
    "t W/y": 1.0,
    "t W a year": 1.0,
    "t W/y plan": 1.0,
    "t WO3/y": 0.793,
    "t WO3/y plan": 0.793,
    "mtu WO3/y": 0.00793,
    "mtu WO3/y plan": 0.00793,
    "mtu WO3/y (as APT)": 0.00793,
    "mtu WO3/y basis": 0.00793,
    "t APT/y": 0.7018,
    "t APT/y (5000-10000)": 0.7018,
    "t a year": 0.5,
    "t product/y": 0.5,
    "t/y product": 0.5,
    "t/month": 6.0,
    "t concentrate/y": 0.5,
    "t concentrate/y plan": 0.5,
    "t concentrate/y (2016 region)": 0.5,
    "t concentrate/y (2017 plan)": 0.5,
    "t concentrate/y after revamp": 0.5,
    "t concentrate/y by end 2027": 0.5,
    "t ore/d": 182.5,
    "t ore/y": 0.5,
    "t ore/y phase 1": 0.5,
    "Mt ore/y": 500_000.0,
    "Mt ore/y (2033-2047)": 500_000.0,
    "Mt ore/y plan (2017)": 500_000.0,
}
PRICES = {
    "USD/mtu WO3": PER_MTU,
    "USD/mtu WO3 (APT basis)": PER_MTU,
    "USD/dmtu WO3": PER_MTU,
    "USD/dmtu": PER_MTU,
    "USD/kg W": 1000.0,
    "USD/kg W content": 1000.0,
    "USD/kg": 2000.0,
    "EUR/kg": 2500.0,
    "CNY/kg": 250.0,
    "CNY/t": 0.25,
    "CNY per metric ton": 0.25,
    "dollars per metric ton": 2.0,
    "dollars per kilogram": 2000.0,
    "dollars per pound": 4409.245244,
    "cents per pound": 44.09245244,
    "dollars per troy ounce": 64301.49314,
    "USD/lb": 4409.245244,
    "USD/oz": 64301.49314,
}


def _value(unit: str) -> float:
    entry = units(BUNDLED)[unit]
    if entry.kind == "price":
        return usd_per_t_contained(1.0, entry.means, form=HALF, rate=FX.get(entry.means[:3]))
    if entry.kind == "rate":
        return contained_tonnes_a_year(1.0, entry.means, form=HALF).tonnes
    return contained_tonnes(1.0, entry.means, form=HALF).tonnes


@pytest.mark.parametrize(("unit", "expected"), sorted((TONNAGES | RATES | PRICES).items()))
def test_every_unit_of_the_tables_in_closed_form(unit: str, expected: float) -> None:
    assert _value(unit) == pytest.approx(expected, rel=1e-8)


def test_no_convertible_unit_is_without_a_closed_form() -> None:
    by_kind = {
        k: {u.text for u in units(BUNDLED).values() if u.means and u.kind == k}
        for k in ("tonnage", "rate", "price")
    }
    assert by_kind == {"tonnage": set(TONNAGES), "rate": set(RATES), "price": set(PRICES)}
    assert not [u for u in units(BUNDLED).values() if u.means and u.kind not in by_kind]


def test_prices_the_trade_knows() -> None:
    assert usd_per_t_contained(339, "USD/mtu WO3") == pytest.approx(42_749, abs=0.5)
    assert usd_per_t_contained(42.749, "USD/kg W") == pytest.approx(42_749)
    assert price_in(42_749, "USD/mtu WO3") == pytest.approx(339.0, abs=0.01)
    # 143,000 CNY a tonne of 65 % concentrate at 7.2 CNY/USD: 143000 / 7.2 / (0.65 x 0.793)
    rate = ExchangeRate("CNY", 7.2, "2024", "a round number")
    assert usd_per_t_contained(143_000, "CNY/t 65 % concentrate", rate=rate) == pytest.approx(
        38_531.6, abs=0.1
    )
    assert usd_per_t_contained(210_000, "CNY/t APT", rate=rate) == pytest.approx(210_000 / 7.2 / 0.7018)


def test_units_of_wo3_by_their_definition() -> None:
    """USGS MCS 2026, Tungsten: a metric ton unit of WO3 holds 7.93 kg W, a short ton unit 7.19 kg W."""
    assert contained_tonnes(1, "mtu WO3").tonnes == pytest.approx(0.00793)
    assert contained_tonnes(1, "stu").tonnes == pytest.approx(0.00719, abs=5e-6)
    assert contained_tonnes(1, "dmtu WO3") == contained_tonnes(1, "mtu")


def test_contents_agree_with_the_stage_table() -> None:
    listed = {
        r["product"]: r["w_content_t_per_t"]
        for r in rows(BUNDLED, "tungsten/stages")
        if r["w_content_t_per_t"]
    }
    for product, form in {
        "concentrate 65% WO3": "concentrate",
        "concentrate 55% WO3": "concentrate 55%",
        "concentrate 50% WO3": "concentrate 50%",
        "CaWO4 pure": "scheelite",
        "ammonium paratungstate (88.5% WO3 min)": "APT",
        "tungsten trioxide (yellow/blue oxide)": "WO3",
        "tungsten metal powder": "powder",
        "tungsten carbide powder": "WC",
        "ferrotungsten 75% W": "FeW",
        "ferrotungsten 70% W (Chinese grade)": "FeW 70%",
        "cemented carbide scrap W content": "carbide scrap",
        "cemented carbide straight grade 90% WC 10% Co": "hardmetal",
    }.items():
        assert content(form).value == pytest.approx(float(listed[product]), abs=6e-5), product


def test_contents_by_stoichiometry() -> None:
    w, o, c, ca, na, h = 183.84, 15.999, 12.011, 40.078, 22.990, 1.008
    assert content("WO3").value == pytest.approx(w / (w + 3 * o), abs=1e-4)
    assert content("WC").value == pytest.approx(w / (w + c), abs=1e-4)
    assert content("scheelite").value == pytest.approx(w / (ca + w + 4 * o), abs=1e-4)
    assert content("sodium tungstate").value == pytest.approx(w / (2 * na + w + 6 * o + 4 * h), abs=1e-3)
    assert content("APT").value == pytest.approx(0.885 * 0.793, abs=1e-4)
    assert all(0 < x.value <= 1 and x.source for x in CONTENTS.values())


def test_gross_and_contained_never_meet() -> None:
    with pytest.raises(TypeError):
        Gross(1.0) + Contained(1.0)  # type: ignore[operator]
    with pytest.raises(TypeError):
        Contained(1.0) - Gross(1.0)  # type: ignore[operator]
    with pytest.raises(TypeError):
        _ = Gross(1.0) < Contained(1.0)  # type: ignore[operator]
    with pytest.raises(TypeError):
        Contained(1.0) + 1.0  # type: ignore[operator]
    assert Gross(1.0) != Contained(1.0)
    assert 2 * Gross(1.5) - Gross(1.0) == Gross(2.0)


@pytest.mark.soak
def test_the_type_checker_refuses_gross_plus_contained(tmp_path: Path) -> None:
    api = pytest.importorskip("mypy.api")
    file = tmp_path / "mixed.py"
    for right, code in (("Gross(2.0)", 0), ("Contained(2.0)", 1)):
        names = "from crosscut.base.units import Contained, Gross\n"
        file.write_text(f"{names}x = Gross(1.0) + {right}\ny = Contained(1.0)\n")
        out, _, status = api.run(["--strict", "--cache-dir", str(tmp_path / "cache"), str(file)])
        assert status == code, out


finite = st.floats(min_value=1e-6, max_value=1e9)


@given(finite, st.sampled_from([u for u, e in units(BUNDLED).items() if e.kind == "price" and e.means]))
def test_prices_go_round(value: float, unit: str) -> None:
    means = units(BUNDLED)[unit].means
    rate = FX.get(means[:3])
    inside = usd_per_t_contained(value, means, form="APT", rate=rate)
    assert price_in(inside, means, form="APT", rate=rate) == pytest.approx(value, rel=1e-12)


@given(finite, st.sampled_from(sorted(CONTENTS)))
def test_tonnages_go_round(tonnes: float, form: str) -> None:
    share = content(form).value
    assert Gross(tonnes).contained(share).gross(share).tonnes == pytest.approx(tonnes, rel=1e-12)


@given(finite, finite)
def test_conversion_is_linear(a: float, b: float) -> None:
    one, two = contained_tonnes(a, "kg WO3"), contained_tonnes(b, "kg WO3")
    assert contained_tonnes(a + b, "kg WO3").tonnes == pytest.approx((one + two).tonnes, rel=1e-9)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: usd_per_t_contained(1, "USD/mtuu WO3"), "Did you mean 'USD/mtu WO3'"),
        (lambda: usd_per_t_contained(1, "USD/t"), "is gross"),
        (lambda: usd_per_t_contained(1, "CNY/kg W"), "dated exchange rate"),
        (lambda: usd_per_t_contained(1, "CNY/kg W", rate=FX["EUR"]), "dated exchange rate"),
        (lambda: usd_per_t_contained(1, "t W"), "does not fit"),
        (lambda: usd_per_t_contained(float("nan"), "USD/kg W"), "missing is not NaN"),
        (lambda: price_in(float("inf"), "USD/kg W"), "finite"),
        (lambda: contained_tonnes(1, "t W/year"), "does not fit"),
        (lambda: contained_tonnes_a_year(1, "t W"), "does not fit"),
        (lambda: contained_tonnes(1, "t", form="unobtainium"), "unknown tungsten form"),
        (lambda: contained_tonnes(1, "t", form=65.0), "0.65 if 65 is a percentage"),
        (lambda: gross_tonnes(1, "t WO3"), "does not fit"),
        (lambda: contained_tonnes(1, "furlongs"), "unknown unit"),
        (lambda: contained_tonnes(1, ""), "unknown unit"),
        (lambda: Gross(float("nan")), "not a quantity"),
        (lambda: Gross(1.0).contained(0.0), "not a fraction"),
    ],
)
def test_refused_with_a_hint(call, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError, match=says):
        call()


def test_money_keeps_currency_and_year() -> None:
    assert Money(1.0, "USD", 2024) + Money(2.0, "USD", 2024) == Money(3.0, "USD", 2024)
    for other in (Money(1.0, "USD"), Money(1.0, "USD", 2023), Money(1.0, "CNY", 2024)):
        with pytest.raises(UserError, match="cannot add"):
            Money(1.0, "USD", 2024) + other
    assert annual_rate("CNY", 2024).to_usd(Money(7.189, "CNY", 2020)) == Money(1.0, "USD", 2020)
    with pytest.raises(UserError, match="does not convert"):
        annual_rate("CNY", 2024).to_usd(Money(1.0, "EUR"))
    with pytest.raises(UserError, match="Did you mean 'CNY'"):
        Money(1.0, "CNYY")


def test_rates_have_a_source_and_unknown_years_are_refused() -> None:
    rate = annual_rate("EUR", 2024)
    assert (rate.evidence_status, rate.period) == ("reported", "2024") and "Internal Revenue" in rate.source
    with pytest.raises(Refused, match="no average exchange rate of CNY in 1999"):
        annual_rate("CNY", 1999)
    with pytest.raises(UserError, match="needs its period and source"):
        ExchangeRate("CNY", 7.0, "", "")


# Federal Reserve Board, G.5A, releases of 1 November 2021 and 1 February 2024, units per USD
FEDERAL_RESERVE = {
    2019: {
        "CAD": 1.3269,
        "CNY": 6.9081,
        "JPY": 109.0188,
        "KRW": 1165.8016,
        "EUR": 1 / 1.1194,
        "INR": 70.3777,
    },
    2020: {"CAD": 1.3422, "CNY": 6.9042, "JPY": 106.7754, "CHF": 0.9389, "GBP": 1 / 1.2829, "BRL": 5.1587},
    2021: {
        "AUD": 1 / 0.7515,
        "CNY": 6.4508,
        "JPY": 109.8429,
        "SEK": 8.5812,
        "EUR": 1 / 1.1830,
        "MXN": 20.2844,
    },
    2022: {"ZAR": 16.3598, "CNY": 6.7290, "JPY": 131.4589, "NOK": 9.6138, "EUR": 1 / 1.0534, "TWD": 29.7963},
    2023: {"DKK": 6.8900, "CNY": 7.0809, "JPY": 140.5001, "THB": 34.7841, "GBP": 1 / 1.2440, "SGD": 1.3428},
    2025: {"CNY": 7.1875, "KRW": 1421.40, "EUR": 1 / 1.1306},
}


@pytest.mark.parametrize("year", FEDERAL_RESERVE)
def test_rates_agree_with_a_second_publisher(year: int) -> None:
    for currency, value in FEDERAL_RESERVE[year].items():
        assert annual_rate(currency, year).value == pytest.approx(value, rel=0.012), currency


def test_importing_units_loads_no_pint() -> None:
    code = "import sys, crosscut.base.units; print('pint' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
