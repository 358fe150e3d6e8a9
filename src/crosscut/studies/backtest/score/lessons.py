"""Lessons: who teaches and who is tested, so that nothing is learned from what it is scored on.

Tests: tests/studies/backtest/test_rivals.py
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from crosscut.studies.backtest.cases import Hit, case_of, measure_of
from crosscut.studies.backtest.episode import Episode
from crosscut.studies.backtest.score.quantities import Observation, Quantity, counts, observed


@dataclass(frozen=True, eq=False)
class Lessons:
    """What came of one quantity. `teaching`: episodes that rules may learn from; `tested`: those predicted.
    In a backtest they are the same; of a frozen model they are apart."""

    quantity: Quantity
    teaching: Sequence[Episode]
    tested: Sequence[Episode]

    @cached_property
    def episodes(self) -> dict[str, Episode]:
        """Every episode by id."""
        return {e.inputs.id: e for e in (*self.teaching, *self.tested)}

    @cached_property
    def seen(self) -> dict[str, tuple[Observation, ...]]:
        """What came, by episode that has the quantity."""
        found = {k: observed(e, self.quantity) for k, e in self.episodes.items()}
        return {k: rows for k, rows in found.items() if rows}

    @cached_property
    def classes(self) -> dict[str, str]:
        """Market class of the price, by episode."""
        return {k: case_of(e.inputs).price_class for k, e in self.episodes.items()}

    @cached_property
    def _teachers(self) -> tuple[str, ...]:
        """Ids that may teach. A demand shock has no size and teaches nothing of a measure."""
        return tuple(
            e.inputs.id
            for e in self.teaching
            if e.inputs.id in self.seen and measure_of(e.inputs).hit is not Hit.DEMAND
        )

    @cached_property
    def _core(self) -> frozenset[str]:
        return frozenset(k for k, e in self.episodes.items() if counts(e, self.quantity))

    def learning(self, left_out: Collection[str], core: bool = False) -> list[str]:
        """Ids that teach but those left out; of the core alone where asked."""
        return [k for k in self._teachers if k not in left_out and (not core or k in self._core)]

    def counts(self, key: str) -> bool:
        """Whether an episode is in the means."""
        return key in self._core and measure_of(self.episodes[key].inputs).hit is not Hit.DEMAND

    def mean(self, key: str) -> float:
        """The weighted mean of what came in an episode."""
        return sum(o.value * o.weight for o in self.seen[key])
