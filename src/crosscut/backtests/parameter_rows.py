"""Parameter rows: what was fitted, for each episode left out and for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crosscut.backtests.leave_one_out import Fitted, Fold
from crosscut.backtests.market_classes import CLASSES

TRADING = ("sigma", "supply_part", "reversion", "idle", "newcomers", "compliance")
PRICING = ("elasticity", "precaution", "cushion", "noise")
SPAN = (0.5, 0.1, 0.9)


def parameter_rows(track: str, folds: Sequence[Fold], everything: Fitted) -> list[dict[str, Any]]:
    """Rows of the table: each fold's own class, and all classes fitted on every episode."""
    out = [r for f in folds for r in _rows(track, f.episode_id, f.fitted, (f.price_class,))]
    return out + _rows(track, "", everything, CLASSES)


def _rows(track: str, left_out: str, fitted: Fitted, classes: Sequence[str]) -> list[dict[str, Any]]:
    spans = [("all", name, [fitted.trading.quantile(name, p) for p in SPAN]) for name in TRADING]
    for c in classes:
        spans += [
            (c, name, [fitted.pricing[c].quantile(axis, p) for p in SPAN])
            for axis, name in enumerate(PRICING)
        ]
    return [
        {
            "track": track,
            "left_out": left_out,
            "market_class": c,
            "parameter": name,
            "value": v[0],
            "low": v[1],
            "high": v[2],
        }
        for c, name, v in spans
    ]
