"""Result: the one document every command returns and every screen reads (schema `crosscut.result/1`)."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.results.schema import schema_path
from crosscut.results.tables.declared import ADDED_LATER, SCHEMA_ID, TABLES

_NOT_IN_ID = ("id", "created_utc")


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A table in result form: columns, units and rows, with every declared column present.

    NaN and infinity become null: in a result missing is null with a status, never 0 or NaN.
    """
    columns = TABLES[name]
    unknown = {c for r in rows for c in r} - set(columns)
    absent = {c for r in rows for c in columns if c not in r}
    if unknown or absent:
        raise ValueError(
            f"table {name!r}: unknown columns {sorted(unknown)}, absent columns {sorted(absent)}"
        )
    return {
        "columns": list(columns),
        "units": {c: unit for c, (_, unit, _) in columns.items() if unit},
        "rows": [{c: _jsonable(r[c]) for c in columns} for r in rows],
    }


def _jsonable(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def result_id(document: Mapping[str, Any]) -> str:
    """sha256 over the content, without the time of creation: one installation gives the same inputs the same
    id.

    Every number counts to its last digit, which another processor or the compiled kernel changes: no
    rounding would make the ids of two such results equal for sure, and `crosscut compare` says whether they
    hold the same numbers.
    """
    content = {k: v for k, v in document.items() if k not in _NOT_IN_ID}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(document: Mapping[str, Any], created_utc: str) -> dict[str, Any]:
    """The document with schema, id and time of creation, checked against the schema."""
    out = {"schema": SCHEMA_ID, "id": "", "created_utc": created_utc, **document}
    out["id"] = result_id(out)
    validate(out, "result")
    return out


@cache
def _validator() -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(json.loads(schema_path().read_text(encoding="utf-8")))


_ALLOWED: dict[str, frozenset[type]] = {
    "text": frozenset({str}),
    "text?": frozenset({str, type(None)}),
    "number": frozenset({int, float}),
    "number?": frozenset({int, float, type(None)}),
    "flag": frozenset({bool}),
    "flag?": frozenset({bool, type(None)}),
}


def _rows_hold(name: str, rows: object) -> bool:
    """Whether the rows of a declared table are what the schema wants of them; False also where this cannot
    be told."""
    if not isinstance(rows, list) or name not in TABLES or not all(type(r) is dict for r in rows):
        return False
    for column, (kind, _, _) in TABLES[name].items():
        if (name, column) in ADDED_LATER:
            found = {type(r[column]) for r in rows if column in r}
        elif all(column in r for r in rows):
            found = {type(r[column]) for r in rows}
        else:
            return False
        if not found <= _ALLOWED[kind]:
            return False
    return True


def _without_sound_rows(document: object) -> object:
    """The document less the rows that `_rows_hold` vouches for: nearly all of it, and slow to walk by
    schema."""
    if not isinstance(document, dict) or not isinstance(document.get("tables"), dict):
        return document
    tables = {
        name: {**t, "rows": []} if isinstance(t, dict) and _rows_hold(name, t.get("rows")) else t
        for name, t in document["tables"].items()
    }
    return {**document, "tables": tables}


def validate(document: object, where: str) -> None:
    """Raises UserError listing up to ten places where the document breaks the schema."""
    document = _without_sound_rows(document)
    errors = sorted(_validator().iter_errors(document), key=lambda e: [str(p) for p in e.absolute_path])
    if errors:
        raise UserError(
            [
                Problem(e.message[:200], f"{where}: {'/'.join(map(str, e.absolute_path)) or 'top level'}")
                for e in errors[:10]
            ]
        )


def parsed(text: str, where: str) -> dict[str, Any]:
    """The result in `text`; UserError when it is not JSON, breaks the schema or its id does not fit its
    content."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as e:
        raise UserError(
            Problem(f"not JSON ({e.msg})", f"{where}:{e.lineno}", "a file written by `crosscut run --json`")
        ) from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA_ID:
        raise UserError(
            Problem("not a Crosscut result", where, f'a JSON object with "schema": "{SCHEMA_ID}"')
        )
    validate(document, where)
    if document["id"] != result_id(document):
        raise UserError(
            Problem("the id does not fit the content: the file was changed after it was written", where)
        )
    return document


def to_text(document: Any) -> str:
    """A document, or a list of rows, as it is written to disk and printed: JSON with one row or entry a line.

    >>> rows = [{"place": "CHN", "t": 1.5}, {"place": "VNM", "t": None}]
    >>> print(to_text({"kind": "run", "rows": rows}), end="")
    {
     "kind": "run",
     "rows": [
      {"place":"CHN","t":1.5},
      {"place":"VNM","t":null}
     ]
    }
    """
    return _spread(document, "") + "\n"


def _spread(value: Any, margin: str) -> str:
    """An object of objects over several lines, and a list of entries with one a line; all else on one
    line."""
    inner = margin + " "
    if isinstance(value, dict) and any(isinstance(v, dict | list) for v in value.values()):
        lines = [f"{_line(k)}: {_spread(v, inner)}" for k, v in value.items()]
        return _block("{", lines, "}", margin)
    if isinstance(value, list) and any(isinstance(v, dict | list) for v in value):
        return _block("[", [_line(v) for v in value], "]", margin)
    return _line(value)


def _block(head: str, lines: Sequence[str], tail: str, margin: str) -> str:
    between = f",\n{margin} "
    return f"{head}\n{margin} {between.join(lines)}\n{margin}{tail}"


def _line(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
