"""Provenance: where the numbers of a result come from."""

from __future__ import annotations

from datetime import date
from typing import Any

from crosscut.base.errors import Problem, UserError, nearest_matches, suggestion
from crosscut.base.machine import today
from crosscut.base.places import bloc_members, blocs, place_or_bloc
from crosscut.ledger.mineral_names import form_meant
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import TABLES, Document
from crosscut.results.parts import plain
from crosscut.results.rows import Row
from crosscut.studies.explain.price_story import price_story
from crosscut.studies.outlook.provenance import behind_outlook
from crosscut.studies.shared.evidence_rows import age_in_years, evidence_behind
from crosscut.studies.shared.quantities import GROUP_PLACES

MOST_WAYS = 7  # paths that are offered
# Tables of which a path is shown to somebody who asked for what is not there.
KEYED = ("prices", "shortages", "flows", "supply", "welfare", "outlook_prices", "outlook_dependence")
_SEARCHED = ("drivers", "assumptions", "facts", "evidence", "moves")


def provenance(
    ledger: Ledger, result: Document, about: str | None = None, day: date | None = None
) -> dict[str, Any]:
    """Figures, drivers, assumptions, facts (with source, date, evidence status) and evidence (each figure of
    the world as read and as used, with source, age, evidence status and relative error) behind a result.

    Of an outlook, a path also leads to the plans and measures behind a figure (`behind_outlook`).

    `about` is a path of a table row, such as prices/oxide/EU27 or shortages/powder/JPN, or `prices` for the
    headline: then the figures are those rows, and assumptions, facts and evidence those of their form and
    places; for a price, `price` explains it (`price_story`). Any other text keeps what mentions it. Ids that
    this version of the ledger does not have are listed as unknown, not dropped. Raises UserError for a path
    that leads to no row, with the nearest one, and for a text that nothing mentions, with what can be asked.
    """
    facts = [{"id": f.id, **f.details()} for f in result.facts if f.known]
    found = {
        "result": result.id,
        "world": plain(result.inputs.world),
        "figures": [],
        "price": None,
        "drivers": _rows(result, "drivers"),
        "assumptions": plain(result.assumptions),
        "facts": facts,
        "unknown_facts": [f.id for f in result.facts if not f.known],
        "evidence": [_aged(r, result) for r in _rows(result, "evidence")],
        "moves": _rows(result, "moves"),
        "limits": plain(result.limits),
        "places": dict(result.places),
        "data": _data(ledger, result, (day or today()).isoformat()),
    }
    if not about:
        return found
    if result.kind == "outlook" and (behind := behind_outlook(result, about)) is not None:
        return {**found, **behind, **_facts_behind(result, found, behind["figures"])}
    table, _, rest = about.strip("/").partition("/")
    if table in result.tables and (rest or table == "prices"):
        return {**found, **_behind_rows(result, found, table, rest.split("/") if rest else [])}
    wanted = about.casefold()
    kept = {k: [r for r in found[k] if _mentions(r, wanted)] for k in _SEARCHED}
    if not any(kept.values()):
        raise UserError(_nothing_found(result, about))
    return {**found, **kept}


def _nothing_found(result: Document, about: str) -> Problem:
    """That nothing in a result answers to a text, with what can be asked of it."""
    table = about.strip("/").partition("/")[0]
    if table in result.tables:
        first = next((p for p in _paths(result, table)), "")
        more = f", such as {first}" if first else "; the table is empty"
        return Problem(f"{about!r} is a whole table", "why", f"a path to rows of it{more}")
    rows = [p for t in result.tables for p in _paths(result, t)]
    near = nearest_matches(about, [*result.tables, *rows])
    ways = [p for t in dict.fromkeys((*KEYED, *result.tables)) if (p := next(iter(_paths(result, t)), ""))]
    head = ["prices"] if "prices" in result.tables else []
    facts = ", or a word of its facts" if result.facts else ""
    ask = f"one of {', '.join([*head, *ways][:MOST_WAYS])}{facts}"
    if near:
        return Problem(f"nothing in this result mentions {about!r}", "why", f"did you mean {near[0]!r}?")
    return Problem(f"nothing in this result mentions {about!r}", "why", ask)


def _paths(result: Document, table: str) -> list[str]:
    """Paths to the rows of a table, by the first texts that name them; none for tables that are searched."""
    if table in _SEARCHED or table not in result.tables:
        return []
    labels = [c for c, (kind, _, _) in TABLES.get(table, {}).items() if kind == "text"][:2]
    found = []
    for r in _rows(result, table)[:400]:
        words = [str(r.get(c, "")) for c in labels]
        if words and words[0] and not any("/" in w for w in words):
            found.append("/".join([table, *(w for k, w in enumerate(words) if not k or " " not in w)]))
    return list(dict.fromkeys(found))


def _aged(row: Row, result: Document) -> Row:
    """A row of evidence with the age of its source in years when the result was made; None where no date is
    known."""
    return {**row, "age": age_in_years(row["published"], result.created_utc)}


