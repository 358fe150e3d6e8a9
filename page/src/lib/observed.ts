// Quotations beside the price they belong to.
import { time } from "./format";
import type { Observed, Price, Result } from "./types";

/** The price row an observation refers to ("prices/form/place/basis"), when both are in one unit. */
export function rowOf(observation: Observed, prices: readonly Price[]): Price | null {
  const row = prices.find((p) => `prices/${p.form}/${p.place}/${p.basis}` === observation.ref);
  return row && row.unit === observation.unit ? row : null;
}

export function observationsOf(row: Price, result: Result): Observed[] {
  return result.observed.filter((o) => rowOf(o, [row]) !== null);
}

/** Whether the quotation is dated within the window of the run; the interval is for the average over it. */
export function inWindow(observation: Observed, result: Result): boolean {
  const [at, from, to] = [observation.date, result.horizon.from, result.horizon.to].map(time);
  return at == null || from == null || to == null || (at >= from && at <= to);
}

export type Verdict = "inside" | "outside" | "none";

/** Inside or outside the 80 % interval, as the result says. */
export function verdict(observation: Observed): Verdict {
  const text = observation.verdict ?? "";
  if (text.startsWith("inside")) return "inside";
  return text.startsWith("above") || text.startsWith("below") || text.startsWith("outside") ? "outside" : "none";
}

/** The verdict in one word where there is one. */
export function shortVerdict(observation: Observed): string {
  return verdictText(observation).replace(/ the interval$/, "");
}

export function verdictText(observation: Observed): string {
  return observation.verdict || "not compared";
}
