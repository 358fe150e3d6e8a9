"""Purchases as a document: what was read, what it says of risk, and what is not known.

What could not be read or is not known is said in the headline and is in no sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crosscut.inputs.purchases.left_out import line_list
from crosscut.inputs.purchases.purchase import Purchases
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import Document, Statement
from crosscut.studies.indicators.answers.company import Supplier
from crosscut.studies.indicators.document import _inputs, _of_rows
from crosscut.studies.indicators.rows import IndicatorRow


def company_document(
    ledger: Ledger, read: Purchases, rows: Sequence[IndicatorRow], suppliers: Sequence[Supplier], data: str
) -> Document:
    """The result of a company's purchases.

    Parameters
    ----------
    ledger : Ledger
        Says what the cited facts are.
    read : Purchases
        The file as it was read.
    rows : Sequence[IndicatorRow]
        Indicators, their place COMPANY; none where the file was only to be read.
    suppliers : Sequence[Supplier]
        One a row read, in their order; none where the file was only to be read.
    data : str
        sha256 of the data behind the answer.

    Returns
    -------
    Document
        Tables `indicators`, `purchases` (line by line) and `purchase_columns` (how the file was read).
        `status.ok` is false where a line was refused or has no data.
    """
    asked = bool(suppliers)
    tables = {
        "indicators": [r.as_dict() for r in rows],
        "purchases": _lines(read, suppliers),
        "purchase_columns": _columns(read),
    }
    problems = [p for r in read.refused for p in r.problems]
    years = [p.year for p in read.rows]
    minerals = ", ".join(dict.fromkeys(p.mineral.name for p in read.rows))
    places = (
        {p.supplier for p in read.rows}
        | {r.supplier for r in read.refused}
        | {o for s in suppliers for o, _ in s.behind}
    )
    inputs = _inputs(minerals, max(years), data)
    made = _of_rows(ledger, rows, tables, inputs, (min(years), max(years)), problems, places)
    unknown = _not_known(suppliers)
    return replace(
        made,
        status=replace(made.status, ok=made.status.ok and not unknown),
        statements=(
            Statement("headline", _headline(read, suppliers) if asked else _lines_read(read)),
            *(Statement("refused", str(p)) for p in problems),
            *(Statement("not_known", text) for text in unknown),
            *(Statement("assumed", text) for text in read.assumptions),
            *(Statement("left_out", f"{x.what}: {x.why}") for x in (*read.unused, *read.left_out)),
            Statement("reading", ", ".join(f"{name} {value}" for name, value in read.reading)),
        ),
    )


def _lines(read: Purchases, suppliers: Sequence[Supplier]) -> list[dict[str, object]]:
    known = {s.purchase.line: s for s in suppliers}
    out: list[dict[str, object]] = []
    for p in read.rows:
        s = known.get(p.line)
        out.append(
            {
                "line": p.line,
                "supplier": p.supplier,
                "seller": p.seller,
                "mineral": p.mineral.name,
                "form": p.form,
                "year": p.year,
                "tonnes": p.tonnes,
                "contained": p.contained,
                "usd": p.usd,
                "paid": p.paid,
                "currency": p.currency,
                "instability": None if s is None else s.instability,
                "behind": "" if s is None else ", ".join(f"{c} {share:.0%}" for c, share in s.behind),
                "status": "ok" if s is None else s.status,
            }
        )
    for r in read.refused:
        out.append(
            {
                "line": r.line,
                "supplier": r.supplier,
                "seller": "",
                "mineral": r.mineral or None,
                "form": "",
                "year": r.year,
                "tonnes": None,
                "contained": None,
                "usd": r.usd,
                "paid": None,
                "currency": "",
                "instability": None,
                "behind": "",
                "status": f"missing: {r.problems[0].what}",
            }
        )
    return sorted(out, key=lambda row: int(str(row["line"])))


def _columns(read: Purchases) -> list[dict[str, object]]:
    used: list[dict[str, object]] = [
        {"column": c.column, "heading": c.heading, "field": c.field, "unit": c.unit, "note": ""}
        for c in read.columns
    ]
    unused = [x.what.partition(": ") for x in read.unused]
    return used + [
        {"column": column, "heading": heading, "field": "", "unit": "", "note": x.why}
        for (column, _, heading), x in zip(unused, read.unused, strict=True)
    ]


def _lines_read(read: Purchases) -> str:
    return f"{len(read.rows)} of {read.lines} lines read."


def _headline(read: Purchases, suppliers: Sequence[Supplier]) -> str:
    """Spend at risk of what is known, and how much of the spend that is."""
    known = [s for s in suppliers if s.instability is not None]
    at_risk = sum(s.purchase.usd * s.instability for s in known if s.instability is not None)
    spent = sum(s.purchase.usd for s in known)
    total = sum(p.usd for p in read.rows) + sum(r.usd or 0.0 for r in read.refused)
    blind = sum(r.usd is None for r in read.refused)
    start = _lines_read(read).removesuffix(".")
    if not known:
        return f"{start}: USD {_money(total)}. How much of it is at risk is not known."
    share = _share(at_risk / spent)
    if spent >= total * (1 - 1e-12) and not blind:
        return f"{start}: USD {_money(total)}, of which USD {_money(at_risk)} ({share}) at risk."
    at_most = "at most " if blind else ""
    beside = f", beside {blind} {'line' if blind == 1 else 'lines'} of unknown money" if blind else ""
    return (
        f"{start}. Known of USD {_money(spent)}, {at_most}{_share(spent / total)} of your spend{beside}:"
        f" USD {_money(at_risk)} ({share}) of that at risk."
    )


def _share(share: float) -> str:
    """A share that is printed as 100 % or 0 % only where it is.

    >>> _share(0.999), _share(0.42)
    ('more than 99 %', '42 %')
    """
    if 0.99 < share < 1:
        return "more than 99 %"
    return "less than 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def _money(value: float) -> str:
    return f"{float(f'{value:.3g}'):,.0f}" if value >= 1000 else f"{value:.3g}"


def _not_known(suppliers: Sequence[Supplier]) -> list[str]:
    """Lines that were read and of which nothing is known, one sentence a reason."""
    lines: dict[str, list[int]] = {}
    for s in suppliers:
        if s.instability is None:
            reason = s.status.partition(": ")[2]
            lines.setdefault(reason, []).append(s.purchase.line)
    return [f"{line_list(found)}: {reason}." for reason, found in lines.items()]
