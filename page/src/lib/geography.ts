// Where places lie on the map.
import { geoEqualEarth, type GeoProjection } from "d3-geo";
import type { Feature, FeatureCollection, Geometry } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import placeTable from "./places.json";
import world from "./world.json";

const topology = world as unknown as Topology<{ countries: GeometryCollection }>;
const table = placeTable as unknown as Record<string, [string, number, number]>;

export const shapes: FeatureCollection<Geometry> = feature(topology, topology.objects.countries);
export const borders = mesh(topology, topology.objects.countries, (a, b) => a !== b);

const byNumber = new Map<string, Feature<Geometry>>();
for (const f of shapes.features) if (f.id !== undefined) byNumber.set(String(f.id), f);

/** Longitude and latitude of a place; null when it has no point. */
export function point(code: string): [number, number] | null {
  const row = Object.hasOwn(table, code) ? table[code]! : null;
  return row && [row[1], row[2]];
}

/** The shape of a country; null for small states and groups. */
export function shape(code: string): Feature<Geometry> | null {
  const row = Object.hasOwn(table, code) ? table[code]! : null;
  return (row && row[0] && byNumber.get(row[0])) || null;
}

const SOUTH = -57; // Antarctica is not drawn

/** Equal Earth for a map of this width, cut through the Bering Strait, and the height down to Cape Horn. */
export function projectionFor(width: number): { projection: GeoProjection; height: number } {
  const projection = geoEqualEarth().rotate([-11, 0]);
  projection.fitWidth(width, { type: "Sphere" } as unknown as Geometry);
  return { projection, height: Math.round(projection([11, SOUTH])![1]) };
}

/** Places that stand for a group of countries: drawn as a square. */
export function isGroup(code: string): boolean {
  return code === "EUO" || code === "OTH" || code === "EU27";
}
