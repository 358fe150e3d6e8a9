"""Forced: a scenario run with other facts than the ledger picks, beside the default run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crosscut.ledger.ask.resolve_conflicts import forced_facts
from crosscut.ledger.store.fact import Fact
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import sources
from crosscut.market.events.events import Scenario
from crosscut.results import Document, Statement, tables_of
from crosscut.results.rows import Row
from crosscut.studies.context import Context
from crosscut.studies.scenario.run import run_result
from crosscut.studies.shared.cited_facts import cited_facts
from crosscut.worlds import world


def forced_result(
    context: Context,
    scenario: Scenario,
    facts: Sequence[str],
    *,
    seed: int | None = None,
    draws: int | None = None,
) -> Document:
    """The result with `facts` (ids) in place of those the world reads, and what that changes.

    Two tables more than a plain run: `forced_facts` (each fact and the one it replaces) and `forced_prices`
    (headline prices of both runs, same seed and draws). Raises UserError for a fact the world gives no place
    to.
    """
    ledger = context.ledger
    default_world = world(ledger, scenario.mineral, scenario.year)
    pairs = forced_facts(ledger, scenario.mineral, facts, default_world.fact_ids)
    quiet = replace(context, progress=None)
    default = run_result(quiet, scenario, default_world, seed=seed, draws=draws)
    other_ledger = ledger.forcing([f.id for f, _ in pairs])
    other = run_result(
        replace(quiet, progress=context.progress, ledger=other_ledger),
        scenario,
        world(other_ledger, scenario.mineral, scenario.year),
        seed=seed,
        draws=draws,
    )
    rows = [_fact_row(ledger, f, instead) for f, instead in pairs]
    listed = "; ".join(f"{r['what']}: {r['value']:,g} {r['unit']} instead of {r['default']:,g}" for r in rows)
    added = tables_of({"forced_facts": rows, "forced_prices": _price_rows(default, other)})
    return replace(
        other,
        id="",
        tables={**other.tables, **added},
        statements=(Statement("forced", f"Read by choice, {listed}."), *other.statements),
        facts=cited_facts(ledger, [*(f.id for f in other.facts), *(f.id for f, _ in pairs)]),
    )


def _fact_row(ledger: Ledger, f: Fact, instead: Fact) -> Row:
    return {
        "fact": f.id,
        "instead_of": instead.id,
        "what": ", ".join(t for t in (instead.subject, instead.attribute, instead.period) if t),
        "value": f.value,
        "default": instead.value,
        "unit": f.unit,
        "source": sources(ledger)[f.source_id].title,
        "default_source": sources(ledger)[instead.source_id].title,
    }


def _price_rows(default: Document, other: Document) -> list[Row]:
    """Headline prices of both runs: before the events, median after them, and what the facts change."""
    mine = {(r["form"], r["place"], r["basis"]): r for r in other.rows("prices")}
    out = []
    for a in default.rows("prices"):
        b = mine.get((a["form"], a["place"], a["basis"]))
        if a["headline"] and b is not None:
            out.append(
                {
                    **{k: a[k] for k in ("form", "place", "basis", "unit")},
                    "default_base": a["base"],
                    "base": b["base"],
                    "default_median": a["median"],
                    "median": b["median"],
                    "change": (
                        b["median"] / a["median"] - 1 if a["median"] and b["median"] is not None else None
                    ),
                }
            )
    return out
