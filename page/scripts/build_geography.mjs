// Writes src/lib/world.json (shapes) and src/lib/places.json (code -> [numeric id, longitude, latitude]).
//
// Shapes: world-atlas 110m (Natural Earth, public domain; de-facto borders), without names and Antarctica,
// quantized. Points: centroid of the largest polygon of a country in world-atlas 50m, so that France is not
// pulled to Guiana. Codes and numeric ids: the package's own table of places.
import { readFileSync, writeFileSync } from "node:fs";
import { geoArea, geoCentroid } from "d3-geo";
import { feature, quantize } from "topojson-client";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const atlas = (scale) => read(`../node_modules/world-atlas/countries-${scale}.json`);
const write = (path, value) => writeFileSync(new URL(path, import.meta.url), JSON.stringify(value) + "\n");

// Where a code has no shape of its own: [longitude, latitude].
const BY_HAND = {
  EUO: [4.4, 50.8], // Brussels stands for the EU27 without Austria and Germany
  EU27: [4.4, 50.8],
  OTH: [72, -36], // an empty stretch of the Indian Ocean stands for the rest of the world
  XKX: [20.9, 42.6],
  BES: [-68.3, 12.2],
  BVT: [3.4, -54.4],
  CCK: [96.8, -12.2],
  CXR: [105.7, -10.5],
  GIB: [-5.3, 36.1],
  GLP: [-61.5, 16.2],
  GUF: [-53, 4],
  MTQ: [-61, 14.7],
  MYT: [45.2, -12.8],
  REU: [55.5, -21.1],
  SJM: [18, 78.5],
  TKL: [-171.8, -9.2],
  TUV: [179.2, -8.5],
  UMI: [166.6, 19.3],
};

const shapes = atlas("110m");
shapes.objects.countries.geometries = shapes.objects.countries.geometries
  .filter((g) => g.id !== "010")
  .map(({ type, id, arcs }) => (id === undefined ? { type, arcs } : { type, id, arcs }));
delete shapes.objects.land;
write("../src/lib/world.json", dropUnusedArcs(quantize(toFloats(shapes), 8000)));

const fine = atlas("50m");
const polygons = new Map(); // numeric id -> largest polygon; an id may occur twice (036), some shapes have none
for (const f of feature(fine, fine.objects.countries).features) {
  if (f.id === undefined) continue;
  const parts = f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates;
  for (const coordinates of parts) {
    const polygon = { type: "Polygon", coordinates };
    const area = geoArea(polygon);
    if (area > (polygons.get(f.id)?.area ?? 0)) polygons.set(f.id, { area, polygon });
  }
}

const drawn = new Set(shapes.objects.countries.geometries.map((g) => g.id).filter(Boolean));
const places = {};
const unplaced = [];
const [head, ...lines] = readFileSync(new URL("../../src/crosscut/data/geography/places.csv", import.meta.url), "utf8").trim().split("\n");
const [codeAt, numericAt] = ["code", "numeric"].map((c) => head.split(",").indexOf(c));
for (const line of lines) {
  const cells = line.split(",");
  const code = cells[codeAt];
  const numeric = (cells[numericAt] ?? "").padStart(3, "0");
  const point = BY_HAND[code] ?? (polygons.has(numeric) ? geoCentroid(polygons.get(numeric).polygon) : undefined);
  if (point === undefined) unplaced.push(code);
  else places[code] = [drawn.has(numeric) ? numeric : "", ...point.map((x) => Math.round(x * 10) / 10)];
}
places.EU27 ??= ["", ...BY_HAND.EU27];
write("../src/lib/places.json", places);
console.log(`${Object.keys(places).length} places; without a point: ${unplaced.join(" ")}`);

/** The same topology with absolute coordinates: quantize() refuses one that is quantized already. */
function toFloats(topology) {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((arc) => {
    let x = 0;
    let y = 0;
    return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
  });
  const { transform: _, ...rest } = topology;
  return { ...rest, arcs };
}

function dropUnusedArcs(topology) {
  const kept = [];
  const index = new Map();
  const renumber = (a) => {
    if (Array.isArray(a)) return a.map(renumber);
    const i = a < 0 ? ~a : a;
    if (!index.has(i)) index.set(i, kept.push(topology.arcs[i]) - 1);
    return a < 0 ? ~index.get(i) : index.get(i);
  };
  for (const g of topology.objects.countries.geometries) g.arcs = renumber(g.arcs);
  return { ...topology, arcs: kept };
}
