import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { startProject } from "../consumer/consumer.ts";
import { npm, pnpm } from "../consumer/manager.ts";
import { command } from "../pipeline/command.ts";
import { Finding } from "../pipeline/step.ts";
import { twoAtATime } from "../pipeline/two-at-a-time.ts";
import { startWithPublished } from "../release/published.ts";
import { root } from "../toolchain/folders.mjs";
import { nodeOf } from "../toolchain/tools.mjs";

/** What somebody does in a project of its own, with a cache for downloads. */
type Mistake = (project: string, cache: string) => Promise<void>;

/** Whoever installs or uses a package wrongly is told so in words, or it works all the same. */
export async function checkMistakes(release: string, folder: string): Promise<string> {
  await using registry = await startWithPublished(release, folder);
  await twoAtATime(
    Object.entries(mistakes),
    ([title]) => title,
    async ([title, make]) => {
      const project = join(folder, title.replaceAll(" ", "-"));
      startProject(project);
      registry.serve(project);
      await make(project, join(folder, "cache"));
    },
  );
  return `${Object.keys(mistakes).length} mistakes`;
}

const mistakes: Readonly<Record<string, Mistake>> = {
  async "an adapter without core"(project, cache) {
    await npm.install(["@sup/bus"], project, cache);
    await evaluate(project, 'import "@sup/bus"');
  },

  async "an adapter without core, from npm without peers"(project, cache) {
    await npm.install(["@sup/bus", "--legacy-peer-deps"], project, cache);
    demandText(await failureOf(evaluate(project, 'import "@sup/bus"')), noCore);
  },

  async "an adapter without core, from pnpm without peers"(project, cache) {
    writeFileSync(join(project, "pnpm-workspace.yaml"), "autoInstallPeers: false\n");
    demandText(await pnpm.install(["@sup/bus"], project, cache), /Issues with peer dependencies/);
    demandText(await failureOf(evaluate(project, 'import "@sup/bus"')), noCore);
  },

  async "Node 20, with npm"(project, cache) {
    const words = ["@sup/hub", "--loglevel=warn"];
    const warning = await npm.install(words, project, cache, await tooOld());
    demandText(warning, /EBADENGINE.*@sup\/core.*required: \{ node: '>=22\.12' \}/s);
    const strict = npm.install(["@sup/hub", "--engine-strict"], project, cache, await tooOld());
    demandText(await failureOf(strict), /Not compatible with your version of node.*>=22\.12/s);
    const start = 'import { Supervisor } from "@sup/core"; new Supervisor("root").start()';
    const { binary } = await nodeOf(20);
    demandText(
      await failureOf(evaluate(project, start, binary)),
      /"root": it needs Node 22\.12 or/,
    );
  },

  async "Node 20, with pnpm"(project, cache) {
    const warning = await pnpm.install(["@sup/hub"], project, cache, await tooOld());
    demandText(warning, /Unsupported engine for @sup\/core@\S+: wanted: \{"node":">=22\.12"\}/);
  },

  async "CommonJS in TypeScript"(project, cache) {
    await npm.install(["@sup/bus", "@sup/core"], project, cache);
    const lines = [
      'import { signal } from "@sup/bus";',
      'import { Supervisor } from "@sup/core";',
      'const level = signal("level", () => 1);',
      'console.log(new Supervisor("root", { actors: [level] }).name);',
    ];
    writeFileSync(join(project, "index.cts"), lines.join("\n"));
    const flags = ["--ignoreConfig", "--strict", "--module", "nodenext", "--types", "node"];
    await command("tsc", [...flags, "index.cts"], { cwd: project });
    const { binary } = await nodeOf(22);
    demandText(await command(binary, ["index.cjs"], { cwd: project }), /^root$/);
  },

  async "moduleResolution node10"(project, cache) {
    await npm.install(["@sup/hub", "@sup/core"], project, cache);
    const lines = [
      'import { Supervisor } from "@sup/core";',
      'import * as testing from "@sup/core/testing";',
      'import { Hub } from "@sup/hub";',
      'export const all = { root: new Supervisor("root"), hub: new Hub([]), testing };',
    ];
    writeFileSync(join(project, "index.ts"), lines.join("\n"));
    await compileWithNode10(project, "index.ts");
  },
};

/** With Node 20 before all others. */
async function tooOld(): Promise<{ PATH: string }> {
  const { binary } = await nodeOf(20);
  return { PATH: [dirname(binary), process.env["PATH"]].join(delimiter) };
}

const noCore = /Cannot find package '@sup\/core' imported from .+@sup.bus/;

function evaluate(cwd: string, code: string, node = process.execPath): Promise<string> {
  return command(node, ["--input-type=module", "-e", code], { cwd, timeout: 30_000 });
}

/** By TypeScript 6, as 7 does not have it any more, and says that. */
function compileWithNode10(cwd: string, file: string): Promise<string> {
  const typescript = createRequire(join(root, "docs", "package.json")).resolve("typescript");
  const tsc = join(dirname(typescript), "tsc.js");
  const old = ["--module", "commonjs", "--moduleResolution", "node10"];
  const flags = ["--ignoreConfig", "--ignoreDeprecations", "6.0", "--noEmit", "--strict"];
  return command(process.execPath, [tsc, ...flags, ...old, file], { cwd });
}

async function failureOf(run: Promise<string>): Promise<string> {
  const { failed, text } = await run.then(
    (output) => ({ failed: false, text: output }),
    (error: unknown) => ({ failed: true, text: String(error) }),
  );
  if (!failed) throw new Finding(`Expected it to fail, but it did not:\n${text}`);
  return text;
}

function demandText(text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Finding(`Expected it to say ${String(pattern)}, got\n${text}`);
}
