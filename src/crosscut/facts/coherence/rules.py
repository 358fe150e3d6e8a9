"""Rules: the list of all rules, by name; each is a pure function of statements and of what is part of
what."""

from __future__ import annotations

from crosscut.facts.coherence import rules_order, rules_quantity, rules_shares
from crosscut.facts.coherence.statement import Rule

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
