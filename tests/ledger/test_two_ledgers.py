"""Two ledgers in one process do not see each other: ledger.store.ledger, worlds, studies.stress.ranking."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crosscut.app import api
from crosscut.app.opening import open_context
from crosscut.base.errors import UserError
from crosscut.ledger.ask.resolve_conflicts import picked_facts
from crosscut.ledger.reference.data_versions import DataVersions
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import rows
from crosscut.studies.context import Context
from crosscut.studies.stress.request import RankingRequest, RankingSampling
from crosscut.worlds import world
from tests.ledger.test_overlay import correction, workspace
from tests.ledgers import BUNDLED, IN_THIS_PROCESS


def mined(ledger: Ledger, country: str = "RWA") -> float | None:
    return picked_facts(ledger, "tungsten", "mine production", "2024")[country].value


@pytest.fixture
def low(tmp_path: Path) -> Ledger:
    return Ledger.opened(workspace(tmp_path / "low", correction("RWA", "1250")))


@pytest.fixture
def high(tmp_path: Path) -> Ledger:
    return Ledger.opened(workspace(tmp_path / "high", correction("RWA", "1350")))


def test_two_workspaces_in_turns_each_read_their_own(low: Ledger, high: Ledger) -> None:
    for _ in range(2):
        assert [mined(x) for x in (low, high, BUNDLED)] == [1250.0, 1350.0, 1300.0]
        assert len({world(x, "tungsten").hash for x in (low, high, BUNDLED)}) == 3
    assert mined(low.forcing([])) == 1250.0


def test_threads_read_the_ledger_they_are_given(low: Ledger, high: Ledger) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda x: (mined(x), world(x, "tungsten").hash), [low, high] * 8))
    assert set(found[::2]) == {(1250.0, world(low, "tungsten").hash)}
    assert set(found[1::2]) == {(1350.0, world(high, "tungsten").hash)}


def test_a_fact_forced_in_one_ledger_is_not_in_another() -> None:
    conflict = picked_facts(BUNDLED, "tungsten", "mine production", "2024")["VNM"]
    other = next(f for f in conflict.others if f.value != conflict.value)
    forced = BUNDLED.forcing([other.id])
    assert (mined(forced, "VNM"), mined(BUNDLED, "VNM")) == (other.value, conflict.value)
    assert not forced.plain
    assert BUNDLED.plain


def test_another_process_opens_the_same_ledger(low: Ledger) -> None:
    forced = low.forcing(["F"])
    again = pickle.loads(pickle.dumps(forced))
    assert (again.store.key, again.forced, again.workspace) == (low.store.key, ("F",), low.workspace)
    assert len(pickle.dumps(low)) < 1000
    assert rows(again.forcing([]), "tungsten/production") == rows(low, "tungsten/production")


def test_a_workspace_that_changes_before_a_worker_opens_it_is_refused(low: Ledger) -> None:
    handed = pickle.dumps(low)
    assert low.workspace is not None
    workspace(low.workspace, correction("RWA", "1260"))
    with pytest.raises(UserError, match="changed while it was read"):
        pickle.loads(handed)


def test_a_ranking_with_a_workspace_uses_processes_and_gives_the_same_numbers(
    low: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crosscut.base import parallel
    from crosscut.studies.stress import ranking
    from crosscut.worlds import minerals_with_worlds

    monkeypatch.setattr(ranking, "minerals_with_worlds", lambda: dict.fromkeys(("tungsten", "tin"), ""))
    assert {"tungsten", "tin"} <= set(minerals_with_worlds())
    begun = []
    pool = parallel.ProcessPoolExecutor
    monkeypatch.setattr(parallel, "ProcessPoolExecutor", lambda *a, **k: begun.append(a) or pool(*a, **k))
    asked = RankingRequest(country="USA", sampling=RankingSampling(draws=4))
    by = [Context("processes", workers, ledger=low) for workers in (1, 2)]
    alone, shared = (ranking.ranking(asked, context)["tables"] for context in by)
    assert len(begun) == 1
    assert alone == shared
    assert alone != ranking.ranking(asked, IN_THIS_PROCESS)["tables"]


def test_versions_that_were_looked_up_go_with_a_ledger(tmp_path: Path) -> None:
    data = DataVersions(tmp_path, {})
    assert data.in_use("trade") is not None
    assert pickle.loads(pickle.dumps(data)).choices["baci"] == "bundled"


def test_two_contexts_in_one_process_answer_from_their_own_workspace(tmp_path: Path) -> None:
    folders = [workspace(tmp_path / v, correction("RWA", v)) for v in ("1250", "1350")]
    contexts = [open_context(workspace=f) for f in folders] * 4
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda c: api.facts("tungsten", about="Rwanda", context=c), contexts))
    said = [{r["value"] for r in rows if r["attribute"] == "mine production"} for rows in found]
    assert all((1250.0 in v, 1350.0 in v) == (k % 2 == 0, k % 2 == 1) for k, v in enumerate(said))
    assert not {1250.0, 1350.0} & {r["value"] for r in api.facts("tungsten", about="Rwanda")}
