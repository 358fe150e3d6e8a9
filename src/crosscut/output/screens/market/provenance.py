"""Provenance screen: drivers, assumptions, facts and moves behind a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from crosscut.output.screens.market.price import price_screen
from crosscut.output.screens.market.words import DASH, amount, event_text, percent, tonnes, unit_text
from crosscut.output.screens.outlook.why import figure_screen
from crosscut.results import TABLES

SHOWN = 15  # rows of each list; `--json` has all
BRIEFLY = 3  # figures under a price
LIMITS = 5  # under a figure of an outlook


def provenance_screen(found: Mapping[str, Any]) -> RenderableType:
    """Where the numbers come from, from the document `crosscut why` returns."""
    if found.get("price"):
        return Group(price_screen(found), _evidence_in_brief(found))
    if "plans" in found:
        return Group(figure_screen(found), *_what_it_rests_on(found))
    world = found["world"]
    parts: list[RenderableType] = [
        Text(
            f"Result {found['result'][:12]}, world {world['year']} grade {world['grade']}"
            f" {world['hash'][:12]}",
            "dim",
        ),
        *([_figures(found["figures"])] if found["figures"] else []),
        _evidence(found),
        *_data(found.get("data", [])),
        _list(
            "Drivers",
            ("event", "share", "limit", "rent USD M", "what it is"),
            [
                (
                    event_text(r["event"]),
                    percent(r["share"]),
                    _limit_text(r["binds"]),
                    amount(r["rent"]),
                    r["title"],
                )
                for r in found["drivers"]
            ],
        ),
        _assumptions(found["assumptions"]),
        _list(
            "Facts",
            ("about", "value", "period", "evidence", "source"),
            [
                (
                    f"{f.get('subject', f['id'])}, {f.get('attribute', '')}",
                    _value(f),
                    str(f.get("period") or DASH),
                    str(f.get("evidence_status") or DASH),
                    _source(f),
                )
                for f in found["facts"]
            ],
        ),
        _list(
            "Moved or repaired",
            ("figure", "before t", "after t", "why"),
            [(m["cell"], tonnes(m["before"]), tonnes(m["after"]), m["reason"]) for m in found["moves"]],
        ),
    ]
    if found["unknown_facts"]:
        parts.append(
            Text(f"{len(found['unknown_facts'])} cited facts are not in this version's ledger.", "yellow")
        )
    limits = [f"{x['what']} ({x['bias']})" for x in found["limits"]]
    parts.append(Text("Not in the model", style="bold") + Text("  " + " · ".join(limits), style="not bold"))
    return Group(*parts)


def _what_it_rests_on(found: Mapping[str, Any]) -> list[RenderableType]:
    """Assumptions, the first figures of the world and the first limits behind a figure of an outlook."""
    limits = [f"{x['what']} ({x['bias']})" for x in found["limits"]]
    more = f" · and {len(limits) - LIMITS} more" if len(limits) > LIMITS else ""
    return [
        _assumptions(found["assumptions"]),
        Text(""),
        _evidence_in_brief(found),
        Text("\nNot in the model", style="bold")
        + Text("  " + " · ".join(limits[:LIMITS]) + more, style="not bold"),
    ]


def _assumptions(rows: list[dict[str, Any]]) -> RenderableType:
    return _list(
        "Assumptions",
        ("what", "value", "range", "evidence", "source"),
        [
            (
                a["what"],
                f"{_plain(a)} {a.get('unit', '')}".strip(),
                _range(a),
                a["evidence_status"],
                a.get("source") or "none given",
            )
            for a in rows
        ],
    )


def _plain(a: Mapping[str, Any]) -> str:
    """The value of an assumption; a year is no amount."""
    return f"{a['value']:.7g}" if a.get("unit") == "year" else amount(a["value"])


def _evidence(found: Mapping[str, Any]) -> RenderableType:
    """Figures of the world as their source states them, as read and as used, with evidence status and age of
    the source."""
    return _list(
        "Evidence",
        ("figure", "stated", "as read", "as used", "evidence", "source", "age"),
        [
            (
                f"{e['cell']} ({e['fact']})",
                e.get("stated") or DASH,
                amount(e["before"]),
                amount(e["after"]),
                f"{e['evidence_status']} ±{percent(e['error'])}",
                e["source"],
                _age(e["age"]),
            )
            for e in found.get("evidence", ())
        ],
    )


def _evidence_in_brief(found: Mapping[str, Any]) -> RenderableType:
    """The first figures behind a price, one line each."""
    rows = list(found.get("evidence", ()))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("evidence", "as used", "evidence", "source"):
        table.add_column(head, header_style="dim", no_wrap=True, overflow="ellipsis")
    for e in rows[:BRIEFLY]:
        said = f"{e['source']}, {_age(e['age'])}"
        table.add_row(
            *(
                Text(x)
                for x in (
                    e["cell"],
                    amount(e["after"]),
                    f"{e['evidence_status']} ±{percent(e['error'])}",
                    said,
                )
            )
        )
    more = f"and {len(rows) - BRIEFLY} more (--json shows all)" if len(rows) > BRIEFLY else ""
    return Group(table, *([Text(more, style="dim")] if more else []))


def _data(copies: list[dict[str, Any]]) -> list[RenderableType]:
    """One line a copy of reference data; a stale one, or one that is no longer in use, stands out."""
    out: list[RenderableType] = []
    for d in copies:
        text = f"{d['title']}: {d['source']}, to {d['through'] or DASH}, version {d['version'][:12]}"
        said = (
            [f"stale: newer figures should be out since {d['stale_since']}"] if d["stale_since"] else []
        ) + ([f"in use today: version {d['now'][:12]}"] if d["now"] else [])
        out.append(Text(" · ".join([text, *said]), style="yellow" if said else "dim"))
    return out


def _figures(rows: list[dict[str, Any]]) -> RenderableType:
    """The rows that were asked for: labels, before, median and interval; other numbers as they stand."""
    if "median" not in rows[0]:
        return _list("Figures", ("what", "figures"), [(_labels(r), _numbers(r)) for r in rows])
    return _list(
        "Figures",
        ("what", "before", "median", "80 % interval", "unit", "status"),
        [
            (
                _labels(r),
                amount(r.get("base")),
                amount(r.get("median")),
                DASH if r.get("p10") is None else f"{amount(r['p10'])} - {amount(r['p90'])}",
                unit_text(str(r.get("unit") or "t contained")),
                str(r.get("status") or ""),
            )
            for r in rows
        ],
    )


def _labels(row: Mapping[str, Any]) -> str:
    skipped = ("table", "headline", "status", "unit")
    return f"{row['table']}: " + ", ".join(
        str(v) for k, v in row.items() if k not in skipped and isinstance(v, str)
    )


def _numbers(row: Mapping[str, Any]) -> str:
    """Every number of a row with its name; shares as per cent."""
    units = TABLES.get(row["table"], {})
    said = []
    for name, value in row.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            unit = units[name][1] if name in units else ""
            said.append(
                f"{name.replace('_', ' ')}"
                f" {percent(value) if unit == 'fraction' else f'{amount(value)} {unit}'}"
            )
    return ", ".join(x.strip() for x in said) or DASH


def _list(title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> RenderableType:
    heading = Text(f"\n{title}", style="bold")
    if not rows:
        return Group(heading, Text("  none", style="dim"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, header_style="dim", overflow="fold")
    for row in rows[:SHOWN]:
        table.add_row(*(Text(cell) for cell in row))
    more = (
        [Text(f"and {len(rows) - SHOWN} more (--json shows all)", style="dim")] if len(rows) > SHOWN else []
    )
    return Group(heading, table, *more)


def _range(a: Mapping[str, Any]) -> str:
    if a["low"] is None or a["high"] is None:
        return "fixed"
    return " - ".join(_plain({**a, "value": a[end]}) for end in ("low", "high"))


def _value(f: Mapping[str, Any]) -> str:
    value = f.get("value")
    text = amount(value) if isinstance(value, int | float) else str(value or DASH)
    return f"{text} {unit_text(f.get('unit') or '')}".strip()


def _source(f: Mapping[str, Any]) -> str:
    title, published = f.get("source_title") or DASH, f.get("published")
    return f"{title} ({published})" if published else str(title)


def _age(years: float | None) -> str:
    """How old a source is: '9 months', '2.3 years', a dash where it has no date."""
    if years is None:
        return DASH
    return f"{max(0, round(years * 12))} months" if years < 2 else f"{years:.1f} years"


def _limit_text(binds: bool | None) -> str:
    if binds is None:
        return "sets no limit"
    return "binds" if binds else "does not bind"
