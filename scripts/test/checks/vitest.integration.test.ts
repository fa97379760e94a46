import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Counts, runTests, secondAttempt } from "../../checks/vitest.ts";

let folder: string;
let counts: Counts;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sup-vitest-"));
  counts = { passed: 0, failed: 0 };
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Runs these tests in a process of their own. */
function run(tests: string, ...flags: readonly string[]): Promise<string> {
  writeFileSync(join(folder, "own.test.js"), tests);
  const node = { version: process.versions.node, binary: process.execPath };
  return runTests(node, counts, {
    folder,
    flags: [`--root=${folder}`, "--globals", ...flags],
  });
}

const unsteady = `let runs = 0; it("waits", () => expect(++runs, "too late").toBe(2)); it("sits", () => {});`;

describe("runTests", () => {
  it("says how many passed", async () => {
    expect(await run(`it("sits", () => {});`)).toBe("1 passed");
    expect(counts).toEqual({ passed: 1, failed: 0 });
  });

  it("names what passed only at the second attempt, and why it failed", async () => {
    const remark = await run(unsteady, ...secondAttempt);
    expect(remark).toMatch(
      /^2 passed\n *at the second attempt: .*own\.test\.js: waits: .*too late/,
    );
    expect(counts).toEqual({ passed: 2, failed: 0 });
  });

  it("fails at the first attempt when there is no second", async () => {
    await expect(run(unsteady)).rejects.toThrow(/FAIL.*waits[^]*too late/);
    expect(counts).toEqual({ passed: 1, failed: 1 });
  });

  it("shows the tests that fail, and none that pass", async () => {
    const error = await run(
      `it("sits", () => {});\n\n\n\n\n\n\nit("falls", () => expect(1).toBe(2));`,
    ).catch(String);
    expect(error).toMatch(/FAIL.*falls/);
    expect(error).not.toContain("sits");
  });

  it("fails with what nobody handled", async () => {
    const failing = run(`it("leaves", () => { Promise.reject(new Error("astray")); });`);
    await expect(failing).rejects.toThrow("astray");
  });

  it("fails when a test is skipped, or there is none", async () => {
    // In what is run here one is skipped: that has to be found.
    await expect(run(`it.skip("sleeps", () => {}); it("sits", () => {});`)).rejects.toThrow(
      "sleeps",
    );
    await expect(run("")).rejects.toThrow("No test suite found");
  });
});
