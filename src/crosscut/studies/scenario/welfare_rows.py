"""Welfare rows: who gains and loses, in million USD a year, as far as `money` allows."""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array
from crosscut.market.events.events import RentTo
from crosscut.results.rows import Row
from crosscut.studies.scenario.rows import interval
from crosscut.studies.shared.ensemble import ScenarioEnsemble
from crosscut.studies.shared.money import MILLION, MoneyMark, millions, money_mark
from crosscut.studies.shared.readings import DrawReading, Readings

UNIT = "million USD a year"
BUYERS = "buyers"
PARTIES = {
    RentTo.EXPORTERS: "rents of exporters",
    RentTo.EXPORTING_STATE: "rents of the exporting state",
    RentTo.IMPORTERS: "rents of importers",
}
FRICTION = "paid to nobody (friction)"
REST = "through tonnes used, their sources, and adapting"


def gains(reading: DrawReading) -> dict[str, Array]:
    """item -> change in million USD a year by country, the rents by party; the items add up to `total`."""
    found = {k: v for k, v in reading.welfare.items() if k not in ("rents", "total")}
    found |= {name: reading.rents[party] for party, name in PARTIES.items()}
    found["total"] = np.sum(list(found.values()), axis=0)
    return {k: v / 1e6 for k, v in found.items()}


def welfare_rows(ensemble: ScenarioEnsemble, read: Readings) -> list[Row]:
    """One row per country and item (buyers, miners, processors, public revenue, stocks, rents by party,
    total).

    `central` is at median parameters: there the items of a country add up to its total, and the countries to
    the world. The medians of the interval do not add up.
    """
    if not read.draws:
        return []
    central, drawn = gains(read.central), [gains(r) for r in read.draws]
    rows = []
    for item in central:
        values = np.array([g[item] for g in drawn])
        for i, country in enumerate(ensemble.world.countries):
            if max(np.abs(values[:, i]).max(), abs(central[item][i])) > 0.0:
                rows.append(
                    {
                        "country": country,
                        "item": item,
                        "unit": UNIT,
                        "central": central[item][i],
                        **interval(values[:, i]),
                    }
                )
    return rows


def buyer_rows(ensemble: ScenarioEnsemble, read: Readings) -> list[Row]:
    """What buyers lose and nothing else, with the digits that the world allows; none where money is
    unknown."""
    mark = money_mark(ensemble.world)
    if mark == MoneyMark.UNKNOWN:
        return []
    amounts = ("central", "median", "p10", "p90")
    rows = [r for r in welfare_rows(ensemble, read) if r["item"] == BUYERS]
    return [
        {k: millions(v * MILLION, mark) if k in amounts and v is not None else v for k, v in r.items()}
        for r in rows
    ]


def world_gain_rows(read: Readings) -> list[Row]:
    """The whole world by item, and what the total is made of: what buyers pay that nobody receives, and what
    is lost (or gained) because less (or more) is used, from dearer (or cheaper) sources, and buyers must
    adapt."""
    if not read.draws:
        return []

    def account(reading: DrawReading) -> dict[str, float]:
        out = {item: float(v.sum()) for item, v in gains(reading).items()}
        out[FRICTION] = -float(reading.rents[RentTo.NOBODY].sum()) / 1e6
        out[REST] = out["total"] - out[FRICTION]
        return out

    central, drawn = account(read.central), [account(r) for r in read.draws]
    return [
        {
            "item": item,
            "kind": _kind(item),
            "unit": UNIT,
            "central": value,
            **interval(np.array([g[item] for g in drawn])),
        }
        for item, value in central.items()
    ]


def _kind(item: str) -> str:
    if item in (FRICTION, REST):
        return "of the total"
    return "total" if item == "total" else "party"
