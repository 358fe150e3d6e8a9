"""Flows: what a company buys of one mineral, in one form, from one country; lines of the file taken
together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crosscut.base.errors import UserError
from crosscut.inputs.purchases.purchase import Purchase
from crosscut.market.model.world import World
from crosscut.worlds.node import GROUPS, node_for

# What trade names call a form that a world of one form knows under its own name.
NAMED_IN_WORLD = {
    ("graphite", "natural flake"): "natural",
    ("rare earths", "oxide"): "compounds",
    ("titanium", "ilmenite"): "ore",
    ("titanium", "rutile"): "ore",
}


@dataclass(frozen=True)
class BoughtFlow:
    """What is bought of one mineral and form from one country.

    Parameters
    ----------
    mineral : str
        Its name.
    form : str
        The product as the file names it; empty where the file does not say.
    supplier : str
        ISO3 code of the country.
    lines : tuple of int
        Lines of the file.
    years : tuple of int
        Calendar years of the purchases, each once.
    tonnes : float or None
        t as bought; None where a line does not say.
    usd : float
        Nominal USD.
    """

    mineral: str
    form: str
    supplier: str
    lines: tuple[int, ...]
    years: tuple[int, ...]
    tonnes: float | None
    usd: float


def flows_of(rows: Iterable[Purchase]) -> list[BoughtFlow]:
    """The flows of a file, largest spend first.

    Parameters
    ----------
    rows : Iterable[Purchase]
        Lines that were read, in any order.

    Returns
    -------
    list[BoughtFlow]
        Their spend and tonnes add up to those of the lines. Equal spend goes by mineral, country and form.
    """
    found: dict[tuple[str, str, str], list[Purchase]] = {}
    for p in rows:
        found.setdefault((p.mineral.name, p.form, p.supplier), []).append(p)
    out = []
    for (mineral, form, supplier), part in found.items():
        part.sort(key=lambda p: p.line)  # a sum does not hang on the order of the file
        tonnes = [p.tonnes for p in part if p.tonnes is not None]
        out.append(
            BoughtFlow(
                mineral,
                form,
                supplier,
                tuple(p.line for p in part),
                tuple(sorted({p.year for p in part})),
                sum(tonnes) if len(tonnes) == len(part) else None,
                sum(p.usd for p in part),
            )
        )
    return sorted(out, key=lambda f: (-f.usd, f.mineral, f.supplier, f.form))


@dataclass(frozen=True)
class FormInWorld:
    """Which form of a world a flow is bought in: its position, None where the world has no such form; `taken`
    says what was taken for granted or what is missing, empty where the file names the form."""

    position: int | None
    taken: str


def form_in_world(world: World, form: str) -> FormInWorld:
    """The form of a world that a product is.

    Parameters
    ----------
    world : World
        Of the product's mineral.
    form : str
        As the file names it; empty where it does not say.

    Returns
    -------
    FormInWorld
        Without a name the form whose price is quoted for the mineral is taken.
    """
    named = [f.id for f in world.chain.forms]
    wanted = NAMED_IN_WORLD.get((world.mineral, form), form)
    if wanted in named:
        return FormInWorld(named.index(wanted), "")
    if not form:
        quoted = world.chain.headline_index()
        return FormInWorld(quoted, f"form not stated: {named[quoted]} taken")
    return FormInWorld(None, f"the market of {world.mineral} is known for {', '.join(named)}, not for {form}")


def own_node(world: World, country: str) -> int | str:
    """Where a country stands in a world, or why it does not stand there alone.

    Parameters
    ----------
    world : World
        The world that is asked.
    country : str
        ISO3 code.

    Returns
    -------
    int | str
        Position; a reason in words where a group counts it or it is not there.
    """
    if country in world.countries and country not in GROUPS:
        return world.country_index(country)
    try:
        group, _ = node_for(world, country)
    except UserError:
        return f"no place of the market of {world.mineral}"
    named = world.place_names.get(group, group)
    return f"counted in {named} in the market of {world.mineral}, so it has no stop of its own"
