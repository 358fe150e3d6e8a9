"""Summary: the loss of a year from the draws: expected, in the tail, by return period, with failed draws
bounded."""

from __future__ import annotations

import numpy as np

from crosscut.base.arrays import Array
from crosscut.results.rows import Row
from crosscut.studies.shared.money import millions, money_mark
from crosscut.studies.stress.answers.statistics import (
    SampledFigure,
    expected_shortfall,
    mean_of,
    value_at_risk,
    without_interval,
)
from crosscut.studies.stress.draws.random_points import Sampler
from crosscut.studies.stress.ensemble.ensemble import StressEnsemble
from crosscut.studies.stress.ensemble.losses import Meter
from crosscut.worlds.parameters import median_params

LEVELS = (0.9, 0.95, 0.98, 0.99)
RETURN_YEARS = (2, 5, 10, 20, 50, 100, 200)
MUSD = "million USD a year"
RATIO, RATIO_OVER = "ratio to the same year undisturbed", "ratio to the same year with what stands"
USD, SPEND, SHORT, HORIZON = "loss of users", "extra spend", "short", "loss over the horizon"


class StressLosses:
    """Losses of an ensemble by draw and year (NaN where the market did not clear), and what they may be
    shown as."""

    def __init__(self, ensemble: StressEnsemble) -> None:
        self.ensemble, self.job = ensemble, ensemble.job
        world = self.job.world
        self.forms = [f.id for f in world.chain.forms if world.D0[world.chain.form_index(f.id)].sum() > 0]
        self.mark = money_mark(world)
        self.ratio = RATIO if self.job.measures_held is None else RATIO_OVER
        read = ensemble.numbers("usd", "spend", "short", *(f"price/{f}" for f in self.forms))
        self.usd, self.spend, self.short = (read[c] for c in ("usd", "spend", "short"))
        self.price = {f: read[f"price/{f}"] for f in self.forms}
        self.failed = np.isnan(self.usd)
        self.use = float(world.D0[:, list(self.job.places)].sum())
        self.most_usd = Meter(world, self.job.places).most(median_params(world))

    def figure(self, figure: SampledFigure) -> SampledFigure:
        """Without an interval where the draws are quasi-random.

        Parameters
        ----------
        figure : SampledFigure
            A value with its sampling interval.

        Returns
        -------
        SampledFigure
            Unchanged for plain draws, the value alone for quasi-random ones.
        """
        return without_interval(figure) if self.job.sampler == Sampler.QUASI else figure

    def known(self, values: Array) -> Array:
        """Values of the years that were solved, pooled.

        Parameters
        ----------
        values : Array [draw, year]
            Of any unit, in the shape of `usd`.

        Returns
        -------
        Array [n]
            In the same unit.
        """
        out: Array = values[~self.failed]
        return out


def summary_rows(losses: StressLosses) -> list[Row]:
    """Expected values of a year: loss, extra spend, tonnes short, price by form.

    Failed draws are bounded: they lose nothing, or the most there can be to lose.

    Parameters
    ----------
    losses : StressLosses
        Losses by draw and year.

    Returns
    -------
    list[Row]
        Million USD and t contained a year, prices as a ratio; `chance` is the share of the years with a loss
        (of a price: with more than one per cent of change). With several years also the loss over all of
        them.
    """
    out = []
    years = losses.job.years
    for name, values, worst in (
        (USD, losses.usd, losses.most_usd),
        (SPEND, losses.spend, losses.most_usd),
        (SHORT, losses.short, losses.use),
    ):
        money = name != SHORT
        mean = losses.figure(mean_of(_by_draw(values)))
        failing = float(losses.failed.mean())
        bounds = (float(np.where(losses.failed, b, np.nan_to_num(values)).mean()) for b in (0.0, worst))
        low, high = bounds if failing else (None, None)
        out.append(_row(losses, name, mean, (low, high), float((losses.known(values) > 0).mean()), money))
    for f in losses.forms:
        ratio = losses.price[f]
        gone = float(np.isnan(ratio[~losses.failed]).mean())
        known = ratio[np.isfinite(ratio)]
        mean = losses.figure(mean_of(known))
        status = f"flagged: no price in {gone:.1%} of the years, left out (too low)" if gone else "ok"
        out.append(
            {
                "measure": "price",
                "form": f,
                "unit": losses.ratio,
                "value": mean.value,
                "low": mean.low,
                "high": mean.high,
                "failed_low": None,
                "failed_high": None,
                "chance": float((np.abs(known - 1) > 0.01).mean()),
                "status": status,
            }
        )
    if years > 1:
        total = np.nansum(losses.usd, axis=1)
        out.append(
            _row(
                losses,
                HORIZON,
                losses.figure(mean_of(total)),
                (None, None),
                float((total > 0).mean()),
                True,
                unit=f"million USD in {years} years",
            )
        )
    return out


def _by_draw(values: Array) -> Array:
    """Mean over the solved years of every draw that has one."""
    solved = np.isfinite(values)
    some = solved.any(axis=1)
    out: Array = np.nansum(values[some], axis=1) / solved[some].sum(axis=1)
    return out


