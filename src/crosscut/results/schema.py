"""Writes `result.schema.json` from the types of a document and its declared tables; a test says that the
shipped file is current."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crosscut.base.bundled import bundled_file
from crosscut.base.files import write_file
from crosscut.results.document import parts_model
from crosscut.results.row_types import rows_type
from crosscut.results.tables.declared import SCHEMA_ID, TABLES


def _table(name: str) -> dict[str, Any]:
    """The schema of a table; of any rows where its name is not declared."""
    return {
        "type": "object",
        "properties": {
            "columns": {"type": "array", "items": {"type": "string"}},
            "units": {"type": "object", "additionalProperties": {"type": "string"}},
            "rows": _rows(name),
        },
        "required": ["columns", "units", "rows"],
    }


def _rows(name: str) -> dict[str, Any]:
    """A list of rows, the type of a row written out: a reference would point elsewhere in the schema."""
    found = rows_type(name).json_schema()
    rows = found.pop("$defs", {name: found["items"]})
    return {"type": "array", "items": _without_titles(rows[name])}


def result_schema() -> dict[str, Any]:
    """Make the JSON Schema (draft 2020-12) of one result.

    Returns
    -------
    dict
        The schema, from the types of the document and the declared tables.
    """
    parts = _without_titles(parts_model().model_json_schema())
    tables = {
        "type": "object",
        "properties": {name: _table(name) for name in TABLES},
        "additionalProperties": _table(""),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "One Crosscut result, as read by the command line, Python, the report and the page",
        "type": "object",
        "properties": {"schema": {"const": SCHEMA_ID}, **parts["properties"], "tables": tables},
        "required": ["schema", *parts["required"], "tables"],
        "$defs": parts["$defs"],
    }


def _without_titles(schema: Any) -> Any:
    """The schema without what says nothing: titles that are field names again, defaults (what may be left out
    is in no list of what is required), and that more fields may follow, which only some versions of pydantic
    write."""
    if isinstance(schema, dict):
        return {
            k: {n: _without_titles(v) for n, v in value.items()}
            if k == "properties"
            else _without_titles(value)
            for k, value in schema.items()
            if k not in ("title", "default") and (k, value) != ("additionalProperties", True)
        }
    return [_without_titles(v) for v in schema] if isinstance(schema, list) else schema


def schema_path() -> Path:
    """Say where the shipped schema lies.

    Returns
    -------
    Path
        A path inside the installed package.
    """
    return Path(str(bundled_file("schemas", "result.schema.json")))


def schema_text() -> str:
    """Write the schema as it is shipped.

    Returns
    -------
    str
        JSON text with a line feed at its end.
    """
    return json.dumps(result_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_file(schema_path(), schema_text())
