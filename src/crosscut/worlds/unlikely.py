"""Unlikely flows: the flows of a mineral that matter most and look least likely, before and after repair.

Each flow is held against four things that do not come from the flow itself: what a tonne costs in the world,
what the same pair traded in the years around, what the exporter makes and buys, and what else the importer
buys. How far it is off is the largest of the four; how much it matters is its share of the world's trade. A
reader goes through the list; what he decides stands in `flow_verdicts.csv`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from crosscut.base.errors import Problem, Refused, UserError
from crosscut.base.places import name
from crosscut.ledger.mineral_names import unknown_mineral
from crosscut.ledger.reference.flow_verdicts import verdicts_on
from crosscut.ledger.reference.industry import breadth, processors
from crosscut.ledger.reference.plausible import NEIGHBOURS, typical_unit_values
from crosscut.ledger.reference.repair import repaired_trade
from crosscut.ledger.reference.tables import trade
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.worlds.minerals import DEEP_MINERALS
from crosscut.worlds.screening.recorded import mined_output, passing_flows
from crosscut.worlds.screening.rules import screening_rules
from crosscut.worlds.screening.transit import LISTED

COUNT = 10
MATTERS = 0.001  # share of the world's trade below which a flow is not looked at
LUMPED = "OTH"
MOST_TIMES = 100.0  # further off is not more unlikely


@dataclass(frozen=True)
class UnlikelyFlow:
    """One flow, in t gross of a year, with how many times it is off by each test (1 is not off) and its
    score.

    `quantity` is the one that is scored: as the source has it, or after repair. `done` says what repair did.
    """

    mineral: str
    hs92: str
    exporter: str
    importer: str
    quantity: float
    share: float
    kusd_per_t: float
    price: float
    years: float
    sender: float
    user: float
    score: float
    done: str

    @property
    def test(self) -> str:
        """The test by which it is most off."""
        found = {"price": self.price, "years": self.years, "sender": self.sender, "user": self.user}
        return max(found, key=lambda k: found[k])


@dataclass(frozen=True)
class _Surroundings:
    """What the flows of a code are held against: typical kUSD/t, t in the years around by pair, output in t
    gross, breadth of imports, and who processes the mineral."""

    typical: float
    around: Mapping[tuple[str, str], float]
    made: Mapping[str, float]
    breadth: Mapping[str, float]
    plants: Mapping[str, float]


@per_ledger
def unlikely_flows(
    ledger: Ledger, mineral: str, year: int, repaired: bool = True, count: int = COUNT
) -> tuple[UnlikelyFlow, ...]:
    """List the flows of a mineral that matter most and look least likely.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral with a world, in lower case.
    year : int
        Calendar year.
    repaired : bool
        Whether quantities after repair are looked at, as a world uses them, or those of the source.
    count : int
        How many.

    Returns
    -------
    tuple of UnlikelyFlow
        Largest score first. The score is the share of the world's trade times how many times the flow is
        off, less one. Flows below `MATTERS` of the trade are left out, and so are those whose quantity is
        unknown.
    """
    codes = _codes(mineral)
    if deep := DEEP_MINERALS.get(mineral):
        subject, form = mineral, "mine"
        made = {c: t / deep.ore_content for c, t in deep.mined(ledger, year).items()}
        through: dict[tuple[str, str], float] = {}
    else:
        rule = screening_rules()[mineral]
        subject, form = rule.subject, rule.production_form
        made = {c: t / rule.content for c, t in mined_output(ledger, mineral, year).items()}
        through = passing_flows(ledger, mineral, year)
    passing = through if repaired else {}
    wide, plants = breadth(ledger, codes, year), processors(ledger, subject, form)
    out: list[UnlikelyFlow] = []
    for code in codes:
        frame = trade(ledger, code)
        typical = typical_unit_values(frame).get(year, np.nan)
        given = _Surroundings(typical, _around(frame, year), made, wide, plants)
        now = repaired_trade(ledger, code, year)[0] if repaired else frame.filter(pl.col("year") == year)
        done = {(r.exporter, r.importer): r.rule for r in repaired_trade(ledger, code, year)[1]}
        done |= dict.fromkeys(through, "transit")
        for (i, j), v in verdicts_on(code, year).items():
            done |= {(i, j): f"verdict: {v.verdict}"}
            if v.origin:
                done |= {(v.origin, j): f"verdict: {v.verdict}"}
        out += _scored(mineral, code, now, given, passing, done)
    return tuple(sorted(out, key=lambda f: -f.score)[:count])


def reasons_of(ledger: Ledger, mineral: str, year: int) -> dict[tuple[str, str, str], str]:
    """Why each flow of a mineral was repaired, or kept by a reader.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral with a world, in lower case.
    year : int
        Calendar year.

    Returns
    -------
    dict of (str, str, str) to str
        By code, exporter and importer; flows that nothing was done to are absent.

    Raises
    ------
    UserError
        For an unknown mineral.
    Refused
        For a mineral without a world.
    """
    codes = _codes(mineral)
    out: dict[tuple[str, str, str], str] = {}
    for code in codes:
        out |= {(code, r.exporter, r.importer): r.reason for r in repaired_trade(ledger, code, year)[1]}
        for (i, j), v in verdicts_on(code, year).items():
            out[code, i, j] = f"{v.reason} (signed {v.signed}, {v.date})"
            if v.origin:
                out[code, v.origin, j] = f"booked to {name(i)}: {out[code, i, j]}"
    return out


def _codes(mineral: str) -> tuple[str, ...]:
    """The codes under which the ore or form of a mineral is traded; refuses a mineral without a world."""
    if deep := DEEP_MINERALS.get(mineral):
        return deep.ore_codes
    rule = screening_rules().get(mineral)
    if rule is None:
        having = [*DEEP_MINERALS, *(m for m, r in screening_rules().items() if r.form)]
        raise UserError(unknown_mineral(mineral, "no trade of", having))
    if not rule.form:
        raise Refused(Problem(f"no market world of {mineral}: {rule.note}", "mineral"))
    return rule.hs92


def _around(frame: pl.DataFrame, year: int) -> dict[tuple[str, str], float]:
    """Median quantity of a pair over the years around, in t gross; a year without the pair counts as 0."""
    near = frame.filter((pl.col("year") != year) & ((pl.col("year") - year).abs() <= NEIGHBOURS))
    years = near["year"].n_unique()
    out = {}
    for (i, j), part in near.group_by("exporter", "importer"):
        known = part["quantity_t"].fill_null(0.0).to_list()
        out[str(i), str(j)] = float(np.median(known + [0.0] * (years - len(known))))
    return out


def _scored(
    mineral: str,
    code: str,
    now: pl.DataFrame,
    given: _Surroundings,
    passing: Mapping[tuple[str, str], float],
    done: Mapping[tuple[str, str], str],
) -> list[UnlikelyFlow]:
    """Every flow of a code that matters, with its score; `passing` is the share of a flow that stays."""
    flows = {
        (i, j): (t * passing.get((i, j), 1.0), kusd / t)
        for i, j, t, kusd in now.select("exporter", "importer", "quantity_t", "value_kusd").iter_rows()
        if t
    }
    world = sum(t for t, _ in flows.values())
    into: dict[str, float] = defaultdict(float)
    sent: dict[str, float] = defaultdict(float)
    for (i, j), (t, _) in flows.items():
        sent[i] += t
        into[j] += t
    whole = sum(given.made.values())
    out = []
    for (i, j), (t, usd) in flows.items():
        if t < MATTERS * world:
            continue
        ratio = usd / given.typical if usd > 0 else 1.0
        least = MATTERS * world
        # A country that its source lumps with others may have made all that they made: missing is not zero.
        has = given.made.get(i, given.made.get(LUMPED, 0.0)) + into.get(i, 0.0)
        user = 1.0
        known_user = given.made.get(j, 0.0) > 0 or (len(given.plants) >= LISTED and j in given.plants)
        if not known_user:
            user = max(into[j] - sent[j], 0.0) / whole / max(given.breadth.get(j, 0.0), 1e-9)
        price, years, sender, buyer = (
            min(max(x, 1.0), MOST_TIMES)
            for x in (
                max(ratio, 1.0 / ratio),
                t / max(given.around.get((i, j), 0.0), least),
                sent[i] / max(has, least),
                user,
            )
        )
        score = t / world * (max(price, years, sender, buyer) - 1.0)
        what = done.get((i, j), "")
        out.append(
            UnlikelyFlow(mineral, code, i, j, t, t / world, usd, price, years, sender, buyer, score, what)
        )
    return out


__all__ = ["COUNT", "UnlikelyFlow", "reasons_of", "unlikely_flows"]
