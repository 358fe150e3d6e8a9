"""The sweep: a few cases in every run of the tests, all minerals and countries with the mark `soak`.

Rules are in `within_document` and `across_commands`; what is let pass, and why, in `findings.EXEMPT`.
"""

from __future__ import annotations

import pytest

from crosscut.base.errors import UserError
from crosscut.base.places import all_places
from crosscut.inputs.catalogue import SCENARIO, bundled_names
from crosscut.results.tables.declared import TABLES
from crosscut.worlds import minerals_with_worlds, world
from crosscut.worlds.node import GROUPS
from tests.consistency.across_commands import (
    of_a_country,
    of_a_forecast,
    of_a_ranking,
    of_a_run,
    of_costs,
    world_of,
)
from tests.consistency.findings import EXEMPT, Findings
from tests.consistency.within_document import keeps_its_rules
from tests.ledgers import BUNDLED

FEW = [("tungsten", "JPN"), ("tin", "USA"), ("graphite", "DEU")]


def with_worlds() -> list[str]:
    """Minerals of which a world can be built from the bundled data."""
    out = []
    for mineral in sorted(m for m, why in minerals_with_worlds().items() if not why):
        try:
            world(BUNDLED, mineral)
        except UserError:
            continue
        out.append(mineral)
    return out


def users(mineral: str) -> list[str]:
    """Countries of a world that use the mineral; groups have no name to ask for."""
    built = world(BUNDLED, mineral)
    used = built.use().sum(axis=0)
    return [c for k, c in enumerate(built.countries) if used[k] > 0 and c in all_places() and c not in GROUPS]


def holds(found: Findings) -> None:
    """Fails with every failure named."""
    assert found.made, "nothing was compared"
    assert not found.failed, "\n".join([found.report(), *found.failed[:40]])


@pytest.mark.parametrize(("mineral", "country"), FEW)
def test_one_country_has_one_answer(mineral: str, country: str) -> None:
    found = Findings()
    of_a_country(found, mineral, country)
    holds(found)


@pytest.mark.parametrize("scenario", ["us-section-301-2025", "china-quota-cut"])
def test_a_run_agrees_with_itself(scenario: str) -> None:
    found = Findings()
    of_a_run(found, scenario)
    holds(found)


def test_costs_agree() -> None:
    found = Findings()
    of_costs(found)
    holds(found)


def test_every_exemption_says_why() -> None:
    assert all(len(why.split()) > 5 for why in EXEMPT.values())


def test_a_difference_is_found() -> None:
    """The rules do fail: two figures, an interval beside its middle, ranks out of order."""
    found = Findings()
    found.same("exposure and stress", "x", 1.0, 1.1)
    found.same("exposure and stress", "x", None, 1.0)
    empty = dict.fromkeys(TABLES["stress_chokepoints"])
    stops = [
        {"rank": k + 1, "rank_counted": k + 1, "usd": u, "share": 1.2} for k, u in enumerate((10.0, 11.0))
    ]
    rows = [empty | r | {"usd_low": 12.0, "usd_high": 13.0} for r in stops]
    keeps_its_rules(found, "x", {"tables": {"stress_chokepoints": {"rows": rows}}})
    kinds = {f.partition(":")[0] for f in found.failed}
    assert kinds == {
        "exposure and stress",
        "interval holds its middle",
        "within 0 and 1",
        "ranks in the order printed",
    }


@pytest.mark.soak
@pytest.mark.parametrize("mineral", with_worlds())
def test_every_country_of_every_world_has_one_answer(mineral: str) -> None:
    found = Findings()
    keeps_its_rules(found, mineral, world_of(mineral))
    for country in users(mineral):
        of_a_country(found, mineral, country)
    print(mineral, found.report())
    holds(found)


@pytest.mark.soak
@pytest.mark.parametrize("scenario", bundled_names(SCENARIO))
def test_every_bundled_run_agrees_with_itself(scenario: str) -> None:
    found = Findings()
    of_a_run(found, scenario)
    print(scenario, found.report())
    holds(found)


@pytest.mark.soak
def test_rankings_and_forecasts_agree() -> None:
    found = Findings()
    of_a_ranking(found, "USA", with_worlds())
    of_a_forecast(found)
    print(found.report())
    holds(found)
