"""Every figure of a result can be asked where it came from."""

import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.market.events.events import Quotation
from crosscut.studies.explain.provenance import provenance
from crosscut.studies.shared.levels import conversion_text, quotation_in_trade_unit
from crosscut.worlds import world
from tests.ledgers import BUNDLED


@pytest.fixture(scope="module")
def result():
    return api.run("china-controls-2025", draws=4)


def test_everything_without_a_question(result):
    found = provenance(BUNDLED, result)
    assert len(found["facts"]) > 100
    assert found["unknown_facts"] == []
    assert {a["evidence_status"] for a in found["assumptions"]} >= {"assumed", "derived", "estimated"}
    for fact in found["facts"]:
        assert fact["source_title"], fact
        assert fact["evidence_status"], fact


def test_a_path_gives_the_row_and_what_is_behind_it(result):
    found = provenance(BUNDLED, result, "prices/oxide/EU27/paid")
    assert len(found["figures"]) == 1
    assert found["figures"][0]["median"] == next(
        r["median"]
        for r in result["tables"]["prices"]["rows"]
        if (r["form"], r["place"], r["basis"]) == ("oxide", "EU27", "paid")
    )
    ids = {a["id"] for a in found["assumptions"]}
    assert "sigma/oxide" in ids
    assert "sigma/concentrate" not in ids
    assert 0 < len(found["facts"]) < len(result["facts"])


def test_a_path_that_leads_nowhere_names_those_beside_it(result):
    with pytest.raises(UserError, match=r"no row 'prices/oxide/EU28' .*one of: prices/oxide/"):
        provenance(BUNDLED, result, "prices/oxide/EU28")


@pytest.mark.parametrize("path", ["prices/apt/EU27", "prices/APT/EU-27", "prices/oxide/European Union"])
def test_a_path_is_understood_as_the_trade_writes_it(result, path):
    found = provenance(BUNDLED, result, path)["figures"]
    assert found == provenance(BUNDLED, result, "prices/oxide/EU27")["figures"]
    assert found


def test_words_filter(result):
    found = provenance(BUNDLED, result, "licence")
    assert [d["event"] for d in found["drivers"]] == ["licence", "licence-powder"]
    assert all("licence" in str(a.values()).lower() for a in found["assumptions"])


def test_an_unused_parameter_is_no_assumption(result):
    """Oxide has no primary supply, so its supply elasticity explains nothing."""
    assert "eta/oxide" not in {a["id"] for a in result["assumptions"]}


def test_a_chinese_quotation_loses_tax_and_becomes_usd():
    """670,000 CNY/t APT: / 1.13 / 7.0 / 0.7018 t W x 0.00793 t W/mtu = 957 USD/mtu."""
    q = Quotation(
        "2026-01-05",
        670_000,
        "CNY/t",
        "oxide",
        "CHN",
        "APT China",
        "SMM",
        product="APT",
        tax=0.13,
        per_usd=7.0,
    )
    assert quotation_in_trade_unit(q, world(BUNDLED, "tungsten")) == 957
    assert "13% tax taken off, 7 per USD" in conversion_text(q)


def test_a_quotation_that_does_not_say_how_is_not_compared():
    q = Quotation("2026-01-05", 670_000, "CNY/t", "oxide", "CHN", "APT China", "SMM")
    assert quotation_in_trade_unit(q, world(BUNDLED, "tungsten")) is None
