"""Control: the country behind a facility, by a named rule, with the share of ownership that is known.

Control passes up a chain of majorities. Where nobody has one, the largest national block decides if the
named holders hold more than half; else the company is widely held and counts for its home. Nothing is
guessed: an owner not found, or two blocks of one size, gives no country.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.ledger.own_tables import facility_tables
from crosscut.ledger.ownership.graph import controlled_by, ultimate_shares
from crosscut.ledger.ownership.holders import Holder, holders
from crosscut.ledger.ownership.stakes import NAMED, Stake, all_stakes, stakes_in
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import rows

MAJORITY = "majority: one holder has more than half"
COUNTRY_MAJORITY = "country majority: holders of one country have more than half"
BLOCK = "largest national block: no majority among the named holders"
WIDELY_HELD = "widely held: named holders have at most half, so the home of the company"
SOLE_NAME = "only holder named, share not disclosed"
HOME = "no holder above it is known: the home of the company"
NOT_IDENTIFIED = "holder not identified"
TIE = "two national blocks of one size"
NO_STAKE = "no stake found"


@dataclass(frozen=True)
class StakeShare:
    """A share as fraction: as disclosed, and the least and most it can be."""

    value: float
    low: float
    high: float


class Control(NamedTuple):
    """`country` is None where it is not known; `rule` says how it was found, or why not. `share_known` is
    the part of the ownership traced to a holder with a known home. `shares` splits it by home of the
    ultimate holder."""

    country: str | None
    rule: str
    share_known: float
    shares: Mapping[str, StakeShare] = MappingProxyType({})
    chain: tuple[str, ...] = ()
    fact_ids: tuple[str, ...] = ()


def controlling_country(
    ledger: Ledger, facility_id: str, year: int = 2024, *, retrieved_only: bool = False
) -> Control:
    """The country that controls a facility at the end of a year, and the rule that found it.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    facility_id : str
        Id of a facility of the facility tables, such as "PT01".
    year : int
        Calendar year; stakes held at its end count.
    retrieved_only : bool
        True counts only stakes that a source reports or estimates, and leaves out those only recalled or
        derived.

    Returns
    -------
    Control
        The country (ISO3, None where it is not known), the rule, the known share of ownership (fraction),
        its split by home of the ultimate holder, the chain of holders and the facts behind it.

    Raises
    ------
    UserError
        For a facility that no table lists; the nearest id is named.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> controlling_country(ledger, "PT01")[:2]
    ('CAN', 'widely held: named holders have at most half, so the home of the company')
    >>> after_offer = controlling_country(ledger, "KZ01", 2025)
    >>> after_offer.country, after_offer.rule, round(after_offer.share_known, 3)
    ('CHN', 'largest national block: no majority among the named holders', 0.722)
    """
    known = {r["facility_id"] for t in facility_tables() for r in rows(ledger, t)}
    if facility_id not in known:
        raise UserError(Problem(f"no facility {facility_id!r}", "facility", suggestion(facility_id, known)))
    edges, facts = _web(ledger, facility_id, year, retrieved_only)
    shares = _by_country(edges, facility_id)
    known_share = sum(s.value for c, s in shares.items() if c != "UNK")
    country, rule, chain = _climbed(ledger, facility_id, year, retrieved_only, ())
    return Control(country, rule, known_share, shares, chain, facts)


def country_shares(
    ledger: Ledger, target: str, year: int, *, retrieved_only: bool = False
) -> Mapping[str, StakeShare]:
    """What holders of each country own of a facility or company, over all paths of shareholdings.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    target : str
        Id of a facility or of a holder.
    year : int
        Calendar year; stakes held at its end count.
    retrieved_only : bool
        True counts only stakes that a source reports or estimates, and leaves out those only recalled or
        derived.

    Returns
    -------
    mapping of str to StakeShare
        Home of the ultimate holders (ISO3) -> share (fraction, with the least and most it can be). UNK comes
        first: what is not disclosed or has no known home. A company that nobody is known to hold counts
        whole for its own home.
    """
    if not stakes_in(ledger, target, year, retrieved_only) and target in holders():
        h = holders()[target]
        return {h.country if h.identified else "UNK": StakeShare(1.0, 1.0, 1.0)}
    return _by_country(_web(ledger, target, year, retrieved_only)[0], target)


def country_of_holder(
    ledger: Ledger, holder_id: str, year: int, *, retrieved_only: bool = False
) -> str | None:
    """The country that controls a holder (a company) at the end of a year.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    holder_id : str
        Id of a holder, such as "trinity".
    year : int
        Calendar year; stakes held at its end count.
    retrieved_only : bool
        True counts only stakes that a source reports or estimates, and leaves out those only recalled or
        derived.

    Returns
    -------
    str or None
        ISO3 code; None where no holder is identified at the top, or two national blocks are of one size.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> country_of_holder(ledger, "trinity", 2024), country_of_holder(ledger, "primorsky", 2024)
    ('IRL', None)
    """
    return _climbed(ledger, holder_id, year, retrieved_only, ())[0]


def _climbed(
    ledger: Ledger, target: str, year: int, retrieved_only: bool, seen: tuple[str, ...]
) -> tuple[str | None, str, tuple[str, ...]]:
    """(country, rule, chain of holder names) at the top of the majorities above `target`."""
    self = holders().get(target)
    above = stakes_in(ledger, target, year, retrieved_only)
    chain = (*seen, self.name) if self else seen
    if self is not None and not self.identified:
        return None, NOT_IDENTIFIED, chain
    if not above or (self and self.name in seen):
        return (self.country, HOME, chain) if self else (None, NO_STAKE, chain)
    top = max(above, key=lambda s: s.point)
    if top.point > 0.5:
        country, rule, path = _top_of(ledger, top.holder, year, retrieved_only, chain)
        return country, (MAJORITY if rule == HOME else rule), path
    if len(above) == 1 and self is None and top.share is None and (top.low > 0 or top.kind == NAMED):
        country, rule, path = _top_of(ledger, top.holder, year, retrieved_only, chain)
        return country, (SOLE_NAME if rule == HOME else rule), path
    named = [s for s in above if s.holder.kind != "float"]
    if sum(s.point for s in named) > 0.5:
        return _block(ledger, named, year, retrieved_only, chain)
    if self is not None:
        return self.country, WIDELY_HELD, chain
    return None, NO_STAKE, chain


def _top_of(
    ledger: Ledger, h: Holder, year: int, retrieved_only: bool, chain: tuple[str, ...]
) -> tuple[str | None, str, tuple[str, ...]]:
    if h.id in holders():
        return _climbed(ledger, h.id, year, retrieved_only, chain)
    return None, NOT_IDENTIFIED, (*chain, h.name)


def _block(
    ledger: Ledger, named: list[Stake], year: int, retrieved_only: bool, chain: tuple[str, ...]
) -> tuple[str | None, str, tuple[str, ...]]:
    blocks: dict[str | None, float] = {}
    for s in named:
        home = _top_of(ledger, s.holder, year, retrieved_only, chain)[0]
        blocks[home] = blocks.get(home, 0.0) + s.point
    ranked = sorted(blocks.items(), key=lambda kv: -kv[1])
    if len(ranked) > 1 and abs(ranked[0][1] - ranked[1][1]) < 1e-9:
        return None, TIE, chain
    country, size = ranked[0]
    if country is None or country == "UNK":
        return None, NOT_IDENTIFIED, chain
    return country, COUNTRY_MAJORITY if size > 0.5 else BLOCK, chain


def _web(ledger: Ledger, target: str, year: int, retrieved_only: bool) -> tuple[list[Stake], tuple[str, ...]]:
    """Every stake on a path to `target`, and the facts they rest on."""
    found: list[Stake] = []
    todo, done = [target], set[str]()
    while todo:
        node = todo.pop()
        if node in done:
            continue
        done.add(node)
        above = stakes_in(ledger, node, year, retrieved_only)
        found += above
        todo += [s.holder.id for s in above]
    return found, tuple(dict.fromkeys(s.fact_id for s in found))


def _by_country(stakes: list[Stake], target: str) -> dict[str, StakeShare]:
    """Home of the ultimate holder -> its integrated share; UNK is what is not disclosed or has no known home.

    The least share of a country follows the least of every stake; the most is what the least of all others
    leaves.
    """
    point = _summed(_capped({(s.holder.id, s.target): s.point for s in stakes}), stakes, target)
    low = _summed(_capped({(s.holder.id, s.target): min(s.low, s.point) for s in stakes}), stakes, target)
    if not stakes:
        return {"UNK": StakeShare(1.0, 0.0, 1.0)}
    countries = [c for c in point if c != "UNK"]
    out = {
        c: StakeShare(
            point[c],
            low.get(c, 0.0),
            max(point[c], 1.0 - sum(v for k, v in low.items() if k not in (c, "UNK"))),
        )
        for c in sorted(countries, key=lambda c: -point[c])
    }
    unknown = max(0.0, 1.0 - sum(s.value for s in out.values()))
    return {"UNK": StakeShare(unknown, 0.0, 1.0 - sum(s.low for s in out.values())), **out}


def _capped(edges: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Shares scaled down to 1 where those printed for one company overlap and sum above it."""
    total: dict[str, float] = {}
    for (_, held), share in edges.items():
        total[held] = total.get(held, 0.0) + share
    return {(o, h): share / max(1.0, total[h]) for (o, h), share in edges.items() if share > 0}


