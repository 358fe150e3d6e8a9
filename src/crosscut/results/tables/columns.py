"""Columns: how a column of a table is declared, and the three that most tables share.

The file is short because every declaration of tables reads it.
"""

from __future__ import annotations

Column = tuple[str, str, str]  # type (text, text?, number, number?, flag, flag?), unit, meaning

INTERVAL: dict[str, Column] = {
    "p10": ("number?", "", "10 % point over the draws"),
    "median": ("number?", "", "50 % point over the draws"),
    "p90": ("number?", "", "90 % point over the draws"),
}
