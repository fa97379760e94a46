import { join } from "node:path";
import { checkInstalls } from "./checks/installs.ts";
import { checkLockfile } from "./checks/lockfile.ts";
import { checkManifests } from "./checks/manifests.ts";
import { checkMistakes } from "./checks/mistakes.ts";
import { checkReleasePlan } from "./checks/release-plan.ts";
import { bringRuntimes, checkCoreOnRuntimes } from "./checks/runtimes.ts";
import { checkSizes } from "./checks/sizes.ts";
import { checkSnippets } from "./checks/snippets.ts";
import { findMissing, installMissing } from "./checks/system-packages.ts";
import { checkTarballs, pack } from "./checks/tarballs.ts";
import { type Counts, runTests } from "./checks/vitest.ts";
import { command } from "./pipeline/command.ts";
import type { Step } from "./pipeline/step.ts";
import { copyForRelease, version } from "./release/copy.ts";
import { nodeMajors } from "./toolchain/releases.mjs";
import { nodeOf, nodeToRunOn } from "./toolchain/tools.mjs";

/** The quick loop: what needs no counterpart and no package of the system. */
export function quickSteps(folder: string, counts: Counts): Step[] {
  const flags = ["--project=unit"];
  const run = async () => runTests(await nodeToRunOn(), counts, { folder, flags });
  return [...sourceChecks, { name: "unit tests", alone: true, run }];
}

const sourceChecks: readonly Step[] = [
  { name: "format", run: () => quietly("oxfmt", "--check") },
  { name: "lint", run: () => turbo("//#lint") },
  { name: "types", run: () => turbo("//#types") },
];

/** Everything that CI runs. */
export async function allSteps(folder: string, counts: Counts): Promise<Step[]> {
  const missing = await findMissing();
  const release = join(folder, "release");
  const setup: Step[] = [
    { name: "runtimes", run: bringRuntimes },
    ...(missing.length === 0
      ? []
      : [{ name: "system packages", run: () => installMissing(missing) }]),
  ];
  return [
    ...setup,
    ...sourceChecks,
    { name: "unused code", run: () => quietly("knip") },
    { name: "lockfile", run: async () => checkLockfile() },
    { name: "manifests", run: async () => checkManifests() },
    { name: "changesets", run: checkReleasePlan },
    { name: "documentation", after: ["runtimes"], run: checkSnippets },
    {
      name: "reference",
      run: () => quietly(process.execPath, "docs/generator/main.ts", "--check"),
    },
    { name: "build", run: () => turbo("build") },
    { name: "sizes", after: ["build"], run: checkSizes },
    { name: "pack", after: ["build"], run: () => packRelease(release, folder) },
    { name: "tarballs", after: ["pack"], run: () => checkTarballs(folder) },
    {
      name: "core on runtimes",
      after: ["runtimes", "pack"],
      run: () => checkCoreOnRuntimes(folder),
    },
    {
      name: "installs",
      after: ["runtimes", "pack"],
      run: () => checkInstalls(release, join(folder, "installs")),
    },
    {
      name: "mistakes",
      after: ["runtimes", "pack"],
      run: () => checkMistakes(release, join(folder, "mistakes")),
    },
    ...nodeMajors.map((major) => ({
      name: `tests on Node ${major}`,
      after: setup.map(({ name }) => name),
      alone: true,
      run: async () => runTests(await nodeOf(major), counts, { folder }),
    })),
  ];
}

async function packRelease(release: string, folder: string): Promise<void> {
  copyForRelease(release);
  await version(release);
  await pack(release, folder);
}

async function turbo(task: string): Promise<void> {
  await command("turbo", ["run", task, "--output-logs=errors-only", "--log-prefix=none"]);
}

async function quietly(file: string, ...args: readonly string[]): Promise<void> {
  await command(file, args);
}