def _summed(edges: dict[tuple[str, str], float], stakes: list[Stake], target: str) -> dict[str, float]:
    homes = {s.holder.id: s.holder for s in stakes}
    out: dict[str, float] = {}
    for name, share in ultimate_shares(edges, target).items():
        h = homes.get(name)
        known = h is not None and h.identified and h.kind != "float"
        country = h.country if h is not None and known else "UNK"
        out[country] = out.get(country, 0.0) + share
    return out


@per_ledger
def controlled_facilities(
    ledger: Ledger, holder_id: str, year: int, *, retrieved_only: bool = False
) -> frozenset[str]:
    """What a holder controls at the end of a year, through chains of majorities and joint votes.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    holder_id : str
        Id of the holder at the top.
    year : int
        Calendar year; stakes held at its end count.
    retrieved_only : bool
        True counts only stakes that a source reports or estimates, and leaves out those only recalled or
        derived.

    Returns
    -------
    frozenset of str
        Ids of facilities and of companies.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> "RW02" in controlled_facilities(ledger, "techmet", 2024)
    True
    """
    targets = {s.target for s in all_stakes(ledger)}
    edges = {
        (s.holder.id, s.target): s.point for t in targets for s in stakes_in(ledger, t, year, retrieved_only)
    }
    return frozenset(controlled_by(edges, holder_id))
