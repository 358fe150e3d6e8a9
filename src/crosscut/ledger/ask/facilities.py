"""Facilities: one sheet for each mine, deposit and plant: where it is, what it holds and can make, who owns
it, who pays, who buys, and what other sources say."""

from __future__ import annotations

from typing import Any

from crosscut.ledger.names.facilities import facility_names
from crosscut.ledger.own_tables import entry_with, facility_tables, tables_of_kind
from crosscut.ledger.ownership.control import controlling_country
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import as_number, rows, sources

# column, what it says, its unit (a column, or "=text")
_FIELDS = (
    ("status", "status", ""),
    ("start_year", "start", "=year"),
    ("capacity", "capacity", "capacity_unit"),
    ("tonnage_mt", "ore", "=Mt"),
    ("grade_wo3_pct", "grade", "=% WO3"),
    ("contained_wo3_t", "contained", "=t WO3"),
    ("recovery_pct", "recovery", "=%"),
    ("capex_musd", "capital cost", "=million USD"),
    ("opex", "operating cost", ""),
    ("owners_pct_iso3", "owners", ""),
    ("financing", "financing", ""),
)
_TONNAGE_CLASS = "tonnage_class"


def facilities(ledger: Ledger, mineral: str) -> list[str]:
    """Ids of the facilities of a mineral.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".

    Returns
    -------
    list of str
        In table order, each once.

    Raises
    ------
    Refused
        Where no facilities of the mineral are bundled.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> facilities(ledger, "tungsten")[:2]
    ['KZ01', 'KZ01C']
    """
    tables = entry_with(mineral, "facilities", "facilities of").facilities
    return list(
        dict.fromkeys(r["facility_id"] for t in tables for r in rows(ledger, t) if r["row_kind"] == "main")
    )


def facility_sheet(ledger: Ledger, facility_id: str, year: int = 2025) -> dict[str, Any]:
    """Everything known of one facility, as its tables state it.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    facility_id : str
        Id of a facility that has a main row, as `facilities` lists it.
    year : int
        Calendar year at whose end control is worked out.

    Returns
    -------
    dict
        id, name, names, country (ISO3), lat and lon (degrees, None where not known), placed (published,
        recalled or None), type, values, control, stakes, offtakes, facts. Each of "values" has attribute,
        value, unit, of, said (main, detail or conflict), evidence status, source, published, note, fact and
        about. Shares in "control" are fractions, those in "stakes" percent as printed.

    Raises
    ------
    StopIteration
        Where no table has a main row with this id.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> sheet = facility_sheet(ledger, "KZ02")
    >>> sheet["control"]["country"], sheet["placed"], round(sheet["control"]["shares"]["KAZ"]["value"], 2)
    ('USA', 'recalled', 0.3)
    """
    own = [r for t in facility_tables() for r in rows(ledger, t) if r["facility_id"] == facility_id]
    main = next(r for r in own if r["row_kind"] == "main")
    placed = next((r for r in (main, *own) if r["lat"]), None)
    control = controlling_country(ledger, facility_id, year)
    return {
        "id": facility_id,
        "name": main["name"],
        "names": [n.text for n in facility_names(ledger) if n.facility_id == facility_id and n.whole],
        "country": main["country_iso3"],
        "lat": as_number(placed["lat"]) if placed else None,
        "lon": as_number(placed["lon"]) if placed else None,
        "placed": (
            None if placed is None else "published" if placed["coord_basis"].startswith("pub") else "recalled"
        ),
        "type": main["type"],
        "values": [v for r in own for v in _values(ledger, r)],
        "control": {
            "year": year,
            "country": control.country,
            "rule": control.rule,
            "share_known": control.share_known,
            "shares": {
                c: {"value": s.value, "low": s.low, "high": s.high} for c, s in control.shares.items()
            },
            "chain": list(control.chain),
        },
        "stakes": [
            _stake(ledger, r)
            for t in tables_of_kind("stakes")
            for r in rows(ledger, t)
            if _is_about(r, "target", main)
        ],
        "offtakes": [
            _offtake(ledger, r)
            for t in tables_of_kind("offtakes")
            for r in rows(ledger, t)
            if _is_about(r, "seller", main)
        ],
        "facts": [r["fact_id"] for r in own],
    }


@per_ledger
def all_sheets(ledger: Ledger, mineral: str, year: int = 2025) -> tuple[dict[str, Any], ...]:
    """The sheets of every facility of a mineral.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".
    year : int
        Calendar year at whose end control is worked out.

    Returns
    -------
    tuple of dict
        As `facility_sheet` gives them: Kazakhstan's contested deposits first, then by country (ISO3).

    Raises
    ------
    Refused
        Where no facilities of the mineral are bundled.
    """
    sheets = [facility_sheet(ledger, f, year) for f in facilities(ledger, mineral)]
    return tuple(sorted(sheets, key=lambda s: (s["country"] != "KAZ", s["country"])))


