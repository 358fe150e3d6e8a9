"""A data folder of its own for every test, and a downloader that does not dawdle."""

from pathlib import Path

import pytest

from crosscut.ledger.reference import data_versions as copies
from crosscut.ledger.reference.tables import trade_codes
from crosscut.ledger.sources.download import Manners

QUICK = Manners(gap=0.0, tries=4, first_wait=0.005, longest_wait=0.02, timeout=2.0)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The data folder; what a process reads is chosen anew for each test."""
    monkeypatch.setenv("CROSSCUT_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CROSSCUT_DATA_USE", raising=False)
    monkeypatch.delenv("COMTRADE_API_KEY", raising=False)
    choose_again()
    yield tmp_path / "data"
    choose_again()


def choose_again() -> None:
    """Lets the readers of this process look again which version is in use."""
    copies.in_use.cache_clear()
    trade_codes.cache_clear()
