"""The document: its types, its tables, its JSON Schema, its identity.

Names load on first use, because the types need pydantic and `import crosscut` must stay light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosscut.results.document import Document as Document
    from crosscut.results.document import validate as validate
    from crosscut.results.json_text import result_id as result_id
    from crosscut.results.json_text import to_text as to_text
    from crosscut.results.listing import Listing as Listing
    from crosscut.results.parts import Assumption as Assumption
    from crosscut.results.parts import CitedFact as CitedFact
    from crosscut.results.parts import DataSource as DataSource
    from crosscut.results.parts import FailedDraw as FailedDraw
    from crosscut.results.parts import Horizon as Horizon
    from crosscut.results.parts import Inputs as Inputs
    from crosscut.results.parts import Limit as Limit
    from crosscut.results.parts import Observed as Observed
    from crosscut.results.parts import ScenarioUsed as ScenarioUsed
    from crosscut.results.parts import Statement as Statement
    from crosscut.results.parts import Status as Status
    from crosscut.results.parts import WorldUsed as WorldUsed
    from crosscut.results.result_table import ResultTable as ResultTable
    from crosscut.results.result_table import tables_of as tables_of
    from crosscut.results.tables.declared import SCHEMA_ID as SCHEMA_ID
    from crosscut.results.tables.declared import TABLES as TABLES

_HOMES = {
    "document": ("Document", "validate"),
    "json_text": ("result_id", "to_text"),
    "listing": ("Listing",),
    "parts": (
        "Assumption",
        "CitedFact",
        "DataSource",
        "FailedDraw",
        "Horizon",
        "Inputs",
        "Limit",
        "Observed",
        "ScenarioUsed",
        "Statement",
        "Status",
        "WorldUsed",
    ),
    "result_table": ("ResultTable", "tables_of"),
    "tables.declared": ("SCHEMA_ID", "TABLES"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"crosscut.results.{module}"), name)
    raise AttributeError(f"module 'crosscut.results' has no attribute {name!r}")
