"""Ledger: the facts that are read, opened once by the entrance and handed down to whatever looks one up.

A ledger is the bundled facts, with a workspace laid over them where the user has one, with facts forced where
the user says so (`--fact ID`: every fact that states the same thing is then read with its value), and with
the versions of reference data (trade, production, governance) that are in use. It never changes; reading with
another workspace is another ledger. Two of them in one process do not see each other.

What is worked out from a ledger is remembered inside it (`per_ledger`), never in a module: a result depends
on the ledger it was given and on nothing that was read before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.store.compile_store import store_of
from crosscut.ledger.store.sqlite_store import FactStore

if TYPE_CHECKING:
    from crosscut.ledger.reference.data_versions import DataVersions

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Ledger:
    """Everything that a fact can be read from.

    Parameters
    ----------
    store
        Bundled facts with accepted releases and the workspace laid over them.
    data
        Which version of every reference dataset is read.
    workspace
        Where the user's own facts lie; None without any.
    forced
        Ids of forced facts in the order given; `ask.resolve_conflicts.forced_facts` says what may be.
    """

    store: FactStore
    data: DataVersions
    workspace: Path | None = None
    forced: tuple[str, ...] = ()
    _remembered: dict[object, object] = field(default_factory=dict, init=False, repr=False)

    @staticmethod
    def opened(workspace: str | Path | None = None, data: DataVersions | None = None) -> Ledger:
        """The bundled facts with a workspace laid over them.

        Parameters
        ----------
        workspace
            Folder of own facts; None reads the bundled ones alone.
        data
            Versions of reference data; None reads the bundled copies.

        Raises
        ------
        UserError
            With every broken line of the workspace.
        """
        from crosscut.ledger.reference.data_versions import DataVersions

        folder = None if workspace is None else Path(workspace)
        data = data or DataVersions()
        return Ledger(store_of(folder, data), data, folder)

    @staticmethod
    def bundled() -> Ledger:
        """What the package carries, and nothing of the user's.

        Examples
        --------
        >>> Ledger.bundled().forced, Ledger.bundled().workspace
        ((), None)
        """
        return _bundled()

    def forcing(self, ids: Sequence[str]) -> Ledger:
        """The same ledger with these facts forced. Ids are not checked here."""
        return Ledger(self.store, self.data, self.workspace, tuple(ids))

    @property
    def plain(self) -> bool:
        """Whether its facts are the bundled ones as they stand: no accepted release, no workspace, nothing
        forced."""
        return self.store.key == store_of(None).key and not self.forced

    def remembered(self, key: object, work: Callable[[], R]) -> R:
        """What `work` gives, done once for each key."""
        if key not in self._remembered:
            self._remembered[key] = work()
        return cast(R, self._remembered[key])

    def __reduce__(self) -> tuple[Callable[..., Ledger], tuple[Any, ...]]:
        """To another process goes what to open, not what was read."""
        return _opened_again, (self.store.key, self.workspace, self.data, self.forced)


@cache
def _bundled() -> Ledger:
    return Ledger.opened()


def _opened_again(key: str, workspace: Path | None, data: DataVersions, forced: tuple[str, ...]) -> Ledger:
    found = Ledger(store_of(workspace, data), data, workspace, forced)
    if found.store.key != key:
        raise UserError(
            Problem("changed while it was read", str(workspace), "a workspace left alone until the end")
        )
    return found


def per_ledger(function: Callable[Concatenate[Ledger, P], R]) -> Callable[Concatenate[Ledger, P], R]:
    """A function computed once for each ledger and each set of arguments; what it gives is kept in the
    ledger.

    Parameters
    ----------
    function : callable
        Takes a ledger first; its other arguments are hashable.

    Returns
    -------
    callable
        The same function, which remembers. The ledger is given by position.
    """

    @wraps(function)
    def read(ledger: Ledger, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (function, args, tuple(sorted(kwargs.items())))
        return ledger.remembered(key, lambda: function(ledger, *args, **kwargs))

    return read
