"""Files: a document and its tables as files that other programs read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crosscut.base.files import write_file
from crosscut.results import Document

if TYPE_CHECKING:
    import polars as pl


def write_tables(document: Document, folder: str | Path) -> list[Path]:
    """Writes result.json and every table as tables/NAME.csv and .parquet.

    Parameters
    ----------
    document : Document
        A result.
    folder : str | Path
        Made when it is not there. Each file appears whole or not at all.

    Returns
    -------
    list of Path
        result.json, then two files a table.
    """
    folder = Path(folder)
    out = [write_file(folder / "result.json", document.to_json())]
    for name in document.tables:
        frame = document.table(name)
        for kind, write in (("csv", harmless_text(frame).write_csv), ("parquet", frame.write_parquet)):
            out.append(write_file(folder / "tables" / f"{name}.{kind}", write))
    return out


def harmless_text(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame for a CSV file: a text that a spreadsheet would run as a formula gets an apostrophe before
    it.

    >>> import polars as pl
    >>> harmless_text(pl.DataFrame({"note": ["=1+1", "-", "-2+3", "Viet Nam"]}))["note"].to_list()
    ["'=1+1", '-', "'-2+3", 'Viet Nam']
    """
    import polars as pl

    text = pl.col(pl.String)
    return frame.with_columns(
        pl.when(text.str.contains(r"^([=+@\t\r]|-.)")).then("'" + text).otherwise(text).name.keep()
    )


def named_files(files: Sequence[str]) -> list[str]:
    """What was written, for people: pages and documents by name, tables by their number (of two files each).

    >>> named_files(["out/report.html", "out/tables/prices.csv", "out/tables/prices.parquet"])
    ['out/report.html', '1 table in out/tables']
    """
    tables = [Path(f) for f in files if f.endswith((".csv", ".parquet"))]
    out = [f for f in files if Path(f) not in tables]
    for folder in dict.fromkeys(t.parent for t in tables):
        count = len({t.stem for t in tables if t.parent == folder})
        out.append(f"{count} table{'s' if count != 1 else ''} in {folder}")
    return out
