"""What may not be added is refused: two sources, capacity and output, a total and its parts; blank is not
zero."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosscut.base.errors import UserError
from crosscut.ledger.ask.ledger import facts_of
from crosscut.ledger.ask.sums import summed
from crosscut.ledger.store.fact import Fact
from tests.ledgers import BUNDLED

MINES = [
    f
    for f in facts_of(BUNDLED, "tungsten").where(attribute="mine production", period="2024")
    if f.note == "MCS 2026 column 2024"
]
PARTS = [f for f in MINES if f.subject_id != "WLD"]


def test_one_source_adds_up_to_what_it_prints() -> None:
    total = next(f.value for f in MINES if f.subject_id == "WLD")
    assert summed(BUNDLED, PARTS).value == pytest.approx(total, abs=500)  # printed to the thousand
    assert summed(BUNDLED, PARTS).withheld == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (replace(PARTS[1], subject_id="X", source_id="other"), "facts of 2 sources"),
        (replace(PARTS[1], subject_id="X", unit="t WO3"), "facts of 2 units"),
        (replace(PARTS[1], subject_id="X", period="2023"), "facts of 2 periods"),
        (replace(PARTS[1], subject_id="X", attribute="capacity"), "facts of 2 kinds of figure"),
        (replace(PARTS[1], subject_id="WLD"), "WLD already holds its parts"),
        (PARTS[0], "a subject is there twice"),
        (replace(PARTS[1], subject_id="X", value="some"), "'some' is no number"),
    ],
)
def test_what_may_not_be_added_is_refused(wrong: Fact, says: str) -> None:
    with pytest.raises(UserError, match=says):
        summed(BUNDLED, [*PARTS, wrong])


def test_withheld_is_counted_and_is_not_zero() -> None:
    with_blank = [*PARTS, replace(PARTS[0], subject_id="X", value=None)]
    got = summed(BUNDLED, with_blank)
    assert (got.value, got.added, got.withheld) == (summed(BUNDLED, PARTS).value, len(PARTS), 1)


def test_nothing_is_no_sum() -> None:
    with pytest.raises(UserError, match="no facts to add"):
        summed(BUNDLED, [])
