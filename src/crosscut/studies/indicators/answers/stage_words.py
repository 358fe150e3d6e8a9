"""Stage words: what is traded under some codes, so that a share of it is not read as one of all forms."""

from __future__ import annotations

from collections.abc import Iterable

# By the first digits of the code in the Harmonized System, the longest that fits.
_STAGES = {
    "25": "ore",
    "26": "ore",
    "27": "ore",
    "28": "compounds",
    "29": "compounds",
    "71": "metal",
    "72": "metal",
    "7202": "ferroalloy",
    "74": "metal",
    "75": "metal",
    "76": "metal",
    "78": "metal",
    "79": "metal",
    "80": "metal",
    "81": "metal",
}
OTHER = "products"


def stage_words(codes: Iterable[str]) -> str:
    """Say which stages some codes are of.

    Parameters
    ----------
    codes : iterable of str
        Codes of the Harmonized System of 1992, six digits.

    Returns
    -------
    str
        Each stage once with its codes, in the order of the codes.

    Notes
    -----
    The word is that of the chapter, not of the goods: chapter 26 holds slag and ash beside ore, and a code of
    chapter 28 may mix compounds of several metals. A code of another chapter is of "products".

    Examples
    --------
    >>> stage_words(["261100", "810110"])
    'ore (HS 261100) and metal (HS 810110)'
    >>> stage_words(["720293"])
    'ferroalloy (HS 720293)'
    """
    found: dict[str, list[str]] = {}
    for code in codes:
        word = next((_STAGES[code[:n]] for n in (4, 2) if code[:n] in _STAGES), OTHER)
        found.setdefault(word, []).append(code)
    return " and ".join(f"{word} (HS {', '.join(of)})" for word, of in found.items())


__all__ = ["stage_words"]
