import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./folders.mjs";
import { withLock } from "./lock.mjs";
import { output } from "./output.mjs";
import { isUnreachable } from "./registry-package.mjs";
import { Trouble } from "./trouble.mjs";

/**
 * Installs the dependencies as the lockfile has them, unless they are.
 *
 * @param {Record<string, string | undefined>} env
 */
export async function install(env) {
  if (isInstalled()) return;
  await withLock(async () => {
    if (isInstalled()) return;
    console.error("Installing dependencies …");
    const args = ["install", "--frozen-lockfile", ...settings];
    const { code, text } = await output("pnpm", args, { cwd: root, env });
    if (code === 0) return;
    throw new Trouble(
      isUnreachable(text)
        ? "Cannot install dependencies: the npm registry cannot be reached, and the first run needs it"
        : `Cannot install dependencies: pnpm install --frozen-lockfile failed\n${text}`,
    );
  });
}

const settings = [
  // The lockfile's versions were old enough when they were written to it; asking again takes 10 s.
  "--config.minimumReleaseAge=0",
  "--config.fetchRetries=2",
  "--config.fetchRetryMintimeout=1000",
  "--config.fetchRetryMaxtimeout=4000",
];

/** pnpm writes its state at the end of each install. */
function isInstalled() {
  const installed = changedAt(join(root, "node_modules", ".pnpm-workspace-state-v1.json"));
  return manifests().every((file) => changedAt(file) <= installed);
}

function manifests() {
  const nested = ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name)),
  );
  const files = [".", "benchmarks", ...nested].map((folder) => join(folder, "package.json"));
  return ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...files].map((file) => join(root, file));
}

/** @param {string} file */
function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
