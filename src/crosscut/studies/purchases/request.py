"""What the question about a company's purchases is asked with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Interval
from pydantic import BeforeValidator

from crosscut.inputs.purchases.purchase import ReadingChoices
from crosscut.studies.request import Request, Seed, Whole, option

DEFAULT_YEAR = 2024


def _as_entries(value: object) -> object:
    """A mapping, as Python gives it, as the entries of the command line."""
    return tuple(f"{k}={v}" for k, v in value.items()) if isinstance(value, Mapping) else value


class PurchasesRequest(Request):
    """What a company's own buying is exposed to: measures in force on it today, what a year's stop of each
    supplier country does to its bill and its tonnes, who else sells, public stocks, the published governance
    index (GeoPolRisk). The file is CSV or XLSX as people have it; how it was read is part of the answer, and
    a row that could not be read is named and in no sum.

    Returns
    -------
    document
        Of kind ``purchases``; ``status.ok`` is false where a row could not be read or has no facts.
    """

    question = "exposure"
    path: Annotated[Path, option("--purchases", "File of your own purchases, CSV or XLSX.", position=True)]
    year: Annotated[Whole, option("--year", "Year of rows that give none.", position=True)] = DEFAULT_YEAR
    country: Annotated[
        str,
        option(
            "--country",
            "Where you buy: prices, tonnes and measures are read there (default: all outside the seller).",
            expected="a name or ISO code, such as JPN",
        ),
    ] = ""
    seed: Seed = 1
    draws: Annotated[
        Whole, Interval(ge=1, le=100_000), option("--draws", "Number of futures solved.", example="20")
    ] = 20
    sheet: Annotated[str, option("--sheet", "Sheet of a workbook, where several hold purchases.")] = ""
    columns: Annotated[
        tuple[str, ...],
        BeforeValidator(_as_entries),
        option(
            "--map",
            "What a column is, as 'Heading=field' (repeatable); fields: supplier_country, origin, mineral,"
            " hs_code, quantity, unit, value, unit_price, currency, year, date, content, unused.",
            expected="Heading=field, such as 'Menge=tonnes'",
        ),
    ] = ()
    unit: Annotated[str, option("--unit", "Unit of quantities that carry none, such as kg.")] = ""
    currency: Annotated[str, option("--currency", "Currency of money that carries none, such as EUR.")] = ""
    rates: Annotated[
        tuple[str, ...],
        BeforeValidator(_as_entries),
        option(
            "--rate",
            "Exchange rate of your own, units per USD, as 'PLN=3.98' (repeatable).",
            expected="units per USD, such as PLN=3.98",
        ),
    ] = ()
    decimal: Annotated[
        Literal[".", ","] | None,
        option(
            "--decimal",
            "Decimal mark of the numbers, where the file does not tell.",
            expected="a dot or a comma",
        ),
    ] = None
    dry_run: Annotated[bool, option("--dry-run", "Show how the file is read, and compute nothing.")] = False

    @property
    def choices(self) -> ReadingChoices:
        """What was decided about the file."""
        return ReadingChoices(
            self.year, self.sheet, self.columns, self.unit, self.currency, self.decimal or "", self.rates
        )


class PurchasesTemplateRequest(Request):
    """A purchases file to start from.

    Returns
    -------
    str
        The text of a CSV.
    """

    question = "exposure"
