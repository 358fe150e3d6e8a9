"""Outside check in money: a total stop of China's net exports of gallium, which the USGS published, rebuilt
on this market.

`python -m tools.outside_check` prints it. The inputs are in gallium_stop.csv, each with a source or
the word assumed; behaviour is drawn from the distributions of every minor metal (worlds/parameters.csv),
nothing is fitted. Beside the solved price stands the one-line formula of the published method's market step,
on the same draws.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from crosscut.base.bundled import bundled_text
from crosscut.market.events.compiled import no_events
from crosscut.market.model.chain import Chain, Form
from crosscut.market.model.world import World
from crosscut.market.solve.solver import solve
from crosscut.studies.stress.ensemble.losses import Meter
from crosscut.studies.stress.history.assumptions import UncertainNumber
from crosscut.studies.stress.stops.stop import Stop, stopped
from crosscut.worlds.parameters import parameter_distributions, params_at

Array = NDArray[np.float64]

PUBLISHED_RISE = (
    1.5  # "more than 150 per cent": USGS press release of 19 November 2024 on Open-File Report 2024-1057
)
PUBLISHED_GDP = (1.7e9, 3.1e9, 8.2e9)  # USD, the same report
PLACES = ("CHN", "JPN", "DEU", "CAN", "OTH", "USA")
OUTSIDE = {
    "JPN": 0.55,
    "DEU": 0.15,
    "CAN": 0.15,
    "OTH": 0.15,
}  # who makes and recycles outside China; assumed
CHINA, USA = PLACES.index("CHN"), PLACES.index("USA")


@cache
def inputs() -> dict[str, UncertainNumber]:
    """Every input by id."""
    text = bundled_text("stress", "gallium_stop.csv")
    return {
        r["id"]: UncertainNumber(
            r["id"],
            r["what"],
            float(r["low"]),
            float(r["mid"]),
            float(r["high"]),
            r["unit"],
            "linear" if r["unit"] == "fraction" else "log",
            r["evidence_status"],
            r["source"],
        )
        for r in csv.DictReader(text.splitlines())
    }


def gallium_world(value: dict[str, float]) -> World:
    """A one-form world: China's exports and what is made and recycled outside go to the users outside in
    proportion, the United States taking its reported share of China."""
    n = len(PLACES)
    made = np.zeros(n)
    outside = value["other-primary"] + value["secondary"]
    for code, share in OUTSIDE.items():
        made[PLACES.index(code)] = share * outside
    exports, us_use = value["china-exports"], value["us-use"]
    from_china = value["us-from-china"] * us_use
    q0 = np.zeros((1, n, n))
    q0[0, CHINA, CHINA] = value["china-output"] - exports
    q0[0, CHINA, USA] = from_china
    others = made > 0
    weight = np.where(others, made, 0.0) / made.sum()
    q0[0, CHINA] += (exports - from_china) * weight
    left = made * (1 - (us_use - from_china) / made.sum())
    q0[0, :, USA] += np.where(others, made - left, 0.0)
    for i in np.flatnonzero(others):
        q0[0, i] += 0.5 * left[i] * weight
        q0[0, i, i] += 0.5 * left[i]
    supply, usd = q0[0].sum(axis=1), 1000.0 * value["price"]
    capacity = np.where(np.arange(n) == CHINA, supply / 0.9, supply * value["spare"])
    return World(
        mineral="gallium",
        year=2023,
        chain=Chain("gallium", (Form("metal", "Gallium metal, low purity", usd),)),
        countries=PLACES,
        uses=("all uses",),
        q0=q0,
        M0=supply[None],
        X0=np.zeros((0, n)),
        D0=q0.sum(axis=1)[..., None],
        supply_capacity=capacity[None],
        process_capacity=np.zeros((0, n)),
        freight=0.01 * usd * (1 - np.eye(n))[None],
        tariff=np.zeros((1, n, n)),
        export_tax=np.zeros((1, n, n)),
        duty_on_cif=np.ones(n, dtype=bool),
        prices=np.full((1, n), usd),
        unrecorded_share=0.0,
        grade="D",
    )


@dataclass(frozen=True, eq=False)
class Check:
    """By draw (NaN where it did not solve): price outside China over before, the formula's, and USD that US
    users lose."""

    price: Array
    formula: Array
    usd: Array


def gallium_check(draws: int = 200, seed: int = 1) -> Check:
    """The stop solved for draws of inputs and behaviour."""
    price, formula, usd = (np.full(draws, np.nan) for _ in range(3))
    for d in range(draws):
        rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, d]))
        value = {key: float(a.at(np.array([rng.standard_normal()]))[0]) for key, a in inputs().items()}
        w = gallium_world(value)
        params = params_at(w, rng.standard_normal(len(parameter_distributions(w))))
        before = solve(w, params, no_events(w))
        after = solve(w, params, stopped(w, Stop(CHINA, (0,))))
        es, ed = float(params.eta[0]), float(params.eps[0, 0])
        formula[d] = market_step(
            value["china-exports"], value["other-primary"] + value["secondary"], es, ed, value["spare"]
        )
        if before.ok and after.ok:
            m = Meter(w, (USA,)).measured(params, before, after)
            price[d], usd[d] = m.price[0], m.usd
    return Check(price, formula, usd)


def market_step(lost: float, left: float, es: float, ed: float, spare: float) -> float:
    """Price over before when `lost` of lost + left tonnes stop: iso-elastic, others limited to `spare` times
    their output.

    >>> round(market_step(94, 122, 0.2, 0.3, 10.0), 2)
    3.13
    """
    s = lost / (lost + left)
    price = (1 - s) ** (-1 / (es + ed))
    most = (1 - s) * spare
    if price**es <= spare:
        return float(price)
    return float(most ** (-1 / ed))


def report(check: Check) -> str:
    """The check in words."""
    rise, line, usd = (
        np.nanquantile(x, [0.1, 0.5, 0.9])
        for x in (100 * (check.price - 1), 100 * (check.formula - 1), check.usd / 1e6)
    )
    above = float(np.nanmean(check.price - 1 > PUBLISHED_RISE))
    gdp = PUBLISHED_GDP[1] / 1e6
    return (
        f"price outside China   +{rise[1]:.0f} %  (80 %: +{rise[0]:.0f} to +{rise[2]:.0f}), above the"
        f" published +150 % in {above:.0%} of draws\nformula, same draws   +{line[1]:.0f} %  (80 %:"
        f" +{line[0]:.0f} to +{line[2]:.0f})\nUS users of the metal lose USD {usd[1]:.0f} M (80 %:"
        f" {usd[0]:.0f} to {usd[2]:.0f}); published loss of US output USD {gdp:,.0f} M\nthe loss counted at"
        f" the metal is 1/{gdp / usd[1]:.0f} of it: the rest is what is made with the metal\ndraws that did"
        f" not solve: {int(np.isnan(check.price).sum())}"
    )


if __name__ == "__main__":
    print(report(gallium_check()))
