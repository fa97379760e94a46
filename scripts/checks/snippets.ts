import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { command } from "../pipeline/command.ts";
import { demandNone, Finding } from "../pipeline/step.ts";
import { root } from "../toolchain/folders.mjs";
import { nodeOf } from "../toolchain/tools.mjs";
import { examplesOf } from "./examples.ts";
import { type Snippet, snippetsOf } from "./snippet.ts";

interface Placed {
  readonly snippet: Snippet;
  readonly file: string;
}

/** Its own folders, so that two runs do not meet. */
const own = `.snippets-${process.pid}`;

/**
 * Every TypeScript block of the documentation compiles, and those marked `run` run. Examples in comments of
 * the sources may use names that they do not declare; what they do with those they import must be right.
 *
 * @returns How many there were, for the report.
 */
export async function checkSnippets(): Promise<string> {
  const pages = globSync(["*.md", "{packages,apps}/*/*.md", "{benchmarks,docs}/*.md"], {
    cwd: root,
  })
    .filter((page) => basename(page) !== "CHANGELOG.md")
    .flatMap((page) => place(page, snippetsOf(read(page))));
  const sources = globSync("packages/*/src/**/*.{ts,tsx}", { cwd: root });
  const examples = sources.flatMap((source) => place(source, examplesOf(source, read(source))));
  const all = [...pages, ...examples];

  try {
    for (const { snippet, file } of all) write(file, snippet.code);
    demandNone([...(await compile("pages", pages)), ...(await compile("examples", examples))]);
    for (const one of pages) await run(one);
  } finally {
    const folders = new Set(all.map(({ file }) => dirname(file)));
    for (const folder of [...folders, join(root, own)])
      rmSync(folder, { recursive: true, force: true });
  }
  return `${pages.length} snippets, ${examples.length} examples`;
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/**
 * Into the document's package, so that imports resolve as they do for who works there; what the repository's
 * own pages use is what the demo has installed.
 */
function place(document: string, snippets: readonly Snippet[]): Placed[] {
  const [group = "", name = ""] = document.split("/");
  const folder = document.includes("/")
    ? join(group, group === "packages" || group === "apps" ? name : "")
    : "apps/demo";
  return snippets.map((snippet) => {
    const file = `${document.replaceAll("/", "-")}-${snippet.line}.ts`;
    return { snippet, file: join(root, folder, own, file) };
  });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** @returns What the compiler found. */
async function compile(kind: "pages" | "examples", snippets: readonly Placed[]): Promise<string[]> {
  if (snippets.length === 0) return [];
  const config = join(root, own, `${kind}.json`);
  const files = snippets.map(({ file }) => file);
  const isPage = kind === "pages";
  // The imports that an example leaves out do not tell types from values.
  const strictness = { noImplicitAny: isPage, verbatimModuleSyntax: isPage };
  const compilerOptions = { ...laxer, ...strictness };
  const settings = { extends: join(root, "tsconfig.json"), compilerOptions, files, include: [] };
  write(config, JSON.stringify(settings));
  try {
    await command("tsc", ["-p", config, "--pretty", "false"]);
    return [];
  } catch (error) {
    const found = String(error)
      .split("\n")
      .filter((line) => /: error TS\d+: /.test(line));
    if (found.length === 0) throw error;
    return kind === "pages" ? found : found.filter((line) => !unknown.test(line));
  }
}

const laxer = {
  moduleDetection: "force",
  noUnusedLocals: false,
  noUnusedParameters: false,
};

/** A name that is not declared, and what follows from its type not being known. */
const unknown = /: error TS(2304|2552|2571|2582|2593|18004|18046): /;

async function run({ snippet: { isRun, output }, file }: Placed): Promise<void> {
  if (!isRun) return;
  const { binary } = await nodeOf(24);
  const flags = ["--conditions=@sup/source", "--disable-warning=ExperimentalWarning"];
  const printed = await command(binary, [...flags, file], { timeout: 30_000 });
  if (output !== undefined && printed !== output) {
    throw new Finding(`${basename(file)} prints\n${printed}\ninstead of\n${output}`);
  }
}
