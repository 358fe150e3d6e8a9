"""Lines under the headings that are no purchases: totals, headings that are repeated, notes at the end.

A total is left out of the sum, and compared with it.

Tests: tests/inputs/purchases/test_row_checks.py
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crosscut.base.errors import Problem
from crosscut.inputs.purchases.headings import Columns
from crosscut.inputs.purchases.purchase import Purchase, RefusedRow
from crosscut.inputs.purchases.table.grid import GridRow, TableCell
from crosscut.inputs.purchases.words.locale_numbers import number_text, readings
from crosscut.inputs.purchases.words.word_tables import folded

_TOTAL = re.compile(
    r"(grand |sub ?)?(totals?|sums?|summe|gesamt(summe|betrag)?|gesamtergebnis|zwischensumme|somme|sous total"
    r"|suma|totale|totaal|итого|всего)\b|合計|総計|小計|合计|总计|小计|합계"
)
_COUNTRY = ("origin", "origin_code", "supplier_country", "supplier_code")


def not_a_purchase(row: GridRow, head: GridRow, columns: Columns) -> str:
    """Why a line is no purchase.

    Parameters
    ----------
    row : GridRow
        A line under the headings.
    head : GridRow
        The headings.
    columns : Columns
        What each column is.

    Returns
    -------
    str
        "" where it may be one.
    """
    texts = [folded(t) for t in row.texts]
    if [t for t in texts if t] == [folded(t) for t in head.texts if t.strip()]:
        return "the headings once more"
    if is_total(row, columns):
        return "a total"
    if sum(bool(t) for t in texts) == 1 and not _filled(row, columns, ("quantity", "value", "unit_price")):
        only = next(t for t in row.texts if t.strip())
        return f"a note: {' '.join(only.split())[:60]!r}"
    return ""


def is_comment(row: GridRow) -> bool:
    """Whether a line begins with "#", as the lines of our template that explain it do.

    Parameters
    ----------
    row : GridRow
        Any line.

    Returns
    -------
    bool
        Such a line is not read and not listed.
    """
    return next((c.text for c in row.cells if c), "").lstrip().startswith("#")


def is_total(row: GridRow, columns: Columns) -> bool:
    """Whether a line is a total: a cell says so, and country or mineral are not stated.

    Parameters
    ----------
    row : GridRow
        A line under the headings.
    columns : Columns
        What each column is.

    Returns
    -------
    bool
        A supplier of the name "Total" with a country and a mineral is none.
    """
    words = {k for k, t in enumerate(row.texts) if _TOTAL.match(folded(t))}
    if not words:
        return False
    country = [k for f in _COUNTRY if (k := columns.position(f)) is not None]
    mineral = [k for f in ("mineral", "hs_code") if (k := columns.position(f)) is not None]
    return not (_any(row, country, words) and _any(row, mineral, words))


def hidden_total(row: GridRow, columns: Columns, where: str) -> Problem | None:
    """A line that has a country and a mineral and says in a note that it is a total.

    Parameters
    ----------
    row : GridRow
        A line under the headings.
    columns : Columns
        What each column is.
    where : str
        Name of the file, for messages.

    Returns
    -------
    Problem or None
        None where no cell but the supplier's name is a word for a total.
    """
    for k, text in enumerate(row.texts):
        if k != columns.position("supplier") and _TOTAL.fullmatch(folded(text)):
            what = f"a cell says {text.strip()!r}, so the line may be a sum of others"
            return Problem(what, f"{where}:{row.line}", "a purchase, or the line taken out")
    return None


def _any(row: GridRow, positions: Iterable[int], words: set[int]) -> bool:
    return any(k < len(row.cells) and row.cells[k] and k not in words for k in positions)


def _filled(row: GridRow, columns: Columns, fields: Sequence[str]) -> bool:
    found = [columns.position(f) for f in fields]
    return any(k is not None and k < len(row.cells) and row.cells[k] for k in found)


def totals_that_differ(
    rows: Sequence[GridRow],
    columns: Columns,
    read: Sequence[Purchase],
    refused: Sequence[RefusedRow],
    mark: str,
) -> list[str]:
    """Totals of the file that are not the sum of its lines; nothing where rows were refused or currencies
    differ, since then no sum is to be expected.

    Parameters
    ----------
    rows : sequence of GridRow
        Lines under the headings.
    columns : Columns
        What each column is.
    read : sequence of Purchase
        Rows read.
    refused : sequence of RefusedRow
        Rows refused.
    mark : str
        Decimal mark of the file.

    Returns
    -------
    list of str
        A sentence a total.
    """
    position, meaning = columns.position("value"), columns.meaning("value")
    if position is None or meaning is None or refused or len({p.currency for p in read}) != 1:
        return []
    last = max(p.line for p in read)
    out = []
    for row in rows:
        if not is_total(row, columns) or row.line < last or position >= len(row.cells):
            continue
        stated = _number(row.cells[position], mark)
        added = sum(p.paid for p in read)
        if stated is not None and not any(
            abs(stated * scale - added) <= 0.005 * added for scale in (1.0, 1e3, 1e4, 1e6, 1e8, 1e9)
        ):
            out.append(
                f"Line {row.line} states a total of {stated:,.10g}; the lines add up to {added:,.10g}."
            )
    return out


def _number(cell: TableCell, mark: str) -> float | None:
    if cell.number is not None:
        return cell.number
    found = number_text(cell.text)
    return None if found is None else readings(found.core).get(mark or ".")


def line_list(lines: Sequence[int]) -> str:
    """Lines in words.

    Parameters
    ----------
    lines : sequence of int
        In their order.

    Returns
    -------
    str
        Runs shortened, at most six of them.

    Examples
    --------
    >>> line_list([2, 3, 4, 7]), line_list([5])
    ('Lines 2 to 4, 7', 'Line 5')
    """
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    shown = [str(a) if a == b else f"{a}, {b}" if b == a + 1 else f"{a} to {b}" for a, b in runs[:6]]
    more = sum(b - a + 1 for a, b in runs[6:])
    return f"{'Line' if len(set(lines)) == 1 else 'Lines'} {', '.join(shown)}" + (
        f" and {more} more" if more else ""
    )
