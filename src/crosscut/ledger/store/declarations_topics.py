"""Declarations of the hazard tables: restrictions, outages, how often, how long, stocks, routes.

Declarations of the finance tables: taxes, terms of money, costs, tenders, levers, the host country.
"""

from __future__ import annotations

from crosscut.ledger.store.fact import TableSpec, ValueColumn

_TERCILES = ("low", "middle", "high")

HAZARDS: dict[str, TableSpec] = {
    "hazards/export_restrictions": TableSpec(
        "restriction",
        ("row_id", "country_iso3"),
        "effective",
        (
            ValueColumn(
                "rate_or_size",
                "export restriction",
                "",
                ("mineral", "form", "instrument", "direction"),
                text=True,
            ),
            ValueColumn(
                "world_share_pct",
                "share of world supply touched",
                "=percent",
                ("mineral", "form", "instrument"),
            ),
        ),
        ("world_share_pct",),
        "mineral",
        label=("country_iso3",),
        places=("country_iso3",),
        topic="hazards",
        codes={
            "direction": ("new", "tighten", "renew", "relax", "proposal"),
            "instrument": (
                "quota",
                "informal halt",
                "tax",
                "minimum_price",
                "licence",
                "rebate_removal",
                "ban",
                "suspension",
                "captive_mining",
                "transit_block",
                "import_ban",
                "sanction",
            ),
        },
    ),
    "hazards/supply_outages": TableSpec(
        "outage",
        ("row_id", "site_or_firm"),
        "start",
        (
            ValueColumn("length_days", "length of outage", "=days", ("mineral", "cause", "stage")),
            ValueColumn("lost_quantity", "quantity lost", "lost_unit", ("mineral", "cause", "stage")),
            ValueColumn(
                "world_share_pct", "share of world supply touched", "=percent", ("mineral", "cause", "stage")
            ),
        ),
        ("length_days", "lost_quantity", "world_share_pct"),
        "mineral",
        label=("site_or_firm",),
        topic="hazards",
        places=("country_iso3",),
        codes={
            "cause": (
                "strike",
                "blockade",
                "accident",
                "weather",
                "power",
                "earthquake",
                "pandemic",
                "regulator",
                "war",
                "flood",
                "market",
                "sanction",
                "technical",
                "depletion",
            )
        },
    ),
    "hazards/durations": TableSpec(
        "event",
        ("row_id", "event"),
        "start",
        (
            ValueColumn("length_days", "length", "=days", ("mineral", "instrument_or_cause")),
            ValueColumn("recovery_shape", "recovery", "=text", ("mineral", "instrument_or_cause"), text=True),
        ),
        ("length_days",),
        "mineral",
        label=("event",),
        topic="hazards",
        places=("country_iso3",),
    ),
    "hazards/stocks": TableSpec(
        "holder",
        ("holder", "country_iso3"),
        "as_of",
        (
            ValueColumn("value", "stock", "unit", ("mineral", "kind")),
            ValueColumn("days_or_weeks_cover", "cover", "=text", ("mineral", "kind"), text=True),
        ),
        (),
        "mineral",
        label=("holder",),
        topic="hazards",
        places=("country_iso3",),
    ),
    "hazards/restriction_rates": TableSpec(
        "scope",
        ("row_id", "scope"),
        "period",
        (ValueColumn("value", "rate", "unit", ("measure", "kind")),),
        label=("scope",),
        topic="hazards",
    ),
    "hazards/correlations": TableSpec(
        "link",
        ("row_id", "group_id"),
        "date",
        (ValueColumn("n_minerals", "minerals linked", "=count", ("link_type", "minerals", "fact")),),
        ("n_minerals",),
        label=("group_id", "country_iso3"),
        topic="hazards",
        codes={"strength": ("certain", "strong", "moderate", "weak")},
    ),
    "hazards/chokepoints": TableSpec(
        "chokepoint",
        ("row_id", "chokepoint"),
        "start",
        (
            ValueColumn("length_days", "length", "=days", ("event",)),
            ValueColumn("traffic_loss_pct", "traffic lost", "=percent", ("event", "minerals_exposed")),
        ),
        label=("chokepoint",),
        topic="hazards",
    ),
    "hazards/hazard_panel": TableSpec(
        "country",
        ("country_iso3",),
        "",
        (
            ValueColumn(
                "share_of_world_2018_2022", "share of world output, mean 2018-22", "=ratio", ("mineral",)
            ),
            ValueColumn("wgi_political_stability_2009_2022", "political stability, mean 2009-22", "=index"),
        ),
        ("share_of_world_2018_2022", "wgi_political_stability_2009_2022"),
        "mineral",
        topic="hazards",
        places=("country_iso3",),
        codes={"governance_tercile": _TERCILES},
    ),
    "hazards/hazard_events_used": TableSpec(
        "country",
        ("country_iso3",),
        "year",
        (
            ValueColumn(
                "class", "onset of a restriction", "=text", ("mineral", "package", "target"), text=True
            ),
        ),
        (),
        "mineral",
        topic="hazards",
        places=("country_iso3",),
        codes={"class": ("tax", "quota", "licence", "stop")},
    ),
    "hazards/hazard_estimates": TableSpec(
        "scope",
        ("row_id", "scope"),
        "period",
        (
            ValueColumn(
                "rate_pct_per_year",
                "annual hazard",
                "unit",
                ("measure", "governance_tercile", "instrument_or_cause"),
            ),
            ValueColumn(
                "events", "events counted", "=count", ("measure", "governance_tercile", "instrument_or_cause")
            ),
        ),
        (
            "events",
            "exposure",
            "rate_pct_per_year",
            "exact90_low",
            "exact90_high",
            "cluster90_low",
            "cluster90_high",
        ),
        low="exact90_low",
        high="exact90_high",
        label=("scope",),
        topic="hazards",
    ),
}


def _one(by: tuple[str, ...], attribute: str = "") -> tuple[ValueColumn, ...]:
    return (ValueColumn("value", attribute, "unit", by),)


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
            ValueColumn("value_musd", "value of the bid", "=million USD", ("bidder", "value_kind")),
            ValueColumn("offer_cash_musd", "cash offered", "=text", ("bidder",), text=True),
            ValueColumn("state_share_pct", "share of the state", "=percent", ("bidder",)),
            ValueColumn("offer_equity_split", "equity split", "=text", ("bidder",), text=True),
            ValueColumn("offer_royalty_or_tax", "royalty or tax offered", "=text", ("bidder",), text=True),
            ValueColumn("offer_processing", "processing offered", "=text", ("bidder",), text=True),
            ValueColumn("offer_infrastructure", "infrastructure offered", "=text", ("bidder",), text=True),
            ValueColumn("offer_finance", "finance offered", "=text", ("bidder",), text=True),
            ValueColumn("won", "won", "=text", ("bidder",), text=True),
            ValueColumn("decisive_factor", "decisive factor", "=text", ("bidder",), text=True),
            ValueColumn("later_fate", "later fate", "=text", ("bidder",), text=True),
        ),
        ("value_musd", "state_share_pct"),
        label=("asset",),
        places=("country_iso3",),
        codes={"row_kind": ("bid", "context"), "won": ("0", "1", "")},
        mineral_column="mineral",
        topic="finance",
    ),
}
