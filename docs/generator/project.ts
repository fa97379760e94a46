import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Application, type DeclarationReflection, LogLevel } from "typedoc";

/** The repository. */
export const root: string = join(import.meta.dirname, "../..");

/** One package as it is documented: all that each of its entries exports. */
export interface Documented {
  /** As it is imported, `@sup/core`. */
  readonly name: string;
  /** Its folder in `packages/`. */
  readonly folder: string;
  readonly entries: readonly Entry[];
}

/** What can be imported from one place. */
export interface Entry {
  /** As it is imported, `@sup/core/testing`. */
  readonly name: string;
  readonly exported: readonly DeclarationReflection[];
}

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly "@sup/source"?: string }>>;
}

/**
 * Reads the exports of packages, and the comments on them, from their sources.
 * @param folders of `packages/`
 * @throws {Error} when the sources do not compile
 */
export async function readPackages(folders: readonly string[]): Promise<Documented[]> {
  const entries = folders.flatMap(entriesOf);
  const app = await Application.bootstrap({
    entryPoints: entries.map(({ source }) => join(root, source)),
    tsconfig: join(root, "docs/generator/sources.json"),
    basePath: join(root, "packages"),
    alwaysCreateEntryPointModule: true,
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    // A default is told in words as often as in code.
    jsDocCompatibility: { defaultTag: false },
    disableGit: true,
    sourceLinkTemplate: "{path}",
    sort: ["source-order"],
    logLevel: LogLevel.Error,
    // Whether they compile is asked elsewhere, and by the compiler of the project.
    skipErrorChecking: true,
  });
  const project = await app.convert();
  if (project === undefined || app.logger.hasErrors())
    throw new Error("Cannot read the packages: their sources do not compile");
  const modules = project.children ?? [];
  return folders.map((folder) => ({
    name: manifestOf(folder).name,
    folder,
    entries: entries
      .filter((entry) => entry.folder === folder)
      .map(({ name, source }) => {
        const module = modules.find(
          ({ sources }) => `packages/${sources?.[0]?.fileName}` === source,
        );
        if (module === undefined) throw new Error(`Cannot read ${source}: it exports nothing`);
        return { name, exported: module.children ?? [] };
      }),
  }));
}

function entriesOf(folder: string): { folder: string; name: string; source: string }[] {
  const { name, exports } = manifestOf(folder);
  return Object.entries(exports).flatMap(([path, target]) => {
    const source = typeof target === "string" ? undefined : target["@sup/source"];
    if (source === undefined) return [];
    return [{ folder, name: join(name, path), source: join("packages", folder, source) }];
  });
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
}
