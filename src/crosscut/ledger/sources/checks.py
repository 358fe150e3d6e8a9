"""Checks: what a table from outside must satisfy before anyone may see it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.reference.datasets import Dataset

FORMULA = ("=", "+", "@", "\t", "\r")  # a cell that starts so is run by a spreadsheet, not shown
LONGEST_TEXT = 4000
MOST_ROWS = 60_000_000


def check_label(text: str, where: str) -> str:
    """The label without blanks around it; UserError when it could be run as a formula or holds control
    characters.

    >>> check_label(" Viet Nam ", "t.csv:2, Country")
    'Viet Nam'
    """
    plain = " ".join(text.split())
    if plain.startswith(FORMULA) or text.startswith(FORMULA):
        raise UserError(
            Problem(f"{plain[:40]!r} would be run as a formula by a spreadsheet", where, "a plain name")
        )
    if len(plain) > LONGEST_TEXT or any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in plain):
        raise UserError(Problem("text with control characters, or too long", where, "a plain name"))
    return plain


def check_columns(found: Sequence[str], expected: Sequence[str], where: str, more: bool = False) -> None:
    """UserError that names the columns that are missing or new; with `more`, new ones after those are
    allowed."""
    if list(found[: len(expected)] if more else found) == list(expected):
        return
    missing, new = [c for c in expected if c not in found], [c for c in found if c not in expected]
    told = (
        "; ".join(
            part
            for part in (
                f"missing: {', '.join(missing)}" if missing else "",
                f"not known: {', '.join(map(repr, new[:8]))}" if new else "",
            )
            if part
        )
        or "another order"
    )
    raise UserError(Problem(f"the columns have changed ({told})", where, ", ".join(expected)))


def check_frame(frame: pl.DataFrame, dataset: Dataset, where: str) -> None:
    """UserError unless a frame has the schema of its dataset, one row a key, and figures within its
    bounds."""
    problems = []
    if dict(frame.schema) != dict(dataset.schema):
        raise ValueError(f"{where}: schema {frame.schema}, declared {dataset.schema}")
    if frame.is_empty():
        problems.append(Problem("has no rows", where, "figures"))
    if frame.height > MOST_ROWS:
        problems.append(Problem(f"{frame.height:,} rows", where, f"at most {MOST_ROWS:,}"))
    for measure, (low, high) in dataset.bounds.items():
        column = pl.col(measure)
        bad = (column < low) | (column > high)
        if dataset.schema[measure].is_float():
            bad = bad | column.is_nan() | column.is_infinite()
        for r in frame.filter(bad).head(3).iter_rows(named=True):
            problems.append(
                Problem(
                    f"{measure} {r[measure]:,.6g}",
                    f"{where}: {_key(r, dataset)}",
                    f"from {low:g} to {high:g}",
                )
            )
    if problems:
        raise UserError(problems)
    repeated = 0 if _rises(frame, dataset.keys) else frame.height - frame.select(dataset.keys).n_unique()
    if repeated:
        first = frame.filter(pl.struct(dataset.keys).is_duplicated()).head(1).row(0, named=True)
        raise UserError(
            Problem(f"{repeated:,} rows repeat others, e.g. {_key(first, dataset)}", where, "one row each")
        )


def _rises(frame: pl.DataFrame, keys: Sequence[str]) -> bool:
    """Whether every row's key is above the one before it: then none repeats, and nothing had to be hashed."""
    above = pl.lit(False)
    for k in reversed(keys):
        above = (pl.col(k) > pl.col(k).shift(1)) | ((pl.col(k) == pl.col(k).shift(1)) & above)
    return bool(frame.select(above.slice(1).fill_null(False).all()).item())


def _key(row: dict[str, object], dataset: Dataset) -> str:
    return ", ".join(str(row[k]) for k in dataset.keys)


def check_years(years: Iterable[int], latest: int, where: str) -> None:
    """UserError for a year before 1900 or after `latest`."""
    bad = sorted({y for y in years if not 1900 <= y <= latest})
    if bad:
        raise UserError(Problem(f"year {bad[0]}", where, f"1900 to {latest}"))


_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d{1,2})?")


def is_number(text: str) -> bool:
    """Whether a text is a plain number, thousands commas allowed.

    >>> is_number("1,050.5"), is_number("1,05"), is_number("W"), is_number("")
    (True, False, False, False)
    """
    return bool(text) and any(c.isdigit() for c in text) and _NUMBER.fullmatch(text) is not None
