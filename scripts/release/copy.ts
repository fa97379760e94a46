import { cpSync, globSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { command } from "../pipeline/command.ts";
import { type Package, publishedPackages } from "../pipeline/workspace.ts";
import { root } from "../toolchain/folders.mjs";

interface Repository {
  readonly repository?: { readonly type: "git"; readonly url: string };
}

/**
 * A copy of what versions and publishes the packages: the manifests, the changesets, and what was built. What
 * changesets and pnpm do to it, they do not do to the repository.
 */
export function copyForRelease(folder: string): string {
  const parts = [
    ".changeset",
    ".npmrc",
    "LICENSE",
    "pnpm-workspace.yaml",
    "package.json",
    "{packages,apps}/*/package.json",
    "{benchmarks,docs}/package.json",
    "packages/*/{README,CHANGELOG}.md",
    "packages/*/dist",
  ];
  for (const path of globSync(parts, { cwd: root })) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  for (const one of publishedPackages(folder)) nameRepository(one, folder);
  return folder;
}

/** Where it is stands once, in the manifest of the root. */
function nameRepository({ folder, manifest }: Package, copy: string): void {
  const { repository } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8")) as Repository;
  if (repository === undefined) return;
  const directory = relative(copy, folder).replaceAll("\\", "/");
  const named = { ...manifest, repository: { ...repository, directory } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(named, undefined, 2));
}

/** Gives the packages of the folder the versions and changelogs that the changesets ask for, if there are any. */
export async function version(folder: string): Promise<void> {
  if (changesetsOf(folder).length > 0) await command("changeset", ["version"], { cwd: folder });
}

function changesetsOf(folder: string): string[] {
  return globSync(".changeset/*.md", { cwd: folder }).filter(
    (file) => basename(file) !== "README.md",
  );
}

/** Publishes the versions that the registry does not have. */
export async function publish(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await command("changeset", ["publish", "--no-git-tag"], { cwd: folder, env });
}
