// Who gets what of a project, other readings of its facts, and what choices are worth, as the page shows them.
import { amount, DASH, percent } from "./format";
import { num, projectRows } from "./project";
import { shown } from "./projectWords";
import type { Result } from "./types";

export interface Side {
  item: string;
  party: string;
  value: number;
}

export interface Party {
  party: string;
  cells: { worth: string; rate: string }[];
}

/** Cases shown: without a study the middle is no answer. */
export const casesOf = (result: Result): string[] => (result.inputs.world.grade === "study" ? ["low-price", "middle"] : ["low-price"]);

/** The rate above nothing where there is one, else every rate. */
export function ratesText(rates: string): string {
  const all = rates.split("; ").filter(Boolean).map(Number);
  const above = all.filter((x) => x > 0);
  return (above.length === 1 ? above : all).map((x) => percent(x)).join(" and ") || DASH;
}

/** Worth and rate of return by party; a lender is paid its own rate, so that only that is shown. */
export function parties(result: Result): Party[] {
  const rows = projectRows(result, "project_returns");
  const lenders = new Set(projectRows(result, "project_sources_uses").filter((r) => String(r.item).startsWith("drawn: ")).map((r) => String(r.party)));
  return [...new Set(rows.map((r) => String(r.party)))].map((party) => ({
    party,
    cells: casesOf(result).map((which) => {
      const r = rows.find((x) => x.party === party && x.case === which);
      return { worth: !r || lenders.has(party) ? DASH : amount(num(r, "worth")), rate: r ? ratesText(String(r.rates)) : DASH };
    }),
  })).filter((p) => p.cells.some((c) => c.worth !== DASH || c.rate !== DASH));
}

export function sides(result: Result): { sources: Side[]; uses: Side[]; unit: string } {
  const rows = projectRows(result, "project_sources_uses");
  const of = (side: string): Side[] => rows.filter((r) => r.side === side).map((r) => ({ item: String(r.item), party: String(r.party), value: num(r, "value") ?? 0 }));
  return { sources: of("source"), uses: of("use"), unit: String(rows[0]?.unit ?? "") };
}

const READ: [string, string][] = [["npv_after_tax", "Worth after tax"], ["irr_after_tax", "Rate of return"], ["owners_npv", "Worth to the owners"], ["state_npv", "Worth to the state"]];

export interface Reading {
  title: string;
  cells: string[];
}

/** Each reading of the facts: median (10 % to 90 % point) of what is asked first. */
export function readings(result: Result): { heads: string[]; rows: Reading[] } {
  const rows = projectRows(result, "project_alternatives");
  const heads = READ.filter(([id]) => rows.some((r) => r.measure === id));
  return {
    heads: heads.map(([, words]) => words),
    rows: [...new Set(rows.map((r) => String(r.alternative)))].map((id) => ({
      title: String(rows.find((r) => r.alternative === id)?.title ?? id),
      cells: heads.map(([measure]) => {
        const r = rows.find((x) => x.alternative === id && x.measure === measure);
        if (!r) return DASH;
        const [p10, median, p90] = ["p10", "median", "p90"].map((k) => shown(num(r, k), String(r.unit), measure));
        return `${median} (${p10} to ${p90})`;
      }),
    })),
  };
}

const CHOICES: Record<string, string> = { wait: "Wait, or never build", phase: "Build in two halves", abandon: "Close early" };

/** What each choice adds to deciding today. */
export function choiceRows(result: Result): { unit: string; draws: number; rows: string[][] } {
  const rows = projectRows(result, "project_choices");
  return {
    unit: String(rows[0]?.unit ?? ""),
    draws: Number(rows[0]?.draws ?? 0),
    rows: rows.map((r) => [
      CHOICES[String(r.choice)] ?? String(r.choice), amount(num(r, "now")), `${amount(num(r, "value"))} ± ${amount(num(r, "error"))}`,
      amount(Math.abs(num(r, "gain") ?? 0) < 1e-6 ? 0 : num(r, "gain")), percent(num(r, "never")),
      num(r, "median_year") === null ? DASH : String(Math.round(num(r, "median_year")!)),
    ]),
  };
}
