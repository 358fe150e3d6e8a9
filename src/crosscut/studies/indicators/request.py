"""What the published indicators of supply risk are asked with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from annotated_types import Ge
from pydantic import BeforeValidator

from crosscut.studies.request import Request, Whole, argument, option

DEFAULT_YEAR = 2024
IMPORT_YEARS = 4  # pooled for import sources, as the USGS does; the same in every command

Minerals = Annotated[tuple[str, ...], BeforeValidator(lambda v: (v,) if isinstance(v, str) else v)]


class IndicatorsRequest(Request):
    """Every published indicator of one or more minerals, for the world and for a country or bloc.

    A name or year that is not known is a marked row and a statement, and ``status.ok`` is false.

    Returns
    -------
    document
        Of kind ``indicators``: a row an indicator, each with interval, source and gaps.

    Raises
    ------
    UserError
        When nothing can be answered.

    Examples
    --------
    >>> import crosscut
    >>> rows = crosscut.indicators("tungsten", "Germany", years=[2022])["tables"]["indicators"]["rows"]
    >>> kept = [r for r in rows if r["indicator"] == "geopolrisk.score" and r["variant"] == "as reported"]
    >>> [round(r["value"], 6) for r in kept]
    [0.236126]
    """

    question = "indicators"
    minerals: Annotated[
        Minerals,
        argument("Minerals, or 'all'.", "MINERALS", expected="a name such as tungsten, or all"),
    ]
    country: Annotated[
        str | None,
        option("--country", "A country or bloc (EU27, G7, ...); without it the world alone.", position=True),
    ] = None
    years: Annotated[tuple[Whole, ...], option("--year", "A year; may be repeated (default: 2024).")] = (
        DEFAULT_YEAR,
    )
    window: Annotated[
        Whole, Ge(1), option("--window", "Years pooled for import sources, ending in the year.")
    ] = IMPORT_YEARS
    uses: Annotated[
        Path | None,
        option("--uses", "CSV of a region's own uses: mineral, sector, share, value_added, largest."),
    ] = None
