"""The facility map: one file that opens anywhere, points that say how sure they are, text that cannot break
out."""

from __future__ import annotations

import itertools
import json
import re
from html.parser import HTMLParser

import pytest
from tools.build_land import rings

from crosscut.app import api
from crosscut.output.page.facility_map import facility_map_html


@pytest.fixture(scope="module")
def found():
    return api.facilities("tungsten")


@pytest.fixture(scope="module")
def page(found):
    return facility_map_html("tungsten", found["sheets"], found["control"])


class _Balance(HTMLParser):
    VOID = ("meta", "circle", "rect", "path", "br")

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links = [], set(), set()

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        self.ids.add(at.get("id"))
        self.links.add(at.get("href"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.ids.add(dict(attrs).get("id"))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_makes_no_request(page):
    parser = _Balance()
    parser.feed(page)
    assert parser.open == []
    assert {link for link in parser.links if link} <= {f"#{i}" for i in parser.ids if i}
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert not re.search(r"<script|src=|@import|url\(", page)
    assert "default-src 'none'" in page


def test_every_facility_is_drawn_or_listed_as_not_placed(found, page):
    for s in found["sheets"]:
        assert f'<details id="{s["id"]}">' in page
        assert f'href="#{s["id"]}"' in page


def test_a_point_is_filled_only_where_published(found, page):
    world = page.split("<figure>")[1]
    filled = re.findall(r'<a href="#(\w+)">(?:(?!</a>).)*fill="#(?!ffffffcc)', world)
    assert filled == [s["id"] for s in found["sheets"] if s["placed"] == "published"] == ["KZ01"]


def test_geojson_has_every_facility_and_null_where_unplaced(found):
    features = json.loads(json.dumps(found["geojson"]))["features"]
    assert len(features) == len(found["sheets"])
    for f in features:
        placed = f["properties"]["placed"]
        assert (f["geometry"] is None) == (placed is None)
        if f["geometry"]:
            lon, lat = f["geometry"]["coordinates"]
            assert -180 <= lon <= 180 and -90 <= lat <= 90


def test_unknown_comes_first_in_every_rule(found, page):
    assert [round(r["unknown"], 3) for r in found["control"]] == [
        0.025,
        0.612,
        0.096,
        0.025,
        0.125,
        0.948,
        0.057,
    ]
    for r in found["control"]:
        assert r["unknown"] + sum(r["countries"].values()) == pytest.approx(1.0)
    assert page.index("<th class=n>unknown</th>") < page.index("<th>known</th>")


def test_hostile_text_stays_text(found):
    sheet = {**found["sheets"][0], "name": "<script>alert(1)</script>", "names": ["a", '"><img src=x>']}
    page = facility_map_html("<b>", [sheet], found["control"])
    assert "<script" not in page
    assert "<img" not in page


def test_rings_go_on_across_the_180th_meridian():
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[170, 0], [8, 0], [-356, 10], [0, 5], [356, 0], [-8, -15]]],
        "objects": {"countries": {"geometries": [{"type": "Polygon", "arcs": [[0]]}]}},
    }
    for ring in rings(topology):
        assert max(abs(a[0] - b[0]) for a, b in itertools.pairwise(ring)) < 180
