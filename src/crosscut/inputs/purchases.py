"""Purchases: a company's own buying as a CSV, checked row by row.

Columns: supplier_country, mineral (or hs_code), tonnes, usd; year is optional. A bad row is marked and
named; the good rows are still answered. `TEMPLATE` is a file to start from.
"""

from __future__ import annotations

from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.places import place
from crosscut.inputs.csv_table import CsvRow, CsvTable
from crosscut.ledger.minerals import Mineral, all_minerals, known_or_problem

COLUMNS = ("supplier_country", "mineral", "hs_code", "tonnes", "usd", "year")
NEEDED = ("supplier_country", "tonnes", "usd")
TEMPLATE = """supplier_country,mineral,hs_code,tonnes,usd,year
China,tungsten,,12.5,610000,2024
Viet Nam,,810110,3.0,190000,2024
"""


@dataclass(frozen=True)
class Purchase:
    """One row of the file: tonnes as bought (gross), nominal USD. `problem` is set, and the rest may be
    empty, where the row could not be read."""

    line: int
    supplier: str
    mineral: Mineral | None
    tonnes: float
    usd: float
    year: int
    problem: Problem | None = None


def parsed_purchases(text: str, where: str, default_year: int) -> list[Purchase]:
    """Read a table of purchases.

    Parameters
    ----------
    text : str
        CSV text with a head row.
    where : str
        Name of the file, for messages.
    default_year : int
        The year of rows that state none.

    Returns
    -------
    list of Purchase
        Rows in their order, in gross tonnes and nominal USD; a row that cannot be read carries its problem.
        Rows of another length than the head follow at the end, as problems alone.

    Raises
    ------
    UserError
        When there is no row, a needed column is missing, or no row can be read.

    Examples
    --------
    >>> good, bad = parsed_purchases(
    ...     "supplier_country,mineral,tonnes,usd\\nChina,tungsten,2,90000\\nChian,tin,1,9\\n", "my.csv", 2024)
    >>> good.supplier, good.usd, str(bad.problem)
    ('CHN', 90000.0, "my.csv:3, supplier_country: unknown country 'Chian'. Did you mean 'China'?")
    """
    problems: list[Problem] = []
    table = CsvTable(text, where, NEEDED, problems)
    if table.header and not {"mineral", "hs_code"} & set(table.header):
        table.wrong(1, "", "neither 'mineral' nor 'hs_code' is a column", "one of them")
    if not table.rows:
        table.refuse()
    out = [_purchase(table, line, row, default_year) for line, row in table]
    out += [Purchase(0, "", None, 0.0, 0.0, default_year, p) for p in problems]  # lines of another length
    if not out:
        raise UserError(
            Problem("no purchases", where, "one row a purchase; see `crosscut exposure --template`")
        )
    if all(p.problem for p in out):
        raise UserError([p.problem for p in out if p.problem])
    return out


def _purchase(table: CsvTable, line: int, row: CsvRow, default_year: int) -> Purchase:
    before = len(table.problems)
    supplier = row["supplier_country"]
    try:
        code = place(supplier, table.at(line, "supplier_country")).code
        mineral = _mineral(row, table.at(line))
        tonnes = table.number(line, row, "tonnes", low=0, needed=True)
        usd = table.number(line, row, "usd", low=0, needed=True)
        year = table.year(line, row, "year", needed=False)
        if tonnes == 0:
            table.wrong(line, "tonnes", "no tonnes", "more than 0")
    except UserError as e:
        table.problems[before:] = e.problems
    own = table.problems[before:]
    del table.problems[before:]  # told with the row, beside the good ones
    if own or tonnes is None or usd is None:
        return Purchase(line, supplier, None, 0.0, 0.0, default_year, own[0])
    return Purchase(line, code, mineral, tonnes, usd, default_year if year is None else year)


def _mineral(r: CsvRow, where: str) -> Mineral:
    name, code = r.get("mineral", ""), r.get("hs_code", "").replace(".", "")
    if name:
        found = known_or_problem(name, f"{where}, mineral")
        if isinstance(found, Problem):
            raise UserError(found)
        return found
    for m in all_minerals().values():
        if code[:6] in m.hs92:
            return m
    codes = [c for m in all_minerals().values() for c in m.hs92]
    what = f"code {code!r} belongs to no mineral here" if code else "neither a mineral nor a code"
    raise UserError(
        Problem(what, f"{where}, hs_code", suggestion(code, codes) if code else "a mineral such as tungsten")
    )
