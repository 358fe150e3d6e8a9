"""Price story: why one price of a result moved, by event, by part and by limit; read from the document
alone."""

from __future__ import annotations

import math

from crosscut.market.read.price_parts import SCARCITY
from crosscut.results import TABLES, Document
from crosscut.results.rows import Row

_OF_PRICE = ("form", "place", "basis", "unit", "p10", "median", "p90", "effect_p10", "effect_p90")
SIDE = {"inside": "seller", "border": "seller", "paid": "buyer", "marginal": "buyer"}


def price_story(result: Document, price: Row) -> Row | None:
    """Everything that explains a row of the price table; None when the result was written without the parts.

    `before`, `after` and `change` (ln after / before) are those of the price table: base and median. `events`
    and `parts` each add up to the change, in logs exactly and in the unit of the price: a step of x USD is
    x / L in logs, with L the logarithmic mean of the two prices. `limits` are those that bind, with the part
    of each in this price. `status` says why there is no change to explain, else ''.
    """
    if any(name not in result.tables for name in ("price_steps", "price_drivers", "limits")):
        return None
    steps = _steps_up_to(result.rows("price_steps"), price)
    level = steps.pop() if steps else None
    before, after = (level["before"], level["after"]) if level else (None, None)
    drivers = [r for r in result.rows("price_drivers") if _same(r, price)]
    out: Row = {k: price.get(k) for k in _OF_PRICE}
    out |= {
        "before": before,
        "after": after,
        "change": None,
        "status": _missing(price, before, after, drivers),
    }
    mean = log_mean(before, after)
    if before and after and mean is not None:
        out["change"] = math.log(after / before)
    titles = {r["event"]: r["title"] for r in result.rows("drivers")}
    out["events"] = [
        {
            **{k: r[k] for k in ("event", "part", "error", "share")},
            "title": titles.get(r["event"], ""),
            "amount": None if r["part"] is None or mean is None else r["part"] * mean,
        }
        for r in drivers
    ]
    out["parts"] = [_part(r, mean) for r in steps]
    out["limits"] = [_limit(r, out) for r in result.rows("limits") if r["binds"]]
    return out


def _limit(row: Row, story: Row) -> Row:
    """A limit with its part in this price: the rent on what is bought through it, or the scarcity a quota
    makes."""
    found = [p for p in story["parts"] if p["limit"] == row["limit"]]
    if row["kind"] == "production quota" and (row["form"], row["where"]) == (story["form"], story["place"]):
        found += [p for p in story["parts"] if p["name"] == SCARCITY.name]
    mine: Row = found[0] if found else {}
    return {
        **{c: row.get(c) for c in TABLES["limits"]},
        "part": mine.get("part"),
        "amount": mine.get("change"),
    }


def log_mean(a: float | None, b: float | None) -> float | None:
    """(b - a) / ln(b / a): the divisor that turns differences into log changes exactly; None unless both are
    positive.

    >>> log_mean(100.0, 100.0), round(log_mean(100.0, 200.0), 4), log_mean(None, 1.0)
    (100.0, 144.2695, None)
    """
    if a is None or b is None or a <= 0 or b <= 0:
        return None
    ratio = (b - a) / a
    return a if ratio == 0 else (b - a) / math.log1p(ratio)


def _steps_up_to(rows: list[Row], price: Row) -> list[Row]:
    """The parts of the ladder below this price, then its own level; [] when it has none."""
    side = SIDE[price["basis"]]
    out: list[Row] = []
    for r in rows:
        if (r["form"], r["place"], r["side"]) == (price["form"], price["place"], side):
            if r["basis"] == price["basis"]:
                return [*out, r]
            if r["basis"] is None:
                out.append(r)
    return []


def _part(row: Row, mean: float | None) -> Row:
    before, after = row["before"] or 0.0, row["after"] or 0.0
    return {
        **{k: row[k] for k in ("part", "limit", "goes_to", "before", "after")},
        "name": row["part"],
        "change": after - before if mean is not None else None,
        "part": (after - before) / mean if mean is not None else None,
    }


def _missing(price: Row, before: float | None, after: float | None, drivers: list[Row]) -> str:
    if before is None and after is None:
        return f"no price before or after ({price['status']})"
    if before is None:
        return "no price before the events"
    if after is None:
        return f"no price after the events ({price['status']})"
    return next((str(r["status"]) for r in drivers if r["status"]), "")


def _same(row: Row, price: Row) -> bool:
    return all(row[k] == price[k] for k in ("form", "place", "basis"))