def first_value(sheet: dict[str, Any], attribute: str) -> tuple[str, str]:
    """An attribute of a facility as the main row, else a row of detail, gives it.

    Parameters
    ----------
    sheet : dict
        A facility as `facility_sheet` gives it.
    attribute : str
        Such as "grade" or "owners".

    Returns
    -------
    str
        The value as printed; empty where no row gives it. Rows that contradict are passed over.
    str
        Its unit; empty where it has none.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> first_value(facility_sheet(ledger, "KZ01"), "grade")
    ('0.211', '% WO3')
    """
    said = [v for v in sheet["values"] if v["attribute"] == attribute and v["said"] != "conflict"]
    return (said[0]["value"], said[0]["unit"]) if said else ("", "")


def geojson(ledger: Ledger, mineral: str, year: int = 2025) -> dict[str, Any]:
    """The facilities of a mineral as a GeoJSON FeatureCollection.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    mineral : str
        A mineral as `known_minerals` spells it, such as "tungsten".
    year : int
        Calendar year at whose end control is worked out.

    Returns
    -------
    dict
        Coordinates are longitude, then latitude, in degrees; a facility without them has a null geometry.
        `placed` says whether the point was published or recalled (not checked, accuracy unknown);
        `share_known` is a fraction.

    Raises
    ------
    Refused
        Where no facilities of the mineral are bundled.

    References
    ----------
    RFC 7946, The GeoJSON Format.

    Examples
    --------
    >>> ledger = Ledger.bundled()
    >>> found = geojson(ledger, "tungsten")
    >>> found["type"], next(f["geometry"] for f in found["features"] if f["id"] == "KZ01")
    ('FeatureCollection', {'type': 'Point', 'coordinates': [78.975, 43.539]})
    """
    return {"type": "FeatureCollection", "features": [_feature(s) for s in all_sheets(ledger, mineral, year)]}


def _feature(s: dict[str, Any]) -> dict[str, Any]:
    point = None if s["lat"] is None else {"type": "Point", "coordinates": [s["lon"], s["lat"]]}
    told = {
        k: " ".join(first_value(s, k)).strip() or None
        for k in ("status", "start", "capacity", "grade", "contained")
    }
    control = s["control"]
    return {
        "type": "Feature",
        "id": s["id"],
        "geometry": point,
        "properties": {
            "name": s["name"],
            "country": s["country"],
            "type": s["type"],
            "placed": s["placed"],
            **told,
            "owners": first_value(s, "owners")[0] or None,
            "financing": first_value(s, "financing")[0] or None,
            "controlled_from": control["country"],
            "control_rule": control["rule"],
            "control_year": control["year"],
            "share_known": round(control["share_known"], 4),
            "facts": s["facts"],
        },
    }


def _values(ledger: Ledger, r: dict[str, str]) -> list[dict[str, Any]]:
    out = []
    for column, attribute, unit in _FIELDS:
        if not r[column] or r[column].startswith("see "):
            continue
        source = sources(ledger)[r["source_id"]]
        said = unit[1:] if unit.startswith("=") else r[unit] if unit else ""
        out.append(
            {
                "attribute": attribute,
                "value": r[column],
                "unit": said,
                "of": r[_TONNAGE_CLASS] if attribute in ("ore", "grade", "contained") else "",
                "said": r["row_kind"],
                "evidence_status": r["evidence_status"],
                "source": source.title,
                "published": source.published,
                "note": r["note"],
                "fact": r["fact_id"],
                "about": r["name"],
            }
        )
    return out


def _is_about(r: dict[str, str], named_in: str, main: dict[str, str]) -> bool:
    """Whether a row is about the facility: by its id, or because it names it among others."""
    return r["facility_id"] == main["facility_id"] or (r["facility_id"] != "" and main["name"] in r[named_in])


def _stake(ledger: Ledger, r: dict[str, str]) -> dict[str, Any]:
    keep = (
        "holder",
        "holder_country_iso3",
        "kind",
        "share_percent",
        "share_low",
        "share_high",
        "from",
        "to",
        "note",
    )
    return {
        **{k: r[k] for k in keep},
        "evidence_status": r["evidence_status"],
        "source": sources(ledger)[r["source_id"]].title,
        "fact": r["fact_id"],
    }


def _offtake(ledger: Ledger, r: dict[str, str]) -> dict[str, Any]:
    keep = (
        "seller",
        "buyer",
        "buyer_home_iso3",
        "plant_or_end_user_iso3",
        "product",
        "quantity",
        "quantity_unit",
        "share_of_output_percent",
        "share_low",
        "share_high",
        "from",
        "to",
        "floor_price",
        "floor_price_unit",
        "status",
        "note",
    )
    return {
        **{k: r[k] for k in keep},
        "evidence_status": r["evidence_status"],
        "source": sources(ledger)[r["source_id"]].title,
        "fact": r["fact_id"],
    }
