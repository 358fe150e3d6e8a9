"""Reading a file of purchases: from bytes to rows read, rows refused and how it was read.

First the table is found (encoding, separator, sheet, row of headings), then the decimal mark of the whole
file, then row by row. Nothing is passed over in silence: what is not a purchase is listed with its reason.

Tests: tests/inputs/purchases/test_field_files.py, tests/inputs/purchases/test_generated_files.py
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscut.base.errors import Problem, UserError
from crosscut.inputs.purchases.find_table import find_table
from crosscut.inputs.purchases.headings import Columns, columns_of
from crosscut.inputs.purchases.left_out import (
    hidden_total,
    is_comment,
    line_list,
    not_a_purchase,
    totals_that_differ,
)
from crosscut.inputs.purchases.purchase import LeftOut, Purchase, Purchases, ReadingChoices, RefusedRow
from crosscut.inputs.purchases.row_cells import FileBeingRead
from crosscut.inputs.purchases.rows import read_row
from crosscut.inputs.purchases.table.grid import SEPARATORS, Grid, GridRow, TableCell, column_name, shown_row
from crosscut.inputs.purchases.words.dates import year_of
from crosscut.inputs.purchases.words.locale_numbers import (
    MARK_NAMES,
    DecimalMark,
    NumberCell,
    decimal_mark,
)
from crosscut.inputs.purchases.words.money import MoneyUnit, money_problem, money_unit, own_rate, scale_in
from crosscut.inputs.purchases.words.units import WeightUnit, unit_problem, weight_unit
from crosscut.ledger.store.ledger import Ledger

TEMPLATE = """# One row a purchase. Lines that begin with # are not read; columns you do not need may go.
# country of origin: where the metal comes from. product or hs_code: one of them is enough.
# content: such as 65 % WO3; it may be left empty.
# unit: t kg lb mtu short ton troy oz. value: what was paid for the row. currency: USD EUR JPY CNY and others.
supplier,country of origin,product,hs_code,content,quantity,unit,value,currency,year
Example Trading,China,APT,2841.80,88.5 % WO3,12.5,t,610000,USD,2024
Example Metals,Viet Nam,,8101.10,,3000,kg,175000,EUR,2024
"""
_REASONS_SHOWN = 20  # where no row can be read; the others are much the same


def purchases_in(path: str | Path, choices: ReadingChoices, ledger: Ledger) -> Purchases:
    """Read a file of purchases.

    Parameters
    ----------
    path : str or Path
        CSV or XLSX.
    choices : ReadingChoices
        What the person who asks has decided.
    ledger : Ledger
        Trade and prices, for the check of unit values.

    Returns
    -------
    Purchases
        At least one row is read.

    Raises
    ------
    UserError
        When the file cannot be read, has no table of purchases, or no row can be read.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        expected = "a CSV or XLSX file of purchases; see `crosscut exposure --template`"
        raise UserError(Problem(f"cannot be read ({reason})", str(path), expected)) from None
    return read_purchases(raw, str(path), choices, ledger)


