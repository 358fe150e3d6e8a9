"""Years of purchases: a calendar year, or the year of a date.

A business year (FY24, 2023/24), two digits and a spreadsheet's day number are refused: each is another year
in another house.

Tests: tests/inputs/purchases/test_words_people_write.py
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from crosscut.base.errors import Problem
from crosscut.inputs.purchases.table.grid import TableCell
from crosscut.inputs.purchases.words.word_tables import folded, plain

EXPECTED_YEAR = "a calendar year, such as 2024, or a date with four digits of the year"
FIRST_YEAR, LAST_YEAR = 1900, 2100
_MONTHS = {
    m: k
    for k, names in enumerate(
        (
            "jan january januar janvier enero janv ene",
            "feb february februar fevrier febrero fev",
            "mar march marz mars marzo mrz maerz",
            "apr april avril abril abr avr",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juillet julio juil",
            "aug august aout agosto ago",
            "sep sept september septembre septiembre",
            "oct october oktober octobre octubre okt",
            "nov november novembre noviembre",
            "dec december dezember decembre diciembre dez dic",
        ),
        1,
    )
    for m in names.split()
}
_FOUR = r"(?P<y>[12]\d{3})"


def year_of(cell: TableCell, where: str) -> int | Problem:
    """The calendar year of a cell.

    Parameters
    ----------
    cell : TableCell
        A year or a date, not empty.
    where : str
        Where it stands, for messages.

    Returns
    -------
    int or Problem
        The year, 1900 to 2100.

    Examples
    --------
    >>> [year_of(TableCell(t), "") for t in ("31/12/2024", "2024-06-30", "2024年6月")]
    [2024, 2024, 2024]
    >>> print(year_of(TableCell("45657"), "my.csv:2, year"))
    my.csv:2, year: '45657' is no year; as the day number of a spreadsheet it would be 2024-12-31. Expected a
    calendar year, such as 2024, or a date with four digits of the year
    """
    if cell.day is not None:
        return _within(cell.day.year, cell.text, where)
    text = plain(cell.text)
    if found := re.fullmatch(_FOUR + r"(\.0+)?|" + _FOUR.replace("<y>", "<z>") + "年度?", text):
        if text.endswith("年度"):
            return Problem(f"{text!r} is a business year", where, EXPECTED_YEAR)
        return _within(int(found["y"] or found["z"]), text, where)
    whole = _dated(text)
    if whole is not None:
        return _within(whole, text, where)
    return Problem(_why_not(text), where, EXPECTED_YEAR)


def _within(year: int, text: str, where: str) -> int | Problem:
    if FIRST_YEAR <= year <= LAST_YEAR:
        return year
    return Problem(f"{text!r} is no year from {FIRST_YEAR} to {LAST_YEAR}", where, EXPECTED_YEAR)


def _dated(text: str) -> int | None:
    """The year of a date whose parts make sense in some order; None where it is no date."""
    day = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$", "", text).strip()
    for shape in (
        _FOUR + r"(?P<s>[-/.])(?P<a>\d{1,2})((?P=s)(?P<b>\d{1,2}))?",
        r"(?P<a>\d{1,2})(?P<s>[-/.])((?P<b>\d{1,2})(?P=s))?" + _FOUR,
        _FOUR + r"年\s*(?P<a>\d{1,2})月(\s*(?P<b>\d{1,2})日)?",
    ):
        if found := re.fullmatch(shape, day):
            if found["s" if "s" in found.groupdict() else "y"] == "." and not found["b"]:
                return None  # 2024.5 and 5.2024 may be numbers
            if shape.startswith(_FOUR) and not found["b"] and (int(found["y"]) + 1) % 100 == int(found["a"]):
                return None  # 2010/11 is a business year, or November 2010
            parts = [int(p) for p in (found["a"], found["b"]) if p]
            fits = min(parts) >= 1 and min(parts) <= 12 and max(parts) <= (31 if len(parts) == 2 else 12)
            return int(found["y"]) if fits else None
    named = re.fullmatch(
        r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th)? )?(?P<m>[a-z]+)(?: (?P<e>\d{1,2}))? " + _FOUR,
        folded(day.replace(",", " ").replace(".", " ")),
    )
    if named and named["m"] in _MONTHS and not (named["d"] and named["e"]):
        return int(named["y"]) if 1 <= int(named["d"] or named["e"] or 1) <= 31 else None
    return None


def _why_not(text: str) -> str:
    if re.fullmatch(
        r"(?i)(fy|gj|ej|exercice|ejercicio)\W*\d{2,4}(\W\d{2,4})?|\d{4}\s*[-/.]\s*(\d{2}|\d{4})", text
    ):
        return f"{text!r} is a business year"
    if re.fullmatch(r"\d{5}(\.0+)?", text):
        day = date(1899, 12, 30) + timedelta(days=int(text.partition(".")[0]))
        return f"{text!r} is no year; as the day number of a spreadsheet it would be {day}"
    if re.fullmatch(r"\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", text):
        return f"{text!r} has two digits of a year"
    return f"{text!r} is no year"
