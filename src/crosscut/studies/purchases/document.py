"""Document: the answer about a company's purchases, and how its file was read, as one result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from crosscut.base.places import all_places
from crosscut.base.version import __version__
from crosscut.inputs.purchases.left_out import line_list
from crosscut.inputs.purchases.purchase import Purchases
from crosscut.results import (
    Document,
    FailedDraw,
    Horizon,
    Inputs,
    ScenarioUsed,
    Statement,
    Status,
    WorldUsed,
    tables_of,
)
from crosscut.results.rows import Row
from crosscut.studies.context import Context
from crosscut.studies.indicators.answers.company import Supplier
from crosscut.studies.indicators.document import errors_assumed
from crosscut.studies.purchases.answers import MineralAnswer
from crosscut.studies.purchases.measures import TARIFF
from crosscut.studies.purchases.request import PurchasesRequest
from crosscut.studies.shared.cited_facts import cited_facts
from crosscut.studies.shared.document_inputs import limits_of, notes, typed_sources
from crosscut.studies.stress.history.assumptions import assumptions
from crosscut.worlds import DEFAULT_YEAR

NO_WORLD = "facts"  # grade of a result that no world stands behind
LIMITS = (
    (
        "Contracts are not known: every tonne is taken to be bought at the price of the year",
        "extra cost too high where a price is fixed for longer",
    ),
    (
        "A stop is of a whole country, from the calm base year without the measures in force since",
        "either way",
    ),
    (
        "Extra cost is of the same tonnes, some of which may be lost: the two do not add up",
        "together too high",
    ),
    ("The governance index is political stability alone", "either way against six-indicator means"),
    ("Your own stocks are not known", "loss too high in the first months"),
    ("Goods made of the metal, and lines that stand still for want of it, are not counted", "loss too low"),
)


@dataclass(frozen=True, eq=False)
class PurchasesAsked:
    """What was asked, the file as it was read, and what is known of each line's country."""

    request: PurchasesRequest
    read: Purchases
    suppliers: Sequence[Supplier] = ()


def document_of(
    asked: PurchasesAsked,
    answers: Sequence[MineralAnswer],
    tables: Mapping[str, Sequence[Row]],
    context: Context,
) -> Document:
    """The document of an answer.

    Parameters
    ----------
    asked : PurchasesAsked
        The question and the file.
    answers : Sequence[MineralAnswer]
        By mineral.
    tables : Mapping
        Name to rows; how the file was read is added.
    context : Context
        Names the data, and has the ledger that facts are cited from.

    Returns
    -------
    Document
        Of kind `purchases`; `status.ok` is false where a line was refused or has no facts.
    """
    read = asked.read
    failed = [
        FailedDraw.at(d, how, f"{a.mineral}: the market did not clear when {code} stops")
        for a in answers
        for code, e in a.effects.items()
        for d, how in e.failed
    ]
    solved = any(a.effects for a in answers)
    unknown = _not_known(asked.suppliers)
    refused = [p for r in read.refused for p in r.problems]
    cited = {
        f
        for name in ("purchase_measures", "purchase_cover")
        for r in tables[name]
        for f in r["facts"].split()
        if r.get("instrument") != TARIFF  # that stands in a bundled scenario
    }
    cited |= {f for r in tables["indicators"] for f in r["facts"].split()}
    cited |= {f for a in answers if a.world is not None for f in a.world.fact_ids}
    return Document(
        kind="purchases",
        inputs=_inputs(asked, answers, context),
        status=Status(not (refused or unknown), len({(f.reason, f.draw) for f in failed}), tuple(failed), {}),
        horizon=Horizon.of_years(
            DEFAULT_YEAR, DEFAULT_YEAR, f"Purchases as paid, against the market of {DEFAULT_YEAR}."
        ),
        tables=tables_of({**tables, **_as_read(asked)}),
        statements=(
            *(Statement("refused", str(p)) for p in refused),
            *(Statement("not_known", text) for text in unknown),
            *notes(_market_notes(answers)),
            *_how_read(read),
        ),
        assumptions=(
            *(assumed.stated() for assumed in (assumptions().values() if solved else ())),
            *errors_assumed(),
        ),
        facts=cited_facts(context.ledger, cited),
        limits=limits_of(LIMITS),
        places=_names(_codes(tables, read, asked.suppliers), answers),
    )


