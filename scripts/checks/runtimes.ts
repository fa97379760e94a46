import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "../pipeline/command.ts";
import { publishedPackages } from "../pipeline/workspace.ts";
import { nodeMajors, releases } from "../toolchain/releases.mjs";
import { bun, deno, nodeOf } from "../toolchain/tools.mjs";
import { tarballOf } from "./tarballs.ts";

/** Brings every runtime that something is tested on. */
export async function bringRuntimes(): Promise<string> {
  for (const major of nodeMajors) await nodeOf(major);
  await nodeOf(20);
  await bun();
  await deno();
  return `Node ${nodeMajors.join(", ")}, Bun ${releases.bun}, Deno ${releases.deno}`;
}

/** Core as it is published compiles without the types of Node, and does on every runtime what its documentation says. */
export async function checkCoreOnRuntimes(tarballs: string): Promise<void> {
  const project = join(tarballs, "smoke");
  await installCore(tarballs, project);
  const script = "core.ts";
  copyFileSync(
    fileURLToPath(new URL(`../smoke/${script}`, import.meta.url)),
    join(project, script),
  );
  await command("tsc", ["-p", "."], { cwd: project });

  const run = (file: string, args: readonly string[]) =>
    command(file, [...args, script], { cwd: project, timeout: 30_000, env: { DENO_DIR: project } });
  for (const major of nodeMajors) await run((await nodeOf(major)).binary, []);
  await run(await bun(), ["run"]);
  await run(await deno(), ["run", "--node-modules-dir=manual", "--no-remote", "--cached-only"]);
}

/** Unpacks it where an install would put it; it has no dependencies. */
async function installCore(tarballs: string, project: string): Promise<void> {
  const core = publishedPackages().find(({ name }) => name === "@sup/core");
  if (core === undefined) throw new Error("Cannot find @sup/core among the packages");
  const folder = join(project, "node_modules", core.name);
  mkdirSync(folder, { recursive: true });
  await command("tar", ["-xzf", tarballOf(core, tarballs), "-C", folder, "--strip-components=1"]);

  const manifest = { type: "module", dependencies: { [core.name]: "*" } };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions }));
}

const compilerOptions = {
  lib: ["es2023", "esnext.disposable", "dom"],
  module: "nodenext",
  noEmit: true,
  skipLibCheck: false,
  strict: true,
  target: "es2023",
  types: [],
};
