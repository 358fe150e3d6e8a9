"""Finance schema: the fields of a project file on who pays for it and who is paid back in which order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crosscut.inputs.project.fields import Fields, Figure, NotNegative, Share, Sourced, Year, YearShares
from crosscut.inputs.scenario.schema import Name, Words


class OwnerEntry(Sourced):
    """Who owns a share and pays for it; the shares of owners and state add up to 1."""

    party: Words = Field(description="who", examples=["Cove Kaz Capital"])
    share: Share = Field(description="share of dividends", examples=[0.7])
    country: Words = Field("", description="home, ISO code", examples=["USA"])


class StateShareEntry(Sourced):
    """What the host state owns and whether it pays for it."""

    party: Words = Field(description="who", examples=["Tau-Ken Samruk"])
    share: Share = Field(description="share of dividends", examples=[0.3])
    carried: Literal["free", "loan", "pays"] = Field(
        description=(
            "free: never pays; loan: owners pay, its dividends pay them back; pays: as the other owners"
        ),
        examples=["free"],
    )
    rate: Figure | None = Field(None, description="interest on what owners paid for it", examples=[0.08])


class EquityEntry(Sourced):
    """Equity agreed in advance: owners pay it by their shares, in its years, needed by then or not."""

    id: Name = Field(description="a short name of its own", examples=["first-close"])
    amount: Figure = Field(description="money, nominal", examples=[90e6])
    years: YearShares = Field(
        description="share by year, before production", examples=["{2027: 0.5, 2028: 0.5}"]
    )


class LoanEntry(Sourced):
    """A loan, signed or promised."""

    id: Name = Field(description="a short name of its own", examples=["export-credit"])
    like: Words | None = Field(
        None, description="precedent it takes from what it does not say", examples=["perpetua"]
    )
    lender: Words = Field(description="who", examples=["EXIM"])
    kind: Literal["export_credit", "development", "commercial"] = Field(description="what it is")
    public: bool = Field(
        False, description="lent by a state, so that a low rate is a subsidy", examples=[True]
    )
    signed: bool = Field(description="false for a letter of interest or intent", examples=[False])
    probability: Share = Field(1.0, description="that it is drawn at all; 1 where signed", examples=[0.5])
    amount: Figure | None = Field(None, description="money, nominal", examples=[400e6])
    share: Share | None = Field(None, description="or share of initial capital", examples=[0.6])
    rate: Figure = Field(description="interest a year", examples=[0.055])
    market_rate: Figure | None = Field(
        None, description="what a bank would ask, for the worth of a public loan"
    )
    upfront_fee: Share = Field(0.0, description="share of the amount, at first drawing", examples=[0.02])
    exposure_fee: Share = Field(
        0.0, description="premium on what is drawn, added to the loan", examples=[0.10]
    )
    commitment_fee: Share = Field(0.0, description="a year on what is not drawn yet", examples=[0.005])
    interest_in_construction: Literal["added", "paid"] = Field(
        "added", description="added to the loan, or paid"
    )
    grace: Annotated[int, Field(ge=0, le=30)] = Field(
        0, description="years after first production without repayment"
    )
    tenor: Annotated[int, Field(ge=1, le=40)] = Field(description="years of repayment", examples=[10])
    repayment: Literal["annuity", "equal", "bullet", "sculpted"] = Field(
        description="how", examples=["sculpted"]
    )
    dscr: Annotated[float, Field(gt=1, le=10)] | None = Field(
        None, description="least cover when it was sized: the loan is cut to it", examples=[1.4]
    )


class CovenantEntry(Fields):
    """What lenders ask."""

    lock_up: NotNegative | None = Field(
        None, description="cover below which no dividend is paid", examples=[1.2]
    )
    default: NotNegative | None = Field(
        None, description="cover below which all cash goes to lenders", examples=[1.05]
    )
    llcr: NotNegative | None = Field(None, description="least loan-life cover", examples=[1.4])


class ReserveEntry(Fields):
    """Debt service kept in reserve."""

    months: Annotated[float, Field(ge=0, le=24)] = Field(description="months of debt service", examples=[6])


class ShareholderLoanEntry(Fields):
    """The part of what owners pay that they lend."""

    share: Share = Field(description="share of what owners pay", examples=[0.5])
    rate: Figure = Field(description="interest a year, paid when there is cash, else added", examples=[0.08])
    deductible: bool = Field(True, description="whether its interest is deducted from income tax")


class GrantEntry(Sourced):
    """Money given."""

    id: Name = Field(description="a short name of its own", examples=["defence-grant"])
    giver: Words = Field(description="who", examples=["US Department of War"])
    amount: Figure = Field(description="money, nominal", examples=[15e6])
    years: YearShares = Field(description="share by year", examples=["{2028: 1}"])


class StreamEntry(Sourced):
    """Money now for a share of the product at a fixed price."""

    id: Name = Field(description="a short name of its own", examples=["stream"])
    buyer: Words = Field(description="who")
    amount: Figure = Field(description="money, nominal", examples=[50e6])
    year: Year = Field(description="when it is paid", examples=[2029])
    share: Share = Field(description="share of the product", examples=[0.1])
    price_share: Share = Field(0.2, description="share of its price that is still paid", examples=[0.2])
    until_mtu: NotNegative | None = Field(None, description="ends after so many mtu WO3")


class PrepaymentEntry(Sourced):
    """Money from the buyer now, paid back with interest out of deliveries."""

    id: Name = Field(description="a short name of its own", examples=["prepayment"])
    buyer: Words = Field(description="who")
    amount: Figure = Field(description="money, nominal", examples=[30e6])
    year: Year = Field(description="when it is paid", examples=[2029])
    rate: Figure = Field(description="interest a year", examples=[0.07])
    tenor: Annotated[int, Field(ge=1, le=20)] = Field(description="years of repayment from first production")


class OfftakeEntry(Sourced):
    """A sale at a floor or ceiling: below the floor the buyer or a state pays the difference."""

    id: Name = Field(description="a short name of its own", examples=["floor"])
    buyer: Words = Field(description="who pays the floor", examples=["Plansee"])
    share: Share = Field(description="share of the product", examples=[0.5])
    floor: Figure | None = Field(None, description="USD per mtu WO3 of APT, in the money of the file")
    cap: Figure | None = Field(None, description="USD per mtu WO3 of APT, in the money of the file")
    discount: Share = Field(0.0, description="off the price", examples=[0.03])
    first: Year | None = Field(None, description="first year", examples=[2030])
    last: Year | None = Field(None, description="last year", examples=[2044])


class CompletionEntry(Sourced):
    """Who pays what is missing until the plant runs as promised."""

    guarantor: Words = Field(description="who", examples=["Plansee"])
    amount: Figure = Field(description="at most, money, nominal", examples=[20e6])
    until: Year = Field(description="last year", examples=[2031])


class FinanceEntry(Fields):
    """Who pays; owners pay what nobody else does."""

    owners: list[OwnerEntry] = Field([], description="owners; one unnamed owner unless given")
    state: StateShareEntry | None = Field(None, description="the host state as owner")
    loans: list[LoanEntry] = Field([], description="loans, in the order in which they are sculpted")
    covenants: CovenantEntry | None = Field(None, description="what lenders ask")
    reserve: ReserveEntry | None = Field(None, description="debt service in reserve")
    sweep: Share = Field(0.0, description="share of the cash left after debt service that repays debt early")
    equity_first: bool = Field(
        False, description="loans are drawn after the owners' part of initial capital is spent"
    )
    equity: list[EquityEntry] = Field(
        [], description="tranches owners pay in given years; what is missing beyond them they pay as well"
    )
    minimum_cash: Figure | None = Field(None, description="cash kept, money, nominal")
    shareholder_loans: ShareholderLoanEntry | None = Field(
        None, description="lent rather than given by owners"
    )
    grants: list[GrantEntry] = Field([], description="money given")
    streams: list[StreamEntry] = Field([], description="money for a share of the product")
    prepayments: Annotated[list[PrepaymentEntry], Field(max_length=1)] = Field(
        [], description="money from the buyer in advance, one at most"
    )
    offtakes: list[OfftakeEntry] = Field([], description="floors and ceilings")
    completion: CompletionEntry | None = Field(None, description="guarantee until the plant runs")
