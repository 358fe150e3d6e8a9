"""Precedents: loans that were really negotiated, to start a file's loan from (`like: perpetua`)."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, suggestion
from crosscut.inputs.catalogue import PROJECT
from crosscut.inputs.complaints import field_path
from crosscut.inputs.yaml_file import Tree, yaml_tree


@cache
def precedents() -> dict[str, dict[str, Any]]:
    """Read the loans of real projects that a project file may take after.

    Returns
    -------
    dict of str to dict
        By id: title, loan (as a project file states one) and cites (ids of facts).

    Examples
    --------
    >>> precedents()["perpetua"]["loan"]["tenor"]
    13
    """
    text = bundled_text("finance", "precedents.yaml")
    return {p["id"]: p for p in yaml_tree(text, "precedents.yaml", PROJECT).data["precedents"]}


def with_precedents(tree: Tree, name: str) -> list[Problem]:
    """Fill the loans of a project file, in place, from the precedents they name.

    Parameters
    ----------
    tree : Tree
        The data of the file; its loans are changed. A field that a loan states stays.
    name : str
        Name of the file, for messages.

    Returns
    -------
    list of Problem
        One for each unknown precedent, with the nearest.

    Notes
    -----
    A signed loan does not take a probability from its precedent; one that is not repaid in sculpted amounts
    does not take a debt service cover ratio.
    """
    finance = tree.data.get("finance") if isinstance(tree.data, dict) else None
    loans = finance.get("loans") if isinstance(finance, dict) else None
    problems = []
    for i, loan in enumerate(loans if isinstance(loans, list) else []):
        like = loan.get("like") if isinstance(loan, dict) else None
        if like is None:
            continue
        if not isinstance(like, str) or like not in precedents():
            path = ("finance", "loans", i, "like")
            problems.append(
                Problem(
                    f"no precedent {str(like)[:60]!r}",
                    f"{name}:{tree.line(path)}: {field_path(path, tree.data)}",
                    suggestion(str(like)[:60], precedents()),
                )
            )
            continue
        taken = deepcopy(precedents()[like]["loan"])
        if loan.get("signed") is True:
            taken.pop("probability", None)
        if loan.get("repayment", "sculpted") != "sculpted":
            taken.pop("dscr", None)
        loans[i] = {**taken, **loan}  # type: ignore[index]
    return problems
