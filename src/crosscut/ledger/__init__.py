"""Facts: what is known about a mineral and who says so.

`table(name)` is one bundled table as a frame, `query(mineral)` the facts of a mineral as rows, `minerals()`
what exists for which mineral; `crosscut.ledger.ask.ledger.ledger(mineral)` is the ledger under `query`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosscut.ledger.ask.coverage import minerals
    from crosscut.ledger.ask.ledger import fact_details, query
    from crosscut.ledger.reference.tables import mine_production
    from crosscut.ledger.store.tables import sources, table

_HOMES = {
    "fact_details": "ask.ledger",
    "mine_production": "reference.tables",
    "minerals": "ask.coverage",
    "query": "ask.ledger",
    "sources": "store.tables",
    "table": "store.tables",
}
__all__ = ["fact_details", "mine_production", "minerals", "query", "sources", "table"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
