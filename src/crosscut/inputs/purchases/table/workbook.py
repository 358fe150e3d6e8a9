"""Workbook: the sheets of an XLSX file as grids, with the number, day and sign of each cell.

A number in a workbook is a number, whatever locale shows it. What is shown beside it (a euro sign, kg, %)
stands in the cell's format and is read from there. A formula whose result was never stored is refused.

Tests: tests/inputs/purchases/test_tables.py
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from crosscut.base.errors import Problem, UserError
from crosscut.inputs.purchases.table.grid import Grid, GridRow, TableCell

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_BYTES = 300_000_000  # of a workbook unpacked: above it, memory and not the file is what fails


def is_workbook(raw: bytes) -> bool:
    """Whether bytes are a zip archive, as XLSX files are.

    Parameters
    ----------
    raw : bytes
        The whole file, or its beginning.

    Returns
    -------
    bool
        By the first bytes alone.

    Examples
    --------
    >>> is_workbook(b"PK\\x03\\x04..."), is_workbook(b"a;b")
    (True, False)
    """
    return raw.startswith(b"PK\x03\x04")


def refuse_other_files(raw: bytes, where: str) -> None:
    """Refuse files that are known and not read: old Excel, PDF.

    Parameters
    ----------
    raw : bytes
        The beginning of the file.
    where : str
        Its name, for messages.

    Raises
    ------
    UserError
        When it is one of them, with what to do.
    """
    for mark, what in (
        (b"\xd0\xcf\x11\xe0", "is an old Excel file (.xls), or one with a password"),
        (b"%PDF", "is a PDF"),
        (b"{\\rtf", "is a text document (RTF)"),
    ):
        if raw.startswith(mark):
            raise UserError(Problem(what, where, "the table saved as XLSX (without a password) or CSV UTF-8"))


def grids_of(raw: bytes, where: str) -> list[Grid]:
    """Every sheet of a workbook.

    Parameters
    ----------
    raw : bytes
        The whole file.
    where : str
        Its name, for messages.

    Returns
    -------
    list of Grid
        Sheets that hold something, in their order.

    Raises
    ------
    UserError
        When it is not an XLSX file, or is too large.
    """
    from openpyxl import load_workbook

    _refuse_by_parts(raw, where)
    try:
        shown = load_workbook(io.BytesIO(raw), data_only=True)
        stored = load_workbook(io.BytesIO(raw))
    except Exception as fault:  # openpyxl raises what its parts raise: KeyError, ValueError, XML errors
        raise UserError(
            Problem(f"cannot be read as XLSX ({type(fault).__name__}: {fault})", where, "an XLSX file")
        ) from None
    out = []
    for sheet in shown.worksheets:
        rows = _rows(sheet, stored[sheet.title])
        if rows:
            out.append(Grid(rows, sheet=sheet.title, notes=_notes(sheet)))
    if not out:
        raise UserError(Problem("every sheet is empty", where, "a sheet of purchases"))
    return out


def _refuse_by_parts(raw: bytes, where: str) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except zipfile.BadZipFile:
        raise UserError(Problem("is a broken zip file", where, "an XLSX file")) from None
    names = {p.filename for p in parts}
    if "xl/workbook.xml" not in names:
        kind = "an OpenDocument file" if "content.xml" in names else "a zip file, but no XLSX"
        if "xl/workbook.bin" in names:
            kind = "a binary workbook (.xlsb)"
        raise UserError(Problem(f"is {kind}", where, "the table saved as XLSX or CSV UTF-8"))
    if sum(p.file_size for p in parts) > MOST_BYTES:
        raise UserError(Problem("is too large to be read as a workbook", where, "the table saved as CSV"))


def _rows(sheet: Worksheet, stored: Worksheet) -> tuple[GridRow, ...]:
    merged = _merged_over_lines(sheet)
    out = []
    for line, cells in enumerate(sheet.iter_rows(), 1):
        row = tuple(merged.get((line, k)) or _cell(c, stored.cell(line, k)) for k, c in enumerate(cells, 1))
        if any(row):
            out.append(GridRow(line, row))
    return tuple(out)


def _merged_over_lines(sheet: Worksheet) -> dict[tuple[int, int], TableCell]:
    """Cells below the first line of a merged range: empty in the file, and not meant so. Whether the value
    holds for each line or for all together, nobody can tell."""
    out = {}
    for span in sheet.merged_cells.ranges:
        value = sheet.cell(span.min_row, span.min_col).value
        for line in range(span.min_row + 1, span.max_row + 1 if value is not None else 0):
            for column in range(span.min_col, span.max_col + 1):
                out[line, column] = TableCell(f"merged with line {span.min_row}")
    return out


def _cell(shown: Any, stored: Any) -> TableCell:
    value = shown.value
    if value is None:
        formula = isinstance(stored.value, str) and stored.value.startswith("=")
        return TableCell("a formula without a stored result") if formula else TableCell()
    if isinstance(value, bool):
        return TableCell(str(value))
    if isinstance(value, (int, float)):
        sign = _sign(str(shown.number_format or ""))
        if sign == "%":
            value = round(value * 100, 10)
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
        return TableCell(str(int(value)) if whole else repr(value), float(value), sign=sign)
    if isinstance(value, datetime):
        return TableCell(value.date().isoformat(), day=value.date())
    if isinstance(value, date):
        return TableCell(value.isoformat(), day=value)
    if isinstance(value, time):
        return TableCell(value.isoformat())
    return TableCell(str(value))


def _sign(number_format: str) -> str:
    """What a format shows beside the number: a currency, a unit, %; "" where nothing.

    >>> _sign('#,##0.00 "kg"'), _sign("[$€-407] #,##0"), _sign("0.0%"), _sign("#,##0.00")
    ('kg', '€', '%', '')
    """
    shown = number_format.split(";")[0]
    signs = re.findall(r"\[\$([^\]\-]+)(?:-[0-9A-Fa-f]+)?\]", shown)
    shown = re.sub(r"\[[^\]]*\]", "", shown)
    signs += re.findall(r'"([^"]*)"', shown)
    shown = re.sub(r'"[^"]*"|\\.|_.|\*.', "", shown)
    signs += re.findall(r"[€£¥₩$%]", shown)
    return " ".join(s.strip() for s in signs if s.strip())


def _notes(sheet: Worksheet) -> tuple[str, ...]:
    out = []
    hidden = sum(1 for d in sheet.row_dimensions.values() if d.hidden)
    if hidden:
        out.append(f"{hidden} hidden rows of the sheet are read like the others.")
    if sheet.sheet_state != "visible":
        out.append(f"The sheet '{sheet.title}' is hidden.")
    return tuple(out)
