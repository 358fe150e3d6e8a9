"""Data screens: status of the reference data, and what a staged version would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.words import DASH, amount

SHOWN = 8
GROUP_TITLES = {"hs92": "code", "country_stated": "country", "exporter": "exporter", "importer": "importer"}


def status_screen(found: Mapping[str, Any]) -> RenderableType:
    """What is in use and how old it is; below it what was pulled, what waits and how the last try ended."""
    table = _table("In use", ("dataset", "source", "to", "state"))
    for d in found["datasets"]:
        state = d["state"]
        if d["stale_since"]:
            state = f"stale: newer figures should be out since {d['stale_since']}"
        elif d["state"] == "not here":
            state = f"not here: crosscut data pull {d['pull']}"
        source = f"{d['source']} {d['version'][:12]}".strip() + (
            f", accepted {d['accepted']}" if d["accepted"] else ""
        )
        table.add_row(
            d["title"],
            source or DASH,
            str(d["through"] or DASH),
            Text(state, style="yellow" if d["stale_since"] else "" if d["source"] else "dim"),
        )
    sources = _table("Sources", ("source", "what", "in use", "staged", "last pull"))
    for s in found["sources"]:
        sources.add_row(s["source"], s["title"], s["in_use"] or DASH, s["staged"] or DASH, _last(s))
    parts: list[RenderableType] = [table, sources]
    for s in found["sources"]:
        if s["staged"]:
            parts.append(
                Text(f"waiting: crosscut data diff {s['source']}, then crosscut data accept {s['source']}")
            )
        if s["last_error"]:
            parts.append(
                Text(
                    f"{s['source']}: the pull of {s['last_try_utc'][:10]} failed: {s['last_error']}", "yellow"
                )
            )
        if s["checked"] and s["checked"] != "whole":
            parts.append(Text(f"{s['source']}: {s['checked']}", style="bold yellow"))
    parts.append(Text(f"folder {found['folder']} · data version {found['version'][:12]}", style="dim"))
    return Group(*parts)


def _last(s: Mapping[str, Any]) -> Text:
    if not s["last_try_utc"]:
        return Text("never", style="dim")
    age = f"{s['age_days']} days ago" if s["age_days"] is not None else "never"
    return Text(
        age + (", whole" if s["checked"] == "whole" else ""), style="yellow" if s["last_error"] else ""
    )


def difference_screen(found: Mapping[str, Any]) -> RenderableType:
    """What a staged version changes in the figures and, where it was solved, in the headline prices."""
    parts: list[RenderableType] = [
        Text(f"{found['source']} {found['release']}, staged as {found['version']}", style="bold"),
        *(Text(f"  {n}", style="dim") for n in found["notes"]),
    ]
    for d in found["datasets"]:
        parts += _dataset(d)
    if found.get("headline"):
        parts.append(_headline(found["headline"]))
    parts.append(Text(f"accept: crosscut data accept {found['source']}", style="dim"))
    return Group(*parts)


def _dataset(d: Mapping[str, Any]) -> list[RenderableType]:
    rows, through = d["rows"], d["through"]
    parts: list[RenderableType] = [
        Text(f"\n{d['title']}", style="bold"),
        Text(
            f"  {rows['before']:,} -> {rows['after']:,} rows: {rows['added']:,} added, {rows['removed']:,}"
            f" removed, {rows['changed']:,} changed, {rows['same']:,} the same; last year"
            f" {through['before'] or DASH} -> {through['after'] or DASH}"
        ),
    ]
    if d["gone"]:
        lost = ", ".join(f"{n} of {GROUP_TITLES.get(g, g)}" for g, n in d["gone"].items())
        parts.append(Text(f"  All figures would disappear for: {lost}", style="bold yellow"))
    for group, changes in d["totals"].items():
        if changes:
            table = _table(
                f"Totals by {GROUP_TITLES.get(group, group)} ({changes[0]['of']})",
                (GROUP_TITLES.get(group, group), "before", "after", "change"),
            )
            for c in changes[:SHOWN]:
                table.add_row(str(c[group]), amount(c["before"]), amount(c["after"]), _signed(c["change"]))
            parts.append(table)
    if d["largest"]:
        measure = next(k for k, v in d["largest"][0].items() if isinstance(v, dict))
        table = _table(f"Largest changes ({measure})", ("row", "what", "before", "after"))
        for r in d["largest"][:SHOWN]:
            key = ", ".join(str(v) for k, v in r.items() if k != "what" and not isinstance(v, dict))
            table.add_row(key, r["what"], amount(r[measure]["before"]), amount(r[measure]["after"]))
        parts.append(table)
    return parts


def _headline(found: Mapping[str, Any]) -> RenderableType:
    if not found["read"]:
        return Text("\nNo market world reads these figures, so no headline result changes.")
    heads = ("", "unit", "before, in use", "before, staged", "after, in use", "after, staged")
    table = _table(f"Headline prices of {found['scenario']} ({found['draws']} draws)", heads)
    for r in found["rows"]:
        a, b = r["before"], r["after"]
        table.add_row(
            f"{r['form']} {r['place']} {r['basis']}",
            r["unit"],
            amount(a["base"]),
            amount(b["base"]),
            amount(a["median"]),
            amount(b["median"]),
        )
    said = {"before": "in use", "after": "staged"}
    errors = [Text(f"{said[k]}: not solved: {v}", style="bold yellow") for k, v in found["errors"].items()]
    same = all(r["before"] == r["after"] for r in found["rows"]) and not errors
    return Group(table, *errors, *([Text("No headline price changes at all.", style="dim")] if same else []))


def _signed(value: float) -> str:
    return f"+{amount(value)}" if value > 0 else amount(value)


def _table(title: str, heads: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for h in heads:
        right = any(h.startswith(w) for w in ("before", "after", "change", "to"))
        table.add_column(h, overflow="fold", justify="right" if right else "left")
    return table


def pulled_screen(pulled: Sequence[Mapping[str, Any]]) -> str:
    """What arrived, and what is to be done next."""
    lines = []
    for p in pulled:
        for d in p["difference"]["datasets"]:
            r = d["rows"]
            lines.append(
                f"{p['source']} {p['difference']['release']}: {d['title']}, {r['after']:,} rows"
                f" ({r['added']:,} added, {r['removed']:,} removed, {r['changed']:,} changed)"
            )
        lines += [f"  {note}" for note in p["difference"]["notes"]]
        if p["accepted"]:
            lines += ["  in use from now on", *_use(p)]
        else:
            lines.append(
                f"  staged: crosscut data diff {p['source']}, then crosscut data accept {p['source']}"
            )
    return "\n".join(lines)


def accepted_screen(found: Mapping[str, Any]) -> str:
    """What was taken into use, what reads it, and the way back."""
    source = found["source"]
    head = f"{source} {found['version']} is in use; back with: crosscut data revert {source}"
    return "\n".join([head, *_use(found)])


def _use(found: Mapping[str, Any]) -> list[str]:
    """What reads an accepted source, a line each, and the facts it became."""
    lines = [f"  read by: {text}" for text in found["read_by"]]
    facts = found["facts"]
    if facts:
        most = sorted(facts, key=lambda m: (-facts[m], m))[:SHOWN]
        listed = ", ".join(f"{m} {facts[m]:,}" for m in most)
        more = f" and {len(facts) - len(most)} more" if len(facts) > len(most) else ""
        lines.append(f"  facts of {len(facts)} minerals: {listed}{more}")
    return lines
