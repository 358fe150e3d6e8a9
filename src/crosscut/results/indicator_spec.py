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


_ALL = (
    Spec(
        id="concentration.hhi",
        title="Herfindahl-Hirschman index",
        formula="10^4 sum_k s_k^2",
        unit="0 to 10,000",
        range="0 to 10000",
        scope="world;place",
        needs=("output or trade by country",),
        interval=_DELTA,
        source=_HHI,
        differs="a printed 'other countries' counts as one holder; hhi_lump_out is the lower bound",
        page="docs/indicators/concentration.md",
    ),
    Spec(
        id="concentration.hhi_lump_out",
        title="HHI without the lump",
        formula="10^4 sum over named k of s_k^2",
        unit="0 to 10,000",
        range="0 to 10000",
        scope="world",
        needs=("output by country",),
        interval=_DELTA,
        source=_HHI,
        differs="lower bound of concentration.hhi",
        page="docs/indicators/concentration.md",
    ),
    Spec(
        id="concentration.top_1",
        title="Largest share",
        formula="max_k s_k",
        unit="fraction",
        range="0 to 1",
        scope="world;place",
        needs=("output or trade by country",),
        interval=_DELTA,
        source=_HHI,
        differs="named holders only",
        page="docs/indicators/concentration.md",
    ),
    Spec(
        id="concentration.top_3",
        title="Three largest shares",
        formula="sum of the three largest s_k",
        unit="fraction",
        range="0 to 1",
        scope="world;place",
        needs=("output or trade by country",),
        interval=_DELTA,
        source=_HHI,
        differs="named holders only",
        page="docs/indicators/concentration.md",
    ),
    Spec(
        id="concentration.shannon",
        title="Shannon entropy",
        formula="- sum_k s_k ln s_k",
        unit="nats",
        range="0 to ln n",
        scope="world;place",
        needs=("output or trade by country",),
        interval=_DELTA,
        source="Shannon (1948)",
        differs="",
        page="docs/indicators/concentration.md",
    ),
    Spec(
        id="concentration.hhi_governance",
        title="Governance-weighted concentration",
        formula="sum_k s_k^2 WGI_k, WGI = 2 (2.5 - x)",
        unit="0 to 10",
        range="0 to 10",
        scope="world;place",
        needs=("output or trade by country", "governance"),
        interval=_DELTA,
        source=_EU,
        differs="x is political stability alone, not the mean of the six indicators",
        page="docs/indicators/concentration.md",
    ),
    Spec(
        id="control.share",
        title="Share controlled from a country",
        formula="tonnes held / world tonnes",
        unit="fraction",
        range="0 to 1",
        scope="world",
        needs=("stakes", "offtake", "output"),
        interval="as printed with the fact (bounds, not a distribution)",
        source=_OWN,
        differs="an unknown owner is unknown, not the state the mine sits in",
        page="docs/indicators/concentration.md",
    ),
    Spec(
        id="control.hhi",
        title="Concentration of control",
        formula="10^4 sum over named holders of s_k^2",
        unit="0 to 10,000",
        range="0 to 10000",
        scope="world",
        needs=("stakes", "offtake", "output"),
        interval="bounds: the unknown left out, or all with the largest holder",
        source=_OWN,
        differs="an unknown owner is unknown",
        page="docs/indicators/concentration.md",
    ),
    Spec(
        id="reliance.net_import_reliance",
        title="Net import reliance",
        formula="NIR = M - X + stocks; NIR / (P + S + NIR)",
        unit="fraction of apparent consumption",
        range="below 0 (net exporter) to 1",
        scope="place",
        needs=("output", "trade", "content", "secondary", "stocks"),
        interval=_DRAWN,
        source=_USGS,
        differs="outside the United States without stocks and old scrap: too high where scrap is used",
        page="docs/indicators/reliance.md",
    ),
    Spec(
        id="reliance.eu_import_reliance",
        title="EU import reliance",
        formula="max(0, M - X) / (P + M - X)",
        unit="fraction",
        range="0 to 1",
        scope="place",
        needs=("output", "trade", "content"),
        interval=_DRAWN,
        source=_EU,
        differs="any country or bloc in the EU's place",
        page="docs/indicators/reliance.md",
    ),
    Spec(
        id="reliance.self_sufficiency",
        title="Self-sufficiency",
        formula="(P + S) / (P + S + NIR)",
        unit="fraction of apparent consumption",
        range="0 and above",
        scope="place",
        needs=("output", "trade", "content"),
        interval=_DRAWN,
        source=_USGS,
        differs="as net import reliance",
        page="docs/indicators/reliance.md",
    ),
    Spec(
        id="reliance.import_source",
        title="Import source",
        formula="share of a partner in imports over the window",
        unit="fraction",
        range="0 to 1",
        scope="place",
        needs=("trade",),
        interval=_DELTA,
        source=_USGS,
        differs="gross tonnes of the codes named, shipments not origins",
        page="docs/indicators/reliance.md",
    ),
    Spec(
        id="geopolrisk.score",
        title="GeoPolRisk score",
        formula="HHI * sum_i q_i g_i / (P_c + sum_i q_i)",
        unit="0 to 1",
        range="0 to 1",
        scope="place;company",
        needs=("output", "trade", "governance"),
        interval=_DELTA,
        source=_GPR,
        differs=(
            "no zero where nothing is recorded; no 0.5 where governance is unknown; Taiwan has its own"
            " governance"
        ),
        page="docs/indicators/geopolrisk.md",
    ),
    Spec(
        id="geopolrisk.cf",
        title="GeoPolRisk factor",
        formula="characterisation factor: score * price / 0.409412948",
        unit="kg Cu-eq per kg",
        range="0 and above",
        scope="place;company",
        needs=("output", "trade", "governance"),
        interval=_DELTA,
        source=_GPR,
        differs="price from rows that have a quantity; none without imports",
        page="docs/indicators/geopolrisk.md",
    ),
    Spec(
        id="eu.supply_risk",
        title="EU supply risk",
        formula="[HHI_GS IR/2 + HHI_EUS (1 - IR/2)] (1 - EoL-RIR) SI_SR, HHI = sum S^2 WGI t",
        unit="0 and above",
        range="0 and above",
        scope="place",
        needs=("output", "trade", "content", "governance", "recycling", "substitution"),
        interval=_DRAWN,
        source=_EU,
        differs=(
            "WGI is political stability alone; t is 0.8 inside and 1 outside the region (restrictions not"
            " looked up: too low); SI of 2017, else 1 (too high)"
        ),
        page="docs/indicators/eu-criticality.md",
    ),
    Spec(
        id="eu.economic_importance",
        title="EU economic importance",
        formula="10 sum_s A_s Q_s / max Q * SI_EI",
        unit="0 to 10",
        range="0 to 10",
        scope="place",
        needs=("uses", "value added", "substitution"),
        interval=_DRAWN,
        source=_EU,
        differs="SI_EI of 2017, else 1 (too high)",
        page="docs/indicators/eu-criticality.md",
    ),
    Spec(
        id="usgs.disruption_potential",
        title="USGS disruption potential",
        formula="sum_c PS_c^2 ASI_c WSI_c",
        unit="0 to 1",
        range="0 to 1",
        scope="place",
        needs=("output", "governance"),
        interval=_DRAWN,
        source=_LIST,
        differs=(
            "ours: ASI is political instability, WSI 1 abroad and 0 at home; the published components are not"
            " disclosed"
        ),
        page="docs/indicators/usgs-2021.md",
    ),
    Spec(
        id="usgs.trade_exposure",
        title="USGS trade exposure",
        formula="NIR / AC within 0 and 1",
        unit="fraction",
        range="0 to 1",
        scope="place",
        needs=("output", "trade", "content"),
        interval=_DRAWN,
        source=_LIST,
        differs="",
        page="docs/indicators/usgs-2021.md",
    ),
    Spec(
        id="usgs.economic_vulnerability",
        title="USGS economic vulnerability",
        formula="sum_j (VA_j/GDP) (EXP_ij/OP_j)",
        unit="fraction",
        range="0 and above",
        scope="place",
        needs=("input-output table of industries",),
        interval="none",
        source=_LIST,
        differs="not computed from bundled facts; `usgs_2021.economic_vulnerability` takes your table",
        page="docs/indicators/usgs-2021.md",
    ),
    Spec(
        id="usgs.supply_risk",
        title="USGS supply risk",
        formula="(DP TE EV)^(1/3)",
        unit="0 to 1",
        range="0 to 1",
        scope="place",
        needs=("the three components",),
        interval="none",
        source=_LIST,
        differs="not computed: EV needs an industry table",
        page="docs/indicators/usgs-2021.md",
    ),
    Spec(
        id="company.governance_weighted_spend",
        title="Governance-weighted spend",
        formula="sum_i spend_i g_i",
        unit="USD a year",
        range="0 and above",
        scope="company",
        needs=("purchases", "governance"),
        interval=_DELTA,
        source=_OWN,
        differs="a weight, not a loss: spend times political instability of the supplier's country",
        page="docs/indicators/company.md",
    ),
)

SPECS: dict[str, Spec] = {s.id: s for s in _ALL}
