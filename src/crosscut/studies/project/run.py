"""Run: a project valued in its middle case, at a low price, in draws and in its alternatives, as one result
document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError
from crosscut.base.places import all_places
from crosscut.base.progress import Progress
from crosscut.base.version import __version__
from crosscut.finance.answers.break_even import break_even, refining_case, tax_over_price
from crosscut.finance.answers.metrics import METRICS, metrics
from crosscut.finance.answers.valuation import Valuation, unfinanced, valuation
from crosscut.finance.cash.statements import unaccounted
from crosscut.finance.lenders.borrowing import Terms
from crosscut.finance.mine.project import Project
from crosscut.finance.numbers import over_years
from crosscut.inputs.project.loader import ProjectSource
from crosscut.inputs.project.product_rules import product_unit
from crosscut.inputs.project.provenance import evidence_statuses, facts_of_project, project_assumptions
from crosscut.inputs.scenario.schema import MOST_DRAWS
from crosscut.results import (
    Document,
    Horizon,
    Inputs,
    ScenarioUsed,
    Statement,
    Status,
    WorldUsed,
    tables_of,
)
from crosscut.studies.context import Context
from crosscut.studies.costs.cost_rows import cost_tables
from crosscut.studies.project import rows, yearly_rows
from crosscut.studies.project.build import built, project_of
from crosscut.studies.project.choices import choice_rows, choices
from crosscut.studies.project.ensemble import Prices, ProjectEnsemble, ensemble, middle_terms
from crosscut.studies.project.sampling import Draws
from crosscut.studies.project.tornado import tornado
from crosscut.studies.shared.cited_facts import cited_facts
from crosscut.studies.shared.document_inputs import limits_of

FEW = 400  # draws of the questions that solve for a price, at most
ALTERNATIVE = 1000  # draws of each alternative, at most
TAX_PRICES = np.array([150, 200, 250, 300, 350, 400, 500, 600, 800, 1000, 1500, 2000, 3000], dtype=float)
TAX_MULTIPLES = np.array([0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0])  # of another mineral's price
COMPARED = ("npv_after_tax", "irr_after_tax", "owners_npv", "state_npv", "c1", "sold")


@dataclass(frozen=True, eq=False)
class ProjectFindings:
    """Everything a document is written from."""

    source: ProjectSource
    prices: Prices | None
    terms: tuple[Terms, ...]
    middle: Valuation
    low: Valuation
    ensemble: ProjectEnsemble
    seed: int
    draws: int


def project_result(
    context: Context,
    source: ProjectSource,
    *,
    prices: Prices | None = None,
    seed: int | None = None,
    draws: int | None = None,
    also: Mapping[str, list[dict[str, Any]]] | None = None,
    said: Sequence[tuple[str, str]] = (),
) -> Document:
    """The result of a project; the time does not change its id.

    Parameters
    ----------
    context
        Where facts are read, who is told how far it is, and the data the document names.
    source
        The project's file.
    prices
        Prices of a scenario in the place of the file's own.
    seed, draws
        Which futures, and how many; those of the file unless given.
    also, said
        Tables and statements (key, text) of whoever made the prices.

    Returns
    -------
    Document
        Of kind ``project``.

    Raises
    ------
    UserError
        Where seed or draws cannot be, or an alternative of the file does not fit it.
    """
    seed = source.file.seed if seed is None else seed
    draws = source.file.draws if draws is None else draws
    problems = []
    if not 1 <= draws <= MOST_DRAWS:
        problems.append(
            Problem(f"{draws} draws", "draws", f"a whole number from 1 to {MOST_DRAWS:,}, e.g. 1000")
        )
    if not 0 <= seed < 2**63:
        problems.append(Problem(f"seed {seed}", "seed", "a whole number from 0 to 2^63 - 1"))
    if problems:
        raise UserError(problems)
    for x in source.file.alternatives:
        source.alternative(x.id)  # refused before anything is calculated
    a = answer(source, prices, seed, draws, context.progress)
    return _document(context, a, also or {}, [Statement(key, text) for key, text in said])


def answer(
    source: ProjectSource,
    prices: Prices | None,
    seed: int,
    draws: int,
    progress: Progress | None = None,
) -> ProjectFindings:
    """The valuations behind a document, in this process: another takes as long to start as most draws that
    are allowed."""
    middle = project_of(source)
    apt = None if prices is None else prices.middle(middle.years)
    terms = middle_terms(source, prices)
    e = ensemble(source, seed, draws, terms, prices, progress=progress)
    low = prices.low(middle.years) if prices is not None else e.price[0].reshape((-1, 1))
    return ProjectFindings(
        source,
        prices,
        terms,
        valuation(project_of(source, Draws(), apt), terms),
        valuation(project_of(source, Draws(), low), terms),
        e,
        seed,
        draws,
    )


def _few(a: ProjectFindings) -> Project:
    numbers = range(min(a.draws, FEW))
    apt = None if a.prices is None else a.prices.over(a.middle.project.years, numbers)
    return project_of(a.source, Draws(a.seed, numbers), apt)


def _even(a: ProjectFindings, few: Project) -> dict[str, Array]:
    n = min(a.draws, FEW)

    def project(p: Project) -> Array:
        v = unfinanced(p)
        return v.real_worth(v.after_tax)

    def owners(p: Project) -> Array:
        v = valuation(p, a.terms)
        return v.worth(v.owners, v.project.discounting.equity)

    return {
        "break_even": break_even(few, project, n),
        "break_even_owners": break_even(few, owners, n),
        "break_even_middle": break_even(a.middle.project, project, 1),
        "break_even_owners_middle": break_even(a.middle.project, owners, 1),
    }


def _alternative_rows(a: ProjectFindings, unit: str) -> list[dict[str, Any]]:
    """The file as it stands beside each other reading of the facts, on the same draws."""
    if not a.source.file.alternatives:
        return []
    out = []
    n = min(a.draws, ALTERNATIVE)
    readings = [("middle", "as the file stands", a.source)]
    readings += [(x.id, x.title, a.source.alternative(x.id)) for x in a.source.file.alternatives]
    money, product = a.source.file.money, product_unit(a.source.file.prices)
    for id, title, source in readings:
        terms = middle_terms(source, a.prices)
        e = ensemble(source, a.seed, n, terms, a.prices)
        p = project_of(source)
        apt = None if a.prices is None else a.prices.middle(p.years)
        middle = metrics(valuation(project_of(source, Draws(), apt), terms))
        for m in METRICS:
            if m.id not in COMPARED:
                continue
            by = rows.scale_of(m.unit, product)
            out.append(
                {
                    "alternative": id,
                    "title": title,
                    "measure": m.id,
                    "unit": rows.unit_of(m.unit, money.currency, money.year, product),
                    "middle": float(np.ravel(middle[m.id])[0]) / by if source.file.study else None,
                    **rows.points(e.metrics[m.id] / by),
                }
            )
    del unit
    return out


def _tax_prices(a: ProjectFindings) -> Array:
    """Prices, USD per mtu, at which the tax rate is shown: round ones of APT, or multiples of the file's."""
    p = a.middle.project
    if p.unit.is_apt:
        return TAX_PRICES
    return np.asarray(TAX_MULTIPLES * float(np.median(over_years(p.apt, len(p.years)) / p.index)))


