"""Words people write: bundled tables of headings, units, currencies and products, found in any case,
width and accent.

A table is `crosscut/data/purchases/NAME.csv`; a word is compared after `folded`.

Tests: tests/inputs/purchases/test_words_people_write.py
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from crosscut.base.bundled import bundled_text

_JOINS = re.compile(r"[\s_/:*#\-‐‑–]+")


def plain(text: str) -> str:
    """A cell without differences that no reader sees: full width, no-break blanks, foreign digits.

    Parameters
    ----------
    text : str
        As it stands in the file.

    Returns
    -------
    str
        With ASCII digits, blanks and minus signs, blanks single and cut at both ends.

    Examples
    --------
    >>> plain("\\u00a0１２\\u202f500\\u2212")
    '12 500-'
    """
    wide = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u066b", ".")
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in wide)
    quotes = digits.replace("\u2019", "'").replace("\u02bc", "'").replace("`", "'").replace("\u066c", "'")
    return " ".join(quotes.replace("\ufeff", "").replace("\u200b", "").split())


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """A word as it is looked up: plain, without case, Latin accents and the marks that join words.

    Parameters
    ----------
    text : str
        As somebody wrote it.

    Returns
    -------
    str
        Words with single blanks between them.

    Examples
    --------
    >>> folded("Pays_d\\u2019Origine"), folded("Quantité"), folded("原産国")
    ("pays d'origine", 'quantite', '原産国')
    """
    apart = unicodedata.normalize("NFD", plain(text).casefold())
    bare = "".join(c for c in apart if not "\u0300" <= c <= "\u036f")
    return _JOINS.sub(" ", unicodedata.normalize("NFC", bare)).strip(" .")


@cache
def word_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a table of words.

    Parameters
    ----------
    name : str
        "headings", "units", "currencies", "products" or "customs_codes".

    Returns
    -------
    tuple of Mapping
        Column -> text, in the order of the file.
    """
    return tuple(csv.DictReader(bundled_text("purchases", f"{name}.csv").splitlines()))


@cache
def words(name: str, column: str) -> Mapping[str, tuple[Mapping[str, str], ...]]:
    """A table of words by its folded words; a word may mean several things.

    Parameters
    ----------
    name : str
        The table, as in `word_rows`.
    column : str
        The column that holds the words.

    Returns
    -------
    Mapping
        Folded word -> its rows.

    Examples
    --------
    >>> [r["unit"] for r in words("units", "text")["kilogramm"]]
    ['kg']
    """
    out: dict[str, list[Mapping[str, str]]] = {}
    for row in word_rows(name):
        out.setdefault(folded(row[column]), []).append(row)
    return {word: tuple(rows) for word, rows in out.items()}
