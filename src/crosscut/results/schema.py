"""Writes `result.schema.json` from the table definitions; a test says the shipped file is current."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crosscut.base.bundled import bundled_file
from crosscut.base.files import write_file
from crosscut.results.tables.declared import ADDED_LATER, SCHEMA_ID, TABLES

_TYPES: dict[str, Any] = {
    "text": {"type": "string"},
    "text?": {"type": ["string", "null"]},
    "number": {"type": "number"},
    "number?": {"type": ["number", "null"]},
    "flag": {"type": "boolean"},
    "flag?": {"type": ["boolean", "null"]},
}
KINDS = (
    "run",
    "exposure",
    "comparison",
    "world",
    "outlook",
    "indicators",
    "economy",
    "project",
    "stress",
    "backtest",
    "forecast",
)
_TEXT = {"type": "string"}
_SHA = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def _object(
    required: dict[str, Any], optional: dict[str, Any] | None = None, closed: bool = False
) -> dict[str, Any]:
    out: dict[str, Any] = {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
    }
    if closed:
        out["additionalProperties"] = False
    return out


def _table(columns: dict[str, tuple[str, str, str]], name: str = "") -> dict[str, Any]:
    types = {column: _TYPES[kind] for column, (kind, _, _) in columns.items()}
    later = {c for c in types if (name, c) in ADDED_LATER}
    row = _object(
        {c: t for c, t in types.items() if c not in later}, {c: types[c] for c in types if c in later}
    )
    return _object(
        {
            "columns": {"type": "array", "items": _TEXT},
            "units": {"type": "object", "additionalProperties": _TEXT},
            "rows": {"type": "array", "items": row},
        }
    )


def result_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one result."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "One Crosscut result, as read by the command line, Python, the report and the page",
        **_object(
            {
                "schema": {"const": SCHEMA_ID},
                "kind": {"enum": list(KINDS)},
                "id": _SHA,
                "created_utc": _TEXT,
                "inputs": _object(
                    {
                        "mineral": _TEXT,
                        "world": _object({"year": {"type": "integer"}, "hash": _SHA, "grade": _TEXT}),
                        "scenario": {
                            "anyOf": [{"type": "null"}, _object({"id": _TEXT, "hash": _SHA, "title": _TEXT})]
                        },
                        "seed": {"type": ["integer", "null"]},
                        "draws": {"type": "integer", "minimum": 0},
                        "code": _TEXT,
                        "data": _TEXT,
                    },
                    {
                        "data_sources": {
                            "type": "array",
                            "items": _object(
                                {
                                    "dataset": _TEXT,
                                    "source": _TEXT,
                                    "version": _TEXT,
                                    "through": {"type": ["integer", "null"]},
                                    "newer_due": {"type": ["string", "null"]},
                                }
                            ),
                        }
                    },
                ),
                "status": _object(
                    {
                        "ok": {"type": "boolean"},
                        "failed_draws": {"type": "integer", "minimum": 0},
                        "failed": {
                            "type": "array",
                            "items": _object(
                                {
                                    "draw": {"type": "integer"},
                                    "market": _object({"form": _TEXT, "place": _TEXT}),
                                    "reason": _TEXT,
                                }
                            ),
                        },
                        "certificate": {"type": "object", "additionalProperties": {"type": "number"}},
                    }
                ),
                "horizon": _object({"from": _TEXT, "to": _TEXT, "meaning": _TEXT}),
                "tables": {
                    "type": "object",
                    "properties": {name: _table(columns, name) for name, columns in TABLES.items()},
                    "additionalProperties": _table({}),
                },
                "statements": {
                    "type": "array",
                    "items": _object(
                        {"text_key": _TEXT, "text": _TEXT, "refs": {"type": "array", "items": _TEXT}}
                    ),
                },
                "assumptions": {
                    "type": "array",
                    "items": _object(
                        {
                            "id": _TEXT,
                            "what": _TEXT,
                            "value": {"type": ["number", "null"]},
                            "low": {"type": ["number", "null"]},
                            "high": {"type": ["number", "null"]},
                            "standing": _TEXT,
                        },
                        {"source": _TEXT, "unit": _TEXT, "note": _TEXT},
                    ),
                },
                "facts": {"type": "array", "items": _TEXT},
                "limits": {"type": "array", "items": _object({"what": _TEXT, "bias": _TEXT})},
                "observed": {
                    "type": "array",
                    "items": _object(
                        {
                            "ref": _TEXT,
                            "value": {"type": "number"},
                            "unit": _TEXT,
                            "date": _TEXT,
                            "fact": _TEXT,
                        },
                        {"series": _TEXT, "source": _TEXT, "role": _TEXT, "verdict": _TEXT, "note": _TEXT},
                    ),
                },
                "places": {"type": "object", "additionalProperties": _TEXT},
            },
            {"scores": {"type": "object", "additionalProperties": {"type": "object"}}},
        ),
    }


def schema_path() -> Path:
    """Where the shipped schema lies."""
    return Path(str(bundled_file("schemas", "result.schema.json")))


def schema_text() -> str:
    """The schema as it is written to the file."""
    return json.dumps(result_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_file(schema_path(), schema_text())
