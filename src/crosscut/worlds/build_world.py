"""Build world: the facts on a mineral become its World of a year, and which minerals have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosscut.ledger.mineral_names import spoken_mineral
from crosscut.ledger.store.ledger import Ledger, per_ledger

if TYPE_CHECKING:
    from crosscut.market.model.world import World
    from crosscut.worlds.evidence import Evidence

DEFAULT_YEAR = 2024


@per_ledger
def world(ledger: Ledger, mineral: str, year: int = DEFAULT_YEAR) -> World:
    """The World of a mineral in a year.

    Parameters
    ----------
    ledger
        The facts to build it from.
    mineral
        Its name, see `minerals_with_worlds`.
    year
        The year whose output, trade and use are balanced.

    Returns
    -------
    World
        Zero shock is asserted before it is returned.

    Raises
    ------
    UserError
        For an unknown mineral, with the nearest name.
    Refused
        When the facts do not carry a world; the text says what is missing.

    Examples
    --------
    >>> w = world(Ledger.bundled(), "tungsten", 2024)
    >>> w.mineral, w.year, [f.id for f in w.chain.forms]
    ('tungsten', 2024, ['concentrate', 'scrap', 'oxide', 'powder', 'ferro'])
    """
    from crosscut.market.solve.zero_shock import assert_zero_shock
    from crosscut.worlds.parameters import median_params
    from crosscut.worlds.snapshot import world_from

    built = world_from(evidence_of(ledger, mineral, year))
    assert_zero_shock(built, median_params(built))
    return built


@per_ledger
def evidence_of(ledger: Ledger, mineral: str, year: int = DEFAULT_YEAR) -> Evidence:
    """Gather what the world of a mineral is built from, before anything is balanced.

    Parameters
    ----------
    ledger : Ledger
        The facts to build from.
    mineral : str
        Name of the mineral in any language, symbol or product, see `minerals_with_worlds`.
    year : int
        The year whose output, trade and use are wanted.

    Returns
    -------
    Evidence
        Every cell with its prior in t a year, its distrust and its evidence status; sums, prices and notes.

    Raises
    ------
    UserError
        For an unknown mineral, with the nearest name.
    Refused
        When the facts do not carry a world, as far as that shows before balancing.
    """
    return _evidence(ledger, spoken_mineral(mineral), year)


def _evidence(ledger: Ledger, mineral: str, year: int) -> Evidence:
    from crosscut.worlds.minerals import DEEP_MINERALS
    from crosscut.worlds.screening.one_form import screening_evidence

    if deep := DEEP_MINERALS.get(mineral):
        return deep.evidence(ledger, year)
    return screening_evidence(ledger, mineral, year)


def stand_ins_of(world: World) -> tuple[str, ...]:
    """What a world takes for something else, such as the price of the metal for its ore.

    Parameters
    ----------
    world : World
        Any world; one without evidence (made up, or drawn) names nothing.

    Returns
    -------
    tuple of str
        A sentence for each, with its evidence status.

    Examples
    --------
    >>> [said.split(" is ")[0] for said in stand_ins_of(world(Ledger.bundled(), "rare earths"))][:2]
    ['The price of rare-earth compounds', 'Output']
    """
    from crosscut.worlds.evidence import Evidence

    return world.evidence.stand_ins if isinstance(world.evidence, Evidence) else ()


def minerals_with_worlds() -> dict[str, str]:
    """Say which minerals have a world, and why the others have none.

    Returns
    -------
    dict of str to str
        Every mineral known here: "" when it has a world, else the reason why not.
    """
    from crosscut.worlds.minerals import DEEP_MINERALS
    from crosscut.worlds.screening.rules import screening_rules

    return {
        **dict.fromkeys(DEEP_MINERALS, ""),
        **{m: "" if r.form else r.note for m, r in screening_rules().items()},
    }