def _data(ledger: Ledger, result: Document, day: str) -> list[Row]:
    """The copies of reference data that the result was computed from, with `stale_since` where newer figures
    should be out by `day`, and `now`: the version in use today where it is another."""
    return [
        {
            **d,
            "title": DATASETS[d["dataset"]].title if d["dataset"] in DATASETS else d["dataset"],
            "stale_since": d["newer_due"] if d["newer_due"] and d["newer_due"] <= day else None,
            "now": _version_now(ledger, d),
        }
        for d in plain(result.inputs.data_sources or ())
    ]


def _version_now(ledger: Ledger, d: Row) -> str | None:
    used = ledger.data.in_use(d["dataset"]) if d["dataset"] in DATASETS else None
    return used.version if used is not None and used.version != d["version"] else None


def _rows(result: Document, table: str) -> list[Row]:
    rows: list[Row] = result.rows_if_any(table)
    return rows


def _mentions(row: Row, wanted: str) -> bool:
    return any(wanted in str(v).casefold() for v in row.values())


def _behind_rows(result: Document, found: dict[str, Any], table: str, keys: list[str]) -> dict[str, Any]:
    labels = [c for c, (kind, _, _) in TABLES.get(table, {}).items() if kind == "text"]
    rows = _rows(result, table)
    keys = [
        _as_listed(result, k, {str(r.get(c, "")) for r in rows}) for c, k in zip(labels, keys, strict=False)
    ]
    figures = [
        r
        for r in rows
        if all(str(r.get(c, "")).casefold() == k.casefold() for c, k in zip(labels, keys, strict=False))
        and (keys or r.get("headline"))
    ]
    if not figures:
        paths = sorted({"/".join([table, *(str(r[c]) for c in labels[: len(keys)])]) for r in rows})
        path = "/".join([table, *keys])
        beside = [p for p in paths if p.startswith(path.rpartition("/")[0] + "/")] or paths
        raise UserError(Problem(f"no row {path!r} in this result", "why", suggestion(path, beside)))
    forms = {str(r["form"]) for r in figures if "form" in r}
    return {
        "figures": [{"table": table, **r} for r in figures],
        "price": price_story(result, _first(figures)) if table == "prices" else None,
        "assumptions": [a for a in found["assumptions"] if _concerns(a["id"], forms)],
        **_facts_behind(result, found, figures),
    }


def _as_listed(result: Document, word: str, listed: set[str]) -> str:
    """A word of a path as the table has it: APT is the oxide of tungsten, Japan is JPN, EU-27 is EU27."""
    if word.casefold() in {x.casefold() for x in listed}:
        return word
    form = form_meant(result.inputs.mineral, word)
    if form in listed:
        return form
    try:
        code = place_or_bloc(word)
    except UserError:
        return word
    return code if code in listed else word


def _facts_behind(result: Document, found: dict[str, Any], figures: list[Row]) -> dict[str, Any]:
    """Evidence, facts and moves about the forms and places of some rows."""
    forms = {str(r["form"]) for r in figures if "form" in r}
    named = ("place", "country", "origin", "destination", "user", "of")
    places = {str(r[c]) for r in figures for c in named if r.get(c)} - {"WLD"}
    for p in list(places):
        if p in blocs():
            places |= {*bloc_members(p, result.inputs.world.year), *GROUP_PLACES.get(p, ())}
    names = {n.casefold() for p in places for n in (p, result.places.get(p, p))}
    behind = [_aged(r, result) for r in evidence_behind(result, forms, places)]
    return {
        "facts": (
            _cited(found["facts"], behind)
            or [f for f in found["facts"] if not places or _subject_in(f, names)]
        ),
        "evidence": behind,
        "moves": [m for m in found["moves"] if any(p in str(m["cell"]).split() for p in places)],
    }


def _first(prices: list[Row]) -> Row:
    """The one price to explain: the headline if it is among them, else what buyers pay, else the first."""
    best = sorted(prices, key=lambda r: (not r.get("headline"), r["basis"] != "paid"))
    return best[0]


def _cited(facts: list[Row], evidence: list[Row]) -> list[Row]:
    """The facts that rows of evidence cite, in the order of these rows."""
    by_id = {f["id"]: f for f in facts}
    return [by_id[i] for i in dict.fromkeys(r["fact"] for r in evidence) if i in by_id]


def _concerns(assumption: str, forms: set[str]) -> bool:
    """Whether an assumption bears on these forms: those of another form alone do not."""
    kind, _, scope = assumption.partition("/")
    return kind not in ("sigma", "noise", "level") or not forms or scope in forms


def _subject_in(fact: Row, names: set[str]) -> bool:
    subject = str(fact.get("subject", "")).casefold()
    words = set(subject.replace(",", " ").replace(";", " ").split())
    return any(n in words if " " not in n else n in subject for n in names)
