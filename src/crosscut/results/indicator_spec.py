"""Indicator spec: every indicator declared once: formula, unit, inputs, interval, where it is from, and where
ours differs.

A row of the table `indicators` names one of these, so they are declared here, beside the tables: studies
compute them, screens show their titles. `spec.json` in the bundled data is written from here (`python -m
tools.build_spec`).
"""

from __future__ import annotations

from dataclasses import dataclass

_DELTA = (
    "80 %, delta method on independent relative errors by evidence status (printed .05, estimated .15,"
    " imputed .5)"
)
_DRAWN = (
    "80 %, 500 seeded draws of every input (lognormal, relative sd by evidence status: printed .05, estimated"
    " .15, imputed .5)"
)
_HHI = "Herfindahl (1950); Hirschman (1964)"
_USGS = "USGS Mineral Commodity Summaries, notes of each chapter"
_GPR = "Koyamparambath et al. (2024), geopolrisk-py 2.0.1, doi.org/10.21105/joss.09600"
_EU = "European Commission (2017), Methodology for establishing the EU list of critical raw materials"
_LIST = "Nassar et al. (2020), Science Advances 6, eaay8647; USGS Open-File Report 2021-1045"
_OWN = "ours"


@dataclass(frozen=True)
class Spec:
    """`page` is the method page; `needs` what it is computed from; `scope` world, place or company."""

    id: str
    title: str
    formula: str
    unit: str
    range: str
    scope: str
    needs: tuple[str, ...]
    interval: str
    source: str
    differs: str
    page: str


def _spec(
    id: str,
    title: str,
    formula: str,
    unit: str,
    range_: str,
    scope: str,
    needs: str,
    interval: str,
    source: str,
    differs: str,
    page: str,
) -> Spec:
    return Spec(
        id,
        title,
        formula,
        unit,
        range_,
        scope,
        tuple(needs.split(";")),
        interval,
        source,
        differs,
        f"docs/indicators/{page}.md",
    )


