import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { pack } from "../../checks/tarballs.ts";
import { admits, checkUpgrades } from "../../checks/upgrades.ts";
import { command } from "../../pipeline/command.ts";

let folder: string;
let repository: string;

const write = (path: string, text: string | object) => {
  const file = join(repository, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof text === "string" ? text : JSON.stringify(text));
};
const git = (...args: readonly string[]) =>
  command("git", args, {
    cwd: repository,
    env: {
      // Whoever runs this may sign what they commit.
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "test",
      GIT_AUTHOR_EMAIL: "test@example.org",
      GIT_COMMITTER_NAME: "test",
      GIT_COMMITTER_EMAIL: "test@example.org",
    },
  });

/** A package whose JavaScript is its source. */
function writePackage(name: string, version: string, code: string, fields: object = {}): void {
  write(`packages/${name}/package.json`, {
    name: `@sup/${name}`,
    version,
    type: "module",
    files: ["dist"],
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    scripts: { build: "echo" },
    ...fields,
  });
  write(`packages/${name}/dist/index.js`, code);
}

/** Core has `double`, and the thing doubles with it. */
function writeRepository(): void {
  write("package.json", { private: true, packageManager: "pnpm@12.21.0" });
  write("pnpm-workspace.yaml", "packages: [packages/*]\npmOnFail: ignore\n");
  writePackage("core", "1.0.0", "export const double = (n) => n + n;");
  write("packages/core/dist/index.d.ts", "export declare const double: (n: number) => number;");
  writePackage(
    "thing",
    "1.0.0",
    'import { double } from "@sup/core"; export const six = double(3);',
    {
      peerDependencies: { "@sup/core": "workspace:^1.0.0" },
    },
  );
  write("packages/thing/dist/index.d.ts", "export declare const six: number;");
  const sample = ["```ts run", 'import { six } from "@sup/thing";', "console.log(six);", "```"];
  const lines = ["npm install @sup/thing @sup/core", ...sample, "```text output", "6", "```"];
  write("packages/thing/README.md", lines.join("\n"));
}

/** Checks the repository as it is, whose versions are those of the next release; downloads are those of the check before. */
async function check(): Promise<string> {
  const own = join(folder, "check");
  mkdirSync(own, { recursive: true });
  for (const name of readdirSync(own)) {
    if (name !== "cache") rmSync(join(own, name), { recursive: true });
  }
  await pack(repository, own);
  return checkUpgrades(repository, { release: repository, tarballs: own }, own);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sup-upgrades-"));
  repository = join(folder, "repository");
  // pnpm's own remembers each project that was installed from it.
  vi.stubEnv("pnpm_config_store_dir", join(folder, "store"));
  writeRepository();
  await command("pnpm", ["install", "--lockfile-only"], { cwd: repository });
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message=first");
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("checkUpgrades", { timeout: 300_000 }, () => {
  it("says that there is nothing to upgrade from when nothing was released", async () => {
    expect(await check()).toBe("no release to upgrade from yet");
  });

  it("pairs the packages with core of the last release, and those of that with core as it is", async () => {
    await git("tag", "@sup/core@1.0.0");
    expect(await check()).toBe("2 pairs with @sup/core@1.0.0");
  });

  it("names each pair that does not work, and why", async () => {
    writePackage("core", "1.1.0", "export const three = 3;");
    const code = 'import { three } from "@sup/core"; export const six = 2 * three;';
    writePackage("thing", "1.1.0", code, { peerDependencies: { "@sup/core": "workspace:^1.0.0" } });
    const message = String(await check().catch((error: unknown) => error));
    // It was promised a core that it does not get.
    expect(message).toMatch(
      /@sup\/thing of @sup\/core@1\.0\.0 with @sup\/core as it is now: [^]*no.* export named 'double'/i,
    );
    // Its range has a core that does not do.
    expect(message).toMatch(
      /@sup\/thing as it is now with @sup\/core of @sup\/core@1\.0\.0: [^]*no.* export named 'three'/i,
    );
  });

  it("leaves out what the ranges exclude", async () => {
    writePackage("core", "2.0.0", "export const three = 3;");
    const code = 'import { three } from "@sup/core"; export const six = 2 * three;';
    writePackage("thing", "2.0.0", code, { peerDependencies: { "@sup/core": "workspace:^2.0.0" } });
    expect(await check()).toBe("0 pairs with @sup/core@1.0.0");
  });
});

describe("admits", () => {
  it.each([
    ["workspace:^1.2.3", "1.2.3", true],
    ["^1.2.3", "1.10.0", true],
    ["^1.2.3", "1.2.2", false],
    ["^1.2.3", "1.1.9", false],
    ["^1.2.3", "2.0.0", false],
    [undefined, "1.0.0", false],
  ])("%s, %s: %s", (range, version, expected) => {
    expect(admits(range, version)).toBe(expected);
  });
});
