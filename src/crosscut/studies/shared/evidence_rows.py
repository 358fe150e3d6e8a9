"""Evidence rows: every figure a world was built from, with who says so, and which of them are behind a
number."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Any

from crosscut.ledger.ask.ledger import fact_details
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import sources
from crosscut.market.model.world import Figure, World
from crosscut.results import Assumption, Document
from crosscut.results.rows import Row
from crosscut.worlds.drawn import DrawnWorlds

SHOWN = 0.1  # t; smaller figures are left out of the table


def evidence_rows(ledger: Ledger, world: World) -> list[Row]:
    """One row a figure and fact: prices and published sums first, then cells of the balance.

    A figure without a fact is a derived fact: its id starts with D and is a hash of what it is and what was
    read.

    Parameters
    ----------
    ledger : Ledger
        Says what each fact states and who published it.
    world : World
        Its figures; those in t below 0.1 are left out.

    Returns
    -------
    list[Row]
        `before` and `after` the balance are in the unit of the row, `error` is a relative standard deviation.
    """
    details = fact_details(ledger, {i for f in world.figures for i in f.fact_ids})
    rows = []
    for f in world.figures:
        if f.unit.startswith("t ") and max(f.before, f.after) < SHOWN:
            continue
        cited = [i for i in f.fact_ids if i in details]
        rows += [
            _row(f, i, details[i]["source_title"], details[i]["published"], _stated(details[i]))
            for i in cited
        ]
        if not cited:
            rows.append(_row(f, _derived_id(world, f), *_derived_from(ledger, f)))
    return rows


def _derived_from(ledger: Ledger, f: Figure) -> tuple[str, str]:
    """(source, published) of a figure without a fact."""
    if f.source_id:
        s = sources(ledger)[f.source_id]
        return "; ".join(t for t in (s.title, f.note) if t), s.published
    return f"derived here: {f.note or 'what closes the sum'}", ""


def _derived_id(world: World, f: Figure) -> str:
    text = f"{world.mineral}\x1f{world.year}\x1f{f.cell}\x1f{f.before!r}"
    return "D" + hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _stated(d: Mapping[str, Any]) -> str:
    value = d["value"]
    text = f"{value:,.10g}" if isinstance(value, float) else str(value or "withheld")
    return ", ".join(t for t in (f"{text} {d['unit']}".strip(), d["period"]) if t)


def _row(f: Figure, id: str, source: str, published: str, stated: str = "") -> Row:
    return {
        "fact": id,
        "cell": f.cell,
        "kind": f.kind,
        "form": f.form,
        "place": f.place,
        "other": f.other,
        "stated": stated,
        "unit": f.unit,
        "before": f.before,
        "after": f.after,
        "evidence_status": f.evidence_status,
        "error": f.error,
        "source": source,
        "published": published,
    }


def error_assumptions(world: World, level: Mapping[str, float]) -> list[Assumption]:
    """The relative errors that runs draw, as assumptions.

    Parameters
    ----------
    world : World
        Its figures name their evidence status and error.
    level : Mapping[str, float]
        Error of the price level by form, standard deviation of the log; 0 is left out.

    Returns
    -------
    list[Assumption]
        One for every evidence status of the figures and one for the price level of every form (standard
        deviation of the log); none of the first kind for a world that does not name its figures.
    """
    used = sorted(
        {(f.evidence_status, f.error) for f in world.figures if f.kind != "price"}, key=lambda x: (x[1], x[0])
    )
    source = "facts/bundled/evidence_status.csv; a workspace may change it"
    out = [
        _assumption(
            f"error/{evidence_status}",
            f"Relative error of a figure that is {evidence_status} (sd of the log)",
            error,
            source,
        )
        for evidence_status, error in used
    ]
    out += [
        _assumption(
            f"level/{form}",
            f"Error of the price level of {form}, by the evidence status of its quotation (sd of the log)",
            error,
            source,
        )
        for form, error in level.items()
        if error
    ]
    return out


def drawn_assumption(read: DrawnWorlds) -> Assumption:
    """How many worlds were drawn with the errors of the facts, as an assumption.

    Intervals hold these errors only as far as worlds were drawn.

    Parameters
    ----------
    read : DrawnWorlds
        Worlds asked for and worlds that could be balanced.

    Returns
    -------
    Assumption
        Its value is a count of worlds; its note says why there are fewer than asked for.
    """
    if not read.has_evidence:
        note = "The world names no facts it was built from: errors of its figures are not in the intervals"
    elif not read.drawn:
        note = (
            f"None of {read.asked} redrawn worlds could be balanced: errors of figures are not in the"
            " intervals, which are too narrow"
        )
    elif read.drawn < read.asked:
        note = f"{read.asked - read.drawn} of {read.asked} redrawn worlds could not be balanced"
    else:
        note = ""
    what = "Worlds whose figures were read again with drawn errors; draws take turns on them"
    return Assumption("worlds/drawn", what, float(read.drawn), None, None, "derived", "", "", note)


def _assumption(id: str, what: str, value: float, source: str) -> Assumption:
    return Assumption(id, what, float(value), None, None, "assumed", source, "log")


def evidence_behind(result: Document, forms: Collection[str], places: Collection[str]) -> list[Row]:
    """The rows of the evidence table behind a number, most direct first.

    Reference prices of the forms come first, then figures of the places by tonnes, then published sums.

    Parameters
    ----------
    result : Document
        Without a table of evidence there are no rows.
    forms : Collection[str]
        Ids of forms that the number is about; none means any form.
    places : Collection[str]
        Codes of places that the number is about; none means any place.

    Returns
    -------
    list[Row]
        Rows of the table `evidence`.
    """
    rows: list[Row] = result.rows_if_any("evidence")
    prices = [r for r in rows if r["kind"] == "price" and (not forms or r["form"] in forms)]
    sums = [r for r in rows if r["kind"] == "published sum"]
    cells = [
        r
        for r in rows
        if r["kind"] not in ("price", "published sum")
        and (not forms or r["form"] in forms)
        and (not places or {r["place"], r["other"]} & set(places))
    ]
    return prices + sorted(cells, key=lambda r: -r["after"]) + sums


def age_in_years(published: str, at: str) -> float | None:
    """Years from publication to a date.

    Where the month of publication is not given, the middle of the year stands for it.

    Parameters
    ----------
    published : str
        Such as "2026-02" or "2025 (inferred)".
    at : str
        A date such as "2026-11-25"; its day does not count.

    Returns
    -------
    float | None
        In years, to one decimal; None where no year is known.

    Examples
    --------
    >>> dates = (("2024-11", "2026-11-25"), ("2025 (inferred)", "2026-11-25"), ("", "2026-01"))
    >>> tuple(age_in_years(date, today) for date, today in dates)
    (2.0, 1.4, None)
    """
    found = re.search(r"\b((?:18|19|20)\d\d)(?:-(\d\d))?", published)
    now = re.match(r"(\d{4})-(\d\d)", at)
    if not found or not now:
        return None
    month = float(found[2]) if found[2] else 6.5
    return round(float(now[1]) - float(found[1]) + (float(now[2]) - month) / 12, 1)
