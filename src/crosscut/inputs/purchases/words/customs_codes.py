"""Customs codes as invoices carry them, of any revision of the Harmonized System, and what they hold.

The first six digits are the same in every country. A code that holds one mineral names it; one that holds
several needs the name of the mineral beside it; one that is not on record is refused with its chapter's
meaning, never with a code that looks alike.

Tests: tests/inputs/purchases/test_words_people_write.py
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from crosscut.base.errors import Problem
from crosscut.inputs.purchases.words.word_tables import plain, word_rows

EXPECTED_CODE = "six digits or more of a code such as 8101.94, or the name of the mineral"


@dataclass(frozen=True)
class CustomsCode:
    """A code: its digits as on record (six, or four of a heading), what it holds in words, its minerals, and
    the form where it has one."""

    digits: str
    holds: str
    minerals: tuple[str, ...]
    form: str


@cache
def customs_codes() -> Mapping[str, CustomsCode]:
    """Every code on record by its six digits.

    Returns
    -------
    Mapping
        Of HS 1992 to HS 2022; a code kept its meaning where it kept its digits.

    Examples
    --------
    >>> customs_codes()["810194"].minerals, customs_codes()["284180"].form
    (('tungsten',), 'oxide')
    """
    return {
        r["code"]: CustomsCode(r["code"], r["holds"], tuple(r["minerals"].split(";")), r["form"])
        for r in word_rows("customs_codes")
    }


def customs_code(text: str, where: str) -> CustomsCode | Problem:
    """What a customs code holds.

    Parameters
    ----------
    text : str
        As an invoice writes it: with dots or blanks, "HS" before it, an apostrophe that a spreadsheet
        needed, or the eight or ten digits of a country.
    where : str
        Where it stands, for messages.

    Returns
    -------
    CustomsCode or Problem
        The code; a problem where it is none, or none on record.

    Examples
    --------
    >>> customs_code("'8101 10 00", "").digits, customs_code("HS 8101", "").minerals
    ('810110', ('tungsten',))
    >>> print(customs_code("8.1011E+05", "my.csv:2, hs_code"))
    my.csv:2, hs_code: '8.1011E+05' is a code that a spreadsheet turned into a number: digits are lost.
    Expected six digits or more of a code such as 8101.94, or the name of the mineral
    """
    word = plain(text).lstrip("'").strip()
    if re.fullmatch(r"\d+([.,]\d+)?[eE]\+?\d+", word):
        what = f"{word!r} is a code that a spreadsheet turned into a number: digits are lost"
        return Problem(what, where, EXPECTED_CODE)
    word = re.sub(
        r"^(hs|hts|cn|kn|taric|ncm|sh|nc)[\s.:\-]*(code|no\.?|nr\.?)?[\s.:\-]*(?=\d)", "", word, flags=re.I
    )
    if re.fullmatch(r"\d{6,10}\.0+", word):  # a number column of a spreadsheet
        word = word.partition(".")[0]
    if not re.fullmatch(r"[\d. \-]+", word):
        return Problem(f"{text.strip()!r} is no customs code", where, EXPECTED_CODE)
    digits = re.sub(r"\D", "", word)
    if len(digits) == 4:
        return _heading(digits, text, where)
    if len(digits) < 6 or len(digits) > 12:
        what = f"{text.strip()!r} has {len(digits)} digits"
        hint = "; a spreadsheet drops a 0 at the end of a number" if len(digits) == 5 else ""
        return Problem(what + hint, where, EXPECTED_CODE)
    found = customs_codes().get(digits[:6])
    if found is None:
        inside = _heading(digits[:4], text, where)
        known = (
            f"; its heading {digits[:4]} holds {_listed(inside)}" if isinstance(inside, CustomsCode) else ""
        )
        return Problem(f"code {text.strip()!r} is not on record{known}", where, "the name of the mineral")
    return found


def _heading(digits: str, text: str, where: str) -> CustomsCode | Problem:
    below = [c for code, c in customs_codes().items() if code.startswith(digits)]
    if not below:
        return Problem(f"code {text.strip()!r} is not on record", where, "the name of the mineral")
    minerals = tuple(dict.fromkeys(m for c in below for m in c.minerals))
    return CustomsCode(digits, f"codes {digits}: {', '.join(minerals)}", minerals, "")


def _listed(code: CustomsCode) -> str:
    return (
        ", ".join(code.minerals[:-1]) + " and " + code.minerals[-1] if code.minerals[1:] else code.minerals[0]
    )
