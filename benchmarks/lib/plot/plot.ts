import type { Spread } from "../statistics.ts";

/** Figures as a picture: a row for each, with a dot at its median and a bar from its lowest to its highest. */
export interface Plot {
  /** Of its files, and of its marks in pages. */
  readonly name: string;
  readonly title: string;
  readonly axis: Axis;
  readonly blocks: readonly Block[];
  /** How often everything was measured, and on what. */
  readonly origin: { readonly rounds: string; readonly machine: string };
}

export interface Axis {
  readonly scale: "linear" | "log";
  readonly unit: "ns" | "×";
  /** What it counts, in words. */
  readonly label: string;
  /** What everything is compared with: a line through all rows. */
  readonly reference?: { readonly value: number; readonly label: string };
  /** What the limit of a row is called. */
  readonly limit?: string;
}

/** Rows that belong together. */
export interface Block {
  readonly heading?: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly name: string;
  /** Whether it is a figure of sup, or of something that it is compared with. */
  readonly of: "sup" | "other";
  readonly spread: Spread;
  /** What it must not exceed. */
  readonly limit?: number;
}

/** @throws `RangeError` when there is nothing to draw, or a figure that cannot be one. */
export function checkPlot({ name, blocks }: Plot): void {
  const rows = blocks.flatMap(({ rows }) => rows);
  if (rows.length === 0) throw new RangeError(`Cannot draw plot "${name}": it has no rows`);
  for (const { name: row, spread, limit = 1 } of rows) {
    const { min, median, max } = spread;
    const isSpread = 0 < min && min <= median && median <= max && max < Infinity;
    if (!isSpread || !(limit > 0)) {
      throw new RangeError(
        `Cannot draw plot "${name}": "${row}" must lie above 0 with its median between its lowest and highest, ` +
          `got ${min}, ${median}, ${max} and a limit of ${limit}`,
      );
    }
  }
}

/** Whether it compares sup with something that has rows of its own. */
export function isMixed({ blocks }: Plot): boolean {
  return blocks.some(({ rows }) => rows.some(({ of }) => of === "other"));
}

/** Whether a row exceeds its limit. */
export function isOver({ spread, limit }: Row): boolean {
  return limit !== undefined && spread.median > limit;
}
