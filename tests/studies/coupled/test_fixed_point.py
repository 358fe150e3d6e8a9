"""A project in the market: what it does to the price it sees, and that the loop closes."""

import numpy as np
import pytest

from crosscut.base.errors import UserError
from crosscut.finance.mine.schedule import schedule
from crosscut.inputs.outlook.loader import outlook
from crosscut.inputs.project.loader import project_source
from crosscut.studies.coupled import coupled, fixed_point
from crosscut.studies.coupled.tonnage import facility_of, offered, plan_of, with_ore
from crosscut.studies.outlook.cases import PLANS, WITHOUT
from crosscut.studies.outlook.ensemble import solved_outlook
from crosscut.studies.outlook.nodes import outlook_on_world
from crosscut.studies.project.build import project_of
from crosscut.worlds import world
from tests.ledgers import BUNDLED, IN_THIS_PROCESS

SOURCE = project_source(BUNDLED, "north-katpar")
YEARS = range(2024, 2041)


class Linear:
    """A market by hand: price = top - slope x tonnes, in every future times its own factor; all is taken."""

    top, slope, factors, count = 400.0, 0.02, np.linspace(0.8, 1.2, 8), 0

    def __init__(self, *_):
        self.years, self.base = YEARS, 2026

    def known(self, _):
        return None

    def solved(self, entry, part, *_):
        type(self).count += 1
        tonnes = np.zeros(len(YEARS))
        for k, share in enumerate(entry.ramp):
            y = int(entry.start.mid) + k
            if y in YEARS and y < entry.end:
                tonnes[y - YEARS.start] = entry.output.mid * share
        return tonnes

    def price(self, tonnes, case=PLANS):
        there = tonnes if case == PLANS else 0.0 * tonnes
        return np.maximum(self.top - self.slope * there, 20.0)[:, None] * self.factors

    def sold(self, tonnes, _):
        return np.repeat(tonnes[:, None], 8, axis=1) * 1.030928

    def about(self, *_):
        return "by hand"


def solved(monkeypatch, **settings):
    market = type("Market", (Linear,), settings)
    monkeypatch.setattr(fixed_point, "_Market", market)
    return coupled(IN_THIS_PROCESS, SOURCE, "kazakhstan", draws=8)


def test_a_project_sees_the_price_that_its_tonnes_leave(monkeypatch):
    """By hand: 3 Mt x 0.199 % x 65 % x 97 % x 0.793 = 2,985 t take 0.02 x 2,985 = 60 off 400."""
    found = solved(monkeypatch)
    last = found.steps[-1]
    at = 2035 - YEARS.start
    assert last.planned[at] == pytest.approx(2984.9, abs=0.1)
    assert last.price[at] == pytest.approx(400 - 0.02 * last.planned[at])
    assert last.without[at] == 400
    assert found.converged
    assert found.source is SOURCE  # it runs in every future, so that its schedule stands
    assert found.prices.values[at].mean() > 0


def test_a_project_whose_own_tonnes_sink_the_price_settles_between_running_and_standing_still(monkeypatch):
    """Alone the price pays, with all of its tonnes it would not: it runs in some futures, and the loop
    closes on that."""
    found = solved(monkeypatch, slope=0.11)
    last = found.steps[-1]
    at = 2035 - YEARS.start
    assert found.converged, [s.residual for s in found.steps]
    assert 0.05 * 2985 < last.planned[at] < 0.95 * 2985
    assert last.price[at] == pytest.approx(400 - 0.11 * last.planned[at])
    assert found.source is not SOURCE
    s = schedule(project_of(found.source))
    assert s.milled.sum() <= 49.8e6 * (1 + 1e-9)


def test_what_never_pays_never_runs(monkeypatch):
    found = solved(monkeypatch, top=60.0, slope=0.0)
    assert max(found.steps[-1].planned) == 0
    assert "it sells nothing" in found.said()


def test_a_project_whose_offer_does_not_change_is_solved_once(monkeypatch):
    """It runs in every future and all is taken: the market of the next step is the one just solved."""
    market = type("Market", (Linear,), {})
    monkeypatch.setattr(fixed_point, "_Market", market)
    found = coupled(IN_THIS_PROCESS, SOURCE, "kazakhstan", draws=8)
    assert market.count == 1 and found.steps[-1].residual == 0.0 and len(found.steps) == 2
    market.count = 0
    coupled(IN_THIS_PROCESS, SOURCE, "kazakhstan", draws=fixed_point.FEW + 8)
    assert market.count == 2  # the futures that were not searched on


