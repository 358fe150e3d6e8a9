"""Projects: the types of a mine or plant as an investment. Takes a price table, returns tonnes and money.

Only the seams are here; schedule, cash flow and valuation build on them.
"""

from crosscut.projects.seams import Bid, CashFlow, CashLine, Project, ProjectInput, Term

__all__ = ["Bid", "CashFlow", "CashLine", "Project", "ProjectInput", "Term"]
