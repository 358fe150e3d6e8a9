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
from crosscut.studies.purchases.rows import GONE, expected_values


@dataclass(frozen=True)
class Read:
    """How much of a file was read: lines read and refused, and USD of the refused ones; `blind` of them do
    not say how much."""

    rows: int
    refused: int = 0
    refused_usd: float = 0.0
    blind: int = 0


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
    whole = Whole(spent + read.refused_usd, bool(read.blind))
    return [
        _spend(read, spent, flows),
        _restricted(spent, flows, as_of),
        _worst(whole, stops),
        _expected(whole, stops, answers),
        _governance(whole, flows),
    ]


@dataclass(frozen=True)
class Whole:
    """All that the file says was spent, in USD; `at_least` where refused lines do not say how much."""

    usd: float
    at_least: bool

    def share(self, part: float) -> str:
        """What share of your spend a part is, in words.

        >>> Whole(400.0, False).share(100.0), Whole(400.0, True).share(400.0)
        ('25 % of your spend', 'at most 100 % of your spend')
        """
        said = percent(part / self.usd) if self.usd else "none"
        if said == "100 %" and part < self.usd * (1 - 1e-9):
            said = "more than 99 %"
        return f"{'at most ' if self.at_least else ''}{said} of your spend"


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
        f"spent in {_counted(read.rows, 'line')} of {read.rows + read.refused}:"
        f" {_counted(len(minerals), 'mineral')} from {_counted(len(countries), 'country')}"
    )
    status = "ok"
    if read.refused:
        are = "is" if read.refused == 1 else "are"
        usd = f"USD {amount(read.refused_usd)}" if read.blind < read.refused else ""
        unknown = f"{_counted(read.blind, 'line')} of unknown money" if read.blind else ""
        beside = ", ".join(x for x in (usd, unknown) if x)
        status = (
            f"flagged: {_counted(read.refused, 'line')} could not be read ({beside}) and {are} in no figure"
        )
    return _row("spend", "USD", text, spent, status)


def _restricted(spent: float, flows: Sequence[Row], as_of: str) -> Row:
    under = [r for r in flows if r["restricted"]]
    usd = sum(r["usd"] for r in under)
    named = dict.fromkeys(f"{r['mineral']} from {name(r['supplier'])}" for r in under)
    where = f": {_listed(list(named))}" if named else ""
    return _row(
        "with measures in force",
        "fraction",
        f"of it is for goods with a measure in force (USD {amount(usd)}){where}",
        usd / spent if spent else None,
        f"flagged: as recorded up to {as_of}; a country without a record counts as free",
    )


def _worst(whole: Whole, stops: Sequence[Row]) -> Row:
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
    status = _coverage(whole, known, worst["where"])
    remarks = worst["status"].partition(": ")[2]
    if remarks:
        status += f"; {remarks}"
    for r in stops:
        if GONE in r["status"]:  # worse than any price, and in no sum of money
            status += f"; a year without {r['mineral']} from {name(r['supplier'])} leaves no price at all"
    return _row(
        "worst stop",
        "USD",
        text,
        worst["extra_usd"],
        status,
        low=worst["extra_usd_low"],
        high=worst["extra_usd_high"],
    )


def _expected(whole: Whole, stops: Sequence[Row], answers: Sequence[MineralAnswer]) -> Row:
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
        _coverage(whole, known, ""),
        low=min(low, value),
        high=max(high, value),
    )


def _together(drawn: Sequence[Array]) -> Array:
    """Values of several stops added up point by point and draw by draw: what is not known of chance and
    behaviour is not known of all of them."""
    most = max(d.shape[1] for d in drawn)
    out: Array = np.sum([d[:, np.arange(most) % d.shape[1]] for d in drawn], axis=0)
    return out


def _governance(whole: Whole, flows: Sequence[Row]) -> Row:
    known = [r for r in flows if r["weighted_usd"] is not None]
    text = "governance-weighted spend (GeoPolRisk): spend times political instability; a weight, not a loss"
    if not known:
        why = "missing: no governance figures for these suppliers and years"
        return _row("governance-weighted spend", "USD", text, None, why)
    usd, value = sum(r["weighted_of_usd"] for r in known), sum(r["weighted_usd"] for r in known)
    share = f"flagged: {percent(value / usd)} of what is known, {whole.share(usd)}" if usd else "ok"
    return _row("governance-weighted spend", "USD", text, value, share)


def _coverage(whole: Whole, known: Sequence[Row], where: str) -> str:
    """Of how much of the spend the answer speaks."""
    usd = sum({r["mineral"]: r["usd"] for r in known}.values())
    said = f"of what is known, {whole.share(usd)}"
    return f"flagged: {said}{f'; prices and losses of {where}' if where else ''}"


def _why(stops: Sequence[Row]) -> str:
    reasons = list(dict.fromkeys(r["status"].partition(": ")[2] for r in stops))
    more = f"; and {len(reasons) - 2} other reasons, below" if len(reasons) > 2 else ""
    return f"missing: {'; '.join(reasons[:2])}{more}"


def _of(extra: float, usd: float) -> str:
    if not usd:
        return ""
    return f": {percent(extra / usd)} of the USD {amount(usd)} you spend on it"


def _listed(named: Sequence[str], most: int = 4) -> str:
    rest = len(named) - most
    return ", ".join(named[:most]) + (f" and {rest} more" if rest > 0 else "")


def _counted(n: int, one: str) -> str:
    many = f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"
    return f"{n} {one if n == 1 else many}"
