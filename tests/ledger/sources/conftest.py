"""A data folder of its own for every test, and a downloader that does not dawdle."""

from pathlib import Path

import pytest

from crosscut.ledger.sources.transport import Manners

QUICK = Manners(gap=0.0, tries=4, first_wait=0.005, longest_wait=0.02, timeout=2.0)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The data folder; what is read is chosen anew by each ledger."""
    monkeypatch.setenv("CROSSCUT_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CROSSCUT_DATA_USE", raising=False)
    monkeypatch.delenv("COMTRADE_API_KEY", raising=False)
    return tmp_path / "data"
