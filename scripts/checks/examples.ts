import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { publishedPackages } from "../pipeline/workspace.ts";
import { type Snippet, snippetsOf } from "./snippet.ts";

/** The examples in the comments of a source, with the imports of their packages' exports that they leave out. */
export function examplesOf(path: string, source: string): Snippet[] {
  const modules = modulesFor(path);
  return snippetsOf(commentsOf(source)).map((snippet) => ({
    ...snippet,
    // Its first line is empty: a comment's example begins further down.
    code: importsFor(snippet.code, modules) + snippet.code,
  }));
}

/** The text of the comments, each line where it stands. */
export function commentsOf(source: string): string {
  return source
    .split("\n")
    .map((line) => /^\s*\* ?(?!\/)(.*)$/.exec(line)?.[1] ?? "")
    .join("\n");
}

/** @param modules The module that exports each name. */
export function importsFor(code: string, modules: ReadonlyMap<string, string>): string {
  return [...modules]
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(code) && !declares(code, name))
    .map(([name, module]) => `import { ${name} } from "${module}"; `)
    .join("");
}

function declares(code: string, name: string): boolean {
  const declaration = `(const|let|class|function|interface|type) ${name}\\b`;
  const imported = `^import [^;]*\\b${name}\\b[^;]* from `;
  return new RegExp(`${imported}|\\b${declaration}`, "m").test(code);
}

/** Where the names come from that a package's sources may show: its own entries, and core's. */
function modulesFor(path: string): Map<string, string> {
  const shown = publishedPackages().filter(
    ({ name, folder }) => name === "@sup/core" || path.startsWith(`packages/${basename(folder)}/`),
  );
  return new Map(
    shown.flatMap(({ name, folder, manifest }) =>
      Object.entries(manifest.exports ?? {}).flatMap(([entry, target]) => {
        const source = typeof target === "string" ? undefined : target["@sup/source"];
        if (source === undefined) return [];
        const names = exportedNames(readFileSync(join(folder, source), "utf8"));
        return names.map((one) => [one, join(name, entry)] as const);
      }),
    ),
  );
}

/** Of an entry, which is a list of named re-exports. */
function exportedNames(entry: string): string[] {
  return [...entry.matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
    .flatMap(([, list = ""]) => list.split(","))
    .map((name) =>
      name
        .trim()
        .replace(/^type /, "")
        .replace(/^.* as /, ""),
    )
    .filter((name) => name !== "");
}
