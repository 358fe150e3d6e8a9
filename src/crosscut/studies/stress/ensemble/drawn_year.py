"""Drawn year: one year of a draw, whole or with some families of its events alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crosscut.market.events.events import Event
from crosscut.studies.stress.draws.event_families import family_of, family_of_happening
from crosscut.studies.stress.draws.futures import OUTAGE, Happening
from crosscut.studies.stress.draws.market_events import MeasureTargets, events_in
from crosscut.studies.stress.ensemble.attribution import Parts, orders_of, sets_of, shapley
from crosscut.studies.stress.in_force.measures_held import Beyond


@dataclass(frozen=True, eq=False)
class SetsOfFamilies:
    """The families of a year, and the sets of them (as bits) that are solved to share its loss out."""

    families: tuple[str, ...]
    bits: list[int]
    orders: list[list[int]] = field(default_factory=list)

    def parts(self, usd: Sequence[float | None]) -> Parts:
        """The part of each family in the loss of the year.

        Parameters
        ----------
        usd : Sequence[float | None]
            USD lost in the whole year, then with each set alone; None where a market did not clear.

        Returns
        -------
        Parts
            By family: (USD, standard error); empty where a set did not clear, or no family was asked for.
        """
        whole = usd[0]
        if not self.families or whole is None:
            return {}
        lost = {0: 0.0, 2 ** len(self.families) - 1: whole}
        for bits, value in zip(self.bits, usd[1:], strict=True):
            if value is None:
                return {}
            lost[bits] = value
        found = shapley(len(self.families), lost, self.orders)
        return dict(zip(self.families, found, strict=True))


class DrawnYear:
    """What happens in a year of a draw at a place; `key` is (seed, number of the draw)."""

    def __init__(
        self,
        happenings: Sequence[Happening],
        year: int,
        site: MeasureTargets,
        detour: float,
        key: tuple[int, int],
    ) -> None:
        self.key = key
        self._happenings, self._year, self._site, self._detour = happenings, year, site, detour
        self._families: tuple[str, ...] = ()

    def events(self) -> tuple[Event, ...]:
        """All events of the year."""
        return events_in(self._happenings, self._year, self._site, self._detour)

    def sets(self, events: Sequence[Event]) -> SetsOfFamilies:
        """The families of the year's events, and which sets of them are to be solved.

        Parameters
        ----------
        events : Sequence[Event]
            All events of the year.

        Returns
        -------
        SetsOfFamilies
            Families sorted by name.
        """
        self._families = tuple(sorted({family_of(e.id) for e in events}))
        count = len(self._families)
        orders = orders_of(count, *self.key)
        return SetsOfFamilies(self._families, sets_of(count, orders), orders)

    def events_of(self, bits: int) -> tuple[Event, ...]:
        """The events of a set of families alone.

        Parameters
        ----------
        bits : int
            Bit k is the family k of `sets`.

        Returns
        -------
        tuple[Event, ...]
            As if nothing else happened.
        """
        return events_in(self._of(bits), self._year, self._site, self._detour)

    def over(self, bits: int | None) -> Callable[[Beyond], tuple[Event, ...]]:
        """The events of a set of families against what stands.

        Parameters
        ----------
        bits : int | None
            Bit k is the family k of `sets`; None for the whole year.

        Returns
        -------
        Callable[[Beyond], tuple[Event, ...]]
            Gives the events that go beyond it.
        """
        happenings = self._happenings if bits is None else self._of(bits)
        return lambda beyond: events_in(happenings, self._year, self._site, self._detour, beyond)

    def _of(self, bits: int) -> list[Happening]:
        wanted = {f for k, f in enumerate(self._families) if bits >> k & 1}
        return [h for h in self._happenings if family_of_happening(h, self._code(h)) in wanted]

    def _code(self, happening: Happening) -> str:
        """The country of an outage."""
        if happening.kind != OUTAGE:
            return ""
        return self._site.codes[self._site.layout.units[happening.unit].country]
