"""Errors for people: what was wrong, where, what was expected, and the nearest match.

Every mistake a user can make ends in a [`UserError`][crosscut.base.errors.UserError]; the command line prints
its text and leaves with exit code 2. Anything else that escapes is our fault (exit code 1).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one input.

    `what` is a sentence; `where` names file, line and field as far as known; `expected` says what would have
    been accepted, with an example or the nearest match.
    """

    what: str
    where: str = ""
    expected: str = ""

    def __str__(self) -> str:
        """The problem on one line: where, what, expected."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. Expected {self.expected}" if self.expected else head


class CrosscutError(Exception):
    """Base of all errors this package raises on purpose."""


class UserError(CrosscutError):
    """One or more mistakes in what the user gave, all reported together.

    >>> str(UserError([Problem("unknown country 'Chian'", "file.yaml:3", "a country such as 'China' (CHN)")]))
    "file.yaml:3: unknown country 'Chian'. Expected a country such as 'China' (CHN)"
    """

    def __init__(self, problems: Problem | str | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Refused(UserError):
    """The question is well formed but the facts do not allow an honest answer; the text says what is
    missing."""


def nearest_matches(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """The up to `n` known words closest to `word`, best first, ignoring case; empty when nothing is near.

    >>> nearest_matches("tungstn", ["tin", "tungsten", "titanium"], n=1)
    ['tungsten']
    """
    by_folded = {k.casefold(): k for k in known}
    hits = difflib.get_close_matches(word.casefold(), list(by_folded), n=n, cutoff=0.6)
    return [by_folded[h] for h in hits]


def suggestion(word: str, known: Iterable[str]) -> str:
    """A phrase naming the nearest matches of `word`, or a few of the known words when none is near."""
    known = list(known)
    near = nearest_matches(word, known)
    if near:
        return "did you mean " + " or ".join(repr(n) for n in near) + "?"
    some = ", ".join(sorted(known)[:6])
    return f"one of: {some}{', ...' if len(known) > 6 else ''}"
