"""One row of purchases: country, product, tonnes, money and year, or every reason why it cannot be read.

Tests: tests/inputs/purchases/test_row_checks.py
"""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.base.errors import Problem, UserError
from crosscut.base.places import place
from crosscut.inputs.purchases.amounts import Amounts
from crosscut.inputs.purchases.purchase import Purchase, RefusedRow
from crosscut.inputs.purchases.row_cells import COUNTRY_FIELDS, FileBeingRead, RowCells
from crosscut.inputs.purchases.table.grid import GridRow
from crosscut.inputs.purchases.unit_values import value_problem
from crosscut.inputs.purchases.words.dates import year_of
from crosscut.inputs.purchases.words.products import BoughtProduct, bought
from crosscut.inputs.purchases.words.units import Share, stated_content, tonnes_of


def read_row(file: FileBeingRead, row: GridRow) -> Purchase | RefusedRow:
    """A row as a purchase.

    Parameters
    ----------
    file : FileBeingRead
        What all rows of the file share.
    row : GridRow
        A row under the headings.

    Returns
    -------
    Purchase or RefusedRow
        A row is refused with every reason at once.
    """
    cells = RowCells(file, row)
    amounts = Amounts(cells)
    country = _country(cells)
    product = _product(cells)
    year = _year(cells)
    unit = amounts.unit(product)
    quantity = cells.number("quantity")
    money = amounts.money_unit()
    paid = amounts.paid(quantity, unit, money)
    usd = amounts.usd(paid, money, year)
    if (
        not cells.problems
        and country is not None
        and product is not None
        and year is not None
        and unit is not None
        and quantity is not None
        and money is not None
        and paid is not None
        and usd is not None
    ):
        tonnes = tonnes_of(quantity, unit, _content(cells, product) or product.content)
        read = Purchase(
            line=row.line,
            supplier=country,
            mineral=product.mineral,
            form=product.form,
            tonnes=tonnes.gross,
            contained=tonnes.contained,
            usd=usd,
            year=year,
            paid=paid,
            currency=money.currency,
            seller=cells.text("supplier"),
        )
        fault = value_problem(file.ledger, read, cells.at(""))
        if fault is None:
            return read
        cells.problems.append(fault)
    name = product.mineral.name if product is not None else ""
    shown = country or cells.text("origin") or cells.text("supplier_country")
    return RefusedRow(row.line, tuple(cells.problems), shown, name, usd, year)


def _country(cells: RowCells) -> str | None:
    """ISO3 of the origin, or of the supplier where the row states no origin."""
    origin = _place(cells, ("origin", "origin_code"))
    seller = _place(cells, ("supplier_country", "supplier_code"))
    has_origin = any(cells.has(f) for f in COUNTRY_FIELDS[:2])
    has_seller = any(cells.has(f) for f in COUNTRY_FIELDS[2:])
    if origin and has_seller:
        cells.note("the country of origin is used, not the supplier's")
    if origin:
        return origin
    if seller:
        if has_origin:
            cells.note("no origin is stated; the supplier's country is used")
        return seller
    if not cells.problems:
        first = next((f for f in COUNTRY_FIELDS if cells.has(f)), "")
        cells.wrong("no country", first, "a country such as China or CHN")
    return None


def _place(cells: RowCells, fields: Sequence[str]) -> str | None:
    """The country that a name and a code state; the two must agree."""
    found: dict[str, str] = {}
    for name in fields:
        text = cells.text(name)
        if not text or text in ("-", "--"):
            continue
        if text.casefold() in ("na", "n/a", "n.a.", "#n/a"):
            cells.wrong(f"{text!r} can mean Namibia or 'not available'", name, "NAM, or the country")
            continue
        try:
            spot = place(text, cells.at(name))
        except UserError as fault:
            cells.problems += fault.problems
            continue
        if spot.kind == "group":
            cells.wrong(f"{text!r} is a group of countries", name, "one country")
            continue
        found[name] = spot.code
    if len(set(found.values())) > 1:
        texts = " and ".join(f"{cells.text(f)!r}" for f in found)
        cells.wrong(f"{texts} are two countries", fields[1], "a name and a code of one country")
        return None
    return next(iter(found.values()), None)


def _product(cells: RowCells) -> BoughtProduct | None:
    found = bought(cells.text("mineral"), cells.text("hs_code"), cells.at("mineral"), cells.at("hs_code"))
    if isinstance(found, list):
        cells.problems += found
        return None
    cells.note(found.note)
    return found


def _content(cells: RowCells, product: BoughtProduct) -> Share | None:
    text = cells.text("content")
    if not text:
        return None
    cell = cells.cell("content")
    shown = f"{text} {cell.sign}" if cell.sign and cell.sign not in text else text
    stated = stated_content(shown, product.mineral.name)
    if stated is None:
        cells.note(f"content {shown!r} does not say of what (such as WO3): not used")
    return stated


def _year(cells: RowCells) -> int | None:
    years: dict[str, int] = {}
    for name in ("year", "date"):
        cell = cells.cell(name)
        if not cells.text(name):
            continue
        found = year_of(cell, cells.at(name))
        if isinstance(found, Problem):
            cells.problems.append(found)
            return None
        years[name] = found
    if len(set(years.values())) > 1:
        cells.wrong(f"the year is {years['year']} and the date in {years['date']}", "year", "one year")
        return None
    if years:
        return next(iter(years.values()))
    year = cells.file.choices.default_year
    if cells.file.years - {year}:
        stated = ", ".join(map(str, sorted(cells.file.years)))
        name = "year" if cells.has("year") else "date"
        cells.wrong(f"no year, while other lines state {stated}", name, "a year in every line, or in none")
        return None
    cells.note(f"no year is stated; {year} is taken")
    return year
