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

const CASES: Record<string, string> = { plans: "with the plans", likely: "as likely as stated", without: "without them" };

/** A case in words: its title in the document, shortened for the three that every comparison has. */
export function caseText(name: string, result?: Result): string {
  const said = result?.statements.find((s) => s.text.startsWith(`Case ${name}: `))?.text ?? "";
  return CASES[name] ?? (said.replace(`Case ${name}: `, "").replace(/\.$/, "") || name.replace(/-/g, " "));
}

/** The cases that charts draw: all but those of a part of the plans alone. */
export function chartCases(result: Result): string[] {
  const readings = new Set(yearlyRows(result, "outlook_facilities").map((r) => r.case));
  return casesOf(result).filter((c) => c in CASES || readings.has(c));
}

/** Some years, evenly apart, the last among them. */
export function shownYears(years: number[], most = 5): number[] {
  const all = [...new Set(years)].sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil((all.length - 1) / (most - 1)));
  return all.filter((_, i) => (all.length - 1 - i) % step === 0);
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

/** The first row that fits, null when there is none. */
export function rowAt(rows: Yearly[], fits: (r: Yearly) => boolean): Yearly | null {
  return rows.find(fits) ?? null;
}

/** What a case changes of one figure in one year against the case without; null when it changes nothing. */
export function effectAt(rows: Yearly[], name: string, year: number, what: string, place: string, item: string): Yearly | null {
  return rowAt(rows, (r) => r.case === name && r.year === year && r.what === what && r.place === place && r.item === item);
}
