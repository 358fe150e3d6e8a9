"""Rows: one line of a table of a result, by name of column.

Which columns a table has, and their types and units, is declared in `crosscut.results.tables`; a document is
checked against that when it is made, so a row is a plain dictionary until then. The file is short because it
is the one home of the name.
"""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
