// The result document `crosscut.result/1` as the page reads it. The JSON Schema in the package is the definition.

export type Maybe = number | null;

export interface Ends {
  p10: Maybe;
  p90: Maybe;
}

export interface Interval extends Ends {
  median: Maybe;
}

export interface Price extends Interval {
  form: string;
  place: string;
  basis: string;
  unit: string;
  base: Maybe;
  change: Maybe;
  effect_p10: Maybe;
  effect_p90: Maybe;
  sampling_error: Maybe;
  told_apart: boolean | null;
  status: string;
  headline: boolean;
}

export interface Flow extends Interval {
  form: string;
  origin: string;
  destination: string;
  base: number;
}

export interface Supply extends Interval {
  form: string;
  country: string;
  source: string;
  base: number;
}

export interface Shortage extends Interval {
  form: string;
  country: string;
  use: string;
  base: number;
  share: Maybe;
  status: string;
}

export interface Welfare extends Interval {
  country: string;
  item: string;
  unit: string;
  central?: Maybe;
}

export interface WorldGain extends Interval {
  item: string;
  kind: string;
  unit: string;
  central: Maybe;
}

export interface PriceStep extends Ends {
  form: string;
  place: string;
  side: string;
  part: string;
  basis: string | null;
  limit: string | null;
  goes_to: string | null;
  unit: string;
  before: Maybe;
  after: Maybe;
}

export interface PriceDriver {
  form: string;
  place: string;
  basis: string;
  event: string;
  part: Maybe;
  error: Maybe;
  change: Maybe;
  share: Maybe;
  status: string;
}

export interface Limit {
  limit: string;
  event: string;
  kind: string;
  form: string;
  where: string;
  allowed: number;
  before: number;
  passed: number;
  worth: number;
  rent: number;
  rent_to: string;
  binds: boolean;
  binding_draws: Maybe;
}

export interface TradeBalance {
  form: string;
  country: string;
  made: number;
  bought_abroad: number;
  sold_abroad: number;
  used: number;
  net: number;
  import_share: Maybe;
}

export interface Utilisation extends Interval {
  form: string;
  country: string;
  source: string;
  capacity_before: Maybe;
  capacity: Maybe;
  output_before: number;
  output: number;
  before: Maybe;
  after: Maybe;
}

export interface Evidence {
  fact: string;
  cell: string;
  kind: string;
  form: string;
  place: string;
  other: string;
  stated: string;
  unit: string;
  before: Maybe;
  after: Maybe;
  evidence_status: string;
  error: Maybe;
  source: string;
  published: string;
}

export interface Exceedance {
  chance: number;
  usd: Maybe;
  short: number;
}

export interface Wedge extends Interval {
  form: string;
  origin: string;
  destination: string;
  kind: string;
  rent_to: string | null;
  unit: string;
}

export interface Driver {
  event: string;
  title: string;
  share: Maybe;
  error?: Maybe;
  binds: boolean | null;
  rent: Maybe;
  rent_to: string | null;
}

export interface Move {
  cell: string;
  before: Maybe;
  after: Maybe;
  reason: string;
}

export interface Table<Row> {
  columns: string[];
  units: Record<string, string>;
  rows: Row[];
}

export interface Observed {
  ref: string;
  value: number;
  unit: string;
  date: string;
  fact: string;
  series?: string;
  source?: string;
  role?: string;
  verdict?: string;
  note?: string;
}

export interface Assumption {
  id: string;
  what: string;
  value: Maybe;
  low: Maybe;
  high: Maybe;
  evidence_status: string;
  source?: string;
  unit?: string;
}

export interface Result {
  schema: string;
  kind:
    | "run" | "exposure" | "comparison" | "world" | "outlook" | "indicators" | "purchases" | "economy" | "project" | "stress" | "backtest"
    | "forecast";
  id: string;
  created_utc: string;
  inputs: {
    mineral: string;
    world: { year: number; hash: string; grade: string };
    scenario: { id: string; hash: string; title: string } | null;
    seed: number | null;
    draws: number;
    code: string;
    data: string;
  };
  status: {
    ok: boolean;
    failed_draws: number;
    failed: { draw: number; market: { form: string; place: string }; reason: string }[];
    certificate: Record<string, number>;
  };
  horizon: { from: string; to: string; meaning: string };
  tables: {
    prices?: Table<Price>;
    flows?: Table<Flow>;
    supply?: Table<Supply>;
    shortages?: Table<Shortage>;
    welfare?: Table<Welfare>;
    wedges?: Table<Wedge>;
    drivers?: Table<Driver>;
    price_steps?: Table<PriceStep>;
    price_drivers?: Table<PriceDriver>;
    limits?: Table<Limit>;
    utilisation?: Table<Utilisation>;
    evidence?: Table<Evidence>;
    world_gains?: Table<WorldGain>;
    trade_balance?: Table<TradeBalance>;
    moves?: Table<Move>;
    stress_exceedance?: Table<Exceedance>;
  } & Record<string, Table<never> | undefined>;
  statements: { text_key: string; text: string; refs: string[] }[];
  assumptions: Assumption[];
  facts: string[];
  limits: { what: string; bias: string }[];
  observed: Observed[];
  places: Record<string, string>;
}

export interface FactDetail {
  subject?: string;
  attribute?: string;
  value?: number | string | null;
  unit?: string;
  period?: string;
  evidence_status?: string;
  source_title?: string;
  source_url?: string;
  published?: string;
}

export interface ReportData {
  result: Result;
  fact_details: Record<string, FactDetail> | null;
}
