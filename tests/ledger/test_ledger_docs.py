"""Docs: every table, evidence status, licence and the rule are in the manual."""

from __future__ import annotations

import pytest

from crosscut.ledger.ask.conflicts import RULE
from crosscut.ledger.store.declarations import TABLES
from crosscut.ledger.store.fact import EVIDENCE_STATUSES
from crosscut.ledger.store.tables import sources
from tests.ledgers import BUNDLED
from tests.paths import ROOT


@pytest.fixture(scope="module")
def manual() -> str:
    return (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")


def test_every_table_is_in_the_manual(manual: str) -> None:
    assert not [name for name in TABLES if f"`{name}`" not in manual]


def test_evidence_statuses_and_the_rule_are_in_the_manual(manual: str) -> None:
    assert not [s for s in EVIDENCE_STATUSES if f"| {s} |" not in manual]
    assert RULE in manual


def test_every_licence_is_in_sources() -> None:
    text = (ROOT / "SOURCES.md").read_text(encoding="utf-8")
    section = text.partition("## Fact tables")[2]
    assert not [x for x in {s.licence for s in sources(BUNDLED).values()} if f"`{x}`" not in section]
