"""Scores: how far a prediction was from what came, by the definitions of the format."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crosscut.studies.backtest.episode import Episode

MOVED = math.log(1.05)  # a price that moved less has no direction


@dataclass(frozen=True)
class Predicted:
    """One predicted figure in the format's terms: target price_ratio, restrictor_flow_change, importer_qty or
    gap_fill_share; key (importer or exporter, else empty); value; 80 % interval where there is one."""

    episode_id: str
    target: str
    key: str
    value: float
    lo80: float | None = None
    hi80: float | None = None


@dataclass(frozen=True)
class Score:
    """One score of one episode; `core` says whether it counts in the means."""

    episode_id: str
    name: str
    value: float
    core: bool


def scores(episodes: Sequence[Episode], predicted: Sequence[Predicted]) -> list[Score]:
    """Every score of every episode that has a prediction and a target."""
    by: dict[tuple[str, str], dict[str, Predicted]] = {}
    for p in predicted:
        by.setdefault((p.episode_id, p.target), {})[p.key] = p
    out: list[Score] = []
    for e in episodes:
        key, t = e.inputs.id, e.targets
        price = by.get((key, "price_ratio"), {}).get("")
        if price is not None and t.price_ratio is not None:
            out += [Score(key, n, v, t.core_price) for n, v in price_scores(price, t.price_ratio)]
        if not t.core_trade:
            continue
        flow = by.get((key, "restrictor_flow_change"), {}).get("")
        if flow is not None and t.flow_change is not None:
            out.append(Score(key, "flow_abs_error", abs(flow.value - t.flow_change), True))
        base = {m.importer: m.tonnes for m in e.inputs.imports}
        bought = {k: p.value for k, p in by.get((key, "importer_qty"), {}).items()}
        if bought:
            out.append(Score(key, "importer_wmape", wmape(bought, base, t.importers), True))
            rank = rank_correlation(bought, base, t.importers)
            if rank is not None:
                out.append(Score(key, "importer_rank_correlation", rank, True))
        shares = {k: p.value for k, p in by.get((key, "gap_fill_share"), {}).items()}
        if shares:
            out.append(Score(key, "gap_fill_distance", gap_fill_distance(shares, t.gap_fill), True))
    return out


def price_scores(predicted: Predicted, ratio: float) -> list[tuple[str, float]]:
    """Log error, direction where the price moved by more than 5 %, and interval scores (Gneiting and Raftery
    2007, eq. 43)."""
    actual = math.log(ratio)
    error = math.log(predicted.value) - actual
    out = [("price_abs_log_error", abs(error)), ("price_signed_log_error", error)]
    if abs(actual) > MOVED:
        out.append(("price_direction_right", 1.0 if actual * math.log(predicted.value) > 0 else 0.0))
    if predicted.lo80 and predicted.hi80:
        low, high = math.log(predicted.lo80), math.log(predicted.hi80)
        out.append(("price_in_80_interval", 1.0 if low <= actual <= high else 0.0))
        outside = 10.0 * max(0.0, low - actual) + 10.0 * max(0.0, actual - high)
        out.append(("price_interval_score_80", high - low + outside))
    return out


def wmape(predicted: Mapping[str, float], base: Mapping[str, float], actual: Mapping[str, float]) -> float:
    """Sum of |predicted - actual| over sum of actual over the listed importers; one not predicted counts as
    unchanged.

    >>> wmape({"CHN": 80.0}, {"CHN": 100.0, "JPN": 10.0}, {"CHN": 60.0, "JPN": 20.0})
    0.375
    """
    gap = sum(abs(predicted.get(k, base[k]) - actual[k]) for k in base)
    return gap / sum(actual[k] for k in base)


def rank_correlation(
    predicted: Mapping[str, float], base: Mapping[str, float], actual: Mapping[str, float]
) -> float | None:
    """Spearman correlation of predicted and actual relative change across importers; None below four or
    without spread."""
    names = list(base)
    if len(names) < 4:
        return None
    return spearman(
        [predicted.get(k, base[k]) / base[k] for k in names], [actual[k] / base[k] for k in names]
    )


def spearman(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Rank correlation, ties at their mean rank; None when one side is constant.

    >>> spearman([1.0, 2.0, 2.0, 3.0], [10.0, 20.0, 30.0, 40.0])
    0.9486832980505138
    """
    x, y = _ranks(a), _ranks(b)
    mx, my = sum(x) / len(x), sum(y) / len(y)
    sx = math.sqrt(sum((v - mx) ** 2 for v in x))
    sy = math.sqrt(sum((v - my) ** 2 for v in y))
    if sx == 0 or sy == 0:
        return None
    return sum((u - mx) * (v - my) for u, v in zip(x, y, strict=True)) / (sx * sy)


def _ranks(values: Sequence[float]) -> list[float]:
    return [sum(w < v for w in values) + (sum(w == v for w in values) - 1) / 2 for v in values]


def gap_fill_distance(predicted: Mapping[str, float], actual: Mapping[str, float]) -> float:
    """Total variation distance of the shares of the gross increase; exporters that are not listed count as
    OTHER.

    >>> gap_fill_distance({"PHL": 1.0}, {"PHL": 0.5, "OTHER": 0.5})
    0.5
    """
    shares: dict[str, float] = {}
    for k, v in predicted.items():
        name = k if k in actual else "OTHER"
        shares[name] = shares.get(name, 0.0) + max(0.0, v)
    total, whole = sum(shares.values()) or 1.0, sum(actual.values()) or 1.0
    # In order of name: the order of a set changes from process to process, and with it the rounding of a sum.
    names = sorted({*shares, *actual})
    return 0.5 * sum(abs(shares.get(k, 0.0) / total - actual.get(k, 0.0) / whole) for k in names)
