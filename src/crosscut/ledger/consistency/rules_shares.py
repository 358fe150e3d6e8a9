"""Rules on shares, changes and bounds. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from crosscut.ledger.consistency.statement import Breaches, PartOf, StatedFigure, same_period

PERCENT_SLACK = 0.1  # points, for sums of figures rounded elsewhere
# attribute -> the range it can lie in
RANGES = {
    "recovery": (0.0, 100.0),
    "grade": (0.0, 100.0),
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "content": (0.0, 1.0),
}


def shares_do_not_sum(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """Shares of one whole that sum above 100 %, or, where they name everything, to anything else.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document; deduced ones are passed over.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        All shares of the pie, in percent.
    str
        Why they cannot all be true, for people.

    Notes
    -----
    The widest reading of the rounding counts, up to one point in all, and `PERCENT_SLACK` (0.1 points).
    """
    pies: dict[str, dict[str, StatedFigure]] = defaultdict(dict)
    for s in known:
        if s.kind == "share" and s.pie and not s.rests_on:
            pies[s.pie].setdefault(s.subject, s)
    for pie in pies.values():
        shares = list(pie.values())
        total = sum(float(s.value) for s in shares)
        low, high = sum(s.low for s in shares), sum(s.high for s in shares)
        over = max(min(total - low, 1.0), 0.0) + PERCENT_SLACK
        under = max(min(high - total, 1.0), 0.0) + PERCENT_SLACK
        complete = any(s.complete for s in shares)
        if total - over > 100 or (complete and total + under < 100):
            yield (
                tuple(shares),
                f"{len(shares)} shares of {shares[0].whole or shares[0].pie} sum to {total:,.4g} %",
            )


def share_mismatch(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """A share that the part and the whole, both stated, do not give.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document, deduced ones among them.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The share (percent), the part and the whole.
    str
        Why they cannot all be true, for people.

    Notes
    -----
    Parts and wholes that were deduced are passed over. `PERCENT_SLACK` (0.1 points) is allowed.
    """
    amounts: dict[tuple[str, str], list[StatedFigure]] = defaultdict(list)
    for s in known:
        if s.kind == "amount" and not s.rests_on:
            amounts[s.subject, s.attribute].append(s)
    for share in known:
        if share.kind != "share" or not share.whole:
            continue
        for p in amounts[share.subject, share.attribute]:
            for w in amounts[share.whole, share.attribute]:
                fits = (
                    p.counted == w.counted
                    and same_period(p, share)
                    and same_period(w, share)
                    and same_period(p, w)
                )
                if not fits or w.least <= 0:
                    continue
                low, high = 100 * p.least / w.most, 100 * p.most / w.least
                if share.low > high + PERCENT_SLACK or share.high < low - PERCENT_SLACK:
                    given = 100 * float(p.value) / float(w.value)
                    yield (share, p, w), f"{share} against {p} of {w}, which is {given:,.4g} %"


def change_mismatch(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """A change in percent that the values of the two periods, both stated, do not give.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document, deduced ones among them.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The change (percent), the value of its period and that of the year before.
    str
        Why they cannot all be true, for people.

    Notes
    -----
    Values that were deduced are passed over. `PERCENT_SLACK` (0.1 points) is allowed.
    """
    amounts: dict[tuple[str, str, str, str], list[StatedFigure]] = defaultdict(list)
    for s in known:
        if s.kind == "amount" and not s.rests_on:
            amounts[s.subject, s.attribute, s.counted, s.period].append(s)
    for change in known:
        if change.kind != "change" or not change.period[:4].isdigit():
            continue
        before = str(int(change.period[:4]) - 1) + change.period[4:]
        for (subject, attribute, counted, period), now in list(amounts.items()):
            if (subject, attribute, period) != (change.subject, change.attribute, change.period):
                continue
            for a in now:
                for b in amounts.get((subject, attribute, counted, before), ()):
                    if b.least <= 0:
                        continue
                    low, high = 100 * (a.least / b.most - 1), 100 * (a.most / b.least - 1)
                    if change.low > high + PERCENT_SLACK or change.high < low - PERCENT_SLACK:
                        given = 100 * (float(a.value) / float(b.value) - 1)
                        yield (change, a, b), f"{change} against {b} then {a}, which is {given:+,.4g} %"


def out_of_range(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """A share outside 0 to 100 %, an amount below zero, a latitude beyond the pole.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document; deduced ones are passed over.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The one statement.
    str
        Why they cannot all be true, for people.

    Notes
    -----
    `RANGES` has the ranges by attribute: percent, degrees, or a fraction for a content.
    """
    for s in known:
        if isinstance(s.value, str) or s.rests_on:
            continue
        low, high = RANGES.get(
            s.attribute, (0.0, 100.0) if s.kind == "share" else (float("-inf"), float("inf"))
        )
        if s.kind == "amount":
            low = max(low, 0.0)
        if (
            not low - PERCENT_SLACK * (s.kind == "share")
            <= s.value
            <= high + PERCENT_SLACK * (s.kind == "share")
        ):
            yield (s,), f"{s} lies outside {low:g} to {high:g}"


def bounds_disordered(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """A value outside its own printed bounds, or a low above its high.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document; deduced ones are passed over.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The one statement.
    str
        Why they cannot all be true, for people.
    """
    for s in known:
        if isinstance(s.value, str) or s.rests_on:
            continue
        slack = 1e-9 * max(abs(s.low), abs(s.high), 1.0)
        if s.low > s.high + slack or not s.low - slack <= s.value <= s.high + slack:
            yield (s,), f"{s} is not between its bounds {s.low:,.6g} and {s.high:,.6g}"
