"""Finance: the sheet of loans, reserve, shareholder loans and dividends, as `crosscut.finance.cash.waterfall`
runs them."""

from __future__ import annotations

from collections.abc import Callable

from crosscut.finance.lenders.borrowing import Terms
from crosscut.finance.mine.project import Project
from crosscut.output.workbook.cells import Book
from crosscut.output.workbook.tax import fill_tax, write_off

SHEET = "Finance"
SHORT = "1E-06"


def fill_finance(book: Book, p: Project, terms: tuple[Terms, ...], money: str) -> None:
    """Who pays while it is built; who is paid after that, in which order."""
    loans, f, first, end = range(len(terms)), p.finance, p.production, len(p.years) - 1

    def line(name: str, label: str, build: str, run: str) -> None:
        book.yearly(SHEET, name, label, money, lambda t: build if t < first else run)

    def every(stem: str) -> str:
        return "+".join(["0", *(f"{{{stem}_{k}}}" for k in loans)])

    asked = "+".join(["0", *(f"{{$loan_{k}}}" for k in loans)])
    book.single(
        SHEET,
        "part",
        "Part of the loans that is spent",
        "",
        f"IF({asked}>SUM({{initial:all}}),SUM({{initial:all}})/MAX({asked},1E-09),1)",
    )
    for k, t in enumerate(terms):
        _loan(book, k, t, first, money)
    _advance(book, p, first, end, money)

    def target(t: int) -> str:
        if not terms or t < first - 1 or t == end:
            return "0"
        held = "owed" if t < first else "before_sweep"
        return "(" + "+".join(f"{{{held}_{k}}}*{{next_{k}}}" for k in loans) + ")*{$reserve_months}/12"

    book.yearly(SHEET, "target", "Reserve asked for", money, target)

    accrues = "{owners_rate}*{owners_owed:-1}"
    line(
        "accrued",
        "Interest on shareholder loans",
        "{owners_rate}*({owners_owed:-1}+0.5*{owners_lent})",
        accrues,
    )
    capitalised = (
        f"{every('added')}+{every('paid_building')}+{every('fees')}+{{accrued}}+{{advance_interest}}"
    )
    line("capitalised", "Interest and fees while it is built", capitalised, "0")
    plant = p.fiscal.income.depreciation["plant"]
    write_off(
        book, p, "interest", "interest while it was built", ("0", "SUM({capitalised:upto})"), plant, money
    )
    line("due_interest", "Interest due", "0", every("due"))
    line("premium", "Fees added to loans", "0", every("added"))
    deducted = ""
    if p.fiscal.income.interest_deductible:
        deducted = "-{due_interest}-{premium}-{advance_interest}" + (
            "-{accrued}" if f.shareholder_deductible else ""
        )
    fill_tax(book, p, "financed", "financed", deducted, "{written_off}-{off_interest}", money)
    line(
        "available",
        "Available for debt service",
        "0",
        "{operating_cash}+{grants}+{streamed_in}+{advance_in}-{tax_financed}",
    )
    building = (
        "{cash:-1}+{operating_cash}+{grants}+{streamed_in}+{advance_in}"
        f"+{every('drawn')}-({every('paid_building')})-({every('fees')})"
    )
    running = f"{{cash:-1}}+{{available}}+{every('drawn')}"
    line("cash_before", "Cash before owners pay", building, running)
    line("call", "Owners pay", "{tranches}+MAX({target}-{cash_before}-{tranches},0)", "MAX(-{cash_before},0)")
    line("owners_lent", "of it lent", "{call}*{$owners_lend}", "0")
    line("due", "Debt service due", "0", f"{{due_interest}}+{every('principal_due')}")
    line("from_cash", "paid from cash", "0", "MIN({due},{cash_before}+{call})" if terms else "0")
    line(
        "from_reserve", "paid from the reserve", "0", "MIN({due}-{from_cash},{reserve:-1})" if terms else "0"
    )
    book.yearly(
        SHEET,
        "helped",
        "paid by the guarantor",
        money,
        lambda t: (
            "MIN({due}-{from_cash}-{from_reserve},{$guarantee}-SUM({helped:before}))"
            if first <= t <= f.guarantee_last and terms
            else "0"
        ),
    )
    line("served", "Debt service paid", "0", "{from_cash}+{from_reserve}+{helped}")
    line("unpaid", "not paid", "0", "{due}-{served}")
    line(
        "interest_part",
        "Part of interest paid",
        "1",
        "IF({due_interest}>0,MIN({served},{due_interest})/MAX({due_interest},1E-300),1)",
    )
    principal = every("principal_due")
    line(
        "principal_part",
        "Part of principal paid",
        "0",
        f"IF({principal}>0,({{served}}-MIN({{served}},{{due_interest}}))/MAX({principal},1E-300),0)",
    )
    cover = f"{{available}}/MAX({{due}},{SHORT})"
    line("cover", "Debt service cover, 0 where none is due", "0", f"IF({{due}}>{SHORT},{cover},0)")
    line(
        "locked",
        "No dividend (1)",
        "0",
        f"IF(OR(AND({{due}}>{SHORT},{cover}<{{$lock_up}}),{{unpaid}}>{SHORT}),1,0)",
    )
    line("cash_served", "Cash after debt service", "0", "{cash_before}+{call}-{from_cash}")
    line(
        "advance_paid_interest",
        "Interest on prepayments paid",
        "0",
        "MIN({advance_interest_due},MAX({cash_served},0))",
    )
    line(
        "advance_paid",
        "Prepayments repaid",
        "0",
        "MIN({advance_due},MAX({cash_served}-{advance_paid_interest},0))",
    )
    left = "({cash_served}-{advance_paid_interest}-{advance_paid})"
    line(
        "moved",
        "Put into the reserve",
        "0",
        f"MIN(MAX({left},0),{{target}}-({{reserve:-1}}-{{from_reserve}}))",
    )
    line("reserve", "Reserve", "{target}", "{reserve:-1}-{from_reserve}+{moved}")
    line("cash_reserved", "Cash after the reserve", "0", f"{left}-{{moved}}")

    def share(t: int) -> str:
        bad = f"OR(AND({{due}}>{SHORT},{cover}<{{$default}}),{{unpaid}}>{SHORT})"
        return "0" if t < first else "1" if t == end else f"IF({bad},1,{{$sweep_share}})"

    book.yearly(SHEET, "swept_share", "Share of cash that repays debt early", "", share)
    balance = "+".join(["0", *(f"{{before_sweep_{k}}}" for k in loans)])

    def keep(t: int) -> str:
        return "0" if t == end else "{minimum_cash}"

    book.yearly(
        SHEET,
        "early",
        "Debt repaid early",
        money,
        lambda t: (
            "0"
            if t < first or not terms
            else (f"MIN({balance},{{swept_share}}*MAX({{cash_reserved}}-{keep(t)},0))")
        ),
    )
    line("early_part", "Part of debt repaid early", "0", f"IF({balance}>0,{{early}}/MAX({balance},1E-300),0)")
    book.yearly(
        SHEET,
        "free",
        "Free for owners",
        money,
        lambda t: (
            "0"
            if t < first
            else (f"MAX({{cash_reserved}}-{{early}}-{keep(t)},0)" + ("" if t == end else "*(1-{locked})"))
        ),
    )
    line("owners_interest", "Interest on shareholder loans paid", "0", "MIN({accrued},{free})")
    line(
        "owners_repaid",
        "Shareholder loans repaid",
        "0",
        "MIN({owners_owed:-1}+{accrued}-{owners_interest},{free}-{owners_interest})",
    )
    line(
        "owners_owed",
        "Shareholder loans",
        "{owners_owed:-1}+{owners_lent}+{accrued}",
        "{owners_owed:-1}+{accrued}-{owners_interest}-{owners_repaid}",
    )
    line("dividends", "Dividends", "0", "{free}-{owners_interest}-{owners_repaid}")
    line("cash", "Cash", "{cash_before}+{call}-{target}", "{cash_reserved}-{early}-{free}")


