import { drawBlock } from "./block.ts";
import { type Frame, frameOf } from "./frame.ts";
import { drawHeader } from "./header.ts";
import type { Part } from "./part.ts";
import { checkPlot, isMixed, type Plot } from "./plot.ts";
import { element, escaped } from "./svg.ts";
import { sizes, style } from "./theme.ts";
import { describePlot } from "./words.ts";

/**
 * The plot as an SVG that stands alone, the same bytes for the same figures.
 *
 * @param width in pixels; the height follows
 * @throws `RangeError` when there is nothing to draw, or a figure that cannot be one.
 */
export function drawPlot(plot: Plot, width: number): string {
  checkPlot(plot);
  const frame = frameOf(plot, width);
  const parts = [drawHeader(plot, frame)];
  for (const block of plot.blocks) {
    parts.push(drawBlock(block, plot.axis, frame, parts.at(-1)!.bottom));
  }
  parts.push(drawFooter(plot, frame, parts.at(-1)!.bottom));
  const height = parts.at(-1)!.bottom;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title text" class="${isMixed(plot) ? "mixed" : "own"}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    element("title", { id: "title" }, escaped(plot.title)),
    element("desc", { id: "text" }, escaped(describePlot(plot))),
    element("style", {}, style),
    element("rect", {
      class: "ground",
      x: 0.5,
      y: 0.5,
      width: width - 1,
      height: height - 1,
      rx: 8,
    }),
    ...parts.flatMap(({ svg }) => svg),
    "</svg>",
  ].join("\n")}\n`;
}

function drawFooter({ origin }: Plot, { left }: Frame, top: number): Part {
  const y = top + 14;
  const text = element("text", { class: "small", x: left, y }, escaped(origin.machine));
  return { svg: [text], bottom: y + sizes.pad };
}