def read_purchases(raw: bytes, where: str, choices: ReadingChoices, ledger: Ledger) -> Purchases:
    """Read purchases from the bytes of a file.

    Parameters
    ----------
    raw : bytes
        CSV in any encoding that a spreadsheet writes, or XLSX.
    where : str
        Name of the file, for messages.
    choices : ReadingChoices
        What the person who asks has decided.
    ledger : Ledger
        Trade and prices, for the check of unit values.

    Returns
    -------
    Purchases
        Rows read and refused, and how the file was read; see `Purchases`.

    Raises
    ------
    UserError
        When there is no table of purchases in it, or no row can be read; every reason at once.

    Examples
    --------
    >>> text = "Land;Material;Menge [kg];Wert (USD);Jahr\\nChina;APT;12.500,0;610.000;2024\\n"
    >>> read = read_purchases(text.encode(), "my.csv", ReadingChoices(), Ledger.bundled())
    >>> row = read.rows[0]
    >>> row.supplier, row.mineral.name, row.form, row.tonnes, row.usd
    ('CHN', 'tungsten', 'oxide', 12.5, 610000.0)
    """
    _refuse_choices(choices)
    table = find_table(raw, where, choices)
    grid, at = table.grid, table.at
    head = grid.rows[at]
    columns = columns_of(head, choices.columns, where)
    above = grid.rows[:at]
    _refuse_scale_elsewhere(grid, at, columns, choices, where)
    below, left_out, unused, misshapen = _sorted_out(grid, at, columns, where)
    mark = _decimal(below, columns, grid, choices, where)
    file = FileBeingRead(where, columns, mark.mark, choices, ledger, _years(below, columns))
    rows: list[Purchase] = []
    refused = list(misshapen)
    for row in below:
        found = read_row(file, row)
        (rows if isinstance(found, Purchase) else refused).append(found)  # type: ignore[arg-type]
    if not rows and not refused:
        expected = "one row a purchase under the headings; see `crosscut exposure --template`"
        raise UserError(Problem("no purchases", f"{where}:{head.line}", expected))
    if not rows:
        raise UserError(_nothing_read(refused, columns, where))
    titles = [
        LeftOut(f"line {r.line}", f"above the headings: {shown_row(r)}") for r in above if not is_comment(r)
    ]
    return Purchases(
        where=where,
        rows=tuple(rows),
        refused=tuple(sorted(refused, key=lambda r: r.line)),
        columns=columns.shown(),
        unused=(*columns.unused, *unused),
        left_out=(*titles, *left_out),
        assumptions=(
            *grid.notes,
            *([mark.why] if mark.why else []),
            *(f"{line_list(lines)}: {note}." for note, lines in file.notes.items()),
            *_repeated(below),
            *totals_that_differ(grid.rows[at + 1 :], columns, rows, refused, mark.mark),
        ),
        reading=(
            *table.how,
            *(
                [("sheet", grid.sheet)]
                if grid.sheet
                else [("separator", SEPARATORS.get(grid.separator, grid.separator))]
            ),
            ("headings", f"line {head.line}"),
            ("decimal mark", MARK_NAMES.get(mark.mark, "not decided")),
        ),
    )


def _nothing_read(refused: Sequence[RefusedRow], columns: Columns, where: str) -> list[Problem]:
    """Why no row could be read: the first reasons, how many more there are, and what each column was read as,
    since a column that is read as something else is often why."""
    problems = [p for r in sorted(refused, key=lambda r: r.line) for p in r.problems]
    shown = problems[:_REASONS_SHOWN]
    if len(problems) > len(shown):
        shown.append(Problem(f"and {len(problems) - len(shown)} more reasons like these", where))
    read = ", ".join(f"{c.heading!r} as {c.field}" for c in columns.shown())
    expected = "--map 'Heading=field' where that is not what they are"
    return [*shown, Problem(f"no line could be read; the columns were read: {read}", where, expected)]


def _refuse_choices(choices: ReadingChoices) -> None:
    problems = []
    if choices.unit and not isinstance(weight_unit(choices.unit), WeightUnit):
        problems.append(unit_problem(choices.unit, "--unit"))
    if choices.currency and not isinstance(money_unit(choices.currency), MoneyUnit):
        problems.append(money_problem(choices.currency, "--currency"))
    problems += [p for entry in choices.rates if isinstance(p := own_rate(entry), Problem)]
    if problems:
        raise UserError(problems)


def _refuse_scale_elsewhere(
    grid: Grid, at: int, columns: Columns, choices: ReadingChoices, where: str
) -> None:
    """A title, a note or a sheet's name that speaks of thousands over a column that does not: which it is
    must be said."""
    meaning = columns.meaning("value") or columns.meaning("unit_price")
    stated = money_unit(meaning.unit) if meaning is not None and meaning.unit else ""
    if choices.currency or (isinstance(stated, MoneyUnit) and stated.scale != 1.0):
        return
    head = grid.rows[at]
    beside = [GridRow(head.line, (TableCell(grid.sheet),)), *grid.rows[:at]]
    beside += [r for r in grid.rows[at + 1 :] if not_a_purchase(r, head, columns).startswith("a note")]
    for row in beside:
        found = "" if is_comment(row) else scale_in(" ".join(row.texts))
        if found:
            what = f"a line speaks of {found!r}, the heading of the money does not: {shown_row(row)}"
            expected = "--currency 'thousand EUR' (or 'EUR'), or the scale in the heading"
            raise UserError(Problem(what, f"{where}:{row.line}", expected))


