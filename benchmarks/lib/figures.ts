import { readFileSync } from "node:fs";
import { adapters } from "../plots/adapters.ts";
import { bus } from "../plots/bus.ts";
import { core } from "../plots/core.ts";
import { peers } from "../plots/peers.ts";
import { scale } from "../plots/scale.ts";
import { drawPlot } from "./plot/draw.ts";
import { withPlots } from "./plot/page.ts";
import { pathOf, widths } from "./plot/path.ts";
import { readReport } from "./read-report.ts";

/** A file that is made of figures, at least in part. */
export interface FigureFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

const root = new URL("../../", import.meta.url);
const pages = ["README.md", "benchmarks/README.md"];

/** All plots, and the pages that show them, as they have to be with the figures that were measured last. */
export function figureFiles(): FigureFile[] {
  const plots = [core, scale, peers, bus, adapters].map((plotOf) => plotOf(readReport));
  const images = plots.flatMap((plot) =>
    widths.map((width) => ({ path: pathOf(plot, width), text: drawPlot(plot, width) })),
  );
  const texts = pages.map((path) => ({
    path,
    text: withPlots({ path, text: readFileSync(new URL(path, root), "utf8") }, plots),
  }));
  return [...images, ...texts];
}
