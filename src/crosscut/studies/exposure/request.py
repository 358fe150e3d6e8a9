"""What the questions about exposure are asked with: of a country, of a company's own purchases."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Interval
from pydantic import BeforeValidator

from crosscut.inputs.purchases.purchase import ReadingChoices
from crosscut.ledger.mineral_names import MineralWord
from crosscut.studies.request import Request, Seed, Whole, Year, argument, option

DEFAULT_YEAR = 2024


def _as_entries(value: object) -> object:
    """A mapping, as Python gives it, as the entries of the command line."""
    return tuple(f"{k}={v}" for k, v in value.items()) if isinstance(value, Mapping) else value


class ExposureRequest(Request):
    """How exposed a country or bloc is: traced origins, concentration, loss of the largest foreign origin.

    Returns
    -------
    document
        Of kind ``exposure``.

    Examples
    --------
    >>> import crosscut
    >>> rows = crosscut.exposure("tungsten", "Japan", draws=2).get("tables")["exposure"]["rows"]
    >>> {r["form"] for r in rows} >= {"oxide", "powder"}
    True
    """

    question = "exposure"
    mineral: Annotated[
        MineralWord, argument("A mineral.", expected="MINERAL --country COUNTRY, or --purchases FILE")
    ]
    country: Annotated[
        str,
        option(
            "--country",
            "Country: name or ISO code.",
            expected="a name or ISO code, such as JPN",
            position=True,
        ),
    ]
    year: Year = DEFAULT_YEAR
    seed: Seed = 1
    draws: Annotated[
        Whole, Interval(ge=1, le=100_000), option("--draws", "Number of futures solved.", example="50")
    ] = 50


class PurchasesRequest(Request):
    """How exposed a company is by its own purchases: spend at risk, GeoPolRisk score and characterisation
    factor by mineral, who stands behind each supplier. The file is CSV or XLSX as people have it; how it was
    read is part of the answer, and a row that could not be read is named and in no sum.

    Returns
    -------
    document
        Of kind ``indicators`` with a table ``purchases``; ``status.ok`` is false where a row could not be
        read or has no data.
    """

    question = "exposure"
    path: Annotated[Path, option("--purchases", "File of your own purchases, CSV or XLSX.", position=True)]
    year: Annotated[Whole, option("--year", "Year of rows that give none.", position=True)] = DEFAULT_YEAR
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
