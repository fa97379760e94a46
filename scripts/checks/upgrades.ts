import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { compile, run, startProject } from "../consumer/consumer.ts";
import { npm } from "../consumer/manager.ts";
import { installLineOf, samplesOf } from "../consumer/samples.ts";
import { command } from "../pipeline/command.ts";
import { twoAtATime } from "../pipeline/two-at-a-time.ts";
import { type Package, packageIn, publishedPackages } from "../pipeline/workspace.ts";
import { nodeToRunOn } from "../toolchain/tools.mjs";
import { pack, tarballOf } from "./tarballs.ts";

/** The packages at one time. */
interface Side {
  readonly title: string;
  /** The repository, whose samples are run. */
  readonly folder: string;
  readonly packages: readonly Package[];
  /** Where they are packed. */
  readonly tarballs: string;
}

/** A package, and the side that core comes from. */
interface Pair {
  readonly one: Package;
  readonly own: Side;
  readonly other: Side;
}

/**
 * As each can be upgraded without the others: today's packages work with core as it was last released, and those of
 * that release with core as it is now.
 *
 * @param release The copy that was versioned, packed into the folder `tarballs`.
 */
export async function checkUpgrades(
  repository: string,
  { release, tarballs }: { readonly release: string; readonly tarballs: string },
  folder: string,
): Promise<string> {
  const tag = await lastRelease(repository);
  if (tag === undefined) return "no release to upgrade from yet";
  const packages = publishedPackages(release);
  const today = { title: "as it is now", folder: repository, packages, tarballs };
  const last = await restore(tag, repository, folder);
  const pairs = [...pairsOf(today, last), ...pairsOf(last, today)];
  await twoAtATime(pairs, titleOf, (pair) => checkPair(pair, folder));
  return `${pairs.length} pairs with ${tag}`;
}

/** The tag that changesets made last, of any package: the manifests there are those of all that is released. */
async function lastRelease(repository: string): Promise<string | undefined> {
  if (!existsSync(join(repository, ".git"))) return undefined;
  const args = ["tag", "--list", "@sup/*@*", "--merged", "HEAD", "--sort=-creatordate"];
  const tags = await command("git", args, { cwd: repository });
  return tags.split("\n")[0] || undefined;
}

/** Builds and packs what the tag holds. */
async function restore(tag: string, repository: string, folder: string): Promise<Side> {
  const home = join(folder, "last");
  const tarballs = join(folder, "last-tarballs");
  for (const path of [home, tarballs]) mkdirSync(path, { recursive: true });
  const archive = join(folder, "last.tar");
  await command("git", ["archive", `--output=${archive}`, tag], { cwd: repository });
  await command("tar", ["-xf", archive, "-C", home]);
  const settings = ["--config.minimumReleaseAge=0", "--prefer-offline"];
  await command("pnpm", ["install", "--frozen-lockfile", ...settings], { cwd: home });
  await command("pnpm", ["--filter=./packages/*", "run", "build"], { cwd: home });
  await pack(home, tarballs);
  return { title: `of ${tag}`, folder: home, packages: publishedPackages(home), tarballs };
}

/** Each package of one side with core of the other one, where that is in its range. */
function pairsOf(own: Side, other: Side): Pair[] {
  const core = other.packages.find(({ name }) => name === "@sup/core");
  if (core === undefined) return [];
  return own.packages
    .filter(({ manifest }) => admits(manifest.peerDependencies?.[core.name], core.manifest.version))
    .map((one) => ({ one, own, other }));
}

/** @param range As `workspace:^1.2.0`, which is what the check of manifests lets be. */
export function admits(range: string | undefined, version: string): boolean {
  const [, major, minor, patch] = (/\^(\d+)\.(\d+)\.(\d+)$/.exec(range ?? "") ?? []).map(Number);
  if (major === undefined || minor === undefined || patch === undefined) return false;
  const [a, b = 0, c = 0] = version.split(".").map(Number);
  return a === major && (b > minor || (b === minor && c >= patch));
}

function titleOf({ one, own, other }: Pair): string {
  return `${one.name} ${own.title} with @sup/core ${other.title}`;
}

async function checkPair({ one, own, other }: Pair, folder: string): Promise<void> {
  const project = join(folder, own.title.replaceAll(/\W/g, "-"), one.name);
  startProject(project);
  const words = (installLineOf(one) ?? [one.name, "@sup/core"]).map((word) => {
    const side = word === "@sup/core" ? other : own;
    const packed = side.packages.find(({ name }) => name === word);
    return packed === undefined ? word : tarballOf(packed, side.tarballs);
  });
  await npm.install(words, project, join(folder, "cache"));
  const installed = packageIn(join(project, "node_modules", one.name));
  const samples = samplesOf(installed, own.folder);
  await compile(project, installed.manifest, samples);
  await run(project, samples, await nodeToRunOn());
}
