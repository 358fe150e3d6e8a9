"""Writes docs/unlikely-flows.md: the ten least likely flows of every mineral with a world, before and after
repair.

Run `python docs/build_unlikely.py` after trade, a rule or a verdict changed; a test compares a part of it.
"""

from __future__ import annotations

from pathlib import Path

from crosscut.base.errors import Refused
from crosscut.base.places import name
from crosscut.ledger.reference.flow_verdicts import flow_verdicts
from crosscut.ledger.store.ledger import Ledger
from crosscut.worlds import DEFAULT_YEAR, minerals_with_worlds
from crosscut.worlds.unlikely import UnlikelyFlow, unlikely_flows

PAGE = Path(__file__).resolve().parent / "unlikely-flows.md"
TESTS = {"price": "price", "years": "years", "sender": "seller", "user": "buyer"}
HEAD = """# Unlikely flows

The ten flows of {year} that matter most and look least likely, for every mineral with a world: as the source
(BACI) has them, and after repair, as worlds use them. `make docs` makes this page; `crosscut facts MINERAL
--unlikely` prints the same list with the reason of every verdict; [data.md](data.md#repair) has the rules and
why their limits lie where they do.

A flow is held against four things. *price*: the world's unit value under the code. *years*: what the same
pair traded in the three years on either side. *seller*: what the seller makes and buys. *buyer*: what share
of all other minerals the buyer buys. Times off is the largest of the four, at most 100; flows are in the
order of share of trade times (times off less one). Tonnes are gross.

Repair is by rule (*pair*, *world*, *filled*, *not filled*, *transit*) or by verdict:
{verdicts}.
Reasons, sources and dates are in `src/crosscut/data/facts/flow_verdicts.csv`. *keep*: the flow is believed,
for its own reason. *unsure*: it is not believed, and nothing at hand shows it wrong; worlds use it as they
use a flow that is kept. Both were given after a look at tonnes and unit value of the pair from 2018 to 2024,
at what the seller makes, buys and sells, and at what the buyer does. That a mine, a plant or a custom of the
trade is known is general knowledge; no document was opened for it, unless the source of the row names one.
Not checked: what each side of a flow reported (BACI has one figure), and the list of any year before {year}.
"""


def flow_text(f: UnlikelyFlow) -> str:
    """One cell: who to whom, tonnes, share, how far off and by which test, what was done."""
    times = max(f.price, f.years, f.sender, f.user)
    off = f"{times:,.0f}" if times >= 10 else f"{times:.1f}"
    done = f", **{f.done.removeprefix('verdict: ')}**" if f.done else ""
    return (
        f"{name(f.exporter)} to {name(f.importer)}, {f.quantity:,.0f} t, {f.share:.1%},"
        f" {off} x {TESTS[f.test]}{done}"
    )


def section(ledger: Ledger, mineral: str) -> list[str]:
    """The lines on one mineral; none where output by country is missing."""
    try:
        before = unlikely_flows(ledger, mineral, DEFAULT_YEAR, False)
        after = unlikely_flows(ledger, mineral, DEFAULT_YEAR, True)
    except Refused:
        return []
    lines = ["", f"## {mineral.capitalize()}", "", "| before | after |", "|---|---|"]
    for k in range(max(len(before), len(after))):
        cells = [flow_text(found[k]) if k < len(found) else "" for found in (before, after)]
        lines.append(f"| {cells[0]} | {cells[1]} |")
    return lines


def counts() -> str:
    """How many verdicts there are of each kind."""
    said = [v.verdict for v in flow_verdicts()]
    kinds = sorted(set(said), key=lambda v: (-said.count(v), v))
    return ", ".join(f"{said.count(v)} {v}" for v in kinds)


def page(ledger: Ledger) -> str:
    """The whole page."""
    lines = [HEAD.format(year=DEFAULT_YEAR, verdicts=counts()).rstrip()]
    for mineral, why in minerals_with_worlds().items():
        if not why:
            lines += section(ledger, mineral)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(Ledger.bundled()), encoding="utf-8")
