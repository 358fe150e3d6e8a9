"""Rows of GeoPolRisk: as reported, by the published conventions, and with origins traced through
re-exporters."""

from __future__ import annotations

import numpy as np

from crosscut.base.places import blocs
from crosscut.ledger.store.ledger import Ledger
from crosscut.results.rows import RowStatus, row_status
from crosscut.studies.indicators.answers.facts import Facts
from crosscut.studies.indicators.answers.traced import traced
from crosscut.studies.indicators.geopolrisk import (
    MOST_UNKNOWN,
    NOTHING,
    STATUS,
    Cells,
    cells,
    published_conventions,
)
from crosscut.studies.indicators.panel import ESTIMATE, GOVERNANCE_SOURCE, TRADE_SOURCE
from crosscut.studies.indicators.rows import IndicatorRow, missing
from crosscut.studies.indicators.uncertainty import drawn_interval

AS_REPORTED, PUBLISHED, TRACED = "as reported", "conventions of release 2.0.1", "origin traced"


def rows(ledger: Ledger, f: Facts) -> list[IndicatorRow]:
    """Score and characterisation factor of a place: as reported, as published, with origins traced.

    Parameters
    ----------
    ledger : Ledger
        Trade and output by which origins are traced.
    f : Facts
        Mineral, place and year.

    Returns
    -------
    list[IndicatorRow]
        Score from 0 to 1, factor in kg Cu-eq per kg; none for the world alone.
    """
    if f.place is None:
        return []
    if bad := f.no_trade("geopolrisk.score", AS_REPORTED):
        return [bad]
    named = [f.place] if f.place in blocs() else []
    out = _rows(f, cells(f.panel, named), AS_REPORTED)
    if f.panel.output_source[0][0]:
        out += _rows(f, cells(published_conventions(f.panel), named), PUBLISHED)
    return [*out, _traced(ledger, f)]


def _rows(f: Facts, c: Cells, variant: str) -> list[IndicatorRow]:
    at = (0, 0, c.reporters.index(str(f.place)))
    code = int(c.status[at])
    kind = row_status(STATUS[code])
    source = "; ".join(s for s in (f.panel.output_source[0][0], TRADE_SOURCE, GOVERNANCE_SOURCE) if s)
    out = []
    for name, values in (
        ("score", (c.score, c.score_low, c.score_high)),
        ("cf", (c.cf, c.cf_low, c.cf_high)),
    ):
        value, low, high = (float(a[at]) for a in values)
        said = STATUS[code]
        if variant == PUBLISHED and code == NOTHING:
            said = f"{said} (published as 0)"
        elif not np.isfinite(value) and kind is not RowStatus.MISSING:
            said = RowStatus.MISSING.because("no imports, so no price")
        elif kind is None:
            said = RowStatus.FLAGGED.because(said)
        if said == RowStatus.OK and c.quantity_known[at] < 0.999:
            unknown = 1 - c.quantity_known[at]
            said = RowStatus.FLAGGED.because(f"{unknown:.1%} of the import value has no quantity")
        if variant == PUBLISHED and np.isfinite(value):
            said = (
                "flagged: unknown governance and Taiwan count 0.5, a missing quantity counts 0 t but its"
                " value is priced"
            )
        shown = np.isfinite(value)
        out.append(
            IndicatorRow(
                f.mineral.name,
                str(f.place),
                str(f.year),
                f"geopolrisk.{name}",
                variant,
                value if shown else None,
                low if shown else None,
                high if shown else None,
                float(c.quantity_known[at]),
                "reported" if shown else "",
                said,
                source,
            )
        )
    return out


def _traced(ledger: Ledger, f: Facts) -> IndicatorRow:
    """The score with partners replaced by where the metal was made; only codes of the output's own stage."""
    place, year = str(f.place), str(f.year)
    t = traced(ledger, f.panel)
    if t is None:
        two_stages = "output and trade are of different stages in the data"
        why = two_stages if f.panel.output_source[0][0] else STATUS[1].removeprefix("missing: ")
        return missing(f.mineral.name, place, year, "geopolrisk.score", TRACED, why)
    p = t.panel
    home = np.isin(np.array(p.places), f.members)
    if t.has[home].sum() <= 0:
        return missing(
            f.mineral.name, place, year, "geopolrisk.score", TRACED, "no output and no imports of this stage"
        )
    weight = t.has[home] / t.has[home].sum()
    mix, lost = t.shares[:, home] @ weight, float(t.unknown[home] @ weight)
    g = p.instability[0]
    blind = float(mix[~home & ~np.isfinite(g)].sum()) + lost
    risk = np.where(home, 0.0, np.nan_to_num(g))
    made = np.nan_to_num(p.output[0, 0])
    world = made[made > 0]
    hhi = float(((world / world.sum()) ** 2).sum())
    if blind > MOST_UNKNOWN:
        return missing(
            f.mineral.name,
            place,
            year,
            "geopolrisk.score",
            TRACED,
            f"{blind:.0%} of the metal has no known origin or its origin no governance data",
        )
    value = hhi * float(mix @ risk)
    low, high = drawn_interval(
        lambda w, q: (
            ((w / w.sum(axis=1, keepdims=True)) ** 2).sum(axis=1) * (q @ risk) / (q.sum(axis=1) + lost)
        ),
        [world, mix],
        [float(p.output_sd[0, 0]), ESTIMATE],
    )
    status = "ok"
    if blind >= 0.005:
        status = (
            f"flagged: {blind:.1%} of the metal has no known origin or governance; counted 0, the upper end 1"
        )
    source = f"{p.output_source[0][0]}; {TRADE_SOURCE}, repaired and traced; {GOVERNANCE_SOURCE}"
    return IndicatorRow(
        f.mineral.name,
        place,
        year,
        "geopolrisk.score",
        TRACED,
        value,
        low,
        min(1.0, high + hhi * blind),
        1 - blind,
        "derived",
        status,
        source,
    )
