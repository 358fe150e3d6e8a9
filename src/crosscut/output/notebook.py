"""Notebook: a document in a notebook's cell: title, headline, status, and the list of its tables."""

from __future__ import annotations

from html import escape

from crosscut.output.screens.market.summary import headline_prices
from crosscut.results import Document

SENTENCES = 5  # statements shown
LENGTH = 300  # characters kept of each


def summary_html(document: Document) -> str:
    """A summary of at most some 20 kB, whatever the size of the document."""
    inputs, horizon, status = document.inputs, document.horizon, document.status
    title = document.title
    solved = "all solved" if status.ok else f"{status.failed_draws} draws failed"
    lines = [
        f"{document.kind} of {inputs.mineral}, world {inputs.world.year} of grade {inputs.world.grade}",
        f"{horizon.start} to {horizon.end}. {horizon.meaning}",
        f"{inputs.draws} draws, {solved}; {len(document.facts)} facts cited; id {document.id[:12]}",
    ]
    out = [f"<h4>{escape(_short(title))}</h4>", *(f"<div>{escape(_short(t))}</div>" for t in lines)]
    if document.kind == "run":
        out.append(_items(_headline(document)))
    out.append(_items([s.text for s in document.statements[:SENTENCES]]))
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{len(t):,}</td><td>{len(t.columns)}</td></tr>"
        for name, t in document.tables.items()
    )
    head = "<tr><th>table</th><th>rows</th><th>columns</th></tr>"
    out.append(f"<table>{head}{rows}</table>")
    return f"<div>{''.join(out)}</div>"


def _headline(document: Document) -> list[str]:
    """The prices shown first: before, after, the change, and the 80 % interval of the level."""
    return [
        f"{p.label}: {p.before} to {p.median} {p.unit} ({p.change}; level {p.level})"
        for p in headline_prices(document)
    ]


def _items(texts: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(_short(t))}</li>' for t in texts)}</ul>" if texts else ""


def _short(text: str) -> str:
    return text if len(text) <= LENGTH else f"{text[: LENGTH - 1]}…"
