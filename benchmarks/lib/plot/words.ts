import { digits, times } from "../numbers.ts";
import type { Axis, Plot, Row } from "./plot.ts";

/** The whole plot, for whoever does not see it. */
export function describePlot(plot: Plot): string {
  const blocks = plot.blocks.map(({ heading, rows }) => {
    const figures = rows.map((row) => `${row.name} ${valueOf(row, plot.axis)}`).join(", ");
    return heading === undefined ? figures : `${heading}: ${figures}`;
  });
  return `${plot.title}. ${captionOf(plot).join(" ")} ${blocks.join("; ")}.`;
}

/** What is better, and what dot, bar and colour are: the same words below the title of every plot. */
export function captionOf({ axis, origin }: Plot): readonly [string, string] {
  const scale = axis.scale === "log" ? ", log scale" : "";
  const over = axis.limit === undefined ? "" : ` Orange: more than ${axis.limit}.`;
  return [
    `${axis.label}${scale}; lower is better.`,
    `Dot: median of ${origin.rounds} rounds. Bar: lowest to highest.${over}`,
  ];
}

/** The median, as the tables have it. */
export function valueOf({ spread }: Row, { unit }: Axis): string {
  return unit === "×" ? times(spread.median) : `${digits(spread.median)} ${unit}`;
}
