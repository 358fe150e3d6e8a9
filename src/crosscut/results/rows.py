"""Rows: one line of a table of a result, by name of column.

Which columns a table has, and their types and units, is declared in `crosscut.results.tables`; a document is
checked against that when it is made, so a row is a plain dictionary until then. The column `status` of many
tables is a word and, after a colon, what people are told; programs compare the word (`RowStatus`), never the
prose.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

Row = dict[str, Any]


class RowStatus(StrEnum):
    """Whether a row has a value: it has, it has none, or it has one to be read with care."""

    OK = "ok"
    MISSING = "missing"
    FLAGGED = "flagged"

    def because(self, why: str) -> str:
        """The text of the column: the word and why.

        >>> RowStatus.MISSING.because("too few draws")
        'missing: too few draws'
        """
        return f"{self.value}: {why}"


def row_status(text: str) -> RowStatus | None:
    """Read the word of a column `status`.

    Parameters
    ----------
    text : str
        The cell, such as "flagged: few draws".

    Returns
    -------
    RowStatus or None
        None where the column says something else (as in tables of money).

    Examples
    --------
    >>> row_status("flagged: few draws"), row_status("shown")
    (<RowStatus.FLAGGED: 'flagged'>, None)
    """
    word = text.partition(":")[0]
    return RowStatus(word) if word in tuple(RowStatus) else None


def told(text: str) -> str:
    """Read what people are told after the word of a status.

    Parameters
    ----------
    text : str
        The cell, such as "flagged: few draws".

    Returns
    -------
    str
        The rest; "" where the word stands alone.

    Examples
    --------
    >>> told("flagged: few draws"), told("ok")
    ('few draws', '')
    """
    return text.partition(": ")[2]
