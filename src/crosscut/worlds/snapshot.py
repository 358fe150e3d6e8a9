"""Snapshot: evidence balanced, traced and priced into one consistent World."""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, Refused
from crosscut.market.model.world import Move, World
from crosscut.worlds import grades as grading
from crosscut.worlds.balance import MOVE_WORTH_LISTING, balanced_cells
from crosscut.worlds.evidence import CellKind, Evidence
from crosscut.worlds.figures import figures_of
from crosscut.worlds.trace import traced_flows

REMAINDER = "stock build and unrecorded use"
NEGLIGIBLE = 1e-9  # share of a form's world supply below which a traced remainder is rounding


def balance_rows(evidence: Evidence) -> tuple[Array, list[str]]:
    """Write the node balances of the evidence as a matrix.

    Parameters
    ----------
    evidence : Evidence
        Its cells, chain and countries.

    Returns
    -------
    B : Array, shape (forms * countries, cells)
        What comes to a country and form less what leaves it, per t of each cell (for a process, per t of
        activity).
    nodes : list of str
        Name of each row, as form/country.
    """
    forms = [f.id for f in evidence.chain.forms]
    node = {(f, i): r for r, (f, i) in enumerate((f, i) for f in forms for i in evidence.countries)}
    B = np.zeros((len(node), len(evidence.cells)))
    processes = {p.id: p for p in evidence.chain.processes}
    for c, cell in enumerate(evidence.cells):
        match cell.kind:
            case CellKind.MINE | CellKind.COLLECTION | CellKind.UNRECORDED | CellKind.STOCK_DRAW:
                B[node[cell.form, cell.place], c] += 1
            case CellKind.USE | CellKind.STOCK_BUILD:
                B[node[cell.form, cell.place], c] -= 1
            case CellKind.TRADE:
                B[node[cell.form, cell.place], c] -= 1
                B[node[cell.form, cell.other], c] += 1
            case CellKind.ACTIVITY:
                for f, a in processes[cell.process].inputs.items():
                    B[node[f, cell.place], c] -= a
                for f, b in processes[cell.process].outputs.items():
                    B[node[f, cell.place], c] += b
    return B, [f"{f}/{i}" for f, i in node]


def world_from(evidence: Evidence) -> World:
    """Balance, trace, price and grade evidence into a World.

    Parameters
    ----------
    evidence : Evidence
        What is known, cell by cell.

    Returns
    -------
    World
        All nodes close. Its grade is never better than `evidence.best_grade`; with several forms a note
        says how much of each is fact.

    Raises
    ------
    Refused
        When the figures cannot be balanced, too much supply is unrecorded, or prices are missing or fall
        along the chain.
    """
    tonnes = balanced_tonnes(evidence)
    unrecorded = grading.unrecorded_share(evidence.cells, tonnes)
    letter = max(
        grading.grade(evidence.mineral, unrecorded, grading.fact_share(evidence.cells, tonnes)),
        evidence.best_grade,
    )
    notes = (*evidence.stand_ins, *evidence.notes)
    by_form = grading.fact_share_by_form(evidence.cells, tonnes, [f.id for f in evidence.chain.forms])
    if len(by_form) > 1:
        listed = ", ".join(f"{form} {share:.0%}" for form, share in by_form.items())
        notes = (*notes, f"How much of each form is fact: {listed}.")
    return _assembled(evidence, tonnes, unrecorded, letter, notes)


def balanced_tonnes(evidence: Evidence) -> Array:
    """The cells of the evidence, moved as little as their distrust asks so that every node closes.

    Parameters
    ----------
    evidence : Evidence
        Its cells, with priors in t a year, and its published sums.

    Returns
    -------
    Array, shape (cells,)
        Balanced tonnes a year (for a process, t of activity), in the order of the cells.

    Raises
    ------
    Refused
        When a prior is not finite or below 0, or the figures cannot be balanced.
    """
    cells = evidence.cells
    prior = np.array([c.prior for c in cells])
    if not (np.isfinite(prior).all() and (prior >= 0).all()):
        bad = [c.label for c, p in zip(cells, prior, strict=True) if not (np.isfinite(p) and p >= 0)]
        raise Refused(
            [Problem(f"{label} has no usable figure", "evidence", "tonnes >= 0") for label in bad[:10]]
        )
    B, nodes = balance_rows(evidence)
    soft = np.zeros((len(evidence.soft_facts), len(cells)))
    for s, fact in enumerate(evidence.soft_facts):
        for c, coefficient in fact.terms.items():
            soft[s, c] = coefficient
    return balanced_cells(
        prior,
        np.array([c.distrust for c in cells]),
        B,
        nodes,
        soft,
        np.array([s.value for s in evidence.soft_facts]),
        np.array([s.standard_error(float(prior.sum())) for s in evidence.soft_facts]),
    ).y


