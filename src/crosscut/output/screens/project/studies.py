"""Studies: the screen of published studies beside their rebuilt selves."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.words import DASH, amount
from crosscut.results import Document

_COLOUR = {"inside": "green", "outside": "red", "not rebuilt": "dim", "used to find a missing figure": "dim"}


def studies_screen(
    result: Document, files: Iterable[str | Path] = (), seconds: float | None = None
) -> RenderableType:
    """One row a published result: published, rebuilt, how far apart, what is allowed, verdict."""
    del seconds
    out = Table(
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        title_justify="left",
        title_style="bold",
        title=result.title,
    )
    for name, side in (
        ("", "left"),
        ("published", "right"),
        ("rebuilt", "right"),
        ("apart", "right"),
        ("allowed", "right"),
        ("verdict", "left"),
    ):
        out.add_column(name, justify=side, header_style="dim", overflow="fold", no_wrap=name == "verdict")  # type: ignore[arg-type]
    notes: dict[str, str] = {}
    before = ""
    for r in result.rows("project_studies"):
        notes[r["study"]] = r["note"]
        years = r["unit"] in ("years", "months")
        apart = (
            DASH
            if r["difference"] is None
            else (f"{r['difference']:+.1f} y" if years else f"{r['difference']:+.1%}")
        )
        allowed = f"{r['bracket']:.0f} y" if years else f"{r['bracket']:.0%}"
        if r["study"] != before:
            out.add_row(Text(r["study"], style="bold"))
        verdict = Text(r["verdict"].removesuffix(" to find a missing figure"), style=_COLOUR[r["verdict"]])
        what = f"  {r['result'].replace('_', ' ')}, {r['unit']}".rstrip(", ")
        out.add_row(what, amount(r["published"]), amount(r["rebuilt"]), apart, allowed, verdict)
        before = r["study"]
    said = [Text(s.text, style="bold" if s.text_key == "verdict" else "dim") for s in result.statements]
    listed = [Text(f"{study}: {note}", style="dim") for study, note in notes.items() if note]
    where = [Text(" · ".join(str(f) for f in files if str(f).endswith(("html", "json"))))] if files else []
    return Group(out, Text(""), *said, Text(""), *listed, *where)
