// A stress result: rows with a value and two ends, in words.
import { number, text, type Cell, type Column } from "./columns";
import { amount, DASH, percent, twoDigits } from "./format";
import { formText, placeText } from "./words";
import type { Maybe, Result } from "./types";

export type Row = Record<string, string | number | boolean | null>;

export function rowsOf(result: Result, name: string): Row[] {
  return (result.tables[name]?.rows ?? []) as unknown as Row[];
}

export function num(row: Row, key: string): Maybe {
  const v = row[key];
  return typeof v === "number" ? v : null;
}

/** Million USD: two digits at most, the grade allows no more. */
export function money(x: Maybe | undefined): string {
  if (typeof x !== "number" || !Number.isFinite(x)) return DASH;
  if (x !== 0 && Math.abs(x) < 0.01) return x > 0 ? "<0.01" : ">−0.01";
  return amount(twoDigits(x));
}

export function between(low: Maybe, high: Maybe, as: (x: Maybe) => string = amount): string {
  return low === null || high === null ? "" : `${as(low)} to ${as(high)}`;
}

const isMoney = (row: Row): boolean => String(row.unit).includes("USD");
const asOf = (row: Row): ((x: Maybe) => string) => (isMoney(row) ? money : amount);

/** A measure of a row, the form of a price with it. */
export function measured(row: Row): string {
  const what = String(row.measure);
  const said = row.form ? `${what} of ${formText(String(row.form)).toLowerCase()}` : what;
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** A value with its interval beside it; `why` where there is none. */
export function valued(key: string, title: string, span: string, why: (row: Row) => string): Column<Row>[] {
  return [
    {
      key, title, numeric: true, sort: (r) => num(r, key),
      cell: (r): Cell => (num(r, key) === null ? { text: DASH, note: why(r) } : { text: asOf(r)(num(r, key)), strong: true }),
    },
    {
      key: `${key}-span`, title: span, numeric: true, sort: (r) => num(r, "high"),
      cell: (r) => ({ text: between(num(r, "low"), num(r, "high"), asOf(r)) }),
    },
  ];
}

export const unknown = (row: Row): string => (String(row.status).includes("unknown") ? "unknown at this grade" : "not computed");

export function unitColumn(): Column<Row> {
  return text("unit", "Unit", (r) => String(r.unit));
}

/** Chance columns and the like. */
export function share(key: string, title: string, why = ""): Column<Row> {
  return number(key, title, (r) => num(r, key), { as: percent, missing: () => why });
}

/** A number with its 80 % interval in small words beside it. */
export function withSpan(key: string, title: string, unit: string | undefined, as: (x: Maybe) => string): Column<Row> {
  return {
    key, title, unit, numeric: true, sort: (r) => num(r, key),
    cell: (r): Cell => {
      const value = num(r, key);
      if (value === null) return { text: DASH, note: unknown(r) };
      return { text: as(value), note: between(num(r, `${key}_low`), num(r, `${key}_high`), as) || undefined };
    },
  };
}

export function place(result: Result, key: string, title: string, mark?: (row: Row) => string): Column<Row> {
  return text(key, title, (r) => placeText(result.places, String(r[key])) + (mark?.(r) ?? ""));
}
