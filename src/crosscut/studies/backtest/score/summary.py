"""Summary: scores over episodes, with what chance alone would do to them, beside every rival.

Aims: what was aimed at before the model was fitted; a missed one is reported as missed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crosscut.studies.backtest.score.baselines import REFERENCE
from crosscut.studies.backtest.score.resampling import resampled_mean, share_interval
from crosscut.studies.backtest.score.scores import Score

BETTER_HIGH = ("price_direction_right", "importer_rank_correlation")
SHARES = ("price_direction_right", "price_in_80_interval")  # 0 or 1 an episode
MODEL = "crosscut"
WORTH_CLAIMING = 0.6  # share of episodes in which a claim must hold


@dataclass(frozen=True)
class ScoreLine:
    """Mean and median of one score of one method over core episodes, with a 90 % interval of the mean
    (episodes drawn again; of a share of episodes Wilson's, as drawing again never leaves 13 of 13); against
    the reference of that score: mean difference (below 0 is better, whatever the sign of the score), its
    interval and the share of episodes in which it is better (None where it is the reference, or there is
    none)."""

    method: str
    score: str
    n: int
    mean: float
    median: float
    low: float
    high: float
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    better_in: float | None

    @property
    def claim(self) -> bool | None:
        """Whether an improvement on the reference may be claimed (the format's rule)."""
        if self.better_in is None or self.difference_high is None:
            return None
        return self.better_in >= WORTH_CLAIMING and self.difference_high < 0


def lines(model: Sequence[Score], baselines: Mapping[str, Sequence[Score]]) -> list[ScoreLine]:
    """A line for every method and score; the model first."""
    tables = {MODEL: _core(model), **{k: _core(v) for k, v in baselines.items()}}
    out = []
    for method, by_score in tables.items():
        for score, values in by_score.items():
            reference = REFERENCE.get(score)
            rival = tables.get(reference, {}).get(score) if reference and reference != method else None
            out.append(_line(method, score, values, rival))
    return out


def _core(rows: Sequence[Score]) -> dict[str, dict[str, float]]:
    out: dict[str, dict[str, float]] = {}
    for r in rows:
        if r.core:
            out.setdefault(r.name, {})[r.episode_id] = r.value
    return out


def _line(method: str, score: str, values: dict[str, float], rival: dict[str, float] | None) -> ScoreLine:
    x = np.array(list(values.values()))
    low, high = share_interval(int(x.sum()), len(x)) if score in SHARES else resampled_mean(x)
    difference = difference_low = difference_high = better = None
    if rival is not None and (shared := [k for k in values if k in rival]):
        sign = -1.0 if score in BETTER_HIGH else 1.0
        d = sign * np.array([values[k] - rival[k] for k in shared])
        difference = float(d.mean())
        difference_low, difference_high = resampled_mean(d)
        better = float((d < 0).mean())
    return ScoreLine(
        method,
        score,
        len(x),
        float(x.mean()),
        float(np.median(x)),
        low,
        high,
        difference,
        difference_low,
        difference_high,
        better,
    )


# score -> (track or empty for both, side, value, in words)
AIMS: tuple[tuple[str, str, str, str, float], ...] = (
    ("price_abs_log_error", "", "mean", "at most", 0.40),
    ("price_abs_log_error", "", "median", "at most", 0.28),
    ("price_abs_log_error_without_largest", "", "mean", "at most", 0.30),
    ("price_direction_right", "", "mean", "at least", 0.90),
    ("price_in_80_interval", "", "mean", "at least", 0.75),
    ("price_in_80_interval", "", "mean", "at most", 0.88),
    ("importer_wmape", "A", "mean", "at most", 0.205),
    ("importer_wmape", "B", "mean", "at most", 0.175),
    ("importer_rank_correlation", "", "mean", "at least", 0.25),
    ("gap_fill_distance", "", "mean", "at most", 0.50),
)


def aim_text(track: str, score: str, mean: float, median: float) -> str:
    """What was aimed at for a score and whether it is met; empty where nothing was.

    >>> aim_text("A", "importer_wmape", 0.21, 0.20)
    'mean at most 0.205: missed'
    """
    out = []
    for name, only, what, side, value in AIMS:
        if name != score or only not in ("", track):
            continue
        got = mean if what == "mean" else median
        met = got <= value if side == "at most" else got >= value
        out.append(f"{what} {side} {value:g}: {'met' if met else 'missed'}")
    return "; ".join(out)
