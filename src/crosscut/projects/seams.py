"""Seams of projects: what somebody offers for one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One term of a bid: royalty, carried share, offtake share, processing at home, ..., in its unit."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True)
class Bid:
    """What a bidder offers for a project."""

    bidder: str
    project_id: str
    terms: tuple[Term, ...]
    source: str = ""
