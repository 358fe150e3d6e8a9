"""Years: the market year after year. Each year is one solved market; what happened in it moves the next.

Pure: arrays and dataclasses in, arrays out. `outlook_years` walks the years of one draw.
"""

from crosscut.market.years.draw import (
    Behaviour,
    Facility,
    InvestmentRule,
    OutlookDraw,
    Recycling,
    Release,
    Stock,
    static_behaviour,
)
from crosscut.market.years.path import KnownYears, YearOutcome, YearUnsolved, outlook_years
from crosscut.market.years.sources import sources_of

__all__ = [
    "Behaviour",
    "Facility",
    "InvestmentRule",
    "KnownYears",
    "OutlookDraw",
    "Recycling",
    "Release",
    "Stock",
    "YearOutcome",
    "YearUnsolved",
    "outlook_years",
    "sources_of",
    "static_behaviour",
]
