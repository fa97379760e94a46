import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Counts } from "./checks/vitest.ts";
import { endCommandsWithThisProcess } from "./pipeline/command.ts";
import { runSteps } from "./pipeline/run-steps.ts";
import { allSteps, quickSteps } from "./steps.ts";
import { Trouble } from "./toolchain/trouble.mjs";

const usage = `npm test            everything that CI runs
npm test -- --unit  the quick loop: format, lint, types, unit tests`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const [mode, ...rest] = args;
  if (rest.length > 0 || (mode !== undefined && mode !== "--unit")) {
    console.error(`Cannot test: unknown arguments ${args.join(" ")}\n${usage}`);
    return 2;
  }

  endCommandsWithThisProcess();
  const folder = mkdtempSync(join(tmpdir(), "sup-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const counts: Counts = { passed: 0, failed: 0 };
  try {
    const steps = mode === "--unit" ? quickSteps(folder, counts) : await allSteps(folder, counts);
    const missed = await runSteps(steps);
    if (missed.length > 0) console.log(`\nNot passed: ${missed.join(", ")}`);
    return missed.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    console.log(error.message);
    return 1;
  } finally {
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
  }
}
