import { readFileSync } from "node:fs";
import type { Report } from "./report.ts";

/** The figures of a group. */
export type ReadReport = (group: string) => Report;

const folder = new URL("../results/readme/", import.meta.url);

/**
 * The figures that `--write` left behind.
 *
 * @throws `Error` when that group was never measured.
 */
export function readReport(group: string): Report {
  const file = new URL(`${group}.json`, folder);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch (cause) {
    throw new Error(
      `Cannot read the figures of "${group}": measure them with \`npm run bench -- ${group} --write\``,
      { cause },
    );
  }
}
