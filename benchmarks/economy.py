"""An input-output table of the size of EXIOBASE: time and peak memory of `crosscut economy`.

    python -m benchmarks.economy [INDUSTRIES] [REGIONS] [--days]

A random table in pymrio's text layout: 7,987 industries in 49 regions unless said otherwise, half of what an
industry makes sold to others, every cell above 0. Printed are the size of Z.txt, seconds on the wall and of
the processor, and the peak memory of the command alone. `--days` adds the reading day by day.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

EXIOBASE = (7987, 49)  # industries and regions


def random_table(folder: Path, industries: int, regions: int, seed: int = 1) -> None:
    """Z.txt, Y.txt, x.txt and unit.txt of a random economy; written row by row."""
    rng = np.random.default_rng(seed)
    names = [(f"R{k % regions:02d}", f"sector {k // regions:03d} n.e.c.") for k in range(industries)]
    names.sort()
    folder.mkdir(parents=True)
    heads = "\n".join(
        f"{label}\t\t" + "\t".join(n[part] for n in names) for part, label in enumerate(("region", "sector"))
    )
    final = [f"{kind} {k}" for kind in ("households", "state") for k in range(regions)]
    with (
        (folder / "Z.txt").open("w") as z,
        (folder / "Y.txt").open("w") as y,
        (folder / "x.txt").open("w") as x,
    ):
        z.write(f"{heads}\nregion\tsector\t" + "\t" * (industries - 1) + "\n")
        y.write("region\t\t" + "\t".join(f.split()[1] for f in final) + "\n")
        y.write("category\t\t" + "\t".join(f.split()[0] for f in final) + "\n")
        y.write("region\tsector\t" + "\t" * (len(final) - 1) + "\n")
        x.write("region\tsector\tindout\n")
        for region, sector in names:
            sold = rng.random(industries)
            bought = rng.random(len(final)) * industries / len(final)
            z.write(f"{region}\t{sector}\t" + "\t".join(map(repr, sold.tolist())) + "\n")
            y.write(f"{region}\t{sector}\t" + "\t".join(map(repr, bought.tolist())) + "\n")
            x.write(f"{region}\t{sector}\t{float(sold.sum() + bought.sum())!r}\n")
    units = "".join(f"{r}\t{s}\tM.EUR\n" for r, s in names)
    (folder / "unit.txt").write_text("region\tsector\tunit\n" + units)


def measured(folder: Path, days: bool) -> tuple[float, float, float]:
    """Seconds on the wall, seconds of the processor and peak memory (GB) of the command on a table."""
    shock = "R00/sector 001 n.e.c.=0.05..0.1..0.2"
    command = [sys.executable, "-m", "crosscut", "economy", str(folder), "--shock", shock]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, *([] if days else ["--one-step"])], capture_output=True, text=True, check=False
    )
    wall = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stderr)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e9


def main() -> None:
    """Makes the table, runs the command, prints what it took."""
    sizes = [int(a) for a in sys.argv[1:] if a.isdigit()]
    industries, regions = (*sizes, *EXIOBASE[len(sizes) :])[:2]
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "table")
        random_table(folder, industries, regions)
        size = (folder / "Z.txt").stat().st_size / 1e9
        wall, processor, memory = measured(folder, "--days" in sys.argv)
    print(
        f"{industries:,} industries, Z.txt {size:.2f} GB: {wall:.0f} s on the wall, {processor:.0f} s of the"
    )
    print(f"processor, {memory:.2f} GB at the peak")


if __name__ == "__main__":
    main()
