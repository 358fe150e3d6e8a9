"""Compiles the kernel once for this machine: `python -m crosscut.market.kernel`."""

from __future__ import annotations

import sys
import time

from crosscut.market.events.compiled import no_events
from crosscut.market.model.examples import example_params, two_country_world


def main() -> None:
    """Compiles whatever is not compiled yet, with a line of progress, and solves one small market with it."""
    started = time.perf_counter()
    from crosscut.market.kernel.compile_all import ROUTINES, make_ready, missing
    from crosscut.market.kernel.draw import Kernel

    def progress(done: int, whole: int) -> None:
        sys.stderr.write(f"\rcompiling the market kernel: {done} of {whole} routines")
        sys.stderr.flush()

    if missing():
        progress(len(ROUTINES) - len(missing()), len(ROUTINES))
        make_ready(progress)
        sys.stderr.write("\n")
    world = two_country_world()
    Kernel(world).solved(example_params(world), no_events(world))
    print(f"market kernel ready in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
