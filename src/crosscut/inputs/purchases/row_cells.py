"""The cells of one row by their field: texts, numbers and what stands beside them.

Tests: tests/inputs/purchases/test_row_checks.py
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crosscut.base.errors import Problem
from crosscut.inputs.purchases.headings import Columns
from crosscut.inputs.purchases.purchase import ReadingChoices
from crosscut.inputs.purchases.table.grid import GridRow, TableCell
from crosscut.inputs.purchases.words.locale_numbers import MARK_NAMES, both_readings, number_text, readings
from crosscut.inputs.purchases.words.word_tables import plain
from crosscut.ledger.store.ledger import Ledger

COUNTRY_FIELDS = ("origin", "origin_code", "supplier_country", "supplier_code")
_EMPTY = ("", "-", "--", "n/a", "n.a.", "na", "k.a.", "#n/a", "#na", "null", "none")
_NO_RESULT = "a formula without a stored result"


@dataclass
class FileBeingRead:
    """What all rows of one file share; `years` are those that any row states, `notes` collects what was
    taken for granted, with the lines."""

    where: str
    columns: Columns
    mark: str
    choices: ReadingChoices
    ledger: Ledger
    years: frozenset[int] = frozenset()
    notes: dict[str, list[int]] = field(default_factory=dict)


class RowCells:
    """The cells of one row; problems are collected, so that all are told at once.

    Parameters
    ----------
    file
        What all rows share.
    row
        The row.
    """

    def __init__(self, file: FileBeingRead, row: GridRow) -> None:
        self.file, self.row = file, row
        self.problems: list[Problem] = []

    def has(self, name: str) -> bool:
        """Whether the file has a column of a field.

        Parameters
        ----------
        name : str
            The field.

        Returns
        -------
        bool
            Of the whole file, not of this row.
        """
        return self.file.columns.position(name) is not None

    def note(self, text: str) -> None:
        """Remember what was taken for granted in this row.

        Parameters
        ----------
        text : str
            A sentence without its full stop; "" is nothing.
        """
        if text:
            self.file.notes.setdefault(text, []).append(self.row.line)

    def cell(self, name: str) -> TableCell:
        """The cell of a field.

        Parameters
        ----------
        name : str
            The field.

        Returns
        -------
        TableCell
            An empty one where there is no column.
        """
        position = self.file.columns.position(name)
        if position is None or position >= len(self.row.cells):
            return TableCell()
        return self.row.cells[position]

    def text(self, name: str) -> str:
        """The text of a field.

        Parameters
        ----------
        name : str
            The field.

        Returns
        -------
        str
            "" where the cell says that there is none; "NA" of a country stays.
        """
        text = plain(self.cell(name).text)
        return "" if text.casefold() in _EMPTY and name not in COUNTRY_FIELDS else text

    def at(self, name: str) -> str:
        """Where a field stands, for messages.

        Parameters
        ----------
        name : str
            The field; "" of the row.

        Returns
        -------
        str
            File, line and heading.
        """
        heading = next((h for _, m, h in self.file.columns.used if m.field == name), "")
        return f"{self.file.where}:{self.row.line}" + (f", {heading}" if heading else "")

    def wrong(self, what: str, name: str, expected: str) -> None:
        """Note a problem of a field.

        Parameters
        ----------
        what : str
            What is wrong.
        name : str
            The field.
        expected : str
            What would have been accepted.
        """
        self.problems.append(Problem(what, self.at(name), expected))

    def number(self, name: str) -> float | None:
        """A number above 0; what stands beside it is looked at by those who know units.

        Parameters
        ----------
        name : str
            The field.

        Returns
        -------
        float or None
            None with a problem noted.
        """
        cell = self.cell(name)
        text = plain(cell.text)
        if cell.number is not None and cell.sign == "%":
            self.wrong(f"{text} % is a percentage", name, "a number above 0")
            return None
        if cell.number is not None:
            value, negative = abs(cell.number), cell.number < 0
        elif not self.text(name):
            self.wrong("is empty", name, "a number above 0")
            return None
        else:
            found = number_text(text)
            values = readings(found.core) if found is not None else {}
            if found is None or not values:
                what = _NO_RESULT if text == _NO_RESULT else f"{text[:40]!r} is no number"
                self.wrong(what, name, "a number such as 12.5, with nothing but its unit beside it")
                return None
            if len(set(values.values())) == 1 and len(values) == 2:
                value = values["."]
            elif not self.file.mark and len(values) == 2:
                both = both_readings(text)
                self.wrong(
                    f"{text!r} can be {both['.']} or {both[',']}",
                    name,
                    "`--decimal .` or `--decimal ,`: nothing else in the file tells which",
                )
                return None
            elif self.file.mark and self.file.mark not in values:
                mark = MARK_NAMES[self.file.mark]
                self.wrong(f"{text!r} does not fit the decimal mark of the file, {mark}", name, "one mark")
                return None
            else:
                value = values.get(self.file.mark, next(iter(values.values())))
            negative = found.negative
            if "e" in found.core.casefold():
                self.note(f"{text!r} may have been rounded by a spreadsheet; it is read as {value:,.10g}")
        if negative:
            self.wrong(f"{text!r} is negative: a return or a credit is no purchase", name, "a number above 0")
            return None
        if value == 0 or value == float("inf"):
            self.wrong(f"{text!r} is no amount", name, "a number above 0")
            return None
        return value

    def around(self, name: str) -> str:
        """What stands beside the number of a cell.

        Parameters
        ----------
        name : str
            The field.

        Returns
        -------
        str
            A currency, a unit, or "".
        """
        cell = self.cell(name)
        if cell.number is not None:
            return "" if cell.sign == "%" else cell.sign
        found = number_text(cell.text)
        return found.around if found is not None else ""