def _sorted_out(
    grid: Grid, at: int, columns: Columns, where: str
) -> tuple[list[GridRow], list[LeftOut], list[LeftOut], list[RefusedRow]]:
    """(rows to read, lines that are no purchases, columns without a heading, rows of another shape)."""
    head = grid.rows[at]
    last = max(k for k, t in enumerate(head.texts) if t.strip())
    unnamed = {k for k, t in enumerate(head.texts[:last]) if not t.strip()}
    below: list[GridRow] = []
    left_out: list[LeftOut] = []
    refused: list[RefusedRow] = []
    filled: set[int] = set()
    for row in grid.rows[at + 1 :]:
        if is_comment(row):
            continue
        why = not_a_purchase(row, head, columns)
        if why:
            left_out.append(LeftOut(f"line {row.line}", why))
            continue
        problem = _shape(row, head, last, bool(grid.separator), where) or hidden_total(row, columns, where)
        if problem is not None:
            refused.append(RefusedRow(row.line, (problem,)))
            continue
        filled |= {k for k in unnamed if k < len(row.cells) and row.cells[k]}
        below.append(row)
    unused = [
        LeftOut(f"{column_name(k)}: (no heading)", "a column without a heading") for k in sorted(filled)
    ]
    return below, left_out, unused, refused


def _shape(row: GridRow, head: GridRow, last: int, is_csv: bool, where: str) -> Problem | None:
    at = f"{where}:{row.line}"
    beyond = [c.text.strip() for c in row.cells[last + 1 :] if c]
    if beyond:
        what = f"{len(row.cells)} cells" if is_csv else f"{beyond[0]!r} stands right of the last heading"
        return Problem(
            what, at, f"{last + 1} as in the headings; a mark inside a number may have cut it in two"
        )
    if is_csv and len(row.cells) <= last:
        return Problem(f"{len(row.cells)} cells", at, f"{last + 1} as in the headings")
    for cell in row.cells if is_csv else ():
        lines = cell.text.splitlines()
        if len(lines) > 1 and any(sum(line.count(s) for s in SEPARATORS) >= last for line in lines[1:]):
            what = f"a cell of {len(lines)} lines holds what look like rows"
            return Problem(what, at, "a quotation mark closed where the cell ends")
    return None


def _decimal(
    rows: Sequence[GridRow], columns: Columns, grid: Grid, choices: ReadingChoices, where: str
) -> DecimalMark:
    cells = [
        NumberCell(f"line {row.line}", row.cells[k].text, m.field != "quantity")
        for row in rows
        for k, m, _ in columns.used
        if m.field in ("quantity", "value", "unit_price")
        and k < len(row.cells)
        and row.cells[k]
        and row.cells[k].number is None
    ]
    mark = decimal_mark(cells, where, grid.separator, columns.languages, choices.decimal)
    if mark.problem is not None:
        raise UserError(mark.problem)
    return mark


def _years(rows: Sequence[GridRow], columns: Columns) -> frozenset[int]:
    """The years that any row states."""
    found = (
        year_of(row.cells[k], "")
        for k, m, _ in columns.used
        if m.field in ("year", "date")
        for row in rows
        if k < len(row.cells) and row.cells[k]
    )
    return frozenset(y for y in found if isinstance(y, int))


def _repeated(rows: Sequence[GridRow]) -> list[str]:
    seen: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        seen.setdefault(tuple(row.texts), []).append(row.line)
    return [
        f"{line_list(lines)}: the same in every cell; each is counted."
        for lines in seen.values()
        if len(lines) > 1
    ]
