// Tables this page has no design for: they are shown as they are, so that no result is hidden.
import type { Result } from "./types";

const KNOWN = [
  "prices", "flows", "supply", "shortages", "welfare", "world_gains", "wedges", "drivers", "price_steps", "price_drivers",
  "limits", "utilisation", "trade_balance", "moves", "evidence", "outlook_prices", "outlook_shares", "outlook_dependence",
  "outlook_use", "stress_exceedance", "stress_in_force", "stress_summary", "stress_returns", "stress_chokepoints", "stress_ranking", "economy",
  "economy_sectors", "project_costs", "project_cost_place", "purchase_summary", "purchase_stops", "purchase_flows", "purchase_measures",
  "purchase_alternatives", "purchase_cover",
];

/** Names of the other tables that have rows. */
export function otherTables(result: Result): string[] {
  const shown = result.kind === "purchases" ? [...KNOWN, "indicators"] : KNOWN;
  return Object.keys(result.tables).filter((name) => !shown.includes(name) && (result.tables[name]?.rows.length ?? 0) > 0);
}

/** Of a world report: what is shown before the flows. */
export const FIRST = ["chain", "processes"];

/** Of a project: the table shown open as it is; those with a design of their own, and the rest, are folded. */
export const OPEN = ["project_refining"];

const HEADINGS: Record<string, string> = {
  var: "Value at risk",
  var_low: "VaR, 90 % low",
  var_high: "VaR, 90 % high",
  cvar: "Mean beyond it",
  cvar_low: "Beyond, 90 % low",
  cvar_high: "Beyond, 90 % high",
  economy_days: "Day by day",
  forecast_coverage: "Minerals with a measure in force",
  hhi: "HHI",
  usd: "Loss of users",
  "purchases/usd": "Spend",
  purchases: "Line by line, as it was read",
  purchase_columns: "How each column was read",
  project_returns: "Worth and every rate of return by party",
  project_alternatives: "Other readings of the facts",
  project_choices: "Waiting, phasing, abandoning",
  project_sources_uses: "Who pays until production",
  project_refining: "Does refining pay?",
  project_measures: "Every measure",
  project_tornado: "What drives it, every figure",
  project_tax: "What the budget takes by price",
  project_tonnes: "Tonnes by year",
  project_cash: "Cash by year",
  project_parties: "Parties by year",
  project_debt: "Loans by year",
  project_balance: "Balance sheet",
  project_coupling: "Its tonnes in the market, step by step",
  stress_tail: "Bad years: value at risk and mean beyond",
  stress_families: "What it comes from",
  stress_cover: "Weeks of cover",
  stress_reverse: "What would have to be true",
  stress_importance: "What moves it (Sobol indices)",
  stress_stability: "Every assumption at either end",
};

/** The heading of a table, or of a column of the table `of`. */
export function headingOf(name: string, of = ""): string {
  return HEADINGS[`${of}/${name}`] ?? HEADINGS[name] ?? name.charAt(0).toUpperCase() + name.slice(1).replace(/_/g, " ");
}