def _price_said(a: ProjectFindings) -> str:
    product = a.middle.project.unit
    words = "APT price of the file, with its range and yearly swings."
    if product.is_apt:
        return words
    said = product.said(words)
    return f"{said[0].upper()}{said[1:-1]}, in USD per {product.label}."


def _document(
    context: Context,
    a: ProjectFindings,
    also: Mapping[str, list[dict[str, Any]]],
    said: Sequence[Statement],
) -> Document:
    ledger, file, e = context.ledger, a.source.file, a.ensemble
    money = file.money
    unit = f"million {money.currency}, nominal"
    product = product_unit(file.prices)
    few = _few(a)
    known = evidence_statuses(a.source)
    middle, low = metrics(a.middle), metrics(a.low)
    tables: dict[str, list[dict[str, Any]]] = {
        "project_measures": rows.measure_rows(middle, low, e, _even(a, few), file),
        "project_returns": [
            *yearly_rows.return_rows("low-price", a.low, unit),
            *yearly_rows.return_rows("middle", a.middle, unit),
        ],
        "project_tornado": rows.tornado_rows(tornado(a.source, a.terms, prices=a.prices), unit, known),
        "project_alternatives": _alternative_rows(a, unit),
        "project_choices": choice_rows(
            choices(a.source, a.terms, a.seed, a.draws, a.prices),
            a.middle.project.years,
            f"million {money.currency} of {money.year}",
        ),
        "project_tax": rows.tax_rows(tax_over_price(a.middle.project, _tax_prices(a)), product),
        "project_tonnes": yearly_rows.tonnes_rows("middle", a.middle, money.currency),
        "project_cash": [
            *yearly_rows.cash_rows("low-price", a.low, unit),
            *yearly_rows.cash_rows("middle", a.middle, unit),
        ],
        "project_parties": [
            *yearly_rows.party_rows("low-price", a.low, unit),
            *yearly_rows.party_rows("middle", a.middle, unit),
        ],
        "project_sources_uses": yearly_rows.sources_uses_rows("middle", a.middle, unit),
        "project_debt": [
            *yearly_rows.debt_rows("low-price", a.low, None, unit),
            *yearly_rows.debt_rows("middle", a.middle, e, unit),
        ],
        "project_balance": yearly_rows.balance_rows("middle", a.middle, unit),
    }
    costs, placed = cost_tables(ledger, a.source, a.seed)
    tables |= costs
    if a.middle.project.product.refinery is not None:
        size = float((a.middle.operations.schedule.concentrate[:, 0]).max())
        tables["project_refining"] = rows.refining_rows(
            refining_case(a.middle.project), refining_case(few), money.currency, money.year, size
        )
    gap = float(np.abs(a.middle.statements.gap).max())
    certificate = {
        "waterfall": float(np.abs(unaccounted(a.middle.lines, a.middle.cash)).max()),
        "balance": gap,
    }
    years = a.middle.project.years
    return Document(
        kind="project",
        inputs=Inputs(
            mineral=file.mineral,
            world=WorldUsed(money.year, a.source.hash, "study" if file.study else "no study"),
            scenario=ScenarioUsed(file.id, a.source.hash, file.title),
            seed=a.seed,
            draws=a.draws,
            code=__version__,
            data=context.data.version,
        ),
        status=Status.of(certificate=certificate, draws=0),
        horizon=Horizon.of_years(
            years.start,
            years.stop - 1,
            "Calendar years from first spending to the end of closure; money is nominal unless a row says"
            " else.",
        ),
        tables=tables_of({**tables, **also}),
        statements=(
            *statements_of(a),
            *(Statement(key, text) for key, text in placed),
            *said,
        ),
        assumptions=tuple(project_assumptions(a.source, built(a.source)[1])),
        facts=cited_facts(ledger, facts_of_project(a.source)),
        limits=limits_of([*((x.what, x.bias) for x in file.limits), *LIMITS]),
        places={file.country: all_places()[file.country].name} if file.country in all_places() else {},
    )


