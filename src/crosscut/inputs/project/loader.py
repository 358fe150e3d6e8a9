"""Loader: a project file, checked whole: every mistake with file, line, field, value and a hint."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.inputs.catalogue import PROJECT, named_file
from crosscut.inputs.complaints import complaints_of, field_path
from crosscut.inputs.project.meaning import meaning_problems
from crosscut.inputs.project.precedents import with_precedents
from crosscut.inputs.project.schema import ProjectFile
from crosscut.inputs.yaml_file import Tree, yaml_tree
from crosscut.ledger.store.ledger import Ledger


@dataclass(frozen=True, eq=False)
class ProjectSource:
    """A project as its file states it, with what is needed to say where in the file something stands
    and the ledger that its cited facts are in."""

    file: ProjectFile
    name: str
    tree: Tree
    ledger: Ledger

    def at(self, *path: str | int) -> str:
        """Where a field stands: file:line: field."""
        return f"{self.name}:{self.tree.line(path)}: {field_path(path, self.tree.data)}"

    @property
    def hash(self) -> str:
        """sha256 of everything it says, independent of how its file was laid out."""
        file, unsaid = self.file, ("price", "unit", "of")
        left_out = {
            "prices": {n for n in unsaid if getattr(file.prices, n) is None},
            "costs": {"per_unit"} if file.costs.per_unit is None else set(),
        }  # fields younger than the format: a file that has none keeps its hash
        return hashlib.sha256(file.model_dump_json(by_alias=True, exclude=left_out).encode()).hexdigest()

    def alternative(self, id: str) -> ProjectSource:
        """The project with the fields an alternative sets. Raises UserError when it has none of that id."""
        found = next((i for i, a in enumerate(self.file.alternatives) if a.id == id), None)
        if found is None:
            known = [a.id for a in self.file.alternatives]
            raise UserError(
                Problem(f"no alternative {id!r}", self.name, suggestion(id, known) if known else "")
            )
        tree = Tree(deepcopy(self.tree.data), dict(self.tree.lines))
        for field, value in self.file.alternatives[found].set.items():
            where = self.at("alternatives", found, "set", field)
            path = _set(tree.data, field, value, where)
            tree.lines[path] = self.tree.line(("alternatives", found, "set", field))
        return _checked(self.ledger, tree, self.name)


def project_source(ledger: Ledger, name_or_path: str | Path) -> ProjectSource:
    """Read a project by bundled name or by path.

    Parameters
    ----------
    ledger : Ledger
        Where the facts that the project cites are kept.
    name_or_path : str or Path
        Name of a bundled project, or a path.

    Returns
    -------
    ProjectSource
        The project as its file states it, with the line of every field.

    Raises
    ------
    UserError
        For an unknown name (with the nearest), a file that cannot be read, and every mistake in it.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> project_source(ledger, "example-mine").file.country
    'KAZ'
    """
    file = named_file(name_or_path, PROJECT)
    return project_from_text(ledger, file.content, file.name)


def project_from_text(ledger: Ledger, content: bytes | str, name: str) -> ProjectSource:
    """Read the project in a YAML text.

    Parameters
    ----------
    ledger : Ledger
        Where the facts that the project cites are kept.
    content : bytes or str
        The text.
    name : str
        Stands for the file in messages.

    Returns
    -------
    ProjectSource
        The project as the text states it, with the line of every field.

    Raises
    ------
    UserError
        With every problem of the text.
    """
    tree = yaml_tree(content, name, PROJECT)
    if tree.data is None:
        raise UserError(tree.problems or Problem("the file is empty", name, "a project"))
    return _checked(ledger, tree, name)


def _checked(ledger: Ledger, tree: Tree, name: str) -> ProjectSource:
    problems = list(tree.problems)
    if not isinstance(tree.data, dict):
        problems.append(
            Problem(
                "the file holds no fields", f"{name}:1", "fields at the left margin, such as 'version: 1'"
            )
        )
        raise UserError(problems)
    problems += with_precedents(tree, name)
    try:
        file = ProjectFile.model_validate(tree.data)
    except ValidationError as error:
        problems += complaints_of(error, tree, name, ProjectFile)
        rest = _well_formed_part(tree.data, error)
        if rest is not None:
            problems += meaning_problems(ledger, rest, ProjectSource(rest, name, tree, ledger).at)
        raise UserError(dict.fromkeys(problems)) from None
    found = ProjectSource(file, name, tree, ledger)
    problems += meaning_problems(ledger, file, found.at)
    if problems:
        raise UserError(dict.fromkeys(problems))
    return found


def _well_formed_part(data: dict[str, Any], error: ValidationError) -> ProjectFile | None:
    """The file without its malformed fields, so that the others can be looked at too; None where too little
    is left."""
    left = deepcopy(data)
    for _ in range(20):
        for e in error.errors(include_url=False):
            path = [p for p in e["loc"] if isinstance(p, (str, int))]
            _drop(left, path[:-1] if e["type"] == "missing" else path)
        try:
            return ProjectFile.model_validate(left)
        except ValidationError as again:
            error = again
    return None


def _drop(data: Any, path: list[str | int]) -> None:
    """Takes out the named field at a path, or the list it stands in (entries of a list keep their
    numbers)."""
    words = path[: next((k for k, p in enumerate(path) if isinstance(p, int)), len(path))]
    node = data
    for p in words[:-1]:
        if not isinstance(node, dict) or p not in node:
            return
        node = node[p]
    if isinstance(node, dict) and words:
        node.pop(words[-1], None)


_STEP = re.compile(r"([a-z_]+)(?:\[([^\]]+)\])?")


def _set(data: Any, field: str, value: Any, where: str) -> tuple[str | int, ...]:
    """Puts `value` at a field written as in messages, such as capital.items[mill].amount; the path it went
    to."""
    path: list[str | int] = []
    node = data
    steps = [m.groups() for m in (_STEP.fullmatch(s) for s in field.split(".")) if m]
    if len(steps) != len(field.split(".")):
        raise UserError(Problem(f"{field!r} is not a field", where, "such as capital.items[mill].amount"))
    for k, (key, entry) in enumerate(steps):
        last = k == len(steps) - 1
        path.append(key)
        if entry is None:
            if last:
                node[key] = value
                break
            if not isinstance(node.get(key), dict):
                node[key] = {}
            node = node[key]
            continue
        listed = node.get(key)
        ids = (
            [e.get("id") if isinstance(e, Mapping) else None for e in listed]
            if isinstance(listed, list)
            else []
        )
        if entry not in ids:
            raise UserError(
                Problem(f"no {key} with id {entry!r}", where, suggestion(entry, [str(i) for i in ids]))
            )
        path.append(ids.index(entry))
        if last:
            listed[ids.index(entry)] = value
            break
        node = listed[ids.index(entry)]
    return tuple(path)
