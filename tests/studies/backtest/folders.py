"""Episode folders for tests: some of the bundled episodes, written as plain files, with rows changed."""

import csv
import gzip
import io

from crosscut.studies.backtest.folder import bundled_folder

FEW = ("MN_AUS_2024", "NI_IDN_2014", "SB_CHN_2024", "GA_CHN_2023")


def rows_of(name):
    text = gzip.decompress((bundled_folder() / f"{name}.csv.gz").read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text)))


def written_folder(folder, ids=FEW, change=None):
    """Writes the tables of `ids` into `folder`; change(table, row) may alter a row in place."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ["episodes", "importers", "exporters", "months"]
    names += [f"trade_{k}" for k in ids if (bundled_folder() / f"trade_{k}.csv.gz").exists()]
    for name in names:
        rows = [r for r in rows_of(name) if r.get("episode_id", ids[0]) in ids]
        if not rows and name == "months":
            continue
        if change is not None:
            for r in rows:
                change(name, r)
        write(folder / f"{name}.csv", rows, list(rows_of(name)[0]))
    return folder


def write(path, rows, columns=None):
    with path.open("w", newline="", encoding="utf-8") as f:
        out = csv.DictWriter(f, columns or list(rows[0]))
        out.writeheader()
        out.writerows(rows)
