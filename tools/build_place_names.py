"""Writes place_names.csv: what the countries are called in fourteen languages, from the Unicode CLDR.

The CLDR comes with the package Babel, which is needed here alone. Names that it does not hold (older ones,
those of statistics, abbreviations) are kept by hand in place_aliases.csv beside it.

Run: python -m tools.build_place_names  (needs `pip install babel`)
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from crosscut.base.bundled import bundled_file
from crosscut.base.files import write_file
from crosscut.base.places import all_places

LANGUAGES = ("en", "de", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "zh", "zh_Hant")
COLUMNS = ("code", "language", "name", "source", "evidence_status")


def place_names_csv() -> str:
    """The text of place_names.csv: one row a country and language, in the order of the codes.

    Returns
    -------
    str
        CSV; names of countries without an ISO 3166 code of two letters are not in the CLDR and so not in it.
    """
    import babel  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from babel.core import get_cldr_version  # type: ignore[import-not-found, import-untyped, unused-ignore]

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    source = f"Unicode CLDR {get_cldr_version()}"
    names = {language: babel.Locale.parse(language).territories for language in LANGUAGES}
    for place in all_places().values():
        for language in LANGUAGES:
            name = names[language].get(place.alpha2) if place.kind == "country" else None
            if name:
                writer.writerow((place.code, language, name, source, "reported"))
    return out.getvalue()


def main() -> None:
    """Writes the table into the package."""
    write_file(Path(str(bundled_file("geography", "place_names.csv"))), place_names_csv().encode())


if __name__ == "__main__":
    main()
