"""Claims screen: an article beside the ledger, and what it contradicts by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

STYLES = {"confirmed": "green", "contradicted": "red", "garbled": "yellow", "unverifiable": "dim"}


def claims_screen(found: Mapping[str, Any]) -> RenderableType:
    """Counts by verdict, every claim beside what was found, then the contradictions with their claims."""
    claims: Sequence[Mapping[str, Any]] = found["claims"]
    counts = Counter(c["verdict"] for c in claims)
    head = ", ".join(f"{counts[v]} {v}" for v in STYLES)
    out = Table(
        title=f"{len(claims)} claims of one article: {head}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        expand=True,
    )
    out.add_column("claim", overflow="fold", ratio=5)
    out.add_column("found", overflow="fold", ratio=5)
    out.add_column("verdict", overflow="fold", min_width=12)
    for c in claims:
        said = Text(f"{c['id']} {c['claim']}")
        said.append(f"\n     {c['said']} {c['unit']} {c['date']}".rstrip(), style="bold")
        checked = Text(c["checked"] or "nothing found")
        checked.append(f"\n{c['evidence']}", style="dim")
        for x in c["ledger"]:
            value = f"{x['value']:,.6g}" if isinstance(x["value"], float) else x["value"]
            checked.append(
                f"\nledger: {value} {x['unit']} {x['period']},"
                f" {x['evidence_status']} ({x['source']})".rstrip()
            )
        out.add_row(said, checked, Text(c["verdict"], style=STYLES[c["verdict"]]))
    return Group(out, _contradictions(found))


def _contradictions(found: Mapping[str, Any]) -> RenderableType:
    table = Table(
        title=(
            f"\n{len(found['findings'])} contradictions of the article with itself, found by rule, "
            f"no outside fact; at least {len(found['fewest_wrong'])} claims must be wrong"
        ),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        expand=True,
    )
    for c, ratio in (("rule", 2), ("claims", 1), ("what cannot all be true", 6)):
        table.add_column(c, overflow="fold", ratio=ratio)
    for f in found["findings"]:
        table.add_row(f["rule"], " ".join(f["claims"]), f["text"])
    return table


def alarms_screen(mineral: str, found: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Every alarm on the tables of a mineral with what became of it."""
    still_open = sum(not a["verdict"] for a in found)
    table = Table(
        title=f"{len(found)} alarms of the rules on the tables of {mineral}, {still_open} open",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        expand=True,
    )
    for c, ratio in (("rule", 2), ("what cannot all be true", 5), ("resolution", 4)):
        table.add_column(c, overflow="fold", ratio=ratio)
    for a in found:
        about = Text(a["text"])
        about.append(f"\n{' '.join(a['facts'][:4])}{' ...' if len(a['facts']) > 4 else ''}", style="dim")
        table.add_row(
            a["rule"], about, f"{a['verdict']}: {a['reason']}" if a["verdict"] else Text("open", style="red")
        )
    return table
