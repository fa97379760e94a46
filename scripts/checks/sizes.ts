import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Platform } from "esbuild";
import { demandNone } from "../pipeline/step.ts";
import { type Package, publishedPackages } from "../pipeline/workspace.ts";

interface Budget {
  /** Most bytes of the main entry with its dependencies, peers excepted, minified and compressed. */
  readonly bytes: number;
  /** `neutral` is for what runs everywhere: it may load nothing of Node. */
  readonly platform: Platform;
}

/** @returns The sizes, for the report. */
export async function checkSizes(): Promise<string> {
  const budgets = readBudgets();
  const packages = publishedPackages();
  const sizes = new Map<string, number>();
  const problems: string[] = [];

  for (const one of packages) {
    const budget = budgets[one.name];
    if (budget === undefined) {
      problems.push(`${one.name} has no budget in scripts/checks/size-budgets.json`);
      continue;
    }
    const size = await sizeOf(one, budget.platform);
    sizes.set(one.name, size);
    if (size > budget.bytes) {
      problems.push(`${one.name} is ${size} bytes; its budget is ${budget.bytes}`);
    }
  }
  for (const name of Object.keys(budgets)) {
    if (!packages.some((one) => one.name === name))
      problems.push(`${name} has a budget, but is no package`);
  }

  demandNone(problems);
  return [...sizes].map(([name, size]) => `${name} ${size}`).join(", ");
}

function readBudgets(): Record<string, Budget> {
  const file = new URL("size-budgets.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Record<string, Budget>;
}

async function sizeOf({ folder, manifest }: Package, platform: Platform): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, "dist", "index.js")],
    bundle: true,
    external: Object.keys(manifest.peerDependencies ?? {}),
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
