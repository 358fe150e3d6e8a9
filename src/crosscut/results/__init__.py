"""The result document: its tables, its JSON Schema, its identity."""

from crosscut.results.result import parsed, result_id, sealed, table, to_text, validate
from crosscut.results.tables.declared import SCHEMA_ID, TABLES

__all__ = ["SCHEMA_ID", "TABLES", "parsed", "result_id", "sealed", "table", "to_text", "validate"]
