import type { Plot, Row } from "../../lib/plot/plot.ts";

/** A row whose figures lie that far around a median. */
export function rowOf(name: string, median: number, rest: Partial<Row> = {}): Row {
  return { name, of: "sup", spread: { min: median / 2, median, max: median * 2 }, ...rest };
}

/** A plot with those rows in one block. */
export function plotOf(rows: readonly Row[], rest: Partial<Plot> = {}): Plot {
  return {
    name: "sample",
    title: "A sample",
    axis: { scale: "log", unit: "ns", label: "Time in ns" },
    blocks: [{ rows }],
    origin: { rounds: "5", machine: "Node 24" },
    ...rest,
  };
}

/** Attributes of all elements of a class, in the order in which they are drawn. */
export function drawn(svg: string, kind: string): Record<string, number>[] {
  return [...svg.matchAll(new RegExp(`<\\w+ class="${kind}"([^>]*)>`, "g"))].map(([, text = ""]) =>
    Object.fromEntries(
      [...text.matchAll(/(\w+)="(-?[\d.]+)"/g)].map(([, key, value]) => [key, Number(value)]),
    ),
  );
}
