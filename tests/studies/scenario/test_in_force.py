"""What is in force: hand-coded where it is, else read off the history by stated conventions, with a reason
for what is left out."""

from __future__ import annotations

from datetime import date

import pytest

from crosscut.market.events.compiler.compile_events import compile_events
from crosscut.market.events.events import EventKind
from crosscut.studies.shared.measures_in_force import in_force_on, readings
from crosscut.studies.stress.history.assumptions import assumptions
from crosscut.worlds import world
from tests.ledgers import BUNDLED


def test_tungsten_starts_from_the_coded_state_of_play() -> None:
    found = in_force_on(BUNDLED, world(BUNDLED, "tungsten"))
    assert found.scenario is not None and found.scenario.id == "as-of-2026"
    assert any("china-controls-2025" in what for what in found.taken)


def test_bismuth_is_read_off_the_history() -> None:
    """Licences since February 2025, after the base year: half of the exports that the list names, less what
    leaks."""
    built = world(BUNDLED, "bismuth")
    found = in_force_on(BUNDLED, built, date(2026, 11, 1))
    assert found.scenario is not None and found.taken == ("CHN: licence since 2025-02-04 (ER081)",)
    (event,) = found.scenario.events
    assert (event.kind, event.size, event.low, event.high, event.leakage) == (
        EventKind.EXPORT_LICENCE,
        0.5,
        0.2,
        0.8,
        0.1,
    )
    assert found.scenario.window_start == date(2026, 11, 1)
    (cap,) = compile_events(found.scenario, built).caps
    assert cap.limit == pytest.approx((1 - 0.85 * 0.5 * 0.9) * float(built.q0[0][cap.routes].sum()))


@pytest.mark.parametrize(
    ("mineral", "row", "why"),
    [
        ("graphite", "ER070", "in the flows of 2024"),
        ("molybdenum", "ER082", "what it restricts is not in it"),
        ("bauxite", "ER217", "unused permits"),
        ("rare earths", "ER071", "technology"),
    ],
)
def test_what_is_left_out_has_its_reason(mineral: str, row: str, why: str) -> None:
    left = dict(in_force_on(BUNDLED, world(BUNDLED, mineral)).left_out)
    (reason,) = [r for what, r in left.items() if row in what]
    assert why in reason


def test_conventions_agree_with_those_that_futures_are_drawn_by() -> None:
    """One measure is as strong in force as it is drawn to be: licences, quotas, leakage."""
    drawn, read = assumptions(), readings()
    for key, name in (("licence", "licence-refused"), ("quota", "quota-cut")):
        a = drawn[name]
        assert (read[key].low, read[key].mid, read[key].high) == (a.low, a.mid, a.high)
    assert (
        read["licence"].leakage == drawn["licence-leakage"].mid
        and read["stop"].leakage == drawn["stop-leakage"].mid
    )
    assert {r.coverage for r in read.values()} == {drawn["coverage"].mid}
    assert read["aimed"].mid == pytest.approx(1 - drawn["aimed-leakage"].mid)
