// Flows grouped for the map, the Sankey and the tables. A sum with a missing part is missing.
import type { Flow, Maybe } from "./types";

export type Moment = "before" | "after";

/** The tonnes of a flow before the events or, as the median over the draws, after them. */
export function flowAt(flow: Flow, moment: Moment): Maybe {
  return moment === "before" ? flow.base : flow.median;
}

export function change(before: Maybe, after: Maybe): Maybe {
  return before === null || after === null ? null : after - before;
}

/** The larger of before and after, for choosing what to draw. */
export function largest(flow: Flow): number {
  return Math.max(flow.base, flow.median ?? 0);
}

export function sum(values: Iterable<Maybe>): Maybe {
  let total = 0;
  for (const v of values) {
    if (v === null) return null;
    total += v;
  }
  return total;
}

/** Forms in the order of first appearance. */
export function formsOf(rows: readonly { form: string }[]): string[] {
  return [...new Set(rows.map((r) => r.form))];
}

/** The form with the largest trade, shown first. */
export function mainForm(flows: readonly Flow[]): string {
  const traded = new Map<string, number>();
  for (const f of flows) {
    if (f.origin !== f.destination) traded.set(f.form, (traded.get(f.form) ?? 0) + largest(f));
  }
  return [...traded].sort((a, b) => b[1] - a[1])[0]?.[0] ?? flows[0]?.form ?? "";
}

/** Places by what leaves (or reaches) them, largest first. */
export function ranked(flows: readonly Flow[], end: "origin" | "destination"): string[] {
  const total = new Map<string, number>();
  for (const f of flows) total.set(f[end], (total.get(f[end]) ?? 0) + largest(f));
  return [...total].sort((a, b) => b[1] - a[1]).map(([code]) => code);
}

export interface Exporter {
  form: string;
  origin: string;
  before: Maybe;
  after: Maybe;
  change: Maybe;
}

/** What each origin sells to other places, as sums of the rows of the flow table. */
export function exporters(flows: readonly Flow[]): Exporter[] {
  const groups = new Map<string, Flow[]>();
  for (const f of flows) {
    if (f.origin === f.destination) continue;
    const key = `${f.form}\n${f.origin}`;
    const group = groups.get(key);
    if (group) group.push(f);
    else groups.set(key, [f]);
  }
  return [...groups.values()].map((group) => {
    const before = sum(group.map((f) => f.base));
    const after = sum(group.map((f) => f.median));
    return { form: group[0]!.form, origin: group[0]!.origin, before, after, change: change(before, after) };
  });
}

/** A colour per origin: the largest six have their own, all others share grey. */
export function originColours(flows: readonly Flow[]): (code: string) => string {
  const own = new Map(ranked(flows, "origin").slice(0, 6).map((code, i) => [code, `var(--origin-${i + 1})`]));
  return (code) => own.get(code) ?? "var(--origin-other)";
}
