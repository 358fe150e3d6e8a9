"""Comparison: what differs between two results."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.results import Document, Limit, ResultTable, ScenarioUsed, Statement, Status

_YEARLY = ("case", "year")
KEYS = {
    "prices": ("form", "place", "basis", "unit"),
    "flows": ("form", "origin", "destination"),
    "supply": ("form", "country", "source"),
    "shortages": ("form", "country", "use"),
    "welfare": ("country", "item"),
    "outlook_prices": (*_YEARLY, "form", "place", "basis", "unit"),
    "outlook_shares": (*_YEARLY, "country", "unit"),
    "outlook_supply": (*_YEARLY, "what", "country", "facility", "unit"),
    "outlook_dependence": (*_YEARLY, "user", "measure", "of", "unit"),
    "outlook_use": (*_YEARLY, "user", "use", "unit"),
    "outlook_stocks": (*_YEARLY, "stock", "item", "unit"),
    "outlook_investment": (*_YEARLY, "rule", "unit"),
}
_VALUES = ("a", "b", "difference")
UNITS: dict[str, dict[str, str]] = {
    **{name: {} for name in KEYS},  # the unit is a column
    **dict.fromkeys(("flows", "supply", "shortages"), dict.fromkeys(_VALUES, "t contained")),
    "welfare": dict.fromkeys(_VALUES, "million USD a year"),
}
SHOWN = 40
_INPUTS = ("scenario", "world", "seed", "draws", "code", "data")
TOLD_APART = 2.0  # sampling errors: what is nearer may be chance
SAME = 1e-9  # relative, and absolute: what numpy and the compiled kernel agree to


def comparison_result(a: Document, b: Document) -> Document:
    """Tables `NAME_difference`: rows of every table both have (or one has), with the two medians and their
    difference.

    Rows without a difference (a median missing in one) come first, then the largest: prices by ratio, for
    they are in different units, the others by difference.
    Raises UserError when the results are of different minerals or answer different questions, and for kinds
    that have none of these tables.
    """
    ours, theirs = a.inputs.mineral, b.inputs.mineral
    problems = []
    if ours != theirs:
        problems.append(
            Problem(f"results of different minerals: {ours} and {theirs}", "compare", "two of one mineral")
        )
    if a.kind != b.kind:
        problems.append(
            Problem(
                f"results of different questions: one is written by `crosscut {a.kind}`, the other by"
                f" `crosscut {b.kind}`; their numbers do not mean the same",
                "compare",
                "two of one kind",
            )
        )
    if problems:
        raise UserError(problems)
    if not any(name in a.tables and name in b.tables for name in KEYS):
        kinds = " and ".join(dict.fromkeys((a.kind, b.kind)))
        raise UserError(
            Problem(
                f"results of kind {kinds} are not compared: they have no table in common",
                "compare",
                "two written by `crosscut run` or `outlook`",
            )
        )
    tables = {}
    both_have, apart = _cases_and_years(a, b)
    for name, keys in KEYS.items():
        if name not in a.tables and name not in b.tables:
            continue
        left = _medians(a, name, keys, both_have)
        right = _medians(b, name, keys, both_have)
        rows = []
        for key in {**left, **right}:
            x, y = left.get(key), right.get(key)
            if not _same(x, y):
                gap = y - x if x is not None and y is not None else None
                rows.append({**dict(zip(keys, key, strict=True)), "a": x, "b": y, "difference": gap})
        rows.sort(key=_price_order if name.endswith("prices") else _order)
        full = f"{name}_difference"
        tables[full] = ResultTable(full, (*keys, "a", "b", "difference"), UNITS[name], rows[:SHOWN])
    same = [k for k in _INPUTS if getattr(a.inputs, k) == getattr(b.inputs, k)]
    title = f"{_scenario(a)} (a) against {_scenario(b)} (b)"
    return Document(
        kind="comparison",
        inputs=replace(
            a.inputs, scenario=ScenarioUsed(f"{_scenario(a)} against {_scenario(b)}", b.id, title)
        ),
        status=Status(
            a.status.ok and b.status.ok,
            a.status.failed_draws + b.status.failed_draws,
            (*a.status.failed, *b.status.failed),
            {},
        ),
        horizon=a.horizon,
        tables=tables,
        statements=(
            Statement("same_inputs", f"Same in both: {', '.join(same) or 'nothing'}."),
            *apart,
            *_chance(a, b),
            *([] if apart else _last_digits(a, b, tables)),
        ),
        assumptions=tuple(x for x in b.assumptions if x not in a.assumptions),
        facts=a.facts,
        limits=(Limit("Medians are compared; each has its interval in its own result", "none"),),
        places=a.places,
    )


def _same(x: float | None, y: float | None) -> bool:
    return x == y if x is None or y is None else math.isclose(x, y, rel_tol=SAME, abs_tol=SAME)


def _last_digits(a: Document, b: Document, tables: Mapping[str, ResultTable]) -> list[Statement]:
    """Why two results that say the same have two ids."""
    if a.id == b.id or any(t.rows for t in tables.values()):
        return []
    text = (
        "Their ids differ, no median by more than one part in 10^9: last digits depend on where a result is"
        " solved."
    )
    return [Statement("last_digits", text)]


def _chance(a: Document, b: Document) -> list[Statement]:
    """How many differences of prices may be chance, where the two runs solved other futures."""
    if (a.inputs.seed, a.inputs.draws) == (b.inputs.seed, b.inputs.draws):
        return []
    keys = KEYS["prices"]
    ours = {tuple(r[k] for k in keys): r for r in a.rows_if_any("prices")}
    told, within = 0, 0
    for r in b.rows_if_any("prices"):
        other = ours.get(tuple(r[k] for k in keys))
        if other is None or r["median"] is None or other["median"] is None:
            continue
        errors = (r["sampling_error"], other["sampling_error"])
        if None in errors or _same(other["median"], r["median"]):
            continue
        told += 1
        within += abs(r["median"] - other["median"]) <= TOLD_APART * math.hypot(*errors)
    if not told:
        return []
    text = (
        f"The two runs solved other futures: {within} of {told} differences of prices are within two sampling"
        " errors and may be chance."
    )
    return [Statement("chance", text)]


def _order(row: dict[str, Any]) -> tuple[bool, float]:
    gap = row["difference"]
    return (False, 0.0) if gap is None else (True, -abs(gap))


def _price_order(row: dict[str, Any]) -> tuple[bool, float]:
    gap, first = row["difference"], row["a"]
    return _order(row) if gap is None or not first else (True, -abs(gap / first))


def _scenario(result: Document) -> str:
    return result.inputs.scenario.id if result.inputs.scenario else result.kind


def _medians(
    result: Document, name: str, keys: tuple[str, ...], both_have: dict[str, set[Any]]
) -> dict[tuple[Any, ...], float | None]:
    rows = result.rows_if_any(name)
    if "case" in keys:
        rows = [r for r in rows if all(r[k] in both_have[k] for k in _YEARLY)]
    return {tuple(r[k] for k in keys): r["median"] for r in rows}


def _cases_and_years(a: Document, b: Document) -> tuple[dict[str, set[Any]], list[Statement]]:
    """The cases and the years that both outlooks have, and a statement of those that only one has; rows of
    these would hide every other difference."""
    both, apart = {}, []
    for key in _YEARLY:
        ours, theirs = (
            {r[key] for t in x.tables.values() if key in t.columns and "median" in t.columns for r in t.rows}
            for x in (a, b)
        )
        both[key] = ours & theirs
        for which, more in (("a", ours - theirs), ("b", theirs - ours)):
            if more:
                text = f"Only in {which}, left out here: {key} {', '.join(str(m) for m in sorted(more))}."
                apart.append(Statement("only_in_one", text))
    return both, apart
