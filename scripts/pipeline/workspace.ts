import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../toolchain/folders.mjs";

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly publishConfig?: {
    readonly access?: string;
    readonly provenance?: boolean;
    readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  };
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export interface Package {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The packages that are published. */
export function publishedPackages(): Package[] {
  return globSync("packages/*/package.json", { cwd: root })
    .toSorted()
    .map((path) => {
      const file = join(root, path);
      const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
      return { name: manifest.name, folder: dirname(file), manifest };
    })
    .filter(({ manifest }) => manifest.private !== true);
}
