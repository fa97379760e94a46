import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The files of the page by name, as a browser gets them; from `src/page`, minified. */
export async function buildPage(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: ["app.tsx", "worker.ts", "app.css"].map((name) => source(name)),
    outdir: "/",
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome123", "firefox120", "safari17.5"],
    jsxFactory: "h",
    charset: "utf8",
    legalComments: "none",
  });
  const bundled = outputFiles.map(
    ({ path, contents }) => [path.split(/[\\/]/).at(-1)!, contents] as const,
  );
  return new Map([["index.html", await readFile(source("index.html"))], ...bundled]);
}

function source(name: string): string {
  return fileURLToPath(new URL(`src/page/${name}`, import.meta.url));
}
