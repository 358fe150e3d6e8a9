// Origin -> destination diagrams of one form, before and after on one scale.
import { sankey, sankeyLinkHorizontal } from "d3-sankey";
import { flowAt, ranked, type Moment } from "./flows";
import type { Flow } from "./types";

export interface Link {
  origin: string;
  destination: string;
  tonnes: number;
  path: string;
  width: number;
}

export interface Node {
  code: string;
  side: "origin" | "destination";
  tonnes: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Diagram {
  nodes: Node[];
  links: Link[];
  height: number;
}

export const OTHERS = "*"; // the places that have no node of their own

const PADDING = 12;
const NODE_WIDTH = 10;

/** Which places get a node of their own, and which name the rest goes by. */
export function grouping(flows: readonly Flow[], shown: number): { origin: Set<string>; destination: Set<string> } {
  return {
    origin: new Set(ranked(flows, "origin").slice(0, shown)),
    destination: new Set(ranked(flows, "destination").slice(0, shown)),
  };
}

function grouped(flows: readonly Flow[], moment: Moment, keep: ReturnType<typeof grouping>): Map<string, number> {
  const out = new Map<string, number>();
  for (const f of flows) {
    const t = flowAt(f, moment);
    if (t === null || t <= 0) continue;
    const from = keep.origin.has(f.origin) ? f.origin : OTHERS;
    const to = keep.destination.has(f.destination) ? f.destination : OTHERS;
    const key = `${from}\n${to}`;
    out.set(key, (out.get(key) ?? 0) + t);
  }
  return out;
}

/** Pixels per tonne at which the larger of the two diagrams is `height` high. */
function scale(tables: Map<string, number>[], height: number): number {
  return Math.min(
    ...tables.filter((t) => t.size).map((t) => {
      const total = [...t.values()].reduce((a, b) => a + b, 0);
      return (height - (mostNodes(t) - 1) * PADDING) / total;
    }),
  );
}

function mostNodes(table: Map<string, number>): number {
  const ends = [0, 1].map((i) => new Set([...table.keys()].map((k) => k.split("\n")[i])).size);
  return Math.max(...ends, 1);
}

/** The diagrams before and after, `inner` pixels wide between the labels, at one scale of tonnes. */
export function diagrams(
  flows: readonly Flow[],
  shown: number,
  left: number,
  inner: number,
  height: number,
): Record<Moment, Diagram> {
  const keep = grouping(flows, shown);
  const before = grouped(flows, "before", keep);
  const after = grouped(flows, "after", keep);
  const perTonne = scale([before, after], height);
  return {
    before: diagram(before, perTonne, left, inner),
    after: diagram(after, perTonne, left, inner),
  };
}

function diagram(table: Map<string, number>, perTonne: number, left: number, inner: number): Diagram {
  if (!table.size) return { nodes: [], links: [], height: 0 };
  const total = [...table.values()].reduce((a, b) => a + b, 0);
  const height = perTonne * total + (mostNodes(table) - 1) * PADDING;
  const codes = [0, 1].map((i) => [...new Set([...table.keys()].map((k) => k.split("\n")[i]!))]);
  const nodes = codes.flatMap((list, i) => list.map((code) => ({ id: `${i}${code}`, code, side: i })));
  const links = [...table].map(([key, value]) => {
    const [from, to] = key.split("\n");
    return { source: `0${from}`, target: `1${to}`, value };
  });
  const layout = sankey<(typeof nodes)[number], (typeof links)[number]>()
    .nodeId((n) => n.id)
    .nodeWidth(NODE_WIDTH)
    .nodePadding(PADDING)
    .nodeSort((a, b) => Number(a.code === OTHERS) - Number(b.code === OTHERS) || (b.value ?? 0) - (a.value ?? 0))
    .extent([
      [left, 0],
      [left + inner, height],
    ])({ nodes, links });
  const path = sankeyLinkHorizontal();
  return {
    height,
    nodes: layout.nodes.map((n) => ({
      code: n.code,
      side: n.side === 0 ? "origin" : "destination",
      tonnes: n.value ?? 0,
      x: n.x0 ?? 0,
      y: n.y0 ?? 0,
      width: (n.x1 ?? 0) - (n.x0 ?? 0),
      height: (n.y1 ?? 0) - (n.y0 ?? 0),
    })),
    links: layout.links.map((l) => ({
      origin: (l.source as { code: string }).code,
      destination: (l.target as { code: string }).code,
      tonnes: l.value,
      path: path(l as never) ?? "",
      width: l.width ?? 0,
    })),
  };
}
