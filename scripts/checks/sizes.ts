import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Platform } from "esbuild";
import { demandNone } from "../pipeline/step.ts";
import { type Package, publishedPackages } from "../pipeline/workspace.ts";

interface Budget {
  /** Most bytes of the entry with its dependencies, peers excepted, minified and compressed. */
  readonly bytes: number;
  /** `neutral` is for what runs everywhere: it may load nothing of Node. */
  readonly platform: Platform;
}

/**
 * Each package's main entry has a budget, and others may have one, under the name that imports them.
 *
 * @returns The sizes, for the report.
 */
export async function checkSizes(): Promise<string> {
  const budgets = readBudgets();
  const sizes = new Map<string, number>();
  const problems: string[] = [];
  const entries = publishedPackages().flatMap(entriesOf);

  for (const entry of entries) {
    const budget = budgets[entry.name];
    if (budget === undefined) {
      if (entry.isMain)
        problems.push(`${entry.name} has no budget in scripts/checks/size-budgets.json`);
      continue;
    }
    const size = await sizeOf(entry, budget.platform);
    sizes.set(entry.name, size);
    if (size > budget.bytes) {
      problems.push(`${entry.name} is ${size} bytes; its budget is ${budget.bytes}`);
    }
  }
  for (const name of Object.keys(budgets)) {
    if (!entries.some((entry) => entry.name === name))
      problems.push(`${name} has a budget, but is no entry of a package`);
  }

  demandNone(problems);
  return [...sizes].map(([name, size]) => `${name} ${size}`).join(", ");
}

function readBudgets(): Record<string, Budget> {
  const file = new URL("size-budgets.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, Budget>;
}

interface Entry {
  /** What is imported. */
  readonly name: string;
  readonly isMain: boolean;
  readonly file: string;
  readonly peers: readonly string[];
}

function entriesOf({ name, folder, manifest }: Package): Entry[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([path, target]) => {
    if (typeof target === "string") return [];
    const peers = Object.keys(manifest.peerDependencies ?? {});
    const file = join(folder, target["default"] ?? "");
    return [{ name: posix.join(name, path), isMain: path === ".", file, peers }];
  });
}

async function sizeOf({ file, peers }: Entry, platform: Platform): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    external: [...peers],
    format: "esm",
    legalComments: "none",
    logLevel: "silent",
    minify: true,
    platform,
    write: false,
  });
  return outputFiles.reduce(
    (sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length,
    0,
  );
}
