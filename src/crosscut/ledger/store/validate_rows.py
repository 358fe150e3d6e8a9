"""Checked: the text of a fact table or a vocabulary becomes rows, or every broken row is told by file, line
and field."""

from __future__ import annotations

import csv
import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.places import all_places
from crosscut.ledger.store.fact import DIRECTNESS, EVIDENCE_STATUSES, Source, TableSpec

# What stands beside countries in a place column: world, unions, sums, holders that are not known.
GROUPS = ("WLD", "EU27", "EUR", "OECD", "TOP3", "TOT", "UNK", "URENCO (GBR,DEU,NLD,USA)")
# Above this no figure of the kind can be meant: the world mines some 10^10 t of everything a year and holds
# some 10^15 USD; a larger number is a unit slip or an attack on a sum.
LARGEST = {
    "tonnage": 1e13,
    "rate": 1e13,
    "money": 1e16,
    "price": 1e10,
    "share": 1e5,
    "content": 1e3,
    "ratio": 1e6,
    "time": 1e6,
    "count": 1e12,
}
LONGEST = 4000  # characters of a cell: a note, not a book
# A spreadsheet runs what begins like this. A sign before a number is a number.
_FORMULA = re.compile(r"^\s*(?:[=@]|[+\-](?![\d.,\s%]|[^\W\d_]*\s)[^\s]*[(|!])")


@dataclass(frozen=True)
class UnitText:
    """A unit text of the tables: its kind, and the unit that `crosscut.base.units` reads it as (empty: not
    converted)."""

    text: str
    kind: str
    means: str
    note: str


@dataclass(frozen=True)
class Vocabulary:
    """The code lists that tables are checked against: sources and units by id."""

    sources: Mapping[str, Source]
    units: Mapping[str, UnitText]


def checked_sources(text: str, file: str) -> dict[str, Source]:
    """The sources in the text of a file.

    Parameters
    ----------
    text : str
        A CSV file with its header.
    file : str
        Its name, for errors.

    Returns
    -------
    dict of str to Source
        Source id -> source.

    Raises
    ------
    UserError
        For an unknown directness, a source without id or title, a repeated id, a formula, a cell that is too
        long or a missing column.
    """
    out: dict[str, Source] = {}
    problems: list[Problem] = []
    fields = ("source_id", "title", "url", "published", "accessed", "directness", "licence")
    for line, r in numbered_rows(text, file, fields):
        where = f"{file}:{line}"
        problems += cell_problems(r, where)
        if r["directness"] not in DIRECTNESS:
            problems.append(
                Problem(
                    f"unknown directness {r['directness']!r}", f"{where}, directness", ", ".join(DIRECTNESS)
                )
            )
        if not r["source_id"] or not r["title"]:
            problems.append(Problem("has no id or no title", f"{where}, source_id", "who says so"))
        if r["source_id"] in out:
            problems.append(Problem(f"source {r['source_id']!r} is listed twice", f"{where}, source_id"))
        out[r["source_id"]] = Source(*(r[f] for f in fields))
    if problems:
        raise UserError(problems)
    return out


def checked_units(text: str, file: str) -> dict[str, UnitText]:
    """The units in the text of a file.

    Parameters
    ----------
    text : str
        A CSV file with its header.
    file : str
        Its name, for errors.

    Returns
    -------
    dict of str to UnitText
        Unit text -> its kind and meaning.

    Raises
    ------
    UserError
        For a missing column, or a row that does not fit the header.
    """
    return {
        r["unit"]: UnitText(r["unit"], r["kind"], r["means"], r["note"])
        for _, r in numbered_rows(text, file, ("unit", "kind", "means", "note"))
    }


