"""Tax: the sheet of what is written off, losses kept and income tax, as `crosscut.finance.cash.waterfall`
computes them."""

from __future__ import annotations

from crosscut.finance.cash.fiscal import ASSETS, Depreciation
from crosscut.finance.mine.project import Project
from crosscut.output.workbook.cells import Book

SHEET = "Tax"


def fill_written_off(book: Book, p: Project, money: str) -> None:
    """What is written off of everything spent, by method."""
    assets = {c.id: c.asset for c in p.capital}
    how = p.fiscal.income.depreciation
    spent: dict[str, str] = dict.fromkeys(ASSETS, "0")
    for k, c in enumerate(p.capital):
        if c.asset in spent:
            spent[assets[c.id]] += f"+{{capital_{k}}}"
    if book.has("capital_refinery"):
        spent["plant"] += "+{capital_refinery}"
    spent["plant"] += "-{sustaining}"
    spent["preparation"] += "-{operating}*{before}"
    groups: dict[Depreciation, list[str]] = {}
    for asset in ASSETS:
        groups.setdefault(how.get(asset, how["plant"]), []).append(asset)
    for g, (method, parts) in enumerate(groups.items()):
        book.yearly(
            SHEET, f"spent_{g}", f"Spent: {', '.join(parts)}", money, "+".join(spent[a] for a in parts)
        )
        write_off(
            book,
            p,
            f"{g}",
            f"{', '.join(parts)} ({method.method})",
            (f"{{spent_{g}}}", f"SUM({{spent_{g}:upto}})"),
            method,
            money,
        )
    book.yearly(
        SHEET, "written_off", "Written off", money, "+".join(f"{{off_{g}}}" for g in range(len(groups)))
    )


def write_off(
    book: Book, p: Project, key: str, label: str, spent: tuple[str, str], how: Depreciation, money: str
) -> None:
    """Rows `service_`, `left_` and `off_` of one group: in service, left before the year's part, written
    off. `spent`: formulas of what is spent in a year, and of all up to the first year of service."""
    first, (added, so_far) = p.production, spent

    def service(t: int) -> str:
        return "0" if t < first else so_far if t == first else added

    book.yearly(SHEET, f"service_{key}", f"In service: {label}", money, service)
    book.yearly(
        SHEET,
        f"left_{key}",
        f"Left to write off: {label}",
        money,
        f"{{left_{key}:-1}}-{{off_{key}:-1}}+{{service_{key}}}",
    )

    def part(t: int) -> str:
        if how.method == "at_once":
            return f"{{left_{key}}}"
        if how.method == "units":
            return f"{{left_{key}}}*{{milled}}/MAX(SUM({{milled:from}}),1E-300)"
        if how.method == "straight":
            whole, fraction = int(how.years), how.years - int(how.years)
            terms = "+".join(
                ["0", *(f"{{service_{key}:@{s}}}" for s in range(max(first, t - whole + 1), t + 1))]
            )
            if fraction and t - whole >= first:
                terms += f"+{fraction!r}*{{service_{key}:@{t - whole}}}"
            return f"({terms})/{how.years!r}"
        declining = f"{{left_{key}}}*{how.rate!r}"
        if how.method == "declining" and how.years:
            return f"MAX({declining},{{left_{key}}}/{max(how.years - (t - first), 1.0)!r})"
        return declining

    def off(t: int) -> str:
        if t < first:
            return "0"
        return f"IF({{year}}>={{$last_year}},{{left_{key}}},MIN({part(t)},{{left_{key}}}))"

    book.yearly(SHEET, f"off_{key}", f"Written off: {label}", money, off)


def fill_tax(book: Book, p: Project, key: str, label: str, interest: str, off: str, money: str) -> None:
    """Rows `profit_`, `used_`, `expired_`, `kept_`, `taxable_`, `tax_` of one case; `interest` and `off` are
    what it deducts.

    Losses go oldest first; what is older than the years they are kept has gone: expired so far is the most
    of what had and of losses up to then less what was used.
    """
    first, income = p.production, p.fiscal.income
    allowed = "".join(f"+{{duty_{k}}}" for k, r in enumerate(p.fiscal.royalties) if r.deductible)
    ebitda = f"{{revenue}}+{{selling}}+{{operating}}+{{export_duty}}+{{closure}}{allowed}"

    def after(build: str, run: str):  # type: ignore[no-untyped-def]
        return lambda t: build if t < first else run

    book.yearly(
        SHEET,
        f"raw_{key}",
        f"Profit before depletion, {label}",
        money,
        after("0", f"{ebitda}-{off}{interest}"),
    )
    sales = "({product}+{by_products})"
    depleted = (
        f"{{raw_{key}}}-MIN({{depletion}}*{sales},{{depletion_cap}}*MAX({{raw_{key}}},0))"
        if income.depletion
        else f"{{raw_{key}}}"
    )
    book.yearly(SHEET, f"profit_{key}", f"Profit, {label}", money, after("0", depleted))
    book.yearly(
        SHEET,
        f"used_{key}",
        f"Losses used, {label}",
        money,
        after("0", f"MIN({{loss_cap}}*MAX({{profit_{key}}},0),{{kept_{key}:-1}})"),
    )
    book.yearly(SHEET, f"loss_{key}", f"Loss, {label}", money, after("0", f"MAX(-{{profit_{key}}},0)"))

    def expired(t: int) -> str:
        if income.loss_years is None or t - income.loss_years < first:
            return "0"
        old = "+".join(f"{{loss_{key}:@{s}}}" for s in range(first, t - income.loss_years + 1))
        return f"MAX({{expired_{key}:-1}},{old}-SUM({{used_{key}:upto}}))"

    book.yearly(SHEET, f"expired_{key}", f"Losses expired so far, {label}", money, expired)
    book.yearly(
        SHEET,
        f"kept_{key}",
        f"Losses kept, {label}",
        money,
        f"SUM({{loss_{key}:upto}})-SUM({{used_{key}:upto}})-{{expired_{key}}}",
    )
    book.yearly(
        SHEET, f"taxable_{key}", f"Taxable, {label}", money, f"MAX({{profit_{key}}},0)-{{used_{key}}}"
    )
    book.yearly(SHEET, f"tax_{key}", f"Income tax, {label}", money, f"{{taxable_{key}}}*{{tax_rate}}")