def _row(
    losses: StressLosses,
    name: str,
    mean: SampledFigure,
    failed: tuple[float | None, float | None],
    chance: float,
    money: bool,
    unit: str = MUSD,
) -> Row:
    def shown(x: float | None) -> float | None:
        return millions(x, losses.mark) if money else x

    status = losses.mark.value if money else "ok"
    return {
        "measure": name,
        "form": "",
        "unit": unit if money else "t contained a year",
        "value": shown(mean.value),
        "low": shown(mean.low),
        "high": shown(mean.high),
        "failed_low": shown(failed[0]),
        "failed_high": shown(failed[1]),
        "chance": chance,
        "status": status,
    }


def tail_rows(losses: StressLosses) -> list[Row]:
    """Value at risk and expected shortfall of a year, and quantiles of the price.

    Parameters
    ----------
    losses : StressLosses
        Losses by draw and year.

    Returns
    -------
    list[Row]
        At levels 0.9 to 0.99: million USD, t contained, price as a ratio. A year without any price counts as
        infinitely dear.
    """
    out = []
    measures: list[tuple[str, str, Array, bool]] = [
        (USD, "", losses.known(losses.usd), True),
        (SPEND, "", losses.known(losses.spend), True),
        (SHORT, "", losses.known(losses.short), False),
    ]
    for f in losses.forms:
        ratio = losses.price[f][~losses.failed]
        measures.append(("price", f, np.where(np.isfinite(ratio), ratio, np.inf), False))
    for name, form, sample, money in measures:
        unit = MUSD if money else losses.ratio if form else "t contained a year"
        for level in LEVELS:
            var = losses.figure(value_at_risk(sample, level, losses.ensemble.draws))
            tail = losses.figure(expected_shortfall(sample, level, losses.ensemble.draws))
            values = [var.value, var.low, var.high, tail.value, tail.low, tail.high]
            if money:
                values = [millions(v, losses.mark) for v in values]
            values = [v if v is not None and np.isfinite(v) else None for v in values]
            status = (
                "missing: too few draws beyond it"
                if var.value is None
                else losses.mark.value
                if money
                else "ok"
            )
            if var.value is not None and not money and not np.isfinite(tail.value or 0.0):
                status = "flagged: no price at all in some of these years"
            out.append(
                {
                    "measure": name,
                    "form": form,
                    "level": level,
                    "unit": unit,
                    **dict(
                        zip(
                            ("var", "var_low", "var_high", "cvar", "cvar_low", "cvar_high"),
                            values,
                            strict=True,
                        )
                    ),
                    "status": status,
                }
            )
    return out


def return_rows(losses: StressLosses) -> list[Row]:
    """What is reached or passed once in T years: loss, tonnes short, dearest form.

    Parameters
    ----------
    losses : StressLosses
        Losses by draw and year.

    Returns
    -------
    list[Row]
        For T from 2 to 200 years: million USD, t contained and weeks of use, ratio of the price; null where
        draws are too few.
    """
    out = []
    usd, short = losses.known(losses.usd), losses.known(losses.short)
    dearest = np.max([np.nan_to_num(losses.price[f], nan=np.inf) for f in losses.forms], axis=0)
    ratio = dearest[~losses.failed]
    for years in RETURN_YEARS:
        level = 1 - 1 / years
        found = [losses.figure(value_at_risk(x, level, losses.ensemble.draws)) for x in (usd, short, ratio)]
        loss, tonnes, price = found
        out.append(
            {
                "return_years": years,
                "usd": millions(loss.value, losses.mark),
                "usd_low": millions(loss.low, losses.mark),
                "usd_high": millions(loss.high, losses.mark),
                "short": tonnes.value,
                "short_low": tonnes.low,
                "short_high": tonnes.high,
                "short_weeks": (
                    None if tonnes.value is None or not losses.use else 52 * tonnes.value / losses.use
                ),
                "price": price.value if price.value is not None and np.isfinite(price.value) else None,
                "status": "missing: too few draws" if loss.value is None else losses.mark.value,
            }
        )
    return out


EXCEEDED = (0.5, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01, 0.007, 0.005, 0.003, 0.002, 0.001, 0.0005)


def exceedance_rows(losses: StressLosses) -> list[Row]:
    """The loss-exceedance curve: the loss that a year passes with a chance, as far as the draws reach.

    Parameters
    ----------
    losses : StressLosses
        Losses by draw and year.

    Returns
    -------
    list[Row]
        Chance of a year, million USD, t contained; only where at least five solved years lie beyond.
    """
    usd, short = np.sort(losses.known(losses.usd)), np.sort(losses.known(losses.short))
    n = len(usd)
    return [
        {
            "chance": p,
            "usd": millions(float(usd[min(int(n * (1 - p)), n - 1)]), losses.mark),
            "short": float(short[min(int(n * (1 - p)), n - 1)]),
        }
        for p in EXCEEDED
        if n * p >= 5
    ]
