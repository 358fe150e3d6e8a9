"""Declarations of the finance tables: taxes, terms of money, costs, tenders, levers, the host country."""

from __future__ import annotations

from crosscut.facts.schema import Measure, TableSpec


def _one(by: tuple[str, ...], attribute: str = "") -> tuple[Measure, ...]:
    return (Measure("value", attribute, "unit", by),)


FINANCE: dict[str, TableSpec] = {
    "finance/capital_cost_of_money": TableSpec(
        "institution",
        ("id", "institution"),
        "as_of",
        _one(("topic", "metric")),
        label=("institution",),
        places=("country_iso3",),
    ),
    "finance/fiscal_regimes": TableSpec(
        "country",
        ("country_iso3", "subnational"),
        "effective_from",
        _one(("item", "base_or_rule"), "tax rule"),
        places=("country_iso3",),
    ),
    "finance/kazakhstan": TableSpec(
        "country",
        (),
        "period",
        _one(("topic", "metric", "partner_or_place")),
        fixed_subject=("KAZ", "Kazakhstan"),
    ),
    "finance/levers": TableSpec(
        "lever", ("id", "actor", "target"), "date", _one(("lever_type", "lever")), label=("actor", "target")
    ),
    "finance/project_costs": TableSpec(
        "project",
        ("project",),
        "stage_and_year",
        _one(("metric", "basis")),
        places=("country_iso3",),
        topic="tungsten",
        basis="basis",
    ),
    "finance/tenders": TableSpec(
        "tender",
        ("contest_id", "asset"),
        "year",
        (
            Measure("value_musd", "value of the bid", "=million USD", ("bidder", "value_kind")),
            Measure("offer_cash_musd", "cash offered", "=text", ("bidder",), text=True),
            Measure("state_share_pct", "share of the state", "=percent", ("bidder",)),
            Measure("offer_equity_split", "equity split", "=text", ("bidder",), text=True),
            Measure("offer_royalty_or_tax", "royalty or tax offered", "=text", ("bidder",), text=True),
            Measure("offer_processing", "processing offered", "=text", ("bidder",), text=True),
            Measure("offer_infrastructure", "infrastructure offered", "=text", ("bidder",), text=True),
            Measure("offer_finance", "finance offered", "=text", ("bidder",), text=True),
            Measure("won", "won", "=text", ("bidder",), text=True),
            Measure("decisive_factor", "decisive factor", "=text", ("bidder",), text=True),
            Measure("later_fate", "later fate", "=text", ("bidder",), text=True),
        ),
        ("value_musd", "state_share_pct"),
        label=("asset",),
        places=("country_iso3",),
        codes={"row_kind": ("bid", "context"), "won": ("0", "1", "")},
        mineral_column="mineral",
        topic="finance",
    ),
}
