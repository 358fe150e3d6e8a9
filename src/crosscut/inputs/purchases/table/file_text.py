"""The text of a file that a spreadsheet or a program saved, in whatever encoding it did so.

A byte-order mark decides, then bytes 0 (UTF-16 without its mark), then whether the bytes are UTF-8. What is
left has one byte a letter in Europe and two in Asia; there the reading wins in which most words are known.
Where none knows a word, Windows-1252 is taken and said: a country that it spells wrong is refused later.

Tests: tests/inputs/purchases/test_tables.py
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError

_MARKS = (  # the longer first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_LOCAL = (
    ("cp1252", "Windows-1252"),
    ("mac_roman", "Mac Roman"),
    ("cp850", "MS-DOS 850"),
    ("cp437", "MS-DOS 437"),
    ("cp1250", "Windows-1250"),
    ("cp1251", "Windows-1251"),
    ("cp932", "Shift JIS"),
    ("gb18030", "GB 18030"),
    ("cp949", "Windows-949"),
    ("big5", "Big5"),
)
_CURRENCY_SIGNS = "€£¥₩"


@dataclass(frozen=True)
class FileText:
    """Text of a file, the name of its encoding, and whether that was assumed."""

    text: str
    encoding: str
    assumed: bool = False


def decoded(raw: bytes, where: str, known: Callable[[str], int]) -> FileText:
    """The text of a file.

    Parameters
    ----------
    raw : bytes
        The whole file.
    where : str
        Its name, for messages.
    known : Callable
        How many words of a text are known: headings, countries, products.

    Returns
    -------
    FileText
        Without its byte-order mark.

    Raises
    ------
    UserError
        When the bytes are not text.

    Examples
    --------
    >>> decoded("Menge;Österreich".encode("cp1252"), "my.csv", lambda text: "Österreich" in text).encoding
    'Windows-1252'
    """
    for mark, codec, name in _MARKS:
        if raw.startswith(mark):
            text = _strictly(raw, codec)
            if text is None:
                raise UserError(
                    Problem(f"begins as {name} and goes on as something else", where, f"{name} throughout")
                )
            return FileText(text.removeprefix("\ufeff"), name)
    if b"\0" in raw:
        return _without_mark(raw, where)
    if (text := _strictly(raw, "utf-8")) is not None:
        return FileText(text, "UTF-8")
    readings = [(t, name) for codec, name in _LOCAL if (t := _strictly(raw, codec)) is not None]
    if not readings:
        raise UserError(Problem("its letters are in no encoding known here", where, "CSV UTF-8 or XLSX"))
    scores = [known(t) + sum(t.count(sign) for sign in _CURRENCY_SIGNS) for t, _ in readings]
    if len({t for t, _ in readings}) > 1 and max(scores) > min(scores):
        best = scores.index(max(scores))
        text = readings[best][0]
        rivals = [t for (t, _), s in zip(readings, scores, strict=True) if s == scores[best] and t != text]
        return FileText(*readings[best], assumed=bool(rivals))
    return FileText(*readings[0], assumed=any(t != readings[0][0] for t, _ in readings))


def _without_mark(raw: bytes, where: str) -> FileText:
    """UTF-16 that lost its mark: plain letters have their byte 0 on one side."""
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    codec = "utf-16-le" if odd > even else "utf-16-be"
    text = _strictly(raw, codec) if len(raw) % 2 == 0 and min(even, odd) * 10 < max(even, odd) else None
    if text is None or "\0" in text:
        raise UserError(Problem("is not text: it holds bytes 0", where, "a CSV or XLSX file"))
    return FileText(text, "UTF-16")


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None
