"""Worlds: facts balanced into one consistent snapshot of a mineral in a year."""

from crosscut.worlds.build_world import (
    DEFAULT_YEAR,
    evidence_of,
    minerals_with_worlds,
    stand_ins_of,
    world,
)

__all__ = ["DEFAULT_YEAR", "evidence_of", "minerals_with_worlds", "stand_ins_of", "world"]
