"""Workbook: one project, one case, as a spreadsheet whose formulas are alive: change a price and the worth
follows.

`cells` holds rows and formulas and evaluates them, so that a formula is checked against the engine before it
is written; `inputs`, `technical`, `cash`, `tax`, `finance`, `answers` fill the sheets; `write` writes the
file (extra `report`).
"""

from crosscut.output.workbook.book import workbook_of
from crosscut.output.workbook.write import write_workbook

__all__ = ["workbook_of", "write_workbook"]
