"""How exposed a country or a company is, and the published indicators of supply risk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crosscut.app.api.datasets import data_in_use, data_version
from crosscut.app.api.documents import text_of
from crosscut.ledger.store.ledger_context import current
from crosscut.worlds import DEFAULT_YEAR
from crosscut.worlds import world as built_world

if TYPE_CHECKING:
    from crosscut.results import Document


def exposure(
    mineral: str, country: str, *, year: int = DEFAULT_YEAR, seed: int = 1, draws: int = 50
) -> Document:
    """How exposed a country is: traced origins, concentration, loss of the largest foreign origin."""
    from crosscut.studies.exposure.exposure import exposure_result

    return exposure_result(
        current(), built_world(current(), mineral, year), country, seed=seed, draws=draws, **data_in_use()
    )


def indicators(
    minerals: str | Sequence[str],
    country: str | None = None,
    *,
    years: Sequence[int] = (2024,),
    window: int = 1,
    uses: str | Path | None = None,
) -> Document:
    """Every published indicator of one or more minerals, for the world and for a country or bloc.

    `window` years ending in each year are pooled for import sources; `uses` is a CSV (mineral, sector, share,
    value_added, largest) of a region's own uses for economic importance. A name or year that is not known is
    a marked row and a statement, and `status.ok` is false. Raises UserError when nothing can be answered.

    >>> rows = indicators("tungsten", "Germany", years=[2022])["tables"]["indicators"]["rows"]
    >>> wanted = ("geopolrisk.score", "as reported")
    >>> [round(r["value"], 6) for r in rows if (r["indicator"], r["variant"]) == wanted]
    [0.236126]
    """
    from crosscut.studies.indicators.answers import answer
    from crosscut.studies.indicators.document import document

    names = [minerals] if isinstance(minerals, str) else list(minerals)
    table = None if uses is None else text_of(uses, "a CSV of uses")
    found = answer(current(), names, country, list(years), window, uses=table, where=str(uses or ""))
    return document(current(), found, names, data_version())


def purchases(path: str | Path, *, year: int = 2024) -> Document:
    """Exposure of a company's own purchases (CSV; see `crosscut exposure --template`): spend at risk,
    GeoPolRisk score and characterisation factor by mineral, who stands behind each supplier. Bad rows are
    marked and named."""
    from crosscut.inputs.purchases import parsed_purchases
    from crosscut.studies.indicators.answers.company import company_rows
    from crosscut.studies.indicators.document import company_document

    bought = parsed_purchases(
        text_of(path, "a CSV of purchases; see `crosscut exposure --template`"), str(path), year
    )
    rows, suppliers = company_rows(current(), bought)
    return company_document(current(), rows, suppliers, data_version())
