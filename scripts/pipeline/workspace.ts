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
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export interface Package {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The packages that are published. */
export function publishedPackages(folder: string = root): Package[] {
  return globSync("packages/*/package.json", { cwd: folder })
    .toSorted()
    .map((path) => packageIn(dirname(join(folder, path))))
    .filter(({ manifest }) => manifest.private !== true);
}

export function packageIn(folder: string): Package {
  const manifest = readManifest(folder);
  return { name: manifest.name, folder, manifest };
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}
