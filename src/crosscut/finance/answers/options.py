"""Options: what it is worth to wait, to build in phases, to abandon, by least-squares Monte Carlo.

Longstaff and Schwartz (2001, Review of Financial Studies 14): backwards in time, what waiting is expected to
bring is a regression on what is known then. A project's worth is not known when it is begun, so that too is
a regression (Gamba 2003). The rule is fitted on one half of the draws and valued on the other, and the other
way round: no draw is decided with coefficients that saw it, so the value is that of a rule one could follow,
from below. Where a rule does no better than the best fixed date on draws of its own half that it was not
fitted on, that date is taken instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError

POWERS = (
    (200, 4),
    (60, 2),
    (2, 1),
)  # at least so many different states: highest power of each in the regressions; else 0
FEWEST = 20  # draws a regression needs: below, it fits noise


@dataclass(frozen=True, eq=False)
class Stopping:
    """The worth of choosing the time: mean over draws, its standard error, when each draw stops (dates =
    never), and the worth of the best date fixed in advance, which the choice is compared with.

    `fixed` is by date, with never last; `worth` is by draw.
    """

    value: float
    error: float
    when: NDArray[np.intp]
    fixed: Array
    worth: Array

    @property
    def premium(self) -> float:
        """Worth of the choice over the best date fixed in advance; may be slightly below 0 by sampling."""
        return self.value - float(self.fixed.max())


def stopping(stop: Array, wait: Array, state: Array, known: bool = False) -> Stopping:
    """When to stop: at a date one gets `stop` and it ends, or `wait` and goes on; after the last date it has
    ended.

    Parameters
    ----------
    stop : Array, shape (dates, draws)
        Money of stopping, discounted to one date. To begin a project: its net present value when begun then.
    wait : Array, shape (dates, draws)
        Money of going on for one date, discounted; 0 while one only waits. To abandon: the year's cash.
    state : Array, shape (dates, draws)
        What is known at the date, such as log price; with several states (dates, draws, states).
    known : bool
        Whether `stop` is known at its date (a put's payoff) or only expected (a project's worth).

    Returns
    -------
    Stopping
        The value, and the date at which each draw stops.

    Raises
    ------
    UserError
        Shapes differ, or draws are too few for a regression.

    Examples
    --------
    >>> price = np.array([[1.0] * 80, [0.5] * 40 + [2.0] * 40])
    >>> found = stopping(price - 1.2, np.zeros((2, 80)), price, known=True)
    >>> round(found.value, 3), found.when[[0, -1]].tolist()  # waits; then begins where the price has risen
    (0.4, [2, 1])
    """
    dates, draws = stop.shape
    known_then = state if state.ndim == 3 else state[:, :, None]
    if wait.shape != stop.shape or known_then.shape[:2] != stop.shape:
        raise UserError(
            Problem(
                f"shapes {stop.shape}, {wait.shape}, {state.shape}", "stopping", "dates x draws, all alike"
            )
        )
    if draws < 4 * FEWEST:
        raise UserError(
            Problem(f"{draws} draws", "value of waiting", f"at least {4 * FEWEST}: less fits noise")
        )
    number = np.arange(draws)
    half = number % 2 == 0
    worth = np.zeros(draws)
    when = np.full(draws, dates)
    for fitted, valued in ((half, ~half), (~half, half)):
        apart = number[fitted] // 2 % 2 == 0
        date = _fixed_date(stop[:, fitted], wait[:, fitted], known_then[:, fitted], known, apart)
        there = (stop[:, valued], wait[:, valued])
        if date is None:
            rules = _rules(stop[:, fitted], wait[:, fitted], known_then[:, fitted], known)
            worth[valued], when[valued] = _followed(rules, *there, known_then[:, valued], known)
        else:
            worth[valued], when[valued] = _at_date(date, *there), date
    error = float(worth.std(ddof=1) / np.sqrt(draws))
    before = np.vstack([np.zeros(draws), np.cumsum(wait, axis=0)])
    fixed = np.append((before[:-1] + stop).mean(axis=1), before[-1].mean())
    return Stopping(float(worth.mean()), error, when, fixed, worth)


@dataclass(frozen=True, eq=False)
class _Rule:
    """One date's regressions: centre and scale of the states, coefficients of going on and of stopping."""

    centre: Array
    scale: Array
    going_on: Array
    stopping: Array
    powers: int


