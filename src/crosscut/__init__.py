"""Crosscut: a mineral's whole supply chain as a solved market, with a source behind every number.

Public names load on first use; importing the package reads no file and writes nothing. Every command has a
call of the same name in `crosscut.app.api`; those whose name is not also a subpackage are here too.

>>> import crosscut
>>> crosscut.world("tungsten", 2024).grade
'C'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from crosscut.base.version import __version__

if TYPE_CHECKING:
    from crosscut.app.api import (
        backtest,
        batch,
        compare,
        economy,
        exposure,
        forecast,
        minerals,
        outlook,
        project,
        read_result,
        run,
        score_forecast,
        stress,
        stress_part,
        validate,
        why,
        world,
    )
    from crosscut.base.errors import CrosscutError, Refused, UserError
    from crosscut.results import Document

#: where a name comes from that is no call
_HOMES = {
    "CrosscutError": "crosscut.base.errors",
    "Document": "crosscut.results",
    "Refused": "crosscut.base.errors",
    "UserError": "crosscut.base.errors",
}

__all__ = [
    "CrosscutError",
    "Document",
    "Refused",
    "UserError",
    "__version__",
    "backtest",
    "batch",
    "compare",
    "economy",
    "exposure",
    "forecast",
    "minerals",
    "outlook",
    "project",
    "read_result",
    "run",
    "score_forecast",
    "stress",
    "stress_part",
    "validate",
    "why",
    "world",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        import_module("crosscut.app")  # says who shows documents
        return getattr(import_module(_HOMES.get(name, "crosscut.app.api")), name)
    raise AttributeError(f"module 'crosscut' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
