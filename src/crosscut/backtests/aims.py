"""Aims: what was aimed at before the model was fitted; a missed one is reported as missed."""

from __future__ import annotations

# score -> (track or empty for both, side, value, in words)
WITHOUT = "REE_CHN_2010"  # the aim of the price is stated with and without the largest price rise of the set
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
