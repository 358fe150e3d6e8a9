"""Tables: the fact tables as they are read, with an id on every row.

They come from the compiled store (bundled tables, corrections and, where there is one, a workspace). `rows`
and `table` show them as the ledger reads them: the value of a forced fact stands wherever the same thing is
stated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.ledger.store.compile_store import bundled_vocabulary
from crosscut.ledger.store.declarations import TABLES
from crosscut.ledger.store.fact import Source, TableSpec
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.validate_rows import GROUPS, UnitText, as_number, fact_id, rows_of_table

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "GROUPS",
    "UnitText",
    "as_number",
    "checked_rows",
    "checked_table",
    "fact_id",
    "relative_errors",
    "rows",
    "sources",
    "table",
    "units",
]


@per_ledger
def sources(ledger: Ledger) -> dict[str, Source]:
    """Every source that facts cite.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    dict of str to Source
        Source id -> source.
    """
    return ledger.store.sources()


@per_ledger
def units(ledger: Ledger) -> dict[str, UnitText]:
    """The unit vocabulary of the tables.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    dict of str to UnitText
        Unit as the tables write it -> its kind and the unit it is converted as.

    Examples
    --------
    >>> units(Ledger.bundled())["USD/dmtu WO3"].means
    'USD/mtu WO3'
    """
    return ledger.store.units()


def relative_errors(ledger: Ledger) -> dict[str, float]:
    """How far a figure may be off, by its evidence status.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    dict of str to float
        Evidence status -> relative error (fraction), from the bundled `evidence_status.csv` or the
        workspace's own.

    Examples
    --------
    >>> [relative_errors(Ledger.bundled())[s] for s in ("reported", "estimated", "imputed")]
    [0.05, 0.15, 0.5]
    """
    return ledger.store.errors()


@per_ledger
def table(ledger: Ledger, name: str) -> pl.DataFrame:
    """One fact table as a frame.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    name : str
        The table, such as "tungsten/production".

    Returns
    -------
    polars.DataFrame
        Declared numbers as Float64 (null where blank), in the unit of the row, all else text; with
        `fact_id`, `source_title`, `source_url` and `published`.

    Raises
    ------
    UserError
        For an unknown table; the nearest is named.

    Examples
    --------
    >>> import polars as pl
    >>> t = table(Ledger.bundled(), "tungsten/production")
    >>> t.filter((pl.col("iso3") == "WLD") & (pl.col("year") == "2024"))["mine_production"][0]
    82000.0
    """
    return _frame(list(rows(ledger, name)), TABLES[name], sources(ledger))


@per_ledger
def rows(ledger: Ledger, name: str) -> tuple[dict[str, str], ...]:
    """The rows of one fact table as text, with the values of forced facts.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    name : str
        The table, such as "tungsten/production".

    Returns
    -------
    tuple of dict
        Column -> text, with `fact_id`, in table order.

    Raises
    ------
    UserError
        For an unknown table; the nearest is named.
    """
    if name not in TABLES:
        raise UserError(Problem(f"no table {name!r}", "facts", suggestion(name, TABLES)))
    stored = ledger.store.rows(name)
    if not ledger.forced:
        return stored
    from crosscut.ledger.ask.resolve_conflicts import with_forced_values

    return with_forced_values(ledger, name, stored)


def checked_rows(name: str, text: str, spec: TableSpec) -> list[dict[str, str]]:
    """The rows in the text of a table, checked against its declaration and the bundled sources and units.

    Parameters
    ----------
    name : str
        The table, for ids and for errors.
    text : str
        A CSV file with its header.
    spec : TableSpec
        Its declaration.

    Returns
    -------
    list of dict
        Column -> text, with `fact_id`.

    Raises
    ------
    UserError
        With every broken row: file and line, field, what was expected.
    """
    return rows_of_table(name, text, spec, bundled_vocabulary())


def checked_table(name: str, text: str, spec: TableSpec) -> pl.DataFrame:
    """The table in a text as a frame; see `table`.

    Parameters
    ----------
    name : str
        The table, for ids and for errors.
    text : str
        A CSV file with its header.
    spec : TableSpec
        Its declaration.

    Returns
    -------
    polars.DataFrame
        As `table` gives it.

    Raises
    ------
    UserError
        As `checked_rows` raises it.
    """
    return _frame(checked_rows(name, text, spec), spec, dict(bundled_vocabulary().sources))


def _frame(listed: list[dict[str, str]], spec: TableSpec, known: dict[str, Source]) -> pl.DataFrame:
    import polars as pl

    frame = pl.DataFrame(listed, schema=dict.fromkeys(listed[0], pl.String))
    labels = {i: (s.title, s.url, s.published) for i, s in known.items()}
    return frame.with_columns(
        *(pl.col(c).replace("", None).cast(pl.Float64) for c in spec.numbers),
        *(
            pl.col("source_id")
            .replace_strict({i: v[k] for i, v in labels.items()}, return_dtype=pl.String)
            .alias(title)
            for k, title in enumerate(("source_title", "source_url", "published"))
        ),
    )