LIMITS = (
    (
        "Owners pay every operating deficit and the closure; nobody walks away and nothing is put off",
        "worth to the owners too low in poor draws, debt too safe",
    ),
    ("Tax books are the company's books; tax is paid in the year it arises", "worth slightly too low"),
    ("Figures are drawn apart from each other", "intervals too narrow where figures move together"),
    ("One currency, the year as the step", "seasonal cash needs left out: finance need slightly too low"),
    ("At the low price every year is at its 10 % point at once", "harsher than one draw in ten"),
)


def statements_of(a: ProjectFindings) -> list[Statement]:
    """Sentences that a reader must see before the numbers."""
    file = a.source.file
    out: list[Statement] = []

    def say(key: str, text: str, refs: list[str] | None = None) -> None:
        out.append(Statement(key, text, tuple(refs or ())))

    if not file.study:
        say(
            "range",
            "No study stands behind this project: read the ranges and what drives them, not any one number.",
        )
    say("price", a.prices.about if a.prices else _price_said(a))
    letters = [x for x in file.finance.loans if not x.signed]
    for x in letters:
        say(
            "letter",
            f"{x.id} of {x.lender} is a letter, not a loan: the middle case counts it whole, the draws with a"
            f" probability of {x.probability:.0%}; where it never comes the owners pay.",
        )
    for t in a.terms:
        if t.loan.dscr is not None and t.lent < 1:
            say(
                "cut",
                f"{t.loan.id} is cut to {t.lent:.0%} of its amount: the middle case covers no more"
                f" {t.loan.dscr:g} times.",
            )
    for case, v in (("in the middle case", a.middle), ("at the low price", a.low)):
        for r in yearly_rows.return_rows(case, v, "")[:3]:
            if r["number"] > 1 and not _one_is_meant(v, r["party"]):
                say(
                    "several_rates",
                    f"The flow of {r['party']} {case} has {r['number']} internal rates of return"
                    f" ({r['rates']}): none of them alone says what it earns.",
                )
    left = float(np.ravel(over_years(a.middle.operations.schedule.left, 1))[0])
    if left > 1:
        say("left", f"{left:,.0f} t of ore are left in the ground when production ends.")
    out += [Statement("recalled", t) for t in recalled(a.source)]
    return out


def _one_is_meant(v: Valuation, party: str) -> bool:
    """Whether one of several rates is the rate of return: one positive rate by Norstrom's condition."""
    flow = {"owners": v.owners, "project before tax": v.before_tax, "project after tax": v.after_tax}[party]
    return bool(np.isfinite(v.rate_of_return(flow))[0])


def recalled(source: ProjectSource) -> list[str]:
    """What the taxes rest on that nobody has read."""
    known = evidence_statuses(source)
    named = sorted(
        k.removeprefix("taxes.") for k, v in known.items() if k.startswith("taxes") and v == "recalled"
    )
    return [f"Taxes from memory, not read in any document: {', '.join(named)}."] if named else []
