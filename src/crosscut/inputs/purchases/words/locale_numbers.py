"""Numbers as a locale writes them: the decimal mark is decided once for a file, from all its cells.

`1.250` is 1.25 in one half of the world and 1,250 in the other. A cell that only one mark can explain
("1.250,50", "12.5") decides for the whole file. Where no cell does, the separator of the file and the
language of its headings do, if they agree; where they do not, the reader asks.

Tests: tests/inputs/purchases/test_locale_numbers.py
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crosscut.base.errors import Problem
from crosscut.inputs.purchases.words.word_tables import plain

MARKS = (".", ",")
MARK_NAMES = {".": "a dot", ",": "a comma"}
#: languages of headings -> the decimal mark of their spreadsheets; English is written everywhere
MARK_OF_LANGUAGE = {
    **dict.fromkeys(("de", "fr", "es", "it", "pt", "nl", "ru"), ","),
    **dict.fromkeys(("ja", "zh", "ko"), "."),
}
_MARK_OF_SEPARATOR = {";": ",", ",": "."}
_PARTS = re.compile(
    r"^(?P<before>[^\d.,'+()-]*)(?P<sign>[-+(]?)(?P<inner>[^\d.,'+()-]*)"
    r"(?P<core>(?:\d[\d.,' ]*\d|\d|[.,]\d+)(?:[eE][+-]?\d+)?)(?P<after>.*)$"
)


@dataclass(frozen=True)
class NumberText:
    """A cell taken apart: the figures, and what is written around them (currency or unit)."""

    core: str
    negative: bool
    around: str


def number_text(text: str) -> NumberText | None:
    """The figures of a cell apart from the words around them.

    Parameters
    ----------
    text : str
        As it stands in the file.

    Returns
    -------
    NumberText or None
        None where there is no number in it.

    Examples
    --------
    >>> number_text("€ 61.200,50"), number_text("(610000)").negative, number_text("12.5 t").around
    (NumberText(core='61.200,50', negative=False, around='€'), True, 't')
    """
    found = _PARTS.match(plain(text))
    if found is None or re.search(r"\d_\d", text):
        return None
    after = found["after"].strip()
    negative = found["sign"] in ("-", "(")
    if found["sign"] == "(":
        if not after.endswith(")"):
            return None
        after = after[:-1].strip()
    if after.startswith("-") and not after[1:].strip():
        negative, after = True, ""
    around = " ".join(w for w in (found["before"].strip(), found["inner"].strip(), after) if w)
    return NumberText(found["core"].strip(), negative, around)


def readings(core: str) -> dict[str, float]:
    """What figures mean under each decimal mark; a mark that cannot explain them is not in it.

    Parameters
    ----------
    core : str
        Figures, as in `NumberText.core`.

    Returns
    -------
    dict of str to float
        Decimal mark -> value.

    Examples
    --------
    >>> readings("1.250"), readings("1.250,50"), readings("6,10,000"), readings("6.1E+05")
    ({'.': 1.25, ',': 1250.0}, {',': 1250.5}, {'.': 610000.0}, {'.': 610000.0})
    """
    return {mark: value for mark in MARKS if (value := _read(core, mark)) is not None}


def _read(core: str, mark: str) -> float | None:
    other = "," if mark == "." else "."
    mantissa, _, exponent = core.replace("E", "e").partition("e")
    whole, dot, fraction = mantissa.partition(mark)
    if dot and not fraction.isdigit():
        return None
    if not whole.isdigit() and not (whole == "" and dot):
        if exponent or not _grouped(whole, other):
            return None
        whole = re.sub(r"\D", "", whole)
    return float(f"{whole or '0'}.{fraction or '0'}" + (f"e{exponent}" if exponent else ""))


def _grouped(whole: str, other: str) -> bool:
    """Whether figures are in groups of three, or as India groups them, by one mark throughout."""
    western = rf"[1-9]\d{{0,2}}(?:([{re.escape(other)}' ])\d{{3}})(?:\1\d{{3}})*"
    indian = r"[1-9]\d?(?:,\d{2})+,\d{3}"
    return bool(re.fullmatch(western, whole) or (other == "," and re.fullmatch(indian, whole)))


@dataclass(frozen=True)
class DecimalMark:
    """The decimal mark of a file: "" where two readings remain; `why` says what decided, as a sentence;
    `problem` where cells contradict each other."""

    mark: str
    why: str = ""
    problem: Problem | None = None


@dataclass(frozen=True)
class NumberCell:
    """A cell of a column of numbers: where it stands, its text, and whether it is money."""

    at: str
    text: str
    money: bool = False


def decimal_mark(
    cells: Iterable[NumberCell], where: str, separator: str, languages: Iterable[str], chosen: str = ""
) -> DecimalMark:
    """Which mark the numbers of a file use.

    Parameters
    ----------
    cells : iterable of NumberCell
        Every cell of the columns of numbers.
    where : str
        Name of the file, for messages.
    separator : str
        Separator of the file; "" of a workbook.
    languages : iterable of str
        Languages of the headings, as in `MARK_OF_LANGUAGE`.
    chosen : str
        The mark that the reader was told.

    Returns
    -------
    DecimalMark
        With what decided.

    Examples
    --------
    >>> two = [NumberCell("2", "610.000", True), NumberCell("3", "12")]
    >>> decimal_mark(two, "my.csv", ";", ()).mark, decimal_mark(two, "my.csv", "|", ()).mark
    (',', '')
    """
    if chosen:
        return DecimalMark(chosen, f"The decimal mark is {MARK_NAMES[chosen]}: you said so.")
    firm: dict[str, NumberCell] = {}
    unsure: list[NumberCell] = []
    cores: list[str] = []
    for cell in cells:
        found = number_text(cell.text)
        if found is None:
            continue
        values = readings(found.core)
        cores.append(found.core)
        if len(values) == 1:
            firm.setdefault(next(iter(values)), cell)
        elif len(set(values.values())) == 2:
            unsure.append(cell)
    if len(firm) == 2:
        dot, comma = firm["."], firm[","]
        return DecimalMark(
            "",
            problem=Problem(
                f"the decimal mark is a dot in {dot.text.strip()!r} ({dot.at}) and a comma in"
                f" {comma.text.strip()!r} ({comma.at})",
                where,
                "one mark in the whole file, or --decimal . (or ,), which refuses the other rows",
            ),
        )
    if firm:
        mark, cell = next(iter(firm.items()))
        why = (
            f"The decimal mark is {MARK_NAMES[mark]}: {cell.text.strip()!r} ({cell.at}) has no other reading."
        )
        return DecimalMark(mark, why)
    if not unsure:
        return DecimalMark(".")
    return _by_signs(unsure, cores, separator, languages)


def _by_signs(
    unsure: list[NumberCell], cores: list[str], separator: str, languages: Iterable[str]
) -> DecimalMark:
    """From what surrounds the numbers: separator and language must agree, and nothing may speak against them.

    Against a mark speaks money that would have three decimals under it, an apostrophe or a blank between
    thousands (Swiss files pair semicolons with a decimal dot), and a number of four digits or more that is
    not grouped: a file that groups no thousands writes no `1.250` for them.
    """
    example = unsure[0].text.strip()
    signs: dict[str, str] = {}
    if separator in _MARK_OF_SEPARATOR:
        name = "semicolons" if separator == ";" else "commas"
        signs[f"cells are separated by {name}"] = _MARK_OF_SEPARATOR[separator]
    for language in sorted(set(languages) & set(MARK_OF_LANGUAGE)):
        signs[f"headings are in the language '{language}'"] = MARK_OF_LANGUAGE[language]
    votes = set(signs.values())
    for_mark = {"," if "." in c.text else "." for c in unsure if c.money}
    for_mark |= {"." for c in cores if "'" in c} | {"," for c in cores if " " in c}
    if any(re.match(r"[1-9]\d{3}", c) for c in cores):
        for_mark |= {"." if "." in c.text else "," for c in unsure}
    if len(votes) == 1 and for_mark <= votes:
        mark = votes.pop()
        return DecimalMark(
            mark,
            f"The decimal mark is {MARK_NAMES[mark]}, so {example!r} is"
            f" {_said(example, mark)}: {' and '.join(signs)}.",
        )
    return DecimalMark("")


def _said(text: str, mark: str) -> str:
    found = number_text(text)
    value = None if found is None else readings(found.core).get(mark)
    return "?" if value is None else f"{value:,.10g}"


def both_readings(text: str) -> Mapping[str, str]:
    """How a number that two marks explain would be read, for messages.

    Parameters
    ----------
    text : str
        The cell.

    Returns
    -------
    Mapping
        Decimal mark -> the number in English.

    Examples
    --------
    >>> both_readings("1.250")
    {'.': '1.25', ',': '1,250'}
    """
    return {mark: _said(text, mark) for mark in MARKS}
