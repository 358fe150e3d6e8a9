"""Download: whole or not at all, whatever the network and the server do."""

from __future__ import annotations

import hashlib
import json
import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.base.errors import UserError
from crosscut.ledger.sources.download import Download, Downloader
from crosscut.ledger.sources.transport import Offline, redirected
from tests.ledger.sources.conftest import QUICK
from tests.ledger.sources.server import Served, drop_after, running, slowly, status

BODY = random.Random(1).randbytes(300_000)
MD5 = "md5:" + hashlib.md5(BODY).hexdigest()


@pytest.fixture
def server():
    with running({"/f": Served(BODY)}) as s:
        yield s


def fetched(server, tmp_path, manners=QUICK, path="/f", **more):
    return Downloader(tmp_path, manners)(Download("f.bin", server.url + path, **more))


def left(tmp_path):
    return sorted(p.name for p in tmp_path.iterdir() if p.is_file())


def test_a_file_arrives_whole_with_its_hash_beside_it(server, tmp_path):
    path = fetched(server, tmp_path, checksum=MD5)
    assert path.read_bytes() == BODY
    memo = json.loads((tmp_path / "f.bin.json").read_text())
    assert memo["sha256"] == hashlib.sha256(BODY).hexdigest()
    assert left(tmp_path) == ["f.bin", "f.bin.json"]


def test_what_broke_off_goes_on_where_it_was(server, tmp_path):
    server.served["/f"].faults = [drop_after(100_000), drop_after(50_000), status(503)]
    assert fetched(server, tmp_path).read_bytes() == BODY
    assert [h.get("Range") for _, h in server.seen] == [
        None,
        "bytes=100000-",
        "bytes=150000-",
        "bytes=150000-",
    ]
    assert server.seen[1][1]["If-Range"] == server.seen[3][1]["If-Range"]


def test_another_process_goes_on_too(server, tmp_path):
    server.served["/f"].faults = [drop_after(100_000)] + [status(500)] * 4
    with pytest.raises(UserError, match=r"not fetched after .* tries: the server answers 500"):
        fetched(server, tmp_path)
    assert left(tmp_path) == ["f.bin.part", "f.bin.part.json"]
    assert fetched(server, tmp_path).read_bytes() == BODY
    assert server.seen[-1][1]["Range"] == "bytes=100000-"


def test_halves_of_two_releases_never_meet(server, tmp_path):
    server.served["/f"].faults = [drop_after(100_000)] + [status(500)] * 4
    with pytest.raises(UserError):
        fetched(server, tmp_path)
    server.served["/f"].body = BODY[::-1]
    assert fetched(server, tmp_path).read_bytes() == BODY[::-1]


def test_without_a_validator_nothing_is_joined(server, tmp_path):
    server.served["/f"].etag = False
    server.served["/f"].faults = [drop_after(100_000)]
    assert fetched(server, tmp_path).read_bytes() == BODY
    assert all("Range" not in h for _, h in server.seen)


def test_a_server_without_ranges_sends_it_all_again(server, tmp_path):
    server.served["/f"].ranges = False
    server.served["/f"].faults = [drop_after(100_000)]
    assert fetched(server, tmp_path).read_bytes() == BODY


def test_a_part_that_is_too_long_starts_over(server, tmp_path):
    server.served["/f"].faults = [drop_after(200_000)] + [status(500)] * 4
    with pytest.raises(UserError):
        fetched(server, tmp_path)
    (tmp_path / "f.bin.part").write_bytes(BODY + b"more")
    assert fetched(server, tmp_path).read_bytes() == BODY


def test_a_body_of_unknown_length_is_taken(server, tmp_path):
    server.served["/f"].length = False
    assert fetched(server, tmp_path).read_bytes() == BODY


