"""Declarations: every bundled fact table, by name (see `schema.TableSpec`)."""

from __future__ import annotations

from crosscut.facts.declarations_finance import FINANCE
from crosscut.facts.declarations_hazards import HAZARDS
from crosscut.facts.schema import Measure, TableSpec

_ARTICLE = "=Sc298c30e06"  # the article whose claims are checked
_YES_NO = ("true", "false", "")
_ROW_KINDS = ("main", "detail", "conflict")


def _one(column: str, attribute: str, unit: str = "unit", by: tuple[str, ...] = ()) -> tuple[Measure, ...]:
    return (Measure(column, attribute, unit, by),)


_FACILITY = TableSpec(
    "facility",
    ("facility_id",),
    "",  # the sources date their publication, not the figure
    (
        Measure("capacity", "capacity", "capacity_unit"),
        Measure("start_year", "start", "=year", text=True),
        Measure("tonnage_mt", "tonnage", "=Mt ore", ("tonnage_class",)),
        Measure("grade_wo3_pct", "grade", "=% WO3"),
        Measure("contained_wo3_t", "contained", "=t WO3"),
        Measure("recovery_pct", "recovery", "=%"),
        Measure("capex_musd", "capital cost", "=million USD"),
        Measure("opex", "operating cost"),
        Measure("status", "status"),
        Measure("owners_pct_iso3", "owners"),
        Measure("financing", "financing"),
    ),
    label=("name",),
    places=("country_iso3",),
    codes={"row_kind": _ROW_KINDS, "estimate": _YES_NO},
)

