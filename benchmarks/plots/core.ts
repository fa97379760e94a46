import { grouped } from "../lib/plot/blocks.ts";
import { originOf } from "../lib/plot/origin.ts";
import type { Plot, Row } from "../lib/plot/plot.ts";
import type { ReadReport } from "../lib/read-report.ts";
import type { CaseReport, Report } from "../lib/report.ts";

/** The rows that the Go library publishes, as times of what that needs. */
export function core(read: ReadReport): Plot {
  const report = read("core");
  const kinds = grouped(report.cases, ({ name }) => name.split(" ")[0] ?? name);
  return {
    name: "core",
    title: "@sup/core against the Go library",
    axis: {
      scale: "log",
      unit: "×",
      label: "Processor time relative to the Go library",
      reference: { value: 1, label: "Go" },
      limit: "aimed at",
    },
    blocks: kinds.map((cases) => ({
      rows: cases.map((found) => rowOf(report, found)),
    })),
    origin: originOf(report),
  };
}

function rowOf(report: Report, { name, figure, go, aim }: CaseReport): Row {
  if (go === undefined || aim === undefined) {
    throw new RangeError(
      `Cannot plot "${report.name}": case "${name}" has no figure of Go, or no aim`,
    );
  }
  const { min, median, max } = figure;
  return {
    name,
    of: "sup",
    spread: { min: min / go, median: median / go, max: max / go },
    limit: aim / go,
  };
}
