"""Worlds: facts balanced into one consistent snapshot of a mineral in a year."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crosscut.ledger.store.ledger_context import Reading
    from crosscut.market.model.world import World
    from crosscut.worlds.evidence import Evidence

DEFAULT_YEAR = 2024


def world(mineral: str, year: int = DEFAULT_YEAR) -> World:
    """The World of a mineral in a year, from the facts of the current reading.

    Which facts are read is set in `crosscut.ledger.store.ledger_context`.
    Raises UserError for an unknown mineral (with the nearest name) and Refused when the facts do not carry a
    world; the text says what is missing. Zero shock is asserted before the world is returned.

    >>> w = world("tungsten", 2024)
    >>> w.mineral, w.year, [f.id for f in w.chain.forms]
    ('tungsten', 2024, ['concentrate', 'scrap', 'oxide', 'powder', 'ferro'])
    """
    from crosscut.ledger.store.ledger_context import current

    return _built(mineral, year, current())


@lru_cache(maxsize=32)
def _built(mineral: str, year: int, reading: Reading) -> World:
    """Worlds are kept by what was read; `reading` is the one in force."""
    from crosscut.market.solve.zero_shock import assert_zero_shock
    from crosscut.worlds.parameters import median_params
    from crosscut.worlds.snapshot import world_from

    built = world_from(_evidence_read(mineral, year, reading))
    assert_zero_shock(built, median_params(built))
    return built


@lru_cache(maxsize=32)
def _evidence_read(mineral: str, year: int, reading: Reading) -> Evidence:
    return _evidence(mineral.strip().lower(), year)


def forget() -> None:
    """Drops every world built so far: the next call of `world` builds it anew."""
    for kept in (_built, _evidence_read):
        kept.cache_clear()


def evidence_of(mineral: str, year: int = DEFAULT_YEAR) -> Evidence:
    """What the world of a mineral is built from: every cell with its prior, its distrust and its standing.

    Raises as `world`, for what shows before anything is balanced.
    """
    return _evidence(mineral.strip().lower(), year)


def _evidence(mineral: str, year: int) -> Evidence:
    from crosscut.worlds.minerals import DEEP_MINERALS
    from crosscut.worlds.screening import screening_evidence

    if deep := DEEP_MINERALS.get(mineral):
        return deep.evidence(year)
    return screening_evidence(mineral, year)


def minerals_with_worlds() -> dict[str, str]:
    """Every mineral known here -> "" when it has a world, else the reason why not."""
    from crosscut.worlds.minerals import DEEP_MINERALS
    from crosscut.worlds.screening import screening_rules

    return {
        **dict.fromkeys(DEEP_MINERALS, ""),
        **{m: "" if r.form else r.note for m, r in screening_rules().items()},
    }


__all__ = ["DEFAULT_YEAR", "evidence_of", "forget", "minerals_with_worlds", "world"]
