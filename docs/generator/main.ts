import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { figureFiles } from "../../benchmarks/lib/figures.ts";
import { anchorsOf, pageOf } from "./page.ts";
import { problemsOf } from "./problems.ts";
import { type Documented, readPackages, root } from "./project.ts";
import type { Links } from "./prose.ts";

/*
 * Writes the reference of all packages, and the plots of all figures; with `--check` it writes nothing, and says which page
 * is not as it would be written now. Either way it says what the comments lack, and exits with 1 then.
 */
const isCheck = process.argv.includes("--check");
const packages = await readPackages(publishedFolders());
const anchors = new Map(packages.map((one) => [one.folder, anchorsOf(one)]));
const problems = packages.flatMap((one) => problemsOf(one, linksFrom(one)));

for (const one of packages) put(`docs/reference/${one.folder}.md`, pageOf(one, linksFrom(one)));
for (const { path, text } of figureFiles()) put(path, text);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function put(path: string, page: string): void {
  const file = join(root, path);
  if (readIfThere(file) === page) return;
  if (isCheck) {
    problems.push(`${path} is out of date: write it with \`npm run reference\``);
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, page);
  }
}

function publishedFolders(): string[] {
  return readdirSync(join(root, "packages")).filter((name) => {
    const manifest = readIfThere(join(root, "packages", name, "package.json"));
    return manifest !== undefined && JSON.parse(manifest).private !== true;
  });
}

/** A name of the package's own, of core, or of another package. */
function linksFrom(one: Documented): Links {
  const core = packages.filter(({ name }) => name === "@sup/core");
  return (name) => {
    for (const { folder } of [one, ...core, ...packages]) {
      const anchor = anchors.get(folder)?.get(name);
      if (anchor !== undefined) return `${folder === one.folder ? "" : `${folder}.md`}#${anchor}`;
    }
    return undefined;
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}
