"""Traced: origins behind every country's metal of one mineral and year, from output and repaired trade of
one stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.ledger.minerals import Mineral
from crosscut.ledger.reference.repair import repaired_trade
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.studies.indicators.panel import Panel
from crosscut.studies.indicators.tracing import contents, origin_shares


@dataclass(frozen=True)
class Traced:
    """shares[i, j]: part of what place j has that was made in i; unknown[j]: part of unknown origin; has[j]:
    t."""

    panel: Panel
    shares: Array
    unknown: Array
    has: Array

    def behind(self, place: str, most: int = 3) -> tuple[tuple[str, float], ...]:
        """Who made what a place has, largest first.

        Parameters
        ----------
        place : str
            Code of the country.
        most : int
            How many origins at most.

        Returns
        -------
        tuple[tuple[str, float], ...]
            (origin, share as a fraction) of at least 1 %; UNK last, for what is of unknown origin.
        """
        k = self.panel.places.index(place)
        column = self.shares[:, k]
        found = [
            (self.panel.places[i], float(column[i])) for i in np.argsort(-column)[:most] if column[i] > 0.01
        ]
        return (*found, ("UNK", float(self.unknown[k]))) if self.unknown[k] > 0.01 else tuple(found)


def traced(ledger: Ledger, p: Panel) -> Traced | None:
    """Origins behind what every place has of one mineral in one year.

    Parameters
    ----------
    ledger : Ledger
        Repaired trade by code.
    p : Panel
        Panel of one mineral and year; its output is the first of it.

    Returns
    -------
    Traced | None
        None where output and trade of the mineral are of different stages, or output by country is not at
        hand.
    """
    mineral = p.minerals[0]
    if mineral.name not in contents() or not p.output_source[0][0]:
        return None
    made = np.nan_to_num(p.output[0, 0])
    return Traced(p, *_shares(ledger, mineral, p.years[0], p.places, made.tobytes()))


@per_ledger
def _shares(
    ledger: Ledger, mineral: Mineral, year: int, places: tuple[str, ...], output: bytes
) -> tuple[Array, Array, Array]:
    at = {c: k for k, c in enumerate(places)}
    shipped = np.zeros((len(at), len(at)))
    for code, content in contents()[mineral.name].items():
        frame, _ = repaired_trade(ledger, code, year)
        for i, j, t, residue in frame.select(
            "exporter", "importer", "quantity_t", "scrap_suspect"
        ).iter_rows():
            if t is not None and not residue and i != j:
                shipped[at[i], at[j]] += t * content.per_tonne
    made = np.frombuffer(output, dtype=np.float64)
    shares, unknown = origin_shares(made, shipped)
    return shares, unknown, made + shipped.sum(axis=0)