def _assembled(evidence: Evidence, y: Array, unrecorded: float, letter: str, notes: tuple[str, ...]) -> World:
    chain, countries = evidence.chain, evidence.countries
    at = {code: i for i, code in enumerate(countries)}
    form_at = {f.id: i for i, f in enumerate(chain.forms)}
    process_at = {p.id: k for k, p in enumerate(chain.processes)}
    F, K, n = len(chain.forms), len(chain.processes), len(countries)
    uses = (*dict.fromkeys(c.use for c in evidence.cells if c.kind is CellKind.USE), REMAINDER)
    shipped, primary = np.zeros((F, n, n)), np.zeros((F, n))
    wanted, X0 = np.zeros((F, n, len(uses))), np.zeros((K, n))
    for cell, tonnes in zip(evidence.cells, y, strict=True):
        f, i = form_at[cell.form], at[cell.place]
        match cell.kind:
            case CellKind.TRADE:
                shipped[f, i, at[cell.other]] += tonnes
            case CellKind.ACTIVITY:
                X0[process_at[cell.process], i] += tonnes
            case CellKind.USE:
                wanted[f, i, uses.index(cell.use)] += tonnes
            case CellKind.STOCK_BUILD:
                wanted[f, i, -1] += tonnes
            case _:
                primary[f, i] += tonnes

    q0 = np.zeros((F, n, n))
    a, b = np.zeros((K, F)), np.zeros((K, F))
    for k, p in enumerate(chain.processes):
        for form, v in p.inputs.items():
            a[k, form_at[form]] = v
        for form, v in p.outputs.items():
            b[k, form_at[form]] = v
    made = primary + b.T @ X0
    for f in range(F):
        q0[f] = traced_flows(made[f], shipped[f], [f"{chain.forms[f].id}/{c}" for c in countries])
        # Traces below a billionth of the form's supply are rounding of the linear solve.
        q0[f][q0[f] < NEGLIGIBLE * 1e-3 * made[f].sum()] = 0.0
    M0, X0, total_final = _closed_exactly(q0, primary, X0, a, b, evidence)
    D0 = _split_by_use(total_final, wanted)
    prices = base_prices(evidence, made, q0)
    moves = [
        Move(
            c.label,
            c.prior,
            float(t),
            f"balancing moved it by more than a factor 3; evidence status before: {c.evidence_status}",
        )
        for c, t in zip(evidence.cells, y, strict=True)
        if c.prior > 0 and abs(np.log(t / c.prior)) > MOVE_WORTH_LISTING and max(t, c.prior) > 1.0
    ]
    moves += evidence.repairs
    freight = np.zeros((F, n, n))
    for form, usd in evidence.freight.items():
        freight[form_at[form]] = usd * (1 - np.eye(n))
    supply_capacity = np.zeros((F, n))
    for f, form_ in enumerate(chain.forms):
        supply_capacity[f] = M0[f] / evidence.utilisation.get(form_.id, 0.9)
    process_capacity = np.zeros((K, n))
    for k, p in enumerate(chain.processes):
        for i, code in enumerate(countries):
            used = evidence.utilisation.get(f"{p.id}/{code}", evidence.utilisation.get(p.id, 0.8))
            process_capacity[k, i] = X0[k, i] / used
    return World(
        mineral=evidence.mineral,
        year=evidence.year,
        chain=chain,
        countries=countries,
        uses=uses,
        q0=q0,
        M0=M0,
        X0=X0,
        D0=D0,
        supply_capacity=supply_capacity,
        process_capacity=process_capacity,
        freight=freight,
        tariff=np.zeros((F, n, n)),
        export_tax=np.zeros((F, n, n)),
        duty_on_cif=np.array([code != "USA" for code in countries]),
        prices=prices,
        unrecorded_share=unrecorded,
        grade=letter,
        moves=tuple(moves),
        notes=notes,
        fact_ids=tuple(sorted({*evidence.fact_ids, *(s.fact_id for s in evidence.soft_facts if s.fact_id)})),
        place_names=dict(evidence.place_names),
        figures=figures_of(evidence, y),
        evidence=evidence,
    )


