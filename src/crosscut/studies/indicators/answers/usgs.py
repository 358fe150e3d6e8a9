"""Rows of USGS 2021: what can be computed from bundled facts, and what cannot."""

from __future__ import annotations

import numpy as np

from crosscut.studies.indicators.answers.facts import Facts
from crosscut.studies.indicators.panel import GOVERNANCE_SOURCE
from crosscut.studies.indicators.rows import IndicatorRow, missing
from crosscut.studies.indicators.uncertainty import drawn_interval
from crosscut.studies.indicators.usgs_2021 import disruption_potential, trade_exposure

OURS = "ours: ability is political instability, willingness 1 abroad and 0 at home"


def rows(f: Facts, net_import_reliance: IndicatorRow | None) -> list[IndicatorRow]:
    """Disruption potential, trade exposure, and the two parts that need an industry table.

    Parameters
    ----------
    f : Facts
        Mineral, place and year.
    net_import_reliance : IndicatorRow | None
        The row that trade exposure is read from; None where there is none.

    Returns
    -------
    list[IndicatorRow]
        Values from 0 to 1; economic vulnerability and supply risk are marked as missing. None for the world
        alone.
    """
    if f.place is None:
        return []
    name, place, period = f.mineral.name, f.place, str(f.year)
    no_industry = (
        "needs spending, value added and profit by industry; `crosscut.studies.indicators.usgs_2021` takes"
        " your table"
    )
    return [
        _disruption(f),
        _exposure(f, net_import_reliance),
        missing(name, place, period, "usgs.economic_vulnerability", "published formula", no_industry),
        missing(
            name, place, period, "usgs.supply_risk", "published formula", "economic vulnerability is missing"
        ),
    ]


def _disruption(f: Facts) -> IndicatorRow:
    name, place, period = f.mineral.name, str(f.place), str(f.year)
    if not f.outputs or not f.instability:
        why = "no output by country for the year" if not f.outputs else f"no governance data for {f.year}"
        return missing(name, place, period, "usgs.disruption_potential", OURS, why)
    o = f.outputs[0]
    known = [c for c in o.amounts if c in f.instability]
    tonnes = np.array([o.amounts[c] for c in known])
    total = sum(o.amounts.values()) + o.lump
    weight = np.array([f.instability[c] * (c not in f.members) for c in known])
    value = disruption_potential(tonnes / total, weight, np.ones(len(known)))
    ends = drawn_interval(lambda a: ((a / total) ** 2 * weight).sum(axis=1), [tonnes], [o.sd])
    covered = float(tonnes.sum()) / total
    status = f"flagged: {OURS}" + (
        "" if covered > 0.999 else f"; {1 - covered:.1%} of output has no governance data"
    )
    return IndicatorRow(
        name,
        place,
        period,
        "usgs.disruption_potential",
        OURS,
        value,
        *ends,
        covered,
        o.evidence_status,
        status,
        f"{o.source} ({o.stage}); {GOVERNANCE_SOURCE}",
        o.facts,
    )


def _exposure(f: Facts, r: IndicatorRow | None) -> IndicatorRow:
    name, place, period = f.mineral.name, str(f.place), str(f.year)
    if r is None or r.value is None:
        why = r.status.removeprefix("missing: ") if r else "no net import reliance"
        return missing(name, place, period, "usgs.trade_exposure", "from net import reliance", why)
    low, high = (None if x is None else trade_exposure(x) for x in (r.low, r.high))
    return IndicatorRow(
        name,
        place,
        period,
        "usgs.trade_exposure",
        "from net import reliance",
        trade_exposure(r.value),
        low,
        high,
        r.coverage,
        r.evidence_status,
        r.status,
        r.source,
        r.facts,
    )
