"""What a reader of purchases is given and gives: choices, rows read, rows refused, and how the file was
read.

Every type is frozen; nothing here reads a file.
"""

from __future__ import annotations

from dataclasses import dataclass

from crosscut.base.errors import Problem
from crosscut.ledger.minerals import Mineral

#: field -> what its column holds, for messages and for the page of the reader
FIELDS = {
    "supplier_country": "country of the supplier",
    "supplier_code": "code of the supplier's country",
    "origin": "country where the metal comes from",
    "origin_code": "code of the country where the metal comes from",
    "mineral": "mineral or product",
    "hs_code": "customs code",
    "quantity": "how much",
    "unit": "unit of the quantity",
    "content": "content of the metal, such as 65 % WO3",
    "value": "money paid for the row",
    "unit_price": "money paid for one unit",
    "currency": "currency of the money",
    "year": "calendar year",
    "date": "date of the purchase",
    "supplier": "name of the supplier",
}


@dataclass(frozen=True)
class ReadingChoices:
    """What the person who asks has decided about a file; empty where the file decides.

    Parameters
    ----------
    default_year : int
        Year of rows that state none.
    sheet : str
        Name of the sheet of a workbook.
    columns : tuple of str
        Columns named by hand, each as "Heading=field", such as "Menge=tonnes".
    unit : str
        Unit of quantities that carry none.
    currency : str
        Currency of money that carries none, with a scale where there is one: "thousand EUR".
    decimal : str
        Decimal mark of the numbers, "." or ",".
    rates : tuple of str
        Exchange rates of your own, units per USD, each as "PLN=3.98"; they stand in for those on record.
    """

    default_year: int = 2024
    sheet: str = ""
    columns: tuple[str, ...] = ()
    unit: str = ""
    currency: str = ""
    decimal: str = ""
    rates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Purchase:
    """One row that was read.

    Parameters
    ----------
    line : int
        Line of the file, or row of the sheet, from 1.
    supplier : str
        ISO3 code of the country the metal comes from, or of the supplier where the file gives no origin.
    mineral : Mineral
        What was bought.
    form : str
        BoughtProduct, such as "oxide" (APT) of tungsten; empty where the file does not say.
    tonnes : float or None
        t of the product as bought (gross); None where the file states contained metal alone, as mtu do.
    contained : float or None
        t of metal in it; None where the content is not stated.
    usd : float
        Nominal USD, at the average rate of the year.
    year : int
        Calendar year.
    paid : float
        Money as stated, in `currency`.
    currency : str
        Its code.
    seller : str
        Name of the supplier, empty where the file gives none.
    """

    line: int
    supplier: str
    mineral: Mineral
    form: str
    tonnes: float | None
    contained: float | None
    usd: float
    year: int
    paid: float
    currency: str
    seller: str = ""


@dataclass(frozen=True)
class RefusedRow:
    """A row that could not be read, with every reason; `usd`, `year` and `mineral` as far as they could."""

    line: int
    problems: tuple[Problem, ...]
    supplier: str = ""
    mineral: str = ""
    usd: float | None = None
    year: int | None = None


@dataclass(frozen=True)
class ColumnUse:
    """One column that is used: where it stands ("C"), its heading, the field, and the unit it carries."""

    column: str
    heading: str
    field: str
    unit: str = ""


@dataclass(frozen=True)
class LeftOut:
    """Something that is no purchase, and why: a column or a line."""

    what: str
    why: str


@dataclass(frozen=True)
class Purchases:
    """A file of purchases as it was read.

    Parameters
    ----------
    where : str
        Name of the file.
    rows : tuple of Purchase
        Rows read, in the order of the file.
    refused : tuple of RefusedRow
        Rows that could not be read.
    columns : tuple of ColumnUse
        Which column was read as what.
    unused : tuple of LeftOut
        Columns that were not used.
    left_out : tuple of LeftOut
        Lines that are no purchases: titles, totals, repeated headings.
    assumptions : tuple of str
        What was taken for granted, a sentence each.
    reading : tuple of (str, str)
        Encoding, separator, decimal mark, sheet: name and value.
    """

    where: str
    rows: tuple[Purchase, ...]
    refused: tuple[RefusedRow, ...]
    columns: tuple[ColumnUse, ...]
    unused: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]
    assumptions: tuple[str, ...]
    reading: tuple[tuple[str, str], ...]

    @property
    def lines(self) -> int:
        """How many lines hold a purchase, read or refused."""
        return len(self.rows) + len(self.refused)
