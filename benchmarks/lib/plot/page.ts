import { posix } from "node:path";
import { replaceBetweenMarkers } from "../readme.ts";
import { pathOf, narrow, wide } from "./path.ts";
import type { Plot } from "./plot.ts";
import { escaped } from "./svg.ts";
import { describePlot } from "./words.ts";

/**
 * The page with its plots between their marks.
 *
 * @throws `RangeError` when it has marks of a plot that there is not.
 */
export function withPlots(
  { path, text }: { readonly path: string; readonly text: string },
  plots: readonly Plot[],
): string {
  const names = [...text.matchAll(/<!-- plot:(.+?) -->/g)].map(([, name = ""]) => name);
  return names.reduce((text, name) => {
    const plot = plots.find((plot) => plot.name === name);
    if (plot === undefined)
      throw new RangeError(`Cannot write ${path}: there is no plot "${name}"`);
    return replaceBetweenMarkers(text, `plot:${name}`, imageOf(plot, posix.dirname(path)));
  }, text);
}

/** Without a blank line, which would end it. */
function imageOf(plot: Plot, folder: string): string {
  const fromHere = (width: number): string => posix.relative(folder, pathOf(plot, width));
  return [
    "<picture>",
    `  <source media="(max-width: 600px)" srcset="${fromHere(narrow)}">`,
    `  <img src="${fromHere(wide)}" alt="${escaped(describePlot(plot))}">`,
    "</picture>",
  ].join("\n");
}
