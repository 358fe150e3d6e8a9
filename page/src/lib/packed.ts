// The tables of the document in a report file stand as columns (`crosscut/output/page/packed.py` writes them): rows again.
import type { ReportData } from "./types";

type Column = unknown[] | { words: string[]; at: number[] };
type Table = { columns: string[]; rows?: unknown[]; packed?: Column[] };

/** The data with the rows of every table, in the document it came in. */
export function unpacked(data: ReportData): ReportData {
  for (const table of Object.values(data.result.tables as Record<string, Table>)) {
    if (!table.packed) continue;
    const columns = table.packed.map((c) => (Array.isArray(c) ? c : c.at.map((i) => c.words[i])));
    const row = (i: number) => Object.fromEntries(table.columns.map((name, c) => [name, columns[c]?.[i]]));
    table.rows = (columns[0] ?? []).map((_, i) => row(i));
    delete table.packed;
  }
  return data;
}