def _loan(book: Book, k: int, terms: Terms, first: int, money: str) -> None:
    loan, end = terms.loan, len(book.years) - 1
    label = loan.id

    def line(name: str, what: str, formula: str | Callable[[int], str]) -> None:
        book.yearly(SHEET, f"{name}_{k}", f"{label}: {what}", money, formula)

    line(
        "drawn",
        "drawn",
        f"IF(SUM({{initial:all}})>0,{{initial}}/MAX(SUM({{initial:all}}),1E-300),0)*{{$loan_{k}}}*{{$part}}",
    )
    grown = f"{{loan_rate_{k}}}*({{owed_{k}:-1}}+0.5*{{drawn_{k}}})"
    adds = loan.interest_added
    line(
        "added",
        "interest and exposure fee added",
        lambda t: f"{{drawn_{k}}}*{{$loan_exposure_{k}}}" + (f"+{grown}" if adds and t < first else ""),
    )
    line("paid_building", "interest paid while built", lambda t: grown if not adds and t < first else "0")
    undrawn = f"({{$loan_{k}}}*{{$part}}-SUM({{drawn_{k}:before}}))"
    begun = f"SUM({{drawn_{k}:upto}})>0"
    line(
        "fees",
        "fees",
        lambda t: (
            "0"
            if t >= first
            else (
                f"IF(AND({begun},SUM({{drawn_{k}:before}})<=0),{{$loan_{k}}}*{{$loan_upfront_{k}}},0)"
                f"+IF({begun},{{$loan_commitment_{k}}}*MAX({undrawn},0),0)"
            )
        ),
    )
    line("due", "interest due", lambda t: "0" if t < first else grown)

    def share(t: int) -> str:
        if t < loan.repay_first:
            return "0"
        if t >= loan.repay_first + loan.tenor:
            return "1"
        ahead = f"SUM({{loan_share_{k}:from}})"
        return f"IF({ahead}>1E-12,{{loan_share_{k}}}/MAX({ahead},1E-300),1)"

    line("share_due", "share of what is owed that is due", share)
    line(
        "next",
        "rate and share due next year",
        lambda t: (
            "0"
            if t == end
            else (
                f"{{{'loan_rate_' + str(k)}:@{t + 1}}}+{{share_due_{k}:@{t + 1}}}"
                if book.row(f"loan_rate_{k}").by_year
                else f"{{$loan_rate_{k}}}+{{share_due_{k}:@{t + 1}}}"
            )
        ),
    )
    line(
        "principal_due",
        "principal due",
        lambda t: "0" if t < first else (f"({{owed_{k}:-1}}+{{drawn_{k}}}+{{added_{k}}})*{{share_due_{k}}}"),
    )
    line(
        "before_sweep",
        "owed before early repayment",
        lambda t: (
            "0"
            if t < first
            else (
                f"{{owed_{k}:-1}}+{{drawn_{k}}}+{{added_{k}}}+{{due_{k}}}*(1-{{interest_part}})-{{principal_due_{k}}}*{{principal_part}}"
            )
        ),
    )
    line(
        "owed",
        "owed",
        lambda t: (
            f"{{owed_{k}:-1}}+{{drawn_{k}}}+{{added_{k}}}"
            if t < first
            else (f"{{before_sweep_{k}}}*(1-{{early_part}})")
        ),
    )
    line(
        "repaid",
        "repaid",
        lambda t: (
            "0"
            if t < first
            else (f"{{principal_due_{k}}}*{{principal_part}}+{{before_sweep_{k}}}*{{early_part}}")
        ),
    )


