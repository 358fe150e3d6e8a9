"""Compiles the kernel once for this machine: `python -m crosscut.market.kernel`."""

from __future__ import annotations

import time

from crosscut.market.compiled import no_events
from crosscut.market.examples import example_params, two_country_world
from crosscut.market.kernel.draw import Kernel


def main() -> None:
    """Solves one small market, which compiles whatever is not compiled yet."""
    started = time.perf_counter()
    world = two_country_world()
    Kernel(world).solved(example_params(world), no_events(world))
    print(f"market kernel ready in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
