// Columns of a table: how a row is shown and how it is sorted.
import { amount, DASH, range } from "./format";
import type { Ends, Maybe } from "./types";

export interface Cell {
  text: string;
  note?: string; // small words beside the value, e.g. why it is missing
  tone?: "gain" | "loss" | "good" | "warn";
  href?: string;
  share?: Maybe; // -1..1: a bar behind the value
  badge?: boolean;
  small?: boolean; // long words
  strong?: boolean; // a sum among its parts
}

export interface Column<Row> {
  key: string;
  title: string;
  unit?: string;
  numeric: boolean;
  sort: (row: Row) => number | string | null;
  cell: (row: Row) => Cell;
}

export function text<Row>(key: string, title: string, of: (row: Row) => string, more?: Partial<Column<Row>>): Column<Row> {
  return { key, title, numeric: false, sort: of, cell: (row) => ({ text: of(row) || DASH }), ...more };
}

export function number<Row>(
  key: string,
  title: string,
  of: (row: Row) => Maybe,
  more?: Partial<Column<Row>> & { as?: (x: Maybe) => string; missing?: (row: Row) => string },
): Column<Row> {
  const { as = amount, missing, ...rest } = more ?? {};
  const cell = (row: Row): Cell => {
    const value = of(row);
    if (value !== null) return { text: as(value) };
    return { text: DASH, note: missing?.(row) ?? "not computed" };
  };
  return { key, title, numeric: true, sort: of, cell, ...rest };
}

/** The 80 % interval, sorted by its upper end. */
export function interval<Row extends Ends>(unit: string, as?: (x: Maybe | undefined) => string): Column<Row> {
  return {
    key: "interval",
    title: "80 % interval",
    unit,
    numeric: true,
    sort: (row) => row.p90,
    cell: (row) => ({ text: range(row, as) }),
  };
}

/** Rows in order; missing values last whichever way. */
export function sorted<Row>(rows: readonly Row[], column: Column<Row>, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [column.sort(a), column.sort(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === "number" && typeof y === "number") return sign * (x - y);
    return sign * String(x).localeCompare(String(y), "en");
  });
}
