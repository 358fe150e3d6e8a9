"""Screen of `facts --sources`: what the sources say the world makes, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crosscut.output.screens.plain_table import rows_table

if TYPE_CHECKING:
    from rich.console import RenderableType


def beside_screen(beside: dict[str, Any], mineral: str) -> RenderableType:
    """World totals of the sources stage by stage, then the countries on which they deviate."""
    from rich.console import Group
    from rich.text import Text

    totals = rows_table(
        [
            {**r, "spread": None if r["spread"] is None else f"{100 * r['spread']:.1f} %"}
            for r in beside["totals"]
        ],
        ("form", "content", "year", "USGS", "World Mining Data", "BGS", "spread", "verdict"),
        f"World output of {mineral}, t by source (never add across; a dash: not carried or not published)",
    )
    named = rows_table(
        beside["deviations"],
        ("form", "content", "country", "year", "other", "ratio", "reason"),
        f"Countries more than {100 * beside['band']:.0f} % from USGS and above 2 % of the world",
    )
    return Group(
        totals, named if beside["deviations"] else Text("No country deviates by more than the band.")
    )
