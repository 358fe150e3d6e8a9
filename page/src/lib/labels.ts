// Labels that do not overlap: the first that fits wins, the others are left out.

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Wanted {
  id: string;
  text: string;
  x: number;
  y: number;
  gap: number;
}

export interface Placed extends Wanted {
  left: number;
  baseline: number;
}

const CHARACTER = 0.6; // mean width of a character as a share of the font size

export function textWidth(text: string, fontSize: number): number {
  return text.length * fontSize * CHARACTER;
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Positions for labels beside their points, most important first, inside width x height and off the `taken` boxes. */
export function placeLabels(
  wanted: readonly Wanted[],
  fontSize: number,
  size: { width: number; height: number },
  taken: Box[] = [],
): Placed[] {
  const used = [...taken];
  const out: Placed[] = [];
  for (const w of wanted) {
    const width = textWidth(w.text, fontSize) + 4;
    const height = fontSize * 1.15;
    const tries: [number, number][] = [
      [w.x + w.gap, w.y - height / 2],
      [w.x - w.gap - width, w.y - height / 2],
      [w.x - width / 2, w.y - w.gap - height],
      [w.x - width / 2, w.y + w.gap],
      [w.x + w.gap * 0.7, w.y - w.gap * 0.7 - height],
      [w.x + w.gap * 0.7, w.y + w.gap * 0.7],
      [w.x - w.gap * 0.7 - width, w.y - w.gap * 0.7 - height],
      [w.x - w.gap * 0.7 - width, w.y + w.gap * 0.7],
    ];
    for (const [x, y] of tries) {
      const box = { x, y, width, height };
      if (x < 0 || y < 0 || x + width > size.width || y + height > size.height) continue;
      if (used.some((u) => overlap(u, box))) continue;
      used.push(box);
      out.push({ ...w, left: x + 2, baseline: y + fontSize * 0.92 });
      break;
    }
  }
  return out;
}
