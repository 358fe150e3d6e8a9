"""Comparison: what differs between two results."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from crosscut.errors import Problem, UserError
from crosscut.results import sealed

KEYS = {
    "prices": ("form", "place", "basis", "unit"),
    "flows": ("form", "origin", "destination"),
    "supply": ("form", "country", "source"),
    "shortages": ("form", "country", "use"),
    "welfare": ("country", "item"),
}
_TONNES = dict.fromkeys(("a", "b", "difference"), "t contained")
UNITS: dict[str, dict[str, str]] = {
    "prices": {},  # the unit is a column
    "flows": _TONNES,
    "supply": _TONNES,
    "shortages": _TONNES,
    "welfare": dict.fromkeys(_TONNES, "million USD a year"),
}
SHOWN = 40


def comparison_result(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """Tables `NAME_difference`: rows of every table both have (or one has), with the two medians and their difference.

    Rows without a difference (a median missing in one) come first, then the largest: prices by ratio, for they are in
    different units, the others by difference.
    Raises UserError when the results are of different minerals, or of indicators, which have none of these tables.
    """
    ours, theirs = a["inputs"]["mineral"], b["inputs"]["mineral"]
    if ours != theirs:
        raise UserError(
            Problem(f"results of different minerals: {ours} and {theirs}", "compare", "two of one mineral")
        )
    if "indicators" in (a["kind"], b["kind"]):
        raise UserError(Problem("results of indicators are not compared", "compare", "two written by `crosscut run`"))
    tables = {}
    for name, keys in KEYS.items():
        left = _medians(a, name, keys)
        right = _medians(b, name, keys)
        rows = []
        for key in {**left, **right}:
            x, y = left.get(key), right.get(key)
            if x != y:
                gap = y - x if x is not None and y is not None else None
                rows.append({**dict(zip(keys, key, strict=True)), "a": x, "b": y, "difference": gap})
        rows.sort(key=_price_order if name == "prices" else _order)
        tables[f"{name}_difference"] = {"columns": [*keys, "a", "b", "difference"], "units": UNITS[name],
                                        "rows": rows[:SHOWN]}  # fmt: skip
    same = [k for k in ("world", "seed", "draws", "code", "data") if a["inputs"][k] == b["inputs"][k]]
    document = {
        **{k: a[k] for k in ("horizon", "facts", "places")},
        "kind": "comparison",
        "inputs": {**a["inputs"], "scenario": {
            "id": f"{_scenario(a)} against {_scenario(b)}", "hash": b["id"],
            "title": f"{_scenario(a)} (a) against {_scenario(b)} (b)"}},
        "status": {"ok": a["status"]["ok"] and b["status"]["ok"],
                   "failed_draws": a["status"]["failed_draws"] + b["status"]["failed_draws"],
                   "failed": [*a["status"]["failed"], *b["status"]["failed"]], "certificate": {}},
        "tables": tables,
        "statements": [{"text_key": "same_inputs", "refs": [], "text": f"Same in both: {', '.join(same) or 'nothing'}."}],
        "assumptions": [x for x in b["assumptions"] if x not in a["assumptions"]],
        "limits": [{"what": "Medians are compared; each has its interval in its own result", "bias": "none"}],
        "observed": [],
    }  # fmt: skip
    return sealed(document, datetime.now(UTC).isoformat(timespec="seconds"))


def _order(row: dict[str, Any]) -> tuple[bool, float]:
    gap = row["difference"]
    return (False, 0.0) if gap is None else (True, -abs(gap))


def _price_order(row: dict[str, Any]) -> tuple[bool, float]:
    gap, first = row["difference"], row["a"]
    return _order(row) if gap is None or not first else (True, -abs(gap / first))


def _scenario(result: dict[str, Any]) -> str:
    return str((result["inputs"]["scenario"] or {}).get("id", result["kind"]))


def _medians(result: dict[str, Any], name: str, keys: tuple[str, ...]) -> dict[tuple[Any, ...], float | None]:
    rows = result["tables"].get(name, {}).get("rows", [])
    return {tuple(r[k] for k in keys): r["median"] for r in rows}
