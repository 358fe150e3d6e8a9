"""Document inputs: what every question says the same way about the world and the data it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crosscut.base.version import __version__
from crosscut.results import DataSource, Inputs, Limit, ScenarioUsed, Statement, WorldUsed

if TYPE_CHECKING:
    from crosscut.market.model.world import World

#: copies of reference data, as `crosscut.ledger.reference.data_versions.data_sources` lists them
DataSources = Sequence[Mapping[str, Any]]


def inputs_of(
    world: World,
    scenario: ScenarioUsed | None,
    *,
    seed: int | None = None,
    draws: int = 0,
    data: str = "",
    data_sources: DataSources | None = None,
) -> Inputs:
    """The inputs of an answer on one world, solved by this version of the code.

    Parameters
    ----------
    world : World
        Gives mineral, year, hash and grade.
    scenario : ScenarioUsed | None
        None where the question has none.
    seed : int | None
        The key of the draws; None where nothing is drawn.
    draws : int
        How many were asked for.
    data : str
        Hash of the reference data.
    data_sources : DataSources | None
        The copies of reference data in use; left out of the document where None.

    Returns
    -------
    Inputs
        As the document has them.
    """
    return Inputs(
        mineral=world.mineral,
        world=WorldUsed(world.year, world.hash, world.grade),
        scenario=scenario,
        seed=seed,
        draws=draws,
        code=__version__,
        data=data,
        data_sources=None if data_sources is None else typed_sources(data_sources),
    )


def typed_sources(data_sources: DataSources) -> tuple[DataSource, ...]:
    """The copies of reference data as the document has them.

    Parameters
    ----------
    data_sources : DataSources
        As `crosscut.ledger.reference.data_versions.data_sources` lists them.

    Returns
    -------
    tuple[DataSource, ...]
        One a copy, in the order given.
    """
    return tuple(DataSource(**d) for d in data_sources)


def notes(texts: Iterable[str], key: str = "note") -> list[Statement]:
    """A statement of one kind for every text.

    Parameters
    ----------
    texts : Iterable[str]
        What is said.
    key : str
        The kind of all of them.

    Returns
    -------
    list[Statement]
        In the order of the texts.
    """
    return [Statement(key, text) for text in texts]


def limits_of(pairs: Iterable[tuple[str, str]]) -> tuple[Limit, ...]:
    """Limits from pairs of what is left out and which way that bends the answer.

    Parameters
    ----------
    pairs : Iterable[tuple[str, str]]
        (what is left out, which way it bends the answer).

    Returns
    -------
    tuple[Limit, ...]
        In the order of the pairs.
    """
    return tuple(Limit(what, bias) for what, bias in pairs)
