"""Facility map: every mine, deposit and plant on one page that opens anywhere, coloured by who controls it.

No script and no request: drawings in SVG, details that fold, links inside the page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from crosscut.base.bundled import bundled_text
from crosscut.base.files import write_file

Sheet = Mapping[str, Any]

COLOURS = {"CHN": "#b3261e", "USA": "#1f5fa8", None: "#8a8a8a"}  # all other countries: _OTHER
_OTHER = "#2e7d5b"
_FRAMES = {"World": (-170.0, 180.0, -56.0, 78.0, 1100), "Kazakhstan": (46.0, 88.0, 40.0, 56.0, 700)}
_MARKS = {
    "mine": "circle",
    "deposit": "square",
    "project": "square",
}  # all other types are plants: a triangle

_CSS = """
body{font:15px/1.45 system-ui,sans-serif;max-width:1120px;margin:1.5rem auto;padding:0 1rem;color:#222}
svg{width:100%;height:auto;background:#eef3f6;border:1px solid #ccd}
.land{fill:#fbfaf5;stroke:#b9b9b0;stroke-width:.5}
table{border-collapse:collapse;margin:.4rem 0;width:100%}
td,th{padding:.15rem .5rem;text-align:left;vertical-align:top;border-bottom:1px solid #e4e4e4}
td.n,th.n{text-align:right}
details{border-bottom:1px solid #ddd;padding:.3rem 0}
summary{cursor:pointer}
.dim{color:#666}
.conflict{color:#8a5a00}
figure{margin:1rem 0}
.key span{margin-right:1.2em}
:target{background:#fff7d6}a{color:inherit}
"""


def write_facility_map(found: Mapping[str, Any], folder: Path) -> list[Path]:
    """Writes map.html and facilities.geojson into `folder`, each whole or not at all."""
    page = facility_map_html(found["mineral"], found["sheets"], found["control"])
    points = json.dumps(found["geojson"], ensure_ascii=False, indent=1) + "\n"
    return [write_file(folder / "map.html", page), write_file(folder / "facilities.geojson", points)]


def facility_map_html(mineral: str, sheets: Sequence[Sheet], control: Sequence[Mapping[str, Any]]) -> str:
    """The page: world and Kazakhstan, control by rule (rows rule, means, unknown, then countries), a fold
    for each facility with every value, source and disagreement, and what could not be placed."""
    placed = [s for s in sheets if s["lat"] is not None]
    published = sum(s["placed"] == "published" for s in placed)
    drawings = "".join(
        f"<figure><figcaption><b>{name}</b></figcaption>{_drawing(name, placed)}</figure>" for name in _FRAMES
    )
    missing = ", ".join(_link(s) for s in sheets if s["lat"] is None)
    title = f"Who holds {escape(mineral)}"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>{_CSS}</style></head><body>
<h1>{title}</h1>
<p>{len(sheets)} mines, deposits and plants; {len(placed)} have coordinates, of which {published} published.
All other points are <b>recalled, not checked, accuracy unknown</b>, and drawn hollow.</p>
{_key()}
{drawings}
<h2>Controlled output, by rule</h2>
<p>Each rule answers another question. Never add two of them. The unknown share comes first.</p>
{_control_table(control)}
<h2>Not on the map: no coordinates found</h2><p>{missing}</p>
<h2>Facilities</h2>
{"".join(_fold(s) for s in sheets)}
</body></html>
"""


@cache
def _land() -> tuple[tuple[tuple[float, float], ...], ...]:
    text = bundled_text("geography", "land.json")
    return tuple(tuple((p[0], p[1]) for p in ring) for ring in json.loads(text))


def _drawing(name: str, placed: Sequence[Sheet]) -> str:
    """One equirectangular map, scaled true at the middle latitude of its frame."""
    west, east, south, north, width = _FRAMES[name]
    squeeze = {"World": 1.0, "Kazakhstan": 1.5}[name]
    scale = width / (east - west)
    height = round((north - south) * scale * squeeze)

    def at(lon: float, lat: float) -> tuple[float, float]:
        return round((lon - west) * scale, 1), round((north - lat) * scale * squeeze, 1)

    inside = [r for r in _land() if any(west <= x <= east and south <= y <= north for x, y in r)]
    land = "".join("M" + "L".join("{},{}".format(*at(*p)) for p in r) + "Z" for r in inside)
    shown = [s for s in placed if west <= s["lon"] <= east and south <= s["lat"] <= north]
    marks, used = "", list[float]()
    for s in sorted(shown, key=lambda s: -s["lat"]):
        x, y = at(s["lon"], s["lat"])
        lines = max([y + 4, *(u + 14 for u in used if abs(u - y - 4) < 14)])  # below a label that is as high
        used.append(lines)
        marks += _mark(s, x, y, None if name == "World" else lines)
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{name}: {len(shown)} facilities">'
        f'<path class="land" d="{land}"/>{marks}</svg>'
    )


def _mark(s: Sheet, x: float, y: float, label_at: float | None) -> str:
    colour = COLOURS.get(s["control"]["country"], _OTHER)
    fill = colour if s["placed"] == "published" else "#ffffffcc"
    style = f'fill="{fill}" stroke="{colour}" stroke-width="2"'
    shape = _MARKS.get(s["type"], "triangle")
    if shape == "circle":
        drawn = f'<circle cx="{x}" cy="{y}" r="4.5" {style}/>'
    elif shape == "square":
        drawn = f'<rect x="{x - 4}" y="{y - 4}" width="8" height="8" {style}/>'
    else:
        drawn = f'<path d="M{x},{y - 5}L{x + 5},{y + 4}L{x - 5},{y + 4}Z" {style}/>'
    text = ""
    if label_at is not None:
        text = f'<text x="{x + 8}" y="{label_at:.1f}" font-size="12">{escape(s["name"])}</text>'
    return f'<a href="#{s["id"]}"><title>{escape(_line(s))}</title>{drawn}{text}</a>'


def _key() -> str:
    names = {"CHN": "China", "USA": "United States", None: "unknown"}
    spots = [(c, names[c]) for c in COLOURS] + [("other", "another country")]
    colours = "".join(
        f'<span><b style="color:{COLOURS.get(c, _OTHER)}">&#9679;</b> {n}</span>' for c, n in spots
    )
    return (
        f'<p class="key">Controlled from: {colours} Mark: &#9679; mine &#9632; deposit or project &#9650;'
        " plant</p>"
    )


def _line(s: Sheet) -> str:
    c = s["control"]
    known = f"{c['share_known']:.0%} of the ownership known"
    return (
        f"{s['name']} ({s['country']}), {s['type']}: controlled from {c['country'] or 'unknown'};"
        f" {c['rule']}; {known}"
    )


def _link(s: Sheet) -> str:
    return f'<a href="#{s["id"]}">{escape(s["name"])}</a> ({s["country"]})'


def _control_table(control: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td>{escape(r['rule'])}</td><td>{escape(r['means'])}</td><td"
        f" class=n><b>{r['unknown']:.1%}</b></td>"
        f"<td>{escape(', '.join(f'{c} {v:.1%}' for c, v in r['countries'].items()))}</td></tr>"
        for r in control
    )
    return (
        "<table><tr><th>rule</th><th>counts a tonne for</th><th"
        f" class=n>unknown</th><th>known</th></tr>{rows}</table>"
    )


def _fold(s: Sheet) -> str:
    def row(v: Mapping[str, Any]) -> str:
        kind = ' class="conflict"' if v["said"] == "conflict" else ""
        of = f" <span class=dim>{escape(v['of'])}</span>" if v["of"] else ""
        value = escape(f"{v['value']} {v['unit']}".strip())
        source = escape(f"{v['source']} ({v['published']})" if v["published"] else v["source"])
        return (
            f"<tr{kind}><td>{v['attribute']}</td><td>{value}{of}</td><td>{v['evidence_status']}</td><td"
            f" class=dim>{source}</td></tr>"
        )

    stakes = "".join(
        f"<tr><td>{escape(t['kind'])}</td><td>{escape(t['holder'])} ({t['holder_country_iso3']})"
        f" {_percent(t)}</td><td>{t['evidence_status']}</td><td class=dim>{escape(t['source'])}</td></tr>"
        for t in s["stakes"]
    )
    offtakes = "".join(
        f"<tr><td>offtake</td><td>{escape(t['buyer'])} ({t['buyer_home_iso3']}): "
        f"{escape(' '.join((t['quantity'], t['quantity_unit'])).strip() or 'quantity not disclosed')}, "
        f"{escape(t['status'])}</td><td>{t['evidence_status']}</td>"
        f"<td class=dim>{escape(t['source'])}</td></tr>"
        for t in s["offtakes"]
    )
    names = escape("; ".join(s["names"][1:]))
    values = "".join(row(v) for v in s["values"])
    return (
        f'<details id="{s["id"]}"><summary>{escape(_line(s))}</summary><p class=dim>{names}</p>'
        f"<table>{values}{stakes}{offtakes}</table></details>"
    )


def _percent(t: Mapping[str, str]) -> str:
    if t["share_percent"]:
        return f"{t['share_percent']} %"
    if t["share_low"] or t["share_high"]:
        return f"{t['share_low'] or '?'} to {t['share_high'] or '?'} %"
    return "share not disclosed"
