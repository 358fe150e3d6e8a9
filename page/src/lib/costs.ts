// The cost curve: mines with a figure side by side, and how much of the world has none.
import { num, projectRows } from "./project";
import { DASH } from "./format";
import type { Maybe, Result } from "./types";

export interface CostRow {
  project: string;
  country: string;
  kind: string;
  state: string;
  what: string;
  unit: string;
  cost: Maybe;
  low: Maybe;
  high: Maybe;
  output: Maybe;
  start: Maybe;
  end: Maybe;
  stated: string;
  source: string;
  evidence_status: string;
  note: string;
}

export interface CostBlock extends CostRow {
  cost: number;
  low: number;
  high: number;
  output: number;
  start: number;
  end: number;
}

export interface PlaceRow {
  project: string;
  country: string;
  mine: boolean;
  low: number;
  cost: number;
  high: number;
  output: number;
  stated: boolean;
  rebuilt: string;
  cheaper: number;
  known: number;
  least: number;
  most: number;
}

const WORDS = ["project", "country", "kind", "state", "what", "unit", "stated", "source", "evidence_status", "note"] as const;

export function costRows(result: Result): CostRow[] {
  return projectRows(result, "project_costs").map((r) => ({
    ...(Object.fromEntries(WORDS.map((w) => [w, String(r[w] ?? "")])) as Record<(typeof WORDS)[number], string>),
    cost: num(r, "cost"), low: num(r, "low"), high: num(r, "high"), output: num(r, "output"), start: num(r, "start"), end: num(r, "end"),
  }));
}

/** Mines on the curve, the cheapest first. */
export function costBlocks(rows: CostRow[]): CostBlock[] {
  return rows.filter((r): r is CostBlock => r.cost !== null && r.low !== null && r.high !== null && r.start !== null && r.end !== null && r.output !== null);
}

export function placeRows(result: Result): PlaceRow[] {
  const n = (r: Record<string, unknown>, k: string): number => Number(r[k]);
  return projectRows(result, "project_cost_place").map((r) => ({
    project: String(r.project), country: String(r.country), mine: r.this === true, low: n(r, "low"), cost: n(r, "cost"), high: n(r, "high"),
    stated: r.basis === "stated by a source", rebuilt: "rebuilt" in r ? `${Math.round(n(r, "rebuilt"))} (${Math.round(n(r, "rebuilt_low"))} to ${Math.round(n(r, "rebuilt_high"))})` : DASH,
    output: n(r, "output"), cheaper: n(r, "cheaper"), known: n(r, "known"), least: n(r, "least"), most: n(r, "most"),
  }));
}

/** t W a year of running mines: with a figure, with a claim about many mines together, with nothing. */
export function coverage(rows: CostRow[]): { known: number; claimed: number; nothing: number } {
  const known = costBlocks(rows).filter((r) => r.state === "runs").reduce((s, r) => s + r.output, 0);
  const claimed = Math.max(0, ...rows.filter((r) => r.kind === "claim").map((r) => r.output ?? 0));
  const unknown = rows.find((r) => r.kind === "unknown")?.output ?? 0;
  return { known, claimed, nothing: unknown - claimed };
}

/** "Sangdong, underground mine" -> "Sangdong". */
export const shortName = (name: string): string => name.split(/[,(]/)[0]!.trim();
