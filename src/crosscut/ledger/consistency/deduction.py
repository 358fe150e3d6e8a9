"""Deduction: what follows from a document's own statements: the whole behind a part and its share, the part
behind a share and the whole, the value of the period before behind a change. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crosscut.ledger.consistency.statement import StatedFigure, same_period


def with_deductions(statements: Sequence[StatedFigure]) -> list[StatedFigure]:
    """The statements of a document and what follows from them.

    Parameters
    ----------
    statements : sequence of StatedFigure
        Statements of one document or of several, which are not mixed.

    Returns
    -------
    list of StatedFigure
        The statements, then those deduced, each in the unit of the amount behind it: values before a change,
        wholes behind a share, parts of a whole. `rests_on` names the facts behind each.

    Examples
    --------
    >>> part = StatedFigure("a", "d", "mine", "reserves", "amount", 6.0, "t", low=6.0, high=6.0)
    >>> bounds = {"low": 49.0, "high": 51.0, "whole": "KAZ"}
    >>> share = StatedFigure("b", "d", "mine", "reserves", "share", 50.0, "%", **bounds)
    >>> [(s.subject, s.value, s.ids) for s in with_deductions([part, share])[2:]]
    [('KAZ', 12.0, ('a', 'b'))]
    """
    known = [*statements]
    known += _before(known)
    return [*known, *_wholes(known), *_parts(known)]


def _before(known: Sequence[StatedFigure]) -> Iterator[StatedFigure]:
    for c in known:
        if c.kind != "change" or not c.period[:4].isdigit():
            continue
        for s in known:
            if s.kind == "amount" and _same_thing(s, c) and s.period == c.period and c.low > -100:
                factor = 1 + float(c.value) / 100
                yield _deduced(
                    s,
                    c,
                    s.subject,
                    float(s.value) / factor,
                    s.low / (1 + c.high / 100),
                    s.high / (1 + c.low / 100),
                    str(int(c.period[:4]) - 1),
                )


def _wholes(known: Sequence[StatedFigure]) -> Iterator[StatedFigure]:
    for share in known:
        if share.kind != "share" or not share.whole or share.low <= 0:
            continue
        for s in known:
            if s.kind == "amount" and _same_thing(s, share) and same_period(s, share):
                value = float(s.value) / float(share.value) * 100
                yield _deduced(
                    s, share, share.whole, value, s.low / share.high * 100, s.high / share.low * 100
                )


def _parts(known: Sequence[StatedFigure]) -> Iterator[StatedFigure]:
    for share in known:
        if share.kind != "share" or not share.whole:
            continue
        for w in known:
            if w.kind == "amount" and w.subject == share.whole and _alike(w, share) and same_period(w, share):
                value = float(w.value) * float(share.value) / 100
                yield _deduced(
                    w, share, share.subject, value, w.low * share.low / 100, w.high * share.high / 100
                )


def _same_thing(a: StatedFigure, b: StatedFigure) -> bool:
    return a.subject == b.subject and _alike(a, b)


def _alike(a: StatedFigure, b: StatedFigure) -> bool:
    return a.document == b.document and a.attribute == b.attribute


def _deduced(
    amount: StatedFigure,
    other: StatedFigure,
    subject: str,
    value: float,
    low: float,
    high: float,
    period: str | None = None,
) -> StatedFigure:
    ids = tuple(dict.fromkeys((*amount.ids, *other.ids)))
    when = amount.period or other.period if period is None else period
    return StatedFigure(
        "+".join(ids),
        amount.document,
        subject,
        amount.attribute,
        "amount",
        value,
        amount.unit,
        when,
        low,
        high,
        rests_on=ids,
    )
