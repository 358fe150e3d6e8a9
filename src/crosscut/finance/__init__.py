"""Finance: a mine or plant as an investment. Takes prices, returns tonnes and money.

Pure: arrays in, arrays out. The types are in `technical`, `fiscal`, `financing` and `project`; `schedule`,
`operations`, `taxation`, `borrowing`, `servicing` and `waterfall` calculate; `returns`, `rates` and
`valuation` say what it is worth.
"""

from crosscut.finance.mine.project import Project

__all__ = ["Project"]
