"""Coherence: rules that find what cannot all be true in one document, with no fact from outside it.

`statement` types what a document says, `deduction` adds what follows, the modules `rules_*` find
contradictions, pure. `tables` and `readings` turn the ledger's tables and an article's claims into
statements; `alarms` runs every rule on every mineral and holds each alarm against its resolution.
"""

from __future__ import annotations

from crosscut.ledger.consistency.findings import Finding, found_in
from crosscut.ledger.consistency.statement import PartOf, StatedFigure

__all__ = ["Finding", "PartOf", "StatedFigure", "found_in"]
