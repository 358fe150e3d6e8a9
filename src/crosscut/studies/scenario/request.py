"""What the questions about scenarios are asked with: solve one, solve it ten thousand times, list, check."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Interval

from crosscut.ledger.mineral_names import MineralWord
from crosscut.studies.request import (
    NameOrFile,
    OwnSeed,
    Request,
    Whole,
    Workers,
    argument,
    option,
)

Scenario = Annotated[NameOrFile, argument("A bundled scenario or a YAML file.", "SCENARIO")]


class RunRequest(Request):
    """Solves a scenario (bundled name or file): prices, flows, shortages, who gains and loses.

    The numbers do not depend on `workers`; with more than one, a script needs the usual
    ``if __name__ == "__main__":``.

    Returns
    -------
    document
        Of kind ``run``; with `facts` two tables more, `forced_facts` and `forced_prices`, that show what
        reading those facts changes.

    Examples
    --------
    >>> import crosscut
    >>> result = crosscut.run("china-quota-cut", draws=2)
    >>> result["kind"], result["inputs"]["draws"]
    ('run', 2)
    """

    question = "run"
    scenario: Scenario
    mineral: Annotated[MineralWord | None, option("--mineral", "Run it on another mineral.")] = None
    year: Annotated[Whole | None, option("--year", "Base year of the world (default: the scenario's).")] = (
        None
    )
    seed: OwnSeed = None
    draws: Annotated[
        Annotated[Whole, Interval(ge=1, le=100_000)] | None,
        option("--draws", "Number of futures solved (default: the scenario's).", example="200"),
    ] = None
    facts: Annotated[
        tuple[str, ...],
        option("--fact", "Id of a fact to read instead of the one the ledger picks; may be repeated."),
    ] = ()
    workers: Workers = None


class BatchRequest(Request):
    """Solves a scenario for thousands of draws, each kept as prices and use by form and country, before and
    after.

    With the extra `fast` the draws are solved by the compiled kernel; the first use on a machine compiles
    for about 25 seconds (``python -m crosscut.market.kernel`` does it beforehand). The numbers do not depend
    on `workers`.

    Returns
    -------
    Batch
        Arrays over the draws that were solved, and the draws that were not.

    Examples
    --------
    >>> import crosscut
    >>> b = crosscut.batch("china-quota-cut", draws=4)
    >>> b.marginal.shape[0] + len(b.failed)
    4
    """

    question = "batch"
    scenario: Scenario
    draws: Annotated[
        Whole, Interval(ge=1, le=1_000_000), option("--draws", "Number of futures solved.", position=True)
    ] = 10_000
    seed: OwnSeed = None
    workers: Workers = None


class ScenariosRequest(Request):
    """The bundled scenarios.

    Returns
    -------
    list of dict
        id, title, mineral, window of each.
    """

    question = "scenarios"


class ValidateRequest(Request):
    """Checks a scenario or outlook, bundled or a file, against its format and its world.

    Returns
    -------
    list of str
        Notes. UserError holds every problem where there is one.

    Examples
    --------
    >>> from crosscut.app.api import validate
    >>> validate("kazakhstan")[0].partition(", cases")[0]
    'facilities: 13, measures: 6, years: 2024 to 2040'
    """

    question = "validate"
    path: Annotated[NameOrFile, argument("A scenario or outlook: bundled name or YAML file.", "FILE")]
