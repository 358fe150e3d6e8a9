"""Connector: one source of figures behind one interface.

A connector knows where its owner publishes, how that is laid out and what must hold; it fetches through a
polite `Fetch` and turns the files into tidy tables. It writes nothing and knows nothing of versions:
`sources/pull` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.sources.download import Download
from crosscut.ledger.sources.owners.totals import Totals


class Fetch(Protocol):
    """Fetches a file into `folder`."""

    folder: Path

    def __call__(self, d: Download) -> Path:
        """The file, whole."""
        ...


@dataclass(frozen=True)
class Imported:
    """What a connector makes of the files: a frame for every dataset, and the totals as the files had them.

    `tables` may hold helper tables (code lists) beside datasets. `before` was added up from the files by
    another path than the frames. `notes` are for the user: what was set aside, what the owner's own totals
    disagree with.
    """

    release: str
    tables: Mapping[str, pl.DataFrame]
    before: Mapping[str, Totals]
    notes: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


class Connector(Protocol):
    """A source: who owns it, on which terms, where it is, how it is laid out, and how to read it."""

    @property
    def id(self) -> str:
        """Short name, as typed after `crosscut data pull`."""
        ...

    @property
    def title(self) -> str:
        """What it is, and whose."""
        ...

    @property
    def licence(self) -> str:
        """On which terms the figures may be used."""
        ...

    @property
    def page(self) -> str:
        """The owner's page on it."""
        ...

    @property
    def address(self) -> str:
        """The official address the files are fetched from."""
        ...

    @property
    def format(self) -> str:
        """How the files are laid out, in one sentence."""
        ...

    @property
    def datasets(self) -> tuple[str, ...]:
        """Ids of the datasets it provides."""
        ...

    def fetched(self, fetch: Fetch) -> list[Path]:
        """The files, each fetched with `fetch`."""
        ...

    def parsed(self, files: Sequence[Path]) -> Imported:
        """The files as tidy tables. UserError, with file, line and field, for what is not as documented."""
        ...


@dataclass(frozen=True)
class Options:
    """What a user may say about a pull: a release, HS codes, years."""

    release: str = ""
    codes: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


def checked_codes(codes: Sequence[str]) -> tuple[str, ...]:
    """HS codes of six digits, without dots; UserError for anything else."""
    plain = tuple(dict.fromkeys(c.replace(".", "").strip() for c in codes))
    bad = [c for c in codes if not re.fullmatch(r"[0-9]{6}", c.replace(".", "").strip())]
    if bad:
        raise UserError([Problem(f"{c!r} is no HS code", "--codes", "six digits, e.g. 261100") for c in bad])
    return plain


def latest_year() -> int:
    """No figure may be from a later year than this one."""
    from crosscut.base.machine import today

    now: date = today()
    return now.year
