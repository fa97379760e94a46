import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, endCommandsWithThisProcess } from "./pipeline/command.ts";
import { runSteps } from "./pipeline/run-steps.ts";
import type { Step } from "./pipeline/step.ts";
import { publishedPackages } from "./pipeline/workspace.ts";
import { publish, version } from "./release/copy.ts";
import { news } from "./release/news.ts";
import { canAttest, demandReleasable } from "./release/permission.ts";
import { startRegistry } from "./release/registry.ts";
import { releaseIn, releaseSteps } from "./steps.ts";
import { root } from "./toolchain/folders.mjs";
import { Trouble } from "./toolchain/trouble.mjs";

const usage = `npm run release               says what a release would publish; nothing leaves this machine
npm run release -- --publish  builds, versions and checks it, and then commits, publishes and tags it`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const [mode, ...rest] = args;
  if (rest.length > 0 || (mode !== undefined && mode !== "--publish")) {
    console.error(`Cannot release: unknown arguments ${args.join(" ")}\n${usage}`);
    return 2;
  }

  endCommandsWithThisProcess();
  const folder = mkdtempSync(join(tmpdir(), "sup-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  try {
    return mode === "--publish" ? await release(folder) : await rehearse(folder);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    console.log(error.message);
    return 1;
  }
}

/** As a release, but for the commit, the tags, and the registry. */
async function rehearse(folder: string): Promise<number> {
  const copy = releaseIn(folder);
  await using registry = await startRegistry();
  const passed = await runAll(folder, async () => {
    registry.serve(copy);
    await publish(copy);
    return `${registry.published().length} packages, to a registry that is gone now`;
  });
  if (passed) console.log(`\n${news(publishedPackages(), publishedPackages(copy))}`);
  return passed ? 0 : 1;
}

async function release(folder: string): Promise<number> {
  await demandReleasable();
  const passed = await runAll(folder, async () => {
    await commitVersions();
    const provenance = canAttest();
    await publish(releaseIn(folder), { pnpm_config_provenance: String(provenance) });
    await command("changeset", ["git-tag"]);
    return provenance ? "with provenance" : "without provenance, which only CI can attest";
  });
  if (passed) console.log("\nPublished and tagged. What is left: git push --follow-tags");
  return passed ? 0 : 1;
}

/** What the copy has had already. There is nothing to commit where a pull request did it before. */
async function commitVersions(): Promise<void> {
  const before = publishedPackages();
  await version(root);
  const changed = publishedPackages().filter(
    ({ manifest }, index) => manifest.version !== before[index]?.manifest.version,
  );
  if (changed.length === 0) return;
  const releases = changed.map(({ name, manifest }) => `${name} ${manifest.version}`);
  await command("git", ["add", ".changeset", "packages"]);
  await command("git", ["commit", "--quiet", `--message=Release ${releases.join(", ")}`]);
}

async function runAll(folder: string, publication: () => Promise<string>): Promise<boolean> {
  const steps = releaseSteps(folder);
  const after = steps.map(({ name }) => name);
  const last: Step = { name: "publish", after, run: publication };
  const missed = await runSteps([...steps, last]);
  if (missed.length > 0) console.log(`\nNot published: ${missed.join(", ")}`);
  return missed.length === 0;
}
