"""Grid: the cells of a CSV with the line where each row begins, whatever separates them.

A separator is tried by the headings that it brings out, not by how often it occurs. A quotation mark that is
never closed is refused, since it would swallow the rows that follow.

Tests: tests/inputs/purchases/test_tables.py
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from crosscut.base.errors import Problem, UserError

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@dataclass(frozen=True)
class TableCell:
    """One cell: its text; the number or day where a workbook holds one; the sign that it shows beside."""

    text: str = ""
    number: float | None = None
    day: date | None = None
    sign: str = ""

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True)
class GridRow:
    """A row: the line where it begins, from 1, and its cells."""

    line: int
    cells: tuple[TableCell, ...]

    @property
    def texts(self) -> list[str]:
        """The texts of the cells."""
        return [c.text for c in self.cells]


@dataclass(frozen=True)
class Grid:
    """Every row that holds something, and how they were found: `separator` of a CSV, `sheet` of a
    workbook; `notes` are sentences about what a reader should know."""

    rows: tuple[GridRow, ...]
    separator: str = ""
    sheet: str = ""
    notes: tuple[str, ...] = ()


def column_name(position: int) -> str:
    """The letter of a column, as spreadsheets name it.

    Parameters
    ----------
    position : int
        From 0.

    Returns
    -------
    str
        "A" for 0, "AA" for 26.

    Examples
    --------
    >>> column_name(2), column_name(26)
    ('C', 'AA')
    """
    out = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        out = chr(65 + rest) + out
    return out


def shown_row(row: GridRow) -> str:
    """The cells of a row for a message.

    Parameters
    ----------
    row : GridRow
        Any row.

    Returns
    -------
    str
        Quoted, with bars between cells, at most 80 letters.
    """
    text = " | ".join(" ".join(c.text.split()) for c in row.cells if c)
    return repr(text if len(text) <= 80 else text[:77] + "...")


def grid_of(text: str, where: str, headings_in: Callable[[Sequence[str]], int]) -> Grid:
    """The cells of a CSV.

    Parameters
    ----------
    text : str
        The file, decoded.
    where : str
        Its name, for messages.
    headings_in : Callable
        How many cells of a row are headings of a purchase.

    Returns
    -------
    Grid
        Rows that hold something, with their lines.

    Raises
    ------
    UserError
        When the file is empty, or a quotation mark is not closed.

    Examples
    --------
    >>> grid = grid_of('country;t\\n\\n"a\\nb";1\\nc;2\\n', "my.csv", len)
    >>> [(r.line, r.texts) for r in grid.rows]
    [(1, ['country', 't']), (3, ['a\\nb', '1']), (5, ['c', '2'])]
    """
    if not text.strip():
        raise UserError(Problem("is empty", where, "a row of headings and one row a purchase"))
    declared, body, first = _declared(text)
    if declared:
        return Grid(_rows(body, declared, where, first), declared)
    found: list[tuple[int, int, str, tuple[GridRow, ...]]] = []
    faults: list[UserError] = []
    for order, separator in enumerate(SEPARATORS):
        try:
            rows = _rows(body, separator, where, first)
        except UserError as fault:
            faults.append(fault)
            continue
        score = max((headings_in(r.texts) for r in rows[:40]), default=0)
        found.append((score, -order, separator, rows))
    if not found:
        raise faults[0]
    score, _, separator, rows = max(found, key=lambda f: (f[0], f[1]))
    if score <= 1 and all(len(r.cells) == 1 for r in rows):
        inner = _unwrapped(rows, where, headings_in)
        if inner is not None:
            return inner
    if faults and score <= 1:
        raise faults[0]
    return Grid(rows, separator)


def _declared(text: str) -> tuple[str, str, int]:
    """(separator named by a first line `sep=;`, text without that line, line where the rest begins)."""
    head, _, rest = text.partition("\n")
    word = head.strip().strip('"').casefold()
    if word.startswith("sep=") and len(head.strip().strip('"')) >= 5:
        return head.strip().strip('"')[4], rest, 2
    if word == "sep=":  # a tab was cut off
        return "\t", rest, 2
    return "", text, 1


def _rows(text: str, separator: str, where: str, first: int) -> tuple[GridRow, ...]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    out: list[GridRow] = []
    begins = first
    try:
        for fields in reader:
            if any(f.strip() for f in fields):
                out.append(GridRow(begins, tuple(TableCell(f) for f in fields)))
            begins = first + reader.line_num
    except csv.Error as fault:
        what = {
            "unexpected end of data": "a quotation mark opens here and is never closed",
            "field larger than field limit (131072)": "a cell of more than 131,072 letters begins here",
        }.get(str(fault), f"quotation marks do not pair up ({fault})")
        expected = 'cells with a mark inside written as "a ""b"" c"'
        raise UserError(Problem(what, f"{where}:{begins}", expected)) from None
    return tuple(out)


def _unwrapped(
    rows: tuple[GridRow, ...], where: str, headings_in: Callable[[Sequence[str]], int]
) -> Grid | None:
    """Rows that were each quoted as a whole, one more time apart; None where that finds no headings."""
    text = "\n".join(r.cells[0].text.replace("\n", " ") for r in rows)
    for separator in SEPARATORS:
        try:
            inner = _rows(text, separator, where, 1)
        except UserError:
            continue
        if len(inner) == len(rows) and max(headings_in(r.texts) for r in inner) > 1:
            lines = tuple(GridRow(r.line, i.cells) for r, i in zip(rows, inner, strict=True))
            return Grid(lines, separator, notes=("Every line was quoted as a whole; it was taken apart.",))
    return None
