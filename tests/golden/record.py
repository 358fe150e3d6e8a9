"""Runs the recorded commands; `python -m tests.golden.record` writes what they give now to `record.json`.

What changed and why belongs in the commit that writes a new record.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import warnings
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from tests.golden.cases import CASES, HERE, record_of

RECORD = HERE / "record.json"
BUYS = (
    "supplier_country,mineral,hs_code,tonnes,usd,year\nChina,tungsten,,12,400000,2024\n"
    "USA,tungsten,,12,500000,2024\nViet Nam,,810110,3.0,190000,2024\n"
)
USES = "region,sector,share\nDEU,tools,0.2\n"


def economy_folder(folder: Path) -> Path:
    """The economy of Miller and Blair as two sectors of one region, in the layout that pymrio writes."""
    folder.mkdir()
    head = "region\t\tDEU\tDEU\nsector\t\tore\ttools\nregion\tsector\t\t\n"
    (folder / "Z.txt").write_text(head + "DEU\tore\t150\t500\nDEU\ttools\t200\t100\n")
    (folder / "Y.txt").write_text(
        "region\t\tDEU\ncategory\t\thouseholds\nregion\tsector\t\nDEU\tore\t350\nDEU\ttools\t1700\n"
    )
    (folder / "x.txt").write_text("region\tsector\tindout\nDEU\tore\t1000\nDEU\ttools\t2000\n")
    (folder / "unit.txt").write_text("region\tsector\tunit\nDEU\tore\tM.EUR\nDEU\ttools\tM.EUR\n")
    (folder / "metadata.json").write_text(json.dumps({"name": "my economy", "description": ""}))
    return folder


def printed(*words: str) -> tuple[int, str]:
    """Exit code and standard output of `crosscut` with these words, in this process."""
    (entry,) = entry_points(group="console_scripts", name="crosscut")
    before, out = sys.argv, io.StringIO()
    sys.argv = ["crosscut", *words]
    try:
        with contextlib.redirect_stdout(out), warnings.catch_warnings():
            warnings.simplefilter("default")  # as on the command line: a warning is no failure
            entry.load()()
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    finally:
        sys.argv = before
    raise AssertionError("the command did not end by SystemExit")


def results(folder: Path, only: tuple[str, ...] = ()) -> dict[str, str]:
    """What each case prints with `--json`, in order; results are kept in `folder` for the cases that read
    them."""
    os.environ.pop("CROSSCUT_WORKSPACE", None)
    (folder / "buys.csv").write_text(BUYS)
    (folder / "uses.csv").write_text(USES)
    known: dict[str, Any] = {
        "buys": folder / "buys.csv",
        "uses": folder / "uses.csv",
        "io": economy_folder(folder / "io"),
        **{name: folder / f"{name}.json" for name in CASES},
    }
    out = {}
    for name, words in CASES.items():
        if only and name not in only:
            continue
        code, text = printed(*(w.format_map(known) for w in words.split()), "--json")
        if code not in (0, 2) or not text:
            raise AssertionError(f"crosscut {words}: exit code {code}")
        (folder / f"{name}.json").write_text(text)
        out[name] = text
    return out


def main() -> None:
    """Writes the record; with a folder as its argument also the whole results there."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch)
        folder.mkdir(exist_ok=True)
        found = {name: record_of(text) for name, text in results(folder).items()}
    lines = [f'"{name}": {json.dumps(part, ensure_ascii=False)}' for name, part in found.items()]
    RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
