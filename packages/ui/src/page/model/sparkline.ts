/** A line through points as the `d` of an SVG path; a gap where a point is no finite number, a flat line for equal points. */
export function sparkline(points: readonly number[], width: number, height: number): string {
  const known = points.filter(Number.isFinite);
  if (known.length === 0) return "";
  const { low, high } = range(known);
  const step = width / Math.max(1, points.length - 1);
  let path = "";
  let drawing = false;
  for (const [index, point] of points.entries()) {
    const isKnown = Number.isFinite(point);
    if (isKnown) {
      const y =
        high === low ? height - 1 : height - 1 - ((point - low) / (high - low)) * (height - 2);
      path += `${drawing ? "L" : "M"}${short(index * step)} ${short(y)}`;
      // A point that stands alone is a dash.
      if (!drawing && !Number.isFinite(points[index + 1])) path += "h.01";
    }
    drawing = isKnown;
  }
  return path;
}

/** Rates begin at zero; what never comes near zero fills the height. */
function range(known: readonly number[]): { low: number; high: number } {
  const low = Math.min(...known);
  const high = Math.max(...known);
  return low >= 0 && low < high / 2 ? { low: 0, high } : { low, high };
}

function short(number: number): string {
  return String(Math.round(number * 10) / 10);
}
