"""Errors for people: what was wrong, where, what was expected, and the nearest match.

Every mistake a user can make ends in a [`UserError`][crosscut.base.errors.UserError]; the command line prints
its text and leaves with exit code 2. Anything else that escapes is our fault (exit code 1).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

_QUESTION = "did you mean "


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one input.

    Parameters
    ----------
    what : str
        What is wrong, as a sentence without its full stop.
    where : str
        File, line and field, as far as they are known.
    expected : str
        What would have been accepted: a noun phrase that follows "Expected", or the question that
        `suggestion` asks.

    Examples
    --------
    >>> str(Problem("'x' is not a number", "a.csv:2, tonnes", "a number such as 12.5"))
    "a.csv:2, tonnes: 'x' is not a number. Expected a number such as 12.5"
    >>> str(Problem("unknown mineral 'tni'", expected=suggestion("tni", ["tin", "tungsten"])))
    "unknown mineral 'tni'. Did you mean 'tin'?"
    """

    what: str
    where: str = ""
    expected: str = ""

    def __str__(self) -> str:
        """The problem on one line: where, what, expected."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        if not self.expected:
            return head
        if self.expected.startswith(_QUESTION):
            return f"{head}. D{self.expected[1:]}"
        return f"{head}. Expected {self.expected}"


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


class Partly(UserError):
    """Some of what was asked could not be had; `done` is the rest, which is kept."""

    def __init__(self, problems: Iterable[Problem], done: object) -> None:
        super().__init__(problems)
        self.done = done


class Refused(UserError):
    """The question is well formed but the facts do not allow an honest answer; the text says what is
    missing."""


def nearest_matches(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """The known words closest to a word, best first, ignoring case; empty when nothing is near.

    Parameters
    ----------
    word : str
        What the user wrote.
    known : iterable of str
        Every word that would have been accepted.
    n : int
        The largest number of matches.

    Returns
    -------
    list of str
        At most `n` of `known`, as they are spelt there.

    Examples
    --------
    >>> nearest_matches("tungstn", ["tin", "tungsten", "titanium"], n=1)
    ['tungsten']
    """
    by_folded = {k.casefold(): k for k in known}
    hits = difflib.get_close_matches(word.casefold(), list(by_folded), n=n, cutoff=0.6)
    return [by_folded[h] for h in hits]


def suggestion(word: str, known: Iterable[str]) -> str:
    """What the user may have meant, for the field `expected` of a `Problem`.

    Parameters
    ----------
    word : str
        What the user wrote.
    known : iterable of str
        Every word that would have been accepted.

    Returns
    -------
    str
        A question that names the nearest matches, or "one of: ..." with at most six known words when nothing
        is near.

    Examples
    --------
    >>> suggestion("tungstn", ["tin", "tungsten"])
    "did you mean 'tungsten'?"
    >>> suggestion("gold", ["tin", "tungsten"])
    'one of: tin, tungsten'
    """
    known = list(known)
    near = nearest_matches(word, known)
    if near:
        return _QUESTION + " or ".join(repr(n) for n in near) + "?"
    some = ", ".join(sorted(known)[:6])
    return f"one of: {some}{', ...' if len(known) > 6 else ''}"
