"""Headline: the figures of a list of purchases that come first, each with its interval and what is known of
it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.number_text import amount, percent
from crosscut.base.places import name
from crosscut.results.rows import Row
from crosscut.studies.purchases.answers import MineralAnswer
from crosscut.studies.purchases.rows import expected_values


@dataclass(frozen=True)
class Read:
    """How much of a file was read: lines read, lines that hold a purchase, and USD of the refused ones as far
    as they are known."""

    rows: int
    lines: int
    refused_usd: float | None


def summary_rows(
    read: Read, flows: Sequence[Row], stops: Sequence[Row], answers: Sequence[MineralAnswer], as_of: str
) -> list[Row]:
    """The headline figures, in the order they are shown.

    Parameters
    ----------
    read : Read
        How much of the file was read.
    flows : Sequence[Row]
        Rows of `purchase_flows`.
    stops : Sequence[Row]
        Rows of `purchase_stops`.
    answers : Sequence[MineralAnswer]
        What they were made from.
    as_of : str
        When the latest measure of the history took effect.

    Returns
    -------
    list[Row]
        Spend, share with measures in force, worst stop, expected extra cost, governance-weighted spend.
    """
    spent = sum(r["usd"] for r in flows)
    return [
        _spend(read, spent, flows),
        _restricted(spent, flows, as_of),
        _worst(spent, stops),
        _expected(spent, stops, answers),
        _governance(spent, flows),
    ]


def _row(
    figure: str, unit: str, text: str, value: float | None, status: str = "ok", **ends: float | None
) -> Row:
    return {
        "figure": figure,
        "value": value,
        "low": ends.get("low"),
        "high": ends.get("high"),
        "unit": unit,
        "text": text,
        "status": status,
    }


def _spend(read: Read, spent: float, flows: Sequence[Row]) -> Row:
    minerals, countries = ({r[k] for r in flows} for k in ("mineral", "supplier"))
    text = (
        f"spent in {_counted(read.rows, 'line')} of {read.lines}: {_counted(len(minerals), 'mineral')} from"
        f" {_counted(len(countries), 'country')}"
    )
    missing = read.lines - read.rows
    status = "ok"
    if missing:
        also = "" if read.refused_usd is None else f" (USD {amount(read.refused_usd)} as far as they say)"
        status = f"flagged: {_counted(missing, 'line')} could not be read and is in no figure{also}"
        status = status.replace("is in no", "are in no") if missing > 1 else status
    return _row("spend", "USD", text, spent, status)


def _restricted(spent: float, flows: Sequence[Row], as_of: str) -> Row:
    under = [r for r in flows if r["restricted"]]
    usd = sum(r["usd"] for r in under)
    named = dict.fromkeys(f"{r['mineral']} from {name(r['supplier'])}" for r in under)
    where = f": {_listed(list(named))}" if named else ""
    return _row(
        "with measures in force",
        "fraction",
        f"of it is for goods with a measure of the seller's state in force (USD {amount(usd)}){where}",
        usd / spent if spent else None,
        f"flagged: as recorded up to {as_of}; a country without a record counts as free",
    )


def _worst(spent: float, stops: Sequence[Row]) -> Row:
    known = [r for r in stops if r["extra_usd"] is not None]
    if not known:
        return _row(
            "worst stop",
            "USD",
            "more for the same tonnes in a year without a supplier country",
            None,
            _why(stops),
        )
    worst = max(known, key=lambda r: r["extra_usd"])
    lost = "" if worst["short"] is None else f"; users lose {percent(worst['short'])} of the metal"
    text = (
        f"more for the same tonnes in a year without {worst['mineral']} from {name(worst['supplier'])}"
        f"{_of(worst['extra_usd'], worst['usd'])}{lost}"
    )
    status = _coverage(spent, known, worst["where"])
    remarks = worst["status"].partition(": ")[2]
    if remarks:
        status += f"; {remarks}"
    return _row(
        "worst stop",
        "USD",
        text,
        worst["extra_usd"],
        status,
        low=worst["extra_usd_low"],
        high=worst["extra_usd_high"],
    )


def _expected(spent: float, stops: Sequence[Row], answers: Sequence[MineralAnswer]) -> Row:
    found = [v for a in answers for e in a.effects.values() if (v := expected_values(a, e)) is not None]
    text = "more a year is to be expected of such stops: chance times cost, over your supplier countries"
    if not found:
        return _row("expected extra cost a year", "USD a year", text, None, _why(stops))
    value, drawn = sum(v for v, _ in found), _together([d for _, d in found])
    low, high = (float(q) for q in np.quantile(drawn, [0.1, 0.9]))
    known = [r for r in stops if r["expected_usd"] is not None]
    return _row(
        "expected extra cost a year",
        "USD a year",
        text,
        value,
        _coverage(spent, known, ""),
        low=min(low, value),
        high=max(high, value),
    )


def _together(drawn: Sequence[Array]) -> Array:
    """Values of several stops added up point by point and draw by draw: what is not known of chance and
    behaviour is not known of all of them."""
    most = max(d.shape[1] for d in drawn)
    out: Array = np.sum([d[:, np.arange(most) % d.shape[1]] for d in drawn], axis=0)
    return out


def _governance(spent: float, flows: Sequence[Row]) -> Row:
    known = [r for r in flows if r["weighted_usd"] is not None]
    text = "governance-weighted spend (GeoPolRisk): spend times political instability; a weight, not a loss"
    if not known:
        why = "missing: no governance figures for these suppliers and years"
        return _row("governance-weighted spend", "USD", text, None, why)
    usd, value = sum(r["weighted_of_usd"] for r in known), sum(r["weighted_usd"] for r in known)
    share = (
        f"flagged: {percent(value / usd)} of what is known, {_share(usd, spent)} of your spend"
        if usd
        else "ok"
    )
    return _row("governance-weighted spend", "USD", text, value, share)


def _coverage(spent: float, known: Sequence[Row], where: str) -> str:
    """Of how much of the spend the answer speaks."""
    usd = sum({r["mineral"]: r["usd"] for r in known}.values())
    said = f"of what is known, {_share(usd, spent)} of your spend"
    return f"flagged: {said}{f'; prices and losses of {where}' if where else ''}"


def _why(stops: Sequence[Row]) -> str:
    reasons = list(dict.fromkeys(r["status"].partition(": ")[2] for r in stops))
    more = f"; and {len(reasons) - 2} other reasons, below" if len(reasons) > 2 else ""
    return f"missing: {'; '.join(reasons[:2])}{more}"


def _of(extra: float, usd: float) -> str:
    if not usd:
        return ""
    return f": {percent(extra / usd)} of the USD {amount(usd)} you spend on it"


def _share(part: float, whole: float) -> str:
    return percent(part / whole) if whole else "none"


def _listed(named: Sequence[str], most: int = 4) -> str:
    rest = len(named) - most
    return ", ".join(named[:most]) + (f" and {rest} more" if rest > 0 else "")


def _counted(n: int, one: str) -> str:
    many = f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"
    return f"{n} {one if n == 1 else many}"
