"""Presentation: how a document reaches what shows it.

`results` lies below `output` and may not import it, yet a user who holds a document wants to save, draw and
show it. So the entrances (`crosscut.app`) say once who does that, and a document asks here. No number depends
on it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from crosscut.results.document import Document


class Presentation(Protocol):
    """What `crosscut.output` can do with a document."""

    def save(self, document: Document, folder: str | Path) -> list[Path]:
        """Writes result.json, the tables and the page; returns the paths."""
        ...

    def plot(self, document: Document, table: str | None) -> Any:
        """A figure of the document."""
        ...

    def summary_html(self, document: Document) -> str:
        """A short summary for a notebook."""
        ...


_known: list[Callable[[], Presentation]] = []


def present_with(load: Callable[[], Presentation]) -> None:
    """Say who shows documents; the last one said counts.

    Parameters
    ----------
    load : callable
        Takes nothing, gives the `Presentation`; called each time a document is shown, not before.
    """
    _known[:] = [load]


def presentation() -> Presentation:
    """Find who shows documents.

    Returns
    -------
    Presentation
        What the loader given to `present_with` gives.

    Raises
    ------
    RuntimeError
        Neither `crosscut.app` nor a public call of `crosscut` was imported yet.
    """
    if not _known:
        raise RuntimeError("nothing that shows documents is loaded: import crosscut.app first")
    return _known[0]()
