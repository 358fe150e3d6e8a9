"""What the stress test of a mineral, and the ranking of all minerals, are asked with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Ge, Interval

from crosscut.base.errors import Problem
from crosscut.ledger.mineral_names import MineralWord
from crosscut.studies.request import (
    FieldGroup,
    NameOrFile,
    Names,
    Request,
    Seed,
    Whole,
    Workers,
    Year,
    argument,
    option,
)

DEFAULT_YEAR = 2024
MOST_DRAWS = 1_000_000
MOST_YEARS = 20

Country = Annotated[
    str,
    option(
        "--country",
        "Country or bloc: name or ISO code.",
        expected="a name or ISO code, such as JPN",
        position=True,
    ),
]
InForce = Annotated[
    bool,
    option("--in-force", "Start from the measures in force today, not from the calm base year."),
]
Stability = Annotated[
    Whole,
    Ge(0),
    option("--stability", "Draws of a rerun with every assumption at either end (0: none; try 300)."),
]
Draws = Annotated[Whole, Interval(ge=1, le=MOST_DRAWS), option("--draws", "Futures drawn.", example="10000")]


class Sampling(FieldGroup):
    """Which futures are drawn: `draws` of `years` years from `seed`."""

    draws: Draws = 10_000
    years: Annotated[Whole, Interval(ge=1, le=MOST_YEARS), option("--years", "Years of every future.")] = 1
    seed: Seed = 1
    sampler: Annotated[
        Literal["plain", "quasi"], option("--sampler", "plain, or quasi (scrambled Sobol).")
    ] = "plain"


class RankingSampling(Sampling):
    """Which futures are drawn for each of all minerals."""

    draws: Draws = 1000


class StartFrom(FieldGroup):
    """The world that losses are against: the calm base year, or one with measures in every draw."""

    measures_held: Annotated[
        NameOrFile | None,
        option(
            "--from", "Scenario (name or file) whose measures stand in every draw; losses are against that."
        ),
    ] = None
    in_force: InForce = False


class Extras(FieldGroup):
    """What is asked beyond the losses."""

    loss: Annotated[
        float | None, option("--loss", "Million USD a year: what would have to be true for it.")
    ] = None
    attribution: Annotated[
        Whole,
        Ge(0),
        option("--attribution", "Points of a Sobol design over what is not known (0: none; try 512)."),
    ] = 0
    stability: Stability = 0


class Work(FieldGroup):
    """Who solves; the numbers are the same."""

    executor: Annotated[
        Literal["serial", "processes", "dask"] | None,
        option(
            "--executor",
            "serial, processes or dask: who solves; the numbers are the same (command line: processes).",
        ),
    ] = None
    scheduler: Annotated[str, option("--scheduler", "Address of a Dask scheduler.")] = ""
    workers: Workers = None


class Keep(FieldGroup):
    """Where the draws are kept."""

    out: Annotated[
        Path | None, option("--out", "Folder for report.html, result.json, tables and the draws.")
    ] = None
    resume: Annotated[bool, option("--resume", "Go on with the draws in --out.")] = False
    merge: Annotated[bool, option("--merge", "Join the parts in --out into the result of one machine.")] = (
        False
    )


class StressRequest(Request):
    """How bad it can get for a country: losses of a year drawn from the history of measures, outages and
    closed routes.

    The numbers do not depend on `executor`, `workers` or how often a run in `out` was resumed; with processes
    a script needs ``if __name__ == "__main__":``. It starts from the calm base year; with `measures_held` (a
    scenario by name or path) or `in_force` (what the facts say holds today) those measures stand in every
    draw and losses are against that world. `merge` joins the parts of `stress_part` in `out`, asked with the
    same options.

    Returns
    -------
    document
        Of kind ``stress``.

    Examples
    --------
    >>> import crosscut
    >>> result = crosscut.stress("tungsten", "Japan", draws=20)
    >>> result["kind"], result["status"]["failed_draws"]
    ('stress', 0)
    """

    question = "stress"
    mineral: Annotated[
        MineralWord,
        argument("A mineral; not needed with --all-minerals.", expected="MINERAL, or --all-minerals"),
    ]
    country: Country
    start: StartFrom = StartFrom()
    sampling: Sampling = Sampling()
    extras: Extras = Extras()
    work: Work = Work()
    keep: Keep = Keep()
    year: Year = DEFAULT_YEAR

    def mistakes(self, name: Names) -> Iterator[Problem]:
        """One start; a folder to resume in; a scheduler only for Dask."""
        if self.start.measures_held is not None and self.start.in_force:
            yield Problem(f"both {name('measures_held')} and {name('in_force')}", "stress", "one of them")
        if self.keep.resume and self.keep.out is None:
            yield Problem(
                f"{name('resume')} without {name('out')}",
                name("resume"),
                f"{name('out')} with the folder of the draws",
            )
        if self.keep.merge and self.keep.out is None:
            yield Problem(
                f"{name('merge')} without {name('out')}",
                name("merge"),
                f"{name('out')} with the folder of the parts",
            )
        if self.keep.merge and self.keep.resume:
            yield Problem(
                f"{name('merge')} with {name('resume')}",
                name("merge"),
                "it alone: a part goes on by itself",
            )
        if self.work.scheduler and self.work.executor != "dask":
            yield Problem(
                f"{name('scheduler')} with another {name('executor')} than dask",
                name("scheduler"),
                f"{name('executor')} dask",
            )


class StressPartRequest(Request):
    """One part of a stress test, such as `chunks` "17/64", for machines that know nothing of each other.

    Its draws go to a folder of its own below `out`; begun again it goes on. When all parts are below one
    `out`, `stress` with `merge` and the same options joins them and gives the result of one machine, byte for
    byte.

    Returns
    -------
    SolvedPart
        Which draws were solved, and where they are.

    Examples
    --------
    >>> import tempfile
    >>> import crosscut
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     crosscut.stress_part("tin", "Japan", "2/2", folder, draws=1000).draws
    range(500, 1000)
    """

    question = "stress"
    mineral: Annotated[MineralWord, argument("A mineral.")]
    country: Country
    chunks: Annotated[
        str,
        option(
            "--chunks",
            "Solve one part, such as 17/64, into --out: an array job on many machines.",
            position=True,
        ),
    ]
    out: Annotated[
        Path,
        option(
            "--out",
            "Folder of the parts.",
            expected="--out with the folder of the parts",
            position=True,
        ),
    ]
    start: StartFrom = StartFrom()
    sampling: Sampling = Sampling()
    work: Work = Work()
    year: Year = DEFAULT_YEAR

    def mistakes(self, name: Names) -> Iterator[Problem]:
        """One start."""
        if self.start.measures_held is not None and self.start.in_force:
            yield Problem(f"both {name('measures_held')} and {name('in_force')}", "stress", "one of them")


class RankingWork(FieldGroup):
    """Who solves: this process, or one for each mineral."""

    executor: Annotated[
        Literal["serial", "processes"] | None,
        option(
            "--executor",
            "serial or processes, a mineral each (command line: processes).",
            expected="serial or processes: a mineral each",
        ),
    ] = None
    workers: Workers = None


class RankingRequest(Request):
    """Which mineral could cost a country most: every mineral ranked by the loss to expect.

    Each starts from its calm base year, or with `in_force` from the measures in force on it.

    Returns
    -------
    document
        Of kind ``stress``, table `stress_ranking`; with `stability` also the lowest and highest rank over the
        ends of all assumptions.
    """

    question = "ranking"
    country: Country
    in_force: InForce = False
    sampling: RankingSampling = RankingSampling()
    stability: Stability = 0
    work: RankingWork = RankingWork()
    year: Year = DEFAULT_YEAR
