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
    """Every precedent by id: title, loan, cites.

    >>> precedents()["perpetua"]["loan"]["tenor"]
    13
    """
    text = bundled_text("finance", "precedents.yaml")
    return {p["id"]: p for p in yaml_tree(text, "precedents.yaml", PROJECT).data["precedents"]}


def with_precedents(tree: Tree, name: str) -> list[Problem]:
    """Fills the loans of a project file, in place, from the precedents they name; the fields a loan states
    stay.

    A loan that states a share does not take an amount, one that states neither keeps neither. Returns
    problems.
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
