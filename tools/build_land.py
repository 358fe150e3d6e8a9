"""Writes land.json, the outlines of the countries that the facility map draws, from the geography of the
page.

    python -m tools.build_land page/src/lib/world.json

Natural Earth 1:110m (public domain) by way of world-atlas; points to a tenth of a degree.
"""

from __future__ import annotations

import json
import sys
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from crosscut.base.bundled import bundled_file


def rings(topology: dict[str, Any]) -> list[list[list[float]]]:
    """Every ring of every country as [longitude, latitude] points of a TopoJSON topology."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        xs, ys = (list(accumulate(p[k] for p in arc)) for k in (0, 1))
        arcs.append(
            [
                [round(x * scale[0] + shift[0], 1), round(y * scale[1] + shift[1], 1)]
                for x, y in zip(xs, ys, strict=True)
            ]
        )
    out = []
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for ring in (r for p in polygons for r in p):
            points: list[list[float]] = []
            for k in ring:
                line = arcs[k] if k >= 0 else arcs[~k][::-1]
                points += line if not points else line[1:]
            out += _unwrapped([p for n, p in enumerate(points) if n == 0 or p != points[n - 1]])
    return [r for r in out if len(r) > 2]


def _unwrapped(ring: list[list[float]]) -> list[list[list[float]]]:
    """A ring that crosses the 180th meridian as one that goes on beyond it, and the same at the other end of
    the map."""
    shift, line = 0.0, [ring[0]]
    for before, here in pairwise(ring):
        shift += 360.0 * ((here[0] - before[0] < -180) - (here[0] - before[0] > 180))
        line.append([round(here[0] + shift, 1), here[1]])
    if all(-180 <= x <= 180 for x, _ in line):
        return [line]
    back = -360.0 if max(x for x, _ in line) > 180 else 360.0
    return [line, [[round(x + back, 1), y] for x, y in line]]


if __name__ == "__main__":
    target = Path(str(bundled_file("geography", "land.json")))
    found = rings(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    target.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{target}: {len(found)} rings")
