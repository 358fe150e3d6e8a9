"""Complaints: what pydantic found wrong with a scenario, in plain English, with file, line, field and an
example."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from crosscut.base.errors import Problem, nearest_matches, suggestion
from crosscut.inputs.scenario.schema import ScenarioFile, Size
from crosscut.inputs.yaml_file import Tree

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


def complaints_of(
    error: ValidationError, tree: Tree, name: str, root: type[BaseModel] = ScenarioFile
) -> list[Problem]:
    """Turn the complaints of pydantic about a file into problems for people.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    tree : Tree
        The data of the file, with the line of every path.
    name : str
        Name of the file, for messages.
    root : type of BaseModel
        The model the file was read with.

    Returns
    -------
    list of Problem
        One per mistake, each with its line. A misspelt field is not also reported as a missing one.
    """
    errors: list[dict[str, Any]] = [dict(e) for e in error.errors(include_url=False)]
    meant: set[tuple[str | int, ...]] = set()
    for e in errors:
        if e["type"] == "extra_forbidden":
            parent = tuple(e["loc"][:-1])
            near = nearest_matches(str(e["loc"][-1])[:60], _fields(_model_at(root, parent)), n=1)
            meant |= {(*parent, field) for field in near}
    return [
        _problem(e, tree, name, root)
        for e in errors
        if not (e["type"] == "missing" and tuple(e["loc"]) in meant)
    ]


def field_path(path: tuple[str | int, ...], data: Any) -> str:
    """Write a path for people: an event by its id where it has one, else by its number from 1.

    Parameters
    ----------
    path : tuple of str or int
        Keys and positions (from 0), as pydantic gives them.
    data : Any
        The data that the path leads into.

    Returns
    -------
    str
        The path; each step is cut to 80 characters.

    Examples
    --------
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


def _model_at(root: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel]:
    """The model whose fields stand at a path: the deepest one that the words of the path lead to."""
    model = root
    for word in path:
        named = {info.alias or field: info for field, info in model.model_fields.items()}
        inner = _model_in(named[word].annotation) if isinstance(word, str) and word in named else None
        model = inner or model
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as list[Model] or Model | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in get_args(annotation) if (m := _model_in(a)) is not None), None)


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


def _problem(e: dict[str, Any], tree: Tree, name: str, root: type[BaseModel]) -> Problem:
    path: tuple[str | int, ...] = tuple(e["loc"])
    kind, ctx, given = str(e["type"]), e.get("ctx") or {}, e.get("input")
    parent = path[:-1]
    last = path[-1] if path else ""
    if kind == "missing":
        at = f"{name}:{tree.line(parent)}: {field_path(path, tree.data)}"
        return Problem(f"{last} is missing", at, _fields(_model_at(root, parent)).get(str(last), ""))
    at = f"{name}:{tree.line(path)}: {field_path(path, tree.data)}"
    if kind == "extra_forbidden":
        return Problem(
            f"unknown field {str(last)[:60]!r}",
            at,
            suggestion(str(last)[:60], _fields(_model_at(root, parent))),
        )
    if kind == "crosscut":
        return Problem(ctx["what"], at, ctx["expected"])
    field = next((str(p) for p in reversed(path) if isinstance(p, str)), "")
    holder = path[: len(path) - 1 - next((i for i, p in enumerate(reversed(path)) if isinstance(p, str)), 0)]
    expected = _fields(_model_at(root, holder)).get(field, "")
    if kind in ("enum", "literal_error", "is_instance_of"):
        known = _known_words(_model_at(root, holder), field)
        return Problem(
            f"{_given(given)} is not known here",
            at,
            suggestion(str(given)[:60], known) if known else expected,
        )
    if kind == "model_type" and _model_at(root, path) is Size:
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


def _known_words(model: type[BaseModel], field: str) -> list[str]:
    from crosscut.market.events.events import EventKind, RentTo

    if field == "rent_to":
        return [r.value for r in RentTo]
    info = {i.alias or f: i for f, i in model.model_fields.items()}.get(field)
    if field == "kind" and info is not None and EventKind in (info.annotation, *get_args(info.annotation)):
        return [k.value for k in EventKind]
    if info is None:
        return []
    return [
        str(a)
        for part in (info.annotation, *get_args(info.annotation))
        for a in get_args(part)
        if isinstance(a, (str, int))
    ]
