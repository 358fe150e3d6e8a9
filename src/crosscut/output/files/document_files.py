"""Tables: the document and its tables as files, for results whose page is not the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crosscut.base.files import write_file
from crosscut.output.page.report import harmless_text, table_frame
from crosscut.results import to_text


def write_tables(result: Mapping[str, Any], folder: str | Path) -> list[Path]:
    """Writes result.json and every table as tables/NAME.csv and .parquet; each appears whole or not at
    all."""
    folder = Path(folder)
    out = [write_file(folder / "result.json", to_text(result))]
    for name in result["tables"]:
        frame = table_frame(result, name)
        for kind, write in (("csv", harmless_text(frame).write_csv), ("parquet", frame.write_parquet)):
            out.append(write_file(folder / "tables" / f"{name}.{kind}", write))
    return out
