"""Purchases: a company's own buying as a CSV, checked row by row.

Columns: supplier_country, mineral (or hs_code), tonnes, usd; year is optional. A bad row is marked and
named; the good rows are still answered. `TEMPLATE` is a file to start from.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.places import place
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
    """Every row of the file in order.

    Raises UserError when there is no row, a needed column is missing, or no row can be read.

    >>> good, bad = parsed_purchases(
    ...     "supplier_country,mineral,tonnes,usd\\nChina,tungsten,2,90000\\nChian,tin,1,9\\n", "my.csv", 2024)
    >>> good.supplier, good.usd, str(bad.problem)
    ('CHN', 90000.0, "my.csv:3, supplier_country: unknown country 'Chian'. Did you mean 'China' or
    'CHN' or 'CAN'?")
    """
    lines = text.lstrip("\ufeff").splitlines()
    semicolons = bool(lines) and lines[0].count(";") > lines[0].count(
        ","
    )  # as spreadsheets of many countries save it
    reader = csv.DictReader(lines, delimiter=";" if semicolons else ",")
    header = [h.strip().casefold() for h in reader.fieldnames or []]
    reader.fieldnames = header
    problems = [
        Problem(f"column {c!r} is missing", f"{where}:1", f"columns {', '.join(COLUMNS)}")
        for c in NEEDED
        if c not in header
    ]
    if header and not {"mineral", "hs_code"} & set(header):
        problems.append(Problem("neither 'mineral' nor 'hs_code' is a column", f"{where}:1", "one of them"))
    if problems:
        raise UserError(problems)
    out = [
        _purchase(r, f"{where}:{n}", n, default_year)
        for n, r in enumerate(reader, 2)
        if any(v for v in r.values())
    ]
    if not out:
        raise UserError(
            Problem("no purchases", where, "one row a purchase; see `crosscut exposure --template`")
        )
    if all(p.problem for p in out):
        raise UserError([p.problem for p in out if p.problem])
    return out


def _purchase(r: dict[str, str], where: str, line: int, default_year: int) -> Purchase:
    try:
        supplier = place((r.get("supplier_country") or "").strip(), f"{where}, supplier_country").code
        mineral = _mineral(r, where)
        tonnes, usd = _number(r, "tonnes", where), _number(r, "usd", where)
        year = int(_number(r, "year", where)) if (r.get("year") or "").strip() else default_year
        if tonnes <= 0:
            raise UserError(Problem("no tonnes", f"{where}, tonnes", "more than 0"))
        return Purchase(line, supplier, mineral, tonnes, usd, year)
    except UserError as e:
        return Purchase(
            line, (r.get("supplier_country") or "").strip(), None, 0.0, 0.0, default_year, e.problems[0]
        )


def _mineral(r: dict[str, str], where: str) -> Mineral:
    name, code = (r.get("mineral") or "").strip(), (r.get("hs_code") or "").strip().replace(".", "")
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


def _number(r: dict[str, str], column: str, where: str) -> float:
    text = (r.get(column) or "").strip().replace(" ", "")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise UserError(
            Problem(f"{text!r} is not a number of 0 or more", f"{where}, {column}", "such as 12.5")
        )
    return value
