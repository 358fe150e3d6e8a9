"""Crosscut: a mineral's whole supply chain as a solved market, with a source behind every number.

Public names load on first use; importing the package reads no file and writes nothing. Every command has a
call of the same name here.

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
        alarms,
        backtest,
        batch,
        claims,
        compare,
        costs,
        data_accept,
        data_diff,
        data_pull,
        data_revert,
        data_status,
        data_version,
        economy,
        economy_template,
        exposure,
        facilities,
        facts,
        feasibility,
        forecast,
        indicators,
        minerals,
        named,
        outlook,
        outlooks,
        project,
        projects,
        purchases,
        purchases_template,
        ranking,
        read_result,
        run,
        scenarios,
        score_forecast,
        sources_beside,
        stress,
        stress_part,
        unlikely,
        validate,
        why,
        world,
        world_report,
    )
    from crosscut.app.opening import open_context
    from crosscut.base.errors import CrosscutError, Refused, UserError
    from crosscut.results import Document

_HOMES = {
    **dict.fromkeys(("CrosscutError", "Refused", "UserError"), "crosscut.base.errors"),
    "Document": "crosscut.results",
    "open_context": "crosscut.app.opening",
}

__all__ = [
    "CrosscutError",
    "Document",
    "Refused",
    "UserError",
    "__version__",
    "alarms",
    "backtest",
    "batch",
    "claims",
    "compare",
    "costs",
    "data_accept",
    "data_diff",
    "data_pull",
    "data_revert",
    "data_status",
    "data_version",
    "economy",
    "economy_template",
    "exposure",
    "facilities",
    "facts",
    "feasibility",
    "forecast",
    "indicators",
    "minerals",
    "named",
    "open_context",
    "outlook",
    "outlooks",
    "project",
    "projects",
    "purchases",
    "purchases_template",
    "ranking",
    "read_result",
    "run",
    "scenarios",
    "score_forecast",
    "sources_beside",
    "stress",
    "stress_part",
    "unlikely",
    "validate",
    "why",
    "world",
    "world_report",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        import_module("crosscut.app")  # says who shows documents
        return getattr(import_module(_HOMES.get(name, "crosscut.app.api")), name)
    raise AttributeError(f"module 'crosscut' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