def numbered_rows(text: str, file: str, fields: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV that must have certain columns, each with its line.

    Parameters
    ----------
    text : str
        A CSV file with its header.
    file : str
        Its name, for errors.
    fields : tuple of str
        Columns that it must have; it may have more.

    Returns
    -------
    list of (int, dict)
        (line in the file, column -> text).

    Raises
    ------
    UserError
        For a column that is missing or there twice, a row with fields too few or many, a zero byte, or text
        that is no CSV.
    """
    if "\0" in text:
        raise UserError(Problem("is not text (it has a zero byte)", file, "a CSV file in UTF-8"))
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="_extra", strict=True)
    try:
        header = list(reader.fieldnames or [])
        if absent := [c for c in fields if c not in header]:
            raise UserError(
                [
                    Problem(f"column {c!r} is missing", f"{file}:1", f"columns {', '.join(fields)}")
                    for c in absent
                ]
            )
        if len(set(header)) < len(header):
            raise UserError(Problem("a column name is there twice", f"{file}:1", "each column once"))
        out = []
        for r in reader:
            if "_extra" in r or None in r.values():
                raise_at = f"{file}:{reader.line_num}"
                raise UserError(
                    Problem("has more or fewer fields than the header", raise_at, f"{len(header)} fields")
                )
            out.append((reader.line_num, r))
    except csv.Error as e:
        raise UserError(Problem(f"cannot be read as CSV ({e})", f"{file}:{reader.line_num}")) from None
    return out


def cell_problems(r: Mapping[str, str], where: str) -> Iterator[Problem]:
    """Cells that a spreadsheet would run as a formula, or that are longer than any figure or note.

    Parameters
    ----------
    r : mapping of str to str
        The row, column -> text.
    where : str
        File and line, for the problems.

    Yields
    ------
    Problem
        One for each fault of a cell.
    """
    for column, text in r.items():
        if text and _FORMULA.match(text):
            yield Problem(
                f"{text[:40]!r} would run as a formula in a spreadsheet", f"{where}, {column}", "plain text"
            )
        if text and len(text) > LONGEST:
            yield Problem(f"has {len(text):,} characters", f"{where}, {column}", f"at most {LONGEST:,}")


def size_problem(value: float | None, kind: str, where: str) -> Problem | None:
    """Whether a number is too large for its kind of unit.

    Parameters
    ----------
    value : float or None
        The number, in a unit of that kind.
    kind : str
        Kind of unit, such as "tonnage"; `LARGEST` has the limit of each.
    where : str
        File, line and column, for the problem.

    Returns
    -------
    Problem or None
        None where the number is within its limit, or there is no number or no limit.
    """
    limit = LARGEST.get(kind)
    if value is None or limit is None or abs(value) <= limit:
        return None
    return Problem(f"{value:g} is no {kind} that can be meant", where, f"at most {limit:g} in size")


FIRST_NAMES = ("evidence_status", "standing")  # today's name of a column, its name in the first ids


def fact_id(table_name: str, row: Mapping[str, str]) -> str:
    """The id of a row: the same figure keeps its id across versions.

    Parameters
    ----------
    table_name : str
        The table, such as "tungsten/production".
    row : mapping of str to str
        Column -> text, in the order of the table.

    Returns
    -------
    str
        "F" and twelve hexadecimal digits, a hash of table and content.

    Notes
    -----
    Ids are cited in files that people keep, so they outlive the name of a column: one that was renamed
    enters by the name it had when ids were first given (`FIRST_NAMES`).
    """
    named = ((k.replace(*FIRST_NAMES), v) for k, v in row.items())
    content = "\x1f".join((table_name, *(f"{k}={v}" for k, v in named)))
    return "F" + hashlib.blake2b(content.encode(), digest_size=6).hexdigest()


def rows_of_table(name: str, text: str, spec: TableSpec, vocabulary: Vocabulary) -> list[dict[str, str]]:
    """The rows in the text of a table, checked against its declaration.

    Parameters
    ----------
    name : str
        The table, for ids and for errors.
    text : str
        A CSV file with its header.
    spec : TableSpec
        Its declaration.
    vocabulary : Vocabulary
        Sources and units that rows may name.

    Returns
    -------
    list of dict
        Column -> text, with `fact_id`, in table order.

    Raises
    ------
    UserError
        With every broken row: file and line, field, what was expected; also for no rows at all.
    """
    file = f"{name}.csv"
    if "\0" in text:
        raise UserError(Problem("is not text (it has a zero byte)", file, "a CSV file in UTF-8"))
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="_extra")
    header = list(reader.fieldnames or [])
    if absent := sorted(({"source_id", "evidence_status"} | spec.columns()) - set(header)):
        raise UserError(
            [Problem(f"column {c!r} is missing", f"{file}:1", f"columns {', '.join(header)}") for c in absent]
        )
    problems: list[Problem] = []
    out: dict[str, dict[str, str]] = {}
    for r in reader:
        where = f"{file}:{reader.line_num}"
        if "_extra" in r or None in r.values():
            problems.append(
                Problem("has more or fewer fields than the header", where, f"{len(header)} fields")
            )
            continue
        problems += _row_problems(r, where, spec, vocabulary)
        key = fact_id(name, r)
        if key in out:
            problems.append(Problem("repeats an earlier row", where, "each fact once"))
        out[key] = {**r, "fact_id": key}
    if problems:
        raise UserError(problems)
    if not out:
        raise UserError(Problem("has no rows", file, "at least one fact"))
    return list(out.values())


def _row_problems(r: dict[str, str], where: str, spec: TableSpec, known: Vocabulary) -> Iterator[Problem]:
    """What is wrong with one row: evidence status, source, numbers, sizes, country codes, code lists, units,
    formulas."""
    yield from cell_problems(r, where)
    if r["evidence_status"] not in EVIDENCE_STATUSES:
        yield Problem(
            f"unknown evidence status {r['evidence_status']!r}",
            f"{where}, evidence_status",
            ", ".join(EVIDENCE_STATUSES),
        )
    if r["source_id"] not in known.sources:
        yield Problem(f"unknown source {r['source_id']!r}", f"{where}, source_id", "an id in sources.csv")
    for column in spec.numbers:
        if r[column] and as_number(r[column]) is None:
            yield Problem(f"{r[column]!r} is not a number", f"{where}, {column}", "a number or blank")
    for column in spec.places:
        if r[column] and r[column] not in all_places() and r[column] not in GROUPS:
            yield Problem(
                f"unknown country code {r[column]!r}", f"{where}, {column}", "ISO 3166 alpha-3, such as NAM"
            )
    for column, allowed in spec.codes.items():
        if r[column] not in allowed:
            yield Problem(f"unknown code {r[column]!r}", f"{where}, {column}", suggestion(r[column], allowed))
    for m in spec.measures:
        if m.unit and not m.unit.startswith("=") and r[m.unit] and r[m.unit] not in known.units:
            yield Problem(
                f"unknown unit {r[m.unit]!r}", f"{where}, {m.unit}", suggestion(r[m.unit], known.units)
            )
        if (
            m.evidence_status
            and not m.evidence_status.startswith("=")
            and r[m.evidence_status] not in (*EVIDENCE_STATUSES, "")
        ):
            yield Problem(
                f"unknown evidence status {r[m.evidence_status]!r}",
                f"{where}, {m.evidence_status}",
                ", ".join(EVIDENCE_STATUSES),
            )
        unit = known.units.get(m.unit[1:] if m.unit.startswith("=") else r[m.unit] if m.unit else "")
        too_large = size_problem(
            None if m.text else as_number(r[m.column]), unit.kind if unit else "", f"{where}, {m.column}"
        )
        if too_large:
            yield too_large


def as_number(text: str) -> float | None:
    """The finite number that a text is.

    Parameters
    ----------
    text : str
        A cell of a table.

    Returns
    -------
    float or None
        None where the text is no number, or is not finite.
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
