"""Precision and recall of the rules on verified tables with one known corruption each, beside unharmed
controls.

The figures are published in docs/claims.md. The seed of the published figure was not used while the rules
were written.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from crosscut.ledger.consistency.findings import found_in
from crosscut.ledger.consistency.tables import told_of_rows
from crosscut.ledger.store.tables import rows
from tests.ledger.corruptions import CLEAN, KINDS, corrupted, harmless
from tests.ledgers import BUNDLED

PUBLISHED = 20261125
RECALL, PRECISION = 0.70, 0.95  # below what was measured, so that a weaker rule fails


def _found(name, table):
    return {
        (f.rule, f.ids) for t in told_of_rows(BUNDLED, name, table) for f in found_in(t.statements, t.parts)
    }


@cache
def _verified(name):
    return frozenset(_found(name, rows(BUNDLED, name)))


@cache
def measured(seed):
    """(hits by kind, tables, true alarms, false alarms on corrupted and on clean tables)."""
    hits, tables, true, false = dict.fromkeys(KINDS, 0), 0, 0, 0
    for kind, name, _, table, wrong in corrupted(seed):
        new = _found(name, table) - _verified(name)
        right = [ids for _, ids in new if any(i.split(".")[0] in wrong for i in ids)]
        hits[kind] += bool(right)
        tables += 1
        true += len(right)
        false += len(new) - len(right)
    rng = np.random.default_rng(seed)
    for name in CLEAN:
        for _ in range(2):
            false += len(
                {
                    f
                    for f in _found(name, harmless(rng, name))
                    if f not in _verified(name) and not any(set(f[1]) < set(v[1]) for v in _verified(name))
                }
            )
    return hits, tables, true, false


def test_recall_and_precision_on_forty_corrupted_tables():
    hits, tables, true, false = measured(PUBLISHED)
    assert tables == 40
    assert sum(hits.values()) / tables >= RECALL, hits
    assert true / (true + false) >= PRECISION


def test_some_corruptions_are_beyond_rules_without_outside_facts():
    """Not a wish but a limit on record: a small country's slip hides in the rounding of the world."""
    hits, *_ = measured(PUBLISHED)
    assert sum(hits.values()) < 40


@pytest.mark.soak
def test_recall_over_many_seeds():
    shares = [sum(measured(seed)[0].values()) / 40 for seed in range(100, 110)]
    assert np.mean(shares) >= RECALL
