"""Pull: staged, checked, accepted, reverted; killed at any moment, twice at once, tampered with, without a
network."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.base.errors import UserError
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.reference.tables import political_stability, trade, trade_codes
from crosscut.ledger.sources.connector import Imported, Options
from crosscut.ledger.sources.lock import locked
from crosscut.ledger.sources.owners.baci import Baci
from crosscut.ledger.sources.owners.totals import Adder, check_totals, totals_of
from crosscut.ledger.sources.pull import accept, check_version, pull, revert
from crosscut.ledger.sources.registry import SOURCES, connector
from crosscut.ledger.sources.status import dataset_status, source_status
from crosscut.ledger.sources.transport import Offline
from tests.ledger.sources import samples
from tests.ledger.sources.conftest import QUICK
from tests.ledger.sources.server import Served, drop_after, held, running, status
from tests.ledgers import data_here, here
from tests.paths import ROOT

CODES = ("261100", "810110")
BUNDLED = "e259a2e33b20a0ad276b7cd37529ce9643125282065fed9d3fcf64b170fddac5"


def zip_file(tmp_path, rows=None, name="b.zip", release="202601"):
    path = tmp_path / name
    path.write_bytes(samples.baci_zip(samples.trade_sample() if rows is None else rows, release))
    return path


def test_nothing_is_used_before_it_is_accepted(tmp_path, folder):
    bundled = trade(here(), "261100", 2024)
    version = pull(data_here(), Baci(CODES), [zip_file(tmp_path, samples.trade_sample()[:50])])
    assert trade(here(), "261100", 2024).equals(bundled)
    assert data_here().version() == BUNDLED
    assert accept(data_here(), "baci") == version
    assert trade(here(), "261100").height == 50
    assert set(trade_codes(here())) <= set(CODES)
    assert data_here().version() != BUNDLED
    assert {d["dataset"]: d["source"] for d in data_here().sources()} == {
        "production": "bundled",
        "trade": "baci",
    }
    assert revert(data_here(), "baci") is None
    assert trade(here(), "261100", 2024).equals(bundled)
    assert data_here().version() == BUNDLED


def test_a_ledger_keeps_reading_what_it_began_with(tmp_path):
    mine = here()
    before = trade(mine, "261100", 2024)
    pull(data_here(), Baci(CODES), [zip_file(tmp_path, samples.trade_sample()[:50])])
    accept(data_here(), "baci")
    assert trade(mine, "261100", 2024).equals(before)
    assert not trade(here(), "261100", 2024).equals(before)


def test_the_same_files_give_the_same_version(tmp_path):
    a = pull(data_here(), Baci(CODES), [zip_file(tmp_path)])
    b = pull(data_here(), Baci(CODES), [zip_file(tmp_path)])
    assert a == b
    assert data_here().versions("baci") == [a]


def test_revert_goes_back_one_version_at_a_time(tmp_path):
    first = pull(data_here(), Baci(CODES), [zip_file(tmp_path)])
    accept(data_here(), "baci")
    second = pull(data_here(), Baci(CODES), [zip_file(tmp_path, samples.trade_sample()[1:])])
    accept(data_here(), "baci")
    assert (data_here().current_version("baci"), first != second) == (second, True)
    assert revert(data_here(), "baci") == first
    assert revert(data_here(), "baci") is None
    with pytest.raises(UserError, match="bundled figures are in use already"):
        revert(data_here(), "baci")


def test_the_choice_of_data_for_one_process(tmp_path, monkeypatch):
    bundled = trade(here(), "261100", 2024)
    version = pull(data_here(), Baci(CODES), [zip_file(tmp_path, samples.trade_sample()[:50])])
    monkeypatch.setenv("CROSSCUT_DATA_USE", "baci=staged")
    assert trade(here(), "261100").height == 50
    accept(data_here(), "baci")
    monkeypatch.setenv("CROSSCUT_DATA_USE", "bundled")
    assert trade(here(), "261100", 2024).equals(bundled)
    monkeypatch.setenv("CROSSCUT_DATA_USE", f"baci={version}")
    assert trade(here(), "261100").height == 50
    for wrong, says in (
        ("baci=nosuch", "version nosuch is not in the data folder"),
        ("bacci=staged", "[Dd]id you mean 'baci'"),
        ("baci=staged", "nothing is staged"),
    ):
        monkeypatch.setenv("CROSSCUT_DATA_USE", wrong)
        with pytest.raises(UserError, match=says):
            trade(here(), "261100", 2024)


# Conservation


@pytest.mark.parametrize("seed", range(3))
def test_a_row_lost_on_the_way_is_noticed(tmp_path, monkeypatch, seed):
    """Mutation: the connector drops one row after it has added up its source; nothing is staged."""

    class Forgetful(Baci):
        def parsed(self, files):
            whole = super().parsed(files)
            frame = whole.tables["trade"]
            at = pl.Series(range(frame.height)).sample(1, seed=seed)[0]
            return Imported(
                whole.release,
                {**whole.tables, "trade": frame.filter(pl.int_range(pl.len()) != at)},
                whole.before,
            )

    with pytest.raises(UserError, match=r"in the source, .* after the import") as e:
        pull(data_here(), Forgetful(CODES), [zip_file(tmp_path)])
    told = str(e.value)
    assert all(g in told for g in ("hs92/year", "exporter/year", "importer/year"))
    assert data_here().versions("baci") == []
    assert data_here().staged_version("baci") is None


@pytest.mark.parametrize("seed", range(3))
def test_a_row_lost_in_the_store_is_noticed(tmp_path, seed):
    """Mutation: one row less in the Parquet file, with a manifest that was forged to fit."""
    version = pull(data_here(), Baci(CODES), [zip_file(tmp_path)])
    folder = data_here().version_folder("baci", version)
    frame = pl.read_parquet(folder / "trade.parquet")
    at = pl.Series(range(frame.height)).sample(1, seed=seed)[0]
    frame.filter(pl.int_range(pl.len()) != at).write_parquet(folder / "trade.parquet")
    with pytest.raises(UserError, match=r"trade.parquet is missing or damaged"):
        accept(data_here(), "baci")
    from crosscut.ledger.sources.download import file_hash

    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["tables"]["trade"]["sha256"] = file_hash(folder / "trade.parquet")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UserError, match=r"in the source, .* after the import"):
        accept(data_here(), "baci")
    assert data_here().current_version("baci") is None


@settings(max_examples=30)
@given(st.data())
def test_totals_by_two_paths_agree_and_any_change_parts_them(data):
    """Property: adding rows one by one in decimals gives the totals of the frame; any other row breaks
    them."""
    dataset = DATASETS["trade"]
    rows = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from(CODES),
                st.sampled_from([2023, 2024]),
                st.sampled_from([36, 156]),
                st.sampled_from([842, 392]),
                st.integers(0, 10**12),
                st.none() | st.integers(0, 10**13),
            ),
            min_size=1,
            max_size=8,
            unique_by=lambda r: r[:4],
        )
    )
    adder = Adder(dataset)
    for k, t, i, j, v, q in rows:
        adder.add(
            {"hs92": k, "year": t, "exporter": i, "importer": j},
            {"value_usd": Decimal(v), "quantity_kg": None if q is None else Decimal(q)},
        )
    frame = pl.DataFrame(
        rows,
        schema=["hs92", "year", "exporter", "importer", "value_usd", "quantity_kg"],
        orient="row",
        infer_schema_length=None,
    ).select([pl.col(c).cast(t) for c, t in dataset.schema.items()])
    check_totals(adder.totals(), totals_of(frame, dataset), dataset, "t")
    for wrong in (
        frame.head(frame.height - 1),
        pl.concat([frame, frame.head(1)]),
        frame.with_columns(pl.col("value_usd") + 1),
    ):
        with pytest.raises(UserError):
            check_totals(adder.totals(), totals_of(wrong, dataset), dataset, "t")


# Killed, twice, without a network, without room


def crosscut(*arguments, folder, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "crosscut", *arguments],
        env={**os.environ, "CROSSCUT_DATA": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        **more,
    )


def wait_for(path, seconds=20.0):
    until = time.monotonic() + seconds
    while not (path.exists() and path.stat().st_size):
        assert time.monotonic() < until, f"{path} never came"
        time.sleep(0.01)


def test_killed_in_the_middle_it_goes_on_and_the_old_figures_stay(tmp_path, folder):
    body = samples.baci_zip(samples.trade_sample(CODES, tuple(range(2010, 2025))))
    pull(data_here(), Baci(CODES), [zip_file(tmp_path)])
    old = accept(data_here(), "baci")
    go_on = threading.Event()
    with running({"/b.zip": Served(body, "application/zip", faults=[held(20_000, go_on)])}) as server:
        command = ("data", "pull", "baci", "--from", server.url + "/b.zip", "--codes", "261100,810110")
        process = crosscut(*command, folder=folder)
        wait_for(folder / "baci" / "downloads" / "BACI_HS92_V202601.zip.part")
        process.send_signal(signal.SIGKILL)
        process.communicate()
        go_on.set()
        part = (folder / "baci" / "downloads" / "BACI_HS92_V202601.zip.part").stat().st_size
        assert 0 < part < len(body)
        assert data_here().current_version("baci") == old
        check_version(data_here(), "baci", old)
        again = crosscut(*command, folder=folder)
        out, err = again.communicate(timeout=60)
        assert again.returncode == 0, err
        assert "staged" in out
        assert int(server.seen[-1][1]["Range"].removeprefix("bytes=").rstrip("-")) >= part
    assert data_here().current_version("baci") == old
    assert data_here().staged_version("baci") not in (None, old)


def test_killed_while_it_builds_it_leaves_no_half_version(tmp_path, folder):
    """The folder of a version that was being built is no version, and the next pull clears it away."""
    building = folder / "baci" / "versions" / ".building-1"
    building.mkdir(parents=True)
    (building / "trade.parquet").write_bytes(b"half")
    nameless = folder / "baci" / "versions" / "0123456789abcdef"
    nameless.mkdir()
    (nameless / "trade.parquet").write_bytes(b"half")
    assert data_here().versions("baci") == []
    version = pull(data_here(), Baci(CODES), [zip_file(tmp_path)])
    assert data_here().versions("baci") == [version]
    assert not building.exists()


@pytest.mark.parametrize("moment", ["before the manifest", "before the rename", "before the pointer"])
def test_stopped_at_any_step_of_the_writing(tmp_path, folder, monkeypatch, moment):
    pull(data_here(), Baci(CODES), [zip_file(tmp_path)])
    old = accept(data_here(), "baci")
    module = "crosscut.ledger.sources.pull"

    def stop(*a, **k):
        raise KeyboardInterrupt

    monkeypatch.setattr(
        *{
            "before the manifest": (f"{module}.hashlib.sha256", stop),
            "before the rename": (f"{module}.os.replace", stop),
            "before the pointer": (f"{module}._pointed", stop),
        }[moment]
    )
    with pytest.raises(KeyboardInterrupt):
        pull(data_here(), Baci(CODES), [zip_file(tmp_path, samples.trade_sample()[5:])])
    monkeypatch.undo()
    monkeypatch.setenv("CROSSCUT_DATA", str(folder))
    assert data_here().current_version("baci") == old
    assert data_here().staged_version("baci") is None
    check_version(data_here(), "baci", old)
    assert not list((folder / "baci" / "versions").glob(".building*"))
    assert pull(data_here(), Baci(CODES), [zip_file(tmp_path, samples.trade_sample()[5:])]) != old


def test_two_pulls_at_once(tmp_path, folder):
    body = samples.baci_zip(samples.trade_sample())
    go_on = threading.Event()
    with running({"/b.zip": Served(body, "application/zip", faults=[held(512, go_on)])}) as server:
        command = ("data", "pull", "baci", "--from", server.url + "/b.zip", "--codes", "261100,810110")
        first = crosscut(*command, folder=folder)
        wait_for(folder / "baci" / "downloads" / "BACI_HS92_V202601.zip.part")
        second = crosscut(*command, folder=folder)
        _, err = second.communicate(timeout=60)
        go_on.set()
        assert second.returncode == 2
        assert f"another process ({first.pid}) is at it" in err
        _, err = first.communicate(timeout=60)
        assert first.returncode == 0, err
    assert data_here().staged_version("baci")


def test_the_lock_goes_with_its_holder(tmp_path):
    with (
        locked(tmp_path / "l", "x"),
        pytest.raises(UserError, match=f"another process \\({os.getpid()}\\)"),
        locked(tmp_path / "l", "x"),
    ):
        pass
    with locked(tmp_path / "l", "x"):
        pass


def test_without_a_network_it_says_what_stays_and_how_old_that_is(folder):
    with pytest.raises(Offline) as e:
        pull(data_here(), connector("wgi", address="http://127.0.0.1:9/v2"), manners=QUICK)
    first, second = map(str, e.value.problems)
    assert "no connection to 127.0.0.1:9" in first
    assert second.startswith("governance: figures to 2024 (bundled) stay in use, ")
    row = source_status(data_here(), "wgi")[0]
    assert "no connection" in row["last_error"]
    assert row["last_good_utc"] is None
    assert not political_stability(here(), 2024).is_empty()


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CROSSCUT_DATA", str(tmp_path / "file"))
    assert trade(here(), "261100", 2024).height  # reading needs no folder
    with pytest.raises(UserError, match=r"cannot be written .*CROSSCUT_DATA"):
        pull(data_here(), Baci(CODES), [zip_file(tmp_path)])


def test_damaged_accepted_figures_are_told_not_replaced_in_silence(tmp_path):
    pull(data_here(), Baci(CODES), [zip_file(tmp_path)])
    version = accept(data_here(), "baci")
    table = data_here().version_folder("baci", version) / "trade.parquet"
    table.write_bytes(table.read_bytes()[:-10])
    with pytest.raises(UserError, match=r"missing or damaged.*crosscut data revert baci"):
        trade(here(), "261100", 2024)
    (data_here().folder / "baci" / "current.json").write_text("{")
    with pytest.raises(UserError, match=r"current.json: cannot be read"):
        trade(here(), "261100", 2024)


# Every source, over the wire


@pytest.fixture
def owners(tmp_path):
    """A server with every source as its owner documents it, each request met with one mishap first."""
    served = {"/b.zip": Served(samples.baci_zip(samples.trade_sample()), "application/zip")}
    for n, page in enumerate(samples.wgi_pages(samples.governance_sample()), 1):
        query = f"source=3&format=json&per_page=1000&page={n}"
        served[f"/v2/country/all/indicator/GOV_WGI_PV.EST?{query}"] = Served(
            page, "application/json", gzipped=n % 2 == 1
        )
    release = samples.mcs_csv()
    import hashlib

    entry = {
        "title": "MCS",
        "files": [
            {
                "name": "MCS2026_Commodities_Data.csv",
                "url": "/catalog/file/get/x?f=1",
                "size": len(release),
                "checksum": {"type": "MD5", "value": hashlib.md5(release).hexdigest()},
            }
        ],
    }
    served["/catalog/item/x"] = Served(json.dumps(entry).encode(), "application/json")
    served["/catalog/file/get/x?f=1"] = Served(release, "text/csv")
    served["/c"] = Served(samples.comtrade_answer(2023), "application/json", etag=False)
    served["/w.xlsx"] = Served(samples.wmd_workbook(tmp_path / "owner.xlsx").read_bytes())
    mishaps = [drop_after(700), status(429, Retry_After="0"), status(500)]
    for n, s in enumerate(served.values()):
        s.faults = [mishaps[n % 3]]
    with running(served) as server:
        yield server


ADDRESSES = {
    "baci": "/b.zip",
    "wgi": "/v2",
    "usgs-mcs": "/catalog/item/x?format=json",
    "world-mining-data": "/w.xlsx",
    "comtrade": "/c",
}


@pytest.mark.parametrize("source", sorted(ADDRESSES))
def test_every_source_is_pulled_accepted_and_checked(owners, source, monkeypatch):
    monkeypatch.setenv("COMTRADE_API_KEY", "a-key-of-my-own")
    options = Options(years=(2023,)) if source == "comtrade" else Options()
    built = connector(source, options, owners.url + ADDRESSES[source])
    version = pull(data_here(), built, manners=replace(QUICK, tries=6))
    assert accept(data_here(), source) == version
    row = source_status(data_here(), source, check=True)[0]
    assert (row["checked"], row["in_use"], row["age_days"], row["last_error"]) == ("whole", version, 0, None)
    for name in built.datasets:
        used = data_here().in_use(name)
        assert (used.source, used.version) == (source, version)
        frame = pl.read_parquet(data_here().table_path(name))
        assert dict(frame.schema) == dict(DATASETS[name].schema)
    text = "".join(p.read_text("utf-8", "replace") for p in data_here().folder.rglob("*.json"))
    assert "a-key-of-my-own" not in text


def test_a_wrong_checksum_in_the_catalogue_is_refused(owners):
    entry = owners.served["/catalog/item/x"]
    entry.body = entry.body.replace(b'"value": "', b'"value": "f')
    with pytest.raises(UserError, match=r"md5 is .* the owner publishes f"):
        pull(data_here(), connector("usgs-mcs", address=owners.url + ADDRESSES["usgs-mcs"]), manners=QUICK)
    assert data_here().staged_version("usgs-mcs") is None


def test_the_catalogue_may_not_lead_elsewhere(owners):
    entry = owners.served["/catalog/item/x"]
    entry.body = entry.body.replace(b'"/catalog', b'"http://elsewhere.example/catalog')
    with pytest.raises(UserError, match=r"leads to elsewhere.example"):
        pull(data_here(), connector("usgs-mcs", address=owners.url + ADDRESSES["usgs-mcs"]), manners=QUICK)


def test_pages_already_here_are_not_asked_again(owners):
    built = connector("wgi", address=owners.url + "/v2")
    third = next(s for path, s in owners.served.items() if path.endswith("page=3"))
    third.faults = [status(404)]
    with pytest.raises(UserError, match="nothing is there any more"):
        pull(data_here(), built, manners=replace(QUICK, tries=6))
    seen = len(owners.seen)
    pull(data_here(), built, manners=replace(QUICK, tries=6))
    pages = [path[-1] for path, _ in owners.seen[seen:]]
    assert set(pages).isdisjoint({"1", "2"})


def test_comtrade_needs_a_key_and_keeps_it_off_the_page(owners, monkeypatch):
    built = connector("comtrade", Options(years=(2023,)), owners.url + "/c")
    with pytest.raises(UserError, match="COMTRADE_API_KEY: no key"):
        pull(data_here(), built, manners=QUICK)
    monkeypatch.setenv("COMTRADE_API_KEY", "bad key\r\nX: y")
    with pytest.raises(UserError, match="is no key"):
        pull(data_here(), built, manners=QUICK)
    monkeypatch.setenv("COMTRADE_API_KEY", "a-key-of-my-own")
    owners.served["/c"].faults = [status(401)]
    with pytest.raises(UserError, match="the key is not accepted") as e:
        pull(data_here(), built, manners=QUICK)
    assert "a-key-of-my-own" not in str(e.value)


# Age


def test_stale_is_a_matter_of_the_owners_calendar():
    states = {r["dataset"]: r["state"] for r in dataset_status(data_here(), date(2026, 10, 31))}
    assert states["governance"] == states["trade"] == "newest expected"
    later = {
        r["dataset"]: (r["state"], r["stale_since"]) for r in dataset_status(data_here(), date(2027, 2, 1))
    }
    assert later["governance"] == ("stale", "2026-11-01")
    assert later["trade"] == ("stale", "2027-02-01")
    assert later["production"] == ("newest expected", None)
    assert later["summaries"][0] == "not here"


def test_bundled_figures_reach_as_far_as_declared():
    from crosscut.ledger.reference.tables import production_rows, trade_rows

    for name, years in (
        ("trade", trade_rows(here()).select("year").collect()["year"]),
        ("production", production_rows(here())["year"]),
        ("governance", political_stability(here())["year"]),
    ):
        assert DATASETS[name].bundled_through == years.max()


def test_every_connector_says_whose_it_is_and_on_which_terms():
    provided = set()
    for name in SOURCES:
        c = connector(name)
        assert c.id == name
        assert c.title
        assert c.licence
        assert c.page.startswith("https://")
        assert c.address.startswith("https://") or name == "geopolrisk"
        assert len(c.format) > 20
        assert all(name in DATASETS[d].providers for d in c.datasets)
        provided |= set(c.datasets)
    assert provided == set(DATASETS)


def test_options_that_mean_nothing_are_refused():
    with pytest.raises(UserError, match="--codes means nothing to wgi"):
        connector("wgi", Options(codes=("261100",)))
    with pytest.raises(UserError, match=r"'26.1' is no HS code"):
        connector("baci", Options(codes=("26.1",)))
    with pytest.raises(UserError, match="Did you mean 'baci'"):
        connector("baic")
    with pytest.raises(UserError, match="is no address"):
        connector("baci", address="ftp://x")


def test_sums_by_country_are_the_same_pulled_or_not(tmp_path):
    from crosscut.ledger.reference.tables import country_trade

    bundled = country_trade(here(), "CHN", CODES)
    pull(
        data_here(), Baci(CODES), [zip_file(tmp_path, samples.trade_sample(CODES, tuple(range(1995, 2025))))]
    )
    accept(data_here(), "baci")
    assert data_here().table_path("trade", "trade_by_country").is_file()
    key = ["side", "hs92", "year"]
    assert country_trade(here(), "CHN", CODES).sort(key).equals(bundled.sort(key))
    with pytest.raises(UserError, match="no trade data under code '250310'"):
        country_trade(here(), "CHN", "250310")
