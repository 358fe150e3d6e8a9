"""What is counted is what the compiler of the history counted; what is drawn has the rates that were
counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crosscut.base.errors import UserError
from crosscut.ledger.store.tables import table
from crosscut.studies.stress.draws.futures import futures
from crosscut.studies.stress.draws.random_points import plain_points, quasi_points
from crosscut.studies.stress.draws.random_slots import layout_of
from crosscut.studies.stress.ensemble.chunk import chunk_solver
from crosscut.studies.stress.history.assumptions import assumptions
from crosscut.studies.stress.history.base_rates import INSTRUMENTS, YEARS, base_rates, fitted_prior
from crosscut.studies.stress.history.gamma import gamma_quantile, poisson_count
from crosscut.worlds import world
from tests.ledgers import BUNDLED


def published(measure: str, scope: str, period: str) -> dict[str, str]:
    found = [
        r
        for r in table(BUNDLED, "hazards/hazard_estimates").iter_rows(named=True)
        if (r["measure"], r["scope"], r["period"]) == (measure, scope, period)
    ]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("scope", "period", "regime"), [("China only", "2009-2022", 0), ("China only", "2023-2026", 1)]
)
def test_packages_of_china_by_regime_are_those_published(scope: str, period: str, regime: int) -> None:
    row = published("packages per country and year", scope, period)
    china = base_rates(BUNDLED).governments["CHN"]
    assert china.shape[regime] - 0.5 == float(row["events"])
    assert china.years[regime] == pytest.approx(float(row["exposure"]), abs=0.05)


def test_all_packages_and_outages_are_those_published() -> None:
    rates = base_rates(BUNDLED)
    assert (
        rates.packages
        == int(published("packages per country and year", "all countries", "2009-2026")["events"])
        == 40
    )
    assert rates.outage_events == 49


def test_the_best_third_has_the_published_count_of_none() -> None:
    row = published("packages per country and year", "high tercile", "2009-2026")
    stable = base_rates(BUNDLED).stable
    assert (stable.shape[0], stable.years[0]) == (
        0.5 + float(row["events"]),
        pytest.approx(float(row["exposure"]), abs=0.1),
    )


def test_every_other_country_keeps_its_own_record() -> None:
    """Shrunk to the mean of all, never past it, and in the order of the counts."""
    rates = base_rates(BUNDLED)
    counts = {"IND": 7, "IDN": 6, "COD": 4, "MMR": 3, "RUS": 3, "ARG": 1, "ZWE": 1, "BRA": 0, "ZAF": 0}
    got = {c: rates.governments[c].rate(0) for c in counts}
    mean = rates.other.rate(0)
    for code, n in counts.items():
        assert min(n / YEARS, mean) <= got[code] <= max(n / YEARS, mean)
    assert [got[c] for c in counts] == sorted(got.values(), reverse=True)


def test_mixes_are_shares_and_no_instrument_is_ruled_out() -> None:
    for g in (*base_rates(BUNDLED).governments.values(), base_rates(BUNDLED).other):
        for mix in g.mix:
            assert len(mix) == len(INSTRUMENTS) and sum(mix) == pytest.approx(1) and min(mix) > 0


def test_the_prior_has_the_mean_of_the_counts() -> None:
    a, b = fitted_prior([0, 0, 0, 2, 9], 10.0)
    assert a / b == pytest.approx(11 / 50)


def test_gamma_quantiles_are_those_of_scipy() -> None:
    from scipy import special

    u = np.array([0.001, 0.05, 0.3, 0.5, 0.9, 0.999])
    for shape in (0.21, 0.5, 1.5, 6.5, 40.0):
        assert gamma_quantile(shape, u) == pytest.approx(special.gammaincinv(shape, u), rel=3e-5, abs=1e-9)


def test_poisson_counts_are_those_of_scipy() -> None:
    from scipy import stats

    u = np.linspace(0.0005, 0.9995, 400)
    for mean in (0.01, 0.4, 2.5):
        assert (poisson_count(np.full(400, mean), u, 9) == np.minimum(stats.poisson.ppf(u, mean), 9)).all()


def test_every_assumption_has_a_source_and_an_order() -> None:
    for a in assumptions().values():
        assert (
            a.low <= a.mid <= a.high and a.source and a.evidence_status in ("assumed", "derived", "estimated")
        ), a.id


def test_an_unknown_assumption_is_refused_with_the_nearest() -> None:
    with pytest.raises(UserError, match="bites"):
        assumptions({"bite": 1.0})


def test_drawn_measures_of_china_come_as_often_as_counted() -> None:
    """Expected number of measures on tungsten a year against the draws, at the mids of the assumptions."""
    w, rates = world(BUNDLED, "tungsten"), base_rates(BUNDLED)
    layout = layout_of(w, rates, 1)
    fixed = assumptions({k: a.mid for k, a in assumptions().items()})
    n = 6000
    drawn = futures(w, layout, rates, fixed, plain_points(layout, "tungsten", 1, 3, range(n)))
    seen = sum(h.kind == "measure" and h.origin == "CHN" for f in drawn.happenings for h in f) / n
    china, ends = rates.governments["CHN"], fixed["contest-ends"].mid
    packages = ends * china.rate(0) + (1 - ends) * china.rate(1)
    expected = packages * float(np.mean(china.sizes)) / china.basket * fixed["bites"].mid
    assert seen == pytest.approx(expected, abs=4 * (expected / n) ** 0.5)


def test_one_package_hits_several_minerals_on_one_day() -> None:
    """Draws with both minerals restricted by China from the same moment: only one package can do that."""
    rates, n = base_rates(BUNDLED), 4000
    fixed = assumptions({k: a.mid for k, a in assumptions().items()})
    starts = []
    for mineral in ("tungsten", "tin"):
        w = world(BUNDLED, mineral)
        layout = layout_of(w, rates, 1)
        drawn = futures(w, layout, rates, fixed, plain_points(layout, mineral, 1, 1, range(n)))
        starts.append(
            [{h.start for h in f if h.kind == "measure" and h.origin == "CHN"} for f in drawn.happenings]
        )
    together = sum(len(a & b) for a, b in zip(*starts, strict=True))
    china, ends = rates.governments["CHN"], fixed["contest-ends"].mid
    packages = n * (ends * china.rate(0) + (1 - ends) * china.rate(1))
    both = float(np.mean((np.array(china.sizes) / china.basket) ** 2)) * fixed["bites"].mid ** 2
    assert together == pytest.approx(packages * both, abs=4 * (packages * both) ** 0.5)


def test_seed_nought_is_a_seed_of_its_own() -> None:
    from crosscut.studies.stress.request import Sampling
    from crosscut.studies.stress.study import job_of
    from crosscut.worlds.node import nodes_for

    w = world(BUNDLED, "tin")
    job = job_of(BUNDLED, w, nodes_for(w, "USA"), Sampling(seed=1))
    numbers = range(40)
    one, nought, again = (chunk_solver(replace(job, seed=s))(numbers)["usd"] for s in (1, 0, 0))
    assert np.array_equal(nought, again)
    assert not np.array_equal(one, nought)


def test_quasi_random_chunks_join_to_one_sequence() -> None:
    w = world(BUNDLED, "tin")
    layout = layout_of(w, base_rates(BUNDLED), 1)
    whole = quasi_points(layout, "tin", 4, 5, range(64))
    parts = [quasi_points(layout, "tin", 4, 5, r) for r in (range(40), range(40, 64))]
    for block in ("common", "own", "scores", "behaviour"):
        assert np.array_equal(whole.block(block), np.concatenate([p.block(block) for p in parts]))
    # Every slot is stratified: 64 points, one in each 64th.
    assert (np.sort((whole.own * 64).astype(int), axis=0) == np.arange(64)[:, None]).all()


def test_quasi_random_runs_have_no_sampling_interval() -> None:
    from crosscut.app import api

    rows = api.stress("tin", "Malaysia", draws=64, sampler="quasi")["tables"]["stress_summary"]["rows"]
    assert all(r["low"] is None for r in rows) and rows[0]["value"] is not None
