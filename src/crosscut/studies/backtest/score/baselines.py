"""Baselines: the naive rivals, every one of them, from the same inputs.

Definitions are those of the format (`docs/backtest.md`); the last two of the price are ours: what a market
class teaches without any market, the hardest naive rival of a model that is fitted by class.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from crosscut.studies.backtest.cases import case_of
from crosscut.studies.backtest.episode import Episode
from crosscut.studies.backtest.score.scores import Predicted, Score, rank_correlation, spearman, wmape

ELASTICITY = 0.5  # of supply and demand together in the one-line formula
FACTOR = 1.8  # either way: an interval for the one-line formula

# Reference of the skill of each target (the format's): what a prediction must beat.
REFERENCE = {
    "price_abs_log_error": "elasticity_linear",
    "importer_wmape": "proportional_loss",
    "gap_fill_distance": "proportional_to_base_exports",
    "flow_abs_error": "announced_cut",
    "importer_rank_correlation": "exposure_share",
}


def price_baselines(
    episodes: Sequence[Episode], teaching: Sequence[Episode] | None = None
) -> dict[str, dict[str, float]]:
    """Baseline -> episode -> predicted price ratio. `teaching`: the episodes that rules learn from, if
    others."""
    taught = episodes if teaching is None else teaching
    everyone = {e.inputs.id: e for e in (*taught, *episodes)}.values()
    shock = {e.inputs.id: e.inputs.shock for e in everyone}
    known = {e.inputs.id: math.log(e.targets.price_ratio) for e in taught if e.targets.price_ratio}
    core = [e.inputs.id for e in taught if e.targets.core_price and e.inputs.id in known]
    classes = {e.inputs.id: case_of(e.inputs).price_class for e in everyone}

    def others(key: str) -> list[str]:
        return [k for k in core if k != key]

    def of_class(key: str) -> float:
        same = [known[k] for k in others(key) if classes[k] == classes[key]]
        return median(same or [known[k] for k in others(key)] or [0.0])

    rules: dict[str, Callable[[str], float]] = {
        "no_change": lambda k: 0.0,
        "elasticity_linear": lambda k: math.log1p(shock[k] / ELASTICITY),
        "elasticity_linear_eps0.25": lambda k: math.log1p(shock[k] / 0.25),
        "elasticity_linear_eps1.0": lambda k: math.log1p(shock[k]),
        "elasticity_log": lambda k: -math.log1p(-min(shock[k], 1 - 1e-9)) / ELASTICITY,
        "reference_class_median": lambda k: median([known[o] for o in others(k)] or [0.0]),
        "calibrated_slope": lambda k: shock[k] * slope([(shock[o], known[o]) for o in others(k)]),
        "class_median": of_class,
    }
    keys = [e.inputs.id for e in episodes]
    return {name: {k: math.exp(rule(k)) for k in keys} for name, rule in rules.items()}


def slope(points: Sequence[tuple[float, float]]) -> float:
    """k of least absolute deviations of y = k x: the weighted median of y/x with weights x."""
    ratios = sorted((y / x, x) for x, y in points if x > 0)
    half, passed = sum(x for _, x in ratios) / 2, 0.0
    for ratio, weight in ratios:
        passed += weight
        if passed >= half:
            return ratio
    return 0.0


def baseline_scores(
    episodes: Sequence[Episode], teaching: Sequence[Episode] | None = None
) -> dict[str, list[Score]]:
    """Baseline -> its scores, by the same definitions as the model's."""
    from crosscut.studies.backtest.score.scores import price_scores

    out: dict[str, list[Score]] = {}
    for name, ratios in price_baselines(episodes, teaching).items():
        rows = out.setdefault(name, [])
        for e in episodes:
            key, actual = e.inputs.id, e.targets.price_ratio
            if actual is None:
                continue
            interval = (
                (ratios[key] / FACTOR, ratios[key] * FACTOR) if name == "elasticity_linear" else (None, None)
            )
            p = Predicted(key, "price_ratio", "", ratios[key], *interval)
            rows += [Score(key, n, v, e.targets.core_price) for n, v in price_scores(p, actual)]
    for e in episodes:
        if e.targets.core_trade:
            for name, score in _trade_scores(e):
                out.setdefault(name, []).append(score)
    return out


def _trade_scores(e: Episode) -> list[tuple[str, Score]]:
    key, t, cut = e.inputs.id, e.targets, e.inputs.cut_mid or 0.0
    base = {m.importer: m.tonnes for m in e.inputs.imports}
    lost = {m.importer: m.from_restrictor for m in e.inputs.imports}
    if e.inputs.target:
        lost = {k: v if k == e.inputs.target else 0.0 for k, v in lost.items()}
    out: list[tuple[str, Score]] = []

    def quantities(name: str, predicted: Mapping[str, float]) -> None:
        out.append((name, Score(key, "importer_wmape", wmape(predicted, base, t.importers), True)))
        rank = rank_correlation(predicted, base, t.importers)
        if rank is not None:
            out.append((name, Score(key, "importer_rank_correlation", rank, True)))

    quantities("no_change", base)
    quantities("proportional_loss", {k: v - cut * lost[k] for k, v in base.items()})
    quantities("half_refill", {k: v - 0.5 * cut * lost[k] for k, v in base.items()})
    if t.flow_change is not None:
        change = t.flow_change
        quantities("proportional_loss_realised_cut", {k: v + change * lost[k] for k, v in base.items()})
        out.append(("announced_cut", Score(key, "flow_abs_error", abs(-cut - change), True)))
        out.append(("no_change", Score(key, "flow_abs_error", abs(change), True)))
    before = {k: e.previous_imports.get(k, math.nan) for k in base}
    if all(math.isfinite(v) for v in before.values()):
        error = sum(abs(before[k] - base[k]) for k in base) / sum(base.values())
        out.append(("placebo_no_change_previous_year", Score(key, "importer_wmape", error, True)))
    exposure = [-lost[k] / base[k] for k in base]
    rank = spearman(exposure, [t.importers[k] / base[k] for k in base]) if len(base) >= 4 else None
    if rank is not None:
        out.append(("exposure_share", Score(key, "importer_rank_correlation", rank, True)))
    out.append(("proportional_to_base_exports", Score(key, "gap_fill_distance", _by_base_exports(e), True)))
    return out


def _by_base_exports(e: Episode) -> float:
    from crosscut.studies.backtest.score.scores import gap_fill_distance

    base = {k: v for k, v in e.base_exports.items() if k != e.inputs.restrictor}
    return gap_fill_distance(base, e.targets.gap_fill)
