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

/** Where an entry is declared. */
export interface Source {
  readonly name: string;
  /** Its file, from the repository's root. */
  readonly file: string;
}

/**
 * Reads the exports of packages, and the comments on them, from their sources.
 * @param folders of `packages/`
 */
export async function readPackages(folders: readonly string[]): Promise<Documented[]> {
  const sources = folders.flatMap((folder) => sourcesOf(folder));
  const entries = await readEntries(sources, join(import.meta.dirname, "sources.json"));
  return folders.map((folder) => {
    const own = new Set(sourcesOf(folder).map(({ name }) => name));
    const { name } = manifestOf(folder);
    return { name, folder, entries: entries.filter((entry) => own.has(entry.name)) };
  });
}

/**
 * @param config the file that says how they are compiled
 * @throws {Error} when one cannot be read, or exports nothing
 */
export async function readEntries(sources: readonly Source[], config: string): Promise<Entry[]> {
  const app = await Application.bootstrap({
    entryPoints: sources.map(({ file }) => join(root, file)),
    tsconfig: config,
    basePath: root,
    alwaysCreateEntryPointModule: true,
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    // A default is told in words as often as in code.
    jsDocCompatibility: { defaultTag: false },
    preservedTypeAnnotationTags: ["@throws"],
    disableGit: true,
    sourceLinkTemplate: "{path}",
    sort: ["source-order"],
    logLevel: LogLevel.Error,
    // Whether they compile is asked elsewhere, and by the compiler of the project.
    skipErrorChecking: true,
  });
  const project = await app.convert();
  if (project === undefined || app.logger.hasErrors())
    throw new Error(`Cannot read ${sources.map(({ file }) => file).join(", ")}`);
  return sources.map(({ name, file }) => {
    const module = project.children?.find(({ sources }) => sources?.[0]?.fileName === file);
    if (module === undefined) throw new Error(`Cannot read ${file}: it exports nothing`);
    return { name, exported: module.children ?? [] };
  });
}

function sourcesOf(folder: string): Source[] {
  const { name, exports } = manifestOf(folder);
  return Object.entries(exports).flatMap(([path, target]) => {
    const source = typeof target === "string" ? undefined : target["@sup/source"];
    if (source === undefined) return [];
    return [{ name: join(name, path), file: join("packages", folder, source) }];
  });
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8"));
}
