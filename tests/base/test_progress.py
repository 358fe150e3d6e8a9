"""What somebody at a terminal sees of long work, and what a pipe gets: nothing."""

import io
import sys

import pytest

from crosscut.base import progress as module
from crosscut.base.parallel import chunks_of, do_missing, len_of_chunks
from crosscut.base.progress import Cancelled, arriving, counted
from crosscut.base.workers import WorkerPool


class Terminal(io.StringIO):
    def isatty(self):
        return True


def draws():
    return counted("draws")


@pytest.fixture
def shown(monkeypatch):
    """What is written of calls at given seconds after the start."""

    def run(begin, calls, stream):
        now = [100.0]
        monkeypatch.setattr(module, "monotonic", lambda: now[0])
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        with begin() as progress:
            for seconds, *given in calls:
                now[0] = 100.0 + seconds
                progress(*given)
        return stream.getvalue()

    return run


def test_a_count_appears_after_two_seconds_with_the_time_left(shown):
    out = shown(draws, [(1, 10, 1000), (30, 300, 1000)], Terminal())
    assert "draws" in out and "300/1,000, 70 s left" in out
    assert "10/1,000" not in out


def test_a_short_wait_has_no_number(shown):
    out = shown(draws, [(10, 900, 1000)], Terminal())
    assert "900/1,000" in out and "left" not in out


def test_quick_work_says_nothing(shown):
    assert shown(draws, [(1.9, 999, 1000)], Terminal()) == ""


def test_a_pipe_gets_nothing(shown):
    assert shown(draws, [(50, 1, 2)], io.StringIO()) == ""
    assert shown(arriving, [(50, "baci.zip", 1, 2)], io.StringIO()) == ""


def test_bytes_that_arrive(shown):
    out = shown(arriving, [(5, "baci.zip", 12_500_000, None)], Terminal())
    assert "baci.zip" in out and "12.5 MB" in out


class Kept(dict):
    """A store in memory."""

    def missing(self, chunks):
        return [c for c in chunks if c.start not in self]

    def add(self, chunk, result):
        self[chunk.start] = result


def test_work_that_is_cancelled_stops_and_goes_on_later():
    store, seen = Kept(), []

    def until_half(done, total):
        if done >= total / 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        do_missing(store, len_of_chunks, (), chunks_of(1000), WorkerPool(), progress=until_half)
    assert len(store) == 5
    do_missing(store, len_of_chunks, (), chunks_of(1000), WorkerPool(), progress=lambda *a: seen.append(a))
    assert len(store) == 10 and seen[0] == (500, 1000) and seen[-1] == (1000, 1000)
