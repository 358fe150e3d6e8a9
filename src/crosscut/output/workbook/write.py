"""Write: a workbook as an xlsx file, with formulas and the values they have now (extra `report`:
xlsxwriter)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crosscut.base.errors import Problem, UserError
from crosscut.base.files import write_file
from crosscut.output.workbook.cells import FIRST_ROW, VALUE_COLUMN, YEAR_COLUMN, Book

ORDER = ("Results", "Inputs", "Schedule", "Cash", "Tax", "Finance")
SOURCES = (
    "figure of the project file",
    "middle",
    "10 % point",
    "90 % point",
    "evidence_status",
    "who says so",
    "how it was read",
)
WHOLE, FINE = "#,##0", "#,##0.######"  # money; everything else, since a grade is 0.00199


def write_workbook(book: Book, path: str | Path) -> Path:
    """The file, whole or not at all. Raises UserError where xlsxwriter is not installed."""
    try:
        import xlsxwriter
    except ImportError:
        raise UserError(Problem("no xlsxwriter", "spreadsheet", "pip install 'crosscut[report]'")) from None

    def write(to: Path) -> None:
        with xlsxwriter.Workbook(str(to)) as file:
            formats = {
                "head": file.add_format({"bold": True}),
                "small": file.add_format({"font_color": "#666666"}),
                "warning": file.add_format({"bold": True, "font_color": "#B4501D"}),
                **{
                    f"{name} {kind}": file.add_format({"num_format": form, **more})
                    for name, form in (("money", WHOLE), ("fine", FINE))
                    for kind, more in (("given", {"font_color": "#0000FF"}), ("cell", {}))
                },
            }
            for name in ORDER:
                if name in book.sheets:
                    _sheet(file.add_worksheet(name), book, name, formats)
            if book.sources:
                _sources(file.add_worksheet("Sources"), book, formats)

    return write_file(Path(path), write)


def _sheet(sheet: Any, book: Book, name: str, formats: dict[str, Any]) -> None:
    sheet.write_string(0, 0, f"{book.title}: {name.lower()}", formats["head"])
    sheet.write_string(
        1,
        0,
        "Blue: input that may be changed; black: formula. Money is nominal unless it says real.",
        formats["small"],
    )
    if book.said:
        sheet.write_string(0, VALUE_COLUMN, book.said, formats["warning"])
    for column, text in ((0, "line"), (1, "unit"), (2, "note"), (VALUE_COLUMN, "value")):
        sheet.write_string(FIRST_ROW - 1, column, text, formats["head"])
    for t, year in enumerate(book.years):
        sheet.write_number(FIRST_ROW - 1, YEAR_COLUMN + t, year, formats["head"])
    for k, row in enumerate(book.sheets[name]):
        line = FIRST_ROW + k
        sheet.write_string(line, 0, row.label)
        sheet.write_string(line, 1, row.unit, formats["small"])
        sheet.write_string(line, 2, row.note, formats["small"])
        is_money = len(row.unit) == 3 and row.unit.isupper()
        style = formats[f"{'money' if is_money else 'fine'} {'given' if row.given else 'cell'}"]
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


def _sources(sheet: Any, book: Book, formats: dict[str, Any]) -> None:
    """Every figure of the project file: range, evidence status, source. Its inputs may be several rows of
    the sheet of inputs."""
    sheet.write_string(0, 0, f"{book.title}: where every figure is from", formats["head"])
    sheet.write_string(
        1,
        0,
        "Ranges are in the unit of the file; where a figure differs by year they are factors on every year.",
        formats["small"],
    )
    for column, text in enumerate(SOURCES):
        sheet.write_string(FIRST_ROW - 1, column, text, formats["head"])
    for k, row in enumerate(book.sources):
        for column, x in enumerate(row):
            if isinstance(x, int | float):
                sheet.write_number(FIRST_ROW + k, column, x, formats["fine cell"])
            elif x:
                sheet.write_string(FIRST_ROW + k, column, str(x))
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 4, 14)
    sheet.set_column(5, 6, 60)
