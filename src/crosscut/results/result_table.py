"""Result table: the rows of one table of a document, with declared columns, types and units."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crosscut.results.rows import Row
from crosscut.results.tables.declared import TABLES

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class ResultTable:
    """One table.

    Attributes
    ----------
    name
        Its name in the document; columns of a declared name are in `crosscut.results.TABLES`.
    columns
        Names of the columns, in order.
    units
        Unit of every column that has one for all rows; `row unit` where the column `unit` says it.
    rows
        One mapping a row, column to text, number, flag or None.
    """

    name: str
    columns: tuple[str, ...]
    units: Mapping[str, str]
    rows: list[Row]

    @classmethod
    def of(cls, name: str, rows: Sequence[Mapping[str, Any]]) -> ResultTable:
        """A declared table with these rows.

        NaN and infinity become None: in a result missing is null with a status, never 0 or NaN.

        Raises
        ------
        ValueError
            A row has a column that is not declared, or lacks one.
        """
        columns = TABLES[name]
        unknown = {c for r in rows for c in r} - set(columns)
        absent = {c for r in rows for c in columns if c not in r}
        if unknown or absent:
            raise ValueError(
                f"table {name!r}: unknown columns {sorted(unknown)}, absent columns {sorted(absent)}"
            )
        return cls(
            name,
            tuple(columns),
            {c: unit for c, (_, unit, _) in columns.items() if unit},
            [{c: _jsonable(r[c]) for c in columns} for r in rows],
        )

    def __len__(self) -> int:
        return len(self.rows)

    def form(self) -> dict[str, Any]:
        """The table as it stands in JSON; the rows are not copied."""
        return {"columns": list(self.columns), "units": dict(self.units), "rows": self.rows}

    def frame(self) -> pl.DataFrame:
        """The table as a polars frame with the declared types; null where a value is missing.

        >>> ResultTable("x", ("place", "t"), {"t": "t"}, [{"place": "CHN", "t": 2}]).frame().rows()
        [('CHN', 2.0)]
        """
        import polars as pl

        types = {"text": pl.String, "number": pl.Float64, "flag": pl.Boolean}
        declared = {c: types[kind.removesuffix("?")] for c, (kind, _, _) in TABLES.get(self.name, {}).items()}
        schema = {c: declared.get(c) or _narrowest(r.get(c) for r in self.rows) for c in self.columns}
        return pl.DataFrame(
            {c: [_as(schema[c], r.get(c)) for r in self.rows] for c in self.columns}, schema=schema
        )


def tables_of(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, ResultTable]:
    """Make declared tables from the rows of each.

    Parameters
    ----------
    rows : mapping of str to sequence of mappings
        Rows by name of the table.

    Returns
    -------
    dict of str to ResultTable
        Tables by name, in the same order.
    """
    return {name: ResultTable.of(name, found) for name, found in rows.items()}


def _jsonable(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _narrowest(values: Iterator[Any]) -> type[pl.DataType]:
    """The narrowest type that holds the values of a column no table declares."""
    import polars as pl

    kinds = {type(v) for v in values if v is not None}
    if kinds and kinds <= {bool}:
        return pl.Boolean
    return pl.Float64 if kinds and kinds <= {int, float} else pl.String


def _as(kind: type[pl.DataType], value: Any) -> Any:
    import polars as pl

    if value is None:
        return None
    if kind is pl.Float64:
        return float(value)
    return str(value) if kind is pl.String else value
