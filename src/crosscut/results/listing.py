"""Listing: an answer that is a list of rows, such as the minerals, the scenarios or the facts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from crosscut.results.json_text import to_text
from crosscut.results.rows import Row

if TYPE_CHECKING:
    import polars as pl

SHOWN = 20  # rows of a summary in a notebook


class Listing(list[Row]):
    """A list of rows by name of column, which also gives itself as a frame and shows itself in a notebook.

    Examples
    --------
    >>> found = Listing([{"mineral": "tin", "grade": "C"}, {"mineral": "cobalt", "why": "hydroxide"}])
    >>> found.columns, len(found), found[0]["grade"]
    (('mineral', 'grade', 'why'), 2, 'C')
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in the order in which the rows bring them."""
        return tuple(dict.fromkeys(name for row in self for name in row))

    def table(self) -> pl.DataFrame:
        """The rows as a polars frame; a column that a row does not have is null there.

        Returns
        -------
        polars.DataFrame
            One row an entry. Columns of lists or mappings become text.

        Examples
        --------
        >>> Listing([{"mineral": "tin", "t": 1}, {"mineral": "cobalt", "t": 2.5}]).table()["t"].to_list()
        [1.0, 2.5]
        """
        import polars as pl

        columns = {name: [_plain(row.get(name)) for row in self] for name in self.columns}
        return pl.DataFrame(columns, strict=False)

    def to_json(self) -> str:
        """The text that the command prints with `--json`."""
        return to_text(list(self))

    def _repr_html_(self) -> str:
        """A table of the first rows for a notebook, with how many there are."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_words(row.get(name)))}</td>" for name in self.columns) + "</tr>"
            for row in self[:SHOWN]
        )
        rest = f"<p>{len(self):,} rows, the first {SHOWN} shown</p>" if len(self) > SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _plain(value: object) -> object:
    return str(value) if isinstance(value, list | tuple | dict) else value


def _words(value: object) -> str:
    return "" if value is None else str(value)[:200]
