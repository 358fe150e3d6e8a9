"""Everything the kernel compiles, made beforehand."""

from __future__ import annotations

from collections.abc import Callable

from crosscut.market.kernel.compiled import Routine
from crosscut.market.kernel.equations.certificate import set_bought, set_flows, set_violations
from crosscut.market.kernel.root import root_of
from crosscut.market.kernel.setup import prune, set_processing, set_routes, set_supply

ROUTINES: tuple[Routine, ...] = (
    set_supply,
    set_processing,
    set_routes,
    prune,
    set_flows,
    set_violations,
    set_bought,
    root_of,  # most of the time: it contains the equations, the matrix and its elimination
)


def missing() -> list[Routine]:
    """The routines this machine has not compiled yet."""
    return [one for one in ROUTINES if not one.cached]


def make_ready(progress: Callable[[int, int], None] | None = None) -> None:
    """Compiles what is missing and keeps it for this machine; `progress(done, all)` after each routine."""
    lacking = missing()
    for number, one in enumerate(lacking, start=len(ROUTINES) - len(lacking) + 1):
        one.make_ready()
        if progress:
            progress(number, len(ROUTINES))
