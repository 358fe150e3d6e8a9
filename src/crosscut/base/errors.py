"""Errors for people: what was wrong, where, what was expected, and the nearest match.

Every mistake a user can make ends in a [`UserError`][crosscut.base.errors.UserError]; the command line prints
its text and leaves with exit code 2. Anything else that escapes is our fault (exit code 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

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
    >>> str(Problem("unknown mineral 'tungstn'", expected=suggestion("tungstn", ["tin", "tungsten"])))
    "unknown mineral 'tungstn'. Did you mean 'tungsten'?"
    >>> str(Problem("unknown scenario 'quta'", expected="a name or a file; did you mean 'quota'?"))
    "unknown scenario 'quta'. Expected a name or a file. Did you mean 'quota'?"
    """

    what: str
    where: str = ""
    expected: str = ""

    def __str__(self) -> str:
        """The problem on one line: where, what, expected."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        if not self.expected:
            return head
        wanted, asks, question = self.expected.partition(_QUESTION)
        wanted = wanted.rstrip(" ;:,.")
        said = f"{head}. Expected {wanted}" if wanted else head
        return f"{said}. D{_QUESTION[1:]}{question}" if asks else said


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


_SHORTEST, _LONGER = 4, 9  # letters from which one, and two, may be wrong


def nearest_matches(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """The known words that a word may stand for: the same but for case and punctuation, one that it begins,
    or a slip of the pen.

    Likeness of letters is no likeness of meaning: one letter may be wrong (two in words of nine letters or
    more), and a digit never, for a code with another digit is another thing.

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
        At most `n` of `known`, as they are spelt there, the nearest first; none where nothing is near, or
        where more than `n` begin with the word.

    Examples
    --------
    >>> nearest_matches("tungstn", ["tin", "tungsten", "titanium"], n=1)
    ['tungsten']
    >>> nearest_matches("neodymium", ["indium", "rhodium", "niobium"]), nearest_matches("8101", ["810110"])
    ([], [])
    """
    wanted = _letters(word)
    spelt = {k: _letters(k) for k in known}
    if not wanted:
        return []
    same = [k for k, s in spelt.items() if s == wanted]
    if same:
        return same[:n]
    off = {k: d for k, s in spelt.items() if (d := _slips(wanted, s)) is not None}
    if off:
        return sorted(off, key=lambda k: (off[k], k))[:n]
    if len(wanted) < 3 or wanted.isdigit():
        return []
    begun = [
        k for k, s in spelt.items() if s.startswith(wanted) or wanted in re.findall(r"[^\W_]+", k.casefold())
    ]
    return begun if len(begun) <= n else []


def _letters(word: str) -> str:
    return "".join(re.findall(r"[^\W_]+", word.casefold()))


def _slips(word: str, known: str) -> int | None:
    """How many letters are wrong, None where too many are for a slip or a number differs."""
    if word[0] != known[:1] or _numbers(word) != _numbers(known):
        return None
    if len(word) < _SHORTEST:  # too short for a wrong letter, not for two that changed places
        return 1 if len(word) > 2 and sorted(word) == sorted(known) else None
    allowed = 2 if min(len(word), len(known)) >= _LONGER else 1
    off = int(OSA.distance(word, known, score_cutoff=allowed))
    return off if off <= allowed else None


def _numbers(word: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", word)]


def did_you_mean(names: Iterable[str]) -> str:
    """The question for the field `expected` of a `Problem`.

    Parameters
    ----------
    names : iterable of str
        What the user may have meant.

    Returns
    -------
    str
        A question, which `Problem` writes as a sentence of its own.

    Examples
    --------
    >>> did_you_mean(["China", "Chile"])
    "did you mean 'China' or 'Chile'?"
    """
    return _QUESTION + " or ".join(map(repr, names)) + "?"


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
        return did_you_mean(near)
    some = ", ".join(sorted(known)[:6])
    return f"one of: {some}{', ...' if len(known) > 6 else ''}"
