"""Complaints: what pydantic found wrong with a scenario, in plain English, with file, line, field and an example."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from crosscut.errors import Problem, nearest_matches, suggestion
from crosscut.scenarios.schema import EventEntry, Limit, QuotationEntry, ScenarioFile, Size, Window
from crosscut.scenarios.yaml_tree import Tree

_NOUNS = {
    "string_type": "text",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping of fields",
    "model_type": "a mapping of fields",
    "date_type": "a date",
    "is_instance_of": "one of the known words",
}
_INSIDE: dict[str, type[BaseModel]] = {
    "events": EventEntry,
    "anchors": QuotationEntry,
    "observed": QuotationEntry,
    "limits": Limit,
    "window": Window,
}


def complaints_of(error: ValidationError, tree: Tree, name: str) -> list[Problem]:
    """One problem per mistake, each with its line: a misspelt field is not also a missing one."""
    errors: list[dict[str, Any]] = [dict(e) for e in error.errors(include_url=False)]
    meant: set[tuple[str | int, ...]] = set()
    for e in errors:
        if e["type"] == "extra_forbidden":
            parent = tuple(e["loc"][:-1])
            near = nearest_matches(str(e["loc"][-1])[:60], _fields(_model_at(parent)), n=1)
            meant |= {(*parent, field) for field in near}
    return [_problem(e, tree, name) for e in errors if not (e["type"] == "missing" and tuple(e["loc"]) in meant)]


def field_path(path: tuple[str | int, ...], data: Any) -> str:
    """A path for people: the event by its id where it has one, else by its number from 1.

    >>> field_path(("events", 0, "size"), {"events": [{"id": "licence"}]})
    'events[licence].size'
    """
    out = ""
    node = data
    for step in path:
        node = _child(node, step)
        if isinstance(step, int):
            found = node.get("id") if isinstance(node, dict) else None
            label = found if isinstance(found, str) else str(step + 1)
            out += f"[{label[:80]}]"
        else:
            out += f".{step[:80]}" if out else step[:80]
    return out


def _child(node: Any, step: str | int) -> Any:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None


def _model_at(path: tuple[str | int, ...]) -> type[BaseModel]:
    """The model whose fields stand at a path."""
    words = [p for p in path if isinstance(p, str)]
    if not words:
        return ScenarioFile
    if words[-1] == "size":
        return Size
    return _INSIDE.get(words[0], ScenarioFile)


def _fields(model: type[BaseModel]) -> dict[str, str]:
    """YAML names of the fields of a model with what they take and an example."""
    out = {}
    for name, info in model.model_fields.items():
        example = f", such as {_shown(next(iter(info.examples)))}" if info.examples else ""
        out[info.alias or name] = f"{info.description}{example}"
    return out


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    text = str(value) if not isinstance(value, str) else value
    return (text if len(text) <= 60 else text[:57] + "...") or "''"


def _given(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    return repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."


def _problem(e: dict[str, Any], tree: Tree, name: str) -> Problem:
    path: tuple[str | int, ...] = tuple(e["loc"])
    kind, ctx, given = str(e["type"]), e.get("ctx") or {}, e.get("input")
    parent = path[:-1]
    last = path[-1] if path else ""
    if kind == "missing":
        at = f"{name}:{tree.line(parent)}: {field_path(path, tree.data)}"
        return Problem(f"{last} is missing", at, _fields(_model_at(parent)).get(str(last), ""))
    at = f"{name}:{tree.line(path)}: {field_path(path, tree.data)}"
    if kind == "extra_forbidden":
        return Problem(
            f"unknown field {str(last)[:60]!r}", at, suggestion(str(last)[:60], _fields(_model_at(parent)))
        )
    if kind == "crosscut":
        return Problem(ctx["what"], at, ctx["expected"])
    field = next((str(p) for p in reversed(path) if isinstance(p, str)), "")
    holder = path[: len(path) - 1 - next((i for i, p in enumerate(reversed(path)) if isinstance(p, str)), 0)]
    expected = _fields(_model_at(holder)).get(field, "")
    if kind in ("enum", "literal_error", "is_instance_of"):
        known = _known_words(field)
        return Problem(
            f"{_given(given)} is not known here", at, suggestion(str(given)[:60], known) if known else expected
        )
    if field == "size" and kind == "model_type":
        return Problem(f"{_given(given)} is not a number", at, expected)
    if kind in _NOUNS:
        return Problem(f"{_given(given)} is not {_NOUNS[kind]}", at, expected)
    limits = {
        "finite_number": f"{_given(given)} is not a finite number",
        "greater_than": f"{_given(given)} is not above {ctx.get('gt')}",
        "greater_than_equal": f"{_given(given)} is below {ctx.get('ge')}",
        "less_than": f"{_given(given)} is too large",
        "less_than_equal": f"{_given(given)} is above {ctx.get('le')}",
        "string_pattern_mismatch": f"{_given(given)} is not of the form asked for",
        "string_too_long": f"text longer than {ctx.get('max_length')} characters",
        "string_too_short": "empty text",
        "too_long": f"more than {ctx.get('max_length')} entries",
    }
    return Problem(limits.get(kind, str(e.get("msg", kind))), at, expected)


def _known_words(field: str) -> list[str]:
    from typing import get_args

    from crosscut.market.events import EventKind, RentTo

    if field == "kind":
        return [k.value for k in EventKind]
    if field == "rent_to":
        return [r.value for r in RentTo]
    for model in (EventEntry, QuotationEntry, ScenarioFile):
        info = model.model_fields.get(field)
        if info is not None:
            return [str(a) for part in (info.annotation, *get_args(info.annotation)) for a in get_args(part)
                    if isinstance(a, (str, int))]  # fmt: skip
    return []
