import { cpSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { readChangesets } from "@changesets/read";
import { demandNone } from "../pipeline/step.ts";
import { twoAtATime } from "../pipeline/two-at-a-time.ts";
import { type Package, publishedPackages } from "../pipeline/workspace.ts";
import { version } from "../release/copy.ts";
import { releasePlanProblems } from "./release-plan.ts";

/** A release that comes after the one that the changesets ask for now; resolves to what is wrong with it. */
type Release = (copy: string) => Promise<string[]>;

/**
 * Each package has a version of its own: a minor changes no manifest but its own, and a major of core comes with
 * the majors of all that depend on it, or not at all.
 *
 * @param release The copy that was versioned.
 */
export async function checkReleases(release: string, folder: string): Promise<string> {
  const minors = publishedPackages(release).map(({ name }): [string, Release] => [
    `a minor of ${name}`,
    (copy) => minor(name, copy),
  ]);
  const majors: [string, Release][] = [
    ["a major of @sup/core alone", majorOfCore],
    ["a major of all", majorOfAll],
  ];
  await twoAtATime(
    [...minors, ...majors],
    ([title]) => title,
    async ([title, make]) => {
      const copy = join(folder, title.replaceAll(/[ /]/g, "-"));
      cpSync(release, copy, { recursive: true, verbatimSymlinks: true });
      demandNone(await make(copy));
    },
  );
  return `${minors.length} minors, ${majors.length} majors`;
}

async function minor(name: string, copy: string): Promise<string[]> {
  const before = manifestsOf(copy);
  propose("minor", [name], copy);
  await version(copy);
  const after = manifestsOf(copy);
  const changed = [...after.keys()].filter((path) => after.get(path) !== before.get(path));
  const own = publishedPackages(copy)
    .filter((one) => one.name === name)
    .map(({ folder }) => join(relative(copy, folder), "package.json"));
  return [
    ...own.filter((path) => !changed.includes(path)).map((path) => `it does not change ${path}`),
    ...changed.filter((path) => !own.includes(path)).map((path) => `it changes ${path} too`),
  ];
}

async function majorOfCore(copy: string): Promise<string[]> {
  propose("major", ["@sup/core"], copy);
  const packages = publishedPackages(copy);
  const problems = releasePlanProblems(await readChangesets(copy), packages);
  return packages
    .filter(dependsOnCore)
    .filter(({ name }) => !problems.some((problem) => problem.includes(name)))
    .map(({ name }) => `it passes the check of changesets without a major of ${name}`);
}

async function majorOfAll(copy: string): Promise<string[]> {
  const before = publishedPackages(copy);
  const names = before.map(({ name }) => name);
  propose("major", names, copy);
  const problems = releasePlanProblems(await readChangesets(copy), before);
  await version(copy);

  const after = publishedPackages(copy);
  const core = after.find(({ name }) => name === "@sup/core")?.manifest.version;
  return [
    ...problems,
    ...after
      .filter(({ manifest }, index) => manifest.version !== nextMajor(before[index]))
      .map(({ name, manifest }) => `it gives ${name} the version ${manifest.version}`),
    ...after
      .filter(dependsOnCore)
      .filter(({ manifest }) => manifest.peerDependencies?.["@sup/core"] !== `workspace:^${core}`)
      .map(({ name }) => `it leaves ${name} with the core before`),
  ];
}

function dependsOnCore({ manifest }: Package): boolean {
  return manifest.peerDependencies?.["@sup/core"] !== undefined;
}

function nextMajor(one: Package | undefined): string {
  return `${Number(one?.manifest.version.split(".")[0]) + 1}.0.0`;
}

function propose(type: string, names: readonly string[], copy: string): void {
  const lines = ["---", ...names.map((name) => `"${name}": ${type}`), "---", "", "As told."];
  writeFileSync(join(copy, ".changeset", "proposal.md"), lines.join("\n"));
}

/** The text of every manifest, by its path. */
function manifestsOf(copy: string): Map<string, string> {
  const paths = globSync(["{packages,apps}/*/package.json", "*/package.json"], {
    cwd: copy,
    exclude: ["node_modules/**"],
  });
  return new Map(paths.map((path) => [path, readFileSync(join(copy, path), "utf8")]));
}
