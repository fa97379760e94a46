import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./project.ts";

/** What `npm run bench -- --write` leaves behind. */
interface Measured {
  readonly cases: readonly {
    readonly name: string;
    readonly operation: string;
    readonly figure: { readonly median: number };
  }[];
}

const begin = "<!-- figures: written by `npm run reference` -->";
const end = "<!-- /figures -->";
const columns = ["@sup/core", "xstate", "effect", "nact", "floor"] as const;

/** The page with the figures that were measured last between its marks. */
export function withFigures(page: string): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before)
    throw new Error(`Cannot write the figures: the page has no ${begin} … ${end}`);
  return `${page.slice(0, before + begin.length)}\n${tableOf(read("peers"))}\n${page.slice(after)}`;
}

function tableOf({ cases }: Measured): string {
  const whats = [...new Set(cases.map(({ name }) => partsOf(name)[0]))];
  const rows = whats.map((what) => {
    const own = cases.filter(({ name }) => partsOf(name)[0] === what);
    const figures = columns.map((column) => {
      const found = own.find(({ name }) => partsOf(name)[1] === column);
      return found === undefined ? "" : roundly(found.figure.median);
    });
    return `| ${own[0]!.operation} | ${figures.join(" | ")} |`;
  });
  const heads = columns.map((column): string => (column === "floor" ? "by hand" : column));
  return [
    `| ns of processor time | ${heads.join(" | ")} |`,
    `| --- | ${columns.map(() => "--:").join(" | ")} |`,
    ...rows,
  ].join("\n");
}

function partsOf(name: string): readonly [what: string, by: string] {
  const [what = "", by = ""] = name.split(": ");
  return [what, by];
}

function roundly(nanoseconds: number): string {
  return Number(nanoseconds.toPrecision(3)).toLocaleString("en-US");
}

function read(group: string): Measured {
  const path = join(root, "benchmarks/results/readme", `${group}.json`);
  return JSON.parse(readFileSync(path, "utf8")) as Measured;
}
