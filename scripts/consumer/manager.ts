import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { command } from "../pipeline/command.ts";
import { type Manifest, readManifest } from "../pipeline/workspace.ts";

/** What users install packages with. */
export interface Manager {
  readonly name: "npm" | "pnpm";
  /** Adds these packages to the project in the folder; `cache` is a folder for all that it downloads. */
  install(
    words: readonly string[],
    folder: string,
    cache: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<string>;
  /** The manifests of all packages that are installed in the project. */
  installed(folder: string): Manifest[];
}

export const npm: Manager = {
  name: "npm",
  install(words, cwd, cache, env = {}) {
    const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
    const settings = [`--cache=${join(cache, "npm")}`, "--prefer-offline", ...quiet];
    return command("npm", ["install", ...settings, ...words], { cwd, env });
  },
  installed(folder) {
    const file = join(folder, "node_modules", ".package-lock.json");
    const { packages } = JSON.parse(readFileSync(file, "utf8")) as { packages: object };
    return Object.keys(packages).map((path) => readManifest(join(folder, path)));
  },
};

export const pnpm: Manager = {
  name: "pnpm",
  install(words, cwd, cache, env = {}) {
    const settings = [
      `--store-dir=${join(cache, "pnpm-store")}`,
      `--config.cacheDir=${join(cache, "pnpm")}`,
      // As when the others' packages were a day old, without asking the registry for the age of each.
      "--config.minimumReleaseAge=0",
    ];
    return command("pnpm", ["add", ...settings, ...words], { cwd, env });
  },
  installed(folder) {
    const virtual = join(folder, "node_modules", ".pnpm");
    const manifests = globSync("*/node_modules/{*,@*/*}/package.json", { cwd: virtual });
    return manifests.map((path) => readManifest(join(virtual, dirname(path))));
  },
};

export const managers: readonly Manager[] = [npm, pnpm];
