"""Writes docs/reference.md from the code: commands, Python calls, tables of a result, bundled scenarios,
parameters.

Run: python docs/build_reference.py; a test says the file is current.
"""

from __future__ import annotations

import csv
import inspect
from pathlib import Path

import typer

from crosscut.app import api
from crosscut.app.cli import main as cli
from crosscut.app.question import sentence, written
from crosscut.base.bundled import bundled_text
from crosscut.results.tables.declared import SCHEMA_ID, TABLES
from crosscut.studies.request import Leaf, leaves
from crosscut.worlds import minerals_with_worlds


def commands() -> list[str]:
    """One row per command: what it is called with and what it does."""
    group = typer.main.get_command(cli.app)
    out = ["| command | what it does | options |", "|---|---|---|"]
    for name, command in _flat("", group):
        options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
        arguments = [p.metavar for p in command.params if p.param_type_name == "argument"]
        call = " ".join(["crosscut", name, *arguments])
        listed = ", ".join(f"`{o.opts[0]}`" for o in options)
        first = (command.help or "").splitlines()[0]
        out.append(f"| `{call}` | {first} | {listed} |")
    return out


def _flat(prefix: str, group: object) -> list[tuple[str, object]]:
    out = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        full = f"{prefix} {name}".strip()
        out += _flat(full, command) if hasattr(command, "commands") else [(full, command)]
    return out


def calls() -> list[str]:
    """Every Python call with its parameters: name, option of the command line, type and default, meaning."""
    out = []
    for name, call in vars(api).items():
        model = getattr(call, "request", None)
        if model is None:
            continue
        given = ", ".join(_parameter(p) for p in inspect.signature(call).parameters.values())
        out += [f"### {name}", "", f"`crosscut.{name}({given})`", "", _paragraph(call.__doc__), ""]
        if leaves(model):
            out += ["| parameter | command line | type | meaning |", "|---|---|---|---|"]
            out += [_row(x) for x in leaves(model)] + [""]
    return out


def _row(leaf: Leaf) -> str:
    shown = f"`{leaf.shown}`" if leaf.asked.listed else ""
    return f"| `{leaf.name}` | {shown} | {written(leaf)} | {sentence(leaf)} |"


def _paragraph(doc: str | None) -> str:
    return " ".join(inspect.cleandoc(doc or "").split("\n\n")[0].split())


def _parameter(p: inspect.Parameter) -> str:
    return p.name if p.default is inspect.Parameter.empty else f"{p.name}={p.default!r}"


def tables() -> list[str]:
    """Columns of every table of a result."""
    out = []
    for name, columns in TABLES.items():
        out += [f"### {name}", "", "| column | type | unit | meaning |", "|---|---|---|---|"]
        out += [f"| `{c}` | {kind} | {unit} | {meaning} |" for c, (kind, unit, meaning) in columns.items()]
        out.append("")
    return out


def parameters() -> list[str]:
    """What behaviour is drawn from."""
    text = bundled_text("worlds", "parameters.csv")
    out = [
        "| mineral | parameter | for | 10 % | median | 90 % | evidence status | source |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in csv.DictReader(text.splitlines()):
        out.append(
            f"| {r['mineral']} | {r['name']} | {r['scope']} | {r['low']} | {r['mid']} | {r['high']} | "
            f"{r['evidence_status']} | {r['source']} |"
        )
    return out


def reference() -> str:
    """The whole page."""
    scenarios = [f"| `{s['id']}` | {s['title']} | {s['mineral']} | {s['window']} |" for s in api.scenarios()]
    outlooks = [f"| `{o['id']}` | {o['title']} | {o['mineral']} | {o['years']} |" for o in api.outlooks()]
    worlds = [
        f"| {m} | {'yes' if not why else 'no: ' + why} |" for m, why in sorted(minerals_with_worlds().items())
    ]
    lines = [
        "# Reference",
        "",
        "Generated from the code by `docs/build_reference.py`.",
        "",
        "## Commands",
        "",
        *commands(),
        "",
        (
            "Exit codes: 0 done, 2 a mistake in what was asked, 1 a fault of ours. Every command has Python"
            " calls, with the same parameters"
        ),
        "and the same refusals.",
        "",
        "## Python calls",
        "",
        "Each takes its parameters, or one request that holds them (`crosscut.stress(StressRequest(...))`;",
        "requests are in `crosscut.studies.*.request`), and `context`: who solves, on which data. A result",
        "is the document that `--json` prints.",
        "",
        *calls(),
        f"## Tables of a result (`{SCHEMA_ID}`)",
        "",
        (
            "A type with `?` may be null: missing is null with a status, never 0. The JSON Schema is "
            "`crosscut/data/schemas/result.schema.json`."
        ),
        "",
        *tables(),
        "## Bundled scenarios",
        "",
        "| id | title | mineral | window |",
        "|---|---|---|---|",
        *scenarios,
        "",
        "## Bundled outlooks",
        "",
        "| id | title | mineral | years |",
        "|---|---|---|---|",
        *outlooks,
        "",
        "## Parameters",
        "",
        (
            "The most specific row wins. sigma: substitution between origins; eta: supply; eps: demand; mu:"
            " processing margin as a"
        ),
        (
            "share of the value of output; zc: price ratio at which users stop buying. The others are those"
            " of the years after,"
        ),
        "explained in [outlook.md](outlook.md).",
        "",
        *parameters(),
        "",
        "## Minerals with a market world",
        "",
        "| mineral | world |",
        "|---|---|",
        *worlds,
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    Path(__file__).with_name("reference.md").write_text(reference(), encoding="utf-8")
