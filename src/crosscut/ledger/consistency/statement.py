"""Statements: what one document says, typed, with the range that its rounding and wording leave open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# amount: adds over parts; share: percent of `whole`; change: percent against the period before; number: does
# not add; grade: percent of ore; name and state: words; date: ISO text; rank: 1 is the first, `ahead` who is
# before it.
KINDS = ("amount", "share", "change", "number", "grade", "rank", "date", "name", "state")
# Unit -> (what is counted, least and most of it in one unit). A text that says neither W nor WO3 may be
# either.
_COUNTED = {
    "t W": ("t W", 1.0, 1.0),
    "t W content": ("t W", 1.0, 1.0),
    "t WO3": ("t W", 0.793, 0.793),
    "mtu": ("t W", 0.00793, 0.00793),
    "mtu WO3": ("t W", 0.00793, 0.00793),
    "t (W or WO3)": ("t W", 0.793, 1.0),
    "t lithium tungstate": ("t W", 0.7025, 0.7025),  # Li2WO4: 183.84 / 261.72
}


@dataclass(frozen=True)
class StatedFigure:
    """One value that `document` states about `subject`.

    `low` and `high` bound a number as printed ("over", "about", rounding); equal to `value` for exact ones.
    `whole` is what a share is a share of, `pie` the set of shares it belongs to, `complete` whether that set
    names everything. `rests_on` are the ids of all facts behind it, more than one for what was deduced.
    """

    id: str
    document: str
    subject: str
    attribute: str
    kind: str
    value: float | str
    unit: str = ""
    period: str = ""
    low: float = float("nan")
    high: float = float("nan")
    whole: str = ""
    pie: str = ""
    complete: bool = False
    ahead: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Every fact it rests on."""
        return self.rests_on or (self.id,)

    @property
    def counted(self) -> str:
        """What its unit counts: t W for every unit of tungsten content."""
        return _COUNTED.get(self.unit, (self.unit, 1, 1))[0]

    @property
    def least(self) -> float:
        """The low end in the unit `counted`."""
        return min(
            self.low * _COUNTED.get(self.unit, ("", 1, 1))[1],
            self.low * _COUNTED.get(self.unit, ("", 1, 1))[2],
        )

    @property
    def most(self) -> float:
        """The high end in the unit `counted`."""
        return max(
            self.high * _COUNTED.get(self.unit, ("", 1, 1))[1],
            self.high * _COUNTED.get(self.unit, ("", 1, 1))[2],
        )

    def __str__(self) -> str:
        """Subject, attribute, value, unit and period on one line."""
        value = self.value if isinstance(self.value, str) else _shown(self.value)
        when = f" ({self.period})" if self.period else ""
        return f"{self.subject}, {self.attribute}: {value} {self.unit}".rstrip() + when


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"


@dataclass(frozen=True)
class PartOf:
    """Which subject lies in which: direct parts by whole. A subject may lie in several wholes."""

    wholes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> PartOf:
        """From (part, whole) pairs.

        >>> PartOf.of([("mine", "KAZ"), ("KAZ", "WLD")]).within("mine", "WLD")
        True
        """
        out: dict[str, set[str]] = {}
        for part, whole in pairs:
            out.setdefault(part, set()).add(whole)
        return cls({p: frozenset(w) for p, w in out.items()})

    def within(self, part: str, whole: str) -> bool:
        """Whether `part` lies in `whole`, over any number of steps; a subject is no part of itself."""
        return whole in self.above(part)

    def above(self, part: str) -> set[str]:
        """Everything that `part` lies in."""
        found: set[str] = set()
        todo = [part]
        while todo:
            for whole in self.wholes.get(todo.pop(), frozenset()):
                if whole not in found and whole != part:
                    found.add(whole)
                    todo.append(whole)
        return found


Breaches = Iterator[tuple[tuple[StatedFigure, ...], str]]  # statements that cannot all be true, and why
Rule = Callable[[Sequence[StatedFigure], PartOf], Breaches]


def same_period(a: StatedFigure, b: StatedFigure) -> bool:
    """Whether two statements may be about one time.

    Parameters
    ----------
    a, b : StatedFigure
        The two statements.

    Returns
    -------
    bool
        True for equal periods, and where one of them is not dated.
    """
    return a.period == b.period or not a.period or not b.period


def rounding(text: str, kind: str = "amount") -> float:
    """Half of the last unit that a printed number shows.

    Parameters
    ----------
    text : str
        A number as printed, without separators of thousands.
    kind : str
        Kind of statement. Zeros at the end of an "amount" are taken as rounding, those of any other are not.

    Returns
    -------
    float
        In the unit of the number; 0 for a text that is no plain number.

    Examples
    --------
    >>> rounding("82000"), rounding("81.71", "share"), rounding("70", "share")
    (500.0, 0.005, 0.5)
    """
    found = re.match(r"^-?(\d+)(?:\.(\d+))?$", text.strip())
    if not found:
        return 0.0
    whole, decimals = found[1], found[2]
    if decimals:
        return 0.5 * float(10 ** -len(decimals))
    zeros = len(whole) - len(whole.rstrip("0")) if kind == "amount" and whole.strip("0") else 0
    return 0.5 * float(10**zeros)
