"""Importance: which ignorance moves the loss of a year, by first-order and total Sobol indices (scipy), in
groups of inputs.

Pick-freeze on a bounded design: two sets of N points, and for every group a third in which the group's
columns come from the second. A first-order index is the part of the variance of the loss that the group
explains alone; a total index what would go away if everything but the group were known, interactions
included.
"""

from __future__ import annotations

from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from crosscut.results.rows import Row
from crosscut.studies.stress.draws.random_points import Points, Sampler, points
from crosscut.studies.stress.draws.random_slots import Layout, layout_of
from crosscut.studies.stress.ensemble.chunk import evaluator
from crosscut.studies.stress.ensemble.job import CHUNK, StressJob
from crosscut.studies.stress.history.base_rates import CHINA
from crosscut.worlds.parameters import parameter_distributions

GROUPS = {
    "china": "whether, when and how China restricts (regime and rate too)",
    "others": "whether, when and how other governments restrict",
    "outages": "outages of mines and plants",
    "routes": "closures of sea routes",
    "demand": "demand against what supply was built for",
    "assumptions": "the table of assumptions (severity, leakage, notice, chance to bite)",
    "behaviour": "elasticities of supply, demand and sourcing",
    "world": (
        "errors of the base-year figures (and how strong measures in force are, where the run starts from"
        " them)"
    ),
}
BOOTSTRAPS = 200


def group_of(slot: str) -> str:
    """The group of a slot of common or own uniforms.

    Parameters
    ----------
    slot : str
        Name of the slot in the layout.

    Returns
    -------
    str
        A key of `GROUPS`: china, others, outages or routes.

    Examples
    --------
    >>> slots = ("rate/CHN", "count/VNM/0", "route-happens/suez/0", "outage-when/mine/0/3/0")
    >>> tuple(group_of(s) for s in slots)
    ('china', 'others', 'routes', 'outages')
    """
    what, _, rest = slot.partition("/")
    if what.startswith("route"):
        return "routes"
    if what.startswith("outage"):
        return "outages"
    return "china" if what == "regime" or rest.split("/")[0] == CHINA else "others"


def columns_of(layout: Layout, behaviours: int, group: str) -> dict[str, NDArray[np.bool_]]:
    """Which columns of the points belong to a group.

    Parameters
    ----------
    layout : Layout
        Names of the slots.
    behaviours : int
        Number of parameters of behaviour.
    group : str
        A key of `GROUPS`.

    Returns
    -------
    dict[str, NDArray[np.bool_]]
        A mask for each of `common`, `own`, `scores` and `behaviour`; all False for the group of the world,
        which has no column.
    """
    scores = [("demand" if s.startswith("demand/") else "assumptions") == group for s in layout.scores]
    return {
        "common": np.array([group_of(s) == group for s in layout.common], dtype=bool),
        "own": np.array([group_of(s) == group for s in layout.own], dtype=bool),
        "scores": np.array(scores, dtype=bool),
        "behaviour": np.full(behaviours, group == "behaviour"),
    }


def importance_rows(job: StressJob, size: int) -> list[Row]:
    """First-order and total Sobol indices of the loss of the first year, by group of inputs.

    Years that do not clear take the mean of the others, in all sets; their number is in the status.

    Parameters
    ----------
    job : StressJob
        World, seed and years; its sampler does not count.
    size : int
        Points a set; (2 + groups) times so many draws are solved.

    Returns
    -------
    list[Row]
        Shares of the variance, with 90 % bootstrap intervals, largest total first; none where the loss does
        not vary.
    """
    from scipy.stats import sobol_indices  # here, as it takes half a second to load

    layout = layout_of(job.world, job.rates, job.years)
    behaviours = len(parameter_distributions(job.world))
    evaluate = evaluator(job)
    a, b = (
        points(Sampler.PLAIN, layout, job.world.mineral, behaviours, job.seed, range(start, start + size))
        for start in (FAR, FAR + size)
    )
    own, other = (
        np.arange(size),
        np.arange(size) + 1 + len(job.worlds) // 2,
    )  # the worlds of a set and of the other

    def lost(p: Points, worlds: NDArray[np.int64]) -> NDArray[np.float64]:
        out = []
        for start in range(0, size, CHUNK):
            part = slice(start, start + CHUNK)
            rows = evaluate(
                Points(p.common[part], p.own[part], p.scores[part], p.behaviour[part]), _numbers(worlds[part])
            )
            out.append(np.asarray(rows["usd"], dtype=float).reshape(-1, job.years)[:, 0])
        return np.concatenate(out)

    values = [lost(a, own), lost(b, other)]
    for group in GROUPS:
        mixed = a.with_columns(b, columns_of(layout, behaviours, group))
        values.append(lost(mixed, other if group == "world" else own))
    failed = sum(int(np.isnan(v).sum()) for v in values)
    middle = float(np.nanmean(np.concatenate(values)))
    f_a, f_b, *f_ab = (np.nan_to_num(v, nan=middle) for v in values)
    if float(np.std(f_a)) == 0:
        return []
    found = sobol_indices(
        func={"f_A": f_a[None], "f_B": f_b[None], "f_AB": np.array(f_ab)[:, None]},
        n=size,
        rng=np.random.default_rng(job.seed),
    )
    with catch_warnings():
        simplefilter("ignore")  # a group that moves nothing has no interval: null below
        spread = found.bootstrap(confidence_level=0.9, n_resamples=BOOTSTRAPS)
    status = "ok" if not failed else f"flagged: {failed} years did not clear and took the mean"
    rows = []
    for k, (group, what) in enumerate(GROUPS.items()):
        ends = {
            f"{name}_{end}": _finite(getattr(interval.confidence_interval, end)[k])
            for name, interval in (("first", spread.first_order), ("total", spread.total_order))
            for end in ("low", "high")
        }
        rows.append(
            {
                "group": group,
                "what": what,
                "first": float(found.first_order[k]),
                "total": float(found.total_order[k]),
                **ends,
                "points": size,
                "status": status,
            }
        )
    return sorted(rows, key=lambda r: -float(str(r["total"])))


def _finite(x: float) -> float | None:
    return float(x) if np.isfinite(x) else None


FAR = 2**40  # draws that no ensemble reaches: the design shares none with it


def _numbers(worlds: NDArray[np.int64]) -> range:
    return range(int(worlds[0]), int(worlds[0]) + len(worlds))
