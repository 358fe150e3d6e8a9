"""Cash: the sheet of sales, costs, capital and duties, by the rules of `crosscut.finance.mine.operations`."""

from __future__ import annotations

from crosscut.finance.cash.fiscal import Royalty
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import WO3_IN_APT
from crosscut.output.workbook.cells import Book

SHEET = "Cash"


def fill_cash(book: Book, p: Project, money: str) -> None:
    """Every line before income tax and financing, positive to the company."""

    def line(name: str, label: str, formula: str, unit: str = money) -> None:
        book.yearly(SHEET, name, label, unit, formula)

    said = p.unit.named
    line("apt", said("APT price"), "{apt_real}*{index}*{$price_factor}", said("USD/mtu WO3"))
    line("price", "Price of the product", "{apt}*{per_usd}*{payable}", said(f"{money}/mtu WO3"))
    line("product", "Product", "{sold}*{price}")
    for k, o in enumerate(p.finance.offtakes):
        paid = f"{{apt}}*(1-{o.discount!r})"
        paid = f"MAX({paid},{{floor_{k}}})" if o.floor is not None else paid
        paid = f"MIN({paid},{{cap_{k}}})" if o.cap is not None else paid
        line(
            f"support_{k}",
            f"Floor or cap: {o.id}",
            f"{{sold}}*{o.share!r}*{{price}}*IF({{apt}}>0,{paid}/MAX({{apt}},1E-300)-1,0)*{{offtake_due_{k}}}",
        )
    for k, b in enumerate(p.by_products):
        tonnes = (
            f"{{milled}}*{{by_rate_{k}}}"
            if b.per_ore is not None
            else (f"{{milled}}/MAX(MAX({{milled:all}}),1E-300)*{{by_rate_{k}}}")
        )
        line(f"by_{k}", f"By-product: {b.id}", f"{tonnes}*{{by_price_{k}}}*{{by_payable_{k}}}")
    line("by_products", "By-products", _sum("by", len(p.by_products)))
    for k, x in enumerate(p.finance.streams):
        got = f"{{sold}}*{x.share!r}"
        if x.until_mtu is not None:
            got = f"MIN(MAX({x.until_mtu!r}-SUM({{sold:before}})*{x.share!r},0),{got})"
        line(f"stream_{k}", f"Stream: {x.id}", f"-{got}*{{price}}*(1-{x.price_share!r})")
    line(
        "revenue",
        "Sales",
        "{product}+{by_products}"
        + _plus("support", len(p.finance.offtakes))
        + _plus("stream", len(p.finance.streams)),
    )
    if book.has("refining_cost"):
        per_t = WO3_IN_APT if p.product.form == "apt" else 1.0
        line("selling", "Freight", f"-{{sold}}/100/{per_t!r}*{{freight}}")
        line("refining", "Refining", "-({sold}*{refining_cost}+{active}*{refining_fixed})")
    else:
        line(
            "selling",
            "Treatment, penalties, freight",
            "-({sold}*{treatment}+{concentrate}/{content}*({penalties}+{freight}))",
        )
        line("refining", "Refining", "0")
    line("mining", "Mining", "-({mined}+{waste})*{mining_cost}")
    line("processing", "Processing", "-{milled}*{milling_cost}")
    line("overhead", "Overhead and other", "-{active}*{overhead_cost}-{sold}*{mtu_cost}")
    line(
        "levies", "Social and research duties", "({mining}+{processing}+{overhead}+{refining})*{levies_rate}"
    )
    line("operating", "Operating costs", "{mining}+{processing}+{overhead}+{refining}+{levies}")
    items = "".join(f"-{{capital_{k}}}" for k in range(len(p.capital)))
    refinery = "-{capital_refinery}" if book.has("capital_refinery") else ""
    line("capital", "Capital", f"0{items}{refinery}")
    first = "".join(f"+{{capital_{k}}}" for k, c in enumerate(p.capital) if c.initial)
    line("initial", "Initial capital spent", f"0{first}" + refinery.replace("-", "+"))
    line("sustaining", "Sustaining capital", "-{milled}*{sustaining_ore}-{active}*{sustaining_year}")
    after = "({year}-{$last_year})"
    line(
        "closure",
        "Closure and salvage",
        f"IF(AND({after}>=1,{after}<={{$closure_years}},{{$last_year}}>0),-{{closure_cost}}/{{$closure_years}},0)"
        f"+IF(AND({after}>={{$closure_years}},{after}<={{$closure_years}},{{$last_year}}>0),{{salvage}},0)",
    )
    line("receivable", "Sales not paid yet", "({revenue}+{selling})*{receivable_days}/365")
    line("inventory", "Costs in stock", "-{operating}*{inventory_days}/365")
    line("payable_owed", "Costs not paid yet", "-{operating}*{payable_days}/365")
    line("tied", "Working capital", "{receivable}+{inventory}-{payable_owed}")
    line("working_capital", "Change of working capital", "-({tied}-{tied:-1})")
    _vat(book, p, line)
    line("export_duty", "Export duty", "-{product}*{export_duty_rate}")
    bases = {"processing": "{processing}", "refining": "{refining}", "operating": "{operating}"}
    credits = "".join(f"-{bases[c.base]}*{{credit_rate_{k}}}" for k, c in enumerate(p.fiscal.credits))
    line("credits", "Credits", f"0{credits}")


