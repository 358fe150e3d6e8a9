"""Content: tonnes of what the output table counts, per gross tonne traded, for codes of the same stage as
the output.

`data/content.csv`: typical contents from the ledger's table of forms. A mineral is absent where trade and
output are of different stages (mined cobalt beside refined cobalt); it then has no reliance, rather than a
wrong one.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from crosscut.indicators.minerals import data_text


@dataclass(frozen=True)
class Content:
    """t per gross t, its relative standard deviation, and what is meant."""

    per_tonne: float
    sd: float
    standing: str
    note: str


@cache
def contents() -> dict[str, dict[str, Content]]:
    """Content by mineral and HS 1992 code.

    >>> contents()["tungsten"]["261100"].per_tonne
    0.515
    """
    out: dict[str, dict[str, Content]] = {}
    for r in csv.DictReader(data_text("content.csv").splitlines()):
        out.setdefault(r["mineral"], {})[r["hs92"]] = Content(
            float(r["content"]), float(r["sd"]), r["standing"], r["note"]
        )
    return out
