"""Titles: the publisher and edition of a source, without the way it was read."""

from __future__ import annotations

import re


def short_title(title: str) -> str:
    """Publisher and edition.

    >>> short_title("USGS MCS 2026 Tungsten; read via third-party extraction")
    'USGS Mineral Commodity Summaries 2026'
    """
    if edition := re.search(r"(?:Mineral Commodity Summaries|MCS) (\d{4})", title):
        return f"USGS Mineral Commodity Summaries {edition[1]}"
    return title.split(",")[0]
