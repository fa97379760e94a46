import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { news } from "../../release/news.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sup-news-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const one = (name: string, version: string, ...changelog: readonly string[]) => {
  const home = join(folder, name, version);
  mkdirSync(home, { recursive: true });
  if (changelog.length > 0) writeFileSync(join(home, "CHANGELOG.md"), changelog.join("\n"));
  return { name, folder: home, manifest: { name, version } };
};

describe("news", () => {
  it("tells the newest entry of the changelog of each package that gets a version", () => {
    const changelog = ["# a", "", "## 1.1.0", "", "- new", "", "## 1.0.0", "", "- old"];
    const after = [one("a", "1.1.0", ...changelog), one("b", "2.0.0", "# b", "", "## 2.0.0")];
    expect(news([one("a", "1.0.0"), one("b", "2.0.0")], after)).toBe("a 1.1.0\n\n- new");
  });

  it("says so when nothing gets one", () => {
    const packages = [one("a", "1.0.0")];
    expect(news(packages, packages)).toBe("There is no changeset: nothing is to be released.");
  });
});
