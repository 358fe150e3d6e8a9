"""Findings: what two answers say differently, how many comparisons were made, what is let pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isclose

Value = float | int | str | bool | None

# (rule, part of the place) -> why it is right. Empty, or every line argued.
EXEMPT: Mapping[tuple[str, str], str] = {
    ("within 0 and 1", "stress_families share"): "a family that lowers the loss has a part below 0",
    (
        "no share above the whole",
        "stress",
    ): "beside a family that lowers the loss another has more than all of it",
    ("within 0 and 1", "stress_importance"): "estimates of a share of a variance scatter about it",
    ("within 0 and 1", "utilisation"): "capacity is that of the base year; a new plant exceeds it",
    ("within 0 and 1", "prices change"): "a relative change of a price falls below 0 and has no upper end",
    ("within 0 and 1", "shortages share"): "where use rises the shortage is negative: it is a gain",
    ("within 0 and 1", "stress_ranking short"): "where use rises the shortage is negative: it is a gain",
    ("within 0 and 1", "drivers share"): "of events that work against each other some have parts below 0",
}


@dataclass
class Findings:
    """Comparisons made and failed, by rule."""

    made: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def check(self, rule: str, place: str, holds: bool, said: str = "") -> None:
        """Counts one comparison; keeps what it says where it does not hold and is not exempt."""
        self.made[rule] += 1
        if not holds and not any(r == rule and where in place for r, where in EXEMPT):
            self.failed.append(f"{rule}: {place}: {said}")

    def same(self, rule: str, place: str, one: Value, other: Value, near: float = 1e-9) -> None:
        """Both are missing, or both are there and equal (numbers to a relative `near`)."""
        if isinstance(one, (int, float)) and isinstance(other, (int, float)):
            holds = isclose(one, other, rel_tol=near, abs_tol=1e-12)
        else:
            holds = one == other
        self.check(rule, place, holds, f"{one!r} and {other!r}")

    def report(self) -> str:
        """Counts and failures, for who runs it."""
        counts = ", ".join(f"{n:,} {rule}" for rule, n in sorted(self.made.items()))
        kinds = Counter(f.partition(":")[0] for f in self.failed)
        return f"{sum(self.made.values()):,} comparisons ({counts}); {len(self.failed)} failed {dict(kinds)}"
