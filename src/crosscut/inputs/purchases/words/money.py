"""Money of purchases: the currency and scale of a text, and USD at the average rate of a year.

Rates are yearly averages with a source (`crosscut/data/finance/exchange_rates.csv`); a currency or a year
without one refuses the row.

Tests: tests/inputs/purchases/test_words_people_write.py
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from crosscut.base.errors import Problem, Refused
from crosscut.base.units.money import (
    CURRENCIES,
    ExchangeRate,
    Money,
    annual_rate,
    rated_currencies,
    rated_years,
)
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


def own_rate(entry: str) -> ExchangeRate | Problem:
    """An exchange rate that somebody gives.

    Parameters
    ----------
    entry : str
        "PLN=3.98": units of the currency per US dollar.

    Returns
    -------
    ExchangeRate or Problem
        The rate, of any year.

    Examples
    --------
    >>> own_rate("PLN=3.98").value
    3.98
    """
    code, _, value = (part.strip() for part in entry.partition("="))
    unit = money_unit(code)
    try:
        per_usd = float(value)
    except ValueError:
        per_usd = 0.0
    if isinstance(unit, str) or not 0 < per_usd < float("inf"):
        return Problem(f"{entry!r} is no exchange rate", "--rate", "units per US dollar, such as PLN=3.98")
    return ExchangeRate(unit.currency, per_usd, "any year", "the rate that you gave", "assumed")


def rate_of(currency: str, year: int, own: Sequence[str]) -> ExchangeRate:
    """The exchange rate of a currency: your own where you gave one, else the average of the year.

    Parameters
    ----------
    currency : str
        Its code.
    year : int
        Calendar year.
    own : sequence of str
        Rates that were given, as for `own_rate`.

    Returns
    -------
    ExchangeRate
        Units of the currency per US dollar.

    Raises
    ------
    Refused
        When none is on record.
    """
    given = [r for entry in own if isinstance(r := own_rate(entry), ExchangeRate) and r.currency == currency]
    return given[-1] if given else annual_rate(currency, year)


def in_usd(amount: float, currency: str, year: int, where: str, own: Sequence[str] = ()) -> float | Problem:
    """Money in nominal USD, at the average rate of a year or at one that was given.

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
    own : sequence of str
        Rates that were given, as for `own_rate`.

    Returns
    -------
    float or Problem
        USD; a problem where no rate of that year is on record.

    Examples
    --------
    >>> round(in_usd(924, "EUR", 2024, "")), in_usd(8, "PLN", 2024, "", ["PLN=4"])
    (1000, 2.0)
    >>> print(in_usd(1, "EUR", 1980, "my.csv:2, Value"))
    my.csv:2, Value: no average exchange rate of EUR in 1980 (on record: 2017 to 2025). Expected the amount in
    USD, or --rate EUR=units per USD
    """
    if currency == "USD":
        return amount
    try:
        return rate_of(currency, year, own).to_usd(Money(amount, currency)).amount
    except Refused:
        held = rated_years(currency)
        known = f" (on record: {held[0]} to {held[-1]})" if held else ""
        what = f"no average exchange rate of {currency} in {year}{known}"
        return Problem(what, where, f"the amount in USD, or --rate {currency}=units per USD")
