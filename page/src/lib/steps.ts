// The ladder of one seller or buyer: which steps lead to which price, and the events behind the change of that price.
import type { PriceDriver, PriceStep, Result } from "./types";

export interface Ladder {
  key: string;
  form: string;
  place: string;
  side: string;
  unit: string;
  steps: PriceStep[];
}

/** Ladders in the order of the document. */
export function laddersOf(rows: readonly PriceStep[]): Ladder[] {
  const found = new Map<string, Ladder>();
  for (const r of rows) {
    const key = `${r.form}/${r.place}/${r.side}`;
    let ladder = found.get(key);
    if (!ladder) {
      ladder = { key, form: r.form, place: r.place, side: r.side, unit: r.unit, steps: [] };
      found.set(key, ladder);
    }
    ladder.steps.push(r);
  }
  return [...found.values()];
}

/** The ladder to show first: that of the first headline price. */
export function firstLadder(result: Result, ladders: readonly Ladder[]): string {
  const head = result.tables.prices?.rows.find((r) => r.headline);
  if (!head) return ladders[0]?.key ?? "";
  const side = head.basis === "inside" || head.basis === "border" ? "seller" : "buyer";
  const key = `${head.form}/${head.place}/${side}`;
  return ladders.some((l) => l.key === key) ? key : (ladders[0]?.key ?? "");
}

/** The price a ladder leads to in the first place: paid for a buyer, inside for a seller. */
export function basisOf(ladder: Ladder): string {
  return ladder.side === "seller" ? "inside" : "paid";
}

/** Parts up to the given price, largest first, with their share of it; what lowers the price is left out. */
export function stack(ladder: Ladder, basis: string, when: "before" | "after"): { step: PriceStep; value: number }[] {
  const out: { step: PriceStep; value: number }[] = [];
  for (const step of ladder.steps) {
    if (step.basis === basis) break;
    const value = step[when];
    if (step.basis === null && value !== null && value > 0) out.push({ step, value });
  }
  return out;
}

export function driversOf(result: Result, ladder: Ladder, basis: string): PriceDriver[] {
  return (result.tables.price_drivers?.rows ?? []).filter(
    (r) => r.form === ladder.form && r.place === ladder.place && r.basis === basis,
  );
}

/** Whether the events work against each other, so that shares of the net change would mislead. */
export function cancels(drivers: readonly PriceDriver[]): boolean {
  const gross = drivers.reduce((sum, r) => sum + Math.abs(r.part ?? 0), 0);
  return gross > 2 * Math.abs(drivers[0]?.change ?? 0);
}
