"""Rows of control: whose the output is, by where it lies, who owns it (partial stakes split), who buys it
first."""

from __future__ import annotations

from crosscut.base.errors import UserError
from crosscut.ledger.ownership import controlled_output
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.indicators.answers.facts import Facts
from crosscut.studies.indicators.concentration import concentration
from crosscut.studies.indicators.rows import IndicatorRow, missing

_VARIANTS = {
    "location": "by location",
    "owner-named": "by owner, named holders only",
    "owner-strict": "by owner, foreign owners barred counted",
    "equity": "by owner, stakes split by ultimate holder",
    "offtake-first-buyer": "by offtake, first buyer",
}
SHOWN = 3
UNKNOWN = "UNK"


def rows(ledger: Ledger, f: Facts) -> list[IndicatorRow]:
    """Who controls output: the largest countries by each rule, and the concentration.

    The part whose holder is unknown is left out of the squares at the lower end, and all of it is with the
    largest holder at the upper end.

    Parameters
    ----------
    ledger : Ledger
        Stakes, offtake and output by facility.
    f : Facts
        Mineral and year; the place does not count.

    Returns
    -------
    list[IndicatorRow]
        Shares of world output and HHI from 0 to 10,000 by location, owner and offtake; one marked row where
        ownership is not on record.
    """
    out: list[IndicatorRow] = []
    for rule, variant in _VARIANTS.items():
        try:
            c = controlled_output(ledger, f.mineral.name, f.year, rule)
        except UserError as e:
            if rule != "location":  # one row says it for all rules of ownership
                out.append(
                    missing(
                        f.mineral.name,
                        "WLD",
                        str(f.year),
                        "control.share",
                        "by owner and offtake",
                        e.problems[0].what,
                    )
                )
                break
            continue
        named = sorted(((k, t) for k, t in c.tonnes.items() if k != UNKNOWN), key=lambda kv: -kv[1])
        covered = 1 - c.unknown / c.world
        for k, t in [*named[:SHOWN], (UNKNOWN, c.unknown)]:
            status = "ok" if k != UNKNOWN else "flagged: holder unknown, counted to no state"
            out.append(
                IndicatorRow(
                    f.mineral.name,
                    k,
                    str(f.year),
                    "control.share",
                    variant,
                    t / c.world,
                    c.low[k] / c.world,
                    c.high[k] / c.world,
                    covered,
                    "derived",
                    status,
                    "ledger: stakes, offtake, output",
                    c.fact_ids if k == named[0][0] else (),
                )
            )
        low = concentration([t for _, t in named], 0.0).hhi * covered**2
        top = named[0][1] + c.unknown
        high = concentration([top, *(t for _, t in named[1:])]).hhi
        out.append(
            IndicatorRow(
                f.mineral.name,
                "WLD",
                str(f.year),
                "control.hhi",
                variant,
                low,
                low,
                high,
                covered,
                "derived",
                (
                    "flagged: unknown holders left out of the squares; the upper end gives them to the"
                    " largest"
                    if covered < 0.999
                    else "ok"
                ),
                "ledger: stakes, offtake, output",
                c.fact_ids,
            )
        )
    return out
