// The tables of an outlook, read for charts and one table of dependence.
import type { Interval, Maybe, Result, Table } from "./types";

export interface Yearly extends Interval {
  case: string;
  year: number;
  unit: string;
  [key: string]: Maybe | string | boolean;
}

export interface Line {
  case: string;
  points: { year: number; p10: Maybe; median: Maybe; p90: Maybe }[];
}

export function yearlyRows(result: Result, name: string): Yearly[] {
  const table = result.tables[name] as unknown as Table<Yearly> | undefined;
  return table ? table.rows : [];
}

/** Cases in the order of the document. */
export function casesOf(result: Result): string[] {
  return [...new Set(yearlyRows(result, "outlook_use").map((r) => r.case))];
}

const CASES: Record<string, string> = { plans: "with the plans", likely: "plans as likely", without: "without them" };

export function caseText(name: string): string {
  return CASES[name] ?? name.replace(/-/g, " ");
}

/** One line a case of the rows that fit, years in order. */
export function linesOf(rows: Yearly[], fits: (r: Yearly) => boolean): Line[] {
  const byCase = new Map<string, Line>();
  for (const r of rows) {
    if (!fits(r)) continue;
    const line = byCase.get(r.case) ?? { case: r.case, points: [] };
    line.points.push({ year: r.year, p10: r.p10, median: r.median, p90: r.p90 });
    byCase.set(r.case, line);
  }
  return [...byCase.values()].map((l) => ({ ...l, points: l.points.sort((a, b) => a.year - b.year) }));
}

/** The median of one row, null when there is none. */
export function medianAt(rows: Yearly[], fits: (r: Yearly) => boolean): Maybe {
  return rows.find(fits)?.median ?? null;
}
