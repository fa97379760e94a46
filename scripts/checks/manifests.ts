import { isDeepStrictEqual } from "node:util";
import { demandNone } from "../pipeline/step.ts";
import { type Manifest, publishedPackages } from "../pipeline/workspace.ts";

/** What each published package says of itself, alike in all of them. */
export function checkManifests(): void {
  demandNone(publishedPackages().flatMap(({ manifest }) => manifestProblems(manifest)));
}

export function manifestProblems(manifest: Manifest): string[] {
  const { peerDependencies = {}, publishConfig, keywords, description } = manifest;
  const rules: Record<string, boolean> = {
    "`description` must say what it is": typeof description === "string" && description !== "",
    "`keywords` must not be empty": Array.isArray(keywords) && keywords.length > 0,
    '`license` must be "MIT"': manifest["license"] === "MIT",
    '`type` must be "module"': manifest["type"] === "module",
    "`sideEffects` must be false": manifest["sideEffects"] === false,
    // `exports` says these two, but not to TypeScript's `moduleResolution: node10`.
    '`types` must be "./dist/index.d.ts"': manifest["types"] === "./dist/index.d.ts",
    "`typesVersions` must lead to the types of each entry but the main one": isDeepStrictEqual(
      manifest["typesVersions"],
      typesOf(manifest.exports),
    ),
    '`engines` must be { "node": ">=22.12" }': isDeepStrictEqual(manifest["engines"], {
      node: ">=22.12",
    }),
    '`files` must be ["dist", "CHANGELOG.md"]': isDeepStrictEqual(manifest["files"], [
      "dist",
      "CHANGELOG.md",
    ]),
    "`publishConfig` must have public access and provenance":
      publishConfig?.access === "public" && publishConfig.provenance === true,
    "`exports` must give each entry its source, types and JavaScript, and `./package.json`":
      isComplete(manifest.exports),
    '`publishConfig.exports` must be `exports` without "@sup/source"': isDeepStrictEqual(
      publishConfig?.exports,
      withoutSource(manifest.exports),
    ),
    // A release gives each package that of the root.
    "`repository` must stand in the package.json of the root alone":
      manifest["repository"] === undefined,
    '`peerDependencies` on packages of this repository must be "workspace:^<version>"':
      Object.entries(peerDependencies).every(
        ([name, range]) => !name.startsWith("@sup/") || /^workspace:\^\d+\.\d+\.\d+$/.test(range),
      ),
  };
  return Object.entries(rules)
    .filter(([, kept]) => !kept)
    .map(([rule]) => `${manifest.name}: ${rule}`);
}

function typesOf(exports: Manifest["exports"] = {}): object | undefined {
  const entries = Object.entries(exports).flatMap(([path, target]) =>
    path === "." || typeof target === "string"
      ? []
      : [[path.slice("./".length), [target["types"]]] as const],
  );
  return entries.length === 0 ? undefined : { "*": Object.fromEntries(entries) };
}

function isComplete(exports: Manifest["exports"] = {}): boolean {
  const { ".": main, "./package.json": itself, ...others } = exports;
  return (
    itself === "./package.json" &&
    [main, ...Object.values(others)].every(
      (target) =>
        typeof target === "object" &&
        isDeepStrictEqual(Object.keys(target), ["@sup/source", "types", "default"]),
    )
  );
}

function withoutSource(exports: Manifest["exports"]): Manifest["exports"] {
  const entries = Object.entries(exports ?? {}).map(([path, target]) => {
    if (typeof target === "string") return [path, target] as const;
    const { "@sup/source": _, ...published } = target;
    return [path, published] as const;
  });
  return Object.fromEntries(entries);
}
