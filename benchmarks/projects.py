"""Projects beside pyxirr and numpy-financial; run with `python -m benchmarks.projects [--workers N]`.

Mix: the bundled example with every part of the format (two assets, a pool, losses of ten years, a sculpted
export-credit loan that is a letter, reserve, shareholder loans, free carry, value added tax, by-product),
cut to 30 years, 100,000 draws of its ranged figures and price swings; what is measured ends with present
values, internal rates of return and covenants of every draw. The alternatives do far less: they get the
finished flows of 30 years and return only an internal rate of return and a present value, in a Python loop
over the draws (2,000 of them, scaled), numpy-financial and pyxirr each. CPU is user and system time of this
process (and of its workers), which a busy machine distorts less than the clock. Where a flow has a second
root below zero (closure), the libraries give now one, now the other; ours gives the return.

`crosscut project` values all draws in one process. `--workers N` shares the draws out over N whatever it
costs, which shows why: each takes a second of CPU to start (imports, fiscal regimes, first use), as long as
60,000 draws take; sending the results back takes 40 ms in all. Reckoned from that it pays from about 120,000
draws on two whole cores, 350,000 on two halves, so `ensemble` starts one process for every 150,000.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable

import numpy as np
from tests.ledgers import BUNDLED

from crosscut.finance.answers.returns import irr, irrs, npv
from crosscut.finance.answers.valuation import valuation
from crosscut.inputs.project.loader import project_from_text, project_source
from crosscut.studies.project import ensemble as ensembles
from crosscut.studies.project.build import project_of
from crosscut.studies.project.ensemble import CHUNK, ensemble, middle_terms
from crosscut.studies.project.sampling import Draws

DRAWS, LOOPED, YEARS = 100_000, 2_000, 30


def used() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(call: Callable[[], object]) -> tuple[float, float]:
    c, t = used(), time.perf_counter()
    call()
    return used() - c, time.perf_counter() - t


def thirty_years():
    from crosscut.base.bundled import bundled_text

    text = bundled_text("projects", "example-mine.yaml")
    text = text.replace(
        "years: {first: 2028, production: 2030}", "years: {first: 2028, production: 2030, last: 2053}"
    )
    source = project_from_text(BUNDLED, text, "example-mine.yaml")
    assert len(project_of(source).years) == YEARS, len(project_of(source).years)
    return source


def main() -> None:
    workers = int(sys.argv[sys.argv.index("--workers") + 1]) if "--workers" in sys.argv else 1
    source = thirty_years()
    terms = middle_terms(source)
    ensemble(source, 1, CHUNK, terms)  # warm
    ensembles.PER_PROCESS = DRAWS // workers
    cpu, wall = timed(lambda: ensemble(source, 1, DRAWS, terms, workers=workers))
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {workers} workers")
    print(
        f"crosscut      {DRAWS:,} valuations of {YEARS} years, whole model: CPU {cpu:.2f} s, clock"
        f" {wall:.2f} s"
    )
    flows = valuation(project_of(source, Draws(1, range(LOOPED))), terms).after_tax
    ours, _ = timed(lambda: [(irr(flows), npv(0.08, flows)) for _ in range(10)])
    ours /= 10
    print(f"crosscut      irr and npv alone, {LOOPED:,} flows at once:     CPU {ours * 1e3:.1f} ms")
    mine = irr(flows)
    for name in ("numpy_financial", "pyxirr"):
        try:
            library = __import__(name)
        except ImportError:
            print(f"{name}: not installed")
            continue
        found = np.full(LOOPED, np.nan)

        def loop(library=library, found=found) -> None:
            for k in range(LOOPED):
                flow = flows[:, k]
                try:
                    rate = library.irr(flow)
                except Exception:  # pyxirr raises where all flows have one sign
                    rate = None
                found[k] = np.nan if rate is None else rate
                library.npv(0.08, flow)

        theirs, _ = timed(loop)
        scaled = theirs * DRAWS / LOOPED
        both = np.isfinite(found) & np.isfinite(mine)
        apart = np.abs(found - mine)
        other = both & (apart > 1e-6)  # another root of the same flow
        assert all(min(abs(found[k] - r) for r in irrs(flows[:, k])) < 1e-6 for k in np.nonzero(other)[0])
        print(
            f"{name:<14}irr and npv in a loop, {LOOPED:,} flows:        CPU {theirs * 1e3:.1f} ms"
            f" ({theirs / ours:.1f} times ours); {DRAWS:,} would take {scaled:.2f} s, {scaled / cpu:.2f}"
            f" times the whole model; rates apart {apart[both & ~other].max():.0e} at most; a root below zero"
            f" in place of the return in {other.sum()} of {both.sum():,}"
        )


if __name__ == "__main__":
    project_source(BUNDLED, "example-mine")
    main()
