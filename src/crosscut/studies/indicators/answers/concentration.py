"""Rows of concentration: of output by source and stage, of exports, and of what a place imports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.studies.indicators.answers.facts import Facts
from crosscut.studies.indicators.concentration import Concentration, concentration
from crosscut.studies.indicators.panel import ESTIMATE, GOVERNANCE_SOURCE, TRADE_SOURCE
from crosscut.studies.indicators.rows import IndicatorRow, missing
from crosscut.studies.indicators.uncertainty import drawn_interval

_NAMES = ("hhi", "hhi_lump_out", "top_1", "top_3", "shannon")
NO_TABLE = "no output by country for the year; `crosscut data pull` fetches World Mining Data (2018 to 2024)"


def rows(f: Facts) -> list[IndicatorRow]:
    """Every concentration of the mineral that the facts allow, and of the place's imports.

    Parameters
    ----------
    f : Facts
        Mineral, place and year; without a place there are no rows of imports.

    Returns
    -------
    list[IndicatorRow]
        HHI from 0 to 10,000, shares of the largest one and three, Shannon entropy in nats, of each table of
        output, of exports and of imports; a marked row where there is none.
    """
    out: list[IndicatorRow] = []
    for o in f.outputs:
        variant = f"{o.stage} ({o.source})"
        out += _rows(
            f,
            _Holders(
                place="WLD",
                period=o.period,
                variant=variant,
                amounts=o.amounts,
                lump=o.lump,
                sd=o.sd,
                evidence_status=o.evidence_status,
                source=o.source,
                facts=o.facts,
            ),
        )
    if not f.outputs:
        out.append(missing(f.mineral.name, "WLD", str(f.year), "concentration.hhi", "output", NO_TABLE))
    cases = [("WLD", "exports")] if f.place is None else [("WLD", "exports"), (f.place, "imports")]
    for place, variant in cases:
        if bad := f.no_trade("concentration.hhi", variant):
            out.append(bad)
            continue
        flow = f.exports_by_country() if variant == "exports" else f.flow(into=True)
        if not sum(flow.tonnes.values()):
            out.append(
                missing(
                    f.mineral.name,
                    place,
                    str(f.year),
                    "concentration.hhi",
                    variant,
                    f"no {variant} of HS 1992 {', '.join(f.mineral.hs92)} recorded",
                    TRADE_SOURCE,
                )
            )
            continue
        out += _rows(
            f,
            _Holders(
                place=place,
                period=str(f.year),
                variant=f"{variant} (HS 1992 {', '.join(f.mineral.hs92)}, gross t)",
                amounts=flow.tonnes,
                sd=ESTIMATE,
                evidence_status="reported",
                source=TRADE_SOURCE,
                coverage=flow.known,
            ),
        )
    return out


@dataclass(frozen=True)
class _Holders:
    """Tonnes by holder of one output or trade, with what they rest on; `lump` is what is printed for
    others."""

    place: str
    period: str
    variant: str
    amounts: dict[str, float]
    sd: float
    evidence_status: str
    source: str
    lump: float = 0.0
    facts: tuple[str, ...] = ()
    coverage: float = 1.0


def _rows(f: Facts, held: _Holders) -> list[IndicatorRow]:
    amounts, lump, sd = held.amounts, held.lump, held.sd
    values = np.array(list(amounts.values()))
    c = concentration(values, lump)
    spread = {
        n: drawn_interval(lambda a, b, n=n: _drawn(a, b, n), [values, np.array([lump])], [sd, sd])
        for n in _NAMES
    }
    names = [n for n in _NAMES if lump > 0 or n != "hhi_lump_out"]
    out = [
        IndicatorRow(
            f.mineral.name,
            held.place,
            held.period,
            f"concentration.{n}",
            held.variant,
            getattr(c, n),
            *_kept(n, spread[n], c),
            held.coverage,
            held.evidence_status,
            "ok",
            held.source,
            held.facts,
        )
        for n in names
    ]
    return [*out, _governed(f, held, c)]


def _kept(name: str, spread: tuple[float, float], c: Concentration) -> tuple[float, float]:
    """With a lump the truth lies between the two HHIs whatever the noise."""
    if name == "hhi":
        return min(spread[0], c.hhi_lump_out), spread[1]
    return spread


def _drawn(amounts: np.ndarray, lump: np.ndarray, name: str) -> np.ndarray:
    total = amounts.sum(axis=1, keepdims=True) + lump
    share = amounts / total
    other = lump / total
    if name.startswith("hhi"):
        return np.asarray(1e4 * ((share**2).sum(axis=1) + (other[:, 0] ** 2 if name == "hhi" else 0.0)))
    if name.startswith("top"):
        return np.asarray(np.sort(share, axis=1)[:, ::-1][:, : int(name[-1])].sum(axis=1))
    every = np.concatenate([share, other], axis=1)
    return np.asarray(-(every * np.log(np.where(every > 0, every, 1.0))).sum(axis=1))


def _governed(f: Facts, held: _Holders, c: Concentration) -> IndicatorRow:
    """Holders without governance data are left out of the sum and open the interval up to the worst score."""
    indicator, amounts = "concentration.hhi_governance", held.amounts
    if not f.instability:
        return missing(
            f.mineral.name,
            held.place,
            held.period,
            indicator,
            held.variant,
            f"no governance data for {f.year}",
            held.source,
        )
    known = {k: t for k, t in amounts.items() if k in f.instability}
    weight = 10.0 * np.array([f.instability[k] for k in known])
    tonnes = np.array(list(known.values()))
    share = tonnes / c.total
    value = float((share**2 * weight).sum())
    low, high = drawn_interval(
        lambda a, t: ((a / t) ** 2 * weight).sum(axis=1), [tonnes, np.array([c.total])], [held.sd, 0.0]
    )
    blind = np.array([t for k, t in amounts.items() if k not in f.instability]) / c.total
    covered = 1.0 - float(blind.sum())
    status = (
        "ok"
        if not len(blind)
        else (f"flagged: no governance data for {', '.join(sorted(set(amounts) - set(known)))}; left out")
    )
    return IndicatorRow(
        f.mineral.name,
        held.place,
        held.period,
        indicator,
        held.variant,
        value,
        low,
        high + 10.0 * float((blind**2).sum()),
        covered,
        held.evidence_status,
        status,
        f"{held.source}; {GOVERNANCE_SOURCE}",
        held.facts,
    )
