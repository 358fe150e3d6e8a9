"""Rows of GeoPolRisk: as reported, by the published conventions, and with origins traced through re-exporters."""

from __future__ import annotations

import numpy as np

from crosscut.facts.repair import repaired_trade
from crosscut.indicators.answers.facts import Facts
from crosscut.indicators.content import contents
from crosscut.indicators.geopolrisk import Cells, STATUS, cells, published_conventions
from crosscut.indicators.panel import ESTIMATE, GOVERNANCE_SOURCE, TRADE_SOURCE
from crosscut.indicators.rows import Row, missing
from crosscut.indicators.tracing import origin_shares
from crosscut.indicators.uncertainty import drawn_interval
from crosscut.places import blocs

AS_REPORTED, PUBLISHED, TRACED = "as reported", "conventions of release 2.0.1", "origin traced"


def rows(f: Facts) -> list[Row]:
    """Score and characterisation factor of a place."""
    if f.place is None:
        return []
    if bad := f.no_trade("geopolrisk.score", AS_REPORTED):
        return [bad]
    named = [f.place] if f.place in blocs() else []
    out = _rows(f, cells(f.panel, named), AS_REPORTED)
    if f.panel.output_source[0][0]:
        out += _rows(f, cells(published_conventions(f.panel), named), PUBLISHED)
    return [*out, _traced(f)]


def _rows(f: Facts, c: Cells, variant: str) -> list[Row]:
    at = (0, 0, c.reporters.index(str(f.place)))
    status = STATUS[c.status[at]]
    source = "; ".join(s for s in (f.panel.output_source[0][0], TRADE_SOURCE, GOVERNANCE_SOURCE) if s)
    out = []
    for name, values in (("score", (c.score, c.score_low, c.score_high)), ("cf", (c.cf, c.cf_low, c.cf_high))):
        value, low, high = (float(a[at]) for a in values)
        said = status
        if not np.isfinite(value) and not status.startswith("missing"):
            said = "missing: no imports, so no price"
        if variant == PUBLISHED and status.startswith("missing: no imports"):
            said = f"{status} (published as 0)"
        said = said if said.startswith(("ok", "missing", "flagged")) else f"flagged: {said}"
        if said == "ok" and c.quantity_known[at] < 0.999:
            said = f"flagged: {1 - c.quantity_known[at]:.1%} of the import value has no quantity"
        if variant == PUBLISHED and np.isfinite(value):
            said = "flagged: unknown governance and Taiwan count 0.5, a missing quantity counts 0 t but its value is priced"
        shown = np.isfinite(value)
        out.append(
            Row(f.mineral.name, str(f.place), str(f.year), f"geopolrisk.{name}", variant, value if shown else None,
                low if shown else None, high if shown else None, float(c.quantity_known[at]),
                "reported" if shown else "", said, source)
        )  # fmt: skip
    return out


def _traced(f: Facts) -> Row:
    """The score with partners replaced by where the metal was made; only codes of the output's own stage."""
    p = f.panel
    place, year = str(f.place), str(f.year)
    by_code = contents().get(f.mineral.name)
    if not p.output_source[0][0] or by_code is None:
        why = STATUS[1].removeprefix("missing: ") if by_code else "output and trade are of different stages in the data"
        return missing(f.mineral.name, place, year, "geopolrisk.score", TRACED, why)
    n, at = len(p.places), {c: k for k, c in enumerate(p.places)}
    shipped = np.zeros((n, n))
    for code, content in by_code.items():
        frame, _ = repaired_trade(code, f.year)
        for i, j, t, residue in frame.select("exporter", "importer", "quantity_t", "scrap_suspect").iter_rows():
            if t is not None and not residue:
                shipped[at[i], at[j]] += t * content.per_tonne
    made = np.nan_to_num(p.output[0, 0])
    inside = [at[c] for c in f.members]
    live = np.flatnonzero((made > 0) | (shipped.sum(axis=0) > 0) | (shipped.sum(axis=1) > 0))
    home = [k for k, i in enumerate(live) if i in inside]
    if not home:
        return missing(f.mineral.name, place, year, "geopolrisk.score", TRACED, "no output and no imports of this stage")
    shares, unknown = origin_shares(made[live], shipped[np.ix_(live, live)])
    has = made[live] + shipped[np.ix_(live, live)].sum(axis=0)
    weight = has[home] / has[home].sum() if has[home].sum() > 0 else np.full(len(home), 1 / len(home))
    mix, lost = shares[:, home] @ weight, float(unknown[home] @ weight)
    g = p.instability[0][live]
    abroad = np.array([i not in inside for i in live])
    blind = float(mix[abroad & ~np.isfinite(g)].sum()) + lost
    risk = np.where(abroad, np.nan_to_num(g), 0.0)
    world = made[made > 0]
    hhi = float(((world / world.sum()) ** 2).sum())
    value = hhi * float(mix @ risk)
    low, high = drawn_interval(
        lambda w, q: ((w / w.sum(axis=1, keepdims=True)) ** 2).sum(axis=1) * (q @ risk) / (q.sum(axis=1) + blind),
        [world, mix], [float(p.output_sd[0, 0]), ESTIMATE],
    )  # fmt: skip
    if blind > 0.5:
        return missing(f.mineral.name, place, year, "geopolrisk.score", TRACED,
                       f"{blind:.0%} of the metal has no known origin or its origin no governance data")  # fmt: skip
    status = "ok" if blind < 0.005 else f"flagged: {blind:.1%} of the metal has no known origin or governance; counted 0"
    source = f"{p.output_source[0][0]}; {TRADE_SOURCE}, repaired and traced; {GOVERNANCE_SOURCE}"
    return Row(f.mineral.name, place, year, "geopolrisk.score", TRACED, value, low, high + hhi * blind, 1 - blind,
               "derived", status, source)  # fmt: skip