def _advance(book: Book, p: Project, first: int, end: int, money: str) -> None:
    """Rows of what was paid in advance; zeros where nothing was."""
    advances = p.finance.prepayments
    paid_in = "".join(f"+{{prepaid_{k}}}" for k in range(len(advances)))
    book.yearly(SHEET, "advance_in", "Prepayments received", money, f"0{paid_in}")
    if not advances:
        for name in ("advance_interest", "advance_interest_due", "advance_due", "advance_owed"):
            book.yearly(SHEET, name, f"Prepayments: {name.split('_', 1)[1].replace('_', ' ')}", money, "0")
        return
    x = advances[0]

    def repaying(t: int) -> bool:
        return any(t >= a.repay_first for a in advances)

    grows = "{prepaid_rate_0}*({advance_owed:-1}+0.5*{advance_in})"
    book.yearly(SHEET, "advance_interest", "Prepayments: interest of the year", money, grows)
    book.yearly(
        SHEET,
        "advance_interest_due",
        "Prepayments: interest due",
        money,
        lambda t: "{advance_interest}" if t >= first and repaying(t) else "0",
    )
    book.yearly(
        SHEET,
        "advance_due",
        "Prepayments: repayment due",
        money,
        lambda t: (
            f"({{advance_owed:-1}}+{{advance_in}})/{max(x.repay_first + x.tenor - t, 1)}"
            if t >= first and repaying(t)
            else "0"
        ),
    )
    book.yearly(
        SHEET,
        "advance_owed",
        "Prepayments owed",
        money,
        lambda t: (
            "{advance_owed:-1}+{advance_in}"
            + ("" if repaying(t) else "+{advance_interest}")
            + (
                "+{advance_interest}-{advance_paid_interest}-{advance_paid}"
                if t >= first and repaying(t)
                else ""
            )
        ),
    )
    del end
