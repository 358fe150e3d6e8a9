"""Tables: the bundled fact tables, read as text, checked against their declaration, with an id on every row."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from crosscut.errors import Problem, UserError, suggestion
from crosscut.facts.declarations import TABLES
from crosscut.facts.schema import DIRECTNESS, STANDINGS, Source, TableSpec
from crosscut.places import all_places

if TYPE_CHECKING:
    import polars as pl

# What stands beside countries in a place column: world, unions, sums, holders that are not known.
GROUPS = ("WLD", "EU27", "TOP3", "TOT", "UNK", "URENCO (GBR,DEU,NLD,USA)")


@dataclass(frozen=True)
class Unit:
    """A unit text of the tables: its kind, and the unit that `crosscut.units` reads it as (empty: not converted)."""

    text: str
    kind: str
    means: str
    note: str


def _bundled(name: str) -> str:
    return files("crosscut.facts").joinpath("bundled", name).read_text(encoding="utf-8")


@cache
def sources() -> dict[str, Source]:
    """Every source by id."""
    out, problems = {}, []
    for n, r in enumerate(csv.DictReader(_bundled("sources.csv").splitlines()), 2):
        if r["directness"] not in DIRECTNESS:
            where = f"sources.csv:{n}, directness"
            problems.append(Problem(f"unknown directness {r['directness']!r}", where, ", ".join(DIRECTNESS)))
        if r["source_id"] in out:
            problems.append(Problem(f"source {r['source_id']!r} is listed twice", f"sources.csv:{n}, source_id"))
        out[r["source_id"]] = Source(
            r["source_id"], r["title"], r["url"], r["published"], r["accessed"], r["directness"], r["licence"]
        )
    if problems:
        raise UserError(problems)
    return out


@cache
def units() -> dict[str, Unit]:
    """The unit vocabulary of the tables by text.

    >>> units()["USD/dmtu WO3"].means
    'USD/mtu WO3'
    """
    rows = csv.DictReader(_bundled("units.csv").splitlines())
    return {r["unit"]: Unit(r["unit"], r["kind"], r["means"], r["note"]) for r in rows}


def fact_id(table_name: str, row: dict[str, str]) -> str:
    """The id of a row: a hash of its table and content, so that the same figure keeps its id across versions."""
    content = "\x1f".join((table_name, *(f"{k}={v}" for k, v in row.items())))
    return "F" + hashlib.blake2b(content.encode(), digest_size=6).hexdigest()


@cache
def table(name: str) -> pl.DataFrame:
    """One bundled table: declared numbers as Float64 (null where blank), all else text, plus `fact_id`,
    `source_title`, `source_url` and `published`.

    Raises UserError naming the nearest table, or the file, line and field of a broken row.

    >>> import polars as pl
    >>> t = table("tungsten/production")
    >>> t.filter((pl.col("iso3") == "WLD") & (pl.col("year") == "2024"))["mine_production"][0]
    82000.0
    """
    return checked_table(name, _text(name), TABLES[name])


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one bundled table as text with `fact_id`, checked; what the ledger reads. Raises as `table`."""
    return tuple(checked_rows(name, _text(name), TABLES[name]))


def _text(name: str) -> str:
    if name not in TABLES:
        raise UserError(Problem(f"no table {name!r}", "facts", suggestion(name, TABLES)))
    return _bundled(f"{name}.csv")


def checked_rows(name: str, text: str, spec: TableSpec) -> list[dict[str, str]]:
    """The rows in `text`. Raises UserError listing every broken row as file:line, field, what was expected."""
    file = f"{name}.csv"
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="_extra")
    header = list(reader.fieldnames or [])
    if absent := sorted(({"source_id", "standing"} | spec.columns()) - set(header)):
        raise UserError(
            [Problem(f"column {c!r} is missing", f"{file}:1", f"columns {', '.join(header)}") for c in absent]
        )
    problems: list[Problem] = []
    out: dict[str, dict[str, str]] = {}
    for r in reader:
        where = f"{file}:{reader.line_num}"
        if "_extra" in r or None in r.values():
            problems.append(Problem("has more or fewer fields than the header", where, f"{len(header)} fields"))
            continue
        problems += _row_problems(r, where, spec)
        key = fact_id(name, r)
        if key in out:
            problems.append(Problem("repeats an earlier row", where, "each fact once"))
        out[key] = {**r, "fact_id": key}
    if problems:
        raise UserError(problems)
    if not out:
        raise UserError(Problem("has no rows", file, "at least one fact"))
    return list(out.values())


def _row_problems(r: dict[str, str], where: str, spec: TableSpec) -> Iterator[Problem]:
    """What is wrong with one row: standing, source, numbers, country codes, code lists, units."""
    if r["standing"] not in STANDINGS:
        yield Problem(f"unknown standing {r['standing']!r}", f"{where}, standing", ", ".join(STANDINGS))
    if r["source_id"] not in sources():
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
        if m.unit and not m.unit.startswith("=") and r[m.unit] and r[m.unit] not in units():
            yield Problem(f"unknown unit {r[m.unit]!r}", f"{where}, {m.unit}", suggestion(r[m.unit], units()))
        if m.standing and not m.standing.startswith("=") and r[m.standing] not in (*STANDINGS, ""):
            yield Problem(f"unknown standing {r[m.standing]!r}", f"{where}, {m.standing}", ", ".join(STANDINGS))


def checked_table(name: str, text: str, spec: TableSpec) -> pl.DataFrame:
    """The frame of the table in `text`; see `table`. Raises UserError as `checked_rows` does."""
    import polars as pl

    checked = checked_rows(name, text, spec)
    frame = pl.DataFrame(checked, schema=dict.fromkeys(checked[0], pl.String))
    labels = {i: (s.title, s.url, s.published) for i, s in sources().items()}
    return frame.with_columns(
        *(pl.col(c).replace("", None).cast(pl.Float64) for c in spec.numbers),
        *(
            pl.col("source_id")
            .replace_strict({i: v[k] for i, v in labels.items()}, return_dtype=pl.String)
            .alias(title)
            for k, title in enumerate(("source_title", "source_url", "published"))
        ),
    )


def as_number(text: str) -> float | None:
    """The finite number that `text` is, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None
