import { describe, expect, it } from "vitest";
import { lockfileProblems } from "../../checks/lockfile.ts";

const platforms = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-x64"];
const entry = (name: string) => `  '${name}':\n    resolution: {integrity: sha512-x}\n`;
const lockfile = (names: readonly string[]) => `packages:\n\n${names.map(entry).join("\n")}`;

describe("lockfileProblems", () => {
  it("finds nothing when every tool has its binaries for every platform", () => {
    const names = platforms.map((platform) => `@esbuild/${platform}@0.28.2`);
    expect(lockfileProblems(lockfile([...names, "esbuild@0.28.2"]))).toEqual([]);
  });

  it("knows the spellings of platforms", () => {
    const turbo = ["darwin-64", "darwin-arm64", "linux-64", "linux-arm64", "windows-64"];
    const rolldown = ["darwin-arm64", "darwin-x64", "linux-arm64-gnu", "linux-x64-gnu"];
    const names = [
      ...turbo.map((platform) => `@turbo/${platform}@2.11.9`),
      ...[...rolldown, "win32-x64-msvc"].map((one) => `@rolldown/binding-${one}@1.2.19`),
    ];
    expect(lockfileProblems(lockfile(names))).toEqual([]);
  });

  it("names the tool, its version and the platform when a binary is missing", () => {
    const names = platforms.slice(1).map((platform) => `@esbuild/${platform}@0.28.2`);
    expect(lockfileProblems(lockfile(names))).toEqual([
      "pnpm-lock.yaml lacks @esbuild/*@0.28.2 for darwin-arm64: pin a version that has it",
    ]);
  });

  it("takes two versions of a tool for two tools", () => {
    const names = platforms.map((platform) => `@esbuild/${platform}@0.28.2`);
    expect(lockfileProblems(lockfile([...names, "@esbuild/linux-x64@0.27.0"]))).toHaveLength(4);
  });

  it("names the line when a host is in it", () => {
    const resolution = "    resolution: {tarball: https://registry.example/a.tgz}";
    expect(lockfileProblems(`packages:\n\n  a@1.0.0:\n${resolution}\n`)).toEqual([
      `pnpm-lock.yaml:4 names a host: ${resolution.trim()}`,
    ]);
  });

  it("lets a deprecation point to its explanation", () => {
    expect(lockfileProblems("    deprecated: moved, see https://example.org\n")).toEqual([]);
  });
});
