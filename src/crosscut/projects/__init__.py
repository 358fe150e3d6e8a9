"""Projects: a mine or plant as an investment. Takes prices, returns tonnes and money.

Pure: arrays in, arrays out. The types are in `technical`, `fiscal`, `financing` and `project`; `schedule`,
`operations`, `taxation`, `borrowing`, `servicing` and `waterfall` calculate; `returns`, `rates` and
`valuation` say what it is worth.
"""

from crosscut.projects.project import Project
from crosscut.projects.seams import Bid, Term

__all__ = ["Bid", "Project", "Term"]
