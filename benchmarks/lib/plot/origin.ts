import type { Machine, Report } from "../report.ts";
import type { Plot } from "./plot.ts";

/** How often, and on what, the figures of a plot were measured. */
export function originOf(...reports: readonly Report[]): Plot["origin"] {
  const counts = reports.map(({ rounds }) => rounds);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return {
    rounds: fewest === most ? `${most}` : `${fewest} to ${most}`,
    machine: [...new Set(reports.map(({ machine }) => inWords(machine)))].join("; "),
  };
}

function inWords({ node, platform, cores, cpu }: Machine): string {
  return `Node ${node}, ${platform}, ${cores} × ${cpu}`;
}
