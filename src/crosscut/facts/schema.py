"""Schema: what a fact is, and how each bundled table says it.

A table is a CSV with its own subject columns plus `source_id`, `standing` and (mostly) `note`. `TABLES` declares for
every table which columns name the subject, the attribute, the value, the unit and the period; validation, the
ledger and the docs read this one declaration.
"""

from __future__ import annotations

from dataclasses import dataclass

STANDINGS = ("reported", "estimated", "derived", "claimed", "recalled", "assumed")


@dataclass(frozen=True)
class Source:
    """Who says so."""

    id: str
    title: str
    url: str
    published: str
    accessed: str


@dataclass(frozen=True)
class Fact:
    """One value with subject, attribute, unit, period, source and standing.

    `value` is a number where the table gives one, else its text; None is withheld or not printed, never zero.
    """

    id: str
    mineral: str
    table: str
    subject: str
    attribute: str
    value: float | str | None
    unit: str
    period: str
    low: float | None
    high: float | None
    source_id: str
    standing: str
    note: str


@dataclass(frozen=True)
class Measure:
    """One value column of a table: its attribute (text, or the columns that name it) and unit (text or column)."""

    column: str
    attribute: str
    unit: str = ""
    attribute_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSpec:
    """How a bundled table reads: subject and period columns, measures, columns that must be numbers or blank."""

    subject: tuple[str, ...]
    period: str
    measures: tuple[Measure, ...]
    numbers: tuple[str, ...] = ()
    mineral_column: str = ""
    low: str = ""
    high: str = ""


def _one(column: str, attribute: str, unit: str = "unit", by: tuple[str, ...] = ()) -> tuple[Measure, ...]:
    return (Measure(column, attribute, unit, by),)


_FACILITY = (
    Measure("capacity", "capacity", "capacity_unit"),
    Measure("start_year", "start year", "=year"),
    Measure("tonnage_mt", "tonnage", "=Mt ore", ("tonnage_class",)),
    Measure("grade_wo3_pct", "grade", "=% WO3"),
    Measure("contained_wo3_t", "contained", "=t WO3"),
    Measure("recovery_pct", "recovery", "=%"),
    Measure("capex_musd", "capital cost", "=million USD"),
    Measure("opex", "operating cost", ""),
    Measure("status", "status", ""),
    Measure("owners_pct_iso3", "owners", ""),
    Measure("financing", "financing", ""),
)
_FACILITY_SPEC = TableSpec(("name", "country_iso3"), "start_year", _FACILITY)

TABLES: dict[str, TableSpec] = {
    "tungsten/production": TableSpec(("country", "iso3"), "year", _one("mine_production", "mine production"),
                                     ("mine_production",)),
    "tungsten/reserves": TableSpec(("country", "iso3"), "edition_year", _one("reserves", "reserves"), ("reserves",)),
    "tungsten/us_salient": TableSpec((), "year", _one("value", "United States", by=("metric", "form_or_detail"))),
    "tungsten/stages": TableSpec(("product",), "", _one("value", "conversion", by=("kind",))),
    "tungsten/facilities": _FACILITY_SPEC,
    "tungsten/facilities_more": _FACILITY_SPEC,
    "tungsten/processing": TableSpec(("country", "iso3"), "year", _one("value", "processing", by=("metric", "product"))),
    "tungsten/policies": TableSpec(("jurisdiction", "measure"), "date_effective",
                                   _one("value", "policy", by=("type", "scope_hs_or_form"))),
    "tungsten/deals": TableSpec(("deal",), "date", (
        Measure("article_value", "as the article states", "unit", ("attribute",)),
        Measure("other_value", "as others state", "unit", ("attribute",)))),
    "tungsten/prices": TableSpec(("series",), "date", _one("value", "price", by=("period",)), ("low", "high", "value"),
                                 low="low", high="high"),
    "tungsten/demand": TableSpec(("region",), "year", _one("value", "demand", by=("metric", "product_or_use"))),
    "tungsten/elasticities": TableSpec(("market", "scope"), "horizon", _one("value", "elasticity", "",
                                       ("elasticity_type",)), ("value", "low", "high"), low="low", high="high"),
    "tungsten/article_claims": TableSpec(("subject",), "date", _one("value", "claim", by=("predicate",))),
    "tungsten/companies": TableSpec(("company",), "year", (
        Measure("value", "company", "unit", ("metric", "product")),
        Measure("controller_share_percent", "controller's share", "=%"))),
    "tungsten/stakes": TableSpec(("target", "holder"), "from", _one("share_percent", "stake", "=%", ("kind",)),
                                 ("share_percent", "share_low", "share_high"), low="share_low", high="share_high"),
    "tungsten/offtake": TableSpec(("seller", "buyer"), "from", _one("quantity", "offtake", "quantity_unit",
                                  ("product",))),
    "tungsten/control_shares": TableSpec(("country", "country_iso3"), "year", (
        Measure("share_percent", "share of control", "=%", ("measure", "basis")),
        Measure("tonnes_w", "tonnes under control", "=t W", ("measure", "basis"))), ("share_percent", "tonnes_w")),
    "tungsten/refined_balance": TableSpec(("country",), "year", _one("value", "refined balance", by=("metric", "product")),
                                          ("value_t_w",)),
    "tungsten/refined_matrix_estimate": TableSpec(("origin_iso3", "user_iso3"), "year",
                                                  _one("value_t_w", "refined flow", "=t W", ("basis", "cell_type")),
                                                  ("value_t_w", "reported_t_w", "reported_share", "t_w_low", "t_w_high"),
                                                  low="t_w_low", high="t_w_high"),
    "tungsten/refined_trade": TableSpec(("exporter_iso3", "importer_iso3"), "year",
                                        _one("quantity", "refined trade", by=("product",)), ("value_t_w",)),
    "minerals/stage_production": TableSpec(("country_iso3",), "year", _one("value", "output", by=("form", "content_basis")),
                                           ("value",), "mineral"),
    "minerals/forms": TableSpec(("form",), "", (Measure("content_t_per_t", "content", "=t per t", ("content_basis",)),
                                Measure("yield_to_next", "yield to next form", "=t per t"),
                                Measure("byproduct_share_pct", "by-product share", "=%", ("byproduct_host",)),
                                Measure("eol_recycling_input_rate_pct", "end-of-life recycling input rate", "=%")),
                                (), "mineral"),
    "minerals/prices": TableSpec(("form", "price_series"), "year", _one("value", "price"),
                                 ("value", "usd_per_t_derived"), "mineral"),
    "minerals/elasticities": TableSpec(("study",), "horizon", _one("value", "elasticity", "", ("side", "price_or_income")),
                                       ("value", "low", "high"), "mineral", "low", "high"),
    "minerals/market_class": TableSpec((), "size_year", (Measure("market_class", "market class"),
                                       Measure("market_size_musd_per_year", "market size", "=million USD a year"),
                                       Measure("long_term_contract_share_pct", "long-term contracts", "=%"),
                                       Measure("stock_cover_weeks", "stock cover", "=weeks", ("stock_scope",))),
                                       (), "mineral"),
    "minerals/uses": TableSpec(("region",), "year", _one("share_pct", "end use", "=%", ("form_or_scope", "end_use")),
                               ("share_pct",), "mineral"),
}  # fmt: skip
