"""A mineral that does not exist, registered as a second one in depth: its entry, its builder, and what the
house then answers about it. Run as a program of its own, so that no other test meets the mineral."""

import json
from dataclasses import replace

from crosscut.ledger.own_tables import ENTRIES, TUNGSTEN, OutputTable
from crosscut.ledger.store.declarations import TABLES
from crosscut.ledger.store.ledger import Ledger
from crosscut.worlds.minerals import DEEP_MINERALS, DeepMineral, TradeUnit

NAME = "unobtainium"


def evidence(ledger, year):
    from crosscut.worlds.tungsten import tungsten_evidence

    found = tungsten_evidence(ledger, year)
    return replace(found, mineral=NAME, chain=replace(found.chain, mineral=NAME))


def register():
    """The whole work of adding a mineral: an entry in the ledger, an entry with its builder."""
    own = replace(
        TUNGSTEN,
        mineral=NAME,
        title="Unobtainium (Uo)",
        content="contained Uo",
        output=OutputTable("tungsten/production", "iso3", "mine_production"),
        facilities=("tungsten/facilities",),
        abbreviations=("Uo",),
        national=replace(TUNGSTEN.national, stock="Secret Stockpile"),
    )
    ENTRIES[NAME] = own
    # facts of its own: here a table of facts that is said to be about it
    TABLES["tungsten/reserves"] = replace(TABLES["tungsten/reserves"], topic=NAME)
    DEEP_MINERALS[NAME] = DeepMineral(own, evidence, {"oxide": TradeUnit("USD/lb Uo", 0.0005)})


def answers():
    from crosscut.ledger.ask.coverage import minerals
    from crosscut.ledger.ask.facilities import facilities
    from crosscut.ledger.ask.stockpile import stockpile
    from crosscut.ledger.consistency.verdicts import checked_claims
    from crosscut.ledger.minerals import Mineral
    from crosscut.ledger.ownership import controlled_output
    from crosscut.ledger.ownership.outputs import located_output
    from crosscut.studies.indicators.outputs import outputs
    from crosscut.studies.stress.answers.cover import stock_cover
    from crosscut.worlds import minerals_with_worlds, world
    from crosscut.worlds.minerals import trade_unit

    named = Mineral(NAME, (), "Unobtainium", "extraction", (), None, (NAME, "mine"))
    ledger = Ledger.bundled()
    w = world(ledger, NAME)
    return {
        "world": [w.mineral, [f.id for f in w.chain.forms], float(w.D0.sum())],
        "why": minerals_with_worlds()[NAME],
        "unit": trade_unit(NAME, "oxide"),
        "listed": next(r for r in minerals(ledger).iter_rows(named=True) if r["mineral"] == NAME)["forms"],
        "facilities": len(facilities(ledger, NAME)),
        "claims": len(checked_claims(ledger, NAME)),
        "output": located_output(ledger, NAME, 2024).world,
        "controlled": controlled_output(ledger, NAME, 2024, "owner-strict").share("CHN"),
        "stock": stockpile(ledger, NAME, ["USA"]).name,
        "cover": [s.what for s in stock_cover(ledger, w, [w.country_index("USA")], ["USA"])],
        "by_source": [o.source for o in outputs(ledger, named, 2024)],
    }


if __name__ == "__main__":
    register()
    print(json.dumps(answers()))
