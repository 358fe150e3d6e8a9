"""Document: the rows of an answer as one result (`crosscut.result/1`, kind `indicators`)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from crosscut.base.errors import Problem
from crosscut.base.places import all_places, blocs
from crosscut.base.version import __version__
from crosscut.ledger.minerals import sorted_out
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import (
    Assumption,
    Document,
    Horizon,
    Inputs,
    Limit,
    Statement,
    Status,
    WorldUsed,
    tables_of,
)
from crosscut.studies.indicators.answers import IndicatorAnswer
from crosscut.studies.indicators.geopolrisk import geopolrisk
from crosscut.studies.indicators.panel import ESTIMATE, FIRST_TRADE_YEAR, IMPUTED, LAST_TRADE_YEAR, PRINTED
from crosscut.studies.indicators.rows import IndicatorRow
from crosscut.studies.indicators.uncertainty import DRAWS, SEED
from crosscut.studies.shared.cited_facts import cited_facts

NO_WORLD = "facts"  # grade of a result that rests on facts alone, without a balanced world


def document(ledger: Ledger, a: IndicatorAnswer, minerals: Sequence[str], data: str) -> Document:
    """The result of an answer.

    `inputs.world.grade` is "facts": no world was balanced.

    Parameters
    ----------
    ledger : Ledger
        Says what the cited facts are.
    a : IndicatorAnswer
        Rows and problems.
    minerals : Sequence[str]
        As they were asked for.
    data : str
        sha256 of the data behind the answer.

    Returns
    -------
    Document
        Of kind `indicators`; `status.ok` is false where a mineral or year was refused.
    """
    tables = {"indicators": [r.as_dict() for r in a.rows]}
    years = min(a.years), max(a.years)
    inputs = _inputs(", ".join(minerals), years[1], data)
    return _of_rows(ledger, a.rows, tables, inputs, years, a.problems, ())


def _inputs(minerals: str, year: int, data: str) -> Inputs:
    return Inputs(
        mineral=minerals,
        world=WorldUsed(year, data, NO_WORLD),
        scenario=None,
        seed=SEED,
        draws=DRAWS,
        code=__version__,
        data=data,
    )


def _of_rows(
    ledger: Ledger,
    rows: Sequence[IndicatorRow],
    tables: dict[str, Any],
    inputs: Inputs,
    years: tuple[int, int],
    problems: Sequence[Problem],
    places: Iterable[str],
) -> Document:
    used = {*(r.place for r in rows), *(r.variant for r in rows), *places}
    return Document(
        kind="indicators",
        inputs=inputs,
        status=Status(not problems, 0, (), {}),
        horizon=Horizon.of_years(years[0], years[1], "Calendar years of the facts."),
        tables=tables_of(tables),
        statements=tuple([Statement("refused", str(p)) for p in problems]),
        assumptions=errors_assumed(),
        facts=cited_facts(ledger, {f for r in rows for f in r.facts}),
        limits=(
            Limit("Errors of the facts are taken as independent", "intervals too narrow"),
            Limit("Trade codes are gross tonnes and pool products", "either way, by grade"),
            Limit("Governance is political stability alone", "either way against six-indicator means"),
        ),
        places={c: all_places()[c].name for c in sorted(used & set(all_places()))},
    )


def errors_assumed() -> tuple[Assumption, ...]:
    """The errors that are taken for figures by how they came about; the intervals of all indicators rest on
    them.

    Returns
    -------
    tuple[Assumption, ...]
        Relative standard deviations.
    """
    return tuple(
        Assumption(
            id=f"sd-{what}",
            what=f"relative standard deviation of {words}",
            value=value,
            low=None,
            high=None,
            evidence_status="assumed",
        )
        for what, words, value in (
            ("printed", "a printed figure", PRINTED),
            ("estimated", "an estimated figure", ESTIMATE),
            ("imputed", "an imputed figure", IMPUTED),
        )
    )


def geopolrisk_of_every_country(ledger: Ledger, result: Document) -> bytes | None:
    """GeoPolRisk of every country and bloc for the minerals and years of a result, as Parquet.

    Parameters
    ----------
    ledger : Ledger
        Trade, output and governance.
    result : Document
        Of kind `indicators`.

    Returns
    -------
    bytes | None
        The bytes of a file with the columns of `geopolrisk`; None where no mineral of the result has trade
        figures or no year has.
    """
    rows = result.rows("indicators")
    known, _ = sorted_out(list(dict.fromkeys(r["mineral"] for r in rows)))
    chosen = [m for m in known if m.hs92]
    years = [
        y
        for y in range(int(result.horizon.start[:4]), int(result.horizon.end[:4]) + 1)
        if FIRST_TRADE_YEAR <= y <= LAST_TRADE_YEAR
    ]
    if not chosen or not years:
        return None
    buffer = io.BytesIO()
    geopolrisk(ledger, chosen, years, blocs()).write_parquet(buffer)
    return buffer.getvalue()
