"""Sheets: xlsx workbooks from outside, as rows of cells.

The file is checked as the zip archive it is; one that reaches for other files, runs macros or defines XML
entities is refused before a library sees it. Formulas count as the value that was saved with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.sources.archive import MEGABYTE, ArchiveLimits, member, opened_archive

LIMITS = ArchiveLimits(
    members=3000, member_bytes=64 * MEGABYTE, all_bytes=256 * MEGABYTE, ratio=100.0, ratio_from=MEGABYTE
)
MOST_ROWS, MOST_COLUMNS = 20_000, 200
Cell = str | int | float | bool | None


def workbook_rows(path: Path) -> Iterator[tuple[str, list[list[Cell]]]]:
    """(name, rows) of every sheet."""
    check_workbook(path)
    try:
        import openpyxl
    except ImportError:
        raise UserError(
            Problem("reading xlsx files needs openpyxl", path.name, "`pip install openpyxl`")
        ) from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as e:  # whatever a damaged file makes of the library
        raise UserError(
            Problem(f"is no readable workbook ({type(e).__name__})", path.name, "an xlsx file")
        ) from None
    try:
        for sheet in book.worksheets:
            yield sheet.title, _rows(sheet, f"{path.name}: {sheet.title}")
    finally:
        book.close()


def _rows(sheet: object, where: str) -> list[list[Cell]]:
    out: list[list[Cell]] = []
    try:
        for n, row in enumerate(sheet.iter_rows(values_only=True)):  # type: ignore[attr-defined]
            if n >= MOST_ROWS or len(row) > MOST_COLUMNS:
                raise UserError(
                    Problem("has too many rows or columns", where, f"at most {MOST_ROWS:,} by {MOST_COLUMNS}")
                )
            out.append(
                [
                    c if isinstance(c, str | int | float | bool) else (None if c is None else str(c))
                    for c in row
                ]
            )
    except UserError:
        raise
    except Exception as e:
        raise UserError(Problem(f"cannot be read ({type(e).__name__})", where, "a sheet of cells")) from None
    return out


def check_workbook(path: Path) -> None:
    """UserError for an xlsx file that is not what it should be, or that does more than hold cells."""
    with opened_archive(path, LIMITS) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" not in names:
            raise UserError(Problem("is no xlsx workbook", path.name, "the file its owner serves"))
        for name in names:
            low = name.lower()
            if low.startswith("xl/externallinks/"):
                raise UserError(
                    Problem("links to other files", f"{path.name}: {name}", "a workbook that stands alone")
                )
            if low.endswith((".bin", ".exe", ".dll")) and "printersettings" not in low:
                raise UserError(Problem("carries macros or programs", f"{path.name}: {name}", "cells only"))
            if low.endswith((".xml", ".rels")):
                with member(archive, name) as stream:
                    head = stream.read(4096)
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise UserError(Problem("defines XML entities", f"{path.name}: {name}", "plain cells"))
