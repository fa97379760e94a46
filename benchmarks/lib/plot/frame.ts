import type { Axis, Plot, Row } from "./plot.ts";
import { linearScale, logScale, type Scale } from "./scale.ts";
import { widthOf } from "./text.ts";
import { sizes } from "./theme.ts";
import { valueOf } from "./words.ts";

/** Where everything is. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly scale: Scale;
  readonly row: RowFrame;
}

/** From the top of a row: where its texts stand, and where its bar lies. */
interface RowFrame {
  readonly height: number;
  readonly baseline: number;
  readonly bar: number;
  /** How far the lines of the axis reach above the bar and below it. */
  readonly reach: number;
}

/** Names to the left of the axis and figures to its right; its lines go through all rows. */
const beside: RowFrame = { height: 22, baseline: 15.5, bar: 11, reach: 11 };
/** Both above it. */
const above: RowFrame = { height: 39, baseline: 15, bar: 28, reach: 9 };

const gutter = 14;
/** An axis that is shorter than that has the texts above it. */
const shortest = 160;

/** @param width of the whole picture, in pixels */
export function frameOf({ axis, blocks }: Plot, width: number): Frame {
  const rows = blocks.flatMap(({ rows }) => rows);
  const [left, right] = [sizes.pad, width - sizes.pad];
  const from = left + widest(rows.map(({ name }) => name)) + gutter;
  const to = right - widest(rows.map((row) => valueOf(row, axis))) - gutter;
  return to - from < shortest
    ? { left, right, scale: scaleOf(axis, rows, left, right), row: above }
    : { left, right, scale: scaleOf(axis, rows, from, to), row: beside };
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => widthOf(text, sizes.text)));
}

function scaleOf(axis: Axis, rows: readonly Row[], from: number, to: number): Scale {
  const shown = rows.flatMap(({ spread, limit = spread.max }) => [spread.min, spread.max, limit]);
  if (axis.reference !== undefined) shown.push(axis.reference.value);
  const [lowest, highest] = [Math.min(...shown), Math.max(...shown)];
  const gap = widthOf(axis.unit === "ns" ? "10,000 ns" : "0.15 ×", sizes.small);
  return axis.scale === "log"
    ? logScale([lowest, highest], from, to, gap)
    : linearScale(highest, from, to, gap);
}
