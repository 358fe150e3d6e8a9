"""Financing: the types of who pays for a project and who is paid back. Amounts are nominal money of the
project.

Tests: tests/finance/test_debt_by_hand.py, tests/finance/test_conservation.py
"""

from __future__ import annotations

from dataclasses import dataclass

from crosscut.finance.numbers import Numbers


@dataclass(frozen=True)
class Owner:
    """Who owns a share; `abroad` if dividends are withheld from."""

    party: str
    share: float
    abroad: bool = True


@dataclass(frozen=True, eq=False)
class StateShare:
    """The state as owner: carried free, by a loan of the owners that its dividends repay, or paying its
    part."""

    party: str
    share: float
    carried: str = "free"
    rate: Numbers = 0.0


@dataclass(frozen=True, eq=False)
class Loan:
    """A loan; `drawn` is 1 in draws in which it comes about and 0 where a letter never becomes a loan.

    `amount` is what is committed; it is drawn as initial capital is spent. `repay_first` is the index of the
    year of the first repayment, `tenor` their number. With `repayment` sculpted, repayments follow the cash
    available for debt service of the lenders' case, and `dscr`, where given, cuts the amount so that this
    case covers it so many times.
    """

    id: str
    lender: str
    kind: str
    amount: Numbers
    rate: Numbers
    repay_first: int
    tenor: int
    repayment: str
    dscr: float | None = None
    drawn: Numbers = 1.0
    signed: bool = True
    public: bool = False
    market_rate: Numbers | None = None
    upfront_fee: float = 0.0
    exposure_fee: float = 0.0
    commitment_fee: float = 0.0
    interest_added: bool = True


@dataclass(frozen=True, eq=False)
class Payment:
    """Money that comes by year from somebody: a grant, a tranche of equity."""

    id: str
    party: str
    by_year: Numbers


@dataclass(frozen=True, eq=False)
class ProductStream:
    """Money by year now for a share of the product at a share of its price, up to some mtu."""

    id: str
    party: str
    by_year: Numbers
    share: float
    price_share: float
    until_mtu: float | None = None


@dataclass(frozen=True, eq=False)
class Prepayment:
    """Money from the buyer in one year, repaid in equal parts with interest from `repay_first` on."""

    id: str
    party: str
    by_year: Numbers
    rate: Numbers
    repay_first: int
    tenor: int


@dataclass(frozen=True, eq=False)
class Offtake:
    """A share of the product sold on the APT price less a discount, within floor and cap (nominal USD per
    mtu by year); `due` is 1 in its years."""

    id: str
    party: str
    share: float
    floor: Numbers | None = None
    cap: Numbers | None = None
    discount: float = 0.0
    due: Numbers = 1.0


@dataclass(frozen=True, eq=False)
class Finance:
    """Who pays; the owners pay what nobody else does.

    `reserve_months` of debt service are kept aside; `sweep` is the share of cash left after debt service
    that repays debt early; covers below `lock_up` stop dividends, below `default` all cash goes to lenders.
    `guarantee` (amount, last year index) is paid by `guarantor` when debt service cannot be met before the
    plant runs as promised. With `equity_first` nothing is drawn of loans before the owners have spent their
    part of initial capital. `tranches` are equity that owners pay in given years of construction, needed by
    then or not; what is missing beyond it they pay as well.
    """

    owners: tuple[Owner, ...] = (Owner("Owners", 1.0),)
    state: StateShare | None = None
    loans: tuple[Loan, ...] = ()
    lock_up: float = 0.0
    default: float = 0.0
    llcr: float = 0.0
    reserve_months: float = 0.0
    sweep: float = 0.0
    minimum_cash: Numbers = 0.0
    equity_first: bool = False
    tranches: tuple[Payment, ...] = ()
    shareholder_share: float = 0.0
    shareholder_rate: Numbers = 0.0
    shareholder_deductible: bool = True
    grants: tuple[Payment, ...] = ()
    streams: tuple[ProductStream, ...] = ()
    prepayments: tuple[Prepayment, ...] = ()
    offtakes: tuple[Offtake, ...] = ()
    guarantor: str = ""
    guarantee: float = 0.0
    guarantee_last: int = -1