def reading_document(read: Purchases, request: PurchasesRequest, context: Context) -> Document:
    """How a file is read, before anything is computed.

    Parameters
    ----------
    read : Purchases
        The file as it was read.
    request : PurchasesRequest
        The question.
    context : Context
        Names the data.

    Returns
    -------
    Document
        Of kind `purchases`, with the tables of the reading alone.
    """
    asked = PurchasesAsked(request, read)
    refused = [p for r in read.refused for p in r.problems]
    return Document(
        kind="purchases",
        inputs=_inputs(asked, (), context),
        status=Status(not refused, 0, (), {}),
        horizon=Horizon.of_years(
            min(p.year for p in read.rows), max(p.year for p in read.rows), "Years of the purchases."
        ),
        tables=tables_of(_as_read(asked)),
        statements=(
            *(Statement("refused", str(p)) for p in refused),
            *_how_read(read),
        ),
        places=_names(_codes({}, read, ()), ()),
    )


def _inputs(asked: PurchasesAsked, answers: Sequence[MineralAnswer], context: Context) -> Inputs:
    read, request = asked.read, asked.request
    minerals = ", ".join(dict.fromkeys(p.mineral.name for p in read.rows))
    worlds = [a.world for a in answers if a.world is not None]
    bought = "\n".join(
        f"{p.mineral.name},{p.form},{p.supplier},{p.tonnes},{p.contained},{p.usd!r},{p.year}"
        for p in read.rows
    )
    title = f"Your purchases: {read.lines} {'line' if read.lines == 1 else 'lines'}"
    if request.country:
        title += f", bought in {request.country}"
    return Inputs(
        mineral=minerals,
        world=WorldUsed(
            DEFAULT_YEAR,
            sha256("".join(w.hash for w in worlds).encode()).hexdigest(),
            max((w.grade for w in worlds), default=NO_WORLD),
        ),
        scenario=ScenarioUsed("purchases", sha256(bought.encode()).hexdigest(), title),
        seed=request.seed if worlds else None,
        draws=request.draws if worlds else 0,
        code=__version__,
        data=context.data.version,
        data_sources=typed_sources(context.data.sources),
    )


def _market_notes(answers: Sequence[MineralAnswer]) -> list[str]:
    """What the market cannot say, one line a mineral, and which grade stands behind the others."""
    out = [
        f"{a.mineral}: no market is solved. {a.why[:1].upper()}{a.why[1:]}."
        for a in answers
        if a.world is None
    ]
    graded = [f"{a.mineral} {a.world.grade}" for a in answers if a.world is not None]
    if graded:
        out.append(f"Grade of each market, A to D, how much of it is fact: {', '.join(graded)}.")
    return out


def _as_read(asked: PurchasesAsked) -> dict[str, list[Row]]:
    return {"purchases": _lines(asked), "purchase_columns": _columns(asked.read)}


def _lines(asked: PurchasesAsked) -> list[Row]:
    known = {s.purchase.line: s for s in asked.suppliers}
    out: list[Row] = []
    for p in asked.read.rows:
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
    for r in asked.read.refused:
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
    return sorted(out, key=lambda row: int(row["line"]))


def _columns(read: Purchases) -> list[Row]:
    used: list[Row] = [
        {"column": c.column, "heading": c.heading, "field": c.field, "unit": c.unit, "note": ""}
        for c in read.columns
    ]
    unused = [x.what.partition(": ") for x in read.unused]
    return used + [
        {"column": column, "heading": heading, "field": "", "unit": "", "note": x.why}
        for (column, _, heading), x in zip(unused, read.unused, strict=True)
    ]


def _how_read(read: Purchases) -> Iterable[Statement]:
    yield from (Statement("assumed", text) for text in read.assumptions)
    yield from (Statement("left_out", f"{x.what}: {x.why}") for x in (*read.unused, *read.left_out))
    yield Statement("reading", ", ".join(f"{what} {value}" for what, value in read.reading))


def _not_known(suppliers: Sequence[Supplier]) -> list[str]:
    """Lines that were read and have no governance figure, one sentence a reason."""
    lines: dict[str, list[int]] = {}
    for s in suppliers:
        if s.instability is None:
            lines.setdefault(s.status.partition(": ")[2], []).append(s.purchase.line)
    return [f"{line_list(found)}: {reason}." for reason, found in lines.items()]


def _codes(tables: Mapping[str, Sequence[Row]], read: Purchases, suppliers: Sequence[Supplier]) -> set[str]:
    """Codes of all places that the document names."""
    out = {p.supplier for p in read.rows} | {r.supplier for r in read.refused}
    out |= {origin for s in suppliers for origin, _ in s.behind}
    return out | {r["country"] for r in tables.get("purchase_alternatives", ())}


def _names(codes: set[str], answers: Sequence[MineralAnswer]) -> dict[str, str]:
    """Code to name, as the worlds call them and else as the ledger does."""
    known = {code: all_places()[code].name for code in codes & set(all_places())}
    named = {
        c: n for a in answers if a.world is not None for c, n in a.world.place_names.items() if c in codes
    }
    return dict(sorted({**known, **named}.items()))
