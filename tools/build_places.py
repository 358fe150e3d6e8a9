"""Rebuilds `src/crosscut/places.csv` from ISO 3166-1 (package pycountry, needed only here) and the trade
codes.

Run: python -m tools.build_places  (needs `pip install pycountry`)
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from crosscut.base.bundled import bundled_file
from crosscut.base.files import write_file

# Trade statistics number some countries differently from ISO 3166-1 (UN M49): ISO3 -> codes used in trade
# data.
TRADE_CODES = {
    "BEL": "56;58",
    "FRA": "250;251",
    "NOR": "578;579",
    "IND": "356;699",
    "CHE": "756;757",
    "USA": "840;842",
    "TWN": "158;490",
    "SDN": "729;736",
    "DEU": "276;280",
}
NAMES = {
    "BOL": "Bolivia",
    "BRN": "Brunei",
    "COD": "DR Congo",
    "COG": "Congo",
    "CZE": "Czechia",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "MDA": "Moldova",
    "PRK": "North Korea",
    "PSE": "Palestine",
    "RUS": "Russia",
    "SYR": "Syria",
    "TWN": "Taiwan",
    "TZA": "Tanzania",
    "USA": "United States",
    "VEN": "Venezuela",
    "VNM": "Viet Nam",
    "GBR": "United Kingdom",
    "TUR": "Türkiye",
    "FSM": "Micronesia",
    "MKD": "North Macedonia",
    "CIV": "Côte d'Ivoire",
}
ALIASES = {
    "BEL": "Belgium-Luxembourg",
    "BIH": "Bosnia-Herzegovina",
    "BOL": "Plurinational State of Bolivia",
    "CHN": "PRC;People's Republic of China;Mainland China",
    "COD": "Congo, D.R.;Congo (Kinshasa);Democratic Republic of the Congo;DRC",
    "COG": "Congo, Rep.;Congo (Brazzaville)",
    "CIV": "Ivory Coast;Cote d'Ivoire",
    "CZE": "Czech Republic",
    "GBR": "UK;Great Britain;Britain",
    "IRN": "Islamic Republic of Iran",
    "KAZ": "Qazaqstan",
    "KOR": "Korea;Korea, South;Republic of Korea;ROK",
    "LAO": "Lao PDR",
    "MMR": "Burma",
    "MKD": "Macedonia",
    "NLD": "Holland",
    "PRK": "Korea, North;DPRK",
    "RUS": "Russian Federation",
    "SWZ": "Swaziland",
    "TUR": "Turkey",
    "TWN": "Other Asia, nes;Other Asia, not elsewhere specified;Chinese Taipei;S19",
    "TZA": "United Republic of Tanzania",
    "USA": "US;U.S.;United States of America;America",
    "VNM": "Vietnam",
    "CPV": "Cape Verde",
    "TLS": "East Timor",
    "ARE": "UAE;Emirates",
}
VALID_FROM = {
    "SRB": 2006,
    "MNE": 2006,
    "SSD": 2011,
    "TLS": 2002,
    "CUW": 2010,
    "SXM": 2010,
    "BES": 2010,
}
# Places of trade statistics that are no ISO country today, and groups used by bundled estimates.
OTHERS = (
    (
        "XKX",
        "XK",
        "",
        "Kosovo",
        "",
        "2008",
        "",
        "country",
        "",
    ),  # a code of the user-assigned range, as the World Bank uses it
    ("ANT", "AN", "530", "Netherlands Antilles", "", "", "2010", "former", "530"),
    ("CSK", "", "200", "Czechoslovakia", "", "", "1992", "former", "200"),
    ("DDR", "", "278", "German Democratic Republic", "East Germany", "", "1990", "former", "278"),
    ("SCG", "", "891", "Serbia and Montenegro", "", "1992", "2005", "former", "891"),
    ("SUN", "", "810", "USSR", "Soviet Union", "", "1991", "former", "810"),
    ("PUS", "", "849", "US Miscellaneous Pacific Islands", "", "", "", "former", "849"),
    ("R20", "", "697", "Europe EFTA, not elsewhere specified", "", "", "", "group", "697"),
    ("ZA1", "", "711", "Southern African Customs Union", "SACU", "", "1999", "group", "711"),
    ("EUO", "", "", "EU27 without Austria and Germany", "", "", "", "group", ""),
    ("OTH", "", "", "Rest of the world", "Other countries;Others", "", "", "group", ""),
)
COLUMNS = ("code", "alpha2", "numeric", "name", "aliases", "valid_from", "valid_to", "kind", "trade_codes")


def places_csv() -> str:
    """The text of places.csv."""
    import pycountry  # type: ignore[import-not-found, unused-ignore]

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for c in sorted(pycountry.countries, key=lambda c: c.alpha_3):
        name = NAMES.get(c.alpha_3) or getattr(c, "common_name", None) or c.name
        aliases = ";".join(
            dict.fromkeys(
                [
                    *(a for a in ALIASES.get(c.alpha_3, "").split(";") if a),
                    *([c.name] if c.name != name else []),
                ]
            )
        )
        trade = TRADE_CODES.get(c.alpha_3, str(int(c.numeric)))
        writer.writerow(
            (
                c.alpha_3,
                c.alpha_2,
                str(int(c.numeric)),
                name,
                aliases,
                VALID_FROM.get(c.alpha_3, ""),
                "",
                "country",
                trade,
            )
        )
    writer.writerows(OTHERS)
    return out.getvalue()


if __name__ == "__main__":
    write_file(Path(str(bundled_file("geography", "places.csv"))), places_csv().encode())