_ALL = (
    _spec(
        "concentration.hhi",
        "Herfindahl-Hirschman index",
        "10^4 sum_k s_k^2",
        "0 to 10,000",
        "0 to 10000",
        "world;place",
        "output or trade by country",
        _DELTA,
        _HHI,
        "a printed 'other countries' counts as one holder; hhi_lump_out is the lower bound",
        "concentration",
    ),
    _spec(
        "concentration.hhi_lump_out",
        "HHI without the lump",
        "10^4 sum over named k of s_k^2",
        "0 to 10,000",
        "0 to 10000",
        "world",
        "output by country",
        _DELTA,
        _HHI,
        "lower bound of concentration.hhi",
        "concentration",
    ),
    _spec(
        "concentration.top_1",
        "Largest share",
        "max_k s_k",
        "fraction",
        "0 to 1",
        "world;place",
        "output or trade by country",
        _DELTA,
        _HHI,
        "named holders only",
        "concentration",
    ),
    _spec(
        "concentration.top_3",
        "Three largest shares",
        "sum of the three largest s_k",
        "fraction",
        "0 to 1",
        "world;place",
        "output or trade by country",
        _DELTA,
        _HHI,
        "named holders only",
        "concentration",
    ),
    _spec(
        "concentration.shannon",
        "Shannon entropy",
        "- sum_k s_k ln s_k",
        "nats",
        "0 to ln n",
        "world;place",
        "output or trade by country",
        _DELTA,
        "Shannon (1948)",
        "",
        "concentration",
    ),
    _spec(
        "concentration.hhi_governance",
        "Governance-weighted concentration",
        "sum_k s_k^2 WGI_k, WGI = 2 (2.5 - x)",
        "0 to 10",
        "0 to 10",
        "world;place",
        "output or trade by country;governance",
        _DELTA,
        _EU,
        "x is political stability alone, not the mean of the six indicators",
        "concentration",
    ),
    _spec(
        "control.share",
        "Share controlled from a country",
        "tonnes held / world tonnes",
        "fraction",
        "0 to 1",
        "world",
        "stakes;offtake;output",
        "as printed with the fact (bounds, not a distribution)",
        _OWN,
        "an unknown owner is unknown, not the state the mine sits in",
        "concentration",
    ),
    _spec(
        "control.hhi",
        "Concentration of control",
        "10^4 sum over named holders of s_k^2",
        "0 to 10,000",
        "0 to 10000",
        "world",
        "stakes;offtake;output",
        "bounds: the unknown left out, or all with the largest holder",
        _OWN,
        "an unknown owner is unknown",
        "concentration",
    ),
    _spec(
        "reliance.net_import_reliance",
        "Net import reliance",
        "NIR = M - X + stocks; NIR / (P + S + NIR)",
        "fraction of apparent consumption",
        "below 0 (net exporter) to 1",
        "place",
        "output;trade;content;secondary;stocks",
        _DRAWN,
        _USGS,
        "outside the United States without stocks and old scrap: too high where scrap is used",
        "reliance",
    ),
    _spec(
        "reliance.eu_import_reliance",
        "EU import reliance",
        "max(0, M - X) / (P + M - X)",
        "fraction",
        "0 to 1",
        "place",
        "output;trade;content",
        _DRAWN,
        _EU,
        "any country or bloc in the EU's place",
        "reliance",
    ),
    _spec(
        "reliance.self_sufficiency",
        "Self-sufficiency",
        "(P + S) / (P + S + NIR)",
        "fraction of apparent consumption",
        "0 and above",
        "place",
        "output;trade;content",
        _DRAWN,
        _USGS,
        "as net import reliance",
        "reliance",
    ),
    _spec(
        "reliance.import_source",
        "Import source",
        "share of a partner in imports over the window",
        "fraction",
        "0 to 1",
        "place",
        "trade",
        _DELTA,
        _USGS,
        "gross tonnes of the codes named, shipments not origins",
        "reliance",
    ),
    _spec(
        "geopolrisk.score",
        "GeoPolRisk score",
        "HHI * sum_i q_i g_i / (P_c + sum_i q_i)",
        "0 to 1",
        "0 to 1",
        "place;company",
        "output;trade;governance",
        _DELTA,
        _GPR,
        "no zero where nothing is recorded; no 0.5 where governance is unknown; Taiwan has its own"
        " governance",
        "geopolrisk",
    ),
    _spec(
        "geopolrisk.cf",
        "GeoPolRisk factor",
        "characterisation factor: score * price / 0.409412948",
        "kg Cu-eq per kg",
        "0 and above",
        "place;company",
        "output;trade;governance",
        _DELTA,
        _GPR,
        "price from rows that have a quantity; none without imports",
        "geopolrisk",
    ),
    _spec(
        "eu.supply_risk",
        "EU supply risk",
        "[HHI_GS IR/2 + HHI_EUS (1 - IR/2)] (1 - EoL-RIR) SI_SR, HHI = sum S^2 WGI t",
        "0 and above",
        "0 and above",
        "place",
        "output;trade;content;governance;recycling;substitution",
        _DRAWN,
        _EU,
        "WGI is political stability alone; t is 0.8 inside and 1 outside the region (restrictions not looked"
        " up: too low); SI of 2017, else 1 (too high)",
        "eu-criticality",
    ),
    _spec(
        "eu.economic_importance",
        "EU economic importance",
        "10 sum_s A_s Q_s / max Q * SI_EI",
        "0 to 10",
        "0 to 10",
        "place",
        "uses;value added;substitution",
        _DRAWN,
        _EU,
        "SI_EI of 2017, else 1 (too high)",
        "eu-criticality",
    ),
    _spec(
        "usgs.disruption_potential",
        "USGS disruption potential",
        "sum_c PS_c^2 ASI_c WSI_c",
        "0 to 1",
        "0 to 1",
        "place",
        "output;governance",
        _DRAWN,
        _LIST,
        "ours: ASI is political instability, WSI 1 abroad and 0 at home; the published components are not"
        " disclosed",
        "usgs-2021",
    ),
    _spec(
        "usgs.trade_exposure",
        "USGS trade exposure",
        "NIR / AC within 0 and 1",
        "fraction",
        "0 to 1",
        "place",
        "output;trade;content",
        _DRAWN,
        _LIST,
        "",
        "usgs-2021",
    ),
    _spec(
        "usgs.economic_vulnerability",
        "USGS economic vulnerability",
        "sum_j (VA_j/GDP) (EXP_ij/OP_j)",
        "fraction",
        "0 and above",
        "place",
        "input-output table of industries",
        "none",
        _LIST,
        "not computed from bundled facts; `usgs_2021.economic_vulnerability` takes your table",
        "usgs-2021",
    ),
    _spec(
        "usgs.supply_risk",
        "USGS supply risk",
        "(DP TE EV)^(1/3)",
        "0 to 1",
        "0 to 1",
        "place",
        "the three components",
        "none",
        _LIST,
        "not computed: EV needs an industry table",
        "usgs-2021",
    ),
    _spec(
        "company.spend_at_risk",
        "Spend at risk",
        "sum_i spend_i g_i",
        "USD a year",
        "0 and above",
        "company",
        "purchases;governance",
        _DELTA,
        _OWN,
        "spend weighted by instability of the supplier's country",
        "company",
    ),
)

SPECS: dict[str, Spec] = {s.id: s for s in _ALL}
