import { readFileSync } from "node:fs";
import { join } from "node:path";
import { demandNone } from "../pipeline/step.ts";
import { root } from "../toolchain/folders.mjs";

const required = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-x64"];

/**
 * The lockfile names no host, and holds every native tool for every platform that is developed on. pnpm
 * drops a binary that its registry lacks without a word, and then nobody on that platform can install.
 */
export function checkLockfile(): void {
  demandNone(lockfileProblems(readFileSync(join(root, "pnpm-lock.yaml"), "utf8")));
}

export function lockfileProblems(lockfile: string): string[] {
  return [...hosts(lockfile), ...missingBinaries(lockfile)];
}

function hosts(lockfile: string): string[] {
  return lockfile.split("\n").flatMap((line, index) => {
    const names = /\w:\/\/|\btarball:/.test(line) && !/^\s*deprecated:/.test(line);
    return names ? [`pnpm-lock.yaml:${index + 1} names a host: ${line.trim()}`] : [];
  });
}

function missingBinaries(lockfile: string): string[] {
  const platforms = new Map<string, Set<string>>();
  for (const [, family = "", os = "", cpu = "", version = ""] of lockfile.matchAll(binary)) {
    const tool = `${family}*@${version}`;
    const known = platforms.get(tool) ?? new Set();
    platforms.set(
      tool,
      known.add(`${os.replace("windows", "win32")}-${cpu.replace(/^64/, "x64")}`),
    );
  }
  return [...platforms].flatMap(([tool, known]) =>
    required
      .filter((platform) => !known.has(platform))
      .map((platform) => `pnpm-lock.yaml lacks ${tool} for ${platform}: pin a version that has it`),
  );
}

/** A package's line, as `'@esbuild/darwin-arm64@0.28.2':` or `lightningcss-linux-x64-gnu@1.33.0:`. */
const binary =
  /^ {2}'?(\S+[-/])(darwin|linux|win32|windows)-(arm64|x64|64)(?:-gnu|-msvc)?@([^':(]+)'?:$/gm;
