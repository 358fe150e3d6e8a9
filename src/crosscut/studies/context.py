"""The context of an answer: how and on what it is worked out, made by the entrance and handed down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from crosscut.base.machine import now
from crosscut.base.progress import Arriving, Progress

if TYPE_CHECKING:
    from crosscut.ledger.store.ledger import Ledger


@dataclass(frozen=True)
class DataInUse:
    """What a result says of the data it was solved on: one hash, and the version of every source."""

    version: str = ""
    sources: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Conditions:
    """Who solves, who is told how far it is, and which data the result names.

    `executor` and `workers` hold where a request says nothing of them; `progress(done, total)` is called as
    work is done, `arriving(file, bytes, of)` as a file arrives, `clock()` says what time it is. No number
    depends on any of them.
    """

    executor: str = "serial"
    workers: int = 1
    progress: Progress | None = None
    arriving: Arriving | None = None
    data: DataInUse = field(default_factory=DataInUse)
    clock: Callable[[], datetime] = now

    def many(self, workers: int | None) -> int:
        """The number of processes: of the request where it says one."""
        return self.workers if workers is None else workers

    def worked_by(self, workers: int | None) -> Self:
        """These conditions with the number of processes of the request where it says one."""
        return replace(self, workers=self.many(workers))


@dataclass(frozen=True)
class Context(Conditions):
    """Conditions, and the ledger that facts are read from."""

    ledger: Ledger = field(kw_only=True)


ALONE = Conditions()  # this process, and a result that names no data
