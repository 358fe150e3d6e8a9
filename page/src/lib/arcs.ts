// Arcs between two points of the map, in pixels: curved to the left of the way they go, so that A to B and B to A part.

export interface Arc {
  line: string;
  head: string;
}

type Point = [number, number];

const BEND = 0.2;

/** A curve of the given width from `a` to `b` and the arrow head at its end; both ends keep off by `gap`. */
export function arc(a: Point, b: Point, width: number, gap: number): Arc {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy) || 1;
  const control: Point = [(a[0] + b[0]) / 2 + dy * BEND, (a[1] + b[1]) / 2 - dx * BEND];
  const head = Math.min(Math.max(5, width * 1.7), 16, length / 3);
  const start = moved(a, control, Math.min(gap, length / 4));
  const tip = moved(b, control, Math.min(gap, length / 4));
  const neck = moved(tip, control, head * 0.8);
  const [ux, uy] = unit(control, tip);
  const half = head * 0.55;
  const base: Point = moved(tip, control, head);
  return {
    line: `M${xy(start)}Q${xy(control)} ${xy(neck)}`,
    head: `M${xy(tip)}L${xy([base[0] - uy * half, base[1] + ux * half])}L${xy([base[0] + uy * half, base[1] - ux * half])}Z`,
  };
}

function unit(from: Point, to: Point): Point {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  return [dx / length, dy / length];
}

function moved(from: Point, towards: Point, by: number): Point {
  const [ux, uy] = unit(from, towards);
  return [from[0] + ux * by, from[1] + uy * by];
}

function xy([x, y]: Point): string {
  return `${x.toFixed(1)},${y.toFixed(1)}`;
}
