// The tables of a project's result as the charts need them.
import type { Maybe, Result } from "./types";

type Cell = string | number | boolean | null;
type Row = Record<string, Cell>;

export function projectRows(result: Result, name: string): Row[] {
  return (result.tables[name]?.rows ?? []) as unknown as Row[];
}

export const num = (r: Row, key: string): Maybe => (typeof r[key] === "number" ? r[key] : null);

export interface Bar {
  label: string;
  evidence_status: string;
  low: number;
  high: number;
  given: string;
}

/** Figures that move the worth most; `middle` is where the bars hang. */
export function tornadoBars(result: Result, most = 10): Bar[] {
  return projectRows(result, "project_tornado")
    .flatMap((r) => {
      const low = num(r, "at_low");
      const high = num(r, "at_high");
      if (low === null || high === null) return [];
      const given = `${String(r.low)} to ${String(r.high)}`;
      return [{ label: figureText(String(r.figure)), evidence_status: String(r.evidence_status), low, high, given }];
    })
    .sort((a, b) => Math.abs(b.high - b.low) - Math.abs(a.high - a.low))
    .slice(0, most);
}

/** "capital.items[mine-and-mill].amount" -> "capital: mine-and-mill". */
export function figureText(name: string): string {
  const inside = /\[([^\]]+)\]/.exec(name)?.[1];
  const head = name.split(/[.[]/)[0] ?? name;
  const tail = name.split(".").at(-1) ?? "";
  const what = inside ? `${head}: ${inside}` : name.replace(/\./g, ": ");
  return (inside && !["amount", "figure"].includes(tail) ? `${what} ${tail}` : what).replace(/_/g, " ");
}

export interface YearFlow {
  year: number;
  parts: { group: string; value: number }[];
}

const GROUPS = ["sales", "costs", "taxes", "capital"];

/** By year the money of a case before financing, by group of lines. */
export function flowsByYear(result: Result, which: string): YearFlow[] {
  const rows = projectRows(result, "project_cash").filter((r) => r.case === which && GROUPS.includes(String(r.group)));
  const years = [...new Set(rows.map((r) => Number(r.year)))].sort((a, b) => a - b);
  const all = years.map((year) => ({
    year,
    parts: GROUPS.map((group) => ({
      group,
      value: rows.filter((r) => r.year === year && r.group === group).reduce((sum, r) => sum + (num(r, "value") ?? 0), 0),
    })),
  }));
  // A horizon reaches to the longest draw: years in which nothing is left to do in this case are not drawn.
  const busy = all.map((f) => f.parts.some((p) => Math.abs(p.value) > 1e-6));
  return all.slice(0, busy.lastIndexOf(true) + 1);
}

export interface Worth {
  label: string;
  unit: string;
  low: Maybe;
  p10: Maybe;
  median: Maybe;
  p90: Maybe;
}

const WORTHS: Record<string, string> = {
  npv_after_tax: "Project, after tax",
  owners_npv: "Owners",
  state_npv: "State",
};

export function worths(result: Result): Worth[] {
  return projectRows(result, "project_measures")
    .filter((r) => String(r.measure) in WORTHS)
    .map((r) => ({
      label: WORTHS[String(r.measure)]!,
      unit: String(r.unit),
      low: num(r, "low_price"),
      p10: num(r, "p10"),
      median: num(r, "median"),
      p90: num(r, "p90"),
    }));
}
