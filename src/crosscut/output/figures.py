"""Figures: one figure for the kinds that have a natural one, drawn by matplotlib (extra `plot`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.results import Document

BASE, AFTER = "#8a8f98", "#b3402a"


def plot(document: Document, table: str | None = None) -> Any:
    """The figure of a document; see `Document.plot`.

    Parameters
    ----------
    document : Document
        A result of a kind that has a figure.
    table : str | None
        A table that has a figure, where a kind has several; the first of its kind where None.

    Returns
    -------
    matplotlib.figure.Figure
        Made without pyplot: nothing is shown or kept, a notebook displays it, `savefig` writes it.

    Raises
    ------
    UserError
        The kind or the table has no figure, or matplotlib is not installed.
    """
    known = {name: draw for name, (kind, draw) in FIGURES.items() if kind == document.kind}
    if not known:
        kinds = ", ".join(dict.fromkeys(kind for kind, _ in FIGURES.values()))
        raise UserError(
            Problem(f"a document of kind {document.kind} has no figure", "plot", f"one of {kinds}")
        )
    name = next(iter(known)) if table is None else table
    if name not in known:
        raise UserError(Problem(f"no figure of {name!r}", "plot", suggestion(name, list(known))))
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UserError(
            Problem("matplotlib is not installed", "plot", "`pip install 'crosscut[plot]'`")
        ) from None
    figure = Figure(figsize=(7.0, 4.0), layout="constrained")
    known[name](document, figure.subplots())
    return figure


def _prices(document: Document, axes: Any) -> None:
    """Every headline price before and after the events, the latter with its 80 % interval, over the base."""
    rows = [r for r in document.rows("prices") if r["headline"] and r["base"] and r["median"] is not None]
    places = [document.places.get(r["place"], r["place"]) for r in rows]
    for at, r in enumerate(rows):
        axes.plot([r["p10"] / r["base"], r["p90"] / r["base"]], [at, at], color=AFTER, linewidth=4, alpha=0.4)
    axes.plot([1.0] * len(rows), range(len(rows)), "o", color=BASE, label="before")
    axes.plot(
        [r["median"] / r["base"] for r in rows], range(len(rows)), "o", color=AFTER, label="after, 80 %"
    )
    axes.set_yticks(range(len(rows)), [f"{r['form']}, {p}" for r, p in zip(rows, places, strict=True)])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlabel("price over its level before the events")
    axes.set_title(document.title, wrap=True)
    axes.legend()


def _price_path(document: Document, axes: Any) -> None:
    """The headline price of every case over the years, the first case with its 80 % interval."""
    rows = [r for r in document.rows("outlook_prices") if r["headline"]]
    first = {(r["form"], r["place"], r["basis"]) for r in rows[:1]}
    rows = [r for r in rows if (r["form"], r["place"], r["basis"]) in first and r["median"] is not None]
    for n, case in enumerate(dict.fromkeys(r["case"] for r in rows)):
        mine = sorted((r for r in rows if r["case"] == case), key=lambda r: r["year"])
        years = [r["year"] for r in mine]
        (line,) = axes.plot(years, [r["median"] for r in mine], label=case)
        if n == 0:
            low, high = [r["p10"] for r in mine], [r["p90"] for r in mine]
            axes.fill_between(years, low, high, color=line.get_color(), alpha=0.2, linewidth=0)
    if rows:
        place = document.places.get(rows[0]["place"], rows[0]["place"])
        axes.set_ylabel(f"{rows[0]['form']} {rows[0]['basis']} in {place}, {rows[0]['unit']}")
    axes.set_xlabel("year")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_title(document.title, wrap=True)
    axes.legend()


def _exceedance(document: Document, axes: Any) -> None:
    """The chance that a year's loss passes each size."""
    rows = document.rows("stress_exceedance")
    column, unit = (
        ("usd", "million USD") if any(r["usd"] is not None for r in rows) else ("short", "t contained")
    )
    known = [r for r in rows if r[column] is not None]
    axes.plot([r[column] for r in known], [r["chance"] for r in known], color=AFTER)
    axes.set_yscale("log")
    axes.set_xlabel(f"loss of users, {unit}" if column == "usd" else f"final use not served, {unit}")
    axes.set_ylabel("chance that a year passes it")
    axes.set_title(document.title, wrap=True)


def _title(document: Document) -> str:
    scenario = document.inputs.scenario
    return scenario.title if scenario else document.inputs.mineral


#: table a figure is drawn from -> kind of document and how
FIGURES: dict[str, tuple[str, Callable[[Document, Any], None]]] = {
    "prices": ("run", _prices),
    "outlook_prices": ("outlook", _price_path),
    "stress_exceedance": ("stress", _exceedance),
}
