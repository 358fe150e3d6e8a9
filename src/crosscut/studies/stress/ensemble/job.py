"""Job: everything a worker needs to solve any chunk of an ensemble; its key names the numbers it gives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from crosscut.base.version import __version__
from crosscut.inputs.scenario.catalogue import scenario_hash
from crosscut.market.events.events import Scenario
from crosscut.market.model.world import World
from crosscut.market.solvers import kernel_installed
from crosscut.studies.stress.draws.random_points import Sampler
from crosscut.studies.stress.history.assumptions import assumptions
from crosscut.studies.stress.history.base_rates import BaseRates
from crosscut.worlds.drawn import DrawnWorlds

CHUNK = 500


@dataclass(frozen=True, eq=False)
class StressJob:
    """Draws of `seed` on the worlds of `read` (they take turns), losses of the places `places`, over `years`
    years.

    `world` is the one the drawn worlds are read again from: its labels and shapes, and what layout and grade
    are taken from. `measures_held` holds in every draw and year, its places found in the world
    (`in_force.measures_held`); losses are against that. `chunk` draws are solved, written and resumed as a
    whole.
    """

    world: World
    read: DrawnWorlds
    places: tuple[int, ...]
    country: str
    seed: int
    rates: BaseRates = field(repr=False)
    years: int = 1
    sampler: Sampler = Sampler.PLAIN
    fixed: Mapping[str, float] = field(default_factory=dict)
    measures_held: Scenario | None = None
    chunk: int = CHUNK

    @property
    def worlds(self) -> tuple[World, ...]:
        """The worlds that draws take turns on."""
        return self.read.worlds

    @property
    def content(self) -> dict[str, object]:
        """Everything the numbers of a draw depend on, by name; the number of draws is not in it."""
        return {
            "worlds": [w.hash for w in (self.world, *self.worlds)],
            "places": list(self.places),
            "seed": self.seed,
            "years": self.years,
            "solver": "compiled" if kernel_installed() else "numpy",
            "sampler": self.sampler.value,
            "code": __version__,
            "chunk": self.chunk,
            "rates": self.rates.text,
            "assumptions": [repr(a) for a in assumptions(self.fixed).values()],
            "in_force": "" if self.measures_held is None else scenario_hash(self.measures_held),
        }

    @property
    def key(self) -> str:
        """sha256 over the content."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True).encode()).hexdigest()
