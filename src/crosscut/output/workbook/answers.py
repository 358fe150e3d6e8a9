"""Answers: the sheet of flows, worth and returns; what Crosscut computed stands beside as numbers."""

from __future__ import annotations

from collections.abc import Callable

from crosscut.finance.answers.valuation import Valuation
from crosscut.output.workbook.cells import Book, SheetRow

SHEET = "Results"


def fill_answers(book: Book, v: Valuation, money: str) -> None:
    """Present values nominal and real and internal rates of return, then the flows and factors they are made
    of."""
    p, f = v.project, v.project.finance
    at, early = p.discounting.at, p.discounting.early

    answers = [
        (
            "npv",
            f"Worth of the project after tax, nominal, end of {p.years[at]}",
            "SUMPRODUCT({flow:all},{factor_project:all})",
            v.worth(v.after_tax),
            money,
        ),
        (
            "npv_real",
            "Worth of the project after tax, real",
            "SUMPRODUCT({flow:all},{real_factor_project:all})",
            v.real_worth(v.after_tax),
            money,
        ),
        (
            "npv_before_tax",
            "Worth before income tax, nominal",
            "SUMPRODUCT({flow_before_tax:all},{factor_project:all})",
            v.worth(v.before_tax),
            money,
        ),
        (
            "npv_owners",
            "Worth to the owners, nominal",
            "SUMPRODUCT({flow_owners:all},{factor_equity:all})",
            v.worth(v.owners, p.discounting.equity),
            money,
        ),
        (
            "irr",
            "Internal rate of return after tax, nominal",
            "IRR({flow:all})",
            v.rate_of_return(v.after_tax),
            "a year",
        ),
        (
            "irr_owners",
            "Internal rate of return of the owners, nominal",
            "IRR({flow_owners:all})",
            v.rate_of_return(v.owners),
            "a year",
        ),
    ]
    for name, label, formula, computed, unit in answers:
        number = float(computed[0])
        if number != number:
            book.put(SHEET, SheetRow(name, label, unit, None, note="there is none, or more than one"))
            continue
        book.single(SHEET, name, label, unit, formula)
        book.put(
            SHEET,
            SheetRow(
                f"{name}_crosscut", "as Crosscut computed it", unit, number, note="a number, not a formula"
            ),
        )

    def line(name: str, label: str, formula: str, unit: str = money) -> None:
        book.yearly(SHEET, name, label, unit, formula)

    line("flow_before_tax", "Project before income tax", "{operating_cash}+{streamed_in}")
    line("flow", "Project after tax", "{flow_before_tax}-{tax_alone}")
    owned = sum(o.share for o in f.owners)
    paying = f.state is not None and f.state.carried == "pays"
    carrying = f.state is not None and f.state.carried == "loan"
    if carrying:
        assert f.state is not None
        book.put(
            "Inputs",
            SheetRow(
                "carry_rate",
                "Interest on what owners paid for the state",
                "a year",
                _one(f.state.rate),
                given=True,
            ),
        )
        part = f"{f.state.share!r}"
        line(
            "carry_before",
            "Owed by the state's company",
            f"{{carry_owed:-1}}*(1+{{carry_rate}})+{{call}}*{part}",
        )
        line("carry_paid", "paid out of its dividends", f"MIN({{carry_before}},{{dividends}}*{part})")
        line("carry_owed", "still owed", "{carry_before}-{carry_paid}")
    terms = ["0"]
    for o in f.owners:
        pays = o.share if paying else o.share / owned
        held = ("(1-{held_interest})", "(1-{held_dividends})") if o.abroad else ("1", "1")
        terms.append(
            f"{pays!r}*({{owners_interest}}*{held[0]}+{{owners_repaid}}-{{call}})+{o.share!r}*{{dividends}}*{held[1]}"
            + (f"+{o.share / owned!r}*{{carry_paid}}" if carrying else "")
        )
    line("flow_owners", "Owners", "+".join(terms))
    for name, label in (("project", "project"), ("equity", "owners")):
        _factors(book, name, label, at, early)


def _factors(book: Book, name: str, label: str, at: int, early: float) -> None:
    """Rows of discount factors at one rate, on nominal and on real money."""

    def compounded(t: int, of: str) -> str:
        return (
            f"{{{of}_{name}}}"
            if t == 0
            else (
                f"{{{of.replace('growth', 'whole').replace('real', 'real_whole')}_{name}:-1}}*{{{of}_{name}}}"
            )
        )

    def real(t: int) -> str:
        before, now = (0, min(1, len(book.years) - 1)) if t == 0 else (t - 1, t)
        return f"{{growth_{name}}}*{{index:@{before}}}/{{index:@{now}}}"

    def line(row: str, what: str, formula: str | Callable[[int], str]) -> None:
        book.yearly(SHEET, f"{row}_{name}", f"{what}, {label}", "", formula)

    line("growth", "1 + nominal rate", f"1+{{rate_{name}}}")
    line("whole", "Compounded", lambda t: compounded(t, "growth"))
    line("factor", "Factor", f"{{whole_{name}:@{at}}}/{{whole_{name}}}*{{growth_{name}}}^{early!r}")
    line("real", "1 + real rate", real)
    line("real_whole", "Compounded real", lambda t: compounded(t, "real"))
    line(
        "real_factor",
        "Factor on nominal money, to real money",
        f"{{real_whole_{name}:@{at}}}/{{real_whole_{name}}}*{{real_{name}}}^{early!r}/{{index}}",
    )


def _one(numbers: object) -> float:
    import numpy as np

    return float(np.ravel(np.asarray(numbers))[0])
