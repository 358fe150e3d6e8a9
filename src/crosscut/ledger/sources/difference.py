"""Difference: what a staged version would change in the figures, before it is accepted."""

from __future__ import annotations

from typing import Any

import polars as pl

from crosscut.base.errors import Problem, UserError
from crosscut.base.places import all_places, by_trade_code
from crosscut.ledger.reference.data_versions import DataVersions
from crosscut.ledger.reference.datasets import DATASETS, Dataset

SHOWN = 20


def staged_difference(data: DataVersions, source: str, shown: int = SHOWN) -> dict[str, Any]:
    """Rows added, removed and changed, totals by code or mineral, country and year, and the largest changes.

    One entry a dataset that the staged version of a source provides, against the copy in use (none: all is
    new).
    """
    version = data.staged_version(source)
    if version is None:
        raise UserError(Problem("nothing is staged", source, f"`crosscut data pull {source}` first"))
    manifest, folder = data.version_manifest(source, version), data.version_folder(source, version)
    datasets = []
    for name, entry in manifest["tables"].items():
        if name in DATASETS:
            new = pl.read_parquet(folder / entry["file"])
            datasets.append(difference(_now_in_use(data, DATASETS[name]), new, DATASETS[name], shown))
    return {
        "source": source,
        "version": version,
        "release": manifest["release"],
        "notes": manifest["notes"],
        "datasets": datasets,
    }


def _now_in_use(data: DataVersions, dataset: Dataset) -> pl.DataFrame | None:
    """The copy in use, as text keys like the staged one; None where there is none."""
    if data.in_use(dataset.id) is None:
        return None
    frame = pl.read_parquet(data.table_path(dataset.id))
    return frame.select([pl.col(c).cast(t) for c, t in dataset.schema.items()])


def difference(
    old: pl.DataFrame | None, new: pl.DataFrame, dataset: Dataset, shown: int = SHOWN
) -> dict[str, Any]:
    """The difference of two frames of a dataset; `old` None counts as empty. A figure changes when it
    differs by more than 1e-9 of itself, or is missing in one of them."""
    if old is None:
        old = pl.DataFrame(schema=dict(dataset.schema))
    keys, measures = list(dataset.keys), list(dataset.measures)
    a = old.select(*keys, *measures, pl.lit(True).alias("in_old"))
    b = new.select(*keys, *measures, pl.lit(True).alias("in_new"))
    both = a.join(b, on=keys, how="full", suffix=" new", coalesce=True, nulls_equal=True)
    is_added, is_removed = pl.col("in_old").is_null(), pl.col("in_new").is_null()
    changed = pl.any_horizontal(_differs(m, f"{m} new") for m in measures) & ~is_added & ~is_removed
    told = both.select(
        *keys,
        *measures,
        *(f"{m} new" for m in measures),
        pl.when(is_added)
        .then(pl.lit("added"))
        .when(is_removed)
        .then(pl.lit("removed"))
        .when(changed)
        .then(pl.lit("changed"))
        .otherwise(pl.lit("same"))
        .alias("what"),
    )
    counts = dict(told["what"].value_counts().rows())
    return {
        "dataset": dataset.id,
        "title": dataset.title,
        "rows": {
            "before": old.height,
            "after": new.height,
            **{w: counts.get(w, 0) for w in ("added", "removed", "changed", "same")},
        },
        "through": {"before": _last_year(old), "after": _last_year(new)},
        "gone": {g: n for g in _groups(dataset) if (n := _gone(old, new, g))},
        "totals": {g: _total_changes(old, new, g, dataset, shown) for g in _groups(dataset)},
        "largest": [_shown(r, dataset) for r in _largest(told, dataset, shown)],
    }


def _differs(a: str, b: str) -> pl.Expr:
    x, y = pl.col(a), pl.col(b)
    apart = (x - y).abs() > 1e-9 * pl.max_horizontal(x.abs(), y.abs())
    return (x.is_null() != y.is_null()) | apart.fill_null(False)


def _gone(old: pl.DataFrame, new: pl.DataFrame, by: str) -> int:
    """How many codes, countries or years have figures now and would have none."""
    return int(
        old.select(pl.col(by).unique()).join(new.select(pl.col(by).unique()), on=by, how="anti").height
    )


def _groups(dataset: Dataset) -> list[str]:
    """Single columns whose totals are shown: what, who, when."""
    return list(dict.fromkeys(c for group in dataset.totals for c in group))


def _total_changes(
    old: pl.DataFrame, new: pl.DataFrame, by: str, dataset: Dataset, shown: int
) -> list[dict[str, Any]]:
    """Sums of the first measure by one column, those that changed most first; where units or measures are
    mixed (production of all minerals in a year), rows are counted instead."""
    mixed = {
        "production": ("country", "year"),
        "summaries": tuple(_groups(dataset)),
        "governance": tuple(_groups(dataset)),
    }
    counted = by in mixed.get(dataset.id, ())
    first = dataset.measures[0]
    what = pl.len().cast(pl.Float64) if counted else pl.col(first).sum().cast(pl.Float64)
    a = old.group_by(by).agg(what.alias("before"))
    b = new.group_by(by).agg(what.alias("after"))
    both = a.join(b, on=by, how="full", coalesce=True, nulls_equal=True)
    both = both.with_columns((pl.col("after").fill_null(0) - pl.col("before").fill_null(0)).alias("change"))
    both = both.filter(pl.col("change").abs() > 1e-9 * pl.max_horizontal("before", "after").abs())
    ordered = both.sort(pl.col("change").abs(), by, descending=[True, False]).head(shown)
    return [
        {
            by: _label(by, r[by]),
            "before": r["before"],
            "after": r["after"],
            "change": r["change"],
            "of": "rows" if counted else first,
        }
        for r in ordered.iter_rows(named=True)
    ]


def _largest(told: pl.DataFrame, dataset: Dataset, shown: int) -> list[dict[str, Any]]:
    first = dataset.measures[0]
    size = (pl.col(f"{first} new").fill_null(0) - pl.col(first).fill_null(0)).abs()
    changed = told.filter(pl.col("what") != "same").with_columns(size.cast(pl.Float64).alias("size"))
    return (
        changed.sort("size", *dataset.keys, descending=[True] + [False] * len(dataset.keys))
        .head(shown)
        .to_dicts()
    )


def _shown(row: dict[str, Any], dataset: Dataset) -> dict[str, Any]:
    out = {k: _label(k, row[k]) for k in dataset.keys}
    out["what"] = row["what"]
    for m in dataset.measures:
        out[m] = {"before": row[m], "after": row[f"{m} new"]}
    return out


def _label(column: str, value: Any) -> Any:
    """A trade code as the three letters of its country; other values as they are."""
    if column in ("exporter", "importer", "reporter") and value is not None:
        try:
            return by_trade_code(str(value)).code
        except UserError:
            return str(value)
    if column == "country" and value in all_places():
        return all_places()[value].code
    return value


def _last_year(frame: pl.DataFrame) -> int | None:
    if "year" not in frame.columns or frame["year"].null_count() == frame.height:
        return None
    return int(frame["year"].max())  # type: ignore[arg-type]
