"""Totals: what must be equal before and after an import, for every mineral or code, year and country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.reference.datasets import Dataset

# grouping ("hs92/year") -> key ("261100/2024") -> rows, then for every measure: missing, sum
Totals = Mapping[str, Mapping[str, tuple[int | Decimal, ...]]]
TOLERANCE = Decimal("1e-9")


def totals_of(
    frame: pl.DataFrame | pl.LazyFrame, dataset: Dataset
) -> dict[str, dict[str, tuple[int | Decimal, ...]]]:
    """Rows, missing figures and sums of a frame in every group that the dataset declares."""
    out: dict[str, dict[str, tuple[int | Decimal, ...]]] = {}
    for group in dataset.totals:
        aggregates = [pl.len().alias("rows")]
        for m in dataset.measures:
            aggregates += [pl.col(m).is_null().sum().alias(f"{m} missing"), pl.col(m).sum().alias(f"{m} sum")]
        found = frame.lazy().group_by(group).agg(aggregates)
        sums = found.with_columns(pl.col(group).cast(pl.String).fill_null("")).collect(engine="streaming")
        out["/".join(group)] = {
            "/".join(r[: len(group)]): tuple(_number(x, dataset.whole) for x in r[len(group) :])
            for r in sums.iter_rows()
        }
    return out


def _number(value: float, whole: bool) -> int | Decimal:
    return int(value) if whole or isinstance(value, int) else Decimal(repr(value))


class Adder:
    """Adds up rows one at a time, in decimals: the path that shares nothing with the frames."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._sums: dict[str, dict[str, list[int | Decimal]]] = {"/".join(g): {} for g in dataset.totals}

    def add(self, keys: Mapping[str, object], figures: Mapping[str, Decimal | None]) -> None:
        """One row: its key columns and its figures (None where missing)."""
        for group in self._dataset.totals:
            key = "/".join("" if keys[c] is None else str(keys[c]) for c in group)
            empty: list[int | Decimal] = [0]
            for _ in self._dataset.measures:
                empty += [0, Decimal(0)]
            entry = self._sums["/".join(group)].setdefault(key, empty)
            entry[0] += 1
            for n, m in enumerate(self._dataset.measures):
                value = figures[m]
                if value is None:
                    entry[1 + 2 * n] += 1
                else:
                    entry[2 + 2 * n] += value

    def totals(self) -> Totals:
        """What was added."""
        return {g: {k: tuple(v) for k, v in entries.items()} for g, entries in self._sums.items()}


def check_totals(before: Totals, after: Totals, dataset: Dataset, where: str) -> None:
    """UserError when any group has other rows, missing figures or sums after the import than before it."""
    problems = []
    for group in ("/".join(g) for g in dataset.totals):
        a, b = before.get(group, {}), after.get(group, {})
        for key in sorted({*a, *b}):
            if not _equal(a.get(key), b.get(key), dataset.whole):
                problems.append(
                    Problem(
                        f"{group} {key}: {_told(a.get(key))} in the source, {_told(b.get(key))} after the"
                        " import",
                        where,
                        "equal totals; nothing was accepted, please report this",
                    )
                )
    if problems:
        raise UserError(problems[:10])


def _equal(a: Iterable[int | Decimal] | None, b: Iterable[int | Decimal] | None, whole: bool) -> bool:
    if a is None or b is None:
        return False
    return all(
        (
            x == y
            if whole
            else abs(Decimal(x) - Decimal(y)) <= TOLERANCE * max(abs(Decimal(x)), abs(Decimal(y)), Decimal(1))
        )
        for x, y in zip(a, b, strict=True)
    )


def _told(entry: tuple[int | Decimal, ...] | None) -> str:
    if entry is None:
        return "nothing"
    return f"{entry[0]:,} rows, sum {', '.join(f'{x:,.6g}' for x in entry[2::2])}"
