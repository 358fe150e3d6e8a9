"""Money of purchases: the currency and scale of a text, and USD at the average rate of a year.

Rates are yearly averages with a source (`crosscut/data/finance/exchange_rates.csv`); a currency or a year
without one refuses the row.

Tests: tests/inputs/purchases/test_words_people_write.py
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from crosscut.base.errors import Problem, Refused
from crosscut.base.units.money import CURRENCIES, Money, annual_rate, rated_currencies
from crosscut.inputs.purchases.words.word_tables import folded, plain, words

EXPECTED_CURRENCY = "a currency such as USD, EUR or JPY"
_SCALES = {
    **dict.fromkeys(
        (
            "1000",
            "1 000",
            "1'000",
            "1,000",
            "1.000",
            "'000",
            "000",
            "000s",
            "k",
            "t",
            "tsd",
            "tausend",
            "thousand",
            "thousands",
            "milliers",
            "milliers de",
            "miles de",
            "mil",
            "千",
            "тыс",
        ),
        1e3,
    ),
    **dict.fromkeys(
        (
            "mio",
            "million",
            "millions",
            "millionen",
            "mn",
            "mln",
            "mm",
            "millions de",
            "millones",
            "millones de",
            "百万",
            "млн",
        ),
        1e6,
    ),
    **dict.fromkeys(("万", "萬"), 1e4),
    **dict.fromkeys(("億", "亿"), 1e8),
    **dict.fromkeys(("bn", "mrd", "billion"), 1e9),
}
_SCALE_IN_TEXT = re.compile(
    r"\b(?:1[ .,']?000|'000|tsd|tausend|thousands?|milliers|miles|mio|millions?|millionen|millones"
    r"|teur|tusd|keur|kusd|тыс|млн)\b|(?<!\w)[tk][€$£]|千|万|百万|億|亿",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class MoneyUnit:
    """A currency with its scale: 1,000 of "thousand EUR"; `note` is what was taken for granted."""

    text: str
    currency: str
    scale: float = 1.0
    note: str = ""


@cache
def money_unit(text: str) -> MoneyUnit | str:
    """The currency that a text names, with its scale.

    Parameters
    ----------
    text : str
        As somebody wrote it: "EUR", "US$", "thousand EUR", "千円".

    Returns
    -------
    MoneyUnit or str
        The currency; or what is wrong with the text, as the end of a sentence that begins with it.

    Examples
    --------
    >>> money_unit("TEUR"), money_unit("¥")
    (MoneyUnit(text='TEUR', currency='EUR', scale=1000.0, note=''),
     'can mean Japanese yen (JPY) or Chinese yuan (CNY)')
    """
    word = folded(re.sub(r"^in\s+", "", plain(text), flags=re.IGNORECASE))
    found = _currency(word)
    if found is not None:
        return found if isinstance(found, str) else MoneyUnit(text, found[0], 1.0, found[1])
    for scale, times in sorted(_SCALES.items(), key=lambda s: -len(s[0])):
        for rest in (word.removeprefix(scale), word.removesuffix(scale)):
            if rest == word or not rest.strip():
                continue
            glued = rest == rest.strip()
            inner = _currency(rest.strip(" ."))
            if isinstance(inner, tuple) and not (glued and scale in ("mil", "mn")):
                return MoneyUnit(text, inner[0], times, inner[1])
    if word[:1] == "m" and isinstance(_currency(word[1:].strip()), tuple):
        return "can mean thousands or millions; write 'thousand EUR' or 'million EUR'"
    return "is no currency known here"


def _currency(word: str) -> tuple[str, str] | str | None:
    """(code, note), or what is wrong, or None where the word is unknown."""
    if word.upper() in (*CURRENCIES, *rated_currencies()) and word.isascii():
        return word.upper(), ""
    rows = words("currencies", "text").get(word)
    if rows is None:
        parts = word.split()
        if len(parts) == 2:  # "EUR €": a code and its sign
            both = {_currency(p) for p in parts}
            codes = {b[0] for b in both if isinstance(b, tuple)}
            if len(codes) == 1 and None not in both:
                return codes.pop(), ""
        return None
    return (rows[0]["currency"], rows[0]["note"]) if rows[0]["currency"] else rows[0]["note"]


def scale_in(text: str) -> str:
    """A word for thousands or millions in a line of text, such as the title over a table.

    Parameters
    ----------
    text : str
        The line.

    Returns
    -------
    str
        The word; "" where there is none.

    Examples
    --------
    >>> scale_in("All values in thousand EUR"), scale_in("Purchases 2024")
    ('thousand', '')
    """
    found = _SCALE_IN_TEXT.search(plain(text))
    return found[0].strip() if found else ""


def money_problem(text: str, where: str) -> Problem:
    """What is wrong with the text of a currency, for people.

    Parameters
    ----------
    text : str
        As somebody wrote it.
    where : str
        Where it stands.

    Returns
    -------
    Problem
        With what was expected.
    """
    found = money_unit(text)
    what = found if isinstance(found, str) else "is no currency known here"
    return Problem(f"{text.strip()!r} {what}", where, EXPECTED_CURRENCY)


def in_usd(amount: float, currency: str, year: int, where: str) -> float | Problem:
    """Money in nominal USD at the average rate of a year.

    Parameters
    ----------
    amount : float
        In the currency.
    currency : str
        Its code.
    year : int
        Calendar year.
    where : str
        Where the amount stands, for messages.

    Returns
    -------
    float or Problem
        USD; a problem where no rate of that year is on record.

    Examples
    --------
    >>> round(in_usd(923.9, "EUR", 2024, "")), str(in_usd(1, "EUR", 1980, "my.csv:2"))[:50]
    (1000, 'my.csv:2: no average exchange rate of EUR in 1980.')
    """
    if currency == "USD":
        return amount
    try:
        return annual_rate(currency, year).to_usd(Money(amount, currency)).amount
    except Refused as refusal:
        problem = refusal.problems[0]
        return Problem(problem.what, where, problem.expected)
