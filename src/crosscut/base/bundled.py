"""Bundled: the figures, files and schemas that the package carries, all under `crosscut/data`.

Tests: tests/test_package.py, tests/ledger/test_ledger_tables.py
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def bundled_file(*path: str) -> Traversable:
    """A bundled file or folder by its path under `crosscut/data`.

    Parameters
    ----------
    *path : str
        Names of the folders and of the file.

    Returns
    -------
    Traversable
        It need not exist.

    Examples
    --------
    >>> bundled_file("worlds", "grades.csv").is_file()
    True
    """
    return files("crosscut").joinpath("data", *path)


def bundled_text(*path: str) -> str:
    """The text of a bundled file.

    Parameters
    ----------
    *path : str
        Names of the folders and of the file.

    Returns
    -------
    str
        Read as UTF-8.

    Examples
    --------
    >>> bundled_text("geography", "places.csv").partition(",")[0]
    'code'
    """
    return bundled_file(*path).read_text(encoding="utf-8")
