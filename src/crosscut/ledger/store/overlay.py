"""Overlay: facts that add to, correct or retract the facts below them, with a reason; nothing below is
touched.

One schema for every overlay file: `action` (add, correct, retract), `fact` (the id of the fact that is
corrected or retracted), the fields of a fact, and `reason`. The package's own corrections and a user's
workspace are both overlays. A workspace is a folder with `facts.csv` (or several files `facts/*.csv`) and,
where it names new sources or units, `sources.csv` and `units.csv` in the form of the bundled ones;
`evidence_status.csv` changes the relative error that an evidence status gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.places import all_places
from crosscut.ledger.store.declarations import TABLES
from crosscut.ledger.store.extract_facts import place_name
from crosscut.ledger.store.fact import EVIDENCE_STATUSES, Fact
from crosscut.ledger.store.sqlite_store import Change, StoreContent
from crosscut.ledger.store.validate_rows import (
    GROUPS,
    Vocabulary,
    as_number,
    cell_problems,
    checked_sources,
    checked_units,
    fact_id,
    numbered_rows,
    size_problem,
)

CORRECTIONS = "corrections.csv"
EVIDENCE_STATUS = "evidence_status.csv"
ACTIONS = ("add", "correct", "retract")
FIELDS = (
    "action",
    "fact",
    "mineral",
    "subject_kind",
    "subject_id",
    "attribute",
    "value",
    "unit",
    "basis",
    "period",
    "low",
    "high",
    "source_id",
    "evidence_status",
    "note",
    "reason",
)
LARGEST_FILE = 64_000_000
_VOCABULARY = ("sources.csv", "units.csv", EVIDENCE_STATUS)
# Attributes that cannot be below zero whatever the unit.
_NOT_NEGATIVE = ("mine production", "output", "capacity", "reserves", "price")


@dataclass(frozen=True)
class Overlay:
    """A checked overlay: new vocabulary, and (where it is written, the row, the new fact or None) in
    order."""

    vocabulary: Vocabulary
    entries: tuple[tuple[str, Mapping[str, str], Fact | None], ...]
    errors: Mapping[str, float]


def workspace_files(folder: Path) -> tuple[tuple[str, str], ...]:
    """The files of a workspace.

    Parameters
    ----------
    folder : Path
        Folder with a facts.csv or with files facts/*.csv.

    Returns
    -------
    tuple of (str, str)
        (path inside the folder, text).

    Raises
    ------
    UserError
        For a folder that is missing or empty, a file that leads out of it, is too large or no UTF-8.
    """
    if not folder.is_dir():
        raise UserError(Problem("is not a folder", str(folder), "a workspace folder with a facts.csv"))
    root = folder.resolve()
    wanted = [folder / n for n in ("facts.csv", *_VOCABULARY)]
    wanted += sorted((folder / "facts").glob("*.csv")) if (folder / "facts").is_dir() else []
    out, problems = [], []
    for path in wanted:
        if not path.exists() and not path.is_symlink():
            continue
        where = path.relative_to(folder).as_posix()
        if not path.resolve().is_relative_to(root):
            problems.append(Problem("leads out of the workspace", where, "a file inside the folder"))
        elif not path.is_file():
            problems.append(Problem("is not a file", where, "a CSV file"))
        elif path.stat().st_size > LARGEST_FILE:
            problems.append(Problem(f"has {path.stat().st_size:,} bytes", where, f"at most {LARGEST_FILE:,}"))
        else:
            try:
                out.append((where, path.read_text(encoding="utf-8-sig")))
            except UnicodeDecodeError:
                problems.append(Problem("is not UTF-8 text", where, "a CSV file in UTF-8"))
            except OSError as e:
                problems.append(Problem(f"cannot be read ({e.strerror})", where))
    if problems:
        raise UserError(problems)
    if not out:
        raise UserError(
            Problem("has no facts.csv", str(folder), f"a CSV file with the columns {', '.join(FIELDS)}")
        )
    return tuple(out)


def checked_overlay(texts: Mapping[str, str], below: StoreContent, origin: str) -> Overlay:
    """The overlay in these files. Raises UserError listing every broken line of every file."""
    problems: list[Problem] = []
    sources, units = dict(below.vocabulary.sources), dict(below.vocabulary.units)
    if "sources.csv" in texts:
        for id, s in checked_sources(texts["sources.csv"], "sources.csv").items():
            if id in sources and sources[id] != s:
                problems.append(
                    Problem(f"source {id!r} is already another one", "sources.csv, source_id", "a new id")
                )
            sources[id] = s
    if "units.csv" in texts:
        units |= {u: x for u, x in checked_units(texts["units.csv"], "units.csv").items() if u not in units}
    errors = dict(below.errors)
    if EVIDENCE_STATUS in texts:
        errors |= checked_errors(texts[EVIDENCE_STATUS], EVIDENCE_STATUS)
    known = Vocabulary(sources, units)
    facts = {f.id: f for f, *_ in below.facts}
    entries: list[tuple[str, Mapping[str, str], Fact | None]] = []
    touched: dict[str, str] = {}
    for file in sorted(n for n in texts if n not in _VOCABULARY):
        rows = numbered_rows(texts[file], file, FIELDS)
        for line, r in rows:
            where = f"{file}:{line}"
            found = list(_row_problems(r, where, known, facts, touched))
            problems += found
            if found:
                continue
            fact = None if r["action"] == "retract" else _fact(r, facts.get(r["fact"]), origin)
            if fact is not None and (fact.id in facts or fact.id in touched):
                problems.append(Problem("states a fact that is already there", where, "each fact once"))
            touched[r["fact"] or (fact.id if fact else "")] = where
            entries.append((f"{origin} {where}", r, fact))
    if problems:
        raise UserError(problems)
    return Overlay(known, tuple(entries), errors)


def checked_errors(text: str, file: str) -> dict[str, float]:
    """Relative error by evidence status. Raises UserError for an unknown evidence status or an error outside
    [0, 2]."""
    out, problems = {}, []
    for line, r in numbered_rows(text, file, ("evidence_status", "error")):
        error = as_number(r["error"])
        if r["evidence_status"] not in (*EVIDENCE_STATUSES, "imputed"):
            problems.append(
                Problem(
                    f"unknown evidence status {r['evidence_status']!r}",
                    f"{file}:{line}, evidence_status",
                    ", ".join(EVIDENCE_STATUSES),
                )
            )
        if error is None or not 0 <= error <= 2:
            problems.append(
                Problem(f"{r['error']!r} is no relative error", f"{file}:{line}, error", "0 to 2, e.g. 0.15")
            )
        else:
            out[r["evidence_status"]] = error
    if problems:
        raise UserError(problems)
    return out


def _row_problems(
    r: Mapping[str, str], where: str, known: Vocabulary, facts: Mapping[str, Fact], touched: Mapping[str, str]
) -> Iterator[Problem]:
    yield from cell_problems(r, where)
    action = r["action"]
    if action not in ACTIONS:
        yield Problem(f"unknown action {action!r}", f"{where}, action", ", ".join(ACTIONS))
        return
    if action != "add":
        if r["fact"] not in facts:
            yield Problem(
                f"no fact {r['fact']!r}",
                f"{where}, fact",
                "an id as printed by `crosscut facts MINERAL --json`",
            )
        elif r["fact"] in touched:
            yield Problem(
                f"{r['fact']} was already changed at {touched[r['fact']]}", f"{where}, fact", "once"
            )
        if not r["reason"]:
            yield Problem("has no reason", f"{where}, reason", "why the fact below is wrong")
    if action == "retract":
        return
    yield from _fact_problems(r, where, known, facts.get(r["fact"]))


def _fact_problems(
    r: Mapping[str, str], where: str, known: Vocabulary, old: Fact | None
) -> Iterator[Problem]:
    if r["evidence_status"] not in EVIDENCE_STATUSES:
        yield Problem(
            f"unknown evidence status {r['evidence_status']!r}",
            f"{where}, evidence_status",
            ", ".join(EVIDENCE_STATUSES),
        )
    if r["source_id"] not in known.sources:
        yield Problem(
            f"unknown source {r['source_id']!r}",
            f"{where}, source_id",
            "an id of sources.csv in the workspace or the package",
        )
    for c in ("low", "high"):
        if r[c] and as_number(r[c]) is None:
            yield Problem(f"{r[c]!r} is not a number", f"{where}, {c}", "a number or blank")
    low, value, high = (as_number(r[c]) for c in ("low", "value", "high"))
    if low is not None and high is not None and low > high:
        yield Problem(f"low {low:g} is above high {high:g}", f"{where}, low")
    unit = known.units.get(r["unit"])
    if unit is None and r["unit"]:
        yield Problem(f"unknown unit {r['unit']!r}", f"{where}, unit", suggestion(r["unit"], known.units))
    number_wanted = unit is not None and unit.kind in ("tonnage", "rate", "price", "money")
    if number_wanted and r["value"] and value is None:
        yield Problem(
            f"{r['value']!r} is not a number", f"{where}, value", f"a number in {r['unit']}, or blank"
        )
    if too_large := size_problem(value, unit.kind if unit else "", f"{where}, value"):
        yield too_large
    attribute = r["attribute"] if old is None else old.attribute
    if value is not None and value < 0 and attribute.split(":")[0] in _NOT_NEGATIVE:
        yield Problem(f"{value:g} is below zero", f"{where}, value", f"{attribute} of 0 or more")
    if old is not None:
        meant = known.units.get(old.unit)
        if (unit.means or unit.text if unit else r["unit"]) != (
            meant.means or meant.text if meant else old.unit
        ):
            yield Problem(f"unit {r['unit']!r} is not that of the fact", f"{where}, unit", old.unit)
        if isinstance(old.value, float) and r["value"] and value is None:
            yield Problem(
                f"{r['value']!r} is not a number", f"{where}, value", "a number as before, or blank"
            )
        return
    for c in ("mineral", "subject_kind", "subject_id", "attribute"):
        if not r[c]:
            yield Problem("is blank", f"{where}, {c}", "what the fact is about")
    if (
        r["subject_kind"] == "country"
        and r["subject_id"] not in all_places()
        and r["subject_id"] not in GROUPS
    ):
        yield Problem(
            f"unknown country code {r['subject_id']!r}",
            f"{where}, subject_id",
            "ISO 3166 alpha-3, such as NAM",
        )


def _fact(r: Mapping[str, str], old: Fact | None, origin: str) -> Fact:
    id = fact_id(f"overlay {origin}", {c: r[c] for c in FIELDS if c != "reason"})
    number = as_number(r["value"])
    value: float | str | None = number if number is not None else r["value"] or None
    low, high = as_number(r["low"]), as_number(r["high"])
    said = "; ".join(t for t in (r["note"], r["reason"]) if t)
    if old is not None:
        return replace(
            old,
            id=id,
            value=value,
            low=low,
            high=high,
            unit=r["unit"] or old.unit,
            source_id=r["source_id"],
            evidence_status=r["evidence_status"],
            note=said,
            supersedes=old.id,
            basis=r["basis"] or old.basis,
        )
    return Fact(
        id,
        r["mineral"].strip().lower(),
        "overlay",
        r["subject_kind"],
        r["subject_id"],
        place_name(r["subject_id"]),
        r["attribute"],
        value,
        r["unit"],
        r["period"],
        low,
        high,
        r["source_id"],
        r["evidence_status"],
        said,
        "",
        r["basis"],
    )


def applied(below: StoreContent, overlay: Overlay) -> StoreContent:
    """A store's content with an overlay laid over it.

    Parameters
    ----------
    below : StoreContent
        The content below; it stays as it is.
    overlay : Overlay
        A checked overlay, as `checked_overlay` gives it.

    Returns
    -------
    StoreContent
        What the overlay replaced is kept in `changes`.
    """
    facts, texts, rows = list(below.facts), list(below.texts), list(below.rows)
    at = {f.id: k for k, (f, *_) in enumerate(facts)}
    row_at = {r["fact_id"]: k for k, (_, r) in enumerate(rows)}
    changes = list(below.changes)
    gone: set[int] = set()
    rows_gone: set[int] = set()
    for where, r, new in overlay.entries:
        if new is not None:
            title = overlay.vocabulary.sources[new.source_id].title
            text = " ".join((*(v for v in r.values()), title, new.subject, new.attribute, new.id)).casefold()
        if r["action"] == "add" and new is not None:
            facts.append((new, new.id, "value", where))
            texts.append(text)
            continue
        k = at[r["fact"]]
        old, row_id, column, _ = facts[k]
        changes.append(Change(old, r["action"], r["reason"], where, new.id if new else ""))
        if new is None:
            gone.add(k)
        else:
            facts[k], texts[k] = (new, row_id, column, where), f"{texts[k]} {text}"
        if row_id in row_at:
            n = row_at[row_id]
            name, row = rows[n]
            rows[n] = (name, with_value(row, name, column, None if new is None else new.value))
            if new is None and all(not rows[n][1][c] for f, i, c, _ in below.facts if i == row_id):
                rows_gone.add(n)
            if new is not None and row_id == old.id:
                # The source of the row stays: it says which series the row belongs to.
                rows[n] = (name, {**rows[n][1], "evidence_status": new.evidence_status})
    return StoreContent(
        overlay.vocabulary,
        [x for k, x in enumerate(facts) if k not in gone],
        [x for k, x in enumerate(texts) if k not in gone],
        [x for k, x in enumerate(rows) if k not in rows_gone],
        changes,
        below.same,
        overlay.errors,
    )


def with_value(row: Mapping[str, str], table: str, column: str, value: float | str | None) -> dict[str, str]:
    """A row whose measure in `column` is `value`; columns that hold the first measure converted move with
    it, and are blank where the old value gives no ratio."""
    out = {**row, column: "" if value is None else f"{value:.15g}" if isinstance(value, float) else value}
    spec = TABLES[table]
    if column == spec.measures[0].column:
        old = as_number(row[column])
        for c in spec.converted:
            was = as_number(row[c])
            known = old and was is not None and isinstance(value, float)
            out[c] = f"{was * value / old:.15g}" if known else ""  # type: ignore[operator]
    return out