def test_some_cases_and_futures_of_an_outlook_are_what_they_are_among_all():
    o = outlook_on_world(outlook("kazakhstan"), world(BUNDLED, "tungsten", 2024))
    years = range(2024, 2027)
    all_ = solved_outlook(IN_THIS_PROCESS, o, years, 1, 3)
    some = solved_outlook(IN_THIS_PROCESS, o, years, 1, 3, only=(PLANS, WITHOUT), part=range(1, 3))
    assert set(some.labels) == {PLANS, WITHOUT}
    for case in (PLANS, WITHOUT):
        assert some.labels[case] == all_.labels[case]
        np.testing.assert_allclose(some.values[case], all_.values[case][1:], rtol=1e-8, atol=1e-9)


def test_what_did_not_settle_is_said(monkeypatch):
    monkeypatch.setattr(fixed_point, "MOST_STEPS", 2)
    found = solved(monkeypatch, slope=0.11)
    assert not found.converged
    assert "did NOT settle" in found.said()


def test_ore_that_is_not_sold_now_is_sold_later():
    plan = plan_of(SOURCE)
    n = len(plan.years)
    can, milled = offered(plan, np.ones(n), np.ones(n))
    np.testing.assert_allclose(milled, plan.ore, atol=1.0)
    can, milled = offered(plan, np.ones(n), np.full(n, 0.8))
    assert milled[10] == pytest.approx(0.8 * plan.ore[10])
    assert milled.sum() == pytest.approx(plan.ore.sum())
    later = schedule(project_of(with_ore(SOURCE, plan, milled)))
    assert later.milled.sum() == pytest.approx(plan.ore.sum(), rel=1e-6)
    assert later.last[0] > schedule(project_of(SOURCE)).last[0]
    entry = facility_of(SOURCE, plan, can, None)
    assert entry.output.mid == pytest.approx(can.max())
    assert entry.probability == 1.0


def test_an_outlook_solved_with_the_project_in_it():
    found = coupled(IN_THIS_PROCESS, SOURCE, "kazakhstan", draws=1, to=2031)
    last = found.steps[-1]
    assert found.converged
    assert last.planned[-2:] == pytest.approx(
        (238.8, 895.5), rel=0.01
    )  # 0.3 and 0.9 of 1.0 Mt, recovery growing in
    assert last.sold[-1] == pytest.approx(last.planned[-1], rel=0.1)
    assert last.price[-1] < last.without[-1]
    assert last.price[:6] == pytest.approx(last.without[:6], rel=1e-9)  # nothing before it opens
    assert {r["step"] for r in found.rows()} == set(range(len(found.steps)))


def test_ore_on_the_surface_is_milled_as_planned_and_that_is_said(monkeypatch):
    monkeypatch.setattr(fixed_point, "_Market", Linear)
    source = project_source(BUNDLED, "hemerdon")
    found = coupled(IN_THIS_PROCESS, source, "kazakhstan", draws=8)
    assert found.source is source
    assert "milled as planned" in found.said()
    assert max(found.steps[-1].planned) > 1000


def test_a_mine_that_runs_is_counted_once(monkeypatch):
    """Boguty's two phases in the outlook give way to the project from 2026 on; before, the outlook's own
    stays."""
    seen = []

    def stop(_context, o, *_, **__):
        seen.extend(o.file.facilities)
        raise UserError("enough seen")

    monkeypatch.setattr(fixed_point, "solved_outlook", stop)
    with pytest.raises(UserError, match="enough"):
        coupled(IN_THIS_PROCESS, project_source(BUNDLED, "boguty"), "kazakhstan", draws=1)
    mine = {f.id: f for f in seen if f.id.startswith("boguty")}
    assert set(mine) == {"boguty", "boguty-until-2026"}
    assert mine["boguty-until-2026"].end == 2026.0
    assert mine["boguty"].start.mid == 2026.0
    assert mine["boguty"].sells_first is not None  # buyers and owners as the outlook has them


def test_what_cannot_be_coupled_is_refused():
    with pytest.raises(UserError, match="unknown outlook"):
        coupled(IN_THIS_PROCESS, SOURCE, "kazakstan")
