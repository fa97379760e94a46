import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, relative } from "node:path";
import { command } from "../pipeline/command.ts";
import { demandNone, Finding } from "../pipeline/step.ts";
import { root } from "../toolchain/folders.mjs";
import type { Node } from "../toolchain/tools.mjs";

export interface Counts {
  passed: number;
  failed: number;
}

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly Outcome[];
  }[];
}

interface Outcome {
  readonly status: string;
  readonly fullName: string;
  /** Of every attempt that failed, also where the last one passed. */
  readonly failureMessages: readonly string[];
}

/** A busy machine must not undo an evening's work: a test that fails has a second attempt, and is named when that one passes. */
export const secondAttempt = ["--retry.count=1", "--retry.delay=1000"];

/**
 * Runs the tests on this Node and adds to the counts.
 *
 * @returns How many passed, and which of them only at the second attempt.
 * @throws {Finding} if one fails, is skipped, or none was found.
 */
export async function runTests(
  node: Node,
  counts: Counts,
  { folder, flags = [] }: { readonly folder: string; readonly flags?: readonly string[] },
): Promise<string> {
  const file = join(folder, `tests-${node.version}.json`);
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=minimal", "--reporter=json", `--outputFile.json=${file}`];
  const args = [vitest, "run", ...reporters, "--allowOnly=false", ...flags];
  const path = [dirname(node.binary), process.env["PATH"]].join(delimiter);
  const env = { PATH: path, SUP_NODE: node.version, NO_COLOR: "1" };
  const failure = await command(node.binary, args, { env, timeout: 600_000 }).then(
    () => undefined,
    (error: unknown) => error,
  );

  const { testResults } = readReport(file);
  const problems = notRun(testResults);
  const { passed, failed } = count(testResults);
  counts.passed += passed;
  counts.failed += failed + problems.length;
  if (failure !== undefined) throw failure;
  if (passed === 0) throw new Finding("There was no test to run");
  demandNone(problems);
  return [`${passed} passed`, ...unsteady(testResults)].join("\n        ");
}

function count(files: Report["testResults"]): Counts {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const isFailed = ({ status }: { status: string }) => status === "failed";
  // A file that cannot be loaded failed, and none of its tests did.
  const broken = files.filter((file) => isFailed(file) && !file.assertionResults.some(isFailed));
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failed: tests.filter(isFailed).length + broken.length,
  };
}

function notRun(files: Report["testResults"]): string[] {
  return files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ status, fullName }) => `${relative(root, name)}: ${status}: ${fullName}`),
  );
}

function unsteady(files: Report["testResults"]): string[] {
  return files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages }) => status === "passed" && failureMessages.length > 0)
      .map(({ fullName, failureMessages }) => {
        const [message = ""] = failureMessages[0]!.split("\n");
        return `at the second attempt: ${relative(root, name)}: ${fullName}: ${message}`;
      }),
  );
}

/** Without tests where vitest came to no report. */
function readReport(file: string): Report {
  if (!existsSync(file)) return { testResults: [] };
  return JSON.parse(readFileSync(file, "utf8")) as Report;
}
