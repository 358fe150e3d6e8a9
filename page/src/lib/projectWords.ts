// The measures of a project in the words and the order of those who ask: owners, lenders, the state.
import { amount, DASH, percent } from "./format";
import { num, projectRows } from "./project";
import type { Maybe, Result } from "./types";

export interface Line {
  id: string;
  what: string;
  unit: string;
  low: string;
  middle: string;
  median: string;
  spread: string;
  none: string;
}

export interface Block {
  title: string;
  lines: Line[];
}

const BLOCKS: [string, [string, string][]][] = [
  ["The project, before loans", [
    ["npv_after_tax", "Worth after tax"], ["loss", "Chance of a loss"], ["irr_after_tax", "Rate of return after tax"],
    ["payback", "Years until paid back, from first spending"], ["break_even", "Break-even APT price, the same in real terms every year"],
    ["c1", "Cash cost (C1)"], ["aisc", "All-in cost (AISC)"],
  ]],
  ["Its owners", [
    ["owners_npv", "Worth at their rate"], ["owners_irr", "Rate of return"], ["owners_paid_in", "Most they have in at one time"],
    ["break_even_owners", "Break-even APT price, at their rate"],
  ]],
  ["Its lenders", [
    ["debt", "Debt when production begins"], ["least_cover", "Least debt service cover (DSCR)"], ["loan_life_cover", "Loan life cover (LLCR) when production begins"],
    ["locked", "Cover ever stops dividends"], ["default", "Cover ever below default"], ["unpaid", "Debt service ever not paid in full"],
    ["lost_debt", "Debt never repaid"], ["concession", "Worth of low rates on public loans"],
  ]],
  ["The state", [
    ["state_npv", "Worth of what it gets, its company with it"], ["state_first_year", "First year it is paid more than it gives"],
    ["tax_rate", "Share of the worth before taxes that the budget takes"],
  ]],
];

// Draws without these differ from the others: bad ones, or a mine that runs and asks for no money. Draws without cover are
// those without a loan.
const OF_SUCCESS = new Set(["irr_after_tax", "owners_irr", "payback", "break_even", "break_even_owners", "tax_rate"]);
const EVENTS = new Set(["locked", "default", "unpaid", "thin"]);

export function shown(x: Maybe, unit: string, id: string): string {
  if (x === null) return DASH;
  if (EVENTS.has(id) && (x === 0 || x === 1)) return x ? "yes" : "no";
  if (unit === "fraction") return x > 1.2 ? "over 100 %" : percent(x);
  return unit === "year" ? String(Math.round(x)) : amount(x);
}

/** The headline measures by who asks for them. */
export function measureBlocks(result: Result): Block[] {
  const rows = new Map(projectRows(result, "project_measures").map((r) => [String(r.measure), r]));
  return BLOCKS.map(([title, ids]) => ({
    title,
    lines: ids.flatMap(([id, what]) => {
      const r = rows.get(id);
      if (!r) return [];
      const [low, middle, p10, median, p90] = ["low_price", "middle", "p10", "median", "p90"].map((k) => num(r, k));
      if ([low, middle, p10, median, p90].every((x) => x === null)) return [];
      const unit = String(r.unit);
      const at = (x: Maybe | undefined): string => shown(x ?? null, unit, id);
      const share = p10 === null && p90 === null && unit === "fraction";
      const without = num(r, "without") ?? 0;
      const mostlyNone = without > 0.5 && OF_SUCCESS.has(id);
      return [{
        id, what: unit.includes("WO3") ? what : what.replace("APT price", "price"), unit: unit === "fraction" || unit === "year" ? "" : unit, low: at(low), middle: at(middle),
        median: share ? `${percent(median ?? null)} of draws${EVENTS.has(id) ? " with debt" : ""}` : mostlyNone ? DASH : at(median),
        spread: share ? "" : mostlyNone ? `none in ${percent(without)} of draws` : p10 === p90 ? at(p10) : `${at(p10)} to ${at(p90)}`,
        none: without > 0.005 && !share && !mostlyNone ? `none in ${percent(without)}` : "",
      }];
    }),
  })).filter((b) => b.lines.length > 0);
}
