import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installLineOf, samplesOf } from "../../consumer/samples.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sup-samples-"));
  mkdirSync(join(folder, "thing"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const thing = () => ({
  name: "@sup/thing",
  folder: join(folder, "thing"),
  manifest: { name: "@sup/thing", version: "1.0.0" },
});
const readme = (...lines: readonly string[]) =>
  writeFileSync(join(folder, "thing", "README.md"), lines.join("\n"));

describe("samplesOf", () => {
  it("gives the README's blocks, named by their lines", () => {
    readme("# Thing", "```ts run", "a();", "```", "```text output", "1", "```");
    expect(samplesOf(thing(), folder)).toEqual([
      { name: "readme-3", code: "\n\na();", isRun: true, output: "1" },
    ]);
  });

  it("adds the package's program of scripts/smoke", () => {
    readme("# Thing");
    mkdirSync(join(folder, "scripts", "smoke"), { recursive: true });
    writeFileSync(join(folder, "scripts", "smoke", "thing.ts"), "a();");
    expect(samplesOf(thing(), folder)).toEqual([
      { name: "smoke", code: "a();", isRun: true, output: undefined },
    ]);
  });

  it("throws when there is no README", () => {
    expect(() => samplesOf(thing(), folder)).toThrow("it has no README.md");
  });
});

describe("installLineOf", () => {
  it("gives what is to be installed", () => {
    readme("```bash", "npm install @sup/thing @sup/core", "```");
    expect(installLineOf(thing())).toEqual(["@sup/thing", "@sup/core"]);
  });

  it("gives nothing when the README does not say it", () => {
    readme("# Thing");
    expect(installLineOf(thing())).toBeUndefined();
  });
});
