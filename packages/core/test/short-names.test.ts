import { execFile } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { Mailbox, Supervisor } from "@sup/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { internals, shortNames } from "../short-names.ts";

/** Whose members no user sees. */
const internalFiles = ["claim", "envelope", "life", "line", "receiver", "ring", "server", "turn"];
const project = new URL("..", import.meta.url).pathname;
const declarations = mkdtempSync(join(tmpdir(), "declarations-"));

const compile = (...options: string[]): Promise<unknown> =>
  promisify(execFile)(join(project, "../../node_modules/.bin/tsc"), options);

beforeAll(
  () => compile("-p", join(project, "tsconfig.build.json"), "--outDir", declarations),
  30_000,
);

afterAll(() => {
  rmSync(declarations, { recursive: true });
});

describe("a name that is shortened in what is published", () => {
  it("is that of no member of a public type", () => {
    const member = new RegExp(
      `^ +(?:readonly |get |set )*(${internals.join("|")})\\??[(<:]`,
      "gmu",
    );
    const files = globSync("**/*.d.ts", { cwd: declarations });
    const found = files
      .filter((file) => !internalFiles.includes(basename(file, ".d.ts")))
      .flatMap((file) => {
        const text = readFileSync(join(declarations, file), "utf8");
        return [...text.matchAll(member)].map(([, name]) => `${file}: ${name}`);
      });
    expect(files.length).toBeGreaterThan(20);
    expect(found).toEqual([]);
  });

  it("is that of no member of what the platform brings", () => {
    const { prototype: signal } = AbortSignal;
    const platform = [[], {}, "", 0, () => {}, new Set(), new Map(), Promise.resolve(), signal];
    const found = internals.filter((name) =>
      [...platform, AbortController.prototype, new Error(), Symbol, globalThis.process].some(
        (value) => name in Object(value),
      ),
    );
    expect(found).toEqual([]);
  });

  it("is missed by none of the declarations, which leave it out", async () => {
    const entries = ["index", "adapter", "testing"].map((name) =>
      join(declarations, `${name}.d.ts`),
    );
    const options = ["--noEmit", "--ignoreConfig", "--strict", "--lib", "es2023,esnext,dom"];
    const compiled = compile(...options, "--module", "nodenext", "--types", "", ...entries);
    await expect(compiled).resolves.toMatchObject({ stdout: "" });
  }, 240_000);

  it("stands in the list once, and gets a name of its own", () => {
    expect(new Set(internals).size).toBe(internals.length);
    expect(new Set(Object.values(shortNames)).size).toBe(Object.keys(shortNames).length);
  });

  it("gets one that no derived class has by accident where classes may be derived", () => {
    const members = [Mailbox.prototype, Supervisor.prototype].flatMap(Object.getOwnPropertyNames);
    const found = members.filter((name) => internals.includes(name));
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter((name) => !shortNames[name]?.startsWith("$"))).toEqual([]);
  });
});