def _powers(state: Array) -> int:
    """The highest power that so many different states can carry: few price paths, each in many draws, teach
    little."""
    different = len(np.unique(np.round(state, 9), axis=0))
    return next((power for least, power in POWERS if different >= least), 0)


def _terms(state: Array, centre: Array, scale: Array, powers: int) -> Array:
    """Powers of every state, and products of pairs where squares are taken."""
    x = (state - centre) / scale
    count = x.shape[1]
    each = [x**k for k in range(1, powers + 1)]
    pairs = [x[:, [i]] * x[:, [j]] for i in range(count) for j in range(i) if powers > 1]
    return np.hstack([np.ones((len(x), 1)), *each, *pairs])


def _at_date(date: int, stop: Array, wait: Array) -> Array:
    """What stopping at one date brings in every draw; the date after the last is never."""
    out: Array = wait[:date].sum(axis=0) + (stop[date] if date < len(stop) else 0.0)
    return out


def _fixed_date(stop: Array, wait: Array, state: Array, known: bool, part: NDArray[np.bool_]) -> int | None:
    """The best date fixed in advance where a rule fitted on one part of these draws does worse on the other,
    and the other way round; None where the rule does better, so that it is worth following."""
    values = []
    for a in (part, ~part):
        rules = _rules(stop[:, a], wait[:, a], state[:, a], known)
        values.append(_followed(rules, stop[:, ~a], wait[:, ~a], state[:, ~a], known)[0])
    followed = np.concatenate(values)
    fixed = [float(_at_date(d, stop, wait).mean()) for d in range(len(stop) + 1)]
    best = int(np.argmax(fixed))
    return None if followed.mean() >= fixed[best] else best


def _rules(stop: Array, wait: Array, state: Array, known: bool) -> list[_Rule | None]:
    dates, draws = stop.shape
    powers = _powers(state[-1])
    rules: list[_Rule | None] = [None] * dates
    ahead = np.zeros(draws)
    for t in range(dates - 1, -1, -1):
        on = wait[t] + ahead
        near = (
            stop[t] > 0 if known else np.ones(draws, dtype=bool)
        )  # where the choice is no question nothing is learnt
        if near.sum() < FEWEST:
            near = np.ones(draws, dtype=bool)
        centre, spread = state[t, near].mean(axis=0), state[t, near].std(axis=0)
        scale = np.where(spread > 1e-12 * (1 + abs(centre)), spread, 1.0)
        terms = _terms(state[t, near], centre, scale, powers)
        both, *_ = np.linalg.lstsq(terms, np.stack([on[near], stop[t, near]], axis=1), rcond=None)
        rule = rules[t] = _Rule(centre, scale, both[:, 0], both[:, 1], powers)
        ahead = np.where(_stops(rule, stop[t], state[t], known), stop[t], on)
    return rules


def _stops(rule: _Rule, stop: Array, state: Array, known: bool) -> NDArray[np.bool_]:
    terms = _terms(state, rule.centre, rule.scale, rule.powers)
    now = stop if known else terms @ rule.stopping
    better = now > terms @ rule.going_on
    return np.asarray(better & (stop > 0) if known else better)


def _followed(
    rules: list[_Rule | None], stop: Array, wait: Array, state: Array, known: bool
) -> tuple[Array, NDArray[np.intp]]:
    dates, draws = stop.shape
    worth, open_, when = np.zeros(draws), np.ones(draws, dtype=bool), np.full(draws, dates)
    for t, rule in enumerate(rules):
        assert rule is not None
        ends = open_ & _stops(rule, stop[t], state[t], known)
        worth[ends] += stop[t, ends]
        when[ends] = t
        open_ &= ~ends
        worth[open_] += wait[t, open_]
    return worth, when
