"""YAML tree: plain data from YAML text, with the line of every value, and nothing that YAML can do besides.

No aliases, anchors, tags or second documents; a key once; only text, numbers, dates, true, false, null,
lists and mappings. `NO` is text (a country), not false.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from crosscut.base.errors import Problem
from crosscut.inputs.catalogue import MOST_BYTES, FileKind

DEEPEST = 12

FieldPath = tuple[str | int, ...]  # keys and list positions from the top of a file
At = Callable[..., str]  # (keys and positions) -> file, line and field, as people look them up

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,4})?")
_NOT_FINITE = re.compile(r"[-+]?\.?(nan|inf|infinity)", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass
class Tree:
    """Data, the line (from 1) of every path in it, and what was wrong with the text."""

    data: Any = None
    lines: dict[FieldPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: FieldPath) -> int:
        """Line of a path, or of the nearest parent that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def yaml_tree(content: bytes | str, name: str, kind: FileKind) -> Tree:
    """Read a YAML text into data that know their lines.

    Parameters
    ----------
    content : bytes or str
        The text.
    name : str
        Stands for the file in messages.
    kind : FileKind
        What it should be, for messages.

    Returns
    -------
    Tree
        Data, lines from 1, and problems. Nothing is raised: what is wrong with the text is in its problems.

    Examples
    --------
    >>> from crosscut.inputs.catalogue import SCENARIO
    >>> tree = yaml_tree("a: 1\\nb: [NO, 2025-02-04]", "x.yaml", SCENARIO)
    >>> tree.data, tree.line(("b", 1))
    ({'a': 1, 'b': ['NO', datetime.date(2025, 2, 4)]}, 2)
    """
    tree = Tree()
    text = _text(content, name, tree, kind)
    if not tree.problems and is_iamc_table(text):
        tree.problems.append(
            Problem(
                "this is an IAMC table: results of models by model, scenario, region, variable and unit",
                name,
                f"{kind.one}, a YAML file: {kind.opening}",
            )
        )
    if tree.problems:
        return tree
    try:
        _refuse_machinery(text, name, tree, kind)
        if not tree.problems:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            if node is None:
                tree.problems.append(Problem("the file is empty", name, f"{kind.one}: {kind.opening}"))
            else:
                tree.data = _value(node, (), tree, name)
    except yaml.MarkedYAMLError as error:
        tree.problems.append(_syntax_problem(error, text, name))
    except (yaml.YAMLError, ValueError) as error:
        tree.problems.append(Problem(f"not YAML: {str(error).splitlines()[0]}", name, "a YAML text file"))
    return tree


def is_iamc_table(text: str) -> bool:
    """Whether a text begins as the tables do that models of energy and climate exchange (IAMC, pyam).

    Parameters
    ----------
    text : str
        The text of a file.

    Returns
    -------
    bool
        True where the first line has the five columns of such a table, in any order and with any separator.

    Examples
    --------
    >>> is_iamc_table("Model,Scenario,Region,Variable,Unit,2020,2030"), is_iamc_table("version: 1")
    (True, False)
    """
    first = text.lstrip("\ufeff").partition("\n")[0]
    heads = {h.strip(' "').casefold() for h in re.split(r"[,;\t|]", first)}
    return heads >= {"model", "scenario", "region", "variable", "unit"}


def _text(content: bytes | str, name: str, tree: Tree, kind: FileKind) -> str:
    size = len(content)
    if size > MOST_BYTES:
        tree.problems.append(Problem(f"{size:,} bytes", name, f"{kind.one} of at most {MOST_BYTES:,} bytes"))
        return ""
    text = content if isinstance(content, str) else ""
    if isinstance(content, bytes):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            tree.problems.append(
                Problem("not a UTF-8 text file", f"{name}:{line}", "a YAML text file in UTF-8")
            )
            return ""
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        tree.problems.append(
            Problem("a control character: this is not a text file", f"{name}:{line}", "YAML text")
        )
        return ""
    return text


def _refuse_machinery(text: str, name: str, tree: Tree, kind: FileKind) -> None:
    """Aliases, anchors, tags, second documents and deep nesting, found without building anything."""
    depth, documents = 0, 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        at = f"{name}:{event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                tree.problems.append(
                    Problem("a second document starts here", at, f"one {kind.noun} per file")
                )
                return
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            word = getattr(event, "anchor", "")
            tree.problems.append(Problem(f"aliases ({sign}{word}) are not read", at, "the value written out"))
            return
        elif tag := getattr(event, "tag", None):
            tree.problems.append(Problem(f"the tag {tag!r} is not read", at, "plain values"))
            return
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > DEEPEST:
                tree.problems.append(
                    Problem(f"nested more than {DEEPEST} deep", at, f"the fields of {kind.one}")
                )
                return
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, name: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem(f"not YAML: {error.problem or error}", name, "a YAML text file")
    lines = text.splitlines()
    shown = lines[mark.line] if mark.line < len(lines) else ""
    at = f"{name}:{mark.line + 1}"
    if "\t" in shown:
        return Problem("a tab: YAML is indented with spaces", at, "two spaces instead of each tab")
    what = " ".join(str(p) for p in (error.context, error.problem) if p)
    return Problem(f"not YAML at column {mark.column + 1}: {what}", at, "field: value, lists as '- item'")


def _value(node: yaml.Node, path: FieldPath, tree: Tree, name: str) -> Any:
    line = node.start_mark.line + 1
    tree.lines.setdefault(path, line)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, i), tree, name) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            at = f"{name}:{key_node.start_mark.line + 1}"
            if not isinstance(key_node, yaml.ScalarNode):
                tree.problems.append(Problem("a field name must be a word", at, "field: value"))
                continue
            key = str(key_node.value)
            if key in out:
                before = tree.lines[(*path, key)]
                tree.problems.append(
                    Problem(f"field {key!r} is given twice (first in line {before})", at, "one of them")
                )
                continue
            tree.lines[(*path, key)] = key_node.start_mark.line + 1
            out[key] = _value(value_node, (*path, key), tree, name)
        return out
    return _scalar(node, tree, f"{name}:{line}")


def _scalar(node: yaml.Node, tree: Tree, at: str) -> Any:
    text = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or node.style is not None:
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text[0] in "tT"
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text) or _NOT_FINITE.fullmatch(text):
        return float(
            text.replace(".nan", "nan").replace(".NaN", "nan").replace(".inf", "inf").replace(".Inf", "inf")
            if _NOT_FINITE.fullmatch(text)
            else text
        )
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            tree.problems.append(Problem(f"{text} is not a day", at, "a date such as 2025-02-04"))
            return date(2000, 1, 1)
    return text
