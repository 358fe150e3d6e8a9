"""Build taxes: the taxes of a project file, its regime filled in, as a Fiscal."""

from __future__ import annotations

import numpy as np

from crosscut.finance.cash.fiscal import Credit, Depreciation, Fiscal, IncomeTax, Royalty, Vat
from crosscut.inputs.project.money_schema import CreditEntry, DepreciationEntry, IncomeTaxEntry, RoyaltyEntry
from crosscut.inputs.project.regimes import regime, taxes_of
from crosscut.studies.project.builder import Builder, Scale


def fiscal_of(b: Builder, scale: Scale) -> Fiscal:
    """All that is taken, over the years of the builder. Raises UserError for an unknown regime."""
    t = taxes_of(b.file.taxes, b.source.at("taxes", "regime"))
    assert t.income is not None
    vat = None
    if t.vat is not None:
        rate = b.figure("taxes.vat.rate", t.vat.rate)
        vat = Vat(rate, t.vat.share_of_costs, t.vat.share_of_capital, t.vat.refund_years)
    return Fiscal(
        income=_income(b, t.income),
        royalties=tuple(_royalty(b, r, scale) for r in t.royalties or []),
        export_duty=b.figure("taxes.export_duty", t.export_duty),
        credits=tuple(_credit(b, c) for c in t.credits or []),
        vat=vat,
        dividends=b.figure("taxes.dividends", t.dividends),
        interest=b.figure("taxes.interest", t.interest),
    )


def regime_fiscal(id: str, years: int, production: int = 0) -> Fiscal:
    """A bundled regime in its middle, for `years` years of which production begins at index `production`:
    income tax and royalties alone, without VAT, credits and what is withheld."""
    t = regime(id, "regime")
    assert t.income is not None
    due = np.ones((years, 1))
    royalties = []
    for r in t.royalties or []:
        late = due.copy()
        late[: production + r.holiday if r.holiday else 0] = 0.0
        steps = tuple((low, share) for low, share in r.steps or [])
        rate = r.rate.mid if r.rate is not None else 0.0
        royalties.append(Royalty(r.id, r.base, rate, steps, late, r.to == "private", r.deductible))
    how = {"plant": _how(t.income.plant)}
    how["building"] = _how(t.income.building) if t.income.building else how["plant"]
    how["preparation"] = _how(t.income.preparation) if t.income.preparation else how["plant"]
    income = IncomeTax(
        t.income.rate.mid or 0.0,
        how,
        t.income.loss_years,
        t.income.loss_cap,
        due,
        t.income.depletion,
        t.income.depletion_cap,
        t.income.interest_deductible,
    )
    return Fiscal(income, tuple(royalties))


def _income(b: Builder, t: IncomeTaxEntry) -> IncomeTax:
    how = {"plant": _how(t.plant)}
    how["building"] = _how(t.building) if t.building else how["plant"]
    how["preparation"] = _how(t.preparation) if t.preparation else how["plant"]
    return IncomeTax(
        b.series("taxes.income.rate", t.rate),
        how,
        t.loss_years,
        t.loss_cap,
        b.due(None, None, t.holiday),
        t.depletion,
        t.depletion_cap,
        t.interest_deductible,
    )


def _how(d: DepreciationEntry) -> Depreciation:
    return Depreciation(d.method, d.years or 0.0, d.rate or 0.0)


def _royalty(b: Builder, r: RoyaltyEntry, scale: Scale) -> Royalty:
    rate = b.figure(f"taxes.royalties[{r.id}].rate", r.rate)
    steps = tuple((low / b.unit.mtu, share) for low, share in r.steps or [])
    if r.base == "unit":
        rate = rate / b.unit.mtu
    return Royalty(
        r.id,
        "mtu" if r.base == "unit" else r.base,
        scale(rate) if r.base in ("ore", "mtu", "unit") else rate,
        steps,
        b.due(r.first, r.last, r.holiday),
        r.to == "private",
        r.deductible,
    )


def _credit(b: Builder, c: CreditEntry) -> Credit:
    rate = b.figure(f"taxes.credits[{c.id}].rate", c.rate) * b.due(c.first, c.last)
    return Credit(c.id, c.base, rate * b.by_year(c.shares) if c.shares else rate)
