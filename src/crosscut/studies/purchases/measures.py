"""Measures: what is in force today on what a company buys from a country, as the history of measures records
it.

The history is that of `world` and `stress` (`studies.shared.measures_in_force`). They ask what a measure adds
to the flows of a base year; here it counts whenever it began, since a buyer meets it all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosscut.base.places import name
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import table
from crosscut.market.events.events import EventKind
from crosscut.studies.shared.measures_in_force import named_in_force, restricts_goods, state_of_play

TARIFF = "tariff"
#: words of the history and of products -> stage of the chain
STAGES = {
    "raw": (
        "raw ore ores concentrate concentrates sand unprocessed unrefined natural flake rock spodumene"
        " bauxite ilmenite"
        " rutile acid"
    ),
    "compound": (
        "oxide oxides compound compounds carbonate hydroxide sulfate trioxide dioxide pentoxide molybdates"
    ),
    "metal": (
        "metal metals ingot powder ferro ferroniobium ferrovanadium ferromolybdenum ferronickel ferrochrome"
        " ferromanganese silicomanganese refined sponge"
    ),
    "scrap": "scrap",
}
_STAGE_OF = {word: stage for stage, words in STAGES.items() for word in words.split()}


@dataclass(frozen=True)
class Measure:
    """A measure in force on a mineral from a country.

    Parameters
    ----------
    instrument : str
        licence, ban, suspension, informal halt, quota, tax or tariff.
    forms : str
        What it restricts, in the words of its source.
    size : str
        Its rate or size in the words of the source; empty where none is stated.
    toward : tuple of str
        ISO3 codes of the buyers it is aimed at; empty for everyone.
    since : str
        The day, month or year it took effect.
    source : str
        Who says so.
    evidence_status : str
        How the source was read.
    id : str
        The fact, or the bundled scenario, that holds it.
    """

    instrument: str
    forms: str
    size: str
    toward: tuple[str, ...]
    since: str
    source: str
    evidence_status: str
    id: str

    def said(self) -> str:
        """The measure in a few words: instrument, whom it is aimed at, since when."""
        aimed = f" on buyers in {', '.join(map(name, self.toward))}" if self.toward else ""
        return f"{self.instrument}{aimed} since {self.since}"

    def reaches(self, buyer: frozenset[str]) -> bool:
        """Whether it reaches a civil buyer in one of the countries; one that is aimed at somebody reaches no
        buyer whose country is unknown."""
        return not self.military and (not self.toward or bool(buyer & set(self.toward)))

    @property
    def military(self) -> bool:
        """Whether it restricts military users alone, in the words of its source."""
        return "military" in self.size


def measures_on(ledger: Ledger, mineral: str, supplier: str) -> list[Measure]:
    """Every measure in force today on a mineral from a country, oldest first.

    Parameters
    ----------
    ledger : Ledger
        Has the history of export restrictions.
    mineral : str
        Its name.
    supplier : str
        ISO3 code of the country it comes from.

    Returns
    -------
    list[Measure]
        Export restrictions of the country, and tariffs of others where a bundled state of play has them; none
        says that none is on record, not that there is none.
    """
    facts = {
        r["row_id"]: (r["fact_id"], r["evidence_status"])
        for r in table(ledger, "hazards/export_restrictions").iter_rows(named=True)
    }
    out = [
        Measure(
            r["instrument"],
            r["form"] or "",
            r["rate_or_size"] or "",
            tuple(re.findall(r"[A-Z]{3}", r["targets"] or "")),
            r["effective"] or "an unknown day",
            r["source_title"] or "",
            facts[r["row_id"]][1],
            facts[r["row_id"]][0],
        )
        for r in named_in_force(ledger, mineral)
        if r["country_iso3"] == supplier and restricts_goods(r)
    ]
    return out + _tariffs(mineral, supplier)


def _tariffs(mineral: str, supplier: str) -> list[Measure]:
    """Tariffs on the supplier's goods in the bundled state of play: the history holds exporters' measures
    alone."""
    coded = state_of_play(mineral)
    if coded is None:
        return []
    return [
        Measure(
            TARIFF,
            e.form,
            f"{e.size:.0%}",
            tuple(e.destinations),
            str(e.start),
            e.source,
            "reported",
            coded.id,
        )
        for e in coded.events
        if e.kind == EventKind.TARIFF and supplier in e.origins
    ]


def stages_in(words: str) -> frozenset[str]:
    """The stages of a chain that a text names; none where it names none.

    >>> sorted(stages_in("ore, metal, oxide")), sorted(stages_in("dual-use items"))
    (['compound', 'metal', 'raw'], [])
    """
    found = re.findall(r"[a-z]+", words.lower())
    return frozenset(_STAGE_OF[w] for w in found if w in _STAGE_OF)


def covers(measure: Measure, form: str) -> bool | None:
    """Whether a measure names the stage that is bought.

    Parameters
    ----------
    measure : Measure
        With the forms its source names.
    form : str
        The product bought; empty where it is not stated.

    Returns
    -------
    bool | None
        None where the measure or the purchase does not say.
    """
    named, bought = stages_in(measure.forms), stages_in(form)
    return bool(named & bought) if named and bought else None


def last_entry(ledger: Ledger) -> str:
    """When the latest measure of the history took effect, proposals left out: what came after is not in it.

    Parameters
    ----------
    ledger : Ledger
        Has the history.

    Returns
    -------
    str
        A day or a month, as the history writes it.
    """
    rows = table(ledger, "hazards/export_restrictions").iter_rows(named=True)
    days = [str(r["effective"] or "") for r in rows if r["direction"] != "proposal"]
    return max(d for d in days if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", d))
