"""Findings: what the rules find in the statements of one document, each with the facts that cannot all be
true.

Rules: the list of all rules, by name; each is a pure function of statements and of what is part of
what.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from crosscut.ledger.consistency import rules_order, rules_quantity, rules_shares
from crosscut.ledger.consistency.statement import PartOf, Rule, StatedFigure

RULES: dict[str, Rule] = {
    "part exceeds whole": rules_quantity.part_exceeds_whole,
    "parts exceed whole together": rules_quantity.parts_exceed_whole,
    "total misses its parts": rules_quantity.total_misses_parts,
    "two values for one quantity": rules_quantity.two_values,
    "wrong by a factor of ten": rules_quantity.factor_of_ten,
    "out of line with its history": rules_quantity.out_of_line,
    "WO3 and W mixed": rules_quantity.oxide_and_metal,
    "grade times ore is not content": rules_quantity.content_mismatch,
    "mined longer than there is ore": rules_quantity.life_mismatch,
    "supply and use apart": rules_quantity.supply_and_use_apart,
    "shares do not sum": rules_shares.shares_do_not_sum,
    "share does not match its parts": rules_shares.share_mismatch,
    "change does not match its periods": rules_shares.change_mismatch,
    "out of range": rules_shares.out_of_range,
    "bounds in wrong order": rules_shares.bounds_disordered,
    "dates out of order": rules_order.dates_out_of_order,
    "rank does not match": rules_order.rank_mismatch,
    "states exclude each other": rules_order.exclusive_states,
    "two names for one thing": rules_order.two_names,
}


@dataclass(frozen=True)
class Finding:
    """Facts of one document that cannot all be true, by a rule. `ids` are sorted and name every fact it
    rests on."""

    rule: str
    ids: tuple[str, ...]
    text: str
    document: str


def found_in(
    statements: Iterable[StatedFigure], parts: PartOf, rules: dict[str, Rule] | None = None
) -> list[Finding]:
    """Every finding of every rule, document by document, in the order of the rules.

    Parameters
    ----------
    statements : iterable of StatedFigure
        Statements of any number of documents; each is judged by itself.
    parts : PartOf
        Which subject lies in which.
    rules : dict of str to Rule or None
        Rules by name; None (or an empty dict) takes all of `RULES`.

    Returns
    -------
    list of Finding
        A finding whose facts include all facts of another one of the same rule says nothing new and is left
        out.
    """
    from crosscut.ledger.consistency.deduction import with_deductions

    by_document: dict[str, list[StatedFigure]] = {}
    for s in statements:
        by_document.setdefault(s.document, []).append(s)
    out: list[Finding] = []
    for document, said in by_document.items():
        known = with_deductions(said)
        for name, rule in (RULES if rules is None else rules).items():
            found: dict[tuple[str, ...], Finding] = {}
            for involved, text in rule(known, parts):
                ids = tuple(sorted({i for s in involved for i in s.ids}))
                found.setdefault(ids, Finding(name, ids, text, document))
            out += [f for f in found.values() if not any(set(o) < set(f.ids) for o in found)]
    return out


def fewest_wrong(findings: Iterable[Finding], at_most: int = 12) -> tuple[str, ...]:
    """A smallest set of facts such that every finding has one of them in it: so many at least are wrong.

    Parameters
    ----------
    findings : iterable of Finding
        Findings of one document.
    at_most : int
        Largest number of facts to try, beside those that are a finding alone.

    Returns
    -------
    tuple of str
        Ids of facts, sorted; the first such set in alphabetical order.

    Raises
    ------
    ValueError
        Where more than `at_most` facts are needed beside these.

    Examples
    --------
    >>> f = [Finding("r", ids, "", "d") for ids in (("a", "b"), ("a", "c"), ("d",))]
    >>> fewest_wrong(f)
    ('a', 'd')
    """
    sets = [frozenset(f.ids) for f in findings]
    forced = {i for s in sets if len(s) == 1 for i in s}
    left = [s for s in sets if not s & forced]
    choices = sorted({i for s in left for i in s})
    for size in range(min(at_most, len(choices)) + 1):
        for picked in combinations(choices, size):
            if all(s & set(picked) for s in left):
                return tuple(sorted((*forced, *picked)))
    raise ValueError(f"more than {at_most} facts")
