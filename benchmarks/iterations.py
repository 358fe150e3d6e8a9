"""Prints how many Newton iterations compound hard scenarios take: `python -m benchmarks.iterations [number]`.

Mix: a third each of random one-form worlds (8 countries), random chains (6 countries, 3 forms) and the
bundled tungsten world; one to four of twelve levers, most of them harsh (tests/market/compound.py);
tolerance 1e-8.
"""

from __future__ import annotations

import sys

import numpy as np
from tests.market.compound import histogram, outcomes


def main(number: int = 240) -> None:
    counts, failed, refused = outcomes(range(number))
    print(
        f"{number} scenarios: {len(counts)} solved, {len(failed)} failed by name, {len(refused)} refused"
        " before solving"
    )
    print(
        f"iterations: mean {np.mean(counts):.1f}, 95 % within {np.quantile(counts, 0.95):.0f}, most"
        f" {max(counts)}\n"
    )
    print("| iterations | scenarios |\n|---|---|")
    for label, found in histogram(counts):
        print(f"| {label} | {found} |")
    print("\nfailed:")
    for seed, why in failed.items():
        print(f"  {seed}: {why}")


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:2]))