def fill_duties(book: Book, p: Project, money: str) -> None:
    """Royalties, after what is written off is known: those on profit see the others."""
    others = [k for k, r in enumerate(p.fiscal.royalties) if r.base != "profit"]
    late = [k for k, r in enumerate(p.fiscal.royalties) if r.base == "profit"]
    for k in others:
        r = p.fiscal.royalties[k]
        book.yearly(SHEET, f"duty_{k}", f"Royalty: {r.id}", money, f"-{_rate(r, k)}*{_base(r.base)}")
    before = "{revenue}+{selling}+{operating}" + "".join(f"+{{duty_{k}}}" for k in others) + "-{written_off}"
    for k in late:
        r = p.fiscal.royalties[k]
        book.yearly(
            SHEET, f"duty_{k}", f"Royalty: {r.id}", money, f"-{_rate(r, k)}*MAX({before},0)*{{active}}"
        )
    every = "".join(f"+{{duty_{k}}}" for k in range(len(p.fiscal.royalties)))
    book.yearly(SHEET, "duties", "Royalties", money, f"0{every}")
    book.yearly(
        SHEET,
        "operating_cash",
        "Cash before income tax and financing",
        money,
        "{revenue}+{selling}+{operating}+{duties}+{export_duty}+{credits}+{closure}+{capital}+{sustaining}"
        "+{working_capital}+{vat}",
    )


def _sum(stem: str, n: int) -> str:
    return "+".join(f"{{{stem}_{k}}}" for k in range(n)) or "0"


def _plus(stem: str, n: int) -> str:
    return "".join(f"+{{{stem}_{k}}}" for k in range(n))


def _vat(book: Book, p: Project, line) -> None:  # type: ignore[no-untyped-def]
    vat = p.fiscal.vat
    if vat is None:
        line("vat", "Value added tax", "0")
        return
    line(
        "vat_paid",
        "Value added tax paid",
        "-({operating}*{vat_costs}+({capital}+{sustaining})*{vat_capital})*{vat_rate}",
    )
    whole, end = int(vat.refund_years), len(p.years) - 1
    part = vat.refund_years - whole
    at = "{vat_paid}" if whole == 0 else f"{{vat_paid:-{whole}}}"
    line("vat_due", "Value added tax given back", f"{1.0 - part!r}*{at}+{part!r}*{{vat_paid:-{whole + 1}}}")
    book.yearly(
        SHEET,
        "vat",
        "Value added tax, net",
        "money",
        lambda t: "{vat_due}-{vat_paid}" + ("+SUM({vat_paid:all})-SUM({vat_due:all})" if t == end else ""),
    )


def _base(base: str) -> str:
    return {
        "revenue": "({product}+{by_products})",
        "product_revenue": "{product}",
        "net_revenue": "MAX({product}+{by_products}+{selling},0)",
        "ore_value": "{contained}*100*{price}",
        "ore": "{milled}",
        "mtu": "{sold}",
    }[base]


def _rate(r: Royalty, k: int) -> str:
    if not r.steps:
        return f"{{royalty_rate_{k}}}"
    out = "0"
    for threshold, rate in r.steps:
        out = f"IF({{apt}}>={threshold!r},{rate!r},{out})"
    return f"{out}*{{royalty_due_{k}}}"
