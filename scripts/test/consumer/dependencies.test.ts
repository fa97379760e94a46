import { describe, expect, it } from "vitest";
import { dependencyProblems } from "../../consumer/dependencies.ts";

const brought = new Map([
  ["@sup/core", []],
  ["@sup/sse", ["parser"]],
  ["@sup/ui", ["server"]],
]);
const manifest = (name: string, dependencies = {}) => ({ name, version: "1.0.0", dependencies });
const core = manifest("@sup/core");
const sse = manifest("@sup/sse", { parser: "^1" });
const parser = manifest("parser", { lines: "^1" });
const lines = manifest("lines");
const asked = ["@sup/sse", "@sup/core"];

describe("dependencyProblems", () => {
  it("finds nothing when there is what was asked for, and what that needs", () => {
    expect(dependencyProblems([core, sse, parser, lines], asked, brought)).toEqual([]);
  });

  it("names another package of ours", () => {
    const installed = [core, sse, parser, lines, manifest("@sup/ui"), manifest("server")];
    expect(dependencyProblems(installed, asked, brought)).toEqual([
      "@sup/ui is installed, and should not be",
      "server is installed, and should not be",
    ]);
  });

  it("names what a package of ours depends on although its row does not say so", () => {
    const greedy = manifest("@sup/sse", { parser: "^1", other: "^1" });
    const installed = [core, greedy, parser, lines, manifest("other")];
    expect(dependencyProblems(installed, asked, brought)).toEqual([
      "other is installed, and should not be",
    ]);
  });

  it("names what is missing", () => {
    expect(dependencyProblems([sse], asked, brought)).toEqual([
      "parser is not installed",
      "@sup/core is not installed",
    ]);
  });

  it("follows optional dependencies and peers of others", () => {
    const one = { ...manifest("parser"), optionalDependencies: { a: "1" } };
    const two = { ...manifest("a"), peerDependencies: { lines: "1" } };
    expect(dependencyProblems([core, sse, one, two, lines], asked, brought)).toEqual([]);
  });
});
