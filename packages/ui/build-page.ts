import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minifySync } from "vite";
import { pageNames } from "./page-names.ts";

/** The files of the page by name, as a browser gets them; from `src/page`, minified. */
export async function buildPage(): Promise<Map<string, Uint8Array>> {
  const [worker] = await bundle(["worker.ts"]);
  const version = createHash("sha256").update(worker![1]).digest("base64url").slice(0, 8);
  // A shared worker lives as long as any page that it serves: those of another version must not find it.
  const define = { workerName: JSON.stringify(`sup ${version}`) };
  const app = await bundle(["app.tsx", "app.css"], define);
  const html = await readFile(source("index.html"), "utf8");
  return new Map([["index.html", Buffer.from(html.replace(/\s*\n\s*/g, ""))], worker!, ...app]);
}

type File = readonly [name: string, contents: Uint8Array];

async function bundle(
  names: readonly string[],
  define: Readonly<Record<string, string>> = {},
): Promise<File[]> {
  const { outputFiles } = await build({
    entryPoints: names.map((name) => source(name)),
    define,
    outdir: "/",
    write: false,
    bundle: true,
    minify: true,
    mangleProps: new RegExp(`^(${pageNames.join("|")})$`),
    format: "esm",
    target: ["es2022", "chrome123", "firefox120", "safari17.5"],
    jsxFactory: "h",
    charset: "utf8",
    legalComments: "none",
  });
  return outputFiles.map(({ path, contents, text }) => {
    const name = path.split(/[\\/]/).at(-1)!;
    return [name, name.endsWith(".js") ? smaller(name, text) : contents];
  });
}

/** Two minifiers see more than one: 260 bytes of what is sent. */
function smaller(name: string, script: string): Uint8Array {
  const { code, errors } = minifySync(name, script, { module: true });
  if (errors.length > 0) throw new Error(`Cannot minify ${name}: ${errors[0]!.message}`);
  return Buffer.from(code);
}

function source(name: string): string {
  return fileURLToPath(new URL(`src/page/${name}`, import.meta.url));
}
