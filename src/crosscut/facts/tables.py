"""Tables: the bundled fact tables, read as text, checked against their declaration, with an id on every row."""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from importlib.resources import files

import polars as pl

from crosscut.errors import Problem, UserError, suggestion
from crosscut.facts.schema import STANDINGS, TABLES, Source, TableSpec


@cache
def sources() -> dict[str, Source]:
    """Every source by id."""
    text = files("crosscut.facts").joinpath("bundled", "sources.csv").read_text(encoding="utf-8")
    return {
        r["source_id"]: Source(r["source_id"], r["title"], r["url"], r["published"], r["accessed"])
        for r in csv.DictReader(text.splitlines())
    }


def fact_id(table_name: str, row: dict[str, str]) -> str:
    """The id of a row: a hash of its table and content, so that the same figure keeps its id across versions."""
    content = "\x1f".join((table_name, *(f"{k}={v}" for k, v in row.items())))
    return "F" + hashlib.blake2b(content.encode(), digest_size=6).hexdigest()


@cache
def table(name: str) -> pl.DataFrame:
    """One bundled table: declared numbers as Float64 (null where blank), all else text, plus `fact_id`,
    `source_title`, `source_url` and `published`.

    Raises UserError naming the nearest table, or the file, line and field of a broken row.

    >>> t = table("tungsten/production")
    >>> t.filter((pl.col("iso3") == "WLD") & (pl.col("year") == "2024"))["mine_production"][0]
    82000.0
    """
    if name not in TABLES:
        raise UserError(Problem(f"no table {name!r}", "facts", suggestion(name, TABLES)))
    text = files("crosscut.facts").joinpath("bundled", f"{name}.csv").read_text(encoding="utf-8")
    return checked_table(name, text, TABLES[name])


def checked_table(name: str, text: str, spec: TableSpec) -> pl.DataFrame:
    """The table in `text`. Raises UserError listing every broken row as file:line, field, what was expected."""
    file = f"{name}.csv"
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="_extra")
    header = reader.fieldnames or []
    wanted = {*spec.subject, *spec.numbers, *(m.column for m in spec.measures), "source_id", "standing"}
    if absent := sorted(w for w in wanted if w and w not in header):
        raise UserError(
            [Problem(f"column {c!r} is missing", f"{file}:1", f"columns {', '.join(header)}") for c in absent]
        )
    known_sources = sources()
    problems, rows = [], []
    for r in reader:
        where = f"{file}:{reader.line_num}"
        if "_extra" in r or None in r.values():
            problems.append(Problem("has more or fewer fields than the header", where, f"{len(header)} fields"))
            continue
        if r["standing"] not in STANDINGS:
            problems.append(
                Problem(f"unknown standing {r['standing']!r}", f"{where}, standing", ", ".join(STANDINGS))
            )
        if r["source_id"] not in known_sources:
            problems.append(
                Problem(f"unknown source {r['source_id']!r}", f"{where}, source_id", "an id in sources.csv")
            )
        for column in spec.numbers:
            if r[column] and not _is_number(r[column]):
                problems.append(Problem(f"{r[column]!r} is not a number", f"{where}, {column}", "a number or blank"))
        rows.append({**r, "fact_id": fact_id(name, r)})
    if problems:
        raise UserError(problems)
    if not rows:
        raise UserError(Problem("has no rows", file, "at least one fact"))
    frame = pl.DataFrame(rows, schema=dict.fromkeys([*header, "fact_id"], pl.String))
    labels = {i: (s.title, s.url, s.published) for i, s in known_sources.items()}
    return frame.with_columns(
        *(pl.col(c).replace("", None).cast(pl.Float64) for c in spec.numbers),
        *(
            pl.col("source_id")
            .replace_strict({i: v[k] for i, v in labels.items()}, return_dtype=pl.String)
            .alias(title)
            for k, title in enumerate(("source_title", "source_url", "published"))
        ),
    )


def _is_number(text: str) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return value == value and abs(value) != float("inf")
