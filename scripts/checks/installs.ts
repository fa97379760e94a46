import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, requireAll, run, startProject } from "../consumer/consumer.ts";
import { dependencyProblems } from "../consumer/dependencies.ts";
import { type Manager, managers } from "../consumer/manager.ts";
import { installLineOf, samplesOf } from "../consumer/samples.ts";
import { demandNone, Finding } from "../pipeline/step.ts";
import { twoAtATime } from "../pipeline/two-at-a-time.ts";
import { type Package, packageIn, publishedPackages } from "../pipeline/workspace.ts";
import { startWithPublished } from "../release/published.ts";
import type { Registry } from "../release/registry.ts";
import { nodeMajors } from "../toolchain/releases.mjs";
import { nodeOf } from "../toolchain/tools.mjs";

interface Row {
  /** What it depends on, core aside: that and what it needs in turn may come along, and nothing else. */
  readonly brings: readonly string[];
  /** Those of which pnpm asks its user whether they may run the scripts that they have, and which need not. */
  readonly scripts?: readonly string[];
  /** Those of them that a sample takes for granted, as its reader has them already. */
  readonly alongside?: readonly string[];
}

type Rows = Readonly<Record<string, Row>>;

interface Case {
  readonly one: Package;
  readonly manager: Manager;
  readonly project: string;
  /** A folder for downloads, which all share. */
  readonly cache: string;
}

/**
 * Whoever installs a package as its README says gets it and what it needs, and nothing else; it compiles under the
 * strictest settings, and what its README shows runs.
 *
 * @param release The copy that was versioned and built.
 */
export async function checkInstalls(release: string, folder: string): Promise<string> {
  const rows = readRows();
  const packages = publishedPackages(release);
  demandNone(
    Object.keys(rows)
      .filter((name) => packages.every((one) => one.name !== name))
      .map((name) => `${name} has a row in scripts/checks/installs.json, but is no package`),
  );

  await using registry = await startWithPublished(release, folder);
  const cache = join(folder, "cache");
  const cases = packages.flatMap((one) =>
    managers.map((manager) => {
      return { one, manager, cache, project: join(folder, manager.name, one.name) };
    }),
  );
  await twoAtATime(
    cases,
    ({ one, manager }) => `${one.name} with ${manager.name}`,
    async (each) => {
      await install(each, registry, rows);
      await tryOut(each, rows);
    },
  );
  return `${packages.length} packages with ${managers.map(({ name }) => name).join(" and ")}`;
}

/** Does what the README says, in a new project. */
async function install(
  { one, manager, project, cache }: Case,
  registry: Registry,
  rows: Rows,
): Promise<void> {
  const words = installLineOf(one);
  if (words === undefined) throw new Finding("its README has no line `npm install …`");
  const row = rows[one.name];
  if (row === undefined) throw new Finding("it has no row in scripts/checks/installs.json");

  startProject(project);
  registry.serve(project);
  const builds = (row.scripts ?? []).map((name) => [name, false]);
  const settings = { allowBuilds: Object.fromEntries(builds) as object };
  writeFileSync(join(project, "pnpm-workspace.yaml"), JSON.stringify(settings));
  await manager.install(words, project, cache);
  const asked = [...words, "@types/node"];
  const brought = new Map(Object.entries(rows).map(([name, { brings }]) => [name, brings]));
  demandNone(dependencyProblems(manager.installed(project), asked, brought));
}

/** Compiles and runs the samples with what was installed. */
async function tryOut({ one, manager, project, cache }: Case, rows: Rows): Promise<void> {
  const installed = packageIn(join(project, "node_modules", one.name));
  const { manifest } = installed;
  const alongside = rows[one.name]?.alongside ?? [];
  if (alongside.length > 0) {
    const words = alongside.map((name) => `${name}@${manifest.dependencies?.[name]}`);
    await manager.install(words, project, cache);
  }

  const samples = samplesOf(installed);
  await compile(project, manifest, samples);
  if (!samples.some(({ isRun }) => isRun)) {
    throw new Finding("its README has no sample `ts run`, and there is none in scripts/smoke");
  }
  // What the managers lay out is the same for every Node.
  for (const major of manager.name === "npm" ? nodeMajors : [nodeMajors[0]]) {
    const node = await nodeOf(major);
    await requireAll(project, manifest, node);
    await run(project, samples, node);
  }
}

function readRows(): Rows {
  const file = new URL("installs.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Rows;
}
