"""Answers by mineral: the world of each mineral that is bought, and what the stop of every supplier country
does in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crosscut.base.errors import Problem, UserError
from crosscut.base.number_text import percent
from crosscut.base.places import bloc_members, blocs, place
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.model.world import World
from crosscut.studies.purchases.flows import BoughtFlow, FormInWorld, form_in_world, own_node
from crosscut.studies.purchases.stop_effects import (
    Buyer,
    StopEffect,
    buyer_outside,
    effect_of_stop,
    sells_too_little,
    sold_share,
)
from crosscut.worlds import DEFAULT_YEAR
from crosscut.worlds import world as world_of
from crosscut.worlds.node import Nodes, nodes_for

OUTSIDE = "all buyers outside the country that stops"


@dataclass(frozen=True)
class BuyerCountry:
    """The country or bloc that the company buys in: as it was written, and the ISO3 codes of its members;
    both empty where it was not given."""

    text: str = ""
    members: frozenset[str] = frozenset()


def buyer_country(text: str, where: str) -> BuyerCountry:
    """The country or bloc that the company buys in.

    Parameters
    ----------
    text : str
        Name or code; empty where it was not given.
    where : str
        Where it was written, for messages.

    Returns
    -------
    BuyerCountry
        Of a bloc, its members in the year of the worlds.

    Raises
    ------
    UserError
        For an unknown place.
    """
    if not text:
        return BuyerCountry()
    bloc = {b.casefold(): b for b in blocs()}.get(text.strip().casefold())
    members = bloc_members(bloc, DEFAULT_YEAR) if bloc else (place(text, where).code,)
    return BuyerCountry(text, frozenset(members))


@dataclass(frozen=True, eq=False)
class MineralAnswer:
    """What is known of one mineral that is bought.

    Parameters
    ----------
    mineral : str
        Its name.
    flows : tuple of BoughtFlow
        What the company buys of it.
    world : World or None
        None where it has none; `why` says why.
    why : str
        Why the market says nothing of this mineral; empty where it does.
    where : str
        Where prices and losses are read, in words.
    buyer : BuyerCountry
        Where the company buys.
    buyer_nodes : Nodes or None
        What stands for it in the world; None where nothing does.
    effects : dict
        Supplier country to what its stop does; a country is missing where `unanswered` says why.
    unanswered : dict
        Supplier country to the reason.
    """

    mineral: str
    flows: tuple[BoughtFlow, ...]
    world: World | None
    why: str
    where: str
    buyer: BuyerCountry
    buyer_nodes: Nodes | None = None
    effects: dict[str, StopEffect] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)

    def form_of(self, flow: BoughtFlow) -> FormInWorld:
        """The form of the world that a flow is bought in; without a position where the market says nothing of
        it.

        Where the file does not name the form and the country sells next to none of the one that is taken, the
        company hardly bought that one: no price of the form is put on such a flow.
        """
        if self.world is None:
            return FormInWorld(None, self.why)
        found = form_in_world(self.world, flow.form)
        if found.position is not None and self.buyer_nodes is not None:
            at = list(self.buyer_nodes.places)
            if not self.world.q0[found.position][:, at].sum() > 0:
                form = self.world.chain.forms[found.position].id
                why = f"nobody buys {form} in {self.where} in the market of {self.world.year}"
                return FormInWorld(None, why)
        origin = own_node(self.world, flow.supplier)
        if found.position is None or isinstance(origin, str) or flow.supplier in self.buyer.members:
            return found
        form = self.world.chain.forms[found.position].id
        share = sold_share(self.world, origin, found.position)
        if flow.form and share == 0:
            return FormInWorld(None, f"sells no {form} abroad in the market of {self.world.year}")
        if flow.form or not sells_too_little(self.world, origin, found.position):
            return found
        return FormInWorld(
            None,
            f"form not stated, and it sells {percent(share)} of the {form} that crosses borders:"
            " what you buy there is hardly that",
        )

    def in_market(self) -> list[tuple[BoughtFlow, int]]:
        """The flows that the market speaks of, each with the position of its form."""
        placed = [(f, self.form_of(f).position) for f in self.flows]
        return [(f, p) for f, p in placed if p is not None]


def mineral_answers(
    ledger: Ledger,
    flows: Sequence[BoughtFlow],
    buyer: BuyerCountry,
    seed: int,
    draws: int,
    done: Callable[[int, int], None] | None = None,
) -> list[MineralAnswer]:
    """The market's answer for every mineral, largest spend first.

    Parameters
    ----------
    ledger : Ledger
        Facts of the worlds and the history of measures.
    flows : Sequence[BoughtFlow]
        What the company buys.
    buyer : BuyerCountry
        Where it buys, if that is known.
    seed : int
        The key of the draws of behaviour.
    draws : int
        How many.
    done : callable, optional
        Told (stops solved, stops in all).

    Returns
    -------
    list[MineralAnswer]
        One a mineral; without a world it says why.
    """
    minerals = list(dict.fromkeys(f.mineral for f in flows))
    total, solved = len({(f.mineral, f.supplier) for f in flows}), 0
    out = []
    for mineral in minerals:
        of = tuple(f for f in flows if f.mineral == mineral)
        answer = _answer(ledger, mineral, of, buyer)
        for supplier in dict.fromkeys(f.supplier for f in of):
            if answer.world is not None:
                found = _effect(ledger, answer, supplier, buyer, (seed, draws))
                if isinstance(found, str):
                    answer.unanswered[supplier] = found
                else:
                    answer.effects[supplier] = found
            solved += 1
            if done is not None:
                done(solved, total)
        out.append(answer)
    return out


def _answer(
    ledger: Ledger, mineral: str, flows: tuple[BoughtFlow, ...], buyer: BuyerCountry
) -> MineralAnswer:
    try:
        world = world_of(ledger, mineral)
    except UserError as e:
        return MineralAnswer(mineral, flows, None, _said(e.problems[0]), "", buyer)
    if not buyer.text:
        return MineralAnswer(mineral, flows, world, "", OUTSIDE, buyer)
    try:
        nodes = nodes_for(world, buyer.text, "--country")
    except UserError as e:
        return MineralAnswer(mineral, flows, world, e.problems[0].what, OUTSIDE, buyer)
    return MineralAnswer(mineral, flows, world, "", nodes.label, buyer, nodes)


def _said(problem: Problem) -> str:
    return problem.what if not problem.expected else f"{problem.what} ({problem.expected})"


def _effect(
    ledger: Ledger, answer: MineralAnswer, supplier: str, buyer: BuyerCountry, drawn: tuple[int, int]
) -> StopEffect | str:
    """What the stop of a supplier country does, or why that is not known."""
    world = answer.world
    assert world is not None
    if supplier in buyer.members:
        return "your own country: a stop of its exports does not reach you"
    origin = own_node(world, supplier)
    if isinstance(origin, str):
        return origin
    placed = [answer.form_of(f) for f in answer.flows if f.supplier == supplier]
    if all(p.position is None for p in placed):
        return placed[0].taken
    buying = buyer_outside(world, origin)
    if answer.buyer_nodes is not None:
        buying = Buyer(answer.buyer_nodes.places, True)
    found = effect_of_stop(ledger, world, origin, buying, *drawn)
    return found if found is not None else "sells nothing abroad but scrap"