TABLES: dict[str, TableSpec] = {
    "tungsten/production": TableSpec("country", ("iso3",), "year", _one("mine_production", "mine production"),
                                     ("mine_production",), label=("country",), places=("iso3",), basis="basis"),
    "tungsten/reserves": TableSpec("country", ("iso3",), "edition_year", _one("reserves", "reserves"), ("reserves",),
                                   label=("country",), places=("iso3",)),
    "tungsten/us_salient": TableSpec("country", (), "year", _one("value", "", by=("metric", "form_or_detail")),
                                     fixed_subject=("USA", "United States")),
    "tungsten/stages": TableSpec("form", ("product",), "", (Measure("value", "conversion", "unit", ("kind",)),
                                 Measure("w_content_t_per_t", "content", "=t W per t")), ("w_content_t_per_t",),
                                 codes={"kind": ("definition", "stoichiometry", "yield", "recycling_rate")}),
    "tungsten/facilities": _FACILITY,
    "tungsten/facilities_more": _FACILITY,
    "tungsten/processing": TableSpec("country", ("iso3", "country"), "year",
                                     _one("value", "processing", by=("metric", "product")),
                                     label=("country",), places=("iso3",), codes={"estimate": _YES_NO}),
    "tungsten/policies": TableSpec("policy", ("jurisdiction", "measure"), "date_effective",
                                   _one("value", "policy", by=("type", "scope_hs_or_form")), places=("jurisdiction",)),
    "tungsten/deals": TableSpec("deal", ("deal_id", "deal"), "", (
        Measure("article_value", "", "unit", ("attribute",), "=claimed", _ARTICLE),
        Measure("other_value", "", "unit", ("attribute",))), label=("deal",)),
    "tungsten/prices": TableSpec("price series", ("series",), "date", _one("value", "price", by=("period",)),
                                 ("low", "high", "value"), low="low", high="high", basis="basis"),
    "tungsten/demand": TableSpec("region", ("region",), "year", _one("value", "demand", by=("metric", "product_or_use")),
                                 codes={"estimate": _YES_NO}),
    "tungsten/elasticities": TableSpec("market", ("market", "scope"), "horizon",
                                       _one("value", "elasticity", "", ("elasticity_type",)), ("value", "low", "high"),
                                       low="low", high="high"),
    "tungsten/article_claims": TableSpec("claim", ("subject",), "date", (
        Measure("value", "", "unit", ("predicate",), "=claimed", _ARTICLE),
        Measure("verified_value", "as checked", "", ("predicate",), "=reported", text=True),
        Measure("verdict", "verdict on the claim", "", ("predicate",), "=derived")),
        codes={"verdict": ("confirmed", "contradicted", "garbled", "unverifiable")}),
    "tungsten/companies": TableSpec("company", ("company_id",), "year", (
        Measure("value", "", "unit", ("metric", "product")),
        Measure("ultimate_controller", "ultimate controller"),
        Measure("controller_share_percent", "controller's share", "=%"),
        Measure("mines_owned", "mines owned", text=True)), ("value", "controller_share_percent"), label=("company",),
        places=("home_country_iso3", "controller_country_iso3"),
        codes={"row_kind": ("profile", "fact", "conflict")}),
    "tungsten/stakes": TableSpec("stake", ("target", "holder"), "from", _one("share_percent", "stake", "=%", ("kind",)),
                                 ("share_percent", "share_low", "share_high"), low="share_low", high="share_high",
                                 places=("target_country_iso3", "holder_country_iso3")),
    "tungsten/offtake": TableSpec("offtake", ("seller", "buyer"), "from", (
        Measure("quantity", "offtake", "quantity_unit", ("product",)),
        Measure("share_of_output_percent", "offtake share of output", "=%", ("product",)),
        Measure("floor_price", "floor price", "floor_price_unit", ("product",)),
        Measure("status", "status", "", ("product",))), ("quantity", "share_of_output_percent", "floor_price"),
        places=("facility_country_iso3", "buyer_home_iso3", "plant_or_end_user_iso3")),
    "tungsten/control_shares": TableSpec("country", ("country_iso3", "country"), "year", (
        Measure("share_percent", "share of control", "=%", ("measure", "basis")),
        Measure("tonnes_w", "tonnes under control", "=t W", ("measure", "basis"))), ("share_percent", "tonnes_w"),
        label=("country",), places=("country_iso3",), basis="basis"),
    "tungsten/refined_balance": TableSpec("country", ("country",), "year", _one("value", "", by=("metric", "product")),
                                          ("value", "value_t_w"), basis="basis", converted=("value_t_w",)),
    "tungsten/refined_matrix_estimate": TableSpec("route", ("origin_iso3", "user_iso3"), "year",
                                                  _one("value_t_w", "refined flow", "=t W", ("basis",)),
                                                  ("value_t_w", "reported_t_w", "reported_share", "t_w_low", "t_w_high"),
                                                  low="t_w_low", high="t_w_high", places=("origin_iso3", "user_iso3"),
                                                  codes={"basis": ("shipment", "origin_traced"), "cell_type": (
                                                      "reported", "mixed", "fill", "anchor_share", "anchor_assumed",
                                                      "domestic", "traced", "total")}),
    "tungsten/refined_trade": TableSpec("route", ("exporter_iso3", "importer_iso3"), "year",
                                        _one("quantity", "refined trade", by=("product",)), ("quantity", "value_t_w"),
                                        places=("exporter_iso3", "importer_iso3"), basis="basis",
                                        converted=("value_t_w",)),
    "minerals/stage_production": TableSpec("country", ("country_iso3",), "year",
                                           _one("value", "output", by=("form", "content_basis")), ("value",), "mineral",
                                           places=("country_iso3",), codes={"basis": ("reported", "estimated")},
                                           basis="content_basis"),
    "minerals/forms": TableSpec("form", ("form",), "", (
        Measure("content_t_per_t", "content", "=t per t", ("content_basis",)),
        Measure("yield_to_next", "yield to next form", "=t per t", standing="yield_standing"),
        Measure("byproduct_share_pct", "by-product share", "=%", ("byproduct_host",), "byproduct_standing"),
        Measure("eol_recycling_input_rate_pct", "end-of-life recycling input rate", "=%", standing="eol_standing")),
        (), "mineral"),
    "minerals/prices": TableSpec("price series", ("form", "price_series"), "year", _one("value", "price"),
                                 ("value", "usd_per_t_derived"), "mineral", basis="basis",
                                 converted=("usd_per_t_derived",)),
    "minerals/elasticities": TableSpec("study", ("study",), "horizon",
                                       _one("value", "elasticity", "", ("side", "price_or_income")),
                                       ("value", "low", "high"), "mineral", "low", "high"),
    "minerals/market_class": TableSpec("mineral", ("mineral",), "size_year", (
        Measure("market_class", "market class"),
        Measure("market_size_musd_per_year", "market size", "=million USD a year", ("size_formula",)),
        Measure("long_term_contract_share_pct", "long-term contracts", "=%", standing="contract_standing"),
        Measure("stock_cover_weeks", "stock cover", "=weeks", ("stock_scope",), "stock_standing")), (), "mineral",
        codes={"market_class": ("exchange-traded", "bulk ore", "quoted minor metal", "contract/opaque")}),
    "minerals/world_totals": TableSpec("country", (), "year", (
        Measure("value", "world total of countries", "unit", ("form", "content_basis")),), ("value", "countries"), "mineral",
        fixed_subject=("WLD", "World"), basis="content_basis"),
    "minerals/deviations": TableSpec("country", ("country_iso3",), "year", (
        Measure("ratio", "output over that of USGS", "=ratio", ("form", "content_basis", "other")),), ("ratio",),
        "mineral", places=("country_iso3",), codes={"other": ("World Mining Data", "BGS")}, basis="content_basis"),
    "minerals/uses": TableSpec("region", ("region",), "year",
                               _one("share_pct", "end use", "=%", ("form_or_scope", "end_use")), ("share_pct",),
                               "mineral"),
    **FINANCE,
    **HAZARDS,
}  # fmt: skip
