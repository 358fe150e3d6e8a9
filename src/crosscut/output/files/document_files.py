"""Tables: the document and its tables as files, for results whose page is not the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crosscut.output.page.report import harmless_text, table_frame, written
from crosscut.results import to_text


def write_tables(result: Mapping[str, Any], folder: str | Path) -> list[Path]:
    """Writes result.json and every table as tables/NAME.csv and .parquet; each appears whole or not at
    all."""
    folder = Path(folder)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    text = to_text(result).encode()
    out = [written(folder / "result.json", lambda p: p.write_bytes(text))]
    for name in result["tables"]:
        frame = table_frame(result, name)
        for kind, write in (("csv", harmless_text(frame).write_csv), ("parquet", frame.write_parquet)):
            out.append(written(folder / "tables" / f"{name}.{kind}", write))
    return out
