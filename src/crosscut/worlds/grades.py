"""Grade: how much of a world is fact. A and B may be used for decisions; C and D are for screening only."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, Refused
from crosscut.worlds.evidence import FACT_WEIGHT, Cell, CellKind

UNRECORDED_D = 0.15  # above: grade D whatever else is known
UNRECORDED_REFUSED = 0.30  # above: no world
FACT_SHARES = (("A", 0.85), ("B", 0.60), ("C", 0.35))

_GRADED = (CellKind.MINE, CellKind.COLLECTION, CellKind.TRADE, CellKind.ACTIVITY)
_UNRECORDED = (CellKind.UNRECORDED, CellKind.STOCK_DRAW)


def unrecorded_share(cells: Sequence[Cell], tonnes: Array) -> float:
    """Share of all primary supply that no source records.

    Parameters
    ----------
    cells : sequence of Cell
        Cells of the evidence; their kinds are looked at.
    tonnes : Array, shape (cells,), t a year
        The balanced cells.

    Returns
    -------
    float
        Unrecorded supply and stock draws over these plus mines and collection, 0 to 1; 1 where there is no
        supply at all.
    """
    kinds = [c.kind for c in cells]
    unrecorded = sum(t for k, t in zip(kinds, tonnes, strict=True) if k in _UNRECORDED)
    recorded = sum(t for k, t in zip(kinds, tonnes, strict=True) if k in (CellKind.MINE, CellKind.COLLECTION))
    return float(unrecorded / (unrecorded + recorded)) if unrecorded + recorded > 0 else 1.0


def fact_share(cells: Sequence[Cell], tonnes: Array) -> float:
    """Share of supply, processing and trade that is fact.

    Parameters
    ----------
    cells : sequence of Cell
        Cells of the evidence, with their evidence statuses.
    tonnes : Array, shape (cells,), t a year
        The balanced cells.

    Returns
    -------
    float
        Mean of `FACT_WEIGHT` over the graded tonnes, 0 to 1; 0 where nothing is graded.
    """
    graded = [
        (t, FACT_WEIGHT[c.evidence_status]) for c, t in zip(cells, tonnes, strict=True) if c.kind in _GRADED
    ]
    total = sum(t for t, _ in graded)
    return float(sum(t * w for t, w in graded) / total) if total > 0 else 0.0


def fact_share_by_form(cells: Sequence[Cell], tonnes: Array, forms: Sequence[str]) -> dict[str, float]:
    """Share of fact of each form: where along the chain the facts stop.

    Parameters
    ----------
    cells : sequence of Cell
        Cells of the evidence.
    tonnes : Array, shape (cells,), t a year
        The balanced cells.
    forms : sequence of str
        Ids of the forms, in the order wanted.

    Returns
    -------
    dict of str to float
        Form: `fact_share` of the supply, trade and processing of that form alone, 0 to 1.
    """
    out = {}
    for form in forms:
        at = [k for k, c in enumerate(cells) if c.form == form]
        out[form] = fact_share([cells[k] for k in at], tonnes[at])
    return out


def grade(mineral: str, unrecorded: float, facts: float) -> str:
    """Grade a world from A (best) to D.

    Parameters
    ----------
    mineral : str
        Name of the mineral, for the message.
    unrecorded : float
        Share of supply in no record, 0 to 1, see `unrecorded_share`.
    facts : float
        Share of fact, 0 to 1, see `fact_share`.

    Returns
    -------
    str
        One letter. D where more than `UNRECORDED_D` of supply is in no record, else by `FACT_SHARES`.

    Raises
    ------
    Refused
        When more than `UNRECORDED_REFUSED` (30 %) of supply is in no record.

    Examples
    --------
    >>> grade("tungsten", 0.02, 0.7)
    'B'
    """
    if unrecorded > UNRECORDED_REFUSED:
        raise Refused(
            Problem(
                f"{unrecorded:.0%} of the supply of {mineral} is in no record, more than"
                f" {UNRECORDED_REFUSED:.0%}",
                "world",
                "production figures for the countries that export it",
            )
        )
    if unrecorded > UNRECORDED_D:
        return "D"
    return next((letter for letter, least in FACT_SHARES if facts >= least), "D")
