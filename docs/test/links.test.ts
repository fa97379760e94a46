import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const pages = globSync(["*.md", "{packages,apps}/*/*.md", "{benchmarks,docs}/**/*.md"], {
  cwd: root,
  exclude: (path) => path.includes("node_modules"),
});

describe("the links of the documentation", () => {
  it("lead to files and headings that are there", () => {
    expect(pages.length).toBeGreaterThan(15);
    expect(pages.flatMap(brokenLinksOf)).toEqual([]);
  });

  it("lead to every picture that there is", () => {
    const texts = pages.map((page) => readFileSync(join(root, page), "utf8")).join("\n");
    const pictures = globSync("docs/images/*", { cwd: root });

    expect(pictures.length).toBeGreaterThan(2);
    expect(pictures.filter((path) => !texts.includes(path))).toEqual([]);
  });
});

function brokenLinksOf(page: string): string[] {
  const text = withoutCode(readFileSync(join(root, page), "utf8"));
  return [...text.matchAll(/\]\(([^)\s]+)\)| (?:src|srcset)="([^"\s]+)"/g)]
    .map(([, link, image = ""]) => link ?? image)
    .filter((target) => !/^[a-z]+:/.test(target) && !isThere(page, target))
    .map((target) => `${page}: ${target}`);
}

function isThere(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(file) || relative(root, file).startsWith("..")) return false;
  if (anchor === undefined) return true;
  return statSync(file).isFile() && anchorsOf(readFileSync(file, "utf8")).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

function withoutCode(text: string): string {
  return withoutBlocks(text).replaceAll(/`[^`\n]*`/g, "code");
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^(```+).*\n[\s\S]*?^\1$/gm, "");
}
