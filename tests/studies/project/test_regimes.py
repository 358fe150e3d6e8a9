"""Fiscal regimes say what the facts say, keep the evidence status of the facts, and go through the engine."""

import re

import pytest

from crosscut.finance.answers.valuation import valuation
from crosscut.inputs.project.fact_citation import cited
from crosscut.inputs.project.loader import project_from_text
from crosscut.inputs.project.precedents import precedents
from crosscut.inputs.project.provenance import evidence_statuses, project_assumptions, sourced_parts
from crosscut.inputs.project.regimes import regimes
from crosscut.ledger.store.tables import rows
from crosscut.studies.project.build import built
from tests.ledgers import BUNDLED
from tests.studies.project.bad import GOOD

FACTS = {r["id"]: r for r in rows(BUNDLED, "finance/fiscal_regimes")}


def parts(regime):
    """(value, fact row) of every rate that cites a row with one plain percentage."""
    for r in regime.royalties or []:
        if r.rate is not None:
            yield r.id, r.rate.mid, r.rate.fact or r.fact
    if regime.income is not None:
        yield "income", regime.income.rate.mid, regime.income.rate.fact or regime.income.fact
    for name in ("export_duty", "dividends", "interest"):
        f = getattr(regime, name)
        if f is not None:
            yield name, f.mid, f.fact
    if regime.vat is not None:
        yield "vat", regime.vat.rate.mid, regime.vat.rate.fact


# Where the rate is not the number of its row: the reason stands in the note of the rule.
READ_OTHERWISE = {
    ("usa-idaho", "income"),
    ("usa-montana", "income"),
    ("usa-nevada", "interest"),
    ("usa-idaho", "interest"),
    ("usa-montana", "interest"),
    ("usa-idaho", "dividends"),
    ("canada-new-brunswick", "dividends"),
    ("canada-yukon", "dividends"),
    ("canada-new-brunswick", "income"),
    ("canada-yukon", "income"),
    ("australia-tasmania", "royalty"),
    ("spain", "dividends"),
    ("spain", "interest"),
    ("portugal", "income"),
    ("portugal", "dividends"),
    ("portugal", "interest"),
    ("china", "dividends"),
    ("china", "interest"),
    ("vietnam", "export_duty"),
    ("bolivia", "income"),
    ("mongolia", "interest"),
    ("kazakhstan-2026", "interest"),
    ("kazakhstan-2026-product-base", "interest"),
    ("kazakhstan-2026-holiday", "interest"),
    ("kazakhstan-2026-holiday", "extraction-tax"),
    ("korea", "royalty"),
    ("korea", "local-resource-tax"),
}


@pytest.mark.parametrize("id", list(regimes()))
def test_rates_are_those_of_the_rows_they_cite(id):
    r = regimes()[id]
    checked = 0
    for name, value, fact in parts(r):
        if fact is None:
            assert id == "none" or value == 0.0
            continue
        row = FACTS[fact]
        assert row["country_iso3"] == r.country
        printed = row["value"]
        if re.fullmatch(r"[0-9.]+", printed) and (id, name) not in READ_OTHERWISE:
            assert value == pytest.approx(float(printed) / 100), f"{id} {name} {fact}"
            checked += 1
    assert checked >= 1 or id in (
        "none",
        "usa-nevada",
        "bolivia",
        "canada-yukon",
        "korea",
        "spain",
        "vietnam",
        "portugal",
    )


def test_both_loads_of_the_kazakh_tax_are_there():
    """7.8 % of the value of the product, and 12 % where the metal in the ore is taxed at a recovery of 65
    %."""
    text = GOOD.replace("recovery: {mid: 0.72, low: 0.62, high: 0.78}", "recovery: 0.65")
    text = text.replace("recovery_ramp: [0.85, 0.95, 1.0]", "recovery_ramp: [1.0]").replace(
        "by_products:\n  - id: molybdenum\n    per_ore: 0.00008\n    price: {mid: 38000, low: 28000, high:"
        " 50000}\n",
        "",
    )
    for regime, load in (("kazakhstan-2026-product-base", 0.078), ("kazakhstan-2026", 0.12)):
        v = valuation(
            built(project_from_text(BUNDLED, text.replace("kazakhstan-2026}", f"{regime}}}"), "x.yaml"))[0]
        )
        paid = -v.cash.duties["extraction-tax"].sum()
        assert paid / v.operations.product.sum() == pytest.approx(load, rel=1e-9)


def test_recalled_rules_stay_marked():
    known = evidence_statuses(project_from_text(BUNDLED, GOOD, "x.yaml"))
    assert known["taxes.income.plant"] == "recalled"  # F017
    assert known["taxes.income.rate"] == "reported"  # F022
    uk = evidence_statuses(
        project_from_text(BUNDLED, GOOD.replace("kazakhstan-2026}", "united-kingdom}"), "x.yaml")
    )
    assert {uk["taxes.income"], uk["taxes.income.plant"], uk["taxes.vat.rate"]} == {"recalled"}


def test_every_citation_of_regimes_and_precedents_is_a_row():
    for r in regimes().values():
        assert all(cited(BUNDLED, i) for i in r.cites)
    for p in precedents().values():
        assert all(cited(BUNDLED, i) for i in p["cites"])
        assert cited(BUNDLED, p["loan"]["fact"])


@pytest.mark.parametrize("id", list(regimes()))
def test_every_regime_runs(id):
    v = valuation(built(project_from_text(BUNDLED, GOOD.replace("kazakhstan-2026}", f"{id}}}"), "x.yaml"))[0])
    assert abs(v.statements.gap).max() < 1e-3
    if id == "none":
        assert v.unlevered.tax.sum() == 0


@pytest.mark.parametrize("like", list(precedents()))
def test_a_loan_starts_from_a_precedent_and_keeps_what_it_says(like):
    start, stop = GOOD.index("    - id: export-credit"), GOOD.index("  covenants:")
    text = GOOD[:start] + f"    - {{id: export-credit, like: {like}, share: 0.4, tenor: 9}}\n" + GOOD[stop:]
    source = project_from_text(BUNDLED, text, "x.yaml")
    loan = source.file.finance.loans[0]
    assert loan.tenor == 9
    assert loan.lender == precedents()[like]["loan"]["lender"]
    listed = {r.id: r for r in project_assumptions(source, built(source)[1])}
    assert listed["finance.loans[export-credit].rate"].source
    assert listed["finance.loans[export-credit].rate"].evidence_status != "assumed"


def test_every_figure_has_an_evidence_status():
    source = project_from_text(BUNDLED, GOOD, "x.yaml")
    known = evidence_statuses(source)
    figures = built(source)[1]
    assert len(figures) > 30
    for row in project_assumptions(source, figures):
        assert row.evidence_status in ("reported", "estimated", "derived", "claimed", "recalled", "assumed")
        assert row.id in known
    assert len(list(sourced_parts(source))) >= len(figures)


def test_holiday_of_a_regime_reaches_the_project():
    text = GOOD.replace("kazakhstan-2026}", "kazakhstan-2026-holiday}")
    due = built(project_from_text(BUNDLED, text, "x.yaml"))[0].fiscal.royalties[0].due[:, 0]
    assert due[:8].tolist() == [
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
    ]  # production in the third year, then five years without
