"""Statements: profit and balance sheet, computed apart from the cash, so that the two check each other.

Tests: tests/finance/test_conservation.py, tests/studies/project/test_everything_at_once.py
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscut.base.arrays import Array
from crosscut.finance.cash.parties import PartyLine
from crosscut.finance.cash.waterfall import Cash
from crosscut.finance.mine.operations import Operations
from crosscut.finance.mine.project import Project


@dataclass(frozen=True, eq=False)
class Statements:
    """Profit by year; assets, what is owed, and equity at the end of each year."""

    profit: Array
    assets: dict[str, Array]
    owed: dict[str, Array]
    equity: dict[str, Array]

    @property
    def gap(self) -> Array:
        """Assets less what is owed and equity: zero where the books balance."""
        out: Array = np.asarray(
            sum(self.assets.values()) - sum(self.owed.values()) - sum(self.equity.values()), dtype=float
        )
        return out


def statements(p: Project, o: Operations, c: Cash) -> Statements:
    """Profit and balance sheet.

    Money paid by holders of streams is income as the product is delivered; grants and guarantees paid are
    equity.

    Parameters
    ----------
    p : Project
        The project.
    o : Operations
        Its operations.
    c : Cash
        Its cash.

    Returns
    -------
    Statements
        By year and draw.
    """
    recognised = _recognised(o, c)
    before = np.ones((len(p.years), 1))
    before[: p.production] = 0.0
    profit = (
        o.revenue
        + o.selling
        + o.operating * before
        + sum(c.duties.values(), np.zeros((len(p.years), 1)))
        + o.export_duty
        + o.credits
        + o.closure
        - c.written_off
        - c.expensed_interest
        + c.tax
        + recognised
    )
    assets = {
        "cash": c.cash,
        "reserve": c.reserve,
        "receivables": o.receivable,
        "stocks": o.inventory,
        "tax to be given back": o.vat_owed,
        "plant and mine": np.cumsum(c.additions + c.capitalised, axis=0) - np.cumsum(c.written_off, axis=0),
    }
    owed = {
        "payables": o.payable,
        **{f"loan {k + 1}": path.owed for k, path in enumerate(c.loans)},
        "prepayments": c.prepayment_owed,
        "shareholder loans": c.shareholder_owed,
        "streams": np.cumsum(c.streamed_in - recognised, axis=0),
    }
    equity = {
        "paid in": np.cumsum(c.contributed + c.guarantee + c.grants, axis=0),
        "retained": np.cumsum(profit - c.dividends, axis=0),
    }
    return Statements(profit, assets, owed, equity)


def _recognised(o: Operations, c: Cash) -> Array:
    total = c.streamed_in.sum(axis=0)
    sold = o.schedule.sold
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(sold.sum(axis=0) > 0, sold / np.maximum(sold.sum(axis=0), 1e-300), 0.0)
    out: Array = share * total
    return out


def unaccounted(listed: tuple[PartyLine, ...], c: Cash) -> Array:
    """What all lines add up to, less the growth of cash and reserve.

    Parameters
    ----------
    listed : tuple[PartyLine, ...]
        Payments, as `parties.lines` gives them.
    c : Cash
        The cash.

    Returns
    -------
    Array, shape (years, draws)
        Money: zero where the waterfall adds up.
    """
    total: Array = np.asarray(sum(line.money for line in listed))
    held = c.cash + c.reserve
    out: Array = total - np.diff(held, axis=0, prepend=np.zeros((1, held.shape[1])))
    return out
