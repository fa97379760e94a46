/**
 * Runs benchmarks: `pnpm bench [group…] [--quick] [--rounds n] [--together] [--write]`.
 *
 * How to add a case: `lib/bench-case.ts`. How to read the figures: `README.md`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { figureFiles } from "./lib/figures.ts";
import { groupNames, loadGroup } from "./lib/groups.ts";
import { writeIntoReadme } from "./lib/readme.ts";
import { buildReport, type Report } from "./lib/report.ts";
import { runGroup } from "./lib/run-group.ts";
import { renderReport } from "./lib/table.ts";

const { positionals, values: flags } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    together: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

for (const name of positionals.length > 0 ? positionals : await groupNames()) {
  const report = await measureGroup(name);
  console.log(`${renderReport(report)}\n`);
  if (!flags.quick) await keep(report);
}
if (flags.write) await writePlots();

async function measureGroup(name: string): Promise<Report> {
  const definition = await loadGroup(name);
  const rounds = await runGroup(name, definition, {
    rounds: flags.quick ? 1 : roundsOf(flags.rounds ?? definition.rounds ?? 5),
    together: flags.together,
    quick: flags.quick,
    onProgress: (line) => console.error(line),
  });
  return buildReport({ group: name, definition, together: flags.together, rounds });
}

function roundsOf(value: string | number): number {
  const rounds = Number(value);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(
      `Cannot run benchmarks: \`--rounds\` must be an integer of 1 or more, got ${value}`,
    );
  }
  return rounds;
}

/** With `--write` the table goes into the README, and the figures behind it beside the ones that git ignores. */
async function keep(report: Report): Promise<void> {
  await writeJson(new URL("./results/", import.meta.url), report);
  if (!flags.write) return;
  await writeJson(new URL("./results/readme/", import.meta.url), report);
  await writeIntoReadme(report.name, renderReport(report));
}

async function writePlots(): Promise<void> {
  for (const { path, text } of figureFiles()) {
    await writeFile(new URL(`../${path}`, import.meta.url), text);
  }
}

async function writeJson(folder: URL, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    new URL(`${report.name}.json`, folder),
    `${JSON.stringify(report, undefined, 2)}\n`,
  );
}
