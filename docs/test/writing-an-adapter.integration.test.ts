import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { snippetsOf } from "../../scripts/checks/snippet.ts";

const page = join(import.meta.dirname, "../writing-an-adapter.md");
const folder = join(import.meta.dirname, `../.snippets-guide-${process.pid}`);

const modules = snippetsOf(readFileSync(page, "utf8"));

mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const [index, { code }] of modules.entries()) {
  const file = join(folder, `module-${index}.ts`);
  writeFileSync(file, code);
  // Its tests are registered here.
  await import(file);
}

describe("the guide for authors of adapters", () => {
  it("is one module, with its tests", () => {
    expect(modules.length).toBe(1);
    expect(modules[0]!.code).toContain("adapterContract<");
  });
});
