import { join } from "node:path";
import { checkInstalls } from "./checks/installs.ts";
import { checkLockfile } from "./checks/lockfile.ts";
import { checkManifests } from "./checks/manifests.ts";
import { checkMistakes } from "./checks/mistakes.ts";
import { checkPublishing } from "./checks/publishing.ts";
import { checkReleasePlan } from "./checks/release-plan.ts";
import { checkReleases } from "./checks/releases.ts";
import { bringRuntimes, checkCoreOnRuntimes } from "./checks/runtimes.ts";
import { checkSizes } from "./checks/sizes.ts";
import { checkSnippets } from "./checks/snippets.ts";
import { findMissing, installMissing } from "./checks/system-packages.ts";
import { checkTarballs, pack } from "./checks/tarballs.ts";
import { checkUpgrades } from "./checks/upgrades.ts";
import { type Counts, runTests, secondAttempt } from "./checks/vitest.ts";
import { command } from "./pipeline/command.ts";
import type { Step } from "./pipeline/step.ts";
import { copyForRelease, version } from "./release/copy.ts";
import { root } from "./toolchain/folders.mjs";
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

/** Tests to which it makes no difference which Node they run on: of what the browser draws, and that benchmarks can be run. */
const onceEnough = [
  "packages/ui/test/page/page.integration.test.ts",
  "packages/ui/test/page/view/draw.integration.test.ts",
  "benchmarks/test/groups.test.ts",
];

/** Everything that CI runs. */
export async function allSteps(folder: string, counts: Counts): Promise<Step[]> {
  const missing = await findMissing();
  const setup: Step[] = [
    { name: "runtimes", run: bringRuntimes },
    ...(missing.length === 0
      ? []
      : [{ name: "system packages", run: () => installMissing(missing) }]),
  ];
  const release = releaseIn(folder);
  const own = (name: string) => join(folder, name);
  const packed = ["runtimes", "pack"];
  return [
    ...setup,
    ...sourceChecks,
    { name: "unused code", run: () => quietly("knip") },
    { name: "lockfile", run: async () => checkLockfile() },
    { name: "documentation", after: ["runtimes"], run: checkSnippets },
    {
      name: "reference",
      run: () => quietly(process.execPath, "docs/generator/main.ts", "--check"),
    },
    ...releaseSteps(folder),
    {
      name: "core on runtimes",
      after: packed,
      run: () => checkCoreOnRuntimes(folder),
    },
    { name: "installs", after: packed, run: () => checkInstalls(release, own("installs")) },
    { name: "mistakes", after: packed, run: () => checkMistakes(release, own("mistakes")) },
    { name: "releases", after: packed, run: () => checkReleases(release, own("releases")) },
    {
      name: "upgrades",
      after: packed,
      run: () => checkUpgrades(root, { release, tarballs: folder }, own("upgrades")),
    },
    { name: "publishing", after: packed, run: () => checkPublishing(release, own("publishing")) },
    ...nodeMajors.map((major, index) => ({
      name: `tests on Node ${major}`,
      after: setup.map(({ name }) => name),
      alone: true,
      run: async () => {
        const left = index === 0 ? [] : onceEnough.map((file) => `--exclude=${file}`);
        const flags = [...secondAttempt, ...left];
        return runTests(await nodeOf(major), counts, { folder, flags });
      },
    })),
  ];
}

/** What comes before a publication: the packages as they will be published are in the folder, and are as they should be. */
export function releaseSteps(folder: string): Step[] {
  return [
    { name: "manifests", run: async () => checkManifests() },
    { name: "changesets", run: checkReleasePlan },
    { name: "build", run: () => turbo("build") },
    { name: "sizes", after: ["build"], run: checkSizes },
    { name: "pack", after: ["build"], run: () => packRelease(folder) },
    { name: "tarballs", after: ["pack"], run: () => checkTarballs(folder) },
  ];
}

/** The copy of the repository that `pack` gives the versions of the next release. */
export function releaseIn(folder: string): string {
  return join(folder, "release");
}

async function packRelease(folder: string): Promise<void> {
  const release = releaseIn(folder);
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