def _closed_exactly(
    q0: Array, primary: Array, X0: Array, a: Array, b: Array, evidence: Evidence
) -> tuple[Array, Array, Array]:
    """M0, X0 and final use such that every node closes to rounding (q0 is rescaled in place, by about 1e-12).

    Walks the chain from ore to metal: sales are scaled to supply, then final use is what purchases leave
    after processing. Where processing takes everything, its activity is set to what arrives.
    """
    X0 = X0.copy()
    total_final = np.zeros_like(primary)
    for f in evidence.chain.topological_order():
        made = primary[f] + b[:, f] @ X0
        sold = q0[f].sum(axis=1)
        q0[f] *= np.divide(made, sold, out=np.zeros_like(sold), where=sold > 0)[:, None]
        bought = q0[f].sum(axis=0)
        need = a[:, f] @ X0
        left = bought - need
        tolerance = NEGLIGIBLE * max(float(made.sum()), 1e-300)
        bad = np.flatnonzero(left < -tolerance)
        if len(bad):
            nodes = [f"{evidence.chain.forms[f].id}/{evidence.countries[j]}" for j in bad[:10]]
            raise Refused(
                [Problem(f"final use of {n} is negative", f"world of {evidence.mineral}") for n in nodes]
            )
        for j in np.flatnonzero((left <= tolerance) & (need > 0)):
            X0[a[:, f] > 0, j] *= bought[j] / need[j]
        total_final[f] = np.where((left <= tolerance) & (need > 0), 0.0, np.maximum(left, 0.0))
    return primary, X0, total_final


def _split_by_use(total: Array, wanted: Array) -> Array:
    """Final use by end use in the proportions of the balanced cells; what no cell claims is stock build."""
    declared = wanted.sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(declared[..., None] > 0, wanted / declared[..., None], 0.0)
    shares[..., -1] = np.where(declared > 0, shares[..., -1], 1.0)
    out: Array = total[..., None] * shares
    return out


def base_prices(evidence: Evidence, made: Array, q0: Array) -> Array:
    """Prices of the base year, by form and country of origin.

    Parameters
    ----------
    evidence : Evidence
        Its reference prices in USD per t contained, and differentials of origins.
    made : Array, shape (forms, countries), t a year
        What each country makes.
    q0 : Array, shape (forms, countries, countries), t a year
        Flows from the maker to the user.

    Returns
    -------
    Array, shape (forms, countries), USD per t contained
        Reference price times the shrunk differential of the origin, never a raw unit value; NaN where a
        country neither makes nor uses the form.

    Raises
    ------
    Refused
        Where a form has no price, or prices fall along the chain so that a process would lose money.
    """
    by_form = {p.form: p for p in evidence.prices}
    prices = np.full(made.shape, np.nan)
    for f, form in enumerate(evidence.chain.forms):
        if form.id not in by_form:
            raise Refused(
                Problem(f"no price of {form.id} in {evidence.year}", f"world of {evidence.mineral}")
            )
        p = by_form[form.id]
        present = (made[f] > 0) | (q0[f].sum(axis=0) > 0)
        for i in np.flatnonzero(present):
            prices[f, i] = p.value * p.differentials.get(evidence.countries[i], 1.0)
    reference = {p.form: p.value for p in evidence.prices}
    for process in evidence.chain.processes:
        value = sum(b * reference[f] for f, b in process.outputs.items())
        cost = sum(a * reference[f] for f, a in process.inputs.items())
        if value <= cost:
            raise Refused(
                Problem(
                    f"{process.id} would sell for {value:,.0f} what costs {cost:,.0f} USD per t",
                    f"world of {evidence.mineral}",
                    "reference prices that rise along the chain",
                )
            )
    return prices
