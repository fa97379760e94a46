import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../pipeline/command.ts";
import { Finding } from "../pipeline/step.ts";
import type { Manifest } from "../pipeline/workspace.ts";
import type { Node } from "../toolchain/tools.mjs";
import type { Sample } from "./samples.ts";

/** Starts the project of somebody who uses the packages: a program for Node, and nothing of this repository. */
export function startProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const devDependencies = { "@types/node": "^22" };
  write(folder, "package.json", { name: "consumer", type: "module", devDependencies });
}

/**
 * Compiles the samples as a program for Node, and all that the package exports as a program for a bundler, which
 * has the types of Node only if the package says that it needs them.
 */
export async function compile(
  folder: string,
  manifest: Manifest,
  samples: readonly Sample[],
): Promise<void> {
  for (const sample of samples) writeFileSync(join(folder, `${sample.name}.ts`), sample.code);
  const lines = entriesOf(manifest).map((entry, index) => `export * as e${index} from "${entry}";`);
  writeFileSync(join(folder, "entries.ts"), lines.join("\n"));

  const forNode = { module: "nodenext", types: ["node"], outDir: "out" };
  await tsc(folder, "node", forNode, ["entries", ...samples.map((sample) => sample.name)]);
  const types = manifest.peerDependencies?.["@types/node"] === undefined ? [] : ["node"];
  const forBundlers = { module: "preserve", moduleResolution: "bundler", types, noEmit: true };
  await tsc(folder, "bundler", forBundlers, ["entries"]);
}

async function tsc(
  cwd: string,
  name: string,
  options: object,
  sources: readonly string[],
): Promise<void> {
  const files = sources.map((source) => `${source}.ts`);
  write(cwd, `${name}.json`, { compilerOptions: { ...common, ...options }, files });
  await command("tsc", ["-p", `${name}.json`, "--pretty", "false"], { cwd });
}

const common = {
  moduleDetection: "force",
  rootDir: ".",
  lib: ["es2024", "dom"],
  skipLibCheck: false,
  strict: true,
  // Node 22 knows no `await using`.
  target: "es2023",
};

/** All that the package exports can be had by `require` as well, silently. */
export async function requireAll(cwd: string, manifest: Manifest, node: Node): Promise<void> {
  const code = entriesOf(manifest).map((entry) => `require("${entry}");`);
  const output = await command(node.binary, ["--input-type=commonjs", "-e", code.join("\n")], {
    cwd,
  });
  if (output !== "")
    throw new Finding(`\`require\` of it prints on Node ${node.version}\n${output}`);
}

function entriesOf({ name, exports }: Manifest): string[] {
  return Object.entries(exports ?? {})
    .filter(([, target]) => typeof target !== "string")
    .map(([path]) => join(name, path));
}

/** Runs what `compile` made of the samples that are to be run. */
export async function run(folder: string, samples: readonly Sample[], node: Node): Promise<void> {
  for (const { name, isRun, output } of samples) {
    if (!isRun) continue;
    const file = join("out", `${name}.js`);
    const printed = await command(node.binary, [file], { cwd: folder, timeout: 30_000 });
    if (output !== undefined && printed !== output) {
      const on = `on Node ${node.version}`;
      throw new Finding(`${name} prints ${on}\n${printed}\ninstead of\n${output}`);
    }
  }
}

function write(folder: string, file: string, value: object): void {
  writeFileSync(join(folder, file), JSON.stringify(value, undefined, 2));
}
