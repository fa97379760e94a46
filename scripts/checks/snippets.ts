import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { command } from "../pipeline/command.ts";
import { Finding } from "../pipeline/step.ts";
import { root } from "../toolchain/folders.mjs";
import { type Snippet, snippetsOf } from "./snippet.ts";

/** Where the packages are that the root's README may use: a stranger who installed all that the demo has. */
const homeOfRoot = join(root, "apps", "demo");

/**
 * Every TypeScript block of the documentation compiles, and those marked `run` run.
 *
 * @returns How many there were, for the report.
 */
export async function checkSnippets(): Promise<string> {
  const documents = globSync(["*.md", "{packages,apps}/*/*.md", "benchmarks/*.md"], { cwd: root })
    .filter((path) => basename(path) !== "CHANGELOG.md")
    .toSorted();
  const snippets = documents.flatMap((document) =>
    snippetsOf(readFileSync(join(root, document), "utf8")).map((snippet) => ({
      snippet,
      file: fileOf(document, snippet),
    })),
  );
  if (snippets.length === 0) return "no snippets";

  try {
    for (const { snippet, file } of snippets) write(file, snippet.code);
    await compile(snippets.map(({ file }) => file));
    for (const { snippet, file } of snippets) await run(file, snippet);
  } finally {
    for (const { file } of snippets) rmSync(dirname(file), { recursive: true, force: true });
  }
  return `${snippets.length} snippets`;
}

/** Beside the document's package, so that imports resolve as they do for who works there. */
function fileOf(document: string, { line }: Snippet): string {
  const folder = dirname(document) === "." ? homeOfRoot : join(root, dirname(document));
  const name = `${document.replaceAll("/", "-")}-${line}.ts`;
  return join(folder, ".snippets", String(process.pid), name);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function compile(files: readonly string[]): Promise<void> {
  const folder = join(root, ".snippets", String(process.pid));
  const config = join(folder, "tsconfig.json");
  const compilerOptions = {
    moduleDetection: "force",
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  try {
    write(
      config,
      JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, files, include: [] }),
    );
    await command("tsc", ["-p", config]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(file: string, { isRun, output }: Snippet): Promise<void> {
  if (!isRun) return;
  const flags = ["--conditions=@sup/source", "--disable-warning=ExperimentalWarning"];
  const printed = await command("node", [...flags, file], { timeout: 30_000 });
  if (output !== undefined && printed !== output) {
    throw new Finding(`${basename(file)} prints\n${printed}\ninstead of\n${output}`);
  }
}
