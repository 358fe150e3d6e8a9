// Numbers and dates as text. Missing (null) is a dash, never a number.
import type { Ends, Maybe, Price } from "./types";

export const DASH = "–";
const MINUS = "−";

const significant = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const two = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });
const perCent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const perMille = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const asGiven = new Intl.NumberFormat("en", { maximumFractionDigits: 4 });

function withMinus(text: string): string {
  return text.replace("-", MINUS);
}

/** Three significant digits: 12,345 -> "12,300"; null -> a dash. */
export function amount(x: Maybe | undefined): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return DASH;
  if (x === 0) return "0";
  return withMinus((Math.abs(x) < 0.01 ? two : significant).format(x));
}

/** Rounded to so many significant digits. */
export function significantTo(x: number, digits: number): number {
  return Number(new Intl.NumberFormat("en", { maximumSignificantDigits: digits, useGrouping: false }).format(x));
}

/** Rounded to two significant digits, for amounts that are known no better. */
export function twoDigits(x: number): number {
  return Number(two.format(x).replaceAll(",", ""));
}

/** Tonnes: as `amount`, but what rounds to nothing is shown as less than 0.1, not as 0. */
export function tonnes(x: Maybe | undefined): string {
  if (typeof x === "number" && x !== 0 && Math.abs(x) < 0.1) return x > 0 ? "<0.1" : `>${MINUS}0.1`;
  return amount(x);
}

/** With a plus sign when positive. */
export function signed(x: Maybe | undefined, as: (x: Maybe | undefined) => string = amount): string {
  const text = as(x);
  return typeof x === "number" && x > 0 && !text.startsWith("<") ? `+${text}` : text;
}

/** A number as its source gave it, up to four decimals. */
export function quoted(x: Maybe | undefined): string {
  return x === null || x === undefined ? DASH : withMinus(asGiven.format(x));
}

/** A share as per cent. */
export function percent(x: Maybe | undefined): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return DASH;
  const p = 100 * x;
  if (p !== 0 && Math.abs(p) < 0.1) return p > 0 ? "<0.1 %" : `>${MINUS}0.1 %`;
  return withMinus((Math.abs(p) >= 10 ? perCent : perMille).format(x).replace("%", " %"));
}

/** "410 to 690", or a dash when an end is missing. */
export function range(x: Ends, as: (x: Maybe | undefined) => string = amount): string {
  return x.p10 === null || x.p90 === null ? DASH : `${as(x.p10)} to ${as(x.p90)}`;
}

/** "+22 % ± 1.3": the change of a price with its sampling error; what may be chance is said to be about 0. */
export function changeText(row: Price): string {
  if (row.change === null) return DASH;
  const text = signed(row.change, percent);
  if (row.sampling_error === null || !row.base) return text;
  if (row.change === 0 && row.sampling_error === 0) return "none";
  const give = percent(row.sampling_error / row.base).replace(" %", "");
  return row.told_apart ? `${text} ± ${give}` : `about 0 ± ${give}`;
}

/** The 80 % interval of what the events do to a price. */
export function effectRange(row: Price): string {
  return range({ p10: row.effect_p10, p90: row.effect_p90 });
}

/** "WO3" with its subscript. */
export function unitText(unit: string): string {
  return unit.replace(/\bWO3\b/g, "WO₃");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Milliseconds of a date such as 2025, 2025-09 or 2025-09-30 (its middle when no day is given); null otherwise. */
export function time(text: string): number | null {
  const found = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(text);
  if (!found) return null;
  const [, y, m, d] = found;
  return Date.UTC(Number(y), m ? Number(m) - 1 : 6, d ? Number(d) : m ? 15 : 1);
}

/** "30 Sep 2025", "Sep 2025" (with spaces that do not break) or the text as it stands. */
export function dateText(text: string): string {
  const found = /^(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(text);
  const month = found && MONTHS[Number(found[2]) - 1];
  if (!found || !month) return text;
  return [found[3] ? String(Number(found[3])) : "", month, found[1]].filter(Boolean).join("\u00a0");
}

/** How long before `now` something was published: "7 months", "3 years"; null when the date is unknown. */
export function age(published: string | undefined, now: string): string | null {
  const [then, at] = [time(published ?? ""), time(now)];
  if (then === null || at === null) return null;
  const months = Math.max(0, Math.round((at - then) / (30.44 * 86_400_000)));
  if (months < 1) return "under a month";
  if (months < 24) return months === 1 ? "1 month" : `${months} months`;
  return `${Math.round(months / 12)} years`;
}

/** Round values that cut [0, most] into a few steps. */
export function ticks(most: number, count = 4): number[] {
  if (!(most > 0)) return [0];
  const raw = most / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step);
}
