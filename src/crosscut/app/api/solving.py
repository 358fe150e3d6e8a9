"""Scenarios and outlooks: listed, checked, solved."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crosscut.app.api.datasets import data_in_use, data_version
from crosscut.ledger.store.ledger_context import current
from crosscut.worlds import world as built_world

if TYPE_CHECKING:
    from crosscut.results import Document
    from crosscut.studies.shared.batch import Batch


def scenarios() -> list[dict[str, str]]:
    """The bundled scenarios: id, title, mineral, window."""
    from crosscut.inputs.scenario.catalogue import bundled_scenarios

    rows: list[dict[str, str]] = bundled_scenarios()
    return rows


def outlooks() -> list[dict[str, str]]:
    """The bundled outlooks: id, title, mineral, years.

    >>> [(o["id"], o["years"]) for o in outlooks()]
    [('kazakhstan', '2024 to 2040')]
    """
    from crosscut.inputs.catalogue import OUTLOOK, bundled_names
    from crosscut.inputs.outlook.loader import outlook as load

    files = [load(name).file for name in bundled_names(OUTLOOK)]
    return [
        {"id": f.id, "title": f.title, "mineral": f.mineral, "years": f"{f.years.first} to {f.years.last}"}
        for f in files
    ]


def validate(path: str | Path) -> list[str]:
    """Checks a scenario or outlook, bundled or a file, against its format and its world; returns notes,
    raises UserError with every problem.

    >>> validate("kazakhstan")[0].partition(", cases")[0]
    'facilities: 13, measures: 6, years: 2024 to 2040'
    """
    from crosscut.inputs.outlook.loader import is_outlook
    from crosscut.inputs.outlook.loader import outlook as load_outlook
    from crosscut.inputs.scenario.catalogue import scenario as load
    from crosscut.inputs.scenario.places import on_world
    from crosscut.market.events.compiler.compile_events import compile_events
    from crosscut.studies.outlook.check import outlook_notes

    if is_outlook(str(path)):
        found = load_outlook(str(path))
        return outlook_notes(
            current(), found, built_world(current(), found.scenario.mineral, found.file.years.first)
        )
    loaded = load(str(path))

    built = built_world(current(), loaded.mineral, loaded.year)
    return list(compile_events(on_world(loaded, built), built).notes)


def run(
    scenario: str | Path,
    *,
    mineral: str | None = None,
    year: int | None = None,
    seed: int | None = None,
    draws: int | None = None,
    facts: Sequence[str] = (),
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """Solves a scenario (bundled name or file) and returns its result document.

    The numbers do not depend on `workers`; with more than one, a script needs the usual `if __name__ ==
    "__main__":`. `facts` are ids of facts to read instead of those the ledger picks; the result then shows
    both (see `crosscut.studies.scenario.forced`).
    """
    from dataclasses import replace

    from crosscut.inputs.scenario.catalogue import scenario as load
    from crosscut.studies.scenario.run import run_result

    loaded = load(str(scenario))
    if mineral is not None or year is not None:
        loaded = replace(
            loaded, mineral=(mineral or loaded.mineral).strip().lower(), year=year or loaded.year
        )
    if facts:
        from crosscut.studies.scenario.forced import forced_result

        return forced_result(
            current(),
            loaded,
            facts,
            seed=seed,
            draws=draws,
            data=data_version(),
            workers=workers,
            progress=progress,
        )
    built = built_world(current(), loaded.mineral, loaded.year)
    return run_result(
        current(), loaded, built, seed=seed, draws=draws, workers=workers, progress=progress, **data_in_use()
    )


def batch(
    scenario: str | Path,
    draws: int = 10_000,
    *,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Batch:
    """A scenario solved for thousands of draws, each kept as prices and use by form and country, before and
    after.

    With the extra `fast` the draws are solved by the compiled kernel; the first use on a machine compiles
    for about 25 seconds (`python -m crosscut.market.kernel` does it beforehand). The numbers do not depend
    on `workers`.

    >>> b = batch("china-quota-cut", draws=4)
    >>> b.marginal.shape[0] + len(b.failed)
    4
    """
    from crosscut.inputs.scenario.catalogue import scenario as named
    from crosscut.inputs.scenario.places import on_world
    from crosscut.market.solvers import compiles_first
    from crosscut.studies.shared.batch import solved_batch

    found = named(scenario)
    w = built_world(current(), found.mineral, found.year)
    if compiles_first():
        sys.stderr.write("compiling the market once for this machine, which takes about 25 seconds\n")
    return solved_batch(
        on_world(found, w),
        w,
        seed=found.seed if seed is None else seed,
        draws=draws,
        workers=workers,
        progress=progress,
    )


def outlook(
    outlook: str | Path,
    *,
    to: int | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """Solves an outlook (bundled name or file) year by year and returns its result document.

    The numbers depend on the outlook, `to`, `draws` and `seed`, not on `workers`. With more than one, a
    script needs the usual `if __name__ == "__main__":`.

    >>> result = outlook("kazakhstan", to=2025, draws=1)
    >>> result["kind"], result["horizon"]["to"]
    ('outlook', '2025-12-31')
    """
    from crosscut.inputs.outlook.loader import outlook as load
    from crosscut.studies.outlook.run import outlook_result

    loaded = load(outlook)
    built = built_world(current(), loaded.scenario.mineral, loaded.file.years.first)
    return outlook_result(
        current(),
        loaded,
        built,
        to=to,
        seed=seed,
        draws=draws,
        workers=workers,
        progress=progress,
        **data_in_use(),
    )
