"""How the tests read a file of purchases: from text, bytes or a file beside them."""

from __future__ import annotations

import io
from pathlib import Path

from openpyxl import Workbook

from crosscut.inputs.purchases.purchase import Purchases, ReadingChoices
from crosscut.inputs.purchases.read_purchases import read_purchases
from tests.ledgers import BUNDLED

FILES = Path(__file__).parent / "files"


def read(source: str | bytes | Path, **choices: object) -> Purchases:
    """Text, bytes or a file, read with the bundled ledger."""
    raw = source.read_bytes() if isinstance(source, Path) else source
    raw = raw.encode() if isinstance(raw, str) else raw
    where = source.name if isinstance(source, Path) else "my.csv"
    return read_purchases(raw, where, ReadingChoices(**choices), BUNDLED)


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """An XLSX of these sheets; a cell that is a pair is (value, number format)."""
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                shown = value if isinstance(value, tuple) else (value, None)
                cell = sheet.cell(r, c, shown[0])
                if shown[1]:
                    cell.number_format = shown[1]
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def told(purchases: Purchases) -> list[tuple[int, str, str, float | None, float]]:
    """(line, country, mineral, t as bought, USD) of every row read."""
    return [(p.line, p.supplier, p.mineral.name, p.tonnes, round(p.usd, 2)) for p in purchases.rows]


def refusals(purchases: Purchases) -> list[str]:
    """Every reason for which a row was refused."""
    return [str(p) for r in purchases.refused for p in r.problems]
