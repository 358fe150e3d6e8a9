"""Ledger: cold open and queries against reading the CSV tables anew; run with `python -m benchmarks.ledger`.

User CPU time of a fresh process where opening is measured, of this process where a query is. The alternative
to the compiled store is what came before it: parse and check every table, then scan.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from tests.ledgers import BUNDLED

IMPORTS = "import crosscut.ledger.ask.ledger, crosscut.ledger.ask.resolve_conflicts"
OPEN = (
    f"{IMPORTS}\nfrom crosscut.ledger.store.ledger import Ledger\n"
    "crosscut.ledger.ask.ledger.facts_of(Ledger.bundled(), 'tungsten')"
)
COMPILE = f"{IMPORTS}\nfrom crosscut.ledger.store import compile_store\ncompile_store._content(())"


def cpu_of_process(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cpu(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def main() -> None:
    from crosscut.ledger.ask.ledger import fact_details, facts_of
    from crosscut.ledger.ask.resolve_conflicts import picked_facts
    from crosscut.worlds import world

    facts_of(BUNDLED, "tungsten")
    cited = world(BUNDLED, "tungsten").fact_ids
    base, opened, parsed = ([cpu_of_process(c) for _ in range(7)] for c in (IMPORTS, OPEN, COMPILE))
    start = statistics.median(base)
    print("| what | ms | alternative | ms |\n|---|---|---|---|")
    print(
        f"| open the ledger of tungsten, cold | {(statistics.median(opened) - start) * 1e3:.0f} | "
        f"parse and check all tables | {(statistics.median(parsed) - start) * 1e3:.0f} |"
    )
    queries: dict[str, Callable[[], object]] = {
        "search 'North Katpar'": lambda: facts_of(BUNDLED, "tungsten").about("North Katpar"),
        "picks of mine production 2024": lambda: picked_facts(BUNDLED, "tungsten", "mine production", "2024"),
        f"details of {len(cited)} cited facts": lambda: fact_details(BUNDLED, cited),
    }
    for what, query in queries.items():
        query()
        print(f"| {what} | {statistics.median(cpu(query) for _ in range(20)) * 1e3:.1f} | | |")


if __name__ == "__main__":
    main()
