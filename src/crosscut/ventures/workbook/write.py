"""Write: a workbook as an xlsx file, with formulas and the values they have now (extra `report`: xlsxwriter)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from crosscut.errors import Problem, UserError
from crosscut.ventures.workbook.cells import FIRST_ROW, VALUE_COLUMN, YEAR_COLUMN, Book

ORDER = ("Results", "Inputs", "Schedule", "Cash", "Tax", "Finance")


def write_workbook(book: Book, path: str | Path) -> Path:
    """The file, whole or not at all. Raises UserError where xlsxwriter is not installed."""
    try:
        import xlsxwriter
    except ImportError:
        raise UserError(Problem("no xlsxwriter", "spreadsheet", "pip install 'crosscut[report]'")) from None
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with xlsxwriter.Workbook(str(temporary)) as file:
            formats = {
                "head": file.add_format({"bold": True}), "given": file.add_format({"font_color": "#0000FF", "num_format": "#,##0.####"}),
                "cell": file.add_format({"num_format": "#,##0.####"}), "small": file.add_format({"font_color": "#666666"}),
            }  # fmt: skip
            for name in ORDER:
                if name in book.sheets:
                    _sheet(file.add_worksheet(name), book, name, formats)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _sheet(sheet: Any, book: Book, name: str, formats: dict[str, Any]) -> None:
    sheet.write_string(0, 0, f"{book.title}: {name.lower()}", formats["head"])
    sheet.write_string(
        1,
        0,
        "Blue: input that may be changed; black: formula. Money is nominal unless it says real.",
        formats["small"],
    )
    for column, text in ((0, "line"), (1, "unit"), (2, "note"), (VALUE_COLUMN, "value")):
        sheet.write_string(FIRST_ROW - 1, column, text, formats["head"])
    for t, year in enumerate(book.years):
        sheet.write_number(FIRST_ROW - 1, YEAR_COLUMN + t, year, formats["head"])
    for k, row in enumerate(book.sheets[name]):
        line = FIRST_ROW + k
        sheet.write_string(line, 0, row.label)
        sheet.write_string(line, 1, row.unit, formats["small"])
        sheet.write_string(line, 2, row.note, formats["small"])
        style = formats["given"] if row.given else formats["cell"]
        cells = [(VALUE_COLUMN, row.single, -1)] if row.single is not None else []
        cells += [(YEAR_COLUMN + t, c, t) for t, c in enumerate(row.by_year) if c is not None]
        for column, cell, t in cells:
            if isinstance(cell, str):
                sheet.write_formula(line, column, book.text(cell, name, t), style, book.value(row.name, t))
            else:
                sheet.write_number(line, column, cell, style)
    sheet.freeze_panes(FIRST_ROW, YEAR_COLUMN)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 2, 16)
    sheet.set_column(VALUE_COLUMN, VALUE_COLUMN + len(book.years), 14)
