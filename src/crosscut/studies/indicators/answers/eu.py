"""Rows of EU criticality with any country or bloc in the EU's place."""

from __future__ import annotations

from functools import partial

import numpy as np

from crosscut.studies.indicators.answers.facts import Facts
from crosscut.studies.indicators.answers.reliance import own_stage
from crosscut.studies.indicators.eu_criticality import (
    LARGEST_VALUE_ADDED_2023,
    MEMBER_TRADE_FACTOR,
    SCOPES,
    assessed_2017,
    economic_importance,
    supply_risk,
    uses_2023,
)
from crosscut.studies.indicators.panel import ESTIMATE, GOVERNANCE_SOURCE, PRINTED, TRADE_SOURCE
from crosscut.studies.indicators.rows import IndicatorRow, missing
from crosscut.studies.indicators.uncertainty import drawn_interval


def rows(f: Facts) -> list[IndicatorRow]:
    """Supply risk by scope and, for the EU, economic importance.

    Parameters
    ----------
    f : Facts
        Mineral, place and year.

    Returns
    -------
    list[IndicatorRow]
        None for the world alone; a marked row where an input is missing.
    """
    if f.place is None:
        return []
    return [*_supply_risk(f), _economic_importance(f)]


def _supply_risk(f: Facts) -> list[IndicatorRow]:
    name, place, period = f.mineral.name, str(f.place), str(f.year)
    if bad := f.no_trade("eu.supply_risk", "combined"):
        return [bad]
    found = own_stage(f)
    if isinstance(found, str):
        return [missing(name, place, period, "eu.supply_risk", "combined", found)]
    made, imported, exported, content_sd, _ = found
    assert f.contained is not None
    imports = f.contained[0]
    printed = assessed_2017().get(name)
    si, recycled = (printed.si_sr, printed.eol_rir) if printed else (1.0, f.mineral.eol_rir)
    if recycled is None:
        return [
            missing(name, place, period, "eu.supply_risk", "combined", "no end-of-life recycling input rate")
        ]
    o = f.outputs[0]
    factor = dict.fromkeys(f.members, MEMBER_TRADE_FACTOR)
    world, world_weight, blind_world = _weights(f, o.amounts, factor)
    sourcing = {**imports}
    for c in f.members:
        if o.amounts.get(c):
            sourcing[c] = sourcing.get(c, 0.0) + o.amounts[c]
    bought, bought_weight, blind_bought = _weights(f, sourcing, factor)
    net = imported - exported
    ir = max(0.0, net / (made + net)) if made + net > 0 else None

    def sr(w: np.ndarray, b: np.ndarray, mx: np.ndarray, rates: np.ndarray, scope: str) -> np.ndarray:
        gs = ((w / (w.sum(axis=1, keepdims=True) + o.lump)) ** 2 * world_weight).sum(axis=1)
        total = b.sum(axis=1, keepdims=True)
        eus = ((b / np.where(total > 0, total, 1.0)) ** 2 * bought_weight).sum(axis=1)
        keep = (1 - np.minimum(rates[:, 0], 1.0)) * np.minimum(rates[:, 1], 1.0)
        n = mx[:, 0] - mx[:, 1]
        use = made + n
        reliance = np.where(use > 0, np.maximum(0.0, n / np.where(use > 0, use, 1.0)), np.nan)
        every = {"global": gs, "sourcing": eus, "combined": gs * reliance / 2 + eus * (1 - reliance / 2)}
        return np.asarray(every[scope] * keep)

    inputs = [world, bought, np.array([imported, exported]), np.array([recycled, si])]
    hhi_gs = float(((world / (world.sum() + o.lump)) ** 2 * world_weight).sum())
    hhi_eus = float(((bought / bought.sum()) ** 2 * bought_weight).sum()) if bought.sum() > 0 else None
    values = supply_risk(hhi_gs, hhi_eus, ir, recycled, si)
    flags = []
    if printed is None:
        flags.append("substitution taken as 1 (too high)")
    if blind_world or blind_bought:
        flags.append(
            f"no governance data for {', '.join(sorted({*blind_world, *blind_bought}))}; left out (too low)"
        )
    flags.append("trade factor 1 outside the region (too low)")
    source = (
        f"{o.source} ({o.stage}); {TRADE_SOURCE}; {GOVERNANCE_SOURCE}; EU 2017 and 2023 recycling and"
        " substitution"
    )
    out = []
    for scope in SCOPES:
        value = values[scope]
        if value is None:
            why = (
                "no sourcing recorded"
                if scope == "sourcing"
                else "recorded exports exceed output and imports"
            )
            out.append(missing(name, place, period, "eu.supply_risk", scope, why, source))
            continue
        ends = drawn_interval(
            partial(sr, scope=scope), inputs, [o.sd, float(np.hypot(ESTIMATE, content_sd)), ESTIMATE, PRINTED]
        )
        out.append(
            IndicatorRow(
                name,
                place,
                period,
                "eu.supply_risk",
                scope,
                value,
                *ends,
                None,
                "estimated",
                "flagged: " + "; ".join(flags),
                source,
                o.facts,
            )
        )
    return out


def _weights(
    f: Facts, amounts: dict[str, float], factor: dict[str, float]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """(amounts, WGI (0 to 10) times trade factor, holders without governance data, whose weight is 0)."""
    weight = np.array([10.0 * f.instability.get(c, 0.0) * factor.get(c, 1.0) for c in amounts])
    blind = [c for c, a in amounts.items() if c not in f.instability and a > 0]
    return np.array(list(amounts.values())), weight, blind


def _economic_importance(f: Facts) -> IndicatorRow:
    name, place = f.mineral.name, str(f.place)
    if place != "EU27":
        why = "value added by sector is carried for the EU only; `--uses FILE` takes yours"
        return missing(name, place, str(f.year), "eu.economic_importance", "2023 uses", why)
    uses = uses_2023().get(name)
    if uses is None:
        return missing(
            name, place, "2023", "eu.economic_importance", "2023 uses", "uses by sector not carried for it"
        )
    printed = assessed_2017().get(name)
    si = printed.si_ei if printed else 1.0
    value = economic_importance(uses.shares, uses.value_added, LARGEST_VALUE_ADDED_2023, si)
    added = np.array([uses.value_added[s] for s in uses.shares])
    ends = drawn_interval(
        lambda a, s: 10.0 * (a * added).sum(axis=1) / LARGEST_VALUE_ADDED_2023 * np.minimum(s[:, 0], 1.0),
        [np.array(list(uses.shares.values())), np.array([si])],
        [PRINTED, PRINTED],
    )
    covered = sum(uses.shares.values())
    status = (
        "flagged: substitution index of 2017 with uses of 2023"
        if printed
        else "flagged: substitution taken as 1"
    )
    return IndicatorRow(
        name,
        place,
        "2023",
        "eu.economic_importance",
        "2023 uses",
        value,
        *ends,
        min(1.0, covered),
        "reported",
        status,
        "European Commission (2023), Annex 6; (2017), table 18",
    )
