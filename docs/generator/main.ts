import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { problemsOf } from "./problems.ts";
import { anchorsOf, pageOf } from "./page.ts";
import { type Documented, readPackages, root } from "./project.ts";
import type { Links } from "./prose.ts";

/**
 * Writes the reference of all packages, or with `--check` says what their comments lack and which page is not as it would
 * be written now; exits with 1 then.
 */
const isCheck = process.argv.includes("--check");
const folder = join(root, "docs/reference");
const packages = await readPackages(publishedFolders());
const anchors = new Map(packages.map((one) => [one.folder, anchorsOf(one)]));
const problems = packages.flatMap((one) => problemsOf(one, linksFrom(one)));

mkdirSync(folder, { recursive: true });
for (const one of packages) {
  const path = join(folder, `${one.folder}.md`);
  const page = pageOf(one, linksFrom(one));
  if (!isCheck) writeFileSync(path, page);
  else if (readIfThere(path) !== page)
    problems.push(
      `docs/reference/${one.folder}.md is out of date: write it with \`npm run reference\``,
    );
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

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