@pytest.mark.parametrize(
    "after",
    ["0", format_datetime(datetime.now(UTC) + timedelta(seconds=-5), usegmt=True)],
    ids=["seconds", "date"],
)
def test_too_many_requests_are_waited_for(server, tmp_path, after):
    server.served["/f"].faults = [status(429, Retry_After=after)] * 2
    assert fetched(server, tmp_path).read_bytes() == BODY
    assert len(server.seen) == 3


def test_retry_after_is_obeyed(server, tmp_path, monkeypatch):
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    server.served["/f"].faults = [status(429, Retry_After="7")]
    fetched(server, tmp_path)
    assert 7.0 in slept
    server.served["/g"] = Served(BODY, faults=[status(429, Retry_After="7200")])
    with pytest.raises(UserError, match="asks to wait 7,200 s"):
        fetched(server, tmp_path, path="/g")


def test_waits_grow_and_are_shaken(server, tmp_path, monkeypatch):
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    server.served["/f"].faults = [status(500)] * 5
    fetched(server, tmp_path, replace(QUICK, tries=6, first_wait=1.0, longest_wait=6.0))
    assert len(slept) == 5
    for wait, most in zip(slept, (1, 2, 4, 6, 6), strict=True):
        assert most / 2 <= wait <= most


def test_requests_to_one_host_keep_their_distance(server, tmp_path):
    server.served["/g"] = Served(b"x")
    get = Downloader(tmp_path, replace(QUICK, gap=0.15))
    started = time.monotonic()
    get(Download("a", server.url + "/f"))
    get(Download("b", server.url + "/g"))
    assert time.monotonic() - started >= 0.15


def test_a_trickle_is_cut_off_and_goes_on(server, tmp_path):
    server.served["/f"].faults = [slowly(0.05, 10)]
    manners = replace(QUICK, slowest=10_000.0, slow_after=0.2)
    assert fetched(server, tmp_path, manners).read_bytes() == BODY
    assert server.seen[-1][1]["Range"].startswith("bytes=")


def test_silence_times_out(server, tmp_path):
    server.served["/f"].faults = [slowly(1.0, 100_000)]
    assert fetched(server, tmp_path, replace(QUICK, timeout=0.2)).read_bytes() == BODY


def test_a_wrong_checksum_is_never_kept(server, tmp_path):
    with pytest.raises(UserError, match=r"md5 is .*, the owner publishes 00"):
        fetched(server, tmp_path, checksum="md5:" + "0" * 32)
    assert "f.bin" not in left(tmp_path)
    assert len(server.seen) == QUICK.tries


def test_gzip_is_opened_and_bounded(server, tmp_path):
    server.served["/j"] = Served(b"[1]" * 1000, "application/json", gzipped=True)
    assert fetched(server, tmp_path, path="/j", compressible=True).read_bytes() == b"[1]" * 1000
    server.served["/bomb"] = Served(b"0" * 5_000_000, "application/json", gzipped=True)
    with pytest.raises(UserError, match="larger than"):
        fetched(server, tmp_path / "b", path="/bomb", compressible=True, largest=1_000_000)
    assert "f.bin" not in left(tmp_path / "b")


def test_a_file_beyond_its_size_is_refused(server, tmp_path):
    with pytest.raises(UserError, match="larger than"):
        fetched(server, tmp_path, largest=1000)
    server.served["/f"].length = False
    with pytest.raises(UserError, match="larger than"):
        fetched(server, tmp_path, largest=1000)
    assert not [n for n in left(tmp_path) if n in ("f.bin", "f.bin.part")]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (404, "nothing is there any more"),
        (410, "nothing is there any more"),
        (403, "access is refused"),
        (401, "access is refused"),
        (418, "the server answers 418"),
    ],
)
def test_refusals_are_not_asked_again(server, tmp_path, code, says):
    server.served["/f"].faults = [status(code)]
    with pytest.raises(UserError, match=says):
        fetched(server, tmp_path)
    assert len(server.seen) == 1


def test_a_web_page_is_not_data(server, tmp_path):
    server.served["/f"].kind = "text/html; charset=utf-8"
    with pytest.raises(UserError, match="a web page came back"):
        fetched(server, tmp_path)


def test_redirects_are_followed_and_keys_stay_at_home(server, tmp_path):
    with running({"/target": Served(BODY)}) as other:
        server.served["/f"].faults = [status(302, Location=other.url + "/target")]
        assert fetched(server, tmp_path, secrets={"Secret-Key": "hunter2hunter2"}).read_bytes() == BODY
        assert server.seen[0][1]["Secret-Key"] == "hunter2hunter2"
        assert "hunter2" not in str(other.seen)
    assert "hunter2" not in "".join(p.read_text("latin-1") for p in tmp_path.iterdir() if p.suffix == ".json")


def test_redirects_that_lead_nowhere(server, tmp_path):
    server.served["/f"].faults = [status(302, Location=server.url + "/f")] * 50
    with pytest.raises(UserError):
        fetched(server, tmp_path)
    server.served["/g"] = Served(b"", faults=[status(302, Location="file:///etc/passwd")])
    with pytest.raises(UserError):
        fetched(server, tmp_path, path="/g")


def test_a_redirect_from_https_to_http_is_refused():
    with pytest.raises(UserError, match="redirected to http://"):
        redirected("https://a.example/f", "http://a.example/f")


def test_nobody_there_is_offline_at_once(tmp_path):
    started = time.monotonic()
    with pytest.raises(Offline, match=r"no connection to 127.0.0.1:9"):
        Downloader(tmp_path, QUICK)(Download("f.bin", "http://127.0.0.1:9/f"))
    assert time.monotonic() - started < 2


def test_unchanged_files_are_not_sent_again(server, tmp_path):
    fetched(server, tmp_path)
    before = (tmp_path / "f.bin").stat().st_mtime_ns
    assert fetched(server, tmp_path).read_bytes() == BODY
    assert server.seen[-1][1]["If-None-Match"]
    assert (tmp_path / "f.bin").stat().st_mtime_ns == before


def test_an_unfinished_pull_keeps_its_files_without_asking(server, tmp_path):
    since = time.time()
    Downloader(tmp_path, QUICK, since=since)(Download("f.bin", server.url + "/f"))
    Downloader(tmp_path, QUICK, since=since)(Download("f.bin", server.url + "/f"))
    assert len(server.seen) == 1


def test_progress_is_told(server, tmp_path):
    told = []
    Downloader(tmp_path, QUICK, lambda *a: told.append(a))(Download("f.bin", server.url + "/f"))
    assert told[-1] == ("f.bin", len(BODY), len(BODY))


def test_addresses_and_names_that_are_none(tmp_path):
    with pytest.raises(UserError, match="is no web address"):
        Downloader(tmp_path, QUICK)(Download("f", "file:///etc/passwd"))
    with pytest.raises(ValueError, match="plain file name"):
        Downloader(tmp_path, QUICK)(Download("../f", "https://a.example/f"))


@settings(max_examples=15)
@given(
    st.lists(st.sampled_from(["drop 0", "drop 1", "drop 70000", "429", "500", "503"]), max_size=8),
    st.booleans(),
    st.booleans(),
)
def test_any_order_of_mishaps_ends_whole_or_in_words(tmp_path_factory, mishaps, etag, ranges):
    """Property: the file is exactly the owner's, or there is no file and one clear message."""
    tmp_path = tmp_path_factory.mktemp("d")
    faults = [drop_after(int(m[5:])) if m.startswith("drop") else status(int(m)) for m in mishaps]
    with running({"/f": Served(BODY, etag=etag, ranges=ranges, faults=faults)}) as server:
        try:
            assert fetched(server, tmp_path).read_bytes() == BODY
        except UserError as e:
            assert "not fetched after" in str(e)
            assert not (tmp_path / "f.bin").exists()
